//! Fixes, formatting, normalizing, joining and conversions of mutated real lines of every format: no text is lost, a second
//! time changes nothing, and what parsed still parses.

use super::keeping;
use crate::support::broken::Choices;
use crate::support::judge::judge;
use crate::support::mutations::{broken_line, file_of, real_lines};
use crate::support::repair::{Open, applied, done_under, fixed, lines_of, normalized, task_of};
use crate::support::values::{Holding, difference};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use tuning_ls::formats::FORMATS;
use tuning_ls::ide::format::format;
use tuning_ls::ide::{paste, view};
use tuning_ls::rules::Change;
use tuning_ls::settings::Settings;

/// More findings of a file are not fixed one by one.
const FIXED_ALONE: usize = 30;

static LINES: LazyLock<Vec<String>> = LazyLock::new(real_lines);
static WORDS: LazyLock<Vec<BTreeSet<String>>> =
    LazyLock::new(|| LINES.iter().map(|line| keeping::words(line)).collect());

/// A file that the bytes decide: of mutated real lines, or their own text.
pub fn any_file(bytes: &[u8]) {
    let mut choices = Choices::given(bytes);
    if choices.one_in(4) {
        return any_text(&choices.given_text(bytes.len()));
    }
    // The examples of a file are alike: neighbors in the sorted list.
    let (first, size) = (choices.below(LINES.len()), 1 + choices.below(3));
    let places: Vec<usize> = (first..first + size).map(|place| place % LINES.len()).collect();
    let lines: Vec<_> = places.iter().map(|place| broken_line(&LINES[*place], &mut choices)).collect();
    let words = places.iter().flat_map(|place| WORDS[*place].clone()).collect();
    let text = file_of(&lines, &mut choices);
    let problem = keeping::problem(&text, &words);
    assert!(problem.is_none(), "{}", problem.unwrap_or_default());
    any_text(&text);
}

/// Everything that changes a text.
pub fn any_text(text: &str) {
    let before = Holding::of(text);
    for (name, after) in [("fixed", fixed(text)), ("normalized", normalized(text))] {
        let objects = if after == text { before.objects } else { Holding::of(&after).objects };
        // In an array, lines are no records.
        let is_array = text.trim_start_matches('\u{FEFF}').trim_start().starts_with('[');
        assert!(is_array || objects >= before.objects, "{name}, {text:?} parses no more: {after:?}");
    }
    formatted(text);
    fixed_one_by_one(text);
    text.lines().for_each(expanded);
    pasted(text, &before);
}

fn value(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// Formatting keeps records, lines and values.
fn formatted(text: &str) {
    let open = Open::new(text);
    let after = applied(text, &format(&open.document, &open.lines, 0..open.document.line_count()));
    let (old, new) = (lines_of(text), lines_of(&after));
    assert_eq!(old.len(), new.len(), "{text:?} is formatted as {after:?}");
    let opened = Open::new(&after);
    let records = |open: &Open| open.lines.records().collect::<Vec<_>>();
    assert_eq!(records(&open), records(&opened), "{text:?} is formatted as {after:?}");
    let again = format(&opened.document, &opened.lines, 0..opened.document.line_count());
    assert_eq!(again, [], "formatted a second time: {after:?}");
    for ((start, len), (new_start, new_len)) in old.into_iter().zip(new) {
        let (old, new) = (&text[start..start + len], &after[new_start..new_start + new_len]);
        assert!(value(old).is_none_or(|old| value(new) == Some(old)), "{old:?} is formatted as {new:?}");
    }
}

/// Each fix by itself keeps a record that parses on its line.
fn fixed_one_by_one(text: &str) {
    let settings = Settings::default();
    for found in judge(text.as_bytes(), &settings).found.iter().take(FIXED_ALONE) {
        for fix in &found.finding.fixes {
            let after = done_under(text, &task_of(found, fix), &settings);
            let line = |text: &str| {
                let (start, len) = lines_of(text)[found.line];
                text[start..start + len].trim_start_matches('\u{FEFF}').to_owned()
            };
            if matches!(fix.change, Change::Edits(_)) && value(&line(text)).is_some() {
                let parses = value(&line(&after)).is_some() && lines_of(&after).len() == lines_of(text).len();
                assert!(parses, "{:?} of {} in {text:?} leads to {after:?}", fix.title, found.code());
            }
        }
    }
}

/// A record that is expanded, and joined again, has the same value.
fn expanded(record: &str) {
    let record = record.trim_start_matches('\u{FEFF}');
    let Some(expected) = value(record) else { return };
    let lines = view::expanded(record);
    assert_eq!(value(&lines).as_ref(), Some(&expected), "{record:?} is expanded to {lines:?}");
    let joined = view::joined(&lines);
    assert_eq!(value(&joined).as_ref(), Some(&expected), "{lines:?} is joined to {joined:?}");
    assert!(!joined.contains(['\n', '\r']), "{joined:?}");
}

/// Pasted text becomes lines that parse. Texts that are not in them are listed.
fn pasted(text: &str, before: &Holding) {
    for format in FORMATS {
        for is_prompts_only in [None, Some(false)] {
            let host = paste::Host { format, service: format.default_service(), shared: None, is_prompts_only };
            let Some(pasted) = paste::examples(text, &host) else { continue };
            for line in &pasted.lines {
                assert!(!line.contains(['\n', '\r']), "{line:?} of {text:?}");
                assert!(value(line).is_some_and(|value| value.is_object()), "{line:?} of {text:?}");
            }
            let lines = pasted.lines.join("\n");
            assert_eq!(paste::examples(&lines, &host), None, "pasted a second time: {lines:?} of {text:?}");
            if pasted.unplaced.is_empty() {
                let (lost, _) = difference(&before.certain, &Holding::of(&lines).all);
                // An escape of Python's is only pasted as the character that it means.
                let lost = lost.iter().find(|leaf| leaf.text.contains(' ') && !leaf.text.contains('\\'));
                assert_eq!(lost, None, "lost from {text:?} in {lines:?} for {}", format.id);
            }
        }
    }
}
