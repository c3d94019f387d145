//! The replacements that fix a file.

use crate::analysis::{Analyst, Source};
use crate::disk::check::analyze;
use crate::disk::edited::{self, Replacement};
use crate::disk::source::FileText;
use crate::ide::edits::{Excerpt, Place, TextEdit, apply_fixes};
use crate::ide::fixes::{self, File, Task};
use crate::json::{Edit, Parser};
use crate::rules::{Applicability, Change, Extent, Fix, Operation, Severity};
use crate::settings::Settings;
use std::collections::BTreeMap;
use std::io;

/// Suggested fixes are applied at most this often: one may make another possible, and two may undo each other.
const MAX_ROUNDS: usize = 100;

/// A record with more syntax errors is noise, and gets no suggested fixes: each parses the record again.
const MAX_FAULTS: usize = 1_000;

/// The replacements that apply all safe fixes to a text. With `suggested`, also applies the first suggested fix of each
/// finding, until there is none left or after 100 rounds. Records with bytes that are not UTF-8 stay as they are.
///
/// # Errors
/// The text cannot be read again, or a temporary copy cannot be written.
pub fn repair(source: &FileText, settings: &Settings, suggested: bool) -> io::Result<Vec<Replacement>> {
    repair_and_tell(source, settings, suggested, &mut |_, _| {})
}

/// The same; `tell` gets each suggested fix, and the record that it is for.
///
/// # Errors
/// As for [`repair`].
pub fn repair_and_tell(
    source: &FileText,
    settings: &Settings,
    suggested: bool,
    tell: &mut dyn FnMut(&Fix, &str),
) -> io::Result<Vec<Replacement>> {
    let mut all = safe_fixes(source, settings);
    let rounds = if suggested { MAX_ROUNDS } else { 0 };
    for _ in 0..rounds {
        let next = suggested_fixes(&edited::apply(source, &all)?, settings, tell);
        if next.is_empty() {
            break;
        }
        all = edited::compose(all, next);
        let safe = safe_fixes(&edited::apply(source, &all)?, settings);
        all = edited::compose(all, safe);
    }
    let mut buffer = Vec::new();
    all.retain(|Replacement { range, text }| source.bytes(range.clone(), &mut buffer) != text.as_bytes());
    Ok(all)
}

/// The replacements that apply all safe fixes to a text and make its lines canonical, as the editor's action does. Records
/// with bytes that are not UTF-8 stay as they are.
///
/// # Errors
/// A phrase for the user that says why the action doesn't apply to this file.
pub fn normalize(source: &FileText, settings: &Settings) -> Result<Vec<Replacement>, &'static str> {
    let (lines, verdict) = analyze(source, settings);
    if verdict.array.is_some() {
        return Err("this file is one JSON array; `tuning-ls check --fix` puts each example on its own line");
    }
    if !verdict.tuning {
        return Err("this is not a tuning file");
    }
    let file = File { source, lines: &lines, verdict: &verdict };
    let edits = fixes::edits(&file, &mut Analyst::new(settings), &Task::NormalizeAll);
    let mut replacements = edited::replacements(source, edits);
    let mut buffer = Vec::new();
    replacements.retain(|Replacement { range, text }| source.bytes(range.clone(), &mut buffer) != text.as_bytes());
    Ok(replacements)
}

fn safe_fixes(source: &FileText, settings: &Settings) -> Vec<Replacement> {
    let (lines, verdict) = analyze(source, settings);
    let file = File { source, lines: &lines, verdict: &verdict };
    let edits = fixes::edits(&file, &mut Analyst::new(settings), &Task::FixAll);
    edited::replacements(source, edits)
}

/// The first suggested fix of each finding, unless it overlaps another.
fn suggested_fixes(source: &FileText, settings: &Settings, tell: &mut dyn FnMut(&Fix, &str)) -> Vec<Replacement> {
    let (lines, verdict) = analyze(source, settings);
    let mut accepted = Accepted {
        file: File { source, lines: &lines, verdict: &verdict },
        analyst: Analyst::new(settings),
        parser: Parser::default(),
        edits: BTreeMap::new(),
        file_operations: Vec::new(),
    };
    for line in lines.records_with_findings(&verdict, &Severity::ALL) {
        accepted.add_record(line, tell);
    }
    edited::replacements(source, accepted.edits.into_values().collect())
}

/// The edits of suggested fixes that don't overlap.
struct Accepted<'a> {
    file: File<'a, FileText>,
    analyst: Analyst,
    parser: Parser,
    edits: BTreeMap<Place, TextEdit>,
    /// Operations on the whole file that were already added.
    file_operations: Vec<Operation>,
}

impl Accepted<'_> {
    /// Adds the suggested edits of the record that begins at `line`, or else its suggested operations.
    fn add_record(&mut self, line: usize, tell: &mut dyn FnMut(&Fix, &str)) {
        let File { source, lines, verdict, .. } = self.file;
        let mut buffer = String::new();
        let record = lines.record_at(line);
        let input = source.record(record.clone(), &mut buffer);
        let faults = self.fault_count(input.text);
        if input.invalid.is_some() || faults > MAX_FAULTS {
            return;
        }
        let listed = lines.findings_at(line, source, &mut self.analyst, verdict, true);
        // A safe fix that is still there was left out on purpose.
        let is_manual = |fix: &&Fix| fix.applicability == Applicability::Manual;
        let first = listed.iter().filter_map(|listed| listed.finding.fixes.iter().find(|fix| !is_manual(fix)));
        let suggested = first.filter(|fix| !fix.is_safe());
        let (mut edits, mut operations) = (Vec::new(), Vec::new());
        for fix in suggested {
            tell(fix, input.text);
            match &fix.change {
                Change::Edits(of_one) => edits.push(of_one.as_slice()),
                Change::Operation(operation) => operations.push(*operation),
            }
        }
        if let Some(text) = self.patched(input.text, faults, &edits) {
            let edit = Excerpt::new(source, record).change(0..input.text.len(), &text);
            self.add(edit.into_iter().collect());
            return;
        }
        for operation in operations {
            let of_whole_file = match operation {
                Operation::SetShared { extent, .. } => extent != Extent::Line,
                operation => operation == Operation::Unwrap,
            };
            if of_whole_file {
                if self.file_operations.contains(&operation) {
                    continue;
                }
                self.file_operations.push(operation);
            }
            let task = Task::Operation { line: record.start, operation };
            let edits = fixes::edits(&self.file, &mut self.analyst, &task);
            self.add(edits);
        }
    }

    /// The record after the edits that don't overlap. Edits are left out if they add a syntax error to a well-formed
    /// record, or don't reduce the errors of another one: they would be applied again and again.
    fn patched(&mut self, text: &str, faults: usize, edits: &[&[Edit]]) -> Option<String> {
        let max = faults.saturating_sub(1);
        apply_fixes(text, edits, |next| self.fault_count(next) <= max)
    }

    fn fault_count(&mut self, text: &str) -> usize {
        self.parser.parse(text.strip_prefix('\u{FEFF}').unwrap_or(text));
        self.parser.fault_count()
    }

    /// Adds edits that belong together, unless one of them touches an earlier one.
    fn add(&mut self, edits: Vec<TextEdit>) {
        let touches = |edit: &TextEdit| {
            self.edits.range(..=edit.end).next_back().is_some_and(|(_, earlier)| earlier.end >= edit.start)
        };
        if !edits.iter().any(touches) {
            self.edits.extend(edits.into_iter().map(|edit| (edit.start, edit)));
        }
    }
}
