//! How the command line writes files: what it changes, and what it must never change.

use crate::support::broken;
use crate::support::commands::{fed, piped, printed, run, said, write};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::tempdir;
use tuning_ls::disk::edited::{Replacement, compose};
use tuning_ls::disk::{FileText, Reading, write as writing};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A line with `rest` after the last turn, and with numbers and escapes that a JSON library would write differently.
fn line(rest: &str) -> String {
    format!(
        "{{\"contents\":[{{\"role\":\"user\",\"parts\":[{{\"text\":\"\\u0041\\/ \u{e9}\"}}]}},\
         {{\"role\":\"model\",\"parts\":[{{\"text\":\"b\"}}]}}{rest}],\"zeta\":[1.50,1e2,12345678901234567890, 0.1 ]}}"
    )
}

/// The files that the tests fix: all shipped datasets, generated files with every kind of fault, and edge cases.
fn all_files() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(Path::new(ROOT).join("fixtures/datasets")).unwrap() {
        let path = entry.unwrap().path();
        files.push((path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap()));
    }
    for (name, arguments) in [
        ("dirty.jsonl", &["--lines", "400", "--bad-rate", "0.4"][..]),
        ("other.jsonl", &["--lines", "100", "--bad-rate", "1", "--seed", "7"]),
        (
            "array.jsonl",
            &["--lines", "60", "--bad-rate", "0.1", "--format", "array", "--faults", "trailing-comma,bad-role"],
        ),
    ] {
        let script = Path::new(ROOT).join("tests/bench/gen.py");
        let made = fed(Command::new("python3").arg(script).args(arguments), b"");
        assert!(made.status.success(), "{}", said(&made));
        files.push((name.to_owned(), made.stdout));
    }
    let (good, bad) = (line(""), line(","));
    for (name, text) in [
        ("crlf.jsonl", format!("{bad}\r\n{good}\r\n\r\n{bad}\r\n")),
        ("mixed ends.jsonl", format!("{bad}\r\n{good}\n{bad}\r{good}\r\n{good}\n{good}\n{good}\n{good}\n{bad}\n\n")),
        ("no-newline.jsonl", format!("{good}\n{bad}")),
        ("only-newline-missing.jsonl", good.clone()),
        ("mark.jsonl", format!("\u{FEFF}{bad}\n{good}\n")),
        ("blank.jsonl", format!("\n\n{good}\n \n{bad}\n\n  ")),
        ("only-blank.jsonl", "\n\n".to_owned()),
        ("empty.jsonl", String::new()),
        ("cr.jsonl", format!("{bad}\r{good}\r{bad}")),
        ("long.jsonl", format!("{good}\n{}\n{good}\n", bad.replace("\\/", &"x".repeat(300_000)))),
        ("far-apart.jsonl", [&format!("{bad}\n"), format!("{good}\n").repeat(20).as_str()].concat().repeat(4)),
        ("gap-of-six.jsonl", [&format!("{bad}\n"), format!("{good}\n").repeat(6).as_str()].concat().repeat(3)),
        ("gap-of-seven.jsonl", [&format!("{bad}\n"), format!("{good}\n").repeat(7).as_str()].concat().repeat(3)),
        // Windows doesn't allow quotes in a name.
        (if cfg!(windows) { "a b\u{e9}.jsonl" } else { "a \"quoted\" \u{e9}.jsonl" }, format!("{bad}\n")),
    ] {
        files.push((name.to_owned(), text.into_bytes()));
    }
    files
}

/// The file after a command has applied this diff.
#[track_caller]
fn patched(folder: &Path, name: &str, bytes: &[u8], diff: &[u8], command: &[&str]) -> Vec<u8> {
    let path = write(folder, name, bytes);
    let output = fed(Command::new(command[0]).args(&command[1..]).current_dir(folder), diff);
    assert!(output.status.success(), "{name}: {} {}", printed(&output), said(&output));
    std::fs::read(path).unwrap()
}

/// Asserts that a command's `--diff` is a patch to the bytes that it writes to the file and prints for stdin, and that
/// a second run changes nothing. Returns the number of files that changed.
fn changes_are_one(arguments: &[&str], writes: &[&str]) -> usize {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    let mut changed = 0;
    for (name, bytes) in all_files() {
        let path = write(folder, &name, &bytes);
        let read = || std::fs::read(&path).unwrap();
        let diff = run(&[arguments, &["--diff", &name]].concat(), folder);
        // `check` counts the findings; a diff for `patch` is on stdout only.
        assert!(!said(&diff).contains("error"), "{name}");
        assert_eq!(read(), bytes, "{name}: a diff wrote something");
        run(&[arguments, writes, &[&name]].concat(), folder);
        let fixed = read();
        assert_eq!(diff.status.code(), Some(i32::from(fixed != bytes)), "{name}");
        assert_eq!(diff.stdout.is_empty(), fixed == bytes, "{name}");
        let stdin = piped(&[arguments, writes, &["-"]].concat(), folder, &bytes);
        assert!(stdin.stdout == fixed, "{name}: stdin is fixed otherwise");
        if fixed != bytes {
            changed += 1;
            for command in [&["patch", "-p0", "--quiet"][..], &["git", "apply", "-p0", "--whitespace=nowarn"]] {
                let result = patched(folder, &name, &bytes, &diff.stdout, command);
                assert!(result == fixed, "{name}: {command:?} gives something else of\n{}", printed(&diff));
            }
        }
        run(&[arguments, writes, &[&name]].concat(), folder);
        assert!(read() == fixed, "{name}: a second time changes something");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1, "{name}: something is left behind");
        std::fs::remove_file(&path).unwrap();
    }
    changed
}

#[test]
fn a_diff_of_fixes_is_a_patch_to_what_fixing_writes() {
    assert!(changes_are_one(&["check"], &["--fix"]) > 15);
}

#[test]
fn a_diff_of_unsafe_fixes_is_a_patch_to_what_fixing_writes() {
    assert!(changes_are_one(&["check", "--unsafe-fixes"], &["--fix"]) > 15);
}

#[test]
fn a_diff_of_formatting_is_a_patch_to_what_formatting_writes() {
    assert!(changes_are_one(&["format"], &[]) > 10);
}

#[test]
fn a_diff_of_normalization_is_a_patch_to_what_normalizing_writes() {
    assert!(changes_are_one(&["normalize"], &[]) > 10);
}

#[test]
fn fixing_changes_the_bytes_of_the_faults_and_no_other() {
    let folder = tempdir().unwrap();
    for end in ["\n", "\r\n"] {
        let text = [line(""), line(","), line("")].join(end) + end;
        let path = write(folder.path(), "a.jsonl", &text);
        let output = run(&["check", "--fix", "a.jsonl"], folder.path());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text.replace("},]", "}]"));
        assert!(!printed(&output).contains("trailing-comma"), "{}", printed(&output));
    }
}

#[test]
fn what_is_left_after_fixing_decides_and_is_printed() {
    let folder = tempdir().unwrap();
    let open = "{\"contents\":[\n";
    write(folder.path(), "a.jsonl", [&line(","), "\n", open].concat());
    let output = run(&["check", "--fix", "a.jsonl"], folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(printed(&output).contains("a.jsonl:2:") && !printed(&output).contains("trailing-comma"));
    // For stdin, the command prints the fixed text.
    let stdin = piped(&["check", "--fix", "-"], folder.path(), [&line(","), "\n", open].concat().as_bytes());
    assert_eq!(printed(&stdin), [&line(""), "\n", open].concat());
    assert!(said(&stdin).contains("<stdin>:2:"), "{}", said(&stdin));
    assert_eq!(stdin.status.code(), Some(1));
}

#[test]
fn suggested_fixes_are_made_only_when_asked_for() {
    let folder = tempdir().unwrap();
    let swapped = line("").replace(
        "{\"text\":\"\\u0041\\/ \u{e9}\"}",
        "{\"fileData\":{\"fileUri\":\"gs://films/a.mp4\",\"mimeType\":\"video/mp4\"},\
         \"videoMetadata\":{\"startOffset\":\"9s\",\"endOffset\":\"5s\"}}",
    ) + "\n";
    let path = write(folder.path(), "a.jsonl", &swapped);
    assert_eq!(run(&["check", "--fix", "a.jsonl"], folder.path()).status.code(), Some(1));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), swapped);
    run(&["check", "--fix", "--unsafe-fixes", "a.jsonl"], folder.path());
    let fixed = std::fs::read_to_string(&path).unwrap();
    assert!(fixed.contains("\"startOffset\":\"5s\",\"endOffset\":\"9s\""), "{fixed}");
    let alone = run(&["check", "--unsafe-fixes", "a.jsonl"], folder.path());
    assert_eq!(alone.status.code(), Some(2), "without --fix or --diff it means nothing");
}

#[test]
fn a_suggestion_that_fixes_nothing_is_not_applied_again_and_again() {
    let folder = tempdir().unwrap();
    let media = r#"{"fileData":{"mimeType":"video/mp4",'"fileUri":"gs://films/a.mp4"}}"#;
    for text in [
        line("").replace("\"\\u0041\\/ \u{e9}\"", r#""[{"label":"cat"}]""#),
        line("").replace("{\"text\":\"\\u0041\\/ \u{e9}\"}", media),
    ] {
        assert_ne!(text, line(""));
        let path = write(folder.path(), "a.jsonl", text.clone() + "\n");
        let fixed = [(); 2].map(|()| {
            run(&["check", "--fix", "--unsafe-fixes", "a.jsonl"], folder.path());
            std::fs::read_to_string(&path).unwrap()
        });
        assert!(fixed[0].len() < text.len() + 10, "{}", fixed[0]);
        assert_eq!(fixed[0], fixed[1]);
    }
}

#[test]
fn records_that_are_not_utf_8_stay_byte_for_byte() {
    let folder = tempdir().unwrap();
    let bad = b"{\"contents\":[\"\xFF\xC3\",],}  ".to_vec();
    let good = line(",").into_bytes();
    for (end, last) in [(&b"\n"[..], &b"\n"[..]), (b"\r\n", b"")] {
        // A double quote inside single quotes makes the engine analyze the whole file again.
        let quoted = line("").replace("\"b\"", "'say \"x'").into_bytes();
        let lines = [&good[..], &bad, &quoted, &bad, b"", &good, &bad].join(end);
        let path = write(folder.path(), "a.jsonl", [&lines, last].concat());
        for arguments in [
            &["check", "--fix", "a.jsonl"][..],
            &["check", "--fix", "--unsafe-fixes", "a.jsonl"],
            &["format", "a.jsonl"],
        ] {
            run(arguments, folder.path());
            let fixed = std::fs::read(&path).unwrap();
            let kept = fixed.split(|byte| *byte == b'\n').filter(|line| line.starts_with(&bad)).count();
            assert_eq!(kept, 3, "{arguments:?} made {}", String::from_utf8_lossy(&fixed));
            assert!(!fixed.windows(3).any(|bytes| bytes == "\u{FFFD}".as_bytes()));
        }
        assert!(!std::fs::read(&path).unwrap().starts_with(&good), "what is text is fixed all the same");
    }
    // Only after the first line is split does this look like a tuning file, so everything is analyzed again.
    let unmarked = b"{\"x\":[\"\xFF\",],}";
    let path = write(folder.path(), "c.jsonl", [b"{\"a\":1}", line(",").as_bytes(), b"\n", unmarked, b"\n\n"].concat());
    run(&["check", "--fix", "c.jsonl"], folder.path());
    let expected = [b"{\"a\":1}\n", line("").as_bytes(), b"\n", unmarked, b"\n"].concat();
    assert_eq!(std::fs::read(&path).unwrap(), expected);
    // A comment on a line of its own stays, and so does the array after it.
    let array = b"[{\"contents\":[]},\n{\"contents\":[\"\xFF\"]}]\n";
    let text = [b"// examples\n", &array[..]].concat();
    let path = write(folder.path(), "d.jsonl", &text);
    run(&["check", "--fix", "d.jsonl"], folder.path());
    assert_eq!(std::fs::read(&path).unwrap(), text);
    // An array with invalid UTF-8 is not changed at all.
    for text in [&b"[\n{\"contents\":[\"\xFF\"]},\n{\"contents\":[]}\n]\n"[..], b"\xFF\xFE{\0}\0\n\0"] {
        let path = write(folder.path(), "b.jsonl", text);
        for arguments in [&["check", "--fix", "b.jsonl"][..], &["check", "--fix", "--unsafe-fixes", "b.jsonl"]] {
            assert_eq!(run(arguments, folder.path()).status.code(), Some(1));
            assert_eq!(std::fs::read(&path).unwrap(), text);
        }
    }
}

#[test]
fn a_compressed_file_is_never_written() {
    let folder = tempdir().unwrap();
    write(folder.path(), "a.jsonl", [line(","), line("")].join("\n"));
    assert!(Command::new("gzip").arg("a.jsonl").current_dir(folder.path()).status().unwrap().success());
    let before = std::fs::read(folder.path().join("a.jsonl.gz")).unwrap();
    for arguments in [&["check", "--fix", "a.jsonl.gz"][..], &["format", "a.jsonl.gz"]] {
        let output = run(arguments, folder.path());
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).starts_with("error: a.jsonl.gz: cannot change a compressed file; "));
        assert_eq!(std::fs::read(folder.path().join("a.jsonl.gz")).unwrap(), before);
    }
    assert!(printed(&run(&["check", "--diff", "a.jsonl.gz"], folder.path())).starts_with("--- a.jsonl.gz\n"));
}

#[cfg(unix)]
#[test]
fn a_fixed_file_keeps_its_mode_and_a_link_to_it_stays_a_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempdir().unwrap();
    let path = write(folder.path(), "deep/a.jsonl", line(",") + "\n");
    symlink("deep/a.jsonl", folder.path().join("link.jsonl")).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
    run(&["check", "--fix", "link.jsonl"], folder.path());
    assert!(folder.path().join("link.jsonl").symlink_metadata().unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), line("") + "\n");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o7777, 0o640);
}

#[cfg(unix)]
#[test]
fn what_is_read_only_is_not_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempdir().unwrap();
    let text = line(",") + "\n";
    let path = write(folder.path(), "deep/a.jsonl", &text);
    let fails = |why: &str| {
        let output = run(&["check", "--fix", "deep/a.jsonl"], folder.path());
        assert_eq!(said(&output), format!("error: deep/a.jsonl: {why}; nothing was written\n"));
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    };
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o444)).unwrap();
    fails("the file is read-only");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    let deep = folder.path().join("deep");
    std::fs::set_permissions(&deep, PermissionsExt::from_mode(0o555)).unwrap();
    fails("the folder is read-only");
    std::fs::set_permissions(&deep, PermissionsExt::from_mode(0o755)).unwrap();
}

#[test]
fn a_file_that_was_changed_meanwhile_or_not_written_to_the_end_stays() {
    let folder = tempdir().unwrap();
    let path = write(folder.path(), "a.jsonl", "before\n");
    let text = || FileText::open(&path, &Reading::TO_WRITE).unwrap();
    let cut = writing::replace(&path, text(), |_, out| {
        out.write_all(b"half of")?;
        Err(std::io::Error::other("the power is gone"))
    });
    assert_eq!(cut.unwrap_err(), format!("{}: the power is gone; nothing was written", path.display()));
    assert_eq!(std::fs::read(&path).unwrap(), b"before\n");
    let changed = writing::replace(&path, text(), |_, out| {
        std::fs::write(&path, "theirs\n")?;
        out.write_all(b"ours\n")
    });
    let problem = "another program changed the file; nothing was written";
    assert_eq!(changed.unwrap_err(), format!("{}: {problem}", path.display()));
    assert_eq!(std::fs::read(&path).unwrap(), b"theirs\n");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "something is left behind");
}

#[test]
fn format_lists_what_it_would_change_and_changes_white_space_only() {
    let folder = tempdir().unwrap();
    let path = write(folder.path(), "a.jsonl", line("") + "\n");
    write(folder.path(), "b.jsonl", "{\"contents\":[]}\n");
    write(folder.path(), "c.jsonl", "{ \"contents\":[,]}\n");
    let check = run(&["format", "--check", "."], folder.path());
    assert_eq!((printed(&check), check.status.code()), ("a.jsonl\n", Some(1)));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), line("") + "\n");
    let format = run(&["format", "."], folder.path());
    assert_eq!((printed(&format), said(&format), format.status.code()), ("", "", Some(0)));
    let formatted = line("").replace(", 0.1 ]", ",0.1]") + "\n";
    assert_eq!(std::fs::read_to_string(&path).unwrap(), formatted);
    assert_eq!(run(&["format", "--check", "."], folder.path()).status.code(), Some(0));
    let stdin = piped(&["format", "-"], folder.path(), line("").as_bytes());
    assert_eq!(printed(&stdin), formatted.trim_end());
}

#[test]
fn normalize_writes_the_canonical_form_and_says_which_files_it_skips() {
    let folder = tempdir().unwrap();
    let turn = |name: &str| format!(r#"{{"parts":[{{"{name}":{{"fileUri":"gs://b/a.mp4"}}, }}], "role":"user"}}"#);
    let text = format!("{{ \"contents\": [{}] }}\n", turn("file_data"));
    let path = write(folder.path(), "a.jsonl", &text);
    write(folder.path(), "b.jsonl", "{ \"level\": \"info\" }\n");
    write(folder.path(), "c.jsonl", "[\n{ \"contents\": [] }\n]\n");
    let check = run(&["normalize", "--check", "."], folder.path());
    assert_eq!((printed(&check), check.status.code()), ("a.jsonl\n", Some(1)));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    let all = run(&["normalize", "."], folder.path());
    assert_eq!((printed(&all), all.status.code()), ("", Some(0)));
    let why =
        ["b.jsonl: not changed: this is not a tuning file", "c.jsonl: not changed: this file is one JSON array; "];
    assert!(said(&all).lines().zip(why).all(|(note, why)| note.starts_with(why)), "{}", said(&all));
    assert_eq!(said(&all).lines().count(), 2);
    let canonical = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://b/a.mp4"}}]}]}"#;
    assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{canonical}\n"));
    assert_eq!(run(&["normalize", "--check", "a.jsonl"], folder.path()).status.code(), Some(0));
    assert_eq!(printed(&piped(&["normalize", "-"], folder.path(), text.as_bytes())), format!("{canonical}\n"));
    // OpenAI lines, and the settings of the file.
    let chat = r#"{ "messages": [{"content":"a", "role":"user"},{"role":"assistant","content":"b"}] }"#;
    write(folder.path(), "d.jsonl", chat);
    run(&["normalize", "d.jsonl"], folder.path());
    let normal = std::fs::read_to_string(folder.path().join("d.jsonl")).unwrap();
    assert!(normal.starts_with(r#"{"messages":[{"role":"user","content":"a"},"#), "{normal}");
    let other = run(&["normalize", "--check", "--format", "other", "d.jsonl"], folder.path());
    assert_eq!(said(&other), "d.jsonl: not changed: this is not a tuning file\n");
}

/// The text with the replacements applied.
fn replaced(text: &str, replacements: &[Replacement]) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for Replacement { range, text: new } in replacements {
        assert!(at <= range.start && range.start <= range.end);
        out.push_str(&text[at..range.start]);
        out.push_str(new);
        at = range.end;
    }
    out + &text[at..]
}

/// Replacements in a text of `len` bytes, in order and without overlaps.
fn some(len: usize, cuts: &[usize], texts: &[String]) -> Vec<Replacement> {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut % (len + 1)).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts.chunks_exact(2)
        .zip(texts)
        .map(|(cut, text)| Replacement { range: cut[0]..cut[1], text: text.clone() })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn replacements_one_after_the_other_can_be_made_at_once(
        text in "[a-e]{0,12}",
        cuts in prop::collection::vec(any::<usize>(), 0..8),
        more in prop::collection::vec(any::<usize>(), 0..8),
        texts in prop::collection::vec("[x-z]{0,3}", 8),
    ) {
        let first = some(text.len(), &cuts, &texts[..4]);
        let between = replaced(&text, &first);
        let second = some(between.len(), &more, &texts[4..]);
        let after = replaced(&between, &second);
        prop_assert_eq!(replaced(&text, &compose(first, second)), after);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(25) })]

    #[test]
    fn any_broken_file_is_fixed_as_its_diff_says(seed in any::<u64>()) {
        let (text, _) = broken::broken_file(seed);
        let folder = tempdir().unwrap();
        let path: PathBuf = write(folder.path(), "a.jsonl", &text);
        let diff = run(&["check", "--diff", "a.jsonl"], folder.path());
        run(&["check", "--fix", "a.jsonl"], folder.path());
        let fixed = std::fs::read(&path).unwrap();
        if fixed != text.as_bytes() {
            let patched = patched(folder.path(), "a.jsonl", text.as_bytes(), &diff.stdout, &["patch", "-p0", "--quiet"]);
            prop_assert_eq!(String::from_utf8(patched), String::from_utf8(fixed));
        }
    }
}
