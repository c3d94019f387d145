//! Code actions: what can be done about the findings at a place, and the edits that do it.
//!
//! This folder must not know what is wrong with a record: the rules do, and they offer the fixes. It keeps nothing between
//! offering an action and doing it: the edits are made for the text at that time.

mod array;
mod canonical;
mod copy;
mod expand;
mod file;
pub(crate) mod operations;
mod repair;
mod rewrite;
mod rounds;
mod selection;
mod shared;
mod shift;
mod split;
mod tasks;

pub use file::File;
pub use rewrite::{Rewritten, rewrite_records};
pub use split::split_segments;
pub use tasks::{Task, edits};

use crate::analysis::{Analyst, Listed, Source};
use crate::ide::edits::{Excerpt, Place};
use crate::json::Span;
use crate::rules::{Change, Extent, Finding, Fix, Operation, Severity};
use std::sync::Arc;

/// The most records whose findings are looked up for one list of actions.
const MAX_RECORDS: usize = 100;

/// The most records that are repaired to find out whether there is a second one to repair.
const MAX_REPAIRED: usize = 20;

/// The title of the actions that apply every safe fix in the file.
const APPLY_ALL: &str = "Apply all safe fixes in this file";

/// The kind of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// Fixes a finding.
    QuickFix,
    /// Rewrites something that isn't wrong.
    Rewrite,
    /// Applies every safe fix in the file.
    FixAll,
    /// Makes every line of the file canonical.
    NormalizeAll,
    /// Sets the shared value of every example in the file.
    SetShared,
}

/// A code action.
#[derive(Clone, Debug)]
pub struct Action {
    /// The menu entry.
    pub title: String,
    /// Its kind.
    pub kind: ActionKind,
    /// Whether an editor may apply it without asking: it is safe, and the only fix of its finding.
    pub preferred: bool,
    /// The finding that it fixes.
    pub fixes: Option<Fixed>,
    /// Why it can't be done.
    pub disabled: Option<String>,
    /// What to do.
    pub task: Task,
}

/// A finding that an action fixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The code of its rule.
    pub code: &'static str,
    /// Its bytes in the record.
    pub span: Span,
    /// The first line of the record.
    pub line: usize,
    /// Its message.
    pub message: String,
}

impl Fixed {
    /// Whether both are findings of one rule at one place.
    #[must_use]
    pub fn is_at(&self, other: &Self) -> bool {
        (self.code, self.span, self.line) == (other.code, other.span, other.line)
    }
}

impl Action {
    fn new(title: impl Into<String>, kind: ActionKind, task: Task) -> Self {
        Self { title: title.into(), kind, preferred: false, fixes: None, disabled: None, task }
    }
}

/// The actions between two places: the fixes of the findings there, and rewrites of the record at `from` and of the
/// selected lines. Looks at no more
/// than 100 records.
pub fn actions<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, from: Place, to: Place) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    let mut line = from.line;
    for _ in 0..MAX_RECORDS {
        if line > to.line || line >= file.source.line_count() {
            break;
        }
        let record = file.lines.record_at(line);
        quick_fixes(file, analyst, line, (from, to), &mut actions);
        line = record.end.max(line + 1);
    }
    fix_all(file, analyst, &mut actions);
    if file.verdict.tuning && file.verdict.array.is_none() {
        rewrites(file, analyst, from, &mut actions);
        let task = Task::SplitSegment { line: from.line };
        let title = split::split_title(file, analyst, from.line);
        actions.extend(title.map(|title| Action::new(title, ActionKind::Rewrite, task)));
        let shifted = shift::to_start_actions(file, analyst, from.line).into_iter();
        let action = |(title, task, disabled)| Action { disabled, ..Action::new(title, ActionKind::Rewrite, task) };
        actions.extend(shifted.map(action));
    }
    let of_selection = selection::examples(file, from, to);
    actions.extend(of_selection.map(|(title, task)| Action::new(title, ActionKind::Rewrite, task)));
    actions
}

/// The findings between two places that a baseline can hide: those about a single record. Each has the first line of its
/// record.
pub fn acceptable<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, from: Place, to: Place) -> Vec<Listed> {
    let mut found = Vec::new();
    let mut line = from.line;
    for _ in 0..MAX_RECORDS {
        if line > to.line || line >= file.source.line_count() {
            break;
        }
        let record = file.lines.record_at(line);
        let listed = file.lines.findings_at(line, file.source, analyst, file.verdict, false);
        found.extend(listed.into_iter().filter(|listed| !listed.finding.of_file));
        line = record.end.max(line + 1);
    }
    found
}

/// The action that writes the example at a place on several lines, or back on one.
pub fn expand<S: Source>(file: &File<'_, S>, at: Place) -> Option<Action> {
    expand::in_place(file, at.line).map(|(title, task)| Action::new(title, ActionKind::Rewrite, task))
}

/// The actions for the whole file. Uses only what is counted already.
pub fn file_actions<S: Source>(file: &File<'_, S>) -> Vec<Action> {
    let mut actions = vec![
        Action::new(APPLY_ALL, ActionKind::FixAll, Task::FixAll),
        Action::new("Normalize all lines", ActionKind::NormalizeAll, Task::NormalizeAll),
    ];
    if file.verdict.tuning && file.verdict.array.is_none() {
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
    let can_delete = file.verdict.array.is_none() && file.lines.record_at(line).len() == 1;
    let is_wrong = |finding: &Finding| can_delete && finding.severity == Severity::Error && !finding.of_file;
    if listed.iter().all(|listed| listed.finding.fixes.is_empty() && !is_wrong(&listed.finding)) {
        return;
    }
    let record = file.lines.record_at(line);
    let (line, excerpt) = (record.start, Excerpt::new(file.source, record));
    let (start, end) = (excerpt.byte(from), excerpt.byte(to));
    for finding in listed.into_iter().map(|listed| Arc::unwrap_or_clone(listed.finding)) {
        if finding.span.start() > end || finding.span.end() < start {
            // A finding about all lines of a record is shown on the first line, but its fix is offered on each.
            let joins = |fix: &Fix| matches!(fix.change, Change::Operation(Operation::Join));
            if !finding.fixes.iter().any(joins) {
                continue;
            }
        }
        let delete = Task::Operation { line, operation: Operation::DeleteLine };
        let deletes = is_wrong(&finding) && !actions.iter().any(|action| action.task == delete);
        let single = finding.fixes.len() == 1;
        let fixed = Some(Fixed { code: finding.rule.code, span: finding.span, line, message: finding.message });
        for fix in finding.fixes {
            let preferred = fix.is_safe() && single;
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
            let fixes = fixed.clone();
            actions.push(Action { preferred, fixes, ..Action::new(fix.title, ActionKind::QuickFix, task) });
        }
        if deletes && !actions.iter().any(|action| action.task == delete) {
            let title = "Delete this example";
            actions.push(Action { fixes: fixed, ..Action::new(title, ActionKind::QuickFix, delete) });
        }
    }
}

/// The actions that apply several safe fixes at once, if there are several and one of them is at the cursor.
fn fix_all<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, actions: &mut Vec<Action>) {
    let preferred = actions.iter().find(|action| action.preferred).and_then(|action| action.fixes.as_ref());
    let Some(line) = preferred.map(|fixed| fixed.line).filter(|_| file.verdict.array.is_none()) else { return };
    let listed = file.lines.findings_at(line, file.source, analyst, file.verdict, true);
    let safe = || listed.iter().filter(|listed| listed.finding.fixes.iter().any(Fix::is_safe));
    let on_line = safe().filter(|listed| !listed.finding.of_file).count();
    if on_line > 1 {
        let title = "Apply all safe fixes on this line";
        actions.push(Action::new(title, ActionKind::QuickFix, Task::FixLine { line }));
    }
    if safe().count() > 1 || rounds::changes_another(file, analyst, line, MAX_REPAIRED) {
        actions.push(Action::new(APPLY_ALL, ActionKind::QuickFix, Task::FixAll));
    }
}

fn same_operation(a: &Task, b: &Task) -> bool {
    matches!((a, b), (Task::Operation { operation: a, .. }, Task::Operation { operation: b, .. }) if a == b)
}

fn rewrites<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, at: Place, actions: &mut Vec<Action>) {
    let line = at.line;
    if !tasks::normalize_line(file, analyst, line).is_empty() {
        actions.push(Action::new("Normalize this line", ActionKind::Rewrite, Task::NormalizeLine { line }));
    }
    for (field, value) in shared::to_offer(file, analyst, at) {
        let task = Task::Operation { line, operation: Operation::SetShared { field, value, extent: Extent::File } };
        if !actions.iter().any(|action| same_operation(&action.task, &task)) {
            actions.push(Action::new(shared::title_for_all(field, value), ActionKind::Rewrite, task));
        }
    }
}
