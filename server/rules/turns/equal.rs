//! Preference pairs without a difference.

use super::speaker::is_read_by_position;
use crate::example::{Answer, Place};
use crate::json::{NodeId, Span, print};
use crate::rules::Severity::Warning;
use crate::rules::{Context, FaultKind, Fixes, Needs, Report, Row, row};

/// Two answers to compare that are the same.
pub(super) const EQUAL_COMPLETIONS: Row = row(
    "equal-completions",
    &[Warning],
    Fixes::None,
    "a preference pair whose two answers are the same",
    equal_completions,
)
.fault(FaultKind::Repeated)
.needs(Needs::UNUSUAL_TURNS);

fn equal_completions(context: &Context<'_>, report: &mut Report<'_>) {
    let [first, second] = &context.example.answers[..] else { return };
    if is_read_by_position(context) || context.structure_is_hidden() {
        return;
    }
    let (Some(one), Some(other)) = (content(context, first), content(context, second)) else { return };
    if one.parts != other.parts {
        return;
    }
    let what = match one.exact == other.exact {
        true => "both answers of this pair are the same",
        false => "the answers of this pair differ only in white space",
    };
    report.find(Warning, place(context, second, &other), |finding| {
        finding
            .says(format!("{what}; expected a preferred one and a worse one"))
            .effect("The model learns nothing from a pair without a difference")
            .related(place(context, first, &one), "the other answer");
    });
}

/// What an answer says.
#[derive(Default)]
struct Content {
    /// Trimmed texts, and other data as compact JSON. What follows each other as text is one text.
    parts: Vec<(Kind, String)>,
    /// The first text.
    text: Option<NodeId>,
    /// All texts with their white space.
    exact: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Data,
    NextTurn,
}

/// What an answer says; `None` where it says nothing, or where a fault makes that uncertain.
fn content(context: &Context<'_>, answer: &Answer) -> Option<Content> {
    let (record, example) = (context.record, context.example);
    let end = record.node(answer.node).next;
    let mut content = Content::default();
    for turn in example.turns_in(answer.node..end).iter().filter(|turn| turn.place == Place::Answer) {
        content.parts.push((Kind::NextTurn, String::new()));
        for part in example.parts_of(turn) {
            let media = part.media.and_then(|media| Some(example.media.get(media)?.node));
            match part.text {
                _ if part.other => return None,
                Some(text) => content.add_text(text, &record.string(text)?),
                None => {
                    let data = [part.call, part.call_result, media].into_iter().flatten().next()?;
                    content.parts.push((Kind::Data, print::compact(record.raw(record.span(data)))));
                }
            }
        }
    }
    for (_, text) in content.parts.iter_mut().filter(|(kind, _)| *kind == Kind::Text) {
        *text = text.trim().to_owned();
    }
    content.parts.retain(|(kind, text)| *kind != Kind::Text || !text.is_empty());
    // An answer without text has a finding of its own.
    content.parts.iter().any(|(kind, _)| *kind != Kind::NextTurn).then_some(content)
}

impl Content {
    fn add_text(&mut self, node: NodeId, text: &str) {
        self.text.get_or_insert(node);
        self.exact.push_str(text);
        match self.parts.last_mut() {
            Some((Kind::Text, before)) => before.push_str(text),
            _ => self.parts.push((Kind::Text, text.to_owned())),
        }
    }
}

/// Where a finding about an answer goes: its text, or else its field.
fn place(context: &Context<'_>, answer: &Answer, content: &Content) -> Span {
    content.text.map_or_else(|| context.owner_span(answer.node), |text| context.record.span(text))
}
