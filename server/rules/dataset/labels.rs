//! How often the targets have each label.

use crate::rules::Severity::Information;
use crate::rules::{FaultKind, Fixes, Judge, Role, Row, file_row};
use std::sync::Arc;

/// With more different targets than this, they are not labels.
const MAX_CLASSES: usize = 50;

/// How many spellings a label may have that differ in white space at the ends.
const MAX_SPELLINGS: usize = 4;

/// With fewer targets than this, a share of them says nothing.
const MIN_TARGETS: u32 = 50;

/// A label below this share of the targets, in percent, is unbalanced.
const MIN_PERCENT: u64 = 1;

/// A label above this share of the targets, in percent, is unbalanced.
const MAX_PERCENT: u64 = 90;

/// The most labels that the message names.
const MAX_LABELS: usize = 5;

/// Labels with an extreme share of the targets.
pub(super) const LABEL_BALANCE: Row = file_row(
    "label-balance",
    &[Information],
    Fixes::None,
    "a label that is very rare or dominates the dataset",
    label_balance,
)
.fault(FaultKind::Meaning);

/// The labels with the number of targets for each, white space at their ends removed; empty if they are too many to be
/// labels.
pub(super) fn labels(judge: &Judge<'_>) -> Vec<(Arc<str>, u32)> {
    let mut labels = spellings(judge);
    labels.iter_mut().filter(|(label, _)| label.trim() != &**label).for_each(|(label, _)| *label = label.trim().into());
    labels.sort();
    labels.dedup_by(|(label, count), (kept, sum)| {
        let is_same = label == kept;
        *sum += if is_same { *count } else { 0 };
        is_same
    });
    labels.truncate(if labels.len() < MAX_CLASSES { MAX_CLASSES } else { 0 });
    labels
}

/// The labels with their white space.
pub(super) fn spellings(judge: &Judge<'_>) -> Vec<(Arc<str>, u32)> {
    judge.index().labels(MAX_SPELLINGS * MAX_CLASSES)
}

fn label_balance(judge: &mut Judge<'_>) {
    let targets = judge.verdict.targets;
    if targets < MIN_TARGETS || judge.verdict.siblings.role != Role::Training {
        return;
    }
    let mut labels = labels(judge);
    let labelled: u32 = labels.iter().map(|(_, count)| count).sum();
    // Up to one in ten targets may be longer than a label.
    if u64::from(labelled) * 10 < u64::from(targets) * 9 {
        return;
    }
    labels.retain(|&(_, count)| {
        let percent = u64::from(count) * 100;
        percent < u64::from(targets) * MIN_PERCENT || percent > u64::from(targets) * MAX_PERCENT
    });
    labels.sort_by(|(a, fewer), (b, more)| fewer.cmp(more).then_with(|| a.cmp(b)));
    labels.truncate(MAX_LABELS);
    if labels.is_empty() {
        return;
    }
    let share = |count: u32| f64::from(count) * 100.0 / f64::from(targets.max(1));
    let named: Vec<_> =
        labels.iter().map(|(label, count)| format!("`{label}` is {:.1}% ({count})", share(*count))).collect();
    let named = named.join(", ");
    judge.on_file(
        Information,
        format!(
            "labels are unbalanced: {named} of {targets} targets. The model hardly learns a label below {MIN_PERCENT}%, \
             and tends to answer everything with a label above {MAX_PERCENT}%."
        ),
    );
}
