//! One mistake, one finding: each fault that `tests/bench/gen.py` puts into a line gives exactly one error or warning,
//! and the other lines have none. And no template of an editor is left as it was inserted without a finding.

use crate::support::commands::{fed, said};
use crate::support::judge;
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

/// The names of all faults, from the end of the generator's help.
fn faults() -> Vec<String> {
    let help = String::from_utf8(generated(&["--help"])).unwrap();
    let (_, names) = help.rsplit_once("faults:").unwrap();
    names.split(',').map(|name| name.split_whitespace().collect()).collect()
}

#[test]
fn each_fault_has_exactly_one_error_or_warning() {
    let faults = faults();
    assert_eq!(faults.len(), 24, "{faults:?}");
    let settings = Settings {
        rules: [("too-few-examples".to_owned(), Level::Off)].into(),
        max_diagnostics: usize::MAX,
        ..Settings::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("faults.tsv");
    let mut problems = Vec::new();
    for fault in faults {
        for seed in ["5", "6"] {
            let text = generated(&[
                "--lines",
                "60",
                "--bad-rate",
                "0.2",
                "--faults",
                &fault,
                "--seed",
                seed,
                "--manifest",
                manifest.to_str().unwrap(),
            ]);
            let faulty = std::fs::read_to_string(&manifest).unwrap();
            let faulty = faulty.lines().map(|line| line.split_once('\t').unwrap().0.parse::<usize>().unwrap());
            let mut expected: BTreeMap<usize, usize> = faulty.map(|line| (line, 1)).collect();
            assert!(expected.len() > 5, "{fault}");
            if fault == "blank-line" {
                expected.clear();
            }
            let mut found = BTreeMap::new();
            let judged = judge::judge(&text, &settings).found;
            let severe = judged.iter().filter(|found| found.finding.severity <= Severity::Warning);
            severe.clone().for_each(|one| *found.entry(one.line + 1).or_default() += 1);
            if fault == "single-quotes" {
                // A line may have one finding for all its quotes, or one for each kind of place.
                found.values_mut().for_each(|count: &mut usize| *count = (*count).min(1));
            }
            if found != expected {
                let codes: Vec<_> = severe.map(|found| (found.line + 1, found.code())).collect();
                problems.push(format!("{fault}, seed {seed}: expected {expected:?}, found {codes:?}"));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
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
