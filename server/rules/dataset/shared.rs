//! The value that all examples of a dataset must share: examples that differ, and examples without one. The rules that
//! use these functions are a vendor's.

use crate::example::Example;
use crate::example::mime::MediaKind;
use crate::example::shared::{SharedField, SharedValue};
use crate::formats::{Service, Target};
use crate::json::{Edit, Record, Span, lexer};
use crate::rules::Severity::{Error, Information, Warning};
use crate::rules::{Applicability, Context, Extent, FaultKind, Fix, Judge, Operation, Report, What, moves};
use crate::schema::misfit::Misfit;
use crate::schema::{Means, snake_case};

/// The requirement that both rules are about.
const ALL_THE_SAME: &str = "All training and validation examples must have the same value";

/// What follows from different values: no documentation says whether the job fails.
fn possible_effect(service: &Service) -> String {
    service.effect(service.consequence(FaultKind::File), false)
}

pub(in crate::rules) fn mixed(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(field) = context.format.words.shared.filter(|_| context.limits.depend_on_shared()) else { return };
    let (Some(value), Some(node)) = (context.example.shared, context.example.shared_node) else { return };
    let span = context.record.span(node);
    if value.is_set() {
        report.fact_at(report.of(What::shared(value)), span);
    }
    differs_from_siblings(field, value, span, report);
    let Some(verdict) = report.verdict() else { return };
    let Some(expected) = verdict.shared.filter(|expected| *expected != value && value.is_set()) else { return };
    let (line, configured, tied) = (verdict.shared_line, verdict.configured, verdict.tied);
    let service = context.service;
    report.show_here(Error, span, |finding| {
        let whose = match (configured, tied) {
            (true, _) => "is the configured value",
            (_, true) => "the first example has",
            _ => "most examples have",
        };
        let (value_name, expected_name) = (field.name(value), field.name(expected));
        finding
            .says(format!("`{value_name}` differs from `{expected_name}`, which {whose}. {ALL_THE_SAME}"))
            .effect(possible_effect(service));
        if let Some(line) = line {
            finding.related_line(line, format!("the first example with {expected_name}"));
        }
        let edit = vec![Edit::replace(span, lexer::quote(expected_name))];
        finding.fix(|| Fix::manual(format!("Change to {expected_name}"), edit));
        for value in [expected, value] {
            finding.fix(|| set_on_all_lines(field, value));
        }
    });
}

pub(in crate::rules) fn judge_mixed(judge: &mut Judge<'_>) {
    if let Some(own) = judge.verdict.shared {
        for other in SharedValue::ALL.into_iter().filter(|other| *other != own) {
            judge.on_each(judge.fact(What::shared(other)), Error);
        }
    }
    // A configured value is compared with each line instead.
    let verdict = &judge.verdict;
    let differs = !verdict.configured && !verdict.borrowed && verdict.siblings.other_shared.is_some();
    if let Some(line) = verdict.shared_line.filter(|_| differs) {
        judge.at_line(line, if judge.verdict.siblings.configured { Error } else { Warning });
    }
}

/// Reports a file whose value differs from that of another file of its dataset, on the first line with the value.
fn differs_from_siblings(field: &'static SharedField, value: SharedValue, span: Span, report: &mut Report<'_>) {
    let Some(verdict) = report.verdict().filter(|verdict| !verdict.configured && !verdict.borrowed) else { return };
    let Some((file, theirs, line)) = verdict.siblings.other_shared.clone() else { return };
    if verdict.shared != Some(value) || report.line() != verdict.shared_line {
        return;
    }
    let (configured, service) = (verdict.siblings.configured, verdict.service);
    report.show(if configured { Error } else { Warning }, span, |finding| {
        let (value_name, other, other_value) = (field.name(value), &file.name, field.name(theirs));
        let dataset = match configured {
            true => String::new(),
            false => format!(" By their names, {other} and this file belong to one dataset."),
        };
        finding
            .says(format!("`{value_name}` differs from `{other_value}` in {other}.{dataset} {ALL_THE_SAME}"))
            .effect(possible_effect(service))
            .related_elsewhere(&file, line, format!("the first example with {other_value}"));
        for value in [theirs, value] {
            let title = format!("Set {} to {} in the whole dataset", field.name, field.name(value));
            let operation = Operation::SetShared { field, value, extent: Extent::Dataset };
            finding.fix(|| Fix::operation(title, Applicability::Manual, operation));
        }
    });
}

fn set_on_all_lines(field: &'static SharedField, value: SharedValue) -> Fix {
    let title = format!("Set {} to {} on all lines", field.name, field.name(value));
    Fix::operation(title, Applicability::Manual, Operation::SetShared { field, value, extent: Extent::File })
}

pub(in crate::rules) fn missing(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    let Some(field) = context.format.words.shared else { return };
    // An invalid value is not missing as well.
    let named = example.shared_node.is_some() && example.shared != Some(SharedValue::UNSET);
    // No source says that a line for reinforcement tuning may set it.
    let may_have = !context.kind.text_only && context.kind.target != Target::Nothing;
    if named || !may_have || !example.has_frames() || !context.limits.depend_on_shared() {
        return;
    }
    // A part with a value of its own does not need one for the line.
    let is_frame = |kind| matches!(kind, Some(MediaKind::Video | MediaKind::Image));
    let mut frames = example.media.iter().filter(|media| is_frame(media.kind));
    let all_set = frames.all(|media| example.parts[media.part].sets_shared);
    if all_set || context.structure_is_hidden() || is_misspelled(context) {
        return;
    }
    let span = match example.shared_node {
        Some(node) => context.record.span(node),
        None => context.owner_span(example.settings.unwrap_or(0)),
    };
    let expected = report.verdict().and_then(|verdict| {
        let whose = match (verdict.configured, verdict.borrowed) {
            (true, _) => "the configured value is",
            (_, true) => "another file of the dataset has",
            _ => "others have",
        };
        Some((verdict.shared?, whose))
    });
    match expected {
        Some((expected, whose)) => {
            report.show_here(Warning, span, |finding| {
                let (name, expected_name) = (field.name, field.name(expected));
                finding
                    .says(format!("this example sets no `{name}`, but {whose} `{expected_name}`. {ALL_THE_SAME}"))
                    .fix(|| insert_value(context, field, expected));
            });
        }
        None => {
            report.once(report.of(What::NO_SHARED), Information, span, |finding, count| {
                finding
                    .says(format!("no example sets `{}` ({count} with video or images); {}", field.path, field.advice));
                for &value in field.advised {
                    finding.fix(|| insert_value(context, field, value));
                    finding.fix(|| set_on_all_lines(field, value));
                }
            });
        }
    }
}

pub(in crate::rules) fn judge_missing(judge: &mut Judge<'_>) {
    if judge.verdict.shared.is_some() {
        judge.on_each(judge.fact(What::NO_SHARED), Warning);
    } else {
        judge.on_first(judge.fact(What::NO_SHARED), Information);
    }
}

/// Whether the field is there under a wrong name or in a wrong place, which has a finding of its own.
pub(in crate::rules) fn is_misspelled(context: &Context<'_>) -> bool {
    let Some(shared) = context.format.words.shared else { return false };
    let is_own = |name: &str| name == shared.name || name == shared.parent;
    let of_shared = |misfit: &Misfit| match misfit {
        Misfit::Misplaced { home, .. } => is_own(home.field),
        Misfit::WrongType { node, .. } => {
            let key = context.record.key(*node);
            context.example.settings.is_none() && (key == shared.parent || *key == *snake_case(shared.parent))
        }
        Misfit::Unknown { near: Some(field), .. } => matches!(field.means, Means::Shared | Means::Settings),
        _ => false,
    };
    *context.known.is_misspelled.get_or_init(|| context.fit.misfits.iter().any(of_shared))
}

fn insert_value(context: &Context<'_>, field: &'static SharedField, value: SharedValue) -> Option<Fix> {
    let edit = shared_edit(context.record, context.example, field, value)?;
    Some(Fix::manual(format!("Set {} to {}", field.name, field.name(value)), vec![edit]))
}

/// The edit that sets the value of an example; `None` if it has this value already, or no place for one.
#[must_use]
pub fn shared_edit(
    record: Record<'_>,
    example: &Example,
    field: &'static SharedField,
    value: SharedValue,
) -> Option<Edit> {
    let value = lexer::quote(field.name(value));
    if let Some(node) = example.shared_node {
        let span = record.span(node);
        return (record.raw(span) != value).then(|| Edit::replace(span, value));
    }
    let Some(settings) = example.settings else {
        return moves::append_member(record, 0, field.parent, &format!("{{{}:{value}}}", lexer::quote(field.name)));
    };
    let is_own = |key: &str| key == field.name || key == snake_case(field.name);
    match record.children(settings).find(|&child| is_own(&record.key(child))) {
        Some(null) => Some(Edit::replace(record.span(null), value)),
        None => moves::append_member(record, settings, field.name, &value),
    }
}
