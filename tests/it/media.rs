//! Media files: `tuning-ls media`, and where facts come from.

use crate::accepting::{capabilities, uri};
use crate::support::client::Client;
use crate::support::generated::root;
use lsp_types::Uri;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;
use tuning_ls::disk::media::{Loaded, Options, load};
use tuning_ls::settings::Configuration;
use tuning_ls::settings::media::Lookup;

pub const MIRROR: &str = "[[media.mirror]]\nprefix = \"gs://b/\"\nfolder = \"clips\"\n";

/// A folder with copies of clips, a dataset that uses these locations, and these settings.
pub fn project(clips: &[&str], locations: &[&str], settings: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("clips")).unwrap();
    for clip in clips {
        copy(folder.path(), clip, clip);
    }
    let lines: String = locations.iter().map(|location| example(location)).collect();
    std::fs::write(folder.path().join("train.jsonl"), lines).unwrap();
    std::fs::write(folder.path().join("tuning-ls.toml"), settings).unwrap();
    folder
}

pub fn copy(folder: &Path, from: &str, to: &str) {
    std::fs::copy(root().join("fixtures/media").join(from), folder.join("clips").join(to)).unwrap();
}

pub fn example(location: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"{location}","mimeType":"video/mp4"}}}},{{"text":"Goal?"}}]}},{{"role":"model","parts":[{{"text":"{location}"}}]}}]}}"#
    ) + "\n"
}

/// Runs the program with a cache of its own in the folder.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tuning-ls"));
    let cache = folder.join(".cache");
    std::fs::create_dir_all(&cache).unwrap();
    command.args(arguments).env("XDG_CACHE_HOME", &cache).env("HOME", &cache).current_dir(folder).output().unwrap()
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn problems(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The facts of a project, from its settings.
pub fn facts(folder: &Path) -> Loaded {
    let settings = std::fs::read_to_string(folder.join("tuning-ls.toml")).unwrap();
    load(&Configuration::from_toml(&settings).0.in_folder(folder).media(), &Options::default())
}

#[test]
fn a_manifest_has_the_locations_of_the_datasets_in_order() {
    let locations = ["gs://b/silent.mov", "gs://b/clip.mp4", "gs://elsewhere/a.mp4", "gs://b/clip.mp4"];
    let folder = project(&["clip.mp4", "silent.mov", "sound.mp3"], &locations, MIRROR);
    let written = run(folder.path(), &["media", "train.jsonl", "-o", "media.csv"]);
    assert_eq!(problems(&written), "2 media files; 1 other location without a local copy or manifest\n");
    assert_eq!((written.status.code(), out(&written).as_str()), (Some(0), ""));
    let expected = "uri,bytes,duration,mime_type,fps,has_audio,pages,width,height\n\
                    gs://b/clip.mp4,2494,0.5,video/mp4,10,true,,32,16\n\
                    gs://b/silent.mov,954,0.5,video/quicktime,10,false,,32,16\n";
    assert_eq!(std::fs::read_to_string(folder.path().join("media.csv")).unwrap(), expected);
    for arguments in [["media", "train.jsonl", "-q"].as_slice(), &["media", "train.jsonl", "-q", "-o", "-"]] {
        let printed = run(folder.path(), arguments);
        assert_eq!((out(&printed).as_str(), problems(&printed).as_str()), (expected, ""));
    }
    run(folder.path(), &["media", "train.jsonl", "-o", "media.jsonl"]);
    let json = std::fs::read_to_string(folder.path().join("media.jsonl")).unwrap();
    let rows: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of_clip = json!({
        "uri": "gs://b/clip.mp4", "bytes": 2494, "duration": 0.5, "mime_type": "video/mp4", "fps": 10,
        "has_audio": true, "width": 32, "height": 16
    });
    assert_eq!((rows.len(), &rows[0]), (2, &of_clip));
}

#[test]
fn without_copies_the_manifest_has_the_facts_and_is_written_again_as_it_was() {
    let locations = ["gs://b/clip.mp4", "gs://b/silent.mov"];
    let settings = format!("[media]\nmanifest = \"media.csv\"\n{MIRROR}");
    let folder = project(&["clip.mp4", "silent.mov"], &locations, &settings);
    let media = ["media", "train.jsonl", "-o", "media.csv"];
    assert_eq!(run(folder.path(), &media).status.code(), Some(0));
    let written = std::fs::read(folder.path().join("media.csv")).unwrap();
    std::fs::remove_dir_all(folder.path().join("clips")).unwrap();
    // A folder that is missing is normal where only the manifest is.
    assert_eq!(facts(folder.path()).problems, []);
    assert!(!out(&run(folder.path(), &["check", "train.jsonl"])).contains("bad-config"));
    let again = run(folder.path(), &media);
    assert!(problems(&again).contains("clips: the folder cannot be read: no such file or folder"));
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(std::fs::read(folder.path().join("media.csv")).unwrap(), written);
    std::fs::remove_file(folder.path().join("media.csv")).unwrap();
    let found = out(&run(folder.path(), &["check", "train.jsonl"]));
    assert!(found.contains("bad-config") && found.contains("no such file or folder"), "{found}");
}

#[test]
fn missing_and_broken_copies_are_named_and_the_exit_code_is_1() {
    let locations = ["gs://b/clip.mp4", "gs://b/klip.mp4", "gs://b/empty.mp4", "gs://b/half.mp4"];
    let folder = project(&["clip.mp4"], &locations, MIRROR);
    let clips = folder.path().join("clips");
    std::fs::write(clips.join("empty.mp4"), "").unwrap();
    let clip = std::fs::read(clips.join("clip.mp4")).unwrap();
    std::fs::write(clips.join("half.mp4"), &clip[..clip.len() / 2]).unwrap();
    let written = run(folder.path(), &["media", "train.jsonl"]);
    assert_eq!(written.status.code(), Some(1));
    assert_eq!(out(&written).lines().count(), 2);
    let problems = problems(&written);
    for expected in [
        "warning: gs://b/empty.mp4: it is empty\n",
        "warning: gs://b/half.mp4: it is cut off: the file is shorter than its own headers say\n",
        "warning: gs://b/klip.mp4: there is no local copy; did you mean `gs://b/clip.mp4`?\n",
        "1 media file; 3 more are missing or unreadable\n",
    ] {
        assert!(problems.contains(expected), "{problems}");
    }
}

#[cfg(unix)]
#[test]
fn a_manifest_keeps_other_columns_and_is_not_written_into_a_pipe() {
    let folder = project(&[], &[], MIRROR);
    std::fs::write(folder.path().join("media.csv"), "who,uri,bytes\n\" me,you \",gs://x/a.mp4,5\n").unwrap();
    let output = run(folder.path(), &["media", "train.jsonl", "-o", "media.csv"]);
    assert_eq!(output.status.code(), Some(0), "{}", problems(&output));
    let text = std::fs::read_to_string(folder.path().join("media.csv")).unwrap();
    let columns = "who,uri,bytes,duration,mime_type,fps,has_audio,pages,width,height\n";
    assert_eq!(text, format!("{columns}\" me,you \",gs://x/a.mp4,5,,,,,,,\n"));
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe.csv")).status().unwrap().success());
    let output = run(folder.path(), &["media", "train.jsonl", "-o", "pipe.csv"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(problems(&output).contains("pipe.csv: this is a named pipe"), "{}", problems(&output));
}

#[test]
fn wrong_arguments_and_missing_settings_are_errors() {
    let folder = project(&["clip.mp4"], &["gs://b/clip.mp4"], MIRROR);
    for (arguments, expected) in [
        (["media", "missing.jsonl"].as_slice(), "no such file"),
        (&["media", "train.jsonl", "--no-config"], "no settings say where the media files are"),
        (&["media", "train.jsonl", "--ffprobe"], "`ffprobe` cannot be started"),
        (&["media", "train.jsonl", "-o", "train.jsonl"], "the output would replace a dataset"),
    ] {
        let mut wrong = Command::new(env!("CARGO_BIN_EXE_tuning-ls"));
        let wrong = wrong.args(arguments).env("PATH", "").current_dir(folder.path()).output().unwrap();
        assert_eq!(wrong.status.code(), Some(2), "{arguments:?}");
        assert!(problems(&wrong).contains(expected), "{}", problems(&wrong));
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("train.jsonl")).unwrap(), example("gs://b/clip.mp4"));
}

// Windows names the folder of the cache, whatever the environment says.
#[cfg(unix)]
#[test]
fn only_changed_files_are_read_again() {
    let folder = project(&["clip.mp4", "silent.mov"], &["gs://b/clip.mp4", "gs://b/silent.mov"], MIRROR);
    let media = || out(&run(folder.path(), &["media", "train.jsonl", "-q"]));
    let before = media();
    assert!(before.contains("gs://b/clip.mp4,2494,0.5,"), "{before}");
    // The cache is changed, so what comes from it is visible.
    let caches = if cfg!(target_os = "macos") { ".cache/Library/Caches" } else { ".cache" };
    let cache = folder.path().join(caches).join("tuning-ls/media");
    let file = std::fs::read_dir(&cache).unwrap().next().unwrap().unwrap().path();
    let kept = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, kept.replace("\"micros\":500000", "\"micros\":7000000")).unwrap();
    assert_eq!(media(), before.replace(",0.5,", ",7,"));
    // A changed file is read, and the other one comes from the cache.
    copy(folder.path(), "fragments.mp4", "silent.mov");
    assert!(media().contains("gs://b/silent.mov,3206,0."), "{}", media());
    assert!(media().contains("gs://b/clip.mp4,2494,7,"), "{}", media());
    // The same size, at another time.
    let clip = std::fs::File::options().append(true).open(folder.path().join("clips/clip.mp4")).unwrap();
    clip.set_modified(std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000)).unwrap();
    assert!(media().contains("gs://b/clip.mp4,2494,0.5,"), "{}", media());
    // A damaged cache is ignored, and written again.
    std::fs::write(&file, [0xFF; 1000]).unwrap();
    assert!(media().contains("gs://b/clip.mp4,2494,0.5,"), "{}", media());
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("tuning-ls "));
}

#[test]
fn what_is_wrong_in_a_manifest_is_a_finding_with_its_line_and_column() {
    let settings = "model = \"\"\n[media]\nmanifest = \"media.csv\"\n";
    let folder = project(&[], &["gs://b/a.mp4"], settings);
    let check = |manifest: &str| {
        std::fs::write(folder.path().join("media.csv"), manifest).unwrap();
        let found = out(&run(folder.path(), &["check", "train.jsonl"]));
        found.lines().filter(|line| line.contains("bad-config")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(check("uri,bytes\ngs://b/a.mp4,5\n"), [""; 0]);
    let found = check("uri,bytes,length\ngs://b/a.mp4,many,1\n");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("tuning-ls.toml:3:12: error[bad-config] "), "{found:?}");
    assert!(found.iter().any(|it| it.contains("line 2: `bytes` must be a whole number, not `many`")), "{found:?}");
    let found = check("location\na\n");
    assert!(found.len() == 1 && found[0].contains("line 1: the column `uri` is missing"), "{found:?}");
    let found = check(&format!("uri,bytes\n{}", "a,x\n".repeat(100)));
    assert!(found.len() == 11 && found[10].contains("189 more problems"), "{found:?}");
}

#[test]
fn a_copy_overrides_the_manifest_and_the_difference_is_reported_once() {
    let settings = format!("[media]\nmanifest = \"media.csv\"\n{MIRROR}");
    let folder = project(&["clip.mp4", "silent.mov", "sound.mp3"], &["gs://b/clip.mp4"], &settings);
    let rows = "uri,bytes,duration,pages\ngs://b/silent.mov,1,,\ngs://b/clip.mp4,2494,99,\ngs://b/sound.mp3,884,0.5,3\n\
                gs://c/far.mp4,,60,\n";
    std::fs::write(folder.path().join("media.csv"), rows).unwrap();
    let loaded = facts(folder.path());
    let known = |location: &str| match loaded.facts.of(location) {
        Lookup::Known(facts) => facts.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(known("gs://b/clip.mp4").duration.map(|it| it.canonical()).as_deref(), Some("0.5s"));
    assert!(known("gs://b/clip.mp4").origin.ends_with("clip.mp4"));
    assert_eq!(known("gs://b/silent.mov").bytes, Some(954));
    // What only the manifest knows.
    assert_eq!(known("gs://b/sound.mp3").pages, Some(3));
    assert_eq!(known("gs://c/far.mp4").duration.map(|it| it.canonical()).as_deref(), Some("60s"));
    let (_, message) = loaded.outdated.clone().unwrap();
    let expected = "line 2: `gs://b/silent.mov`: the size is 1 in the manifest and 954 in the copy. The copy counts. \
                    The same is true for 1 more file. `tuning-ls media` updates the manifest";
    assert!(message.ends_with(expected), "{message}");
    let found = out(&run(folder.path(), &["check", "train.jsonl"]));
    assert_eq!(found.matches("bad-config").count(), 1, "{found}");
}

#[cfg(unix)]
#[test]
fn links_out_of_a_mirror_and_special_files_are_not_read() {
    use std::os::unix::fs::symlink;
    let folder = project(&["clip.mp4"], &[], MIRROR);
    let clips = folder.path().join("clips");
    let outside = folder.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::copy(clips.join("clip.mp4"), outside.join("a.mp4")).unwrap();
    symlink("clip.mp4", clips.join("inside.mp4")).unwrap();
    symlink(outside.join("a.mp4"), clips.join("outside.mp4")).unwrap();
    symlink("nowhere", clips.join("nowhere.mp4")).unwrap();
    std::fs::create_dir(clips.join("folder.mp4")).unwrap();
    std::fs::write(clips.join("folder.mp4/deep.txt"), "deep").unwrap();
    let status = Command::new("mkfifo").arg(clips.join("pipe.mp4")).status().unwrap();
    assert!(status.success());
    let _socket = std::os::unix::net::UnixListener::bind(clips.join("socket.mp4")).unwrap();
    let loaded = facts(folder.path());
    let of = |name: &str| loaded.facts.by_location.get(&format!("gs://b/{name}"));
    assert_eq!(of("inside.mp4").unwrap().as_ref().unwrap().bytes, Some(2494));
    assert!(loaded.facts.unopened["gs://b/outside.mp4"].contains("outside of the folder"));
    assert!(loaded.facts.unopened["gs://b/nowhere.mp4"].contains("leads nowhere"));
    for name in ["outside.mp4", "nowhere.mp4", "pipe.mp4", "socket.mp4", "folder.mp4"] {
        assert_eq!(of(name), None, "{name}");
    }
    assert!(of("folder.mp4/deep.txt").unwrap().is_ok());
    assert_eq!((loaded.facts.complete.as_slice(), loaded.problems.len()), (["gs://b/".to_owned()].as_slice(), 1));
    assert!(loaded.problems[0].1.contains("nowhere.mp4: the copy cannot be opened"), "{:?}", loaded.problems);
    assert!(loaded.problems[0].1.ends_with("The same is true for 1 more copy"), "{:?}", loaded.problems);
    // With a link to a folder, not every file is listed, so that none is known to be missing.
    symlink(&outside, clips.join("linked")).unwrap();
    let loaded = facts(folder.path());
    assert_eq!((loaded.facts.complete.as_slice(), loaded.problems.len()), ([].as_slice(), 2));
    assert!(!loaded.facts.by_location.contains_key("gs://b/linked/a.mp4"));
    // The mirror itself may be a link, and a manifest no pipe.
    let settings = MIRROR.replace("\"clips\"", "\"clips/linked\"");
    std::fs::write(folder.path().join("tuning-ls.toml"), settings).unwrap();
    assert!(facts(folder.path()).facts.by_location["gs://b/a.mp4"].is_ok());
    std::fs::write(folder.path().join("tuning-ls.toml"), "[media]\nmanifest = \"clips/pipe.mp4\"\n").unwrap();
    assert!(facts(folder.path()).problems[0].1.contains("not a file"));
}

#[test]
fn the_server_reads_media_in_the_background_and_again_when_the_manifest_changes() {
    let settings = "[media]\nmanifest = \"media.csv\"\n[[media.mirror]]\nprefix = \"gs://b/\"\nfolder = \"missing\"\n";
    let folder = project(&[], &["gs://b/clip.mp4"], settings);
    let folder = &folder.path().canonicalize().unwrap();
    let root = Uri::from_file_path(folder).unwrap().to_string();
    let mut able = capabilities(false);
    able["window"] = json!({ "workDoneProgress": true });
    let mut client = Client::in_folder(Some(&root), &able, &json!({}));
    let (data, toml) = (uri(folder, "train.jsonl"), uri(folder, "tuning-ls.toml"));
    client.open(&data, 1, &example("gs://b/clip.mp4"));
    let create = client.next_request_named("window/workDoneProgress/create");
    client.reply(&create, Value::Null);
    let begin = client.wait_for_notification("$/progress");
    assert_eq!(
        begin["value"],
        json!({ "kind": "begin", "title": "Reading media files", "cancellable": true, "percentage": 0 })
    );
    let says = |part: &'static str| {
        move |found: &[Value]| found.iter().any(|it| it["message"].as_str().is_some_and(|text| text.contains(part)))
    };
    client.wait_until(&toml, says("the folder cannot be read")).expect("the missing folder is reported");
    std::fs::write(folder.join("media.csv"), "uri,bytes\ngs://b/clip.mp4,many\n").unwrap();
    let changed = |client: &mut Client| {
        let change = json!({ "uri": uri(folder, "media.csv"), "type": 2 });
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    };
    changed(&mut client);
    client.wait_until(&toml, says("not `many`")).expect("the wrong value is reported");
    std::fs::write(folder.join("media.csv"), "uri,bytes\ngs://b/clip.mp4,50000\n").unwrap();
    changed(&mut client);
    client.wait_until(&toml, <[Value]>::is_empty).expect("nothing is wrong anymore");
    client.finish();
}

#[test]
fn reading_many_files_shows_how_much_is_done() {
    let folder = project(&[], &["gs://b/0.mp4"], MIRROR);
    let folder = &folder.path().canonicalize().unwrap();
    for number in 0..50 {
        copy(folder, "clip.mp4", &format!("{number}.mp4"));
    }
    let root = Uri::from_file_path(folder).unwrap().to_string();
    let mut able = capabilities(false);
    able["window"] = json!({ "workDoneProgress": true });
    let mut client = Client::in_folder(Some(&root), &able, &json!({}));
    client.open(&uri(folder, "train.jsonl"), 1, &example("gs://b/0.mp4"));
    let create = client.next_request_named("window/workDoneProgress/create");
    client.reply(&create, Value::Null);
    let mut next = || client.wait_for_notification("$/progress")["value"].clone();
    assert_eq!(next()["kind"], "begin");
    let reports: Vec<_> = std::iter::repeat_with(next).take_while(|value| value["kind"] != "end").collect();
    let percentages: Vec<_> = reports.iter().map(|value| value["percentage"].as_u64().unwrap()).collect();
    assert!(percentages.is_sorted() && percentages.last() == Some(&100), "{percentages:?}");
    client.finish();
}
