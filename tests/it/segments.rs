//! Shifted segments, and lists of cuts: the lines before and after, the script, and what it runs.

use crate::support::generated::root;
use crate::support::program::{stderr, stdout};
use crate::support::repair::Open;
use proptest::prelude::*;
use std::fmt::Write;
use std::path::Path;
use std::process::Output;
use tempfile::{TempDir, tempdir};
use tuning_ls::analysis::Analyst;
use tuning_ls::ide::cut::{Cut, use_cuts};
use tuning_ls::ide::edits::{Place, apply_fixes};
use tuning_ls::ide::fixes::{self, Task};
use tuning_ls::ide::shift::{Refusal, Times, shift};
use tuning_ls::schema::scalar::{Duration, parse_duration};

/// An example with these members next to its file, and this answer as JSON text.
pub fn line_at(location: &str, segment: &str, answer: &str) -> String {
    format!(
        r#"{{"contents": [{{"role":"user","parts":[{{"fileData":{{"mimeType":"video/mp4","fileUri":{}}}{segment}}},{{"text":"What, before 0:05?"}}]}},{{"role":"model","parts":[{{"text":"{answer}"}}]}}]}}"#,
        serde_json::Value::from(location)
    )
}

pub fn line(segment: &str, answer: &str) -> String {
    line_at("gs://clips/a.mp4", segment, answer)
}

pub fn offsets(start: &str, end: &str) -> String {
    format!(r#", "videoMetadata": {{"startOffset": "{start}", "endOffset" : "{end}"}}"#)
}

pub fn shifted(text: &str, by: &str, times: Times) -> Result<String, String> {
    let by = parse_duration(by).unwrap();
    let edits = shift(text, by, times, |_| true, &mut Analyst::default()).map_err(|reason| reason.to_string())?;
    Ok(apply_fixes(text, &[&edits], |_| true).unwrap_or_else(|| text.to_owned()))
}

#[test]
fn times_shift_if_only_then_they_are_in_the_segment() {
    let before = line(&offsets("600s", "690s"), r"At 10:40, or \u0031\u0030:41.5 (for 10 seconds).");
    let after = line(&offsets("588s", "678s"), r"At 10:28, or 10:29.5 (for 10 seconds).");
    assert_eq!(shifted(&before, "-12s", Times::Auto).as_deref(), Ok(&*after));
    // These count from the start of the segment.
    let own = |start, end| line(&offsets(start, end), "At 0:40, 41s and 1:29.");
    assert_eq!(shifted(&own("600s", "690s"), "-12s", Times::Auto), Ok(own("588s", "678s")));
    // There is no segment, so that they count from the start of the file.
    let whole = |answer| line("", answer);
    assert_eq!(shifted(&whole("At 0:40."), "-12s", Times::Auto), Ok(whole("At 0:28.")));
    assert_eq!(shifted(&whole("At 0:40."), "-12s", Times::Keep), Ok(whole("At 0:40.")));
}

#[test]
fn the_times_to_shift_can_be_chosen() {
    let with = |start, end, answer: &str| line(&offsets(start, end), answer);
    let unclear = with("20s", "90s", "At 0:40, 41s.");
    let reason = "`0:40` in the answer may count from the start of the file or of the segment";
    assert_eq!(shifted(&unclear, "-12s", Times::Auto), Err(reason.to_owned()));
    assert_eq!(shifted(&unclear, "-12s", Times::Keep), Ok(with("8s", "78s", "At 0:40, 41s.")));
    assert_eq!(shifted(&unclear, "-12s", Times::Clock), Ok(with("8s", "78s", "At 0:28, 41s.")));
    assert_eq!(shifted(&unclear, "-12s", Times::All), Ok(with("8s", "78s", "At 0:28, 29s.")));
    let json = |at: &str| with("600s", "690s", &format!(r#"[{{\"start\": {at}, \"score\": 610}}]"#));
    assert_eq!(
        shifted(&json("605.5"), "60s", Times::Auto),
        Ok(json("665.5").replace(&offsets("600s", "690s"), &offsets("660s", "750s")))
    );
}

#[test]
fn an_example_that_cannot_be_shifted_stays_with_a_reason() {
    let with = |start, end, answer: &str| line(&offsets(start, end), answer);
    for (text, by, part) in [
        (with("5s", "90s", "Goal"), "-12s", "begin before the start of the file"),
        (line(r#","videoMetadata":{"endOffset":"90s"}"#, "Goal"), "-12s", "begin before the start of the file"),
        (line("", "At 0:05."), "-12s", "`0:05` in the answer would be before 0:00"),
        (line("", "At 41s."), "-12s", "`41` in the answer may be a time or a length"),
        (with("600s", "690s", "At 5:00."), "-12s", "not all times in the answer, such as `5:00`, are in the segment"),
        (with("600s", "690s", "At 75:10."), "-12s", "`75:10` in the answer may be a time"),
        (with("x", "690s", "Goal"), "-12s", "an offset of the segment isn't valid"),
        (line("", "Goal").replace("}]}]}", "}],}]}"), "-12s", "syntax errors"),
    ] {
        let reason = shifted(&text, by, Times::Auto).unwrap_err();
        assert!(reason.contains(part), "{text}: {reason}");
    }
    let two = line(r#"},{"fileData":{"mimeType":"video/mp4","fileUri":"gs://clips/b.mp4"}"#, "At 1:00.");
    assert!(shifted(&two, "-1s", Times::Auto).unwrap_err().contains("any of several recordings"));
}

#[test]
fn an_offset_keeps_how_it_is_written_and_a_missing_start_is_added() {
    let with = |start, end| line(&offsets(start, end), "Goal");
    assert_eq!(shifted(&with("012.50s", "30s"), "-2.25s", Times::Auto), Ok(with("010.25s", "27.75s")));
    let before = line(r#","videoMetadata":{"fps":1,"endOffset":"90s"}"#, "Goal");
    let after = line(r#","videoMetadata":{"fps":1,"endOffset":"102s","startOffset":"12s"}"#, "Goal");
    assert_eq!(shifted(&before, "12s", Times::Auto), Ok(after));
    let before = line(r#","videoMetadata":{"startOffset":null,"endOffset":"90s"}"#, "Goal");
    assert_eq!(shifted(&before, "12s", Times::Auto), Ok(before.replace("null", r#""12s""#).replace("90s", "102s")));
    for other in ["", "{", "[]", r#"{"messages":[]}"#, &line(r#","videoMetadata":{"fps":1}"#, "Goal")] {
        assert_eq!(shifted(other, "12s", Times::Auto).as_deref(), Ok(other));
    }
}

/// A time in one of the styles, so many milliseconds after the start.
fn written(style: usize, millis: u32) -> String {
    let (hours, minutes, seconds, rest) = (millis / 3_600_000, millis / 60_000, millis / 1000 % 60, millis % 1000);
    match style {
        0 => format!("{minutes}:{seconds:02}"),
        1 => format!("{hours}:{:02}:{seconds:02}.{rest:03}", minutes % 60),
        2 => format!("{hours:02}:{:02}:{seconds:02},{rest:03}", minutes % 60),
        3 => format!("{minutes}:{seconds:02}.{}", rest / 100),
        4 => format!("{}s", millis / 1000),
        _ => format!("{}.{rest:03}s", millis / 1000),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn a_shift_and_the_opposite_give_the_same_bytes(
        // Minutes have two digits, so that no style changes at ten minutes.
        times in prop::collection::vec((0usize..6, 1200u32..3000), 0..5),
        words in prop::collection::vec("[a-zé\u{1F600} ]{0,6}", 6),
        start in 600u32..1200,
        by in -600i64..600,
    ) {
        let answer = |shift: i64| {
            let mut answer = String::new();
            for ((style, seconds), word) in times.iter().zip(&words) {
                let shifted = u32::try_from(i64::from(*seconds) + shift).unwrap();
                let _ = write!(answer, "{word} [{}]; ", written(*style, shifted * 1000));
            }
            answer
        };
        let with = |shift: i64| line(&offsets(&format!("{}s", i64::from(start) + shift), &format!("{}.50s", 3000 + shift)), &answer(shift));
        let (before, after) = (with(0), with(by));
        prop_assert_eq!(shifted(&before, &format!("{by}s"), Times::All), Ok(after.clone()));
        prop_assert_eq!(shifted(&after, &format!("{}s", -by), Times::All), Ok(before));
    }
}

#[test]
fn an_action_makes_the_segment_start_at_zero() {
    const TITLE: &str = "Make the segment start at 0:00 (after cutting the file)";
    let actions = |text: &str| {
        let mut open = Open::new(text);
        let at = Place { line: 0, byte: 3 };
        let actions = open.with(|file, analyst| fixes::actions(file, analyst, at, at));
        let actions = actions.into_iter().filter(|action| action.title.starts_with(TITLE));
        let done = actions.map(|action| {
            let Task::Record { edits, .. } = action.task else { panic!("{:?}", action.task) };
            let done = action.disabled.map_or_else(|| Ok(apply_fixes(text, &[&edits], |_| true).unwrap()), Err);
            (action.title.strip_prefix(TITLE).unwrap().to_owned(), done)
        });
        done.collect::<Vec<_>>()
    };
    let with = |start, end, answer: &str| line(&offsets(start, end), answer);
    let only = |text: String| vec![(String::new(), Ok(text))];
    assert_eq!(actions(&with("600s", "690s", "At 10:40.")), only(with("0s", "90s", "At 0:40.")));
    let marked = |text: String| format!("\u{FEFF}{text}");
    assert_eq!(actions(&marked(with("600s", "690s", "At 0:40."))), only(marked(with("0s", "90s", "At 0:40."))));
    let keep = ("; keep the times in the answer".to_owned(), Ok(with("0s", "70s", "At 0:40.")));
    let all = ("; subtract 0:20 from the times in the answer".to_owned(), Ok(with("0s", "70s", "At 0:20.")));
    assert_eq!(actions(&with("20s", "90s", "At 0:40.")), [keep, all]);
    let reason = "not all times in the answer, such as `0:40`, are in the segment".to_owned();
    assert_eq!(actions(&with("600s", "610s", "At 0:40.")), [(String::new(), Err(reason))]);
    for other in [with("0s", "10s", "Goal"), line("", "Goal"), with("5s", "10s", "Goal").replace("]}]}", "],}]}")] {
        assert_eq!(actions(&other), [], "{other}");
    }
}

/// Runs the program with its cache in the folder.
pub fn run(arguments: &[&str], folder: &Path) -> Output {
    let mut command = crate::support::program::command(folder);
    let cache = folder.join(".cache");
    command.args(arguments).env("XDG_CACHE_HOME", &cache).env("HOME", &cache).output().unwrap()
}

#[test]
fn shift_segments_changes_files_and_lists_what_stays() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    let with = |location: &str, start, end, answer: &str| line_at(location, &offsets(start, end), answer);
    let other = with("gs://other/a.mp4", "20s", "30s", "Goal");
    let before = [
        format!("\u{FEFF}{}\r\n", with("gs://clips/a.mp4", "20s", "30s", "Goal é")),
        format!("{other}\n"),
        with("gs://clips/a.mp4", "20s", "90s", "At 0:40.") + "\n\n",
        with("gs://clips/a.mp4", "25s", "30s", "Corner"),
    ];
    std::fs::write(&path, before.concat()).unwrap();
    let shift = |more: &[&str]| {
        run(&[&["shift-segments", "--by", "-12s", "--uri", "gs://clips/*", "a.jsonl"], more].concat(), folder.path())
    };
    let output = shift(&["--check"]);
    assert_eq!((stdout(&output).as_str(), output.status.code()), ("a.jsonl\n", Some(1)));
    let output = shift(&[]);
    assert_eq!(output.status.code(), Some(1));
    let reason = "`0:40` in the answer may count from the start of the file or of the segment";
    assert_eq!(stderr(&output), format!("warning: a.jsonl:3: skipped: {reason}\n"));
    let after = [
        before[0].replace("20s", "8s").replace("30s", "18s"),
        before[1].clone(),
        before[2].clone(),
        before[3].replace("25s", "13s").replace("30s", "18s"),
    ];
    assert_eq!(std::fs::read_to_string(&path).unwrap(), after.concat());
    let keep = ["shift-segments", "--by=12", "--uri", "gs://clips/*", "--times", "keep", "a.jsonl"];
    let output = run(&keep, folder.path());
    assert_eq!((stderr(&output).as_str(), output.status.code()), ("", Some(0)));
    let again = [&*before[0], &before[1], &before[2].replace("20s", "32s").replace("90s", "102s"), &before[3]];
    assert_eq!(std::fs::read_to_string(&path).unwrap(), again.concat());
    std::fs::write(&path, format!("[{other},\n{other}]")).unwrap();
    assert!(stderr(&run(&["shift-segments", "--by", "1s", "a.jsonl"], folder.path())).contains("is one array"));
    assert_eq!(run(&["shift-segments", "--by", "1x", "a.jsonl"], folder.path()).status.code(), Some(2));
}

#[test]
fn an_example_for_cut_files_has_no_offsets() {
    let cut = |text: &str, times| {
        let new = |cut: &Cut, _: &str| {
            Ok(format!("gs://new/{}-{}", cut.start, cut.end.map_or("end".to_owned(), |end| end.to_string())))
        };
        use_cuts(text, times, new, &mut Analyst::default())
    };
    let new = |name: &str, segment: &str, answer: &str| Ok(Some(line_at(&format!("gs://new/{name}"), segment, answer)));
    let auto = |segment: &str, answer: &str| cut(&line(segment, answer), Times::Auto);
    assert_eq!(auto(&offsets("600s", "690s"), "At 10:40."), new("600-690", "", "At 0:40."));
    assert_eq!(auto(&offsets("600s", "690s"), "At 0:40."), new("600-690", "", "At 0:40."));
    for fps in [
        r#","videoMetadata":{"fps":2,"startOffset":"5s","endOffset":"9s"}"#,
        r#","videoMetadata":{"startOffset":"5s","fps":2,"endOffset":"9s"}"#,
        r#","videoMetadata":{"startOffset":"5s","endOffset":"9s","fps":2}"#,
    ] {
        assert_eq!(auto(fps, "Goal"), new("5-9", r#","videoMetadata":{"fps":2}"#, "Goal"));
    }
    assert_eq!(auto(r#","videoMetadata":{"startOffset":"5s"}"#, "Goal"), new("5-end", "", "Goal"));
    assert_eq!(auto(r#","videoMetadata":{"startOffset":null,"endOffset":"9s"}"#, "Goal"), new("0-9", "", "Goal"));
    for other in ["", r#","videoMetadata":null"#, r#","videoMetadata":{"fps":1}"#] {
        assert_eq!(auto(other, "At 0:10."), Ok(None), "{other}");
    }
    let refused = |segment: &str, answer: &str| auto(segment, answer).unwrap_err();
    assert!(matches!(refused(&offsets("20s", "90s"), "At 0:40."), Refusal::Unclear(_)));
    assert!(matches!(refused(&offsets("9s", "5s"), "Goal"), Refusal::Impossible(_)));
    let two = |segment: &str, answer: &str| {
        let second = r#"},{"fileData":{"mimeType":"video/mp4","fileUri":"gs://clips/b.mp4"}"#;
        line(&format!("{}{second}{segment}", offsets("5s", "9s")), answer)
    };
    let one = two("", "Goal").replace("gs://clips/a.mp4", "gs://new/5-9").replace(&offsets("5s", "9s"), "");
    assert_eq!(cut(&two("", "Goal"), Times::All), Ok(Some(one)));
    assert!(cut(&two("", "At 0:06."), Times::All).is_err());
    // The first recording starts at 0:00, and the time may be about the second one.
    let late = two(&offsets("60s", "90s"), "At 1:06.").replace("5s", "0s");
    for times in [Times::Auto, Times::Clock, Times::All] {
        assert!(cut(&late, times).is_err());
    }
    let late = two(&offsets("60s", "90s"), "Goal").replace("5s", "0s");
    assert!(!cut(&late, Times::Auto).unwrap().unwrap().contains("Offset"));
}

#[test]
fn the_name_of_a_cut_tells_it_from_every_other() {
    let name = |location: &str, start: u32, end: Option<u32>| {
        let (location, end) = (location.to_owned(), end.map(Duration::from_seconds));
        Cut { location, start: Duration::from_seconds(start), end, extension: Some("webm") }.name()
    };
    let names = [
        name("gs://a/match 1.mp4", 5, Some(9)),
        name("gs://b/match 1.mp4", 5, Some(9)),
        name("gs://a/match_1.mp4", 5, Some(9)),
        name("gs://a/match 1.mp4", 5, None),
        name("gs://a/match 1.mp4", 6, Some(9)),
        name("https://a/-.$(x)'\n.MOV?token=1.mp4", 5, Some(9)),
        name("試合", 5, Some(9)),
        name(&"a".repeat(2000), 5, Some(9)),
        name("", 5, Some(9)),
    ];
    for (location, extension) in [
        ("https://a/watch.php", ".webm"),
        ("gs://a/b.3GP", ".3gp"),
        ("gs://a/b.AVI", ".avi"),
        ("gs://a/b.jpg", ".webm"),
        ("gs://a/b.v2", ".webm"),
    ] {
        let name = name(location, 5, Some(9));
        assert!(name.ends_with(extension), "{name}");
    }
    let all: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(all.len(), names.len(), "{names:?}");
    assert!(names[0].starts_with("match_1_5s-9s_") && names[0].ends_with(".mp4"), "{}", names[0]);
    assert!(names[3].starts_with("match_1_5s-end_"), "{}", names[3]);
    assert!(names[5].ends_with(".mov") && names[6].ends_with(".webm") && !names[6].contains(".."), "{names:?}");
    for name in names {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        assert!(name.bytes().all(is_plain) && !name.starts_with(['-', '.']) && name.len() < 200, "{name}");
    }
}

/// Names that a shell would read as something else.
#[cfg(unix)]
const HOSTILE: [&str; 11] = [
    "a b.mp4",
    "it's.mp4",
    "\"double\".mp4",
    "line\nbreak.mp4",
    "\u{1b}[31m\u{202e}100%\\.mp4",
    "-n.mp4",
    "$(touch pwned).mp4",
    "`touch pwned`.mp4",
    "a;touch pwned;.mp4",
    "試合 é.mp4",
    "back\\slash%03d:*?.mp4",
];

/// A folder with copies of these names below `clips`, and settings that name it.
pub fn project(names: &[&str]) -> TempDir {
    let folder = tempdir().unwrap();
    std::fs::create_dir(folder.path().join("clips")).unwrap();
    for name in names {
        std::fs::copy(root().join("fixtures/media").join("clip.mp4"), folder.path().join("clips").join(name)).unwrap();
    }
    let settings = "[[media.mirror]]\nprefix = \"gs://clips/\"\nfolder = \"clips\"\n";
    std::fs::write(folder.path().join("tuning-ls.toml"), settings).unwrap();
    folder
}

/// Runs a script with an `ffmpeg` that writes its arguments, each after a line `--`, and makes its output.
#[cfg(unix)]
fn run_script(script: &str, folder: &Path) -> (Output, Vec<Vec<String>>) {
    use std::os::unix::fs::PermissionsExt;
    let bin = folder.join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    let fake = "#!/bin/sh\nprintf 'ffmpeg\\0' >>log\nfor it do printf '%s\\0' \"$it\" >>log; last=$it; done\nprintf x >\"${last#file:}\"\n";
    std::fs::write(bin.join("ffmpeg"), fake).unwrap();
    std::fs::set_permissions(bin.join("ffmpeg"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let _ = std::fs::remove_file(folder.join("log"));
    let output = std::process::Command::new("sh").arg(script).env("PATH", path).current_dir(folder).output().unwrap();
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    let calls = log.split("ffmpeg\0").skip(1).map(|call| call.split_terminator('\0').map(str::to_owned).collect());
    (output, calls.collect())
}

#[cfg(unix)]
#[test]
fn a_script_cuts_files_with_any_name_and_runs_nothing_else() {
    let folder = project(&HOSTILE);
    let lines: Vec<_> =
        HOSTILE.iter().map(|name| line_at(&format!("gs://clips/{name}"), &offsets("0.1s", "0.3s"), "Goal")).collect();
    // The same segment twice is one clip.
    std::fs::write(folder.path().join("a.jsonl"), [&lines[..], &lines[..]].concat().join("\n")).unwrap();
    let output = run(&["cut-list", "a.jsonl", "-o", "cut.sh", "--folder=-it's $(touch pwned)"], folder.path());
    assert_eq!((stderr(&output).as_str(), output.status.code()), ("", Some(0)));
    let syntax = std::process::Command::new("sh").args(["-n", "cut.sh"]).current_dir(folder.path()).output().unwrap();
    assert!(syntax.status.success(), "{}", stderr(&syntax));
    let (output, calls) = run_script("cut.sh", folder.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let text = std::fs::read_to_string(folder.path().join("cut.sh")).unwrap();
    assert!(!text.contains("line\nbreak") && !text.contains(['\u{1b}', '\u{202e}']), "{text}");
    let source = |call: &Vec<String>| call[call.iter().position(|it| it == "-i").unwrap() + 1].clone();
    let mut sources: Vec<_> = calls.iter().map(source).collect();
    let clips = folder.path().canonicalize().unwrap().join("clips");
    let mut expected: Vec<_> = HOSTILE.iter().map(|name| format!("file:{}", clips.join(name).display())).collect();
    sources.sort();
    expected.sort();
    assert_eq!(sources, expected);
    for call in &calls {
        assert!(call.windows(2).any(|pair| pair == ["-ss", "0.1"]) && call.contains(&"-n".to_owned()), "{call:?}");
        assert!(call.windows(2).any(|pair| pair == ["-t", "0.2"]), "{call:?}");
    }
    let made = || std::fs::read_dir(folder.path().join("-it's $(touch pwned)")).unwrap().count();
    assert_eq!(made(), HOSTILE.len());
    assert!(!folder.path().join("pwned").exists());
    // A second run keeps what exists, and another folder can be named.
    assert_eq!(run_script("cut.sh", folder.path()).1, [[""; 0]; 0]);
    assert_eq!(made(), HOSTILE.len());
}

#[cfg(unix)]
#[test]
fn a_file_without_a_copy_is_a_comment_or_read_from_the_web() {
    let folder = project(&[]);
    let end = r#","videoMetadata":{"startOffset":"5s"}"#;
    let web = line_at("https://a.b/$(touch${IFS}pwned)'.mp4", end, "Goal");
    let odd = line_at("https://a.b/a\nb.mp4", end, "Goal");
    let lines = [line_at("gs://x/a.mp4\ntouch pwned\r#", end, "Goal"), web.clone(), odd, line("", "Goal")];
    std::fs::write(folder.path().join("a.jsonl"), lines.join("\n")).unwrap();
    let arguments = ["cut-list", "a.jsonl", "-o", "cut.sh", "--rewritten", "new", "--prefix", "gs://new"];
    let output = run(&arguments, folder.path());
    let skipped: Vec<_> = stderr(&output).lines().map(|line| line[..27].to_owned()).collect();
    assert_eq!(skipped, ["warning: a.jsonl:1: skipped", "warning: a.jsonl:3: skipped"]);
    assert_eq!(output.status.code(), Some(1));
    let (output, calls) = run_script("cut.sh", folder.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(calls.len(), 1);
    assert!(calls[0].windows(2).any(|pair| pair == ["-i", "https://a.b/$(touch${IFS}pwned)'.mp4"]), "{calls:?}");
    assert!(!calls[0].contains(&"-t".to_owned()) && !folder.path().join("pwned").exists());
    let rewritten = std::fs::read_to_string(folder.path().join("new/a.jsonl")).unwrap();
    let names = std::fs::read_dir(folder.path().join("clips")).unwrap().map(|it| it.unwrap().file_name());
    let names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    let expected =
        [&lines[0], &*line_at(&format!("gs://new/{}", names[0]), "", "Goal"), &lines[2], &lines[3]].join("\n");
    assert_eq!(rewritten, expected);
}

#[test]
fn a_list_of_cuts_replaces_no_dataset() {
    let folder = project(&[]);
    let text = line(&offsets("5s", "9s"), "Goal");
    std::fs::create_dir(folder.path().join("more")).unwrap();
    for name in ["a.jsonl", "more/a.jsonl"] {
        std::fs::write(folder.path().join(name), &text).unwrap();
    }
    for (arguments, reason) in [
        (&["a.jsonl", "-o", "a.jsonl"][..], "would replace a dataset"),
        (&["a.jsonl", "-o", "more/a.jsonl"], "would replace"),
        (&["a.jsonl", "--rewritten", ".", "--prefix", "gs://new/"], "would replace a dataset"),
        (&["a.jsonl", "more/a.jsonl", "--rewritten", "new", "--prefix", "gs://new/"], "two datasets"),
        (
            &["a.jsonl", "--rewritten", "new", "--prefix", "gs://new/", "-o", "new/a.jsonl"],
            "new/a.jsonl: the script would replace the rewritten lines",
        ),
        (&["a.jsonl", "--rewritten", "new"], "--prefix"),
        (&["-", "--rewritten", "new", "--prefix", "gs://new/"], "--stdin-filename"),
        (&["a.jsonl", "--folder", "a\nb"], "control character"),
    ] {
        let output = run(&[&["cut-list"], arguments].concat(), folder.path());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).replace('\\', "/").contains(reason), "{}", stderr(&output));
        for name in ["a.jsonl", "more/a.jsonl"] {
            assert_eq!(std::fs::read_to_string(folder.path().join(name)).unwrap(), text);
        }
    }
    // The settings name a file that isn't an input.
    let settings = "[[dataset]]\ntrain = \"a.jsonl\"\nvalidation = \"more/a.jsonl\"\n";
    std::fs::write(folder.path().join("tuning-ls.toml"), settings).unwrap();
    let output = run(&["cut-list", "a.jsonl", "--rewritten", "more", "--prefix", "gs://new/"], folder.path());
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert_eq!(std::fs::read_to_string(folder.path().join("more/a.jsonl")).unwrap(), text);
}
