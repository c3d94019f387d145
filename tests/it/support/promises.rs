//! What every safe fix promises: its finding goes away, no new finding appears, a second run changes nothing, and a record
//! whose JSON syntax can be fixed parses afterwards.

use super::judge::{Found, judge};
use super::repair::{done_under, task_of};
use std::ops::Range;
use tuning_ls::ide::fixes::Task;
use tuning_ls::json::Span;
use tuning_ls::rules::{self, Change};
use tuning_ls::settings::Settings;

/// A replacement of a byte range.
type Replacement = (Range<usize>, String);

/// The promises that the safe fixes of a text break.
pub fn broken(text: &[u8], settings: &Settings) -> Vec<String> {
    // Text that is not UTF-8 is never edited.
    let Ok(text) = std::str::from_utf8(text) else { return Vec::new() };
    // Without a cap, so that a fix does not make room for other findings.
    let settings = &Settings { max_diagnostics: usize::MAX, ..settings.clone() };
    let found = judge(text.as_bytes(), settings).found;
    let mut problems = Vec::new();
    for one in &found {
        problems.extend(alone(text, &found, one, settings));
    }
    problems.extend(all(text, &found, settings));
    problems
}

/// What goes wrong if only the first safe fix of one finding is applied.
fn alone(text: &str, before: &[Found], one: &Found, settings: &Settings) -> Vec<String> {
    let Some(fix) = one.finding.fixes.iter().find(|fix| fix.is_safe()) else { return Vec::new() };
    let named = |problem: String| format!("the safe fix \"{}\" of {} {problem}", fix.title, one.code());
    let result = done_under(text, &task_of(one, fix), settings);
    if result == text {
        return vec![named("changes nothing".to_owned())];
    }
    // The tests of each operation check its other promises.
    let Change::Edits(edits) = &fix.change else { return Vec::new() };
    let bytes = |span: Span| one.record + span.start()..one.record + span.end();
    let edits: Vec<Replacement> = edits.iter().map(|edit| (bytes(edit.span), edit.text.clone())).collect();
    if edits.windows(2).any(|pair| pair[0].0.end > pair[1].0.start) {
        return vec![named("has edits that are not in order or overlap".to_owned())];
    }
    let after = judge(result.as_bytes(), settings).found;
    let mut problems = Vec::new();
    let old_place = moved(&one.bytes, &edits);
    if after.iter().any(|other| other.code() == one.code() && other.bytes == old_place) {
        problems.push(named(format!("leaves its finding: {result}")));
    }
    let is_new = |other: &&Found| {
        !before.iter().any(|known| known.code() == other.code() && moved(&known.bytes, &edits) == other.bytes)
    };
    for other in after.iter().filter(is_new) {
        // A finding that is reported once per file moves to the next place.
        let moves_on = other.code() == one.code() && other.record > one.record;
        if !moves_on && !was_silenced(one, other, &edits) {
            problems.push(named(format!("brings [{}] {}", other.code(), other.finding.message)));
        }
    }
    problems
}

/// The new range of a place after some edits.
fn moved(place: &Range<usize>, edits: &[Replacement]) -> Range<usize> {
    let shift = |at: usize, is_end: bool| {
        let mut moved = at;
        for (range, text) in edits {
            let passed = range.end < at || (range.end == at && !(is_end && range.is_empty()));
            if passed {
                moved = moved + text.len() - range.len();
            } else if range.start < at {
                // The place is inside a replaced range: use its new start or end.
                moved = moved - (at - range.start) + if is_end { text.len() } else { 0 };
            }
        }
        moved
    };
    let start = shift(place.start, false);
    start..shift(place.end, true).max(start)
}

/// Whether a finding that appeared after a fix can have been suppressed by the fixed one. A syntax fault suppresses
/// everything but syntax; any other finding only what lies in the inserted text.
fn was_silenced(one: &Found, other: &Found, edits: &[Replacement]) -> bool {
    if is_grammar(one) {
        return !is_grammar(other);
    }
    let mut grown = 0isize;
    edits.iter().any(|(range, text)| {
        let start = range.start.saturating_add_signed(grown);
        grown += text.len() as isize - range.len() as isize;
        other.bytes.start < start + text.len() && start < other.bytes.end
    })
}

fn is_grammar(found: &Found) -> bool {
    let family = rules::FAMILIES.iter().find(|family| family.rules.iter().any(|row| row.rule.code == found.code()));
    family.is_some_and(|family| family.name == "json") && !matches!(found.code(), "duplicate-key" | "not-an-object")
}

/// What goes wrong if all safe fixes are applied.
fn all(text: &str, before: &[Found], settings: &Settings) -> Vec<String> {
    let once = done_under(text, &Task::FixAll, settings);
    let mut problems = Vec::new();
    if done_under(&once, &Task::FixAll, settings) != once {
        problems.push(format!("fixing everything twice differs from once: {once}"));
    }
    let left = judge(once.as_bytes(), settings).found;
    let safe = left.iter().filter(|found| found.finding.fixes.iter().any(|fix| fix.is_safe()));
    for found in safe {
        problems.push(format!("fixing everything safe leaves [{}] {}", found.code(), found.finding.message));
    }
    let mut grammar = before.iter().filter(|found| is_grammar(found)).peekable();
    let has_grammar = grammar.peek().is_some();
    if grammar
        .all(|found| found.finding.fixes.iter().any(|fix| fix.is_safe() && matches!(fix.change, Change::Edits(_))))
    {
        let lines = once.trim_start_matches('\u{FEFF}').split(['\n', '\r']).filter(|line| !line.trim().is_empty());
        for line in lines {
            if let Err(error) = serde_json::from_str::<serde_json::Value>(line) {
                let what = if has_grammar { "all its grammar faults had safe fixes" } else { "it parsed before" };
                problems.push(format!("{what}, but it does not parse: {error}: {line}"));
            }
        }
    }
    problems
}
