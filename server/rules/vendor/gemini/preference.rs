//! Preference lines: two scored answers to a user's text.

use crate::example::{Place, Speaker};
use crate::formats::gemini::{COMPLETION, GEMINI, PREFERENCE};
use crate::json::{Edit, Kind, NodeId, Record, Span};
use crate::rules::Severity::Error;
use crate::rules::turns::content::data_besides_text;
use crate::rules::turns::speaker::{Says, is_read_by_position, speaker};
use crate::rules::wording::listed;
use crate::rules::{Context, Fix, Report, moves};
use crate::schema::Shape;

/// Checks that a preference line has two scored answers to a user's turn, and only text.
pub fn preference_completions(context: &Context<'_>, report: &mut Report<'_>) {
    if context.kind != &PREFERENCE || is_read_by_position(context) {
        return;
    }
    flat_completions(context, report);
    number_of_completions(context, report);
    scores(context, report);
    last_turn(context, report);
    let example = context.example;
    let conversation = example.turns.iter().filter(|turn| turn.place != Place::System);
    let parts = conversation.flat_map(|turn| example.parts_of(turn));
    let data: Vec<_> = parts.filter_map(|part| data_besides_text(context, part)).collect();
    let Some(&first) = data.first() else { return };
    report.find(Error, context.owner_span(first), |finding| {
        let mut keys: Vec<_> = data.iter().map(|data| format!("`{}`", context.record.key(*data))).collect();
        keys.sort();
        keys.dedup();
        let are = if keys.len() == 1 { "is" } else { "are" };
        let times = if data.len() > 1 { format!(" ({} on this line)", data.len()) } else { String::new() };
        finding.says(format!("{} {are} not allowed in preference tuning, which only takes text{times}", listed(&keys)));
    });
}

/// Whether an object is a completion with the fields of its turn in place of `completion`.
pub fn is_flat_completion(context: &Context<'_>, node: NodeId) -> bool {
    let shape = context.fit.shape(node).map(|pair| pair.shape);
    let record = context.record;
    matches!(shape, Some(Shape::Object(object)) if std::ptr::eq(object, &raw const COMPLETION))
        && record.member(node, "parts").is_some()
        && record.member(node, "completion").is_none()
}

fn flat_completions(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    let answers = context.example.answers.iter().map(|answer| answer.node);
    let flat: Vec<_> = answers.filter(|node| is_flat_completion(context, *node)).collect();
    let Some(&first) = flat.first() else { return };
    report.find(Error, context.owner_span(first), |finding| {
        finding.says("a completion has no `completion`; expected its `role` and `parts` in there").fix(|| {
            let edits = flat.iter().map(|node| nested(record, *node)).collect::<Option<Vec<_>>>()?;
            (!context.structure_is_hidden()).then(|| Fix::safe("Move the turns into `completion`", edits))
        });
    });
}

/// Replaces a flat completion by one with its turn in `completion`.
fn nested(record: Record<'_>, node: NodeId) -> Option<Edit> {
    let is_of_turn = |member: &NodeId| matches!(&*record.key(*member), "role" | "parts");
    let text =
        |member: NodeId| Some(format!("{}:{}", record.raw(record.key_span(member)?), record.raw(record.span(member))));
    let (turn, others): (Vec<_>, Vec<_>) = record.children(node).partition(is_of_turn);
    let mut members = others.into_iter().map(text).collect::<Option<Vec<_>>>()?;
    let turn = turn.into_iter().map(text).collect::<Option<Vec<_>>>()?;
    members.push(format!("\"completion\":{{{}}}", turn.join(",")));
    Some(Edit::replace(record.span(node), format!("{{{}}}", members.join(","))))
}

/// The members of a line that hold the two answers in the manner of other formats: the preferred one and the other.
pub fn pair_of_answers(context: &Context<'_>, node: NodeId) -> Option<(NodeId, NodeId)> {
    let record = context.record;
    let is_free = record.member(0, "completions").is_none_or(|list| record.kind(list) == Kind::Null);
    if record.parent(node) != Some(0) || !is_free || context.format != &GEMINI {
        return None;
    }
    let key = record.key(node);
    let (chosen, rejected) = [("chosen", "rejected"), ("preferred_output", "non_preferred_output")]
        .into_iter()
        .find(|(chosen, rejected)| key == *chosen || key == *rejected)?;
    Some((record.member(0, chosen)?, record.member(0, rejected)?))
}

/// Moves the two answers of a line to `completions`.
pub fn to_completions(context: &Context<'_>, node: NodeId) -> Option<Fix> {
    let record = context.record;
    let (chosen, rejected) = pair_of_answers(context, node).filter(|_| !context.structure_is_hidden())?;
    // It is unclear whether the last answer of a conversation is one of the two.
    let last = context.example.conversation().next_back();
    let is_answered = last.is_some_and(|last| speaker(context, last) == Says::By(Speaker::Model));
    if record.member(0, "completions").is_some() || is_answered {
        return None;
    }
    let completion =
        |node, score| Some(format!("{{\"score\":{score},\"completion\":{}}}", turn_of_model(record, node)?));
    let (first, second) = (chosen.min(rejected), chosen.max(rejected));
    let member = Span::new(record.key_span(first)?.start(), record.span(first).end());
    let list = format!("\"completions\":[{},{}]", completion(chosen, 1)?, completion(rejected, 0)?);
    let edits = vec![Edit::replace(member, list), moves::remove_element(record, second)?];
    Some(Fix::safe("Move both answers to `completions`", edits))
}

/// An answer as a turn of the model; `None` if it is something else, such as a whole conversation.
fn turn_of_model(record: Record<'_>, node: NodeId) -> Option<String> {
    let raw = record.raw(record.span(node));
    let turn = |parts: &str| format!("{{\"role\":\"model\",\"parts\":{parts}}}");
    if record.kind(node) == Kind::String {
        return Some(turn(&format!("[{{\"text\":{raw}}}]")));
    }
    if record.kind(node) == Kind::Array {
        let mut elements = record.children(node);
        return elements.next().filter(|_| elements.next().is_none()).and_then(|only| turn_of_model(record, only));
    }
    let role = record.member(node, "role").and_then(|role| record.string(role));
    let is_models = role.is_none_or(|role| matches!(&*role, "model" | "assistant"));
    let content = ["parts", "content"].into_iter().find_map(|key| record.member(node, key))?;
    let others = record.children(node).filter(|member| !matches!(&*record.key(*member), "role" | "parts" | "content"));
    if !is_models || others.count() > 0 || record.children(node).count() > 2 {
        return None;
    }
    let value = record.raw(record.span(content));
    match record.kind(content) {
        Kind::Array if record.key(content) == "parts" => Some(turn(value)),
        Kind::String => Some(turn(&format!("[{{\"text\":{value}}}]"))),
        _ => None,
    }
}

fn number_of_completions(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    let Some(list) = context.example.answer_list else { return };
    let count = match record.kind(list) {
        Kind::Array => record.children(list).count(),
        // One completion without the list's brackets.
        Kind::Object => 1,
        _ => return,
    };
    // An empty list is a finding of `empty-list`.
    if matches!(count, 0 | 2) || (count < 2 && context.structure_is_hidden()) {
        return;
    }
    report.find(Error, context.owner_span(list), |finding| {
        finding.says(format!(
            "`completions` has {count} {}; expected exactly two, one with score 1 and one with score 0",
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
                    "`{}` is {}; expected 1 for the preferred completion or 0 for the other one",
                    context.record.key(node),
                    context.raw(span)
                ));
            });
            continue;
        }
        // With more than two completions, some scores are necessarily equal.
        if let Some((first, _)) = earlier.filter(|(_, other)| *other == number && completions.len() == 2) {
            report.find(Error, span, |finding| {
                finding
                    .says(format!(
                        "both completions have score {number}; expected 1 for the preferred one and 0 for the other"
                    ))
                    .related(context.record.span(first), "the score of the other completion");
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
        finding.says("`contents` ends with a `model` turn; end the prompt with a `user` turn");
    });
}
