//! Preference lines: two scored answers to a user's text.

use crate::example::{Place, Speaker};
use crate::formats::gemini::PREFERENCE;
use crate::json::{Kind, NodeId};
use crate::rules::Severity::Error;
use crate::rules::turns::content::data_besides_text;
use crate::rules::turns::speaker::{Says, is_read_by_position, speaker};
use crate::rules::{Context, Report};

/// Whether a preference line has its two scored answers to a user's text, and text alone.
pub fn preference_completions(context: &Context<'_>, report: &mut Report<'_>) {
    if context.kind != &PREFERENCE || is_read_by_position(context) {
        return;
    }
    number_of_completions(context, report);
    scores(context, report);
    last_turn(context, report);
    let example = context.example;
    let conversation = example.turns.iter().filter(|turn| turn.place != Place::System);
    for part in conversation.flat_map(|turn| example.parts_of(turn)) {
        let Some(data) = data_besides_text(context, part) else { continue };
        report.find(Error, context.owner_span(data), |finding| {
            finding.says(format!(
                "`{}`{} is no text; preference tuning takes text parts only",
                context.record.key(data),
                context.place(part.node)
            ));
        });
    }
}

fn number_of_completions(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    let Some(list) = context.example.answer_list else { return };
    let count = match record.kind(list) {
        Kind::Array => record.children(list).count(),
        // One completion without the brackets of the list.
        Kind::Object => 1,
        _ => return,
    };
    // An empty list has a finding of its own.
    if matches!(count, 0 | 2) || (count < 2 && context.structure_is_hidden()) {
        return;
    }
    report.find(Error, context.owner_span(list), |finding| {
        finding.says(format!(
            "`completions` has {count} {}; preference tuning needs exactly two: the preferred one with score 1, the \
             other with score 0",
            if count == 1 { "element" } else { "elements" }
        ));
    });
}

fn scores(context: &Context<'_>, report: &mut Report<'_>) {
    let completions = &context.example.answers;
    let mut earlier: Option<(NodeId, f64)> = None;
    for (node, number) in completions.iter().filter_map(|answer| answer.score_of(context.record)) {
        let span = context.record.span(node);
        if number != 0.0 && number != 1.0 {
            report.find(Error, span, |finding| {
                finding.says(format!(
                    "the score {}{} is neither 1 (the preferred completion) nor 0 (the other one)",
                    context.raw(span),
                    context.place(node)
                ));
            });
            continue;
        }
        // Of more than two completions some have to be equal.
        if let Some((first, _)) = earlier.filter(|(_, other)| *other == number && completions.len() == 2) {
            report.find(Error, span, |finding| {
                finding
                    .says(format!(
                        "both completions have the score {number}; one is preferred and has 1, the other has 0"
                    ))
                    .related(context.record.span(first), "the score of the other one");
            });
        }
        earlier = Some((node, number));
    }
}

fn last_turn(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    let Some(last) = context.example.conversation().next_back() else { return };
    let is_last = context.example.turn_list.is_some_and(|list| record.node(list).next == record.node(last.node).next);
    let Some(role) = last.role.filter(|_| is_last && speaker(context, last) == Says::By(Speaker::Model)) else {
        return;
    };
    if context.structure_is_hidden() {
        return;
    }
    report.find(Error, record.span(role), |finding| {
        finding.says(format!(
            "`contents` ends with a turn of the model{}; on a preference line it has to end with the user's, and the \
             answers to it stand in `completions`",
            context.place(last.node)
        ));
    });
}
