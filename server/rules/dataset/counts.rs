//! The number of examples, the size of the file, and the share of examples that would be dropped.

use crate::rules::Severity::{Error, Hint, Warning};
use crate::rules::{Fact, FaultKind, Fixes, Judge, Role, Row, Siblings, What, file_row};
use std::cmp::Ordering;

/// The most lines that a finding about the whole file relates to.
const MAX_RELATED: usize = 20;

/// More examples than the limit.
pub(super) const TOO_MANY_EXAMPLES: Row =
    file_row("too-many-examples", &[Error], Fixes::None, "more examples than the limit", too_many_examples)
        .fault(FaultKind::File);

/// Fewer examples than required or recommended.
pub(super) const TOO_FEW_EXAMPLES: Row = file_row(
    "too-few-examples",
    &[Hint, Error],
    Fixes::None,
    "fewer training examples than required or recommended",
    too_few_examples,
)
.fault(FaultKind::File);

/// A file that is larger than the limit.
pub(super) const FILE_TOO_LARGE: Row =
    file_row("file-too-large", &[Error], Fixes::None, "a file larger than the limit", file_too_large)
        .fault(FaultKind::File);

/// The share of examples that would be dropped.
pub(super) const DROP_RATE: Row = file_row(
    "drop-rate",
    &[Error, Warning],
    Fixes::None,
    "examples that would be dropped for being too long",
    drop_rate,
)
.fault(FaultKind::File);

/// The numbers of training and validation examples. Files of the same role are counted together.
fn examples(judge: &Judge<'_>) -> (u32, u32) {
    let Siblings { training_examples, validation_examples, .. } = judge.verdict.siblings;
    let own = judge.verdict.examples;
    (training_examples.unwrap_or(own), validation_examples.unwrap_or(own))
}

/// ` that can be read`, if lines that can't be read stand for further examples.
fn readable(judge: &Judge<'_>) -> &'static str {
    let unread = judge.count(What::UNREAD) + judge.index().counts().of(Fact::UNREAD);
    if unread > 0 { " that can be read" } else { "" }
}

fn too_many_examples(judge: &mut Judge<'_>) {
    let limits = judge.verdict.limits;
    let (training, validation) = examples(judge);
    let multimodal = judge.count(What::MULTIMODAL);
    let over = |count: u32, most: Option<u64>| most.filter(|most| u64::from(count) > *most);
    let message = match judge.verdict.siblings.role {
        Role::Training => {
            if let Some(most) = over(multimodal, limits.multimodal_examples) {
                format!("{multimodal} examples have media; the limit for a training file is {most}")
            } else if let Some(most) = over(training, limits.examples) {
                format!("there are {training} training examples; the limit is {most}")
            } else {
                return;
            }
        }
        Role::Validation => {
            let free = limits.free_validation_examples;
            let has_training_file = judge.verdict.siblings.training_examples.is_some();
            let is_checked = has_training_file && u64::from(validation) > free;
            let over_share = |percent: &u64| u64::from(validation) * 100 > u64::from(training) * percent;
            if let Some(most) = over(validation, limits.validation_examples) {
                format!("there are {validation} validation examples; the limit is {most}")
            } else if let Some(percent) = limits.validation_percent.filter(over_share).filter(|_| is_checked) {
                let plural = if training == 1 { "" } else { "s" };
                format!(
                    "there are {validation} validation examples; above {free}, the limit is {percent}% of the \
                     {training} training example{plural}"
                )
            } else {
                return;
            }
        }
        Role::Test => return,
    };
    let effect = format!("{} rejects the job", judge.verdict.service.title);
    if let Some(finding) = judge.on_file(Error, message) {
        finding.effect = Some(effect);
    }
}

fn too_few_examples(judge: &mut Judge<'_>) {
    // No example of an array file can be read, which has a finding of its own.
    if judge.verdict.siblings.role != Role::Training || judge.verdict.array.is_some() {
        return;
    }
    let (training, _) = examples(judge);
    let under = |fewest: &u64| training > 0 && u64::from(training) < *fewest;
    let (limits, service) = (judge.verdict.limits, judge.verdict.service.title);
    let found = if training == 1 {
        format!("there is 1 training example{}", readable(judge))
    } else {
        format!("there are {training} training examples{}", readable(judge))
    };
    if let Some(fewest) = limits.fewest_examples.filter(under) {
        if let Some(finding) = judge.on_file(Error, format!("{found}; {service} requires at least {fewest}")) {
            finding.effect = Some(format!("{service} rejects the file"));
        }
    } else if let Some(advised) = limits.advised_examples.filter(under) {
        judge
            .on_file(Hint, format!("{found}; the documentation of {service} recommends starting with about {advised}"));
    }
}

fn file_too_large(judge: &mut Judge<'_>) {
    let bytes = judge.index().bytes();
    let Some(most) = judge.verdict.limits.file_bytes.filter(|most| bytes > *most) else { return };
    let readable = if most >= 1 << 30 { format!("{} GB", most >> 30) } else { format!("{} MB", most >> 20) };
    let effect = format!("{} rejects the job", judge.verdict.service.title);
    if let Some(finding) = judge.on_file(Error, format!("the file has {bytes} bytes; the limit is {most} ({readable})"))
    {
        finding.effect = Some(effect);
    }
}

fn drop_rate(judge: &mut Judge<'_>) {
    let at_file = judge.verdict.shared.map(What::dropped_at);
    let facts: Vec<What> = [What::DROPPED].into_iter().chain(at_file).collect();
    let dropped = facts.iter().map(|what| judge.count(*what)).sum();
    judge.verdict.dropped = dropped;
    if dropped == 0 {
        return;
    }
    let lines_of = |what: &What| judge.index().lines(judge.fact(*what), MAX_RELATED);
    let mut lines: Vec<usize> = facts.iter().flat_map(lines_of).collect();
    lines.sort_unstable();
    lines.dedup();
    lines.truncate(MAX_RELATED);
    let (examples, share) = (judge.verdict.examples, judge.verdict.dropped_percent());
    let service = judge.verdict.service.title;
    let silently = format!("{service} drops them silently");
    let (severity, limit, effect) = match judge.verdict.limits.drop_percent {
        None => (Warning, String::new(), silently),
        Some(percent) => match (u64::from(dropped) * 100).cmp(&(u64::from(examples) * percent)) {
            Ordering::Greater => (Error, format!("; the limit is {percent}%"), format!("The job fails on {service}")),
            Ordering::Equal => {
                (Warning, format!("; this is exactly the limit of {percent}%"), "One more and the job fails".to_owned())
            }
            Ordering::Less => {
                (Warning, String::new(), format!("{silently}; if more than {percent}% are too long, the job fails"))
            }
        },
    };
    let plural = if examples == 1 { "example" } else { "examples" };
    let readable = readable(judge);
    let message =
        format!("{dropped} of {examples} {plural}{readable} ({share}) would be dropped for being too long{limit}");
    if let Some(finding) = judge.on_file(severity, message) {
        finding.effect = Some(effect);
        finding.related = lines.into_iter().map(|line| (line, "an example that is too long".to_owned())).collect();
    }
}
