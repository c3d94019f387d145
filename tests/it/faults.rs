//! One mistake, one finding: each fault that `tests/bench/gen.py` puts into a line gives exactly one error or warning,
//! and the other lines have none. A template that is left as it was inserted has a finding too.

use crate::support::commands::{fed, said};
use crate::support::judge::{self, Found};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use tuning_ls::formats::FORMATS;
use tuning_ls::formats::Piece;
use tuning_ls::rules::Severity;
use tuning_ls::settings::{Level, Settings};

/// Runs the generator, which needs Python.
fn generated(arguments: &[&str]) -> Vec<u8> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/gen.py");
    let made = fed(Command::new("python3").arg(script).args(arguments), b"");
    assert!(made.status.success(), "{}", said(&made));
    made.stdout
}

/// The names of all faults of a format of the generator.
fn faults(format: &str) -> Vec<String> {
    let names = String::from_utf8(generated(&["--list-faults", "--format", format])).unwrap();
    names.lines().map(str::to_owned).collect()
}

/// Puts each fault into about a fifth of the lines, and asserts that these lines have one finding each.
#[track_caller]
fn each_has_one_finding(format: &str, lines: &str, count: usize) {
    let faults = faults(format);
    assert_eq!(faults.len(), count, "{faults:?}");
    let settings = Settings {
        rules: [("too-few-examples".to_owned(), Level::Off)].into(),
        max_diagnostics: usize::MAX,
        ..Settings::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("faults.tsv");
    let manifest = manifest.to_str().unwrap();
    let mut problems = Vec::new();
    for fault in faults {
        let into = ["--format", format, "--lines", lines, "--bad-rate", "0.2", "--seed", "5", "--manifest", manifest];
        let text = generated(&[&into[..], &["--faults", &fault]].concat());
        let faulty = std::fs::read_to_string(manifest).unwrap();
        let faulty = faulty.lines().map(|line| line.split_once('\t').unwrap().0.parse::<usize>().unwrap());
        let expected: BTreeMap<usize, usize> = faulty.map(|line| (line, 1)).collect();
        assert!(expected.len() > 5, "{fault}");
        let judged = judge::judge(&text, &settings).found;
        // A blank line is only information.
        let counts = |found: &&Found| found.finding.severity <= Severity::Warning || found.code() == "blank-line";
        let counted: Vec<_> = judged.iter().filter(counts).collect();
        let mut found = BTreeMap::new();
        counted.iter().for_each(|one| *found.entry(one.line + 1).or_default() += 1);
        if found != expected {
            let codes: Vec<_> = counted.iter().map(|found| (found.line + 1, found.code())).collect();
            problems.push(format!("{fault}: expected one on each of {:?}, found {codes:?}", expected.keys()));
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn each_fault_of_gemini_lines_has_exactly_one_error_or_warning() {
    each_has_one_finding("jsonl", "60", 24);
}

#[test]
fn each_fault_of_openai_lines_has_exactly_one_error_or_warning() {
    // More lines, because some faults only fit lines with a call.
    each_has_one_finding("openai", "120", 32);
}

#[test]
fn a_location_of_a_template_is_a_placeholder() {
    let mut count = 0;
    for template in FORMATS.iter().flat_map(|format| format.templates).filter(|it| it.of == Piece::Line) {
        let line = template.json.replace("SHARED", "MEDIA_RESOLUTION_LOW") + "\n";
        let judged = judge::judge(line.as_bytes(), &Settings::default()).found;
        let has_one = judged.iter().any(|found| found.code() == "placeholder-uri");
        assert_eq!(has_one, template.media.is_some(), "{line}");
        count += usize::from(has_one);
    }
    assert!(count > 3, "{count}");
}
