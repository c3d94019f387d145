//! Repairs: what can be done about the findings at a place, and which edits do it.
//!
//! This room must not know what is wrong with a record (rules say that, with the fixes they have), and it
//! remembers nothing between offering and doing: the edits are found in the text as it is then.

mod array;
mod canonical;
mod copy;
mod file;
mod operations;
mod repair;
mod rounds;
mod shared;
mod tasks;

pub use file::File;
pub use tasks::{Task, edits};

use crate::analysis::{Analyst, Source};
use crate::ide::edits::{Excerpt, Place};
use crate::json::Span;
use crate::rules::{Change, Extent, Finding, Operation};
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
    /// Gives every example of the file one shared value.
    SetShared,
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

impl Action {
    fn new(title: impl Into<String>, kind: ActionKind, task: Task) -> Self {
        Self { title: title.into(), kind, preferred: false, fixes: None, task }
    }
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
    let mut actions = vec![
        Action::new("Fix all that can be fixed safely", ActionKind::FixAll, Task::FixAll),
        Action::new("Normalize all lines", ActionKind::NormalizeAll, Task::NormalizeAll),
    ];
    if file.verdict.tuning && !file.verdict.array {
        actions.extend(shared::that_change_something(file).map(|(field, value)| {
            let task =
                Task::Operation { line: 0, operation: Operation::SetShared { field, value, extent: Extent::File } };
            Action::new(shared::title_for_all(field, value), ActionKind::SetShared, task)
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
                Task::Operation { operation: Operation::SetShared { extent: Extent::File | Extent::Dataset, .. }, .. }
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
    if !tasks::normalize_line(file, analyst, line).is_empty() {
        actions.push(Action::new("Normalize this line", ActionKind::Rewrite, Task::NormalizeLine { line }));
    }
    for (field, value) in shared::to_offer(file, analyst, line) {
        let task = Task::Operation { line, operation: Operation::SetShared { field, value, extent: Extent::File } };
        if !actions.iter().any(|action| same_operation(&action.task, &task)) {
            actions.push(Action::new(shared::title_for_all(field, value), ActionKind::Rewrite, task));
        }
    }
}
