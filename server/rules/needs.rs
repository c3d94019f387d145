//! What a record has to have for a rule to have anything to say: most rules are about something that most
//! records do not have, and are not even asked then.

use crate::json::Kind;
use crate::rules::report::Form;
use crate::rules::turns::what_targets_have;
use crate::rules::{Context, LineEnd, Report, RuleId};
use crate::schema::Format;
use crate::schema::detect::Mark;
use crate::schema::example::{Example, Media, Part, Place, Segment, Side};
use crate::schema::media::{MediaKind, Resolution};

/// Things that a record may have; a rule is asked about one that has all it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs(u32);

impl Needs {
    /// Nothing: the rule is asked about every record.
    pub const NOTHING: Needs = Needs(0);
    /// Faults of grammar.
    pub const FAULTS: Needs = Needs(1);
    /// Values that do not fit the schema.
    pub const MISFITS: Needs = Needs(1 << 1);
    /// To be anything but one object of no other format on one line of UTF-8 that has an end.
    pub const UNUSUAL_LINE: Needs = Needs(1 << 2);
    /// Media files.
    pub const MEDIA: Needs = Needs(1 << 3);
    /// Media files other than [plain](crate::schema::example::Media::plain) ones whose type is documented and
    /// [agrees](crate::schema::example::Media::agrees) with their names.
    pub const UNUSUAL_MEDIA: Needs = Needs(1 << 4);
    /// Segments of videos.
    pub const SEGMENTS: Needs = Needs(1 << 5);
    /// Segments other than those of a video, from one time to a later one and nothing more.
    pub const UNUSUAL_SEGMENTS: Needs = Needs(1 << 6);
    /// Turns other than those of the user and the model one after the other, each with its role, the last one
    /// the model's; or values that do not fit.
    pub const UNUSUAL_TURNS: Needs = Needs(1 << 7);
    /// A system instruction.
    pub const SYSTEM: Needs = Needs(1 << 8);
    /// Calls or responses of functions.
    pub const FUNCTIONS: Needs = Needs(1 << 9);
    /// To be of preference tuning.
    pub const PREFERENCE: Needs = Needs(1 << 10);
    /// No resolution, or the unspecified one.
    pub const NO_RESOLUTION: Needs = Needs(1 << 11);
    /// The highest resolution, for all or for a part.
    pub const HIGH_RESOLUTION: Needs = Needs(1 << 12);
    /// To be the first of its file.
    pub const FIRST: Needs = Needs(1 << 13);
    /// A verdict on its file: its findings are being shown.
    pub const VERDICT: Needs = Needs(1 << 14);
    /// Media files elsewhere than in turns that are the user's [letter for letter](crate::schema::example::Turn::side).
    pub const MEDIA_ELSEWHERE: Needs = Needs(1 << 15);
    /// Letters beyond ASCII. Where the grammar has faults, there may be some outside of all strings.
    pub const UNUSUAL_LETTERS: Needs = Needs(1 << 16);
    /// A target that begins with white space, an escape or a letter beyond ASCII, or is empty.
    pub const UNUSUAL_TARGET: Needs = Needs(1 << 17);
    /// A target of few letters.
    pub const SHORT_TARGET: Needs = Needs(1 << 18);
    /// A target that may hold JSON.
    pub const JSON_TARGET: Needs = Needs(1 << 19);
    /// Segments of videos, and a target that may name a time.
    pub const TIMED_TARGET: Needs = Needs(1 << 20);

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
            && input.invalid.is_none()
            && input.end != LineEnd::Missing;
        by_layout.and(&what_targets_have(context)).and(&[
            (Self::FAULTS, !context.errors.is_empty()),
            (Self::MISFITS, misfits),
            (Self::UNUSUAL_LINE, !usual_line),
            (Self::UNUSUAL_MEDIA, example.media.iter().any(|media| !media.agrees)),
            (Self::UNUSUAL_SEGMENTS, example.segments.iter().any(|segment| !is_usual(example, segment))),
            (Self::UNUSUAL_TURNS, misfits),
            (Self::FIRST, input.first),
            (Self::VERDICT, shown),
            (Self::UNUSUAL_LETTERS, !record.tree.ascii || !context.errors.is_empty()),
        ])
    }

    /// What all records have that are laid out like the one that the example is of.
    #[must_use]
    pub fn of_layout(example: &Example, mark: Mark) -> Self {
        let high = Some(Resolution::High);
        let calls = |part: &Part| part.function_call.is_some() || part.function_response.is_some();
        let turn_of = |media: &Media| example.parts.get(media.part).and_then(|part| example.turns.get(part.turn));
        let elsewhere = |media: &Media| turn_of(media).is_none_or(|turn| turn.side != Some(Side::User));
        Self::NOTHING.and(&[
            (Self::MEDIA, !example.media.is_empty()),
            (Self::MEDIA_ELSEWHERE, example.media.iter().any(elsewhere)),
            (Self::SEGMENTS, !example.segments.is_empty()),
            (Self::UNUSUAL_TURNS, !example.takes_turns),
            (Self::SYSTEM, example.turns.iter().any(|turn| turn.place == Place::System)),
            (Self::FUNCTIONS, example.parts.iter().any(calls)),
            (Self::PREFERENCE, mark == Mark::Gemini(Format::Preference)),
            (Self::NO_RESOLUTION, matches!(example.resolution, None | Some(Resolution::Unspecified))),
            (Self::HIGH_RESOLUTION, example.resolution == high || example.parts.iter().any(|it| it.resolution == high)),
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

/// A rule's function.
type Check = fn(&Context<'_>, &mut Report<'_>);

/// So many kinds of records are known at once: in a dataset there are but a few.
const MOST_KINDS: usize = 64;

/// The rules that are asked, by what records have; put together once for each kind of record.
#[derive(Debug, Default)]
pub struct Asked {
    kinds: Vec<(Needs, Vec<(RuleId, Check)>)>,
    /// Which of them the last record was of: the next one is probably of it too.
    last: usize,
    /// Whether all rules are asked about everything: for the test that those that are not have nothing to say.
    #[cfg(test)]
    pub(crate) about_everything: bool,
}

impl Asked {
    /// The rules that may have something to say of a record that has this, in their order.
    pub fn rules(&mut self, has: Needs) -> &[(RuleId, Check)] {
        #[cfg(test)]
        let has = if self.about_everything { Needs(u32::MAX) } else { has };
        if self.kinds.get(self.last).is_none_or(|(kind, _)| *kind != has) {
            self.last = self.kinds.iter().position(|(kind, _)| *kind == has).unwrap_or_else(|| {
                if self.kinds.len() == MOST_KINDS {
                    self.kinds.clear();
                }
                let all = (0..).map(RuleId).zip(super::all());
                let asked = all.filter(|(_, rule)| has.cover(rule.needs)).map(|(id, rule)| (id, rule.check));
                self.kinds.push((has, asked.collect()));
                self.kinds.len() - 1
            });
        }
        &self.kinds[self.last].1
    }
}
