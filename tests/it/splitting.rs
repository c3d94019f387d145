//! `tuning-ls split-segments`: what it writes, and what it leaves. More of shifted segments and lists of cuts.

use crate::segments::{line, line_at, offsets, project, run as run_with_cache, shifted};
use crate::support::commands::{printed, run};
use crate::support::program::{stderr, stdout};
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
    for wrong in ["0", "-1s", "0.1ms", "x", ""] {
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
fn an_example_that_cannot_be_split_is_listed() {
    let folder = tempdir().unwrap();
    let refused = |text: &str| {
        std::fs::write(folder.path().join("a.jsonl"), text).unwrap();
        let output = run(&["split-segments", "--longest", "1ms", "a.jsonl"], folder.path());
        assert_eq!(std::fs::read_to_string(folder.path().join("a.jsonl")).unwrap(), text);
        (output.status.code(), stderr(&output).lines().next().unwrap_or_default().to_owned())
    };
    let long = line(&offsets("0s", "50s"), "Goal");
    let reason = "warning: a.jsonl:1: skipped: it would become 50,000 examples; at most 10,000 are written";
    assert_eq!(refused(&long), (Some(1), reason.to_owned()));
    let large = line(&offsets("0s", "5s"), &"Goal ".repeat(4_000));
    let reason = format!("it would become 5,000 examples of {} bytes; at most 64 MiB are written", "20,237");
    assert_eq!(refused(&large), (Some(1), format!("warning: a.jsonl:1: skipped: {reason}")));
    let reason = "warning: a.jsonl:1: skipped: the file is one array; write one example per line first";
    assert_eq!(refused(&format!("[{}]", long.trim_end())), (Some(1), reason.to_owned()));
}

#[test]
fn what_cannot_be_shifted_in_any_reading_is_said_first_and_so_is_a_pattern_without_matches() {
    let folder = tempdir().unwrap();
    std::fs::write(folder.path().join("a.jsonl"), line(&offsets("0s", "90s"), "At 0:15.")).unwrap();
    let output = run(&["shift-segments", "--by=-12s", "a.jsonl"], folder.path());
    let reason = "the segment would begin before the start of the file";
    assert_eq!(stderr(&output).lines().next(), Some(&*format!("warning: a.jsonl:1: skipped: {reason}")));
    let output = run(&["shift-segments", "--by=-12s", "--uri", "gs://typo/*", "a.jsonl"], folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("warning: no file that an example uses matches `--uri`\n"), "{}", stderr(&output));
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
fn ranges_shift_as_a_whole() {
    let with = |answer: &str| line("", answer);
    for (before, after) in [
        ("25-28s", "15-18s"),
        ("25.5–28s", "15.5–18s"),
        ("from 25 to 28s", "from 15 to 18s"),
        ("between 25 and 28 s, 0:40", "between 15 and 18 s, 0:30"),
        ("from 9 to 12 seconds", "`9` in the answer would be before 0:00"),
        (r#"{\"times\": [[25, 28], [40.5, 90]]}"#, r#"{\"times\": [[15, 18], [30.5, 80]]}"#),
    ] {
        let after = if after.starts_with('`') { Err(after.to_owned()) } else { Ok(with(after)) };
        assert_eq!(shifted(&with(before), "-10s", Times::All), after, "{before}");
    }
    let many: String = (100..400).map(|second| format!("[{second}, {second}.5], ")).collect();
    let json = |numbers: &str| with(&format!(r#"{{\"times\": [{numbers}]}}"#));
    let many = shifted(&json(many.trim_end_matches(", ")), "-10s", Times::All).unwrap();
    assert!(many.ends_with(r#"[389, 389.5]]}"}]}]}"#), "{many}");
}

#[test]
fn what_looks_like_a_time_but_does_not_shift_is_named() {
    for (answer, part) in [
        ("0:25-28", "28"),
        ("0:25 – 28: goal", "28"),
        ("0:25 to 28", "28"),
        ("from 25 to 0:28", "25"),
        ("28-25s", "25"),
        ("25 - 28s", "25"),
        ("25s to 28", "28"),
        ("at 25 and 28s", "25"),
        ("5-10-15s", "15"),
        ("1m25s, 0:40", "1"),
        ("1 min 25 s", "1"),
        ("2 minutes and 5 seconds", "2"),
        (r#"1'25\""#, "1"),
        ("PT25S", "25"),
        ("25000ms", "25000"),
        ("25000 milliseconds", "25000"),
        (r#"{\"start\": 2.5e1}"#, "2.5"),
        (r#"{\"start\": -25, \"end\": \"0:40\"}"#, "25"),
        (r#"{\"time\": \"25-28\"}"#, "25"),
        (r#"{\"time\": \"25 to 28\"}"#, "25"),
        (r#"{\"interval\": [25, 28], \"at\": \"0:40\"}"#, "25"),
        (r#"{\"clip\": \"25-28\"}"#, "25"),
        ("start=25 end=28", "25"),
        (r"- **Start:** 25\n- **End:** 28", "25"),
    ] {
        let expected = Err(format!("`{part}` in the answer may be a time"));
        assert_eq!(shifted(&line("", answer), "-10s", Times::All), expected, "{answer}");
    }
    for answer in ["0:25-28", "0:25-28s", "from 25 to 0:28 s"] {
        let reason = shifted(&line("", answer), "-10s", Times::Clock).unwrap_err();
        assert!(reason.ends_with("may be a time"), "{answer}: {reason}");
    }
    for answer in [
        "0:25 - 2 players, 5 to 7 of them",
        "- shot by number 7\\n- 0:25 goal",
        "Goal 1 - 0:25",
        "2-1 at 0:25, 3 shots",
        "Full time: 2-1, 0:25",
        "At 0:25, 7 passes; 25 m",
        "16:9 and 3:15 pm",
        r#"{\"clip\": 3, \"box\": [25, 28], \"time\": \"0:25\", \"to\": \"7 yards\"}"#,
        "in the 90'",
    ] {
        let expected = answer.replace("0:25", "0:15");
        assert_eq!(shifted(&line("", answer), "-10s", Times::All), Ok(line("", &expected)), "{answer}");
    }
}

#[test]
fn numbers_in_calls_that_may_be_times_are_named() {
    for arguments in [
        r#""start": "2.5e1""#,
        r#""start": "-5""#,
        r#""start": 2.5e1"#,
        r#""interval": [25, 28]"#,
        r#""time": "25-28""#,
    ] {
        let call = format!(r#"{{"functionCall":{{"name":"mark","args":{{{arguments}}}}}}}"#);
        let before = line("", "Goal").replace(r#"{"text":"Goal"}"#, &call);
        let reason = shifted(&before, "-1s", Times::All).unwrap_err();
        assert!(reason.ends_with("may be a time"), "{arguments}: {reason}");
    }
}

#[test]
fn a_number_of_seconds_that_may_be_a_time_is_not_left_out() {
    let with = |answer: &str| line(&offsets("80s", "170s"), answer);
    let reason = |answer: &str| shifted(&with(answer), "-10s", Times::Auto).unwrap_err();
    assert_eq!(reason("From 85 seconds, until 2:15"), "`85` in the answer may be a time or a length");
    assert!(reason("60 to 95 seconds").starts_with("not all times in the answer"));
    let moved = |answer| line(&offsets("70s", "160s"), answer);
    assert_eq!(shifted(&with("2:15, for 10 seconds"), "-10s", Times::Auto), Ok(moved("2:05, for 10 seconds")));
    let reason = shifted(&line("", "0:40, for 10 seconds"), "-10s", Times::Auto).unwrap_err();
    assert_eq!(reason, "`10` in the answer may be a time or a length");
}

#[test]
fn a_shift_by_nothing_changes_nothing() {
    for segment in [r#","videoMetadata":{"endOffset":"90s"}"#, r#","videoMetadata":{"startOffset":"01s"}"#] {
        let text = line(segment, "0:25-28");
        assert_eq!(shifted(&text, "0s", Times::Auto), Ok(text.clone()));
    }
}

#[test]
fn the_times_of_a_long_answer_shift_in_one_pass() {
    let long = |time: &str| line("", &format!(r"\u00e9\n {time} \ud83d\ude00, 20s ").repeat(20_000));
    let after = long("1:05").replace("20s", "21s");
    assert!(shifted(&long("1:04"), "1s", Times::All) == Ok(after));
}

#[test]
fn a_segment_of_a_signed_file_is_cut_once_and_one_of_an_image_is_refused() {
    let folder = project(&[]);
    let signed = |query: &str| line_at(&format!("https://h.example/a.mp4{query}"), &offsets("5s", "9s"), "Goal");
    let image = signed(".png").replace("video/mp4", "image/png");
    let lines = [
        signed("?v=2&X-Goog-Date=1&X-Goog-Signature=aa"),
        signed("?v=2&X-Goog-Date=2&X-Goog-Signature=bb"),
        signed("?v=3&X-Goog-Date=2&X-Goog-Signature=bb"),
        image,
    ];
    std::fs::write(folder.path().join("a.jsonl"), lines.join("\n")).unwrap();
    let output = run_with_cache(&["cut-list", "a.jsonl"], folder.path());
    assert_eq!(stdout(&output).matches("\nclip ").count(), 2, "{}", stdout(&output));
    assert_eq!(stderr(&output), "warning: a.jsonl:4: skipped: a file that isn't a recording has offsets\n");
    assert_eq!(output.status.code(), Some(1));
}

#[cfg(unix)]
#[test]
fn a_script_goes_on_after_a_clip_that_cannot_be_made() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;
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
