//! What a record has to have for a rule to have anything to say: most rules are about something that most
//! records do not have, and are not even asked then.

use crate::example::mime::MediaKind;
use crate::example::{Example, Place, Segment, Speaker};
use crate::formats::Mark;
use crate::json::Kind;
use crate::rules::context::Form;
use crate::rules::turns::targets::may_have_unusual_target;
use crate::rules::{Context, LineEnd};

/// Things that a record may have; a rule is asked about one that has all it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs(u8);

impl Needs {
    /// Nothing: the rule is asked about every record.
    pub const NOTHING: Needs = Needs(0);
    /// Faults of grammar, or letters beyond ASCII.
    pub const FAULTS: Needs = Needs(1);
    /// Values that do not fit the schema.
    pub const MISFITS: Needs = Needs(1 << 1);
    /// To be anything but one object of no other format on one line of UTF-8 that has an end.
    pub const UNUSUAL_LINE: Needs = Needs(1 << 2);
    /// Media or segments other than plain ones that agree with their types, in a user's turn.
    pub const UNUSUAL_MEDIA: Needs = Needs(1 << 3);
    /// Turns other than those of the user and the model one after the other, calls of functions, instructions, or
    /// values that do not fit.
    pub const UNUSUAL_TURNS: Needs = Needs(1 << 4);
    /// A target that is short, or begins otherwise than with a plain letter, or may hold JSON or a time.
    pub const UNUSUAL_TARGET: Needs = Needs(1 << 5);
    /// To be the first of its file.
    pub const FIRST: Needs = Needs(1 << 6);
    /// A verdict on its file: its findings are being shown.
    pub const VERDICT: Needs = Needs(1 << 7);

    /// How many combinations there are.
    pub const KINDS: usize = 1 << u8::BITS;
    #[cfg(test)]
    pub(super) const ALL: Needs = Needs(u8::MAX);

    /// The combination as a number below [`Self::KINDS`].
    pub(super) fn number(self) -> usize {
        usize::from(self.0)
    }

    /// Whether a record that has `self` has all that is needed.
    #[must_use]
    pub fn cover(self, needed: Needs) -> bool {
        self.0 & needed.0 == needed.0
    }

    /// What a record has.
    #[must_use]
    pub fn of(context: &Context<'_>, by_layout: Needs, shown: bool) -> Self {
        let Context { input, record, example, .. } = context;
        let misfits = !context.fit.misfits.is_empty();
        let is_object = record.root().is_some_and(|root| record.kind(root) == Kind::Object);
        let usual_line = context.form == Form::Single
            && is_object
            && !matches!(context.mark, Mark::Foreign(_))
            && context.mark.format().is_none_or(|format| format == context.format)
            && input.invalid.is_none()
            && input.end != LineEnd::Missing;
        let unusual_media = || {
            example.media.iter().any(|media| !media.agrees)
                || example.segments.iter().any(|segment| !is_usual(example, segment))
        };
        by_layout.and(&[
            (Self::FAULTS, !context.errors.is_empty() || !record.tree.ascii),
            (Self::MISFITS, misfits),
            (Self::UNUSUAL_LINE, !usual_line),
            (Self::UNUSUAL_MEDIA, unusual_media()),
            (Self::UNUSUAL_TURNS, misfits),
            (Self::UNUSUAL_TARGET, may_have_unusual_target(context)),
            (Self::FIRST, input.first),
            (Self::VERDICT, shown),
        ])
    }

    /// What all records have that are laid out like the one that the example is of.
    #[must_use]
    pub fn of_layout(example: &Example) -> Self {
        let elsewhere = |media: &crate::example::Media| {
            example.turn_of(media.part).is_none_or(|turn| turn.speaker != Some(Speaker::User))
        };
        let has_more = !example.calls.is_empty()
            || example.turns.iter().any(|turn| turn.place != Place::Conversation || turn.weight.is_some());
        let has_elsewhere = example.media.iter().any(elsewhere);
        Self::NOTHING.and(&[
            (Self::UNUSUAL_MEDIA, has_elsewhere),
            (Self::UNUSUAL_TURNS, !example.takes_turns || has_more || has_elsewhere),
        ])
    }

    /// This, and those that a record has.
    fn and(self, others: &[(Needs, bool)]) -> Self {
        Self(others.iter().map(|(one, has)| if *has { one.0 } else { 0 }).fold(self.0, |all, one| all | one))
    }
}

fn is_usual(example: &Example, segment: &Segment) -> bool {
    let media = example.parts.get(segment.part).and_then(|part| example.media.get(part.media?));
    let (start, end) = (segment.start_time, segment.end_time);
    media.is_some_and(|media| media.kind == Some(MediaKind::Video))
        && segment.fps.is_none()
        && segment.start.is_some() == start.is_some()
        && segment.end.is_some() == end.is_some()
        && start.zip(end).is_none_or(|(start, end)| start < end)
}
