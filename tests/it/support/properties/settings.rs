//! `tuning-ls.toml`, settings of a client, baselines and manifests of media files, of any text.

use std::io::Write;
use std::path::Path;
use tuning_ls::disk::media::manifest::{self, Others};
use tuning_ls::rules::configuration::read_configuration;
use tuning_ls::settings::toml::{with_baseline, with_renamed_paths, with_rule_level};
use tuning_ls::settings::{Baseline, Configuration, Level};

/// Reads one kind of file, which the first byte decides.
pub fn any_settings(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(bytes);
    match kind % 5 {
        0 => toml(&text),
        1 => json(&text),
        2 => baseline(&text),
        3 => media(bytes, "media.csv"),
        _ => media(bytes, "media.jsonl"),
    }
}

/// A settings file: findings are inside of its text, and a change is read back and keeps the rest.
fn toml(text: &str) {
    for finding in read_configuration(text).1 {
        assert!(text.get(finding.span.clone()).is_some(), "{finding:?} in {text:?}");
        assert!(!finding.message.contains('\n'), "{finding:?} in {text:?}");
    }
    let (before, problems) = Configuration::from_toml(text);
    for problem in problems {
        assert!(text.get(problem.span.clone()).is_some(), "{problem:?} in {text:?}");
    }
    if let Some(changed) = with_rule_level(text, "bad-uri", Level::Error) {
        let mut expected = before.base();
        expected.rules.insert("bad-uri".to_owned(), Level::Error);
        assert_eq!(Configuration::from_toml(&changed).0.base(), expected, "{text:?} becomes {changed:?}");
        assert_eq!(with_rule_level(&changed, "bad-uri", Level::Error).as_ref(), Some(&changed));
    }
    if let Some(changed) = with_baseline(text, "accepted.json") {
        let (after, _) = Configuration::from_toml(&changed);
        let named = after.baseline().map(|(path, _)| path);
        assert_eq!(named.as_deref(), Some(Path::new("accepted.json")), "{text:?} becomes {changed:?}");
        assert_eq!(with_baseline(&changed, "accepted.json"), None);
    }
    let renamed = [("old".to_owned(), "new, \"1\"".to_owned()), ("a.jsonl".to_owned(), "b[1].jsonl".to_owned())];
    if let Some(changed) = with_renamed_paths(text, &renamed) {
        let problems = |text: &str| Configuration::from_toml(text).1.len();
        assert_eq!(problems(&changed), problems(text), "{text:?} becomes {changed:?}");
    }
}

/// Settings from a client.
fn json(text: &str) {
    let Ok(value) = serde_json::from_str(text) else { return };
    for problem in Configuration::from_json(&value).1 {
        assert!(!problem.contains('\n'), "{problem:?} of {value}");
    }
}

/// A baseline that is read and written is the same.
fn baseline(text: &str) {
    match Baseline::read(text) {
        Ok(baseline) => {
            let written = Baseline::text(&baseline.entries());
            let again = Baseline::read(&written).map(|baseline| baseline.entries());
            assert_eq!(again, Ok(baseline.entries()), "{text:?} is written as {written:?}");
        }
        Err(problem) => assert!(!problem.contains('\n'), "{problem:?} of {text:?}"),
    }
}

/// A manifest that is read, and written as CSV and as JSON Lines, is the same.
fn media(bytes: &[u8], name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let read = |bytes: &[u8], name: &str| {
        let path = folder.path().join(name);
        std::fs::File::create(&path).and_then(|mut file| file.write_all(bytes)).unwrap();
        manifest::read(&path)
    };
    let Ok(first) = read(bytes, name) else { return };
    let mut rows: Vec<_> = first.rows.iter().map(|(uri, (_, facts))| (uri.as_str(), facts.clone())).collect();
    rows.sort_by_key(|(uri, _)| *uri);
    for other in ["written.csv", "written.jsonl"] {
        let mut out = Vec::new();
        let json = manifest::is_json(Path::new(other));
        manifest::write(&mut out, json, rows.iter().map(|(uri, facts)| (*uri, facts)), &Others::default()).unwrap();
        let written = String::from_utf8_lossy(&out);
        let second = read(&out, other).unwrap_or_else(|problem| panic!("{problem}: {written:?}"));
        assert_eq!(second.problems, [""; 0], "{written:?}");
        let mut again: Vec<_> = second.rows.iter().map(|(uri, (_, facts))| (uri.as_str(), facts.clone())).collect();
        again.sort_by_key(|(uri, _)| *uri);
        let origins = |rows: &mut Vec<(&str, tuning_ls::settings::media::Facts)>| {
            rows.iter_mut().for_each(|(_, facts)| facts.origin.clear());
        };
        let mut expected = rows.clone();
        origins(&mut expected);
        origins(&mut again);
        assert_eq!(again, expected, "{:?} is written as {written:?}", String::from_utf8_lossy(bytes));
    }
}
