//! What a record has to have for a rule to have anything to say: most rules are about something that most
//! records do not have, and are not even asked then.

use crate::rules::{Context, FAMILIES, Report, RuleId};

/// Things that a record may have; a rule is asked about one that has all it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs(u8);

impl Needs {
    /// Nothing: the rule is asked about every record.
    pub const NOTHING: Needs = Needs(0);
    /// Faults of grammar.
    pub const FAULTS: Needs = Needs(1);
    /// Values that do not fit the schema.
    pub const MISFITS: Needs = Needs(1 << 1);
    /// Media files.
    pub const MEDIA: Needs = Needs(1 << 2);
    /// Media files that are not [plain](crate::schema::example::Media::plain).
    pub const UNUSUAL_MEDIA: Needs = Needs(1 << 3);
    /// Segments of videos.
    pub const SEGMENTS: Needs = Needs(1 << 4);
    /// Turns other than those of the user and the model one after the other, each with its role, the last one
    /// the model's; or values that do not fit.
    pub const UNUSUAL_TURNS: Needs = Needs(1 << 5);
    /// To be the first of its file.
    pub const FIRST: Needs = Needs(1 << 6);
    /// A verdict on its file: its findings are being shown.
    pub const VERDICT: Needs = Needs(1 << 7);

    /// Whether a record that has `self` has all that is needed.
    #[must_use]
    pub fn cover(self, needed: Needs) -> bool {
        self.0 & needed.0 == needed.0
    }

    /// What a record has.
    #[must_use]
    pub fn of(context: &Context<'_>, shown: bool) -> Self {
        let example = context.example;
        let misfits = !context.fit.misfits.is_empty();
        let has = [
            (Self::FAULTS, !context.errors.is_empty()),
            (Self::MISFITS, misfits),
            (Self::MEDIA, !example.media.is_empty()),
            (Self::UNUSUAL_MEDIA, example.media.iter().any(|media| !media.plain)),
            (Self::SEGMENTS, !example.segments.is_empty()),
            (Self::UNUSUAL_TURNS, misfits || !example.takes_turns),
            (Self::FIRST, context.input.first),
            (Self::VERDICT, shown),
        ];
        Self(has.into_iter().filter(|(_, has)| *has).fold(0, |all, (one, _)| all | one.0))
    }
}

/// A rule's function.
type Check = fn(&Context<'_>, &mut Report<'_>);

/// The rules that are asked, by what records have; put together once for each kind of record.
#[derive(Debug, Default)]
pub struct Asked(Vec<Option<Vec<(RuleId, Check)>>>);

impl Asked {
    /// All rules, about every record.
    #[cfg(test)]
    pub(crate) fn about_everything() -> Self {
        let all = || (0..).map(RuleId).zip(super::all()).map(|(id, rule)| (id, rule.check)).collect();
        Self((0..=u8::MAX).map(|_| Some(all())).collect())
    }

    /// The rules that may have something to say of a record that has this, in their order.
    pub fn rules(&mut self, has: Needs) -> &[(RuleId, Check)] {
        let place = usize::from(has.0);
        if self.0.len() <= place {
            self.0.resize_with(place + 1, || None);
        }
        self.0[place].get_or_insert_with(|| {
            let all = (0..).map(RuleId).zip(FAMILIES.iter().flat_map(|family| family.rules));
            all.filter(|(_, rule)| has.cover(rule.needs)).map(|(id, rule)| (id, rule.check)).collect()
        })
    }
}
