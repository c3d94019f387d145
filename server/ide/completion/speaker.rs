//! The speaker of a turn in a half-typed record.

use super::cursor::has_marker;
use crate::example::{Example, Place, Speaker, Turn, Vocabulary};
use crate::json::Record;

/// The speaker of a turn, from its place, its role, or the turn before it.
pub(super) fn speaker_of(record: Record<'_>, example: &Example, turn: &Turn, words: &Vocabulary) -> Speaker {
    match turn.place {
        Place::System => return Speaker::System,
        Place::Answer => return Speaker::Model,
        Place::Conversation => {}
    }
    let role = |turn: &Turn| record.string(turn.role?);
    let known = |role: &str| words.speaker(role).or_else(|| words.alias(role));
    match role(turn).as_deref().filter(|role| !role.is_empty() && !has_marker(role)) {
        Some(role) => known(role).unwrap_or(Speaker::User),
        None => {
            let before = example.conversation().take_while(|other| other.node != turn.node);
            let next = |next, turn: &Turn| role(turn).as_deref().and_then(known).map_or(after(next), after);
            before.fold(Speaker::User, next)
        }
    }
}

/// The usual next speaker.
pub(super) fn after(speaker: Speaker) -> Speaker {
    match speaker {
        Speaker::User | Speaker::Tool => Speaker::Model,
        Speaker::Model | Speaker::System => Speaker::User,
    }
}
