//! Fixes, applied to a text.

use super::judge::{Found, Session, line_starts};
use std::ops::Range;
use tuning_ls::analysis::{Shown, Source};
use tuning_ls::ide::edits::Place;
use tuning_ls::ide::fixes::{self, Task};
use tuning_ls::rules::{Change, Fix, Operation, Relations};
use tuning_ls::settings::Settings;
use tuning_ls::text::Document;

/// Fixing everything looks at the text this often at most.
const ROUNDS: usize = 10;

/// A replacement of bytes of a text.
pub type Replacement = (Range<usize>, String);

/// A named operation that cannot be carried out here yet.
#[derive(Clone, Copy, Debug)]
pub struct NotYet(pub Operation);

/// The replacements of a fix for a record that begins at byte `record`; `None` for an operation.
pub fn replacements(fix: &Fix, record: usize) -> Option<Vec<Replacement>> {
    let Change::Edits(edits) = &fix.change else { return None };
    let moved = |span: tuning_ls::json::Span| record + span.start()..record + span.end();
    Some(edits.iter().map(|edit| (moved(edit.span), edit.text.clone())).collect())
}

/// The text with these replacements, which are apart from each other.
pub fn replaced(text: &str, mut replacements: Vec<Replacement>) -> String {
    replacements.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = text.to_owned();
    for (range, new) in replacements.iter().rev() {
        out.replace_range(range.clone(), new);
    }
    out
}

/// The text after the first fix of each of these findings. Of fixes that overlap only the first is
/// applied.
///
/// # Errors
/// [`NotYet`].
pub fn first_fixes(text: &str, found: &[&Found], settings: &Settings) -> Result<String, NotYet> {
    let mut accepted = Vec::new();
    let mut operations = Vec::new();
    for found in found {
        let Some(fix) = found.finding.fixes.first() else { continue };
        match (&fix.change, replacements(fix, found.record)) {
            (_, Some(edits)) => accept(&mut accepted, edits),
            (Change::Operation(named), _) => operations.push((found.line, *named)),
            _ => {}
        }
    }
    let mut text = replaced(text, accepted);
    // From the last line up, so that the lines of the others stay where they are.
    for (line, named) in operations.into_iter().rev() {
        text = operation(&text, line, named, settings)?;
    }
    Ok(text)
}

/// The text after all safe fixes, again and again until nothing changes.
///
/// # Errors
/// [`NotYet`].
pub fn fix_all(text: &str, settings: &Settings) -> Result<String, NotYet> {
    let mut text = text.to_owned();
    for _ in 0..ROUNDS {
        let next = round(&text, settings)?;
        if next == text {
            break;
        }
        text = next;
    }
    Ok(text)
}

fn round(text: &str, settings: &Settings) -> Result<String, NotYet> {
    let document = Document::new(text, 0);
    let Session { mut analyst, lines, verdict } = Session::new(&document, settings);
    let starts = line_starts(text.as_bytes());
    let mut accepted = Vec::new();
    let mut named = None;
    let mut buffer = String::new();
    for record in lines.records() {
        let (line, start) = (record.start, starts.get(record.start).copied().unwrap_or(text.len()));
        let input = document.record(record, &mut buffer);
        let findings = analyst
            .findings(&input, Shown { verdict: &verdict, line, fixes: true, relations: Relations::NONE, all: true });
        for fix in findings.iter().filter_map(|finding| finding.fixes.iter().find(|fix| fix.safe)) {
            match (&fix.change, replacements(fix, start)) {
                (_, Some(edits)) => accept(&mut accepted, edits),
                (Change::Operation(operation), _) => named = named.or(Some((line, *operation))),
                _ => {}
            }
        }
    }
    match named {
        Some((line, named)) if accepted.is_empty() => operation(text, line, named, settings),
        _ => Ok(replaced(text, accepted)),
    }
}

/// Takes a fix unless it meets one that was taken.
fn accept(accepted: &mut Vec<Replacement>, edits: Vec<Replacement>) {
    let meets = |a: &Range<usize>, b: &Range<usize>| {
        if a.is_empty() || b.is_empty() {
            a.start <= b.end && b.start <= a.end
        } else {
            a.start < b.end && b.start < a.end
        }
    };
    if !edits.iter().any(|(new, _)| accepted.iter().any(|(old, _)| meets(new, old))) {
        accepted.extend(edits);
    }
}

/// The text after a named operation that was offered on the record at `line`.
fn operation(text: &str, line: usize, named: Operation, settings: &Settings) -> Result<String, NotYet> {
    let document = Document::new(text, 0);
    let Session { mut analyst, lines, verdict } = Session::new(&document, settings);
    let file = fixes::File { source: &document, lines: &lines, verdict: &verdict, settings };
    let edits = fixes::edits(&file, &mut analyst, &Task::Operation { line, operation: named });
    if edits.is_empty() {
        return Err(NotYet(named));
    }
    let starts = line_starts(text.as_bytes());
    let byte = |place: Place| starts.get(place.line).map_or(text.len(), |start| start + place.byte);
    Ok(replaced(text, edits.into_iter().map(|edit| (byte(edit.start)..byte(edit.end), edit.text)).collect()))
}
