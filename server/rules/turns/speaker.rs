//! The speaker of a turn, by its role. A misspelled role counts where its meaning is clear.

use crate::example::{Place, Speaker, Turn, Vocabulary};
use crate::formats::Target;
use crate::json::{Kind, NodeId};
use crate::rules::Context;
use crate::rules::wording::article;
use crate::schema::misfit::Misfit;
use crate::schema::{Destination, Means};
use std::borrow::Cow;
use std::ops::Range;

/// The speaker of a turn, as far as its role tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// A known speaker. A [tool](Speaker::Tool) may need no role.
    By(Speaker),
    /// The role is absent, of another type, or a word without a meaning here.
    Unclear,
}

impl Says {
    /// The role of the user or the model, who take turns; `None` for all others.
    #[must_use]
    pub fn role(self, context: &Context<'_>) -> Option<&'static str> {
        match self {
            Says::By(speaker @ (Speaker::User | Speaker::Model)) => context.role(speaker),
            _ => None,
        }
    }
}

/// How a role is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As documented.
    Exact,
    /// Only the letter case differs.
    Case,
    /// Another vendor's word with the same meaning.
    Alias,
    /// Probably a typo.
    Near,
    /// A word without a meaning here.
    Unknown,
}

/// The speaker that a role means, and how the role is spelled.
#[must_use]
pub fn meaning(role: &str, words: &Vocabulary) -> (Says, Spelling) {
    if let Some(speaker) = words.speaker(role) {
        return (Says::By(speaker), Spelling::Exact);
    }
    let lower = role.to_lowercase();
    let named = |list: &[(&str, Speaker)]| list.iter().find(|(name, _)| *name == lower).map(|(_, speaker)| *speaker);
    if let Some(speaker) = named(words.roles) {
        return (Says::By(speaker), Spelling::Case);
    }
    if let Some(speaker) = named(words.aliases) {
        return (Says::By(speaker), Spelling::Alias);
    }
    if let Some(speaker) = named(words.hints) {
        let has_role = words.role(speaker).is_some();
        return (Says::By(speaker), if has_role { Spelling::Near } else { Spelling::Unknown });
    }
    let near = words.roles.iter().find(|(name, _)| strsim::osa_distance(lower.trim(), name) <= 1);
    near.map_or((Says::Unclear, Spelling::Unknown), |(_, speaker)| (Says::By(*speaker), Spelling::Near))
}

/// The role as written; `None` if it is absent, null or not a word, or if the turn has two.
#[must_use]
pub fn role_text<'a>(context: &Context<'a>, turn: &Turn) -> Option<Cow<'a, str>> {
    let node = turn.role?;
    if context.fit.misfits_at(node).any(|misfit| matches!(misfit, Misfit::Duplicate { .. })) {
        return None;
    }
    match context.record.kind(node) {
        Kind::String => context.record.string(node),
        // The missing quotes are a fault of grammar; the role is clear all the same.
        Kind::Word => Some(Cow::Borrowed(context.raw(context.record.span(node)))),
        _ => None,
    }
}

/// The speaker of a turn.
#[must_use]
pub fn speaker(context: &Context<'_>, turn: &Turn) -> Says {
    let is_plain = context.fit.misfits.is_empty() && (context.example.takes_turns || !turn.answers_call);
    if let Some(speaker) = turn.speaker.filter(|_| is_plain) {
        return Says::By(speaker);
    }
    if turn.answers_call {
        return Says::By(Speaker::Tool);
    }
    match role_text(context, turn) {
        Some(role) => meaning(&role, &context.format.words).0,
        None if holds_misplaced_field(context, turn) => Says::By(Speaker::System),
        None if is_lone_prompt(context, turn) => Says::By(Speaker::User),
        None => Says::Unclear,
    }
}

/// Whether the turn only holds a field of the top level, such as the system instruction.
fn holds_misplaced_field(context: &Context<'_>, turn: &Turn) -> bool {
    context.fit.misfits_of(inside(context, turn)).any(|misfit| match *misfit {
        Misfit::Misplaced { node, home, .. } => {
            home.to == Destination::Root && context.record.node(node).parent == turn.node
        }
        _ => false,
    })
}

/// Whether a turn needs a role and has none.
#[must_use]
pub fn lacks_role(context: &Context<'_>, turn: &Turn) -> bool {
    let absent = match turn.role {
        _ if turn.speaker.is_some() => false,
        None => true,
        Some(node) => match context.record.kind(node) {
            Kind::Null => true,
            Kind::String => context.record.string(node).is_some_and(|role| role.chars().all(char::is_whitespace)),
            _ => false,
        },
    };
    absent
        && !turn.answers_call
        && !has_misnamed_role(context, turn)
        && !holds_misplaced_field(context, turn)
        && !is_lone_prompt(context, turn)
}

/// Whether it is the only turn of a conversation, in a format where such a turn is the user's without a role.
fn is_lone_prompt(context: &Context<'_>, turn: &Turn) -> bool {
    let is_unset = turn.role.is_none_or(|role| match context.record.kind(role) {
        Kind::Null => true,
        Kind::String => context.record.string(role).is_some_and(|role| role.is_empty()),
        _ => false,
    });
    is_unset
        && !context.format.needs_role
        && turn.place == Place::Conversation
        && context.example.conversation().nth(1).is_none()
}

/// The nodes inside a turn.
fn inside(context: &Context<'_>, turn: &Turn) -> Range<NodeId> {
    turn.node + 1..context.record.node(turn.node).next
}

/// Whether the role is there under a wrong name or in one of the turn's parts.
fn has_misnamed_role(context: &Context<'_>, turn: &Turn) -> bool {
    let record = context.record;
    context.fit.misfits_of(inside(context, turn)).any(|misfit| match *misfit {
        Misfit::Unknown { node, near: Some(field), .. } => {
            field.means == Means::Speaker && record.node(node).parent == turn.node
        }
        Misfit::Misplaced { home, .. } => home.field == context.name_of(Means::Speaker),
        _ => false,
    })
}

/// The turns that need a role: all but the system instruction and the answers of functions.
pub fn speaking_turns<'a>(context: &'a Context<'_>) -> impl Iterator<Item = &'a Turn> {
    context.example.turns.iter().filter(|turn| turn.place != Place::System && !turn.answers_call)
}

/// Whether no turn has a role, so that only the position of a turn tells its speaker. That is one finding of
/// `missing-role`; the other rules of this family report nothing.
#[must_use]
pub fn is_read_by_position(context: &Context<'_>) -> bool {
    if context.example.takes_turns {
        return false;
    }
    *context.known.is_read_by_position.get_or_init(|| {
        let mut turns = speaking_turns(context).peekable();
        turns.peek().is_some() && turns.all(|turn| lacks_role(context, turn))
    })
}

/// The format's noun for a turn, such as "message".
#[must_use]
pub fn noun(context: &Context<'_>) -> &'static str {
    let turn = context.format.field(Means::Conversation).and_then(|field| field.shape.object());
    turn.map_or("turn", |turn| turn.noun)
}

/// A turn of a speaker, with its role, such as "`user` turn".
#[must_use]
pub fn turn_of(context: &Context<'_>, speaker: Speaker) -> String {
    let noun = noun(context);
    match context.role(speaker) {
        Some(role) => format!("`{role}` {noun}"),
        None => noun.to_owned(),
    }
}

/// The same with its article, such as "a `user` turn".
#[must_use]
pub fn a_turn_of(context: &Context<'_>, speaker: Speaker) -> String {
    let turn = turn_of(context, speaker);
    format!("{} {turn}", article(&turn))
}

/// Whether a line compares two answers.
#[must_use]
pub fn compares_answers(context: &Context<'_>) -> bool {
    matches!(context.kind.target, Target::ScoredAnswers | Target::TwoAnswers)
}

/// The turns that the model learns. Depending on the kind of line: its last turn, all of its turns whose weight isn't
/// 0, or the answers that are compared.
pub fn targets<'a>(context: &'a Context<'_>) -> impl Iterator<Item = &'a Turn> {
    let (mut turns, mut answers) = (context.example.conversation().rev(), &[][..]);
    let mut weighted = &[][..];
    let last = if compares_answers(context) {
        answers = &context.example.turns;
        None
    } else if context.kind.target == Target::ByWeight {
        weighted = &context.example.turns;
        None
    } else if context.kind.target == Target::Nothing {
        None
    } else if context.example.takes_turns && context.fit.misfits.is_empty() {
        // Turns alternate, so the last one is the model's.
        turns.next()
    } else {
        turns.find(|turn| speaker(context, turn) == Says::By(Speaker::Model))
    };
    let is_learned = |turn: &&Turn| {
        let is_off = turn.weight.is_some_and(|weight| context.raw(context.record.span(weight)) == "0");
        !is_off && speaker(context, turn) == Says::By(Speaker::Model)
    };
    let answers = answers.iter().filter(|turn| turn.place == Place::Answer);
    last.into_iter().chain(weighted.iter().filter(is_learned)).chain(answers)
}
