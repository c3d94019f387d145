//! Every output format, of a file with any bytes and any name: other programs can read it, and a terminal shows it without
//! harm.

use clap::Parser;
use serde_json::Value;
use std::path::Path;
use tuning_ls::cli::arguments::Arguments;
use tuning_ls::cli::command::{Outcome, Program, Run};

/// A file whose name and bytes these are: the first byte is the length of the name.
pub fn any_file(bytes: &[u8]) {
    let Some((&len, rest)) = bytes.split_first() else { return };
    let (name, text) = rest.split_at(usize::from(len % 32).min(rest.len()));
    let name: String = String::from_utf8_lossy(name).replace(['/', '\0'], "_");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{name}.jsonl"));
    // A name that the file system does not take.
    if std::fs::write(&path, text).is_err() {
        return;
    }
    let tell = |printed: &str| format!("{printed:?} of {name:?} with {:?}", String::from_utf8_lossy(text));
    let lines = printed("json-lines", &path);
    let findings: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{}", tell(line)))).collect();
    for format in ["json", "sarif", "gitlab"] {
        let text = printed(format, &path);
        let report: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {}", tell(&text)));
        let found = match format {
            "json" => &report["findings"],
            "sarif" => &report["runs"][0]["results"],
            _ => &report,
        };
        assert_eq!(found.as_array().map(Vec::len), Some(findings.len()), "{format}: {}", tell(&text));
    }
    let junit = printed("junit", &path);
    let document = roxmltree::Document::parse(&junit).unwrap_or_else(|error| panic!("{error}: {}", tell(&junit)));
    let cases = document.descendants().filter(|node| node.has_tag_name("testcase")).count();
    assert_eq!(cases, findings.len().max(1), "{}", tell(&junit));
    let github = printed("github", &path);
    // The runner reads lines like .NET, which end with CR, LF or both.
    let commands: Vec<_> = github.split_terminator(['\n', '\r']).collect();
    assert_eq!(commands.len(), findings.len(), "{}", tell(&github));
    for (command, finding) in commands.into_iter().zip(&findings) {
        let known = ["::error file=", "::warning file=", "::notice file="];
        assert!(known.iter().any(|start| command.starts_with(start)), "{}", tell(command));
        let (head, message) = command[2..].split_once("::").unwrap_or_else(|| panic!("{}", tell(command)));
        let properties: Vec<_> = head.split(',').map(|pair| pair.split('=').next().unwrap_or_default()).collect();
        assert!(properties[0].ends_with(" file") && properties[1..3] == ["line", "col"], "{}", tell(command));
        let plain = message.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
        assert_eq!(Some(plain), finding["message"].as_str().map(escaped));
    }
    let concise = printed("concise", &path);
    assert_eq!(concise.lines().count(), findings.len(), "{}", tell(&concise));
    for text in [&concise, &junit, &printed("full", &path)] {
        assert!(!text.contains(is_harmful), "{}", tell(text));
    }
}

/// What `check` prints for a file in a format.
fn printed(format: &str, path: &Path) -> String {
    let out = path.with_file_name("out");
    let arguments = ["tuning-ls", "check", "--no-config", "--quiet", "--output-format", format, "--output-file"];
    let mut arguments: Vec<std::ffi::OsString> = arguments.iter().map(Into::into).collect();
    arguments.extend([out.clone().into(), path.into()]);
    let arguments = Arguments::try_parse_from(arguments).unwrap();
    let (mut unused, mut problems) = (Vec::new(), Vec::new());
    let mut program = Program {
        command_line: <Arguments as clap::CommandFactory>::command,
        serve: tuning_ls::lsp::serve,
        out: &mut unused,
        problems: &mut problems,
    };
    let outcome = arguments.command.run(&mut program).unwrap();
    assert!(outcome != Outcome::Failed, "{}", String::from_utf8_lossy(&problems));
    String::from_utf8(std::fs::read(&out).unwrap()).unwrap()
}

/// Whether a terminal might obey the character or hide it, or XML doesn't allow it.
pub fn is_harmful(letter: char) -> bool {
    letter.is_control() && letter != '\n'
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{FFFE}' | '\u{FFFF}')
        || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn escaped(text: &str) -> String {
    let shown = |letter: char| if is_harmful(letter) { letter.escape_default().to_string() } else { letter.into() };
    text.chars().map(shown).collect()
}
