//! Preconditions of rules. Most rules are about something that most records don't have, such as a syntax error; a rule
//! runs only on records that have what it needs.

use crate::example::limits::Limits;
use crate::example::mime::MediaKind;
use crate::example::shared::SharedValue;
use crate::example::{Example, Place, Segment, Speaker, Turn};
use crate::formats::service::SameData;
use crate::formats::{Mark, Service, Target};
use crate::json::tree::OTHER_ESCAPES;
use crate::json::{Kind, Record};
use crate::rules::context::Form;
use crate::rules::turns::targets::{may_be_blank, what_targets_have};
use crate::rules::{Context, LineEnd};

/// A set of properties: those of a record, or those that a record must have for a rule to run on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs(u32);

impl Needs {
    /// No property: the rule runs on every record.
    pub const NOTHING: Needs = Needs(0);
    /// Syntax errors.
    pub const FAULTS: Needs = Needs(1);
    /// Fields or values that don't fit the schema.
    pub const MISFITS: Needs = Needs(1 << 1);
    /// Anything other than one object on one line of valid UTF-8 that has a line end and is a line of its format that
    /// the service trains; any line if there is a baseline.
    pub const UNUSUAL_LINE: Needs = Needs(1 << 2);
    /// Media or segments that are unusual: outside a user's turn, with a type that doesn't match, with `fps`, ….
    pub const UNUSUAL_MEDIA: Needs = Needs(1 << 3);
    /// Turns that are unusual: not alternating between user and model, with function calls, instructions, weights or
    /// parts with a shared value, or that don't fit the schema.
    pub const UNUSUAL_TURNS: Needs = Needs(1 << 4);
    /// A target that is short, or doesn't start with a plain letter.
    pub const UNUSUAL_TARGET: Needs = Needs(1 << 5);
    /// A target that may contain JSON.
    pub const JSON_TARGET: Needs = Needs(1 << 6);
    /// A segment or a recording of known length, and a target that may contain a time.
    pub const TIMED_TARGET: Needs = Needs(1 << 7);
    /// Characters beyond ASCII, escapes that may stand for some, or syntax errors that may hide some.
    pub const UNUSUAL_LETTERS: Needs = Needs(1 << 8);
    /// The record is the first of its file.
    pub const FIRST: Needs = Needs(1 << 9);
    /// There is a verdict on the file: findings are being shown, not counted.
    pub const VERDICT: Needs = Needs(1 << 10);
    /// Declared functions, or a schema of the answer.
    pub const TOOLS: Needs = Needs(1 << 11);
    /// A text that may be empty or white space.
    pub const BLANK_TEXT: Needs = Needs(1 << 12);
    /// A target that may be without an answer: with an empty text, or with thoughts.
    pub const EMPTY_TARGET: Needs = Needs(1 << 13);
    /// Instructions with something other than text.
    pub const RICH_INSTRUCTIONS: Needs = Needs(1 << 17);
    /// Several media files.
    pub const MANY_MEDIA: Needs = Needs(1 << 14);
    /// A segment.
    pub const SEGMENT: Needs = Needs(1 << 15);
    /// A service that rejects some texts.
    pub const REFUSED_TEXTS: Needs = Needs(1 << 16);
    /// A shared value of the line.
    pub const SHARED_VALUE: Needs = Needs(1 << 18);
    /// Video or images, and no shared value of the line.
    pub const NO_SHARED_VALUE: Needs = Needs(1 << 19);
    /// A shared value that not all documentation lists for video, of the line or of a part.
    pub const DOUBTFUL_VALUE: Needs = Needs(1 << 20);
    /// A prompt without an answer to learn.
    pub const PROMPT: Needs = Needs(1 << 21);
    /// A line end other than LF and CRLF, or the first record of its file.
    pub const LINE_END: Needs = Needs(1 << 22);
    /// A service that loads the fields as columns, data for a grader whose keys are compared, or the first record of its
    /// file.
    pub const COLUMNS: Needs = Needs(1 << 23);

    /// Media, and facts about media files; or several segments whose lengths add up.
    pub const KNOWN_MEDIA: Needs = Needs(1 << 24);

    #[cfg(test)]
    pub(super) const ALL: Needs = Needs(u32::MAX);

    /// Whether a record with the properties `self` has all of `needed`.
    #[must_use]
    pub fn cover(self, needed: Needs) -> bool {
        self.0 & needed.0 == needed.0
    }

    /// The properties of a record; `by_layout` are those that [`Self::of_layout`] found.
    #[must_use]
    pub fn of(context: &Context<'_>, by_layout: Needs, shown: bool) -> Self {
        let Context { input, record, example, .. } = context;
        let misfits = !context.fit.misfits.is_empty();
        let is_object = record.root().is_some_and(|root| record.kind(root) == Kind::Object);
        let usual_line = context.form == Form::Single
            && is_object
            && !matches!(context.mark, Mark::Foreign(_))
            && context.mark.format().is_none_or(|format| format == context.format)
            && context.service.takes_kind(context.kind.id)
            && context.settings.baseline.is_none()
            && input.invalid.is_none()
            && input.end != LineEnd::Missing;
        let unusual_media = || {
            example.media.iter().any(|media| !media.agrees)
                || example.segments.iter().any(|segment| !is_usual(example, segment))
        };
        let targets = what_targets_have(context);
        let (mut blank, mut escapes) = (false, false);
        for &text in &example.texts {
            let node = record.node(text);
            blank |= may_be_blank(*record, node.span);
            escapes |= node.escapes == OTHER_ESCAPES;
        }
        by_layout.and(&[
            (Self::FAULTS, !context.errors.is_empty()),
            (Self::BLANK_TEXT, blank),
            (Self::UNUSUAL_LETTERS, !record.tree.ascii || escapes || !context.errors.is_empty()),
            (Self::MISFITS, misfits),
            (Self::UNUSUAL_LINE, !usual_line),
            (Self::UNUSUAL_MEDIA, unusual_media()),
            (Self::UNUSUAL_TURNS, misfits),
            (Self::UNUSUAL_TARGET, targets.unusual),
            (Self::EMPTY_TARGET, blank),
            (Self::JSON_TARGET, targets.json),
            (Self::TIMED_TARGET, targets.time),
            (Self::KNOWN_MEDIA, has_known_media(context)),
            (Self::FIRST, input.first),
            (Self::VERDICT, shown),
            (Self::PROMPT, context.kind.target == Target::Nothing),
            (Self::LINE_END, input.first || !matches!(input.end, LineEnd::Lf | LineEnd::CrLf)),
            (Self::COLUMNS, input.first || context.service.loads_columns || compares_data(context)),
        ])
    }

    /// The properties that follow from the structure of the example, not from its values: records with the same
    /// structure share them.
    #[must_use]
    pub fn of_layout(record: Record<'_>, example: &Example, service: &Service, limits: &Limits) -> Self {
        let elsewhere = |media: &crate::example::Media| {
            example.turn_of(media.part).is_none_or(|turn| turn.speaker != Some(Speaker::User))
        };
        let has_more = !example.calls.is_empty()
            || example.turns.iter().any(|turn| turn.place == Place::Answer || turn.weight.is_some())
            || example.parts.iter().any(|part| part.shared_node.is_some());
        let has_elsewhere = example.media.iter().any(elsewhere);
        let is_refused = |turn: &Turn| {
            let role = turn.role.and_then(|role| record.string(role));
            role.is_some_and(|role| !service.takes_role(&role))
        };
        let has_refused = !service.roles.is_empty() && example.turns.iter().any(is_refused);
        let instructions = example.turns.iter().filter(|turn| turn.speaker == Some(Speaker::System));
        let instructions = instructions.count();
        let has_field = !service.instruction_field.is_empty() && instructions > 0;
        let has_more = has_more || has_refused || has_field || instructions > 1 || instructions == example.turns.len();
        let is_rich = |turn: &Turn| {
            (turn.place == Place::System || turn.speaker == Some(Speaker::System))
                && example.parts_of(turn).iter().any(|part| !part.is_text())
        };
        let takes_no_video = service.limits.iter().any(|limits| limits.videos == Some(0));
        let is_bare = |turn: &Turn| example.parts_of(turn).is_empty();
        let is_unset = example.shared_node.is_none() || example.shared == Some(SharedValue::UNSET);
        let is_doubtful = |value: Option<SharedValue>| value.is_some() && value == limits.doubtful_on_video;
        let has_doubtful = is_doubtful(example.shared) || example.parts.iter().any(|part| is_doubtful(part.shared));
        let may_say_nothing = example.parts.iter().any(|part| part.thought) || example.turns.iter().any(is_bare);
        Self::NOTHING.and(&[
            (Self::TOOLS, example.tools.is_some() || example.answer_schema.is_some()),
            (Self::EMPTY_TARGET, may_say_nothing),
            (Self::RICH_INSTRUCTIONS, example.turns.iter().any(is_rich)),
            (Self::MANY_MEDIA, example.media.len() > 1 || (!example.media.is_empty() && takes_no_video)),
            (Self::SEGMENT, !example.segments.is_empty()),
            (Self::REFUSED_TEXTS, !service.refused_texts.is_empty()),
            (Self::SHARED_VALUE, example.shared.is_some()),
            (Self::NO_SHARED_VALUE, is_unset && example.has_frames()),
            (Self::DOUBTFUL_VALUE, has_doubtful),
            (Self::UNUSUAL_MEDIA, has_elsewhere),
            (Self::UNUSUAL_TURNS, !example.takes_turns || has_more || has_elsewhere),
        ])
    }

    /// Adds the properties whose flag is set.
    fn and(self, others: &[(Needs, bool)]) -> Self {
        Self(others.iter().map(|(one, has)| if *has { one.0 } else { 0 }).fold(self.0, |all, one| all | one))
    }
}

fn has_known_media(context: &Context<'_>) -> bool {
    let Context { settings, example, limits, .. } = context;
    (settings.media.is_some() && !example.media.is_empty())
        || (limits.video_lengths_add_up && example.segments.len() > 1)
}

/// Whether the service wants the same data for a grader on every line.
fn compares_data(context: &Context<'_>) -> bool {
    context.service.same_data != SameData::Free && context.kind.target == Target::Nothing
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
