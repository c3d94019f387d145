//! Media files: which copy belongs to a location, what counts if several say something, and what stays in a manifest.

use crate::media::{MIRROR, copy, example, facts, out, problems, project, run};
use std::path::Path;
use std::process::Command;
use tuning_ls::settings::media::Lookup;

const HEADER: &str = "uri,bytes,duration,mime_type,fps,has_audio,pages,width,height\n";

fn manifest(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("media.csv")).unwrap()
}

/// The lines of a manifest by their locations and sizes.
fn rows(folder: &Path) -> Vec<String> {
    let text = manifest(folder);
    text.lines().skip(1).map(|line| line.split(',').take(2).collect::<Vec<_>>().join(",")).collect()
}

#[test]
fn a_web_address_and_another_unicode_form_belong_to_a_copy() {
    let locations =
        ["https://h.org/c/a%20b.mp4?X-Goog-Signature=1/2", "https://h.org/c/%C3%A9.mov", "https://h.org/c/x%20y.mp4"];
    let settings = MIRROR.replace("gs://b/", "https://h.org/c/");
    let folder = project(&[], &locations, &settings);
    copy(folder.path(), "clip.mp4", "a b.mp4");
    copy(folder.path(), "silent.mov", "e\u{301}.mov");
    let written = run(folder.path(), &["media", "train.jsonl", "-o", "media.csv"]);
    assert_eq!(written.status.code(), Some(1));
    assert!(
        problems(&written).contains("warning: https://h.org/c/x%20y.mp4: there is no local copy"),
        "{}",
        problems(&written)
    );
    assert_eq!(rows(folder.path()), ["https://h.org/c/%C3%A9.mov,954", &format!("{},2494", locations[0])]);
    // The next signature is another one, and there are no copies.
    let settings = "[media]\nmanifest = \"media.csv\"\n";
    std::fs::write(folder.path().join("tuning-ls.toml"), settings).unwrap();
    let known = facts(folder.path()).facts;
    assert_eq!(known.location_of("https://h.org/c/a%20b.mp4?X-Goog-Signature=9"), Some(locations[0]));
    assert_eq!(known.location_of("https://h.org/c/a%20b.mp4?id=9"), Some(locations[0]));
    assert_eq!(known.location_of("https://h.org/c/b.mp4"), None);
}

#[test]
fn the_mirror_with_the_longest_prefix_counts_and_then_the_others() {
    let day = "[[media.mirror]]\nprefix = \"gs://b/day\"\nfolder = \"day\"\n";
    for settings in [format!("{MIRROR}{day}"), format!("{day}{MIRROR}")] {
        let folder = project(&["clip.mp4"], &[], &settings);
        let (clips, days) = (folder.path().join("clips/day"), folder.path().join("day"));
        for path in [&clips, &days] {
            std::fs::create_dir(path).unwrap();
        }
        std::fs::copy(folder.path().join("clips/clip.mp4"), clips.join("a.mp4")).unwrap();
        std::fs::copy(folder.path().join("clips/clip.mp4"), clips.join("b.mp4")).unwrap();
        copy(folder.path(), "silent.mov", "../day/a.mp4");
        let loaded = facts(folder.path());
        let bytes = |location: &str| match loaded.facts.of(location) {
            Lookup::Known(facts) => facts.bytes,
            other => panic!("{other:?}"),
        };
        assert_eq!(bytes("gs://b/day/a.mp4"), Some(954));
        assert_eq!(bytes("gs://b/day/b.mp4"), Some(2494));
        assert_eq!(loaded.facts.of("gs://b/day/c.mp4"), Lookup::Missing(None));
        // Where a folder is missing, its files are not.
        std::fs::remove_dir_all(days).unwrap();
        let loaded = facts(folder.path());
        assert_eq!(loaded.facts.of("gs://b/day/c.mp4"), Lookup::Unknown);
        assert_eq!(loaded.facts.of("gs://b/c.mp4"), Lookup::Missing(None));
    }
}

#[cfg(unix)]
#[test]
fn a_copy_that_cannot_be_opened_says_nothing_about_the_file() {
    let settings = format!("[media]\nmanifest = \"media.csv\"\n{}", MIRROR.replace("gs://b/", "gs://clips/"));
    let folder = project(&[], &["gs://clips/a.mp4", "gs://clips/b.mp4"], &settings);
    for name in ["a.mp4", "b.mp4"] {
        std::os::unix::fs::symlink("nowhere", folder.path().join("clips").join(name)).unwrap();
    }
    std::fs::write(folder.path().join("media.csv"), "uri,duration\ngs://clips/a.mp4,60\n").unwrap();
    let loaded = facts(folder.path());
    assert!(matches!(loaded.facts.of("gs://clips/a.mp4"), Lookup::Known(facts) if facts.duration.is_some()));
    assert!(
        matches!(loaded.facts.of("gs://clips/b.mp4"), Lookup::Unopened(reason) if reason.contains("leads nowhere"))
    );
    assert_eq!(loaded.problems.len(), 1, "{:?}", loaded.problems);
    let checked = run(folder.path(), &["check", "train.jsonl"]);
    let text = format!("{}{}", out(&checked), problems(&checked));
    assert!(text.contains("the media files of 1 example are unknown") && text.contains("2 of 2 examples"), "{text}");
    assert!(text.contains("b.mp4: the copy cannot be opened") && !text.contains("unreadable-media"), "{text}");
    let listed = run(folder.path(), &["media", "train.jsonl"]);
    assert!(problems(&listed).contains("gs://clips/b.mp4: the local copy cannot be opened: it is a symbolic link"));
    assert_eq!((listed.status.code(), out(&listed).lines().count()), (Some(1), 2));
}

#[test]
fn rows_about_the_files_of_other_datasets_stay() {
    let folder = project(&["clip.mp4", "silent.mov"], &["gs://b/clip.mp4"], MIRROR);
    std::fs::write(folder.path().join("other.jsonl"), example("gs://b/silent.mov")).unwrap();
    let far = "gs://far/a.mp4,,60,,,,,,\n";
    let other = "gs://b/silent.mov,1,,,,,,,\n";
    std::fs::write(folder.path().join("media.csv"), format!("{HEADER}{far}{other}")).unwrap();
    let media = |name: &str| run(folder.path(), &["media", name, "-o", "media.csv"]);
    let written = media("train.jsonl");
    assert_eq!((written.status.code(), problems(&written).as_str()), (Some(0), "1 media file; 2 other rows kept\n"));
    // A row that a copy contradicts is updated.
    let all = ["gs://b/clip.mp4,2494", "gs://b/silent.mov,954", "gs://far/a.mp4,"];
    assert_eq!(rows(folder.path()), all);
    assert!(manifest(folder.path()).contains(far));
    media("other.jsonl");
    assert_eq!(rows(folder.path()), all);
    // A copy that is gone is named, whether a dataset uses it or not.
    std::fs::remove_file(folder.path().join("clips/silent.mov")).unwrap();
    for (dataset, why) in
        [("train.jsonl", "anymore; the row of the manifest stays"), ("other.jsonl", "there is no local copy")]
    {
        let written = media(dataset);
        assert!(problems(&written).contains("warning: gs://b/silent.mov: "), "{}", problems(&written));
        assert!(problems(&written).contains(why), "{}", problems(&written));
        assert_eq!(written.status.code(), Some(1));
        assert_eq!(rows(folder.path()), all);
    }
    // With the manifest in the settings, too.
    std::fs::write(folder.path().join("tuning-ls.toml"), format!("[media]\nmanifest = \"media.csv\"\n{MIRROR}"))
        .unwrap();
    let written = media("other.jsonl");
    assert!(problems(&written).contains("gs://b/silent.mov: there is no local copy anymore"), "{}", problems(&written));
    assert_eq!((written.status.code(), rows(folder.path()).as_slice()), (Some(1), all.map(str::to_owned).as_slice()));
}

#[test]
fn another_file_is_not_replaced_by_a_manifest() {
    let folder = project(&["clip.mp4"], &["gs://b/clip.mp4"], MIRROR);
    for (name, text) in [("notes.csv", "name,age\na,1\n"), ("notes.jsonl", "{\"name\": 1}\n"), ("notes.txt", "notes")] {
        std::fs::write(folder.path().join(name), text).unwrap();
        let refused = run(folder.path(), &["media", "train.jsonl", "-o", name]);
        assert_eq!(refused.status.code(), Some(2), "{name}");
        assert!(problems(&refused).contains("not replacing it"), "{}", problems(&refused));
        assert_eq!(std::fs::read_to_string(folder.path().join(name)).unwrap(), text);
    }
}

#[test]
fn a_missing_folder_is_named_and_the_exit_code_is_1() {
    let folder = project(&[], &["gs://b/clip.mp4"], &MIRROR.replace("\"clips\"", "\"./none\""));
    let written = run(folder.path(), &["media", "train.jsonl"]);
    assert_eq!(written.status.code(), Some(1));
    let problems = problems(&written);
    assert!(problems.contains("none: the folder cannot be read: no such file or folder"), "{problems}");
    assert!(problems.starts_with("warning: ") && !problems.contains("./none"), "{problems}");
}

#[test]
fn a_cache_that_cannot_be_written_is_no_problem() {
    let folder = project(&["clip.mp4"], &["gs://b/clip.mp4"], MIRROR);
    let mut command = Command::new(env!("CARGO_BIN_EXE_tuning-ls"));
    let cache = folder.path().join("train.jsonl");
    command.args(["media", "train.jsonl", "-q"]).env("XDG_CACHE_HOME", &cache).env("HOME", &cache);
    let written = command.current_dir(folder.path()).output().unwrap();
    assert_eq!((written.status.code(), problems(&written).as_str()), (Some(0), ""));
    assert_eq!(out(&written).lines().count(), 2);
}

#[test]
fn a_file_that_is_still_written_is_read_again() {
    let folder = project(&["clip.mp4"], &["gs://b/clip.mp4"], MIRROR);
    let path = folder.path().join("clips/clip.mp4");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let media = || run(folder.path(), &["media", "train.jsonl", "-q"]);
    assert!(problems(&media()).contains("it is cut off"), "{}", problems(&media()));
    std::fs::write(&path, &whole).unwrap();
    assert!(out(&media()).contains("gs://b/clip.mp4,2494,0.5,"), "{}", out(&media()));
}

#[test]
fn enormous_files_are_read_at_once() {
    let folder =
        project(&[], &["gs://b/zeros.mp4", "gs://b/sound.wav", "gs://b/pages.pdf", "gs://b/sound.mp3"], MIRROR);
    for (name, from) in [
        ("zeros.mp4", None),
        ("sound.wav", Some("sound.wav")),
        ("pages.pdf", Some("pages.pdf")),
        ("sound.mp3", Some("sound.mp3")),
    ] {
        if let Some(from) = from {
            copy(folder.path(), from, name);
        }
        let path = folder.path().join("clips").join(name);
        let file = std::fs::File::options().append(true).create(true).open(path).unwrap();
        file.set_len(10 << 30).unwrap();
    }
    let listed = run(folder.path(), &["media", "train.jsonl"]);
    let problems = problems(&listed);
    assert!(problems.contains("gs://b/zeros.mp4: it begins with zeros"), "{problems}");
    assert!(problems.contains("gs://b/pages.pdf: it is cut off"), "{problems}");
    assert!(out(&listed).contains("gs://b/sound.wav,10737418240,"), "{problems}");
}
