//! `tuning-ls split-segments`: what it writes, and what it leaves. More of shifted segments and lists of cuts.

use crate::segments::{line, line_at, offsets, project, run as run_with_cache, shifted};
use crate::support::commands::{printed, run};
use crate::support::program::{stderr, stdout};
use std::process::Command;
use tempfile::tempdir;
use tuning_ls::ide::shift::Times;

#[test]
fn long_segments_are_split_and_a_second_run_finds_none() {
    let folder = tempdir().unwrap();
    let line = |end: &str, answer: &str| {
        format!(
            "{{\"contents\":[{{\"role\":\"user\",\"parts\":[{{\"fileData\":{{\"mimeType\":\"video/mp4\",\"fileUri\":\"gs://bucket/a.mp4\"}},\"videoMetadata\":{{\"startOffset\":{end}}}}}]}},{{\"role\":\"model\",\"parts\":[{{\"text\":\"{answer}\"}}]}}]}}\n"
        )
    };
    let short = line(r#""0s","endOffset":"2s""#, "Goal");
    let text = format!("{}{short}", line(r#""0s","endOffset":"5s""#, "Corner"));
    std::fs::write(folder.path().join("a.jsonl"), &text).unwrap();
    let split = |option: &str| run(&["split-segments", "--longest", option, "a.jsonl", "--check"], folder.path());
    for longest in ["2.5s", "0:02.5", "2s500ms"] {
        assert_eq!(split(longest).status.code(), Some(1), "{longest}");
    }
    assert_eq!(split("0m5s").status.code(), Some(0));
    let refused = split("0.1ms");
    assert_eq!(refused.status.code(), Some(0));
    let warning =
        "warning: a.jsonl:1: not split, because it would become 50,000 examples; at most 10,000 are written\n";
    assert!(String::from_utf8(refused.stderr).unwrap().starts_with(warning));
    for wrong in ["0", "-1s", "x", ""] {
        assert_eq!(split(wrong).status.code(), Some(2), "{wrong}");
    }
    run(&["split-segments", "--longest", "2.5", "a.jsonl"], folder.path());
    let pieces =
        [line(r#""0s","endOffset":"2.5s""#, "<REVIEW> Corner"), line(r#""2.5s","endOffset":"5s""#, "<REVIEW> Corner")];
    assert_eq!(
        std::fs::read_to_string(folder.path().join("a.jsonl")).unwrap(),
        format!("{}{}{short}", pieces[0], pieces[1])
    );
    assert_eq!(split("2.5s").status.code(), Some(0));
    let check = run(&["check", "a.jsonl"], folder.path());
    assert_eq!(printed(&check).matches("suspicious-target").count(), 2, "{}", printed(&check));
}

#[test]
fn numbers_in_calls_shift_by_their_keys() {
    let call = |arguments: &str| {
        line(&offsets("600s", "690s"), "Goal")
            .replace(r#"{"text":"Goal"}"#, &format!(r#"{{"functionCall":{{"name":"mark","args":{{{arguments}}}}}}}"#))
    };
    let before = call(r#""start": 605.5, "ends": "640", "times": [[610, 620]], "score": 3"#);
    let after = call(r#""start": 593.5, "ends": "640", "times": [[598, 608]], "score": 3"#);
    let moved = |text: String| text.replace(&offsets("600s", "690s"), &offsets("588s", "678s"));
    assert_eq!(shifted(&before, "-12s", Times::Auto), Ok(moved(after)));
    assert_eq!(shifted(&call(r#""end": "640""#), "-12s", Times::All), Ok(moved(call(r#""end": "628""#))));
    assert!(shifted(&call(r#""startMs": 605500"#), "-12s", Times::All).unwrap_err().contains("may be a time"));
}

#[test]
fn the_times_of_a_long_answer_shift_in_one_pass() {
    let long = |time: &str| line("", &format!(r"\u00e9\n {time} \ud83d\ude00, 20s ").repeat(20_000));
    let after = long("1:05").replace("20s", "21s");
    assert!(shifted(&long("1:04"), "1s", Times::All) == Ok(after));
}

#[cfg(unix)]
#[test]
fn a_script_goes_on_after_a_clip_that_cannot_be_made() {
    use std::os::unix::fs::PermissionsExt;
    let folder = project(&["a.mp4", "b.mp4", "c.mp4"]);
    let lines =
        ["a", "b", "c"].map(|name| line_at(&format!("gs://clips/{name}.mp4"), &offsets("0.1s", "0.3s"), "Goal"));
    std::fs::write(folder.path().join("a.jsonl"), lines.join("\n")).unwrap();
    run_with_cache(&["cut-list", "a.jsonl", "-o", "cut.sh", "--folder", "new"], folder.path());
    let bin = folder.path().join("bin");
    std::fs::create_dir(&bin).unwrap();
    let fake =
        "#!/bin/sh\nfor it do last=$it; done\ncase $last in *part-b_*) exit 1;; esac\nprintf x >\"${last#file:}\"\n";
    std::fs::write(bin.join("ffmpeg"), fake).unwrap();
    std::fs::set_permissions(bin.join("ffmpeg"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh").arg("cut.sh").env("PATH", path).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).starts_with("failed: new/b_") && stderr(&output).lines().count() == 1,
        "{}",
        stderr(&output)
    );
    assert_eq!(std::fs::read_dir(folder.path().join("new")).unwrap().count(), 2);
}

#[test]
fn a_clip_is_cut_from_the_copy_that_any_settings_name_but_never_from_a_page() {
    let folder = project(&["a.mp4"]);
    for name in ["first", "second"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
        let text = line(&offsets("0.1s", "0.3s"), "Goal");
        std::fs::write(folder.path().join(name).join("a.jsonl"), text).unwrap();
    }
    std::fs::write(folder.path().join("first/tuning-ls.toml"), "").unwrap();
    let page = line_at("https://www.youtube.com/watch?v=1", &offsets("0.1s", "0.3s"), "Goal");
    std::fs::write(folder.path().join("second/b.jsonl"), page).unwrap();
    let output = run_with_cache(&["cut-list", "first/a.jsonl", "second/a.jsonl", "second/b.jsonl"], folder.path());
    let script = stdout(&output);
    assert!(script.contains("\nclip 'a_0.1s-0.3s_"), "{script}");
    assert_eq!(script.matches("\n# not cut: ").count(), 1, "{script}");
    assert!(script.contains("\n# not cut: https://www.youtube.com/watch?v=1 "), "{script}");
}
