//! How often each label is taught.

use crate::rules::Severity::Information;
use crate::rules::{Fixes, Judge, Role, Row, file_row};

/// So many different labels are no classes any more.
const MAX_CLASSES: usize = 50;

/// Below so many targets a share of them says nothing.
const MIN_TARGETS: u32 = 50;

/// So many labels are named that are out of balance.
const MAX_LABELS: usize = 5;

/// Labels out of balance.
pub(super) const LABEL_BALANCE: Row = file_row(
    "label-balance",
    &[Information],
    Fixes::None,
    "a label that hardly any, or nearly all, of the targets are",
    label_balance,
);

fn label_balance(judge: &mut Judge<'_>) {
    let targets = judge.verdict.targets;
    if targets < MIN_TARGETS || judge.verdict.siblings.role != Role::Training {
        return;
    }
    let mut labels = judge.index().labels(MAX_CLASSES);
    let labelled: u32 = labels.iter().map(|(_, count)| count).sum();
    // A few odd answers among labels are no reason to be silent; labels among prose are no classes.
    if u64::from(labelled) * 10 < u64::from(targets) * 9 {
        return;
    }
    let classes = labels.len();
    labels.retain(|&(_, count)| {
        let percent = u64::from(count) * 100;
        percent < u64::from(targets) || percent > u64::from(targets) * 90
    });
    labels.sort_by(|(a, fewer), (b, more)| fewer.cmp(more).then_with(|| a.cmp(b)));
    labels.truncate(MAX_LABELS);
    if labels.is_empty() {
        return;
    }
    let share = |count: u32| f64::from(count) * 100.0 / f64::from(targets.max(1));
    let named: Vec<_> =
        labels.iter().map(|(label, count)| format!("`{label}` {:.1} % ({count})", share(*count))).collect();
    let kinds = if classes == 1 { "one label".to_owned() } else { format!("{classes} labels") };
    let message = format!(
        "the {targets} targets are {kinds}, out of balance: {}; a label under 1 % is hardly learned, one over 90 % is \
         what the model will answer to everything",
        named.join(", ")
    );
    judge.on_file(Information, message);
}
