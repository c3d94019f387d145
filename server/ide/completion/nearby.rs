//! What the records around the cursor contain: locations, prompts, targets, segments.

use super::cursor::has_marker;
use super::next::{NearMedia, NextExample, media_of};
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

/// The most bytes that are read: the list must be ready before the next key press.
const MAX_BYTES: usize = 24 << 10;
/// The number of records that decide whether the file has a known format.
const FEW: usize = 5;
/// A longer answer isn't a label.
const MAX_TARGET: usize = 160;
/// A longer prompt isn't worth offering.
const MAX_PROMPT: usize = 1_000;

/// A segment of a video.
#[derive(Clone, Debug)]
pub(super) struct Clip {
    pub(super) uri: Option<String>,
    pub(super) start: Option<Duration>,
    pub(super) end: Option<Duration>,
}

/// What was found, nearest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Nearby {
    /// Whether one of the nearest few records has a known format; `None` if there are no records.
    pub(super) is_known: Option<bool>,
    pub(super) uris: Tally<String>,
    pub(super) mime_types: Tally<String>,
    /// The texts of users, with the kind of media of their example.
    pub(super) prompts: Tally<(String, Option<MediaKind>)>,
    /// The short texts of the model.
    pub(super) targets: Tally<String>,
    pub(super) instructions: Tally<String>,
    pub(super) clips: Vec<Clip>,
    pub(super) media: Vec<NearMedia>,
    /// An example like the nearest one.
    pub(super) next: Option<NextExample>,
}

impl Nearby {
    /// Reads the first record, and more up to 24 KiB. O(bytes).
    pub(super) fn read(texts: &[&str], analyst: &mut Analyst) -> Self {
        let mut nearby = Self::default();
        let mut bytes = 0;
        for (place, text) in texts.iter().filter(|text| !text.trim().is_empty()).enumerate() {
            if bytes > 0 && bytes + text.len() > MAX_BYTES {
                break;
            }
            bytes += text.len();
            let reading = analyst.read(text);
            let is_known = matches!(reading.mark, Mark::Known(_));
            if place < FEW {
                nearby.is_known = Some(is_known || nearby.is_known == Some(true));
            }
            if is_known {
                nearby.media.extend(media_of(&reading));
                if place == 0 {
                    nearby.next = NextExample::of(&reading);
                }
                nearby.add_media(reading.record, reading.example);
                nearby.add_texts(reading.record, reading.example, &reading.kind.format.words);
            }
        }
        nearby
    }

    fn add_media(&mut self, record: Record<'_>, example: &Example) {
        locations(record, example).for_each(|uri| self.uris.add(uri));
        let mime_types = example.media.iter().filter_map(|media| record.string(media.mime?));
        mime_types.for_each(|mime| self.mime_types.add(mime.into_owned()));
        for segment in &example.segments {
            let media = example.parts.get(segment.part).and_then(|part| example.media.get(part.media?));
            let uri = media.and_then(|media| record.string(media.uri?)).map(Cow::into_owned);
            self.clips.push(Clip { uri, start: segment.start_time, end: segment.end_time });
        }
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
                    Speaker::System if text.len() <= MAX_PROMPT => self.instructions.add(text.into_owned()),
                    Speaker::User if text.len() <= MAX_PROMPT => self.prompts.add((text.into_owned(), kind)),
                    Speaker::Model if text.len() <= MAX_TARGET => self.targets.add(text.into_owned()),
                    _ => {}
                }
            }
        }
    }
}

/// The locations in a record, except the one being typed.
pub(super) fn locations(record: Record<'_>, example: &Example) -> impl Iterator<Item = String> {
    let uris = example.media.iter().filter_map(move |media| record.string(media.uri?));
    uris.filter(|uri| !has_marker(uri)).map(Cow::into_owned)
}

/// Distinct values, each with its rank by first occurrence and its count.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally<T>(HashMap<T, (usize, usize)>);

impl<T: Eq + Hash> Tally<T> {
    pub(super) fn add(&mut self, value: T) {
        let place = self.0.len();
        self.0.entry(value).or_insert((place, 0)).1 += 1;
    }

    /// By first occurrence.
    pub(super) fn first_seen(&self) -> Vec<&T> {
        let mut values: Vec<_> = self.0.iter().collect();
        values.sort_unstable_by_key(|(_, (place, _))| *place);
        values.into_iter().map(|(value, _)| value).collect()
    }

    /// Most frequent first, then by first occurrence.
    pub(super) fn by_frequency(&self) -> Vec<(&T, usize)> {
        let mut values: Vec<_> = self.0.iter().collect();
        values.sort_unstable_by_key(|(_, (place, count))| (Reverse(*count), *place));
        values.into_iter().map(|(value, (_, count))| (value, *count)).collect()
    }
}
