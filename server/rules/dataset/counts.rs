//! How many examples there are, how large the file is, and how many would be dropped.

use crate::rules::Severity::{Error, Hint, Warning};
use crate::rules::{Fixes, Judge, Role, Row, Siblings, What, file_row};

/// How many lines a finding about the whole file names as related at most.
const MAX_RELATED: usize = 20;

/// More examples than the service takes.
pub(super) const TOO_MANY_EXAMPLES: Row =
    file_row("too-many-examples", &[Error], Fixes::None, "more examples than the service takes", too_many_examples);

/// Fewer examples than are advised.
pub(super) const TOO_FEW_EXAMPLES: Row = file_row(
    "too-few-examples",
    &[Hint, Error],
    Fixes::None,
    "fewer examples to learn from than the service takes, or than are advised",
    too_few_examples,
);

/// A file that is larger than the service takes.
pub(super) const FILE_TOO_LARGE: Row =
    file_row("file-too-large", &[Error], Fixes::None, "a file larger than the service takes", file_too_large);

/// Examples that would be dropped.
pub(super) const DROP_RATE: Row = file_row(
    "drop-rate",
    &[Error, Warning],
    Fixes::None,
    "examples that would be dropped; over a share of them the job fails",
    drop_rate,
);

/// The numbers of training and validation examples: several files of one kind are one to the limits.
fn examples(judge: &Judge<'_>) -> (u32, u32) {
    let Siblings { training_examples, validation_examples, .. } = judge.verdict.siblings;
    let own = judge.verdict.examples;
    (training_examples.unwrap_or(own), validation_examples.unwrap_or(own))
}

fn too_many_examples(judge: &mut Judge<'_>) {
    let limits = judge.verdict.limits;
    let (training, validation) = examples(judge);
    let multimodal = judge.count(What::MULTIMODAL);
    let over = |count: u32, most: Option<u64>| most.filter(|most| u64::from(count) > *most);
    let is_training = judge.verdict.siblings.role == Role::Training;
    let message = if is_training {
        if let Some(most) = over(multimodal, limits.multimodal_examples) {
            format!("{multimodal} examples have media, and a training file may have {most} of them at most")
        } else if let Some(most) = over(training, limits.examples) {
            format!("{training} examples, and a training file may have {most} at most")
        } else {
            return;
        }
    } else if judge.verdict.siblings.role == Role::Validation {
        let free = limits.free_validation_examples;
        let is_beside = judge.verdict.siblings.training_examples.is_some() && u64::from(validation) > free;
        let share = |percent: &u64| u64::from(validation) * 100 > u64::from(training) * percent;
        if let Some(most) = over(validation, limits.validation_examples) {
            format!("{validation} validation examples, and there may be {most} at most")
        } else if let Some(percent) = limits.validation_percent.filter(share).filter(|_| is_beside) {
            format!(
                "{validation} validation examples beside {training} training examples; above {free} they may be \
                 {percent} % of the training examples at most"
            )
        } else {
            return;
        }
    } else {
        return;
    };
    judge.on_file(Error, format!("{message}; the service rejects the job"));
}

fn too_few_examples(judge: &mut Judge<'_>) {
    // Where no line can be read, that is what there is to say.
    if judge.verdict.siblings.role != Role::Training || judge.verdict.array {
        return;
    }
    let (learned, _) = examples(judge);
    let under = |fewest: &u64| learned > 0 && u64::from(learned) < *fewest;
    let (are, plural) = if learned == 1 { ("is", "") } else { ("are", "s") };
    let limits = judge.verdict.limits;
    if let Some(fewest) = limits.fewest_examples.filter(under) {
        let message =
            format!("there {are} {learned} example{plural} to learn from; the service refuses fewer than {fewest}");
        judge.on_file(Error, message);
    } else if let Some(advised) = limits.advised_examples.filter(under) {
        let message = format!(
            "there {are} {learned} example{plural} to learn from; the documentation advises to begin with about {advised}"
        );
        judge.on_file(Hint, message);
    }
}

fn file_too_large(judge: &mut Judge<'_>) {
    let bytes = judge.index().bytes();
    let Some(most) = judge.verdict.limits.file_bytes.filter(|most| bytes > *most) else { return };
    let readable = if most >= 1 << 30 { format!("{} GB", most >> 30) } else { format!("{} MB", most >> 20) };
    judge.on_file(
        Error,
        format!("the file has {bytes} bytes; the service takes {most} ({readable}) at most, and rejects the job"),
    );
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
    let (severity, end) = match judge.verdict.limits.drop_percent {
        None => (Warning, " without a word".to_owned()),
        Some(percent) => match (u64::from(dropped) * 100).cmp(&(u64::from(examples) * percent)) {
            std::cmp::Ordering::Greater => (Error, format!("; over {percent} % the job fails")),
            std::cmp::Ordering::Equal => (Warning, "; one more, and the job fails".to_owned()),
            std::cmp::Ordering::Less => (Warning, format!(" without a word, and over {percent} % the job fails")),
        },
    };
    let message = format!("{share} of the examples ({dropped} of {examples}) would be dropped{end}");
    if let Some(finding) = judge.on_file(severity, message) {
        finding.related = lines.into_iter().map(|line| (line, "would be dropped".to_owned())).collect();
    }
}
