//! Who speaks a turn: by its role where that is clear, whatever is wrong with its spelling.

use crate::json::Kind;
use crate::rules::Context;
use crate::schema::Format;
use crate::schema::detect::Mark;
use crate::schema::example::{Place, Side, Turn};
use crate::schema::fit::Misfit;
use std::borrow::Cow;

/// Who speaks a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaker {
    User,
    Model,
    /// Nobody in the conversation: a system prompt that stands in the wrong place.
    System,
    /// A function answers; such a turn needs no role.
    Function,
    /// The role is absent, of another type, or a word without a meaning here.
    Unclear,
}

impl Speaker {
    /// The role that a turn of this speaker has.
    pub(super) fn role(self) -> Option<&'static str> {
        match self {
            Speaker::User => Some("user"),
            Speaker::Model => Some("model"),
            _ => None,
        }
    }
}

/// How a role that is not spelled as documented comes to its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    Exact,
    /// Only the letter case differs.
    Case,
    /// Another vendor's word with the same meaning.
    Alias,
    /// Probably a slip.
    Near,
    Unknown,
}

/// What a role means, and how that is known.
pub(super) fn meaning(role: &str) -> (Speaker, Spelling) {
    match role {
        "user" => return (Speaker::User, Spelling::Exact),
        "model" => return (Speaker::Model, Spelling::Exact),
        _ => {}
    }
    let lower = role.to_lowercase();
    match lower.as_str() {
        "user" => (Speaker::User, Spelling::Case),
        "model" => (Speaker::Model, Spelling::Case),
        "human" => (Speaker::User, Spelling::Alias),
        "assistant" => (Speaker::Model, Spelling::Alias),
        "gpt" | "bot" | "ai" => (Speaker::Model, Spelling::Near),
        "system" | "developer" => (Speaker::System, Spelling::Unknown),
        word => {
            let near = |name| strsim::osa_distance(word.trim(), name) <= 1;
            if near("user") {
                (Speaker::User, Spelling::Near)
            } else if near("model") {
                (Speaker::Model, Spelling::Near)
            } else {
                (Speaker::Unclear, Spelling::Unknown)
            }
        }
    }
}

/// The role as written; `None` when it is absent, null or not a word, or there are two.
pub(super) fn role_text<'a>(context: &Context<'a>, turn: &Turn) -> Option<Cow<'a, str>> {
    let node = turn.role?;
    let twice = |misfit: &Misfit| matches!(misfit, Misfit::Duplicate { node: later, .. } if *later == node);
    if context.fit.misfits.iter().any(twice) {
        return None;
    }
    match context.record.kind(node) {
        Kind::String => context.record.string(node),
        // A role without its quotes is the grammar's to say, and still clear.
        Kind::Word => Some(Cow::Borrowed(context.raw(context.record.span(node)))),
        _ => None,
    }
}

/// Who speaks a turn.
pub(super) fn speaker(context: &Context<'_>, turn: &Turn) -> Speaker {
    let is_plain = context.fit.misfits.is_empty() && (context.example.takes_turns || !answers_a_call(context, turn));
    if let Some(side) = turn.side.filter(|_| is_plain) {
        return if side == Side::User { Speaker::User } else { Speaker::Model };
    }
    if answers_a_call(context, turn) {
        return Speaker::Function;
    }
    match role_text(context, turn) {
        Some(role) => meaning(&role).0,
        None if holds_misplaced_field(context, turn) => Speaker::System,
        None => Speaker::Unclear,
    }
}

/// Whether it is no turn but a field of the top level, such as `systemInstruction`, in its place.
fn holds_misplaced_field(context: &Context<'_>, turn: &Turn) -> bool {
    context.fit.misfits.iter().any(|misfit| match *misfit {
        Misfit::Misplaced { node, home, .. } => {
            home.object == "Example" && context.record.node(node).parent == turn.node
        }
        _ => false,
    })
}

/// Whether a turn holds what a function gave back.
pub(super) fn answers_a_call(context: &Context<'_>, turn: &Turn) -> bool {
    context.example.parts_of(turn).iter().any(|part| part.function_response.is_some())
}

/// Whether a turn needs a role and has none.
pub(super) fn lacks_role(context: &Context<'_>, turn: &Turn) -> bool {
    let absent = match turn.role {
        _ if turn.side.is_some() => false,
        None => true,
        Some(node) => match context.record.kind(node) {
            Kind::Null => true,
            Kind::String => context.record.string(node).is_some_and(|role| role.chars().all(char::is_whitespace)),
            _ => false,
        },
    };
    absent
        && !answers_a_call(context, turn)
        && !has_misnamed_role(context, turn)
        && !holds_misplaced_field(context, turn)
}

/// Whether the role is there under a wrong name or in one of the turn's parts.
fn has_misnamed_role(context: &Context<'_>, turn: &Turn) -> bool {
    let record = context.record;
    let inside = |node| node > turn.node && node < record.node(turn.node).next;
    context.fit.misfits.iter().any(|misfit| match *misfit {
        Misfit::Unknown { node, near: Some(field), .. } => {
            field.name == "role" && record.node(node).parent == turn.node
        }
        Misfit::Misplaced { node, home, .. } => home.field == "role" && inside(node),
        _ => false,
    })
}

/// The turns that need a role: all but the system instruction and the answers of functions.
pub(super) fn speaking_turns<'a>(context: &'a Context<'_>) -> impl Iterator<Item = &'a Turn> {
    context.example.turns.iter().filter(|turn| turn.place != Place::System && !answers_a_call(context, turn))
}

/// Whether no turn has a role, so that the turns can be read only by their position. One finding
/// says so, and no other of this family.
pub(super) fn is_read_by_position(context: &Context<'_>) -> bool {
    if context.example.takes_turns {
        return false;
    }
    let mut turns = speaking_turns(context).peekable();
    turns.peek().is_some() && turns.all(|turn| lacks_role(context, turn))
}

/// Whether the line is of preference tuning.
pub(super) fn is_preference(context: &Context<'_>) -> bool {
    matches!(context.mark, Mark::Gemini(Format::Preference))
}

/// The turns that are learned: the last one of the model, or the completions of a preference line.
pub(super) fn targets<'a>(context: &'a Context<'_>) -> impl Iterator<Item = &'a Turn> {
    let (mut turns, mut completions) = (context.example.conversation().rev(), &[][..]);
    let last = if is_preference(context) {
        completions = &context.example.turns;
        None
    } else if context.example.takes_turns && context.fit.misfits.is_empty() {
        // That is the model's.
        turns.next()
    } else {
        turns.find(|turn| speaker(context, turn) == Speaker::Model)
    };
    last.into_iter().chain(completions.iter().filter(|turn| turn.place == Place::Completion))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_keeps_its_meaning_in_other_spellings() {
        for (role, expected) in [
            ("user", (Speaker::User, Spelling::Exact)),
            ("USER", (Speaker::User, Spelling::Case)),
            ("Model", (Speaker::Model, Spelling::Case)),
            ("Assistant", (Speaker::Model, Spelling::Alias)),
            ("human", (Speaker::User, Spelling::Alias)),
            ("gpt", (Speaker::Model, Spelling::Near)),
            ("modle", (Speaker::Model, Spelling::Near)),
            ("user ", (Speaker::User, Spelling::Near)),
            ("System", (Speaker::System, Spelling::Unknown)),
            ("narrator", (Speaker::Unclear, Spelling::Unknown)),
            ("function", (Speaker::Unclear, Spelling::Unknown)),
        ] {
            assert_eq!(meaning(role), expected, "{role}");
        }
    }
}
