//! What the records around already say: locations, prompts, targets, segments.

use super::site::has_marker;
use super::speaker::speaker_of;
use crate::analysis::Analyst;
use crate::example::mime::MediaKind;
use crate::example::{Example, Speaker, Vocabulary};
use crate::formats::Mark;
use crate::json::Record;
use crate::schema::scalar::Duration;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::Hash;

/// So many bytes of records around are read, whatever the caller gives: a list has to be there
/// before the next key is typed.
const MOST_BYTES: usize = 24 << 10;
/// Whether the file is ours is asked of so many of them.
const FEW: usize = 5;
/// A longer answer is no label.
const LONGEST_TARGET: usize = 160;
/// A longer prompt is not worth offering.
const LONGEST_PROMPT: usize = 1_000;

/// A segment of a video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// The file.
    pub(super) uri: Option<String>,
    /// Where it starts.
    pub(super) start: Option<Duration>,
    /// Where it ends.
    pub(super) end: Option<Duration>,
}

/// What was found, each list in the order it is worth offering in.
#[derive(Clone, Debug, Default)]
pub(super) struct Nearby {
    /// Whether one of the nearest few is in a format that is known; `None` when there are none.
    pub(super) is_known: Option<bool>,
    /// The locations of media, nearest first.
    pub(super) uris: Tally<String>,
    /// The media types.
    pub(super) mime_types: Tally<String>,
    /// What users say, with what kind of media the example has.
    pub(super) prompts: Tally<(String, Option<MediaKind>)>,
    /// What the model says, when it is short.
    pub(super) targets: Tally<String>,
    /// System instructions.
    pub(super) instructions: Tally<String>,
    /// Segments, nearest first.
    pub(super) cuts: Vec<Cut>,
}

impl Nearby {
    /// Reads the first of these records, and more until they are 24 KiB. O(bytes).
    pub(super) fn read(texts: &[&str], analyst: &mut Analyst) -> Self {
        let mut nearby = Self::default();
        let mut bytes = 0;
        for (place, text) in texts.iter().filter(|text| !text.trim().is_empty()).enumerate() {
            if bytes > 0 && bytes + text.len() > MOST_BYTES {
                break;
            }
            bytes += text.len();
            let reading = analyst.read(text);
            let ours = matches!(reading.mark, Mark::Known(_));
            if place < FEW {
                nearby.is_known = Some(ours || nearby.is_known == Some(true));
            }
            if ours {
                nearby.add_media(reading.record, reading.example);
                nearby.add_texts(reading.record, reading.example, &reading.kind.format().words);
                nearby.add_cuts(reading.record, reading.example);
            }
        }
        nearby
    }

    fn add_media(&mut self, record: Record<'_>, example: &Example) {
        locations(record, example).for_each(|uri| self.uris.add(uri));
        let mime_types = example.media.iter().filter_map(|media| record.string(media.mime?));
        mime_types.for_each(|mime| self.mime_types.add(mime.into_owned()));
    }

    fn add_texts(&mut self, record: Record<'_>, example: &Example, words: &Vocabulary) {
        let kind = example.media.first().and_then(|media| media.kind);
        for turn in &example.turns {
            let speaker = speaker_of(record, example, turn, words);
            for part in example.parts_of(turn) {
                let Some(text) = part.text.and_then(|text| record.string(text)) else { continue };
                if text.trim().is_empty() {
                    continue;
                }
                match speaker {
                    Speaker::System if text.len() <= LONGEST_PROMPT => self.instructions.add(text.into_owned()),
                    Speaker::User if text.len() <= LONGEST_PROMPT => self.prompts.add((text.into_owned(), kind)),
                    Speaker::Model if text.len() <= LONGEST_TARGET => self.targets.add(text.into_owned()),
                    _ => {}
                }
            }
        }
    }

    fn add_cuts(&mut self, record: Record<'_>, example: &Example) {
        for segment in &example.segments {
            let media = example.parts.get(segment.part).and_then(|part| example.media.get(part.media?));
            let uri = media.and_then(|media| record.string(media.uri?)).map(Cow::into_owned);
            self.cuts.push(Cut { uri, start: segment.start_time, end: segment.end_time });
        }
    }
}

/// The locations in a record, but for the one that is being typed.
pub(super) fn locations(record: Record<'_>, example: &Example) -> impl Iterator<Item = String> {
    let uris = example.media.iter().filter_map(move |media| record.string(media.uri?));
    uris.filter(|uri| !has_marker(uri)).map(Cow::into_owned)
}

/// Distinct values, each with the place it was seen first at among them, and how often.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally<T>(HashMap<T, (usize, usize)>);

impl<T: Eq + Hash> Tally<T> {
    pub(super) fn add(&mut self, value: T) {
        let place = self.0.len();
        self.0.entry(value).or_insert((place, 0)).1 += 1;
    }

    /// In the order they were seen first.
    pub(super) fn first_seen(&self) -> Vec<&T> {
        let mut values: Vec<_> = self.0.iter().collect();
        values.sort_unstable_by_key(|(_, (place, _))| *place);
        values.into_iter().map(|(value, _)| value).collect()
    }

    /// The most frequent first, those of one frequency as seen.
    pub(super) fn by_frequency(&self) -> Vec<(&T, usize)> {
        let mut values: Vec<_> = self.0.iter().collect();
        values.sort_unstable_by_key(|(_, (place, count))| (Reverse(*count), *place));
        values.into_iter().map(|(value, (_, count))| (value, *count)).collect()
    }
}
