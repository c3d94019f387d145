//! The outlook of a file: how many of its examples would be trained.

use crate::example::shared::SharedValue;
use crate::formats::service::Consequence;
use crate::formats::{Format, Mark};
use crate::rules::{Counts, Fact, What};
use std::fmt;

/// How many examples of a file would be trained, as far as its lines show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// The records of the file. Blank lines don't count.
    pub records: u32,
    /// Records that the service rejects.
    pub rejected: u32,
    /// Records that the service drops silently.
    pub dropped: u32,
    /// Records that the service replaces with others.
    pub replaced: u32,
    /// The rule whose finding makes the job fail, if there is one.
    pub fails: Option<&'static str>,
}

impl Outlook {
    /// Adds up the records of a file in this format. `shared` is the value that its examples share.
    #[must_use]
    pub(in crate::rules) fn new(counts: &Counts, format: &Format, shared: Option<SharedValue>) -> Self {
        let of = |what: What| counts.of(what.of(format.id()));
        let is_other = |other: &&Format| *other != format;
        let is_marked_otherwise = |fact: Fact| fact.as_mark().and_then(Mark::format).as_ref().is_some_and(is_other);
        let others: u32 = counts.iter().filter(|(fact, _)| is_marked_otherwise(*fact)).map(|(_, count)| count).sum();
        let unread = of(What::UNREAD) + counts.of(Fact::UNREAD) + others;
        let at_shared = shared.map_or(0, |value| of(What::lost_at(value)));
        Self {
            records: of(What::EXAMPLE) + unread,
            rejected: of(What::REJECTED) + unread,
            dropped: of(What::LOST) + at_shared,
            replaced: of(What::REPLACED),
            fails: None,
        }
    }

    /// The number of examples that would be trained unchanged.
    #[must_use]
    pub fn trained(&self) -> u32 {
        let lost = self.rejected + self.dropped + self.replaced;
        if self.fails.is_some() { 0 } else { self.records.saturating_sub(lost) }
    }
}

/// Why a record isn't trained, if it isn't.
#[derive(Clone, Copy, Debug, Default)]
pub struct Loss {
    /// The worst consequence of the record's faults.
    consequence: Consequence,
    /// The shared values of a file that make the service drop the record, as bits by [`SharedValue::number`].
    at: u8,
}

impl Loss {
    /// Records a consequence of a fault; the worst one counts.
    pub(in crate::rules) fn note(&mut self, consequence: Consequence) {
        self.consequence = self.consequence.min(consequence);
    }

    /// Records that the service drops the record if the file has this shared value.
    pub(in crate::rules) fn note_at(&mut self, value: SharedValue) {
        self.at |= 1 << value.number();
    }

    /// What the record adds to the outlook of its file.
    pub fn facts(self) -> impl Iterator<Item = What> {
        let surely = match self.consequence {
            Consequence::Rejected | Consequence::JobFails => Some(What::REJECTED),
            Consequence::Dropped => Some(What::LOST),
            Consequence::Replaced => Some(What::REPLACED),
            Consequence::TrainedWrongly | Consequence::Wasted | Consequence::None => None,
        };
        let values = if surely.is_none() && self.at != 0 { &SharedValue::ALL[..] } else { &[] };
        let at = values.iter().filter(move |value| self.at & (1 << value.number()) != 0);
        surely.into_iter().chain(at.map(|value| What::lost_at(*value)))
    }
}

/// A sentence such as `982 of 1,000 examples would be trained: 11 rejected, 7 dropped`.
impl fmt::Display for Outlook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |count: u32| crate::example::tokens::grouped(u64::from(count));
        let plural = if self.records == 1 { "" } else { "s" };
        write!(f, "{} of {} example{plural} would be trained", number(self.trained()), number(self.records))?;
        if let Some(code) = self.fails {
            return write!(f, ": the job fails ({code})");
        }
        let lost = [(self.rejected, "rejected"), (self.dropped, "dropped"), (self.replaced, "replaced")];
        for (place, (count, word)) in lost.into_iter().filter(|(count, _)| *count > 0).enumerate() {
            write!(f, "{} {} {word}", if place == 0 { ":" } else { "," }, number(count))?;
        }
        Ok(())
    }
}
