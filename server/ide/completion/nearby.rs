//! What the records around already say: locations, prompts, targets, segments.

use crate::json::{Parser, Record};
use crate::schema::detect::{self, Mark};
use crate::schema::example::{Example, Part, Place, Turn};
use crate::schema::fit::Fit;
use crate::schema::media::MediaKind;
use crate::schema::scalar::{Duration, parse_duration};
use std::collections::HashMap;
use std::hash::Hash;

/// So many bytes of records around are read, whatever the caller gives: a list has to be there
/// before the next key is typed.
const MOST_BYTES: usize = 24 << 10;
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

/// What is to be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Locations.
    Locations,
    /// Media types.
    MimeTypes,
    /// What is said, by whom.
    Texts,
    /// Segments.
    Cuts,
}

impl Nearby {
    /// Reads the first of these records, and more until they are 24 KiB. O(bytes).
    pub(super) fn read(texts: &[&str], wanted: Wanted) -> Self {
        let mut nearby = Self::default();
        let (mut parser, mut fit, mut example) = (Parser::default(), Fit::default(), Example::default());
        let mut bytes = 0;
        for text in texts.iter().filter(|text| !text.trim().is_empty()) {
            if bytes > 0 && bytes + text.len() > MOST_BYTES {
                break;
            }
            bytes += text.len();
            parser.parse(text);
            let record = parser.record(text);
            if let Mark::Gemini(format) = detect::mark(record) {
                fit.walk(record, format.root());
                example.read(record, &fit);
                nearby.add(record, &example, wanted);
            }
        }
        nearby
    }

    /// Adds the locations of the record that is being typed.
    pub(super) fn add_locations(&mut self, record: Record<'_>, example: &Example) {
        for media in &example.media {
            let uri = media.uri.and_then(|uri| record.string(uri));
            if let Some(uri) = uri.filter(|uri| !super::site::Site::has_marker(uri)) {
                self.uris.add(uri.into_owned());
            }
        }
    }

    fn add(&mut self, record: Record<'_>, example: &Example, wanted: Wanted) {
        match wanted {
            Wanted::Locations => self.add_locations(record, example),
            Wanted::MimeTypes => {
                for mime in example.media.iter().filter_map(|media| record.string(media.mime?)) {
                    self.mime_types.add(mime.into_owned());
                }
            }
            Wanted::Texts => self.add_texts(record, example),
            Wanted::Cuts => self.add_cuts(record, example),
        }
    }

    fn add_texts(&mut self, record: Record<'_>, example: &Example) {
        let kind = example.media.first().and_then(|media| media.kind);
        for turn in &example.turns {
            let speaker = Speaker::of(record, example, turn);
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
            let offset = |node| {
                let text = record.string(node)?;
                parse_duration(&text).ok().filter(|time| !time.is_negative())
            };
            let part: Option<&Part> = example.parts.get(segment.part);
            let media = part.and_then(|part| example.media.get(part.media?));
            let uri = media.and_then(|media| record.string(media.uri?)).map(std::borrow::Cow::into_owned);
            self.cuts.push(Cut { uri, start: segment.start.and_then(offset), end: segment.end.and_then(offset) });
        }
    }
}

/// Whether records around say that the file is one of Gemini tuning; `None` when there are none.
/// Looks at the nearest few.
pub(super) fn is_gemini(texts: &[&str]) -> Option<bool> {
    const FEW: usize = 5;
    let mut parser = Parser::default();
    let mut none = true;
    for text in texts.iter().filter(|text| !text.trim().is_empty()).take(FEW) {
        none = false;
        parser.parse(text);
        if matches!(detect::mark(parser.record(text)), Mark::Gemini(_)) {
            return Some(true);
        }
    }
    (!none).then_some(false)
}

/// Who says a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaker {
    /// The user, in a turn.
    User,
    /// The model, in a turn or a completion.
    Model,
    /// The system instruction.
    System,
}

impl Speaker {
    /// By the role, else by the turn's place.
    pub(super) fn of(record: Record<'_>, example: &Example, turn: &Turn) -> Self {
        match turn.place {
            Place::System => return Speaker::System,
            Place::Completion => return Speaker::Model,
            Place::Contents => {}
        }
        let role = turn.role.and_then(|role| record.string(role));
        match role.as_deref().filter(|role| !super::site::Site::has_marker(role)) {
            Some("model" | "assistant") => Speaker::Model,
            Some(role) if !role.is_empty() => Speaker::User,
            _ => {
                // Turns alternate, from the user's on.
                let mut model = true;
                for before in example.conversation().take_while(|other| other.node != turn.node) {
                    let role = before.role.and_then(|role| record.string(role));
                    model = match role.as_deref() {
                        Some("model" | "assistant") => true,
                        Some("user" | "human") => false,
                        _ => !model,
                    };
                }
                if model { Speaker::User } else { Speaker::Model }
            }
        }
    }

    /// The name of the role.
    pub(super) fn role(self) -> &'static str {
        match self {
            Speaker::User => "user",
            Speaker::Model => "model",
            Speaker::System => "system",
        }
    }
}

/// Distinct values, each with how often it was seen, the first seen first.
#[derive(Clone, Debug)]
pub(super) struct Tally<T> {
    values: Vec<(T, usize)>,
    places: HashMap<T, usize>,
}

impl<T> Default for Tally<T> {
    fn default() -> Self {
        Self { values: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Tally<T> {
    pub(super) fn add(&mut self, value: T) {
        if let Some((_, count)) = self.places.get(&value).and_then(|place| self.values.get_mut(*place)) {
            *count += 1;
            return;
        }
        self.places.insert(value.clone(), self.values.len());
        self.values.push((value, 1));
    }

    /// In the order they were seen first.
    pub(super) fn first_seen(&self) -> impl Iterator<Item = &T> {
        self.values.iter().map(|(value, _)| value)
    }

    /// The most frequent first, those of one frequency as seen.
    pub(super) fn by_frequency(&self) -> Vec<(&T, usize)> {
        let mut values: Vec<_> = self.values.iter().map(|(value, count)| (value, *count)).collect();
        values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        values
    }
}
