//! The options of `check`: rule selection, output file, exit code.

use crate::support::program::{command, run, stderr, stdout};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

const BROKEN: &str = "video-broken.jsonl";

fn datasets() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/datasets"))
}

fn check(arguments: &[&str]) -> Output {
    run(&[&["check", BROKEN], arguments].concat(), datasets())
}

/// The codes of the findings.
fn codes(output: &Output) -> BTreeSet<String> {
    let text = stdout(output);
    let code = |line: &str| Some(line.split_once('[')?.1.split_once(']')?.0.to_owned());
    text.lines().filter_map(code).collect()
}

fn set(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|&code| code.to_owned()).collect()
}

#[test]
fn only_what_is_selected_and_not_ignored_speaks() {
    let all = codes(&check(&[]));
    assert_eq!(codes(&check(&["--select", "trailing-comma"])), set(&["trailing-comma"]));
    let several = set(&["trailing-comma", "bad-uri", "unclosed"]);
    assert_eq!(codes(&check(&["--select", "trailing-comma,bad-uri", "--select=unclosed"])), several);
    assert_eq!(codes(&check(&["--select", "media"])), set(&["bad-uri", "placeholder-uri", "mime-type-mismatch"]));
    assert_eq!(
        codes(&check(&["--select", "media", "--ignore", "bad-uri,turns", "--ignore", "placeholder-uri"])),
        set(&["mime-type-mismatch"])
    );
    let ignored = codes(&check(&["--ignore", "bad-uri"]));
    assert!(all.contains("bad-uri"));
    assert_eq!(ignored, all.into_iter().filter(|code| code != "bad-uri").collect());
    // Findings that are not selected do not fail the check.
    assert_eq!(check(&["--select", "blank-line"]).status.code(), Some(0));
}

#[test]
fn an_unknown_rule_is_said_with_what_may_have_been_meant() {
    for (option, code, near) in [
        ("--select", "trailing-coma", "`trailing-comma`"),
        ("--ignore", "medai", "`media`"),
        ("--select", "bad-url", "`bad-uri`"),
    ] {
        let output = check(&[option, code]);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        assert!(stderr(&output).contains(&format!("there is no rule or family `{code}`; did you mean {near}?")));
    }
    let nothing_like_it = stderr(&check(&["--select", "xyzzy-plugh"]));
    assert!(!nothing_like_it.contains("did you mean"), "{nothing_like_it}");
}

#[test]
fn the_exit_code_is_what_was_asked_for() {
    let code = |arguments: &[&str]| check(arguments).status.code().unwrap();
    for (severity, of_information, of_warnings) in
        [("error", 0, 0), ("warning", 0, 1), ("information", 1, 1), ("hint", 1, 1)]
    {
        assert_eq!(code(&["--select", "blank-line", "--fail-on", severity]), of_information, "{severity}");
        assert_eq!(code(&["--select", "segment-too-long", "--fail-on", severity]), of_warnings, "{severity}");
    }
    assert_eq!(code(&["--exit-zero"]), 0);
    assert_eq!(code(&["--exit-zero", "missing.jsonl"]), 2, "what cannot be read always fails");
    assert_eq!(code(&["--fail-on", "never"]), 2);
    assert_eq!(code(&["--output-format", "xml"]), 2);
}

#[test]
fn statistics_count_by_rule_worst_first() {
    let output = check(&["--statistics"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().take(3).collect()).collect();
    let listed = stdout(&check(&[]));
    let severities = ["error", "warning", "information", "hint"];
    let rank = |row: &Vec<&str>| severities.iter().position(|known| *known == row[1]).unwrap();
    assert!(rows.is_sorted_by_key(rank), "{text}");
    assert_eq!(&rows[0][1..], ["error", "malformed-offset"], "the most frequent error: {text}");
    for row in &rows {
        let found = listed.lines().filter(|line| line.contains(&format!(": {}[{}] ", row[1], row[2]))).count();
        assert_eq!(row[0].parse::<usize>().unwrap(), found, "{row:?}");
    }
    let total: usize = rows.iter().map(|row| row[0].parse::<usize>().unwrap()).sum();
    assert_eq!(total, listed.lines().count());

    let report: Value = serde_json::from_str(&stdout(&check(&["--statistics", "--output-format", "json"]))).unwrap();
    let lines = stdout(&check(&["--statistics", "--output-format", "json-lines"]));
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(report["statistics"], Value::Array(lines));
    let schema = std::fs::read_to_string(datasets().join("../schemas/findings.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert!(jsonschema::is_valid(&schema, &report), "{report}");
    assert!(jsonschema::is_valid(&schema, &report["statistics"][0]));
    let of_commas =
        report["statistics"].as_array().unwrap().iter().find(|row| row["code"] == "trailing-comma").unwrap();
    assert_eq!((&of_commas["count"], &of_commas["safeFixes"]), (&1.into(), &1.into()));
    assert_eq!(
        report["counts"]["errors"],
        rows.iter().filter(|row| row[1] == "error").map(|row| row[0].parse::<u64>().unwrap()).sum::<u64>()
    );

    let refused = check(&["--statistics", "--output-format", "sarif"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("--statistics"));
}

#[test]
fn an_output_file_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("the findings.txt");
    let file = path.to_str().unwrap();
    let output = check(&["--output-file", file]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert_eq!(std::fs::read(&path).unwrap(), check(&[]).stdout);
    // A mistake in the arguments leaves the old file as it was, and creates no other file.
    let refused = check(&["--output-file", file, "--statistics", "--output-format", "junit"]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(std::fs::read(&path).unwrap(), check(&[]).stdout);
    check(&["-o", file, "--select", "unclosed"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 1, "replaced, not written over");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    for impossible in [folder.path().join("no such folder/x.txt"), folder.path().to_path_buf()] {
        let output = check(&["--output-file", impossible.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).starts_with(&format!("error: {}: ", impossible.display())), "{}", stderr(&output));
    }
}

#[test]
fn a_dash_as_the_output_is_stdout() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.jsonl"), "{\"contents\":[,]}\n").unwrap();
    let plain = run(&["check", "a.jsonl"], folder.path());
    let dashed = run(&["check", "a.jsonl", "-o", "-"], folder.path());
    assert!(stdout(&plain).contains("a.jsonl:1:"));
    assert_eq!(dashed, plain);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_output_never_replaces_a_file_that_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.jsonl"), "{\"contents\":[,]}\n").unwrap();
    for arguments in [["check", "a.jsonl", "-o", "./a.jsonl"], ["check", ".", "-o", "a.jsonl"]] {
        let output = run(&arguments, folder.path());
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("a.jsonl: the output would replace a dataset"));
        assert_eq!(std::fs::read_to_string(folder.path().join("a.jsonl")).unwrap(), "{\"contents\":[,]}\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[cfg(unix)]
#[test]
fn an_output_file_keeps_its_mode_and_a_link_goes_on_being_one() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (folder.path().join("real.txt"), folder.path().join("link.txt"));
    std::fs::write(&real, "old").unwrap();
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real.txt", &link).unwrap();
    check(&["--output-file", link.to_str().unwrap()]);
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(std::fs::read(&real).unwrap(), check(&[]).stdout);
    assert_eq!(real.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    // A device is written to directly.
    let output = check(&["--output-file", "/dev/stderr", "--quiet"]);
    assert_eq!(output.stderr, check(&[]).stdout);
}

#[test]
fn colour_is_used_when_it_was_asked_for_and_never_changes_the_text() {
    let plain = check(&[]).stdout;
    assert!(!plain.contains(&0x1b));
    assert_eq!(check(&["--color", "never"]).stdout, plain);
    let forced = |name: &str, value: &str, arguments: &[&str]| {
        let mut command = command(datasets());
        command.args(["check", BROKEN]).args(arguments).env(name, value).output().unwrap().stdout
    };
    for colored in [check(&["--color", "always"]).stdout, forced("CLICOLOR_FORCE", "1", &[])] {
        assert!(colored.windows(4).any(|bytes| bytes == b"\x1b[1m"));
        assert_eq!(anstream::adapter::strip_bytes(&colored).into_vec(), plain);
    }
    assert_eq!(forced("CLICOLOR_FORCE", "1", &["--color", "never"]), plain);
    assert_eq!(forced("NO_COLOR", "1", &[]), plain);
    let full = check(&["--output-format", "full", "--color", "always"]).stdout;
    let without = check(&["--output-format", "full"]).stdout;
    assert_eq!(anstream::adapter::strip_bytes(&full).into_vec(), without);
}

#[test]
fn each_example_counts_in_the_outlook() {
    let folder = tempfile::tempdir().unwrap();
    let turns = r#"[{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b"}]}]"#;
    let line = format!("{{\"contents\": {turns}}}");
    let printed = format!("{{\n\"contents\": {turns}\n}}");
    for (text, outlook) in [
        (format!("[\n{printed}, {printed}\n]\n"), "0 of 2 examples would be trained: the service rejects the file"),
        (format!("{line}\n[]\n"), "1 of 2 examples would be trained: 1 rejected"),
        (format!("{line}\n{turns} {turns}\n"), "1 of 3 examples would be trained: 2 rejected"),
        (format!("/*\n{line}\n*/\n{line}\n"), "1 of 1 example would be trained"),
    ] {
        std::fs::write(folder.path().join("a.jsonl"), &text).unwrap();
        let output = run(&["check", "a.jsonl"], folder.path());
        assert!(stderr(&output).starts_with(&format!("a.jsonl: {outlook}")), "{text}{}", stderr(&output));
    }
}

#[test]
fn a_pipe_gets_findings_and_what_becomes_of_the_file() {
    let output = check(&[]);
    let outlook = format!(
        "{BROKEN}: 5 of 20 examples would be trained: 11 rejected, 4 dropped; the job may fail (mixed-media-resolution)\n"
    );
    assert_eq!(stderr(&output), outlook);
    let outlook = "0 of 4 examples would be trained: the service rejects the file (array-file)";
    let output = run(&["check", "video-array.jsonl"], &Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/datasets"));
    assert_eq!(stderr(&output), format!("video-array.jsonl: {outlook}\n"));
    let outlook = "0 of 14 examples would be trained: the service rejects the file (special-token)";
    let output = run(&["check", "openai-broken.jsonl"], datasets());
    assert_eq!(stderr(&output), format!("openai-broken.jsonl: {outlook}\n"));
    assert!(check(&["--quiet"]).stderr.is_empty());
    assert!(check(&["--output-format", "json"]).stderr.is_empty());
    let folder = tempfile::tempdir().unwrap();
    let empty = run(&["check", ".", "--quiet"], folder.path());
    assert_eq!(stderr(&empty), "error: .: no .jsonl or .ndjson file in this folder\n");
    assert_eq!(empty.status.code(), Some(2));
    assert!(check(&["--output-format", "full", "--quiet"]).stderr.is_empty());
    let sentence = |arguments: &[&str]| stderr(&check(&[&["--output-format", "full"], arguments].concat()));
    assert_eq!(
        sentence(&["--select", "trailing-comma"]),
        format!(
            "{BROKEN}: 14 of 20 examples would be trained: 5 rejected, 1 dropped\nFound 1 error in 1 file (1 fixable with --fix)\n"
        )
    );
    assert_eq!(
        sentence(&["--select", "segment-too-long,bad-uri"]),
        format!(
            "{BROKEN}: 13 of 20 examples would be trained: 5 rejected, 2 dropped\nFound 1 error, 1 warning in 1 file\n"
        )
    );
    assert_eq!(
        sentence(&["--select", "byte-order-mark"]),
        format!("{BROKEN}: 14 of 20 examples would be trained: 5 rejected, 1 dropped\nFound nothing in 1 file\n")
    );
}

#[test]
fn completions_are_made_for_every_shell_and_bash_completes_with_them() {
    let folder = tempfile::tempdir().unwrap();
    for (shell, mark) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef tuning-ls"),
        ("fish", "complete -c tuning-ls"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion:arg-completer[tuning-ls]"),
    ] {
        let output = run(&["completions", shell], datasets());
        assert_eq!(output.status.code(), Some(0));
        let script = stdout(&output);
        assert!(script.contains(mark) && script.contains("output-format"), "{shell}: {script}");
        std::fs::write(folder.path().join(shell), script).unwrap();
    }
    // Each shell that is installed parses its script without running it.
    for (shell, option) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        let read = std::process::Command::new(shell).arg(option).arg(folder.path().join(shell)).output();
        if let Ok(read) = read {
            assert!(read.status.success(), "{shell}: {}", stderr(&read));
        }
    }
    assert_eq!(run(&["completions", "dash"], datasets()).status.code(), Some(2));

    let script = r#"
        eval "$("$0" completions bash)" || exit 1
        completer=$(complete -p tuning-ls | grep -o -- '-F [^ ]*') completer=${completer#-F }
        offer() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=(); $completer tuning-ls "${!#}" "${@: -2:1}"; echo "${COMPREPLY[*]}"; }
        offer tuning-ls ch
        offer tuning-ls check --output-format sa
        offer tuning-ls check --exit
        offer tuning-ls check --select trailing-
        offer tuning-ls check --ignore trailing-comma,seg
        offer tuning-ls explain trailing-
        offer tuning-ls explain turn
    "#;
    let bash = std::process::Command::new("bash")
        .args(["--norc", "-c", script, env!("CARGO_BIN_EXE_tuning-ls")])
        .output()
        .unwrap();
    assert!(bash.status.success(), "{}", stderr(&bash));
    let after_comma = "trailing-comma,segment-too-long trailing-comma,segment";
    let lines = ["check", "sarif", "--exit-zero", "trailing-comma", after_comma, "trailing-comma", "turns"];
    assert_eq!(stdout(&bash), lines.join("\n") + "\n");
}

#[test]
fn every_command_has_a_manual_page() {
    let page = |arguments: &[&str]| {
        let output = run(&[&["man"], arguments].concat(), datasets());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        stdout(&output)
    };
    let program = page(&[]);
    for command in ["check", "split-segments", "explain", "serve"] {
        let name = format!("tuning-ls-{command}").replace('-', r"\-");
        assert!(program.contains(&format!("{name}(1)")), "{command}: {program}");
        assert!(page(&[command]).contains(&format!(".SH NAME\n{name} ")), "{command}");
    }
    assert!(page(&["check"]).contains(r"\-\-output\-format"));

    let unknown = run(&["man", "fly"], datasets());
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(stderr(&unknown), "error: `fly` is not a command; `tuning-ls help` lists all commands\n");
}

#[test]
fn a_fault_of_every_line_is_one_finding_and_fixed_on_every_line() {
    let folder = tempfile::tempdir().unwrap();
    let line = |text: usize, temperature: &str| {
        format!(
            "{{\"contents\":[{{\"role\":\"user\",\"parts\":[{{\"text\":\"q{text}\"}}]}},\
             {{\"role\":\"model\",\"parts\":[{{\"text\":\"a{text}\"}}]}}]{temperature}}}\n"
        )
    };
    let flat: String = (0..4).map(|text| line(text, ",\"temperature\":0.1")).collect();
    let check = |text: &str, fix: &[&str]| {
        std::fs::write(folder.path().join("a.jsonl"), text).unwrap();
        let arguments = [&["check", "--ignore", "too-few-examples", "a.jsonl"], fix].concat();
        stdout(&run(&arguments, folder.path())).lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let found = check(&flat, &[]);
    assert!(
        found.len() == 1 && found[0].ends_with("4 lines of this file have this finding; only the first is shown."),
        "{found:?}"
    );
    assert_eq!(check(&[flat.as_str(), &line(4, "")].concat(), &[]).len(), 4);
    let left = check(&flat, &["--fix"]);
    assert!(left.len() == 1 && left[0].contains("undocumented-field"), "{left:?}");
}

#[test]
fn the_help_does_not_list_all_rule_codes() {
    for command in ["check", "explain"] {
        let help = stdout(&run(&[command, "--help"], datasets()));
        assert!(!help.contains("byte-order-mark"), "{help}");
    }
}

#[test]
fn a_format_can_be_forced() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let check = |arguments: &[&str]| {
        let ignored = ["check", "a.jsonl", "--ignore", "too-few-examples,no-examples"];
        run(&[&ignored, arguments].concat(), folder.path())
    };
    write("a.jsonl", "{\"foo\":1}\n");
    assert_eq!(stdout(&check(&[])), "");
    assert!(stdout(&check(&["--format", "gemini"])).contains("`contents`"));
    assert!(stdout(&check(&["--format", "openai"])).contains("`messages`"));
    write("a.jsonl", "{\"contents\":[]}\n");
    assert!(!codes(&check(&[])).is_empty());
    assert!(codes(&check(&["--format", "other"])).is_empty());
    // It overrides the settings of the file.
    write("tuning-ls.toml", "format = \"other\"\n");
    assert!(codes(&check(&[])).is_empty());
    assert!(!codes(&check(&["--format", "gemini"])).is_empty());
    let wrong = check(&["--format", "gemni"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("'gemini'"), "{}", stderr(&wrong));
}

#[test]
fn fixing_says_how_many_findings_are_fixed_and_how_many_are_left() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let turn = |role: &str| format!("{{\"role\":\"{role}\",\"parts\":[{{\"text\":\"{role}\"}}]}}");
    let line = |rest: &str| format!("{{\"contents\":[{},{}]{rest}}}\n", turn("user"), turn("model"));
    let check = |arguments: &[&str]| {
        let output = run(&[&["check", "--ignore", "dataset"], arguments].concat(), folder.path());
        let said = stderr(&output);
        said.lines().last().unwrap_or_default().to_owned()
    };
    write("a.jsonl", &(line(",") + &line("") + &line(",") + "{\"contents\":[\n"));
    write("b.jsonl", &line(","));
    assert_eq!(check(&["--diff", "b.jsonl"]), "Would fix 1 finding in 1 file");
    assert_eq!(check(&["--diff", "a.jsonl", "b.jsonl"]), "Would fix 3 findings in 2 files");
    assert_eq!(check(&["--diff", "a.jsonl", "--quiet"]), "");
    assert_eq!(check(&["--diff", "a.jsonl", "--ignore", "trailing-comma"]), "Nothing to fix");
    assert_eq!(check(&["--diff", "missing.jsonl"]), "error: missing.jsonl: no such file or folder");
    let left = stdout(&run(&["check", "--ignore", "dataset,trailing-comma", "a.jsonl"], folder.path())).lines().count();
    assert!(left > 0);
    assert_eq!(check(&["--fix", "b.jsonl"]), "Fixed 1 finding in 1 file, none left");
    assert_eq!(check(&["--fix", "b.jsonl"]), "Nothing to fix");
    write("b.jsonl", &line(","));
    assert_eq!(check(&["--fix", "a.jsonl", "b.jsonl"]), format!("Fixed 3 findings in 2 files, {left} left"));
    let findings = if left == 1 { "1 finding".to_owned() } else { format!("{left} findings") };
    assert_eq!(check(&["--fix", "a.jsonl", "b.jsonl"]), format!("Nothing to fix, {findings} left"));
    write("b.jsonl", &line(","));
    assert_eq!(check(&["--fix", "b.jsonl", "--quiet"]), "");
}

#[test]
fn a_diff_in_color_is_the_same_patch() {
    let diff = |color: &str| check(&["--diff", "--color", color]).stdout;
    let (plain, colored) = (diff("auto"), diff("always"));
    assert!(!plain.contains(&0x1b) && plain.starts_with(b"--- "));
    assert!(colored.windows(5).any(|bytes| bytes == b"\x1b[32m"));
    assert_eq!(anstream::adapter::strip_bytes(&colored).into_vec(), plain);
}
