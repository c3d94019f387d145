//! Repairs: what can be done about the findings at a place, and which edits do it.
//!
//! This room must not know what is wrong with a record (rules say that, with the fixes they have), and it
//! remembers nothing between offering and doing: the edits are found in the text as it is then.

mod array;
pub(super) mod copy;
mod operations;
pub(super) mod repair;
mod resolution;
pub(super) mod rounds;

use crate::analysis::{Analyst, Lines, Source};
use crate::ide::edits::{Excerpt, Place, TextEdit, change, end_text};
use crate::ide::fixes::copy::text_of;
use crate::ide::fixes::rounds::Goal;
use crate::ide::normalize;
use crate::json::{Edit, Parser, Span};
use crate::rules::{Change, Extent, Finding, LineEnd, Operation, Verdict};
use crate::settings::Settings;
use std::sync::Arc;

/// A list of actions is made for so many records at most.
const MOST_RECORDS: usize = 100;

/// What kind of action it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// Mends a finding.
    QuickFix,
    /// Writes something otherwise that is not wrong.
    Rewrite,
    /// Makes every safe fix in the file.
    FixAll,
    /// Makes every line of the file canonical.
    NormalizeAll,
    /// Gives every example of the file one resolution.
    SetMediaResolution,
}

/// Something that can be done.
#[derive(Clone, Debug)]
pub struct Action {
    /// What it does, as a menu entry.
    pub title: String,
    /// What kind of action it is.
    pub kind: ActionKind,
    /// Whether it is the one to take when nobody chooses: safe, and the only one for its finding.
    pub preferred: bool,
    /// The finding it mends: its code, its bytes in the record, and the record's first line.
    pub fixes: Option<(&'static str, Span, usize)>,
    /// How to do it.
    pub task: Task,
}

/// How an action is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// These edits of the record that begins at `line`; only good for the text they were made for.
    Record {
        /// The first line of the record, 0-based.
        line: usize,
        /// What to change in it.
        edits: Vec<Edit>,
    },
    /// A named operation on the record that `line` is part of, or on the whole file.
    Operation {
        /// A line of the record, 0-based.
        line: usize,
        /// What to do.
        operation: Operation,
    },
    /// Make the record that `line` is part of canonical.
    NormalizeLine {
        /// A line of the record, 0-based.
        line: usize,
    },
    /// Make every line canonical.
    NormalizeAll,
    /// Make every safe fix.
    FixAll,
}

/// A file as repairs see it.
#[derive(Debug)]
pub struct File<'a, S: Source> {
    /// Its text.
    pub source: &'a S,
    /// Its lines, all looked at.
    pub lines: &'a Lines,
    /// The verdict on them.
    pub verdict: &'a Verdict,
    /// What the user set.
    pub settings: &'a Settings,
}

/// What can be done between two places: a quick fix for each fix of a finding there, and rewrites of the
/// record at `from`. Looks at no more than 100 records.
pub fn actions<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, from: Place, to: Place) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    let mut line = from.line;
    for _ in 0..MOST_RECORDS {
        if line > to.line || line >= file.source.line_count() {
            break;
        }
        let record = file.lines.record_at(line);
        quick_fixes(file, analyst, line, (from, to), &mut actions);
        line = record.end.max(line + 1);
    }
    if file.verdict.tuning && !file.verdict.array {
        rewrites(file, analyst, from.line, &mut actions);
    }
    actions
}

/// What can be done with the whole file, wherever the cursor is. Looks only at what is counted already.
pub fn file_actions<S: Source>(file: &File<'_, S>) -> Vec<Action> {
    let action = |title: String, kind, task| Action { title, kind, preferred: false, fixes: None, task };
    let mut actions = vec![
        action("Fix all that can be fixed safely".to_owned(), ActionKind::FixAll, Task::FixAll),
        action("Normalize all lines".to_owned(), ActionKind::NormalizeAll, Task::NormalizeAll),
    ];
    if file.verdict.tuning && !file.verdict.array {
        actions.extend(resolution::that_change_something(file).map(|resolution| {
            let operation = Operation::SetResolution { resolution, extent: Extent::File };
            let task = Task::Operation { line: 0, operation };
            action(resolution::title_for_all(resolution), ActionKind::SetMediaResolution, task)
        }));
    }
    actions
}

fn quick_fixes<S: Source>(
    file: &File<'_, S>,
    analyst: &mut Analyst,
    line: usize,
    (from, to): (Place, Place),
    actions: &mut Vec<Action>,
) {
    let listed = file.lines.findings_at(line, file.source, analyst, file.verdict, true);
    if listed.iter().all(|listed| listed.finding.fixes.is_empty()) {
        return;
    }
    let record = file.lines.record_at(line);
    let (line, excerpt) = (record.start, Excerpt::new(file.source, record));
    let (start, end) = (excerpt.byte(from), excerpt.byte(to));
    for finding in listed.into_iter().map(|listed| Arc::unwrap_or_clone(listed.finding)) {
        if finding.span.start() > end || finding.span.end() < start {
            // A finding about all lines of a record stands on its first, but is meant wherever they are.
            let of_all_lines = |finding: &Finding| finding.fixes.iter().any(|fix| is(fix, Operation::Join));
            if !of_all_lines(&finding) {
                continue;
            }
        }
        let single = finding.fixes.len() == 1;
        for fix in finding.fixes {
            let preferred = fix.safe && single;
            let task = match fix.change {
                Change::Edits(edits) => Task::Record { line, edits },
                Change::Operation(operation) => Task::Operation { line, operation },
            };
            let whole_file = matches!(
                task,
                Task::Operation {
                    operation: Operation::SetResolution { extent: Extent::File | Extent::Dataset, .. },
                    ..
                }
            );
            if whole_file && actions.iter().any(|action| same_operation(&action.task, &task)) {
                continue;
            }
            let fixes = Some((finding.rule.code, finding.span, line));
            actions.push(Action { title: fix.title, kind: ActionKind::QuickFix, preferred, fixes, task });
        }
    }
}

fn is(fix: &crate::rules::Fix, operation: Operation) -> bool {
    matches!(fix.change, Change::Operation(known) if known == operation)
}

fn same_operation(a: &Task, b: &Task) -> bool {
    match (a, b) {
        (Task::Operation { operation: a, .. }, Task::Operation { operation: b, .. }) => a == b,
        _ => false,
    }
}

fn rewrites<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, line: usize, actions: &mut Vec<Action>) {
    let rewrite = |title: &str, task| Action {
        title: title.to_owned(),
        kind: ActionKind::Rewrite,
        preferred: false,
        fixes: None,
        task,
    };
    if !normalize::normalize_line(file, analyst, line).is_empty() {
        actions.push(rewrite("Normalize this line", Task::NormalizeLine { line }));
    }
    for resolution in resolution::to_offer(file, analyst, line) {
        let task = Task::Operation { line, operation: Operation::SetResolution { resolution, extent: Extent::File } };
        if !actions.iter().any(|action| same_operation(&action.task, &task)) {
            actions.push(rewrite(&resolution::title_for_all(resolution), task));
        }
    }
}

/// The edits of a task: in order, not overlapping, and no larger than they have to be. None when there is
/// nothing to do, or the text is not the one that the task was made for.
pub fn edits<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, task: &Task) -> Vec<TextEdit> {
    match task {
        Task::Record { line, edits } => {
            let excerpt = Excerpt::new(file.source, file.lines.record_at(*line));
            let mut edits: Vec<&Edit> = edits.iter().collect();
            edits.sort();
            edits.into_iter().map(|edit| excerpt.edit(edit)).collect::<Option<_>>().unwrap_or_default()
        }
        Task::Operation { line, operation } => operate(file, analyst, *line, *operation),
        Task::NormalizeLine { line } => normalize::normalize_line(file, analyst, *line),
        Task::NormalizeAll => normalize::normalize_all(file, analyst),
        Task::FixAll => fix_all(file, analyst),
    }
}

/// The edits that make every safe fix in the file, also of faults that are not reported because there are
/// so many: one edit a record. Made a second time there is nothing left to do.
pub fn fix_all<S: Source>(file: &File<'_, S>, analyst: &mut Analyst) -> Vec<TextEdit> {
    if file.verdict.array && rounds::speaks(analyst, file.verdict, "array-file") {
        return array::unwrap(file, Some(analyst));
    }
    let blocks = rounds::mend(file.source, file.lines, file.verdict, analyst, Goal::Fixed);
    blocks.into_iter().filter_map(|block| change(file.source, block.old, &text_of(&block.new))).collect()
}

fn operate<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, line: usize, operation: Operation) -> Vec<TextEdit> {
    let record = file.lines.record_at(line);
    let mut parser = Parser::default();
    match operation {
        Operation::Join => {
            let excerpt = Excerpt::new(file.source, record);
            let body = excerpt.text.trim_end_matches(['\r', '\n']).len();
            let joined = operations::join(&mut parser, &excerpt.text[..body]);
            joined.and_then(|joined| excerpt.change(0..body, &joined)).into_iter().collect()
        }
        Operation::Split => {
            let excerpt = Excerpt::new(file.source, record);
            let body = excerpt.text.trim_end_matches(['\r', '\n']).len();
            let values = operations::split(&mut parser, &excerpt.text[..body]);
            let end = end_text(rounds::usual_end(file.lines, file.verdict));
            let gaps = values.windows(2).map(|pair| (pair[0].end, pair[1].start));
            let edits = gaps.map(|(start, end_of_gap)| Edit::replace(Span::new(start, end_of_gap), end));
            edits.filter_map(|edit| excerpt.edit(&edit)).collect()
        }
        Operation::Unwrap => array::unwrap(file, None),
        Operation::DeleteLine => {
            let mut blocks = Vec::new();
            let usual = rounds::usual_end(file.lines, file.verdict);
            rounds::delete(file.source, &mut blocks, line..line + 1, usual);
            blocks.into_iter().filter_map(|block| change(file.source, block.old, &text_of(&block.new))).collect()
        }
        Operation::DeleteCopies => {
            let copies = file.lines.copies(record.start, file.source, analyst);
            copies.into_iter().filter_map(|copy| change(file.source, copy..copy + 1, "")).collect()
        }
        Operation::LineEnds => line_ends(file, line),
        Operation::FinalNewline => {
            let last = file.source.line_count().saturating_sub(1);
            let byte = file.source.line(last, &mut String::new()).len();
            let place = Place { line: last, byte };
            let text = end_text(rounds::usual_end(file.lines, file.verdict)).to_owned();
            let ended = byte == 0;
            if ended { Vec::new() } else { vec![TextEdit { start: place, end: place, text }] }
        }
        Operation::SetResolution { resolution, extent } => {
            let only = (extent == Extent::Line).then_some(record);
            resolution::set(file, analyst, only, resolution)
        }
    }
}

/// Ends the lines like most: the record's last line where it ends with a CR alone, else all that have
/// another end.
fn line_ends<S: Source>(file: &File<'_, S>, line: usize) -> Vec<TextEdit> {
    let usual = rounds::usual_end(file.lines, file.verdict);
    let record = file.lines.record_at(line);
    let mut buffer = String::new();
    let mut end_of = |line: usize| {
        let input = file.source.record(line..line + 1, &mut buffer);
        (input.end, input.text.len())
    };
    let last = record.end - 1;
    // The finding about the whole file stands on the first record too, and asks for more.
    let mixed = record.start == 0 && file.verdict.odd_line_end.is_some();
    let lines = if end_of(last).0 == LineEnd::Cr && !mixed { last..last + 1 } else { 0..file.source.line_count() };
    let mut edits = Vec::new();
    for line in lines {
        let (end, byte) = end_of(line);
        if end != usual && end != LineEnd::Missing {
            let text = end_text(usual).to_owned();
            edits.push(TextEdit { start: Place { line, byte }, end: Place { line: line + 1, byte: 0 }, text });
        }
    }
    edits
}
