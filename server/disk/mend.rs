//! What fixing a file changes in it.

use crate::analysis::{Analyst, Source};
use crate::disk::bytes::Reading;
use crate::disk::check::analyze;
use crate::disk::edited::{self, Replacement};
use crate::disk::source::FileText;
use crate::ide::edits::{Excerpt, Patch, Place, TextEdit};
use crate::ide::fixes::{self, File, Task};
use crate::json::{Edit, Parser};
use crate::rules::{Change, Extent, Fix, Operation, Severity};
use crate::settings::Settings;
use std::collections::BTreeMap;
use std::io;

/// So often suggested fixes are made: one may uncover another, and two may undo each other.
const ROUNDS: usize = 10;

/// Which fixes are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that certainly keep the meaning.
    Safe,
    /// Also the first that is offered for each finding.
    Suggested,
}

/// The replacements that make all safe fixes in a text, and the suggested ones when they are wanted, again
/// and again until there is nothing left to do, but no more than ten times. Records with bytes that are not
/// UTF-8 are left alone.
///
/// # Errors
/// When the text cannot be read again, or a temporary copy not be written.
pub fn mend(source: &FileText, settings: &Settings, which: Which) -> io::Result<Vec<Replacement>> {
    let mut all = all_safe(source, settings);
    for _ in 0..ROUNDS {
        if which == Which::Safe {
            break;
        }
        let text = with(source, &all)?;
        let next = first_offered(&text, settings);
        if next.is_empty() {
            break;
        }
        all = edited::compose(all, next);
        let safe = all_safe(&with(source, &all)?, settings);
        all = edited::compose(all, safe);
    }
    let mut buffer = Vec::new();
    all.retain(|Replacement { range, text }| source.bytes(range.clone(), &mut buffer) != text.as_bytes());
    Ok(all)
}

/// The text with replacements made, as a text of its own.
///
/// # Errors
/// When the text cannot be read again, or a temporary copy not be written.
pub fn with(source: &FileText, replacements: &[Replacement]) -> io::Result<FileText> {
    FileText::written(&Reading::TO_LOOK, |out| edited::write(source, replacements, out))
}

fn all_safe(source: &FileText, settings: &Settings) -> Vec<Replacement> {
    let (lines, verdict) = analyze(source, settings);
    let file = File { source, lines: &lines, verdict: &verdict };
    let edits = fixes::edits(&file, &mut Analyst::new(settings), &Task::FixAll);
    edited::replacements(source, edits)
}

/// The first fix of each finding, where it does not meet another.
fn first_offered(source: &FileText, settings: &Settings) -> Vec<Replacement> {
    let (lines, verdict) = analyze(source, settings);
    let mut offers = Offers {
        file: File { source, lines: &lines, verdict: &verdict },
        analyst: Analyst::new(settings),
        parser: Parser::default(),
        taken: BTreeMap::new(),
        of_whole_file: Vec::new(),
    };
    for line in lines.records_with_findings(&verdict, &Severity::ALL) {
        offers.record(line);
    }
    let edits = offers.taken.into_values().collect();
    edited::replacements(source, edits)
}

/// Edits that suggested fixes make, as far as they do not meet.
struct Offers<'a> {
    file: File<'a, FileText>,
    analyst: Analyst,
    parser: Parser,
    taken: BTreeMap<Place, TextEdit>,
    /// Operations on the whole file that were done already.
    of_whole_file: Vec<Operation>,
}

impl Offers<'_> {
    /// Takes what is suggested for the record that begins at `line`: edits of it, or else operations.
    fn record(&mut self, line: usize) {
        let File { source, lines, verdict, .. } = self.file;
        let mut buffer = String::new();
        let record = lines.record_at(line);
        let input = source.record(record.clone(), &mut buffer);
        if input.invalid.is_some() {
            return;
        }
        let listed = lines.findings_at(line, source, &mut self.analyst, verdict, true);
        // What is safe and still there was left on purpose.
        let offered = listed.iter().filter_map(|listed| listed.finding.fixes.first()).filter(|fix| !fix.safe);
        let (mut edits, mut operations) = (Vec::new(), Vec::new());
        for Fix { change, .. } in offered {
            match change {
                Change::Edits(of_one) => edits.push(of_one.as_slice()),
                Change::Operation(operation) => operations.push(*operation),
            }
        }
        if let Some(text) = self.patched(input.text, &edits) {
            let edit = Excerpt::new(source, record).change(0..input.text.len(), &text);
            self.take(edit.into_iter().collect());
            return;
        }
        for operation in operations {
            let of_whole_file = match operation {
                Operation::SetShared { extent, .. } => extent != Extent::Line,
                operation => operation == Operation::Unwrap,
            };
            if of_whole_file && self.of_whole_file.contains(&operation) {
                continue;
            }
            if of_whole_file {
                self.of_whole_file.push(operation);
            }
            let task = Task::Operation { line: record.start, operation };
            let edits = fixes::edits(&self.file, &mut self.analyst, &task);
            self.take(edits);
        }
    }

    /// The record with the edits made that do not meet; those are left out that break a record that parses, or
    /// after which one that does not has as many faults as before: they would be made again and again.
    fn patched(&mut self, text: &str, edits: &[&[Edit]]) -> Option<String> {
        let most = self.fault_count(text).saturating_sub(1);
        let mut patched = |edits: &[&[Edit]]| {
            let mut patch = Patch::default();
            for of_one in edits {
                patch.add(of_one);
            }
            patch.apply(text).filter(|next| next != text && self.fault_count(next) <= most)
        };
        patched(edits).or_else(|| edits.iter().find_map(|of_one| patched(&[of_one])))
    }

    fn fault_count(&mut self, text: &str) -> usize {
        self.parser.parse(text.strip_prefix('\u{FEFF}').unwrap_or(text));
        self.parser.fault_count()
    }

    /// Takes edits that belong together, unless one of them meets one that was taken.
    fn take(&mut self, edits: Vec<TextEdit>) {
        let meets = |edit: &TextEdit| {
            self.taken.range(..=edit.end).next_back().is_some_and(|(_, known)| known.end >= edit.start)
        };
        if !edits.iter().any(meets) {
            self.taken.extend(edits.into_iter().map(|edit| (edit.start, edit)));
        }
    }
}
