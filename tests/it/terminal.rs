//! Output on a terminal: runs the program in a pseudoterminal.

use crate::support::program::command;
use rexpect::session::spawn_command;
use std::path::Path;

/// Time limit in milliseconds. It is generous because test machines can be slow.
const PATIENCE: u64 = 120_000;

/// Everything that the program writes to a terminal of 80 columns.
fn on_terminal(arguments: &[&str], folder: &Path, environment: &[(&str, &str)]) -> String {
    let mut command = command(folder);
    command.args(arguments).env("TERM", "xterm-256color").envs(environment.iter().copied());
    spawn_command(command, Some(PATIENCE)).unwrap().exp_eof().unwrap()
}

/// The text on the screen after all escape sequences were applied.
fn screen(written: &str) -> String {
    let mut terminal = vt100::Parser::new(40, 200, 0);
    terminal.process(written.as_bytes());
    let text = terminal.screen().contents();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn broken() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.jsonl"), "{\"contents\":[,]}\n").unwrap();
    folder
}

const SUMMARY: &str = "Found 1 error in 1 file";

#[test]
fn findings_are_in_colour_and_a_summary_closes_them() {
    let folder = broken();
    let written = on_terminal(&["check", "a.jsonl"], folder.path(), &[]);
    assert!(written.contains("\x1b[1m\x1b[31merror[json-syntax]\x1b[0m"), "{written:?}");
    let shown = screen(&written);
    assert!(shown.starts_with("a.jsonl:1:"), "{shown}");
    assert_eq!(shown.lines().last(), Some(SUMMARY), "{shown}");
    let quiet = on_terminal(&["check", "a.jsonl", "--quiet"], folder.path(), &[]);
    assert!(!quiet.contains("Found") && quiet.contains("json-syntax"), "{quiet:?}");
    for plain in [
        on_terminal(&["check", "a.jsonl"], folder.path(), &[("NO_COLOR", "1")]),
        on_terminal(&["check", "a.jsonl", "--color", "never"], folder.path(), &[]),
    ] {
        assert!(!plain.contains('\x1b') && plain.contains(SUMMARY), "{plain:?}");
    }
}

#[test]
fn long_work_shows_how_far_it_is_and_leaves_nothing_of_it_on_the_screen() {
    let folder = broken();
    // One long line that is not a tuning example is fast to check.
    let long = format!("{{\"a\":\"{}\"}}\n", "b".repeat(33 << 20));
    std::fs::write(folder.path().join("b.jsonl"), long).unwrap();
    let written = on_terminal(&["check", "."], folder.path(), &[]);
    assert!(written.contains("1 of 2: a.jsonl") || written.contains("2 of 2: b.jsonl"), "{written:?}");
    assert!(written.contains("MiB"), "{written:?}");
    let shown = screen(&written);
    let lines: Vec<_> = shown.lines().collect();
    let outlook = "a.jsonl: 0 of 1 example would be trained: 1 rejected";
    let note = "1 file has no tuning example; only its JSON was checked: b.jsonl";
    assert!(lines.first().is_some_and(|finding| finding.starts_with("a.jsonl:1:")), "{shown}");
    assert_eq!(lines[1..], [note, outlook, SUMMARY], "{shown}");

    for (arguments, environment) in
        [(&["check", "."][..], &[("CI", "true")][..]), (&["check", ".", "--quiet"][..], &[][..])]
    {
        let written = on_terminal(arguments, folder.path(), environment);
        assert!(!written.contains("MiB"), "{arguments:?}: {written:?}");
    }
    let piped = command(folder.path()).args(["check", "."]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&piped.stderr), format!("{note}\n{outlook}\n"));
}

#[test]
fn a_diff_marks_the_changed_words_and_shows_only_their_surroundings() {
    let folder = tempfile::tempdir().unwrap();
    let filler = "word ".repeat(1_000);
    let turn = |role: &str, rest: &str| format!("{{\"role\":\"{role}\",\"parts\":[{{\"text\":\"{filler}\"}}]{rest}}}");
    let line = format!("{{\"contents\":[{},{}]}}\n", turn("user", ","), turn("assistant", ""));
    let good = format!("{{\"contents\":[{},{}]}}\n", turn("user", ""), turn("model", ""));
    std::fs::write(folder.path().join("a.jsonl"), [good.as_str(), &line, &good].concat()).unwrap();
    let written = on_terminal(&["check", "--diff", "a.jsonl"], folder.path(), &[]);
    assert!(written.contains("\x1b[7m\x1b[31massistant\x1b[0m"), "{written:?}");
    assert!(written.contains("\x1b[7m\x1b[32mmodel\x1b[0m"), "{written:?}");
    assert!(written.contains("\x1b[36m@@ -1,3 +1,3 @@\x1b[0m"), "{written:?}");
    // The session takes each byte for a character.
    let bytes: Vec<u8> = written.chars().map(|letter| u8::try_from(letter).unwrap()).collect();
    let shown = screen(std::str::from_utf8(&bytes).unwrap());
    let (widest, sentence) = (shown.lines().map(|line| line.chars().count()).max(), shown.lines().last());
    assert!(widest <= Some(120), "{shown}");
    assert_eq!(sentence, Some("Would fix 2 findings in 1 file"), "{shown}");
    let signs: String = shown.lines().skip(3).filter_map(|line| line.chars().next()).collect();
    assert!(signs.starts_with(" -+ "), "{shown}");
    assert!(
        shown.lines().any(|line| line.starts_with('-') && line.contains("word \"}],},{\"role\":\"assistant")),
        "{shown}"
    );
    // Without color, it is a patch.
    let piped = command(folder.path()).args(["check", "--diff", "a.jsonl"]).output().unwrap();
    let plain = on_terminal(&["check", "--diff", "a.jsonl"], folder.path(), &[("NO_COLOR", "1")]).replace("\r\n", "\n");
    let patch = String::from_utf8(piped.stdout).unwrap();
    assert!(patch.contains(&format!("\n-{line}+")) && plain.starts_with(&patch), "{plain:?}");
}
