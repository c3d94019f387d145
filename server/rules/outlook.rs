//! The outlook of a file: how many of its examples would be trained.

use crate::example::shared::SharedValue;
use crate::formats::service::Consequence;
use crate::formats::{Format, Mark, Service};
use crate::rules::{Counts, Fact, What};
use std::fmt;

/// What a file contains that is one JSON array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrayFile {
    /// A record in each element.
    Records,
    /// The turns of one example.
    Turns,
    /// The messages of a chat log.
    Messages,
}

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
    /// Records with a media file about which nothing is known, if facts about media files are configured.
    pub unknown_media: u32,
    /// What makes the whole file useless, if anything does, and the code of the rule that reports it.
    pub fails: Option<(Failure, &'static str)>,
}

/// What happens to a whole file, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    /// The service rejects the file.
    Rejected,
    /// The job fails.
    JobFails,
    /// The job may fail: sources disagree, or no source says it.
    JobMayFail,
}

impl Outlook {
    /// Adds up the records of a file in this format. `shared` is the value that its examples share, and `array` what
    /// the file contains if it is one JSON array.
    #[must_use]
    pub(in crate::rules) fn new(
        counts: &Counts,
        (format, service): (&Format, &Service),
        shared: Option<SharedValue>,
        array: Option<ArrayFile>,
    ) -> Self {
        let of = |what: What| counts.of(what.of(format.id()));
        let is_other = |other: &&Format| *other != format;
        let is_marked_otherwise = |fact: Fact| fact.as_mark().and_then(Mark::format).as_ref().is_some_and(is_other);
        let others: u32 = counts.iter().filter(|(fact, _)| is_marked_otherwise(*fact)).map(|(_, count)| count).sum();
        let unread = of(What::UNREAD) + counts.of(Fact::UNREAD) + others;
        // The service can't read any element of an array.
        let of_array = match array {
            None => None,
            Some(ArrayFile::Turns) => Some(1),
            Some(ArrayFile::Records | ArrayFile::Messages) => Some(of(What::EXAMPLE) + unread),
        };
        if let Some(records) = of_array {
            return Self { records, rejected: records, ..Self::default() };
        }
        let is_read = |fact: Fact| match fact.as_mark() {
            Some(Mark::Known(kind)) => service.also_reads.contains(&kind.title),
            Some(Mark::Foreign(foreign)) => service.also_reads.contains(&foreign.name()),
            _ => false,
        };
        let read: u32 = counts.iter().filter(|(fact, _)| is_read(*fact)).map(|(_, count)| count).sum();
        let at_shared = shared.map_or(0, |value| of(What::lost_at(value)));
        Self {
            records: of(What::EXAMPLE) + unread,
            rejected: of(What::REJECTED) + unread.saturating_sub(read),
            dropped: of(What::LOST) + at_shared,
            replaced: of(What::REPLACED),
            unknown_media: of(What::UNKNOWN_MEDIA),
            fails: None,
        }
    }

    /// Notes what a finding of the rule `code` means for the whole file; the surest counts, and then the first.
    pub(in crate::rules) fn note_failure(&mut self, failure: Failure, code: &'static str) {
        if self.fails.is_none_or(|(known, _)| failure < known) {
            self.fails = Some((failure, code));
        }
    }

    /// The number of examples that would be trained unchanged. If the job may fail, this is the number if it doesn't.
    #[must_use]
    pub fn trained(&self) -> u32 {
        let lost = self.rejected + self.dropped + self.replaced;
        if self.surely_fails() { 0 } else { self.records.saturating_sub(lost) }
    }

    /// What limits the outlook, such as `the media files of 2 examples are unknown`.
    #[must_use]
    pub fn unknown(&self) -> Option<String> {
        let plural = if self.unknown_media == 1 { "" } else { "s" };
        let count = crate::example::tokens::grouped(self.unknown_media.into());
        (self.unknown_media > 0).then(|| format!("the media files of {count} example{plural} are unknown"))
    }

    /// Adds records that the service drops because of the others, as far as it would train them otherwise.
    pub(in crate::rules) fn drop_more(&mut self, count: u32) {
        let lost = self.rejected + self.dropped + self.replaced;
        self.dropped += count.min(self.records.saturating_sub(lost));
    }

    fn surely_fails(&self) -> bool {
        matches!(self.fails, Some((Failure::Rejected | Failure::JobFails, _)))
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
        let lost = [(self.rejected, "rejected"), (self.dropped, "dropped"), (self.replaced, "replaced")];
        let lost = lost.into_iter().filter(|(count, _)| *count > 0 && !self.surely_fails());
        for (place, (count, word)) in lost.enumerate() {
            write!(f, "{} {} {word}", if place == 0 { ":" } else { "," }, number(count))?;
        }
        match self.fails {
            None => {}
            Some((Failure::Rejected, code)) => write!(f, ": the service rejects the file ({code})")?,
            Some((Failure::JobFails, code)) => write!(f, ": the job fails ({code})")?,
            Some((Failure::JobMayFail, code)) => write!(f, "; the job may fail ({code})")?,
        }
        self.unknown().map_or(Ok(()), |unknown| write!(f, "; {unknown}"))
    }
}
