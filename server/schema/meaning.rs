//! What an example means, whatever its form: equal for two examples that say the same in other
//! spelling, key order, white space, escapes or number text.

use crate::json::tree::OTHER_ESCAPES;
use crate::json::{Kind, NodeId, Record, lexer};
use crate::schema::example::{Example, Place, Turn};
use crate::schema::fit::Fit;
use crate::schema::media::MediaKind;
use crate::schema::scalar::parse_duration;
use crate::schema::{Choices, Shape};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// Characters of a target that may still be a label.
const LABEL_LENGTH: usize = 40;

/// Bytes of its raw text: as many letters as escaped pairs, and some white space around them.
const LABEL_BYTES: usize = 2 * 12 * LABEL_LENGTH;

/// The digests of an example. What has equal digests means the same, but for chance; who wants to be
/// sure compares the [canonical bytes](Canonical).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// Of all but the target.
    pub input: u64,
    /// Of the target: the last turn when it is the model's, or the completions of a preference line. It tells
    /// apart only those that have one input.
    pub target: u32,
    /// Whether there is a target.
    pub has_target: bool,
    /// The target without the space around it, when it is one text of at most 40 characters, as labels are.
    pub label: Option<Arc<str>>,
    /// The pieces of video in the input.
    pub clips: Clips,
}

/// Pieces of video: nearly always one.
pub type Clips = smallvec::SmallVec<[Clip; 1]>;

/// A piece of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clip {
    /// The digest of its location.
    pub video: u64,
    /// Where it begins, in microseconds.
    pub start: u64,
    /// Where it ends, in microseconds; the largest number when nothing says.
    pub end: u64,
}

impl Clip {
    /// Whether the two show a moment of one video.
    #[must_use]
    pub fn overlaps(self, other: Clip) -> bool {
        self.video == other.video && self.start < other.end && other.start < self.end
    }
}

/// The digest of a video's location.
#[must_use]
pub fn video(location: &str) -> u64 {
    xxh3_64(location.as_bytes())
}

/// An example in its one form, as bytes that are no text: only good for comparing.
#[derive(Debug, Default)]
pub struct Canonical {
    /// All but the target.
    pub input: Vec<u8>,
    /// The target; empty when there is none.
    pub target: Vec<u8>,
    /// Members that are being put in order.
    members: Vec<(u8, NodeId)>,
}

impl Canonical {
    /// Forgets the last example; keeps the memory.
    pub fn clear(&mut self) {
        self.input.clear();
        self.target.clear();
    }

    /// Reads an example. O(n log n) in the members of the largest object.
    pub fn read(&mut self, record: Record<'_>, fit: &Fit, example: &Example) {
        self.clear();
        let target = target(record, example);
        if record.root().is_none() {
            return;
        }
        let Self { input, target: taught, members } = self;
        members.clear();
        Writer { record, fit, skip: target, out: input, members }.value(0);
        if let Some(target) = target {
            Writer { record, fit, skip: None, out: taught, members }.value(target);
        }
    }

    /// What the example that was read means.
    #[must_use]
    pub fn meaning(&self, record: Record<'_>, example: &Example) -> Meaning {
        Meaning {
            input: xxh3_64(&self.input),
            target: xxh3_64(&self.target) as u32,
            has_target: !self.target.is_empty(),
            label: label(record, example),
            clips: clips(record, example),
        }
    }
}

/// What the model is to learn: the last turn of `contents`, when it is the model's, or `completions`.
fn target(record: Record<'_>, example: &Example) -> Option<NodeId> {
    if example.completion_list.is_some() {
        return example.completion_list;
    }
    target_turn(record, example).map(|turn| turn.node)
}

fn target_turn<'a>(record: Record<'_>, example: &'a Example) -> Option<&'a Turn> {
    let last = example.conversation().next_back()?;
    let role = record.string(last.role?)?;
    (role == "model").then_some(last)
}

/// The text of the target, when it is one text and nothing else.
#[must_use]
pub fn target_text<'a>(record: Record<'a>, example: &Example) -> Option<Cow<'a, str>> {
    if example.completion_list.is_some() {
        return None;
    }
    match example.parts_of(target_turn(record, example)?) {
        [part] => record.string(part.text?),
        _ => None,
    }
}

fn label(record: Record<'_>, example: &Example) -> Option<Arc<str>> {
    let [part] = example.parts_of(target_turn(record, example)?) else { return None };
    if record.span(part.text?).range().len() > LABEL_BYTES {
        return None;
    }
    let text = target_text(record, example)?;
    let text = text.trim();
    (!text.is_empty() && text.chars().nth(LABEL_LENGTH).is_none()).then(|| text.into())
}

/// The pieces of video that the conversation shows, where their offsets can be read.
fn clips(record: Record<'_>, example: &Example) -> Clips {
    if !example.has_video() {
        return Clips::default();
    }
    let videos = example.media.iter().filter(|media| media.kind == Some(MediaKind::Video));
    let clips = videos.filter_map(|media| {
        let part = example.parts.get(media.part)?;
        if example.turns.get(part.turn)?.place != Place::Contents {
            return None;
        }
        let location = record.string(media.uri?)?;
        let segment = example.segments.iter().find(|segment| segment.part == media.part);
        let start = offset(record, segment.and_then(|segment| segment.start), 0)?;
        let end = offset(record, segment.and_then(|segment| segment.end), u64::MAX)?;
        (start < end).then(|| Clip { video: video(&location), start, end })
    });
    clips.collect()
}

/// An offset in microseconds; `None` for what is no offset.
fn offset(record: Record<'_>, node: Option<NodeId>, unset: u64) -> Option<u64> {
    match node {
        Some(node) if record.kind(node) != Kind::Null => {
            let time = parse_duration(&record.string(node)?).ok()?;
            u64::try_from(time.nanos() / 1_000).ok()
        }
        _ => Some(unset),
    }
}

struct Writer<'a> {
    record: Record<'a>,
    fit: &'a Fit,
    /// A value that is left out.
    skip: Option<NodeId>,
    out: &'a mut Vec<u8>,
    members: &'a mut Vec<(u8, NodeId)>,
}

/// What stands for the place of a field where a key is no field's.
const NO_FIELD: u8 = u8::MAX;

impl Writer<'_> {
    /// Writes a value; the recursion is as deep as the record, which is limited.
    fn value(&mut self, node: NodeId) {
        let record = self.record;
        let shape = self.fit.shape(node).map(|pair| pair.shape);
        match (record.kind(node), shape) {
            (Kind::Object, shape) => self.object(node, matches!(shape, Some(Shape::Object(_)))),
            (Kind::Array, _) => {
                self.out.push(b'[');
                let skip = self.skip;
                for child in record.children(node).filter(|&child| skip != Some(child)) {
                    self.value(child);
                }
                self.out.push(b']');
            }
            (Kind::String, Some(Shape::Duration)) => match record.string(node).map(|text| parse_duration(&text)) {
                Some(Ok(time)) => {
                    self.out.push(b'd');
                    self.out.extend_from_slice(&time.nanos().to_le_bytes());
                }
                _ => self.string(node),
            },
            (Kind::String, _) => self.string(node),
            (Kind::Number, Some(Shape::Enum(choices))) => {
                let raw = record.raw(record.span(node));
                match name_of(choices, raw) {
                    Some(name) => self.text(b's', name.as_bytes()),
                    None => self.number(raw),
                }
            }
            (Kind::Number, _) => self.number(record.raw(record.span(node))),
            (Kind::True, _) => self.out.push(b't'),
            (Kind::False, _) => self.out.push(b'f'),
            (Kind::Null, _) => self.out.push(b'0'),
            (Kind::Word | Kind::Missing | Kind::TooDeep, _) => {
                self.text(b'?', record.raw(record.span(node)).as_bytes());
            }
        }
    }

    /// Writes a string in its shortest spelling, which nearly all have already: then nothing is decoded.
    fn string(&mut self, node: NodeId) {
        let found = self.record.node(node);
        let raw = self.record.raw(found.span);
        if found.escapes == OTHER_ESCAPES {
            let shortest = lexer::quote(&lexer::decode(raw, found.escaped));
            self.text(b's', &shortest.as_bytes()[1..shortest.len() - 1]);
        } else {
            self.text(b's', raw.as_bytes().get(1..raw.len().saturating_sub(1)).unwrap_or_default());
        }
    }

    /// Writes the members in one order: in a known object that of its fields, and without those that are
    /// null, which is as good as absent there; other members by their keys.
    fn object(&mut self, node: NodeId, known: bool) {
        let (record, first) = (self.record, self.members.len());
        for child in record.children(node) {
            if self.skip == Some(child) || (known && record.kind(child) == Kind::Null) {
                continue;
            }
            let pair = if known { self.fit.shape(child) } else { None };
            let place = pair.filter(|pair| pair.field.is_some()).map_or(NO_FIELD, |pair| pair.place);
            self.members.push((place, child));
        }
        let end = self.members.len();
        self.members[first..].sort_unstable_by(|one, other| {
            let by_key = || match one.0 {
                NO_FIELD => record.key(one.1).cmp(&record.key(other.1)),
                _ => Ordering::Equal,
            };
            one.0.cmp(&other.0).then_with(by_key).then(one.1.cmp(&other.1))
        });
        self.out.push(b'{');
        for at in first..end {
            let (place, child) = self.members[at];
            match place {
                NO_FIELD => self.text(b'k', record.key(child).as_bytes()),
                place => self.out.extend_from_slice(&[b'f', place]),
            }
            self.value(child);
        }
        self.members.truncate(first);
        self.out.push(b'}');
    }

    /// Writes bytes behind their kind and length, so that nothing in them can be taken for structure.
    fn text(&mut self, kind: u8, bytes: &[u8]) {
        self.out.push(kind);
        self.out.extend_from_slice(&bytes.len().to_le_bytes());
        self.out.extend_from_slice(bytes);
    }

    /// Writes a number by its value: the digits that count and the power of ten of the last one.
    fn number(&mut self, raw: &str) {
        let (negative, raw) = raw.strip_prefix('-').map_or((false, raw), |raw| (true, raw));
        let (mantissa, exponent) = raw.split_once(['e', 'E']).unwrap_or((raw, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = [whole, fraction].concat();
        let digits = digits.trim_start_matches('0');
        let counting = digits.trim_end_matches('0');
        let exponent = exponent.parse::<i64>().ok().and_then(|exponent| {
            let moved = i64::try_from(digits.len() - counting.len()).ok()? - i64::try_from(fraction.len()).ok()?;
            exponent.checked_add(moved)
        });
        match exponent {
            _ if counting.is_empty() => self.text(b'n', b""),
            Some(exponent) => {
                self.text(if negative { b'm' } else { b'n' }, counting.as_bytes());
                self.out.extend_from_slice(&exponent.to_le_bytes());
            }
            // An exponent beyond all reason: only the same text is the same number.
            None => self.text(if negative { b'M' } else { b'N' }, raw.as_bytes()),
        }
    }
}

/// The name of an enum's value, given by its number.
fn name_of(choices: &Choices, raw: &str) -> Option<&'static str> {
    let number = raw.parse::<i64>().ok()?;
    choices.values.iter().find(|choice| choice.number == Some(number)).map(|choice| choice.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Parser;
    use crate::schema::gemini;

    fn meaning(text: &str) -> Meaning {
        let (mut parser, mut fit, mut example) = (Parser::default(), Fit::default(), Example::default());
        parser.parse(text);
        let record = parser.record(text);
        fit.walk(record, &gemini::EXAMPLE);
        example.read(record, &fit);
        let mut canonical = Canonical::default();
        canonical.read(record, &fit, &example);
        canonical.meaning(record, &example)
    }

    const PLAIN: &str = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://b/a.mp4","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"1.50s","endOffset":"9s","fps":2.0}},{"text":"café"}]},{"role":"model","parts":[{"text":"goal"}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#;

    #[test]
    fn another_form_means_the_same() {
        let other = r#" { "generation_config" : {"mediaResolution": 1, "seed": null}, "contents":[ {"parts":[{"videoMetadata":{"fps":20e-1,"start_offset":"1.5s","endOffset":"9.000s"},"file_data":{"mimeType":"video/mp4","fileUri":"gs:\/\/b\/a.mp4"}},{"text":"caf\u00e9"}],"role":"user"},{"parts":[{"text":"go\u0061l"}],"role":"model"}] }"#;
        assert_eq!(meaning(PLAIN), meaning(other));
    }

    #[test]
    fn whatever_differs_in_meaning_differs() {
        let plain = meaning(PLAIN);
        for (from, to) in [("1.50s", "1.51s"), ("2.0", "2.01"), ("café", "cafe"), ("_LOW", "_HIGH"), ("user", "model")]
        {
            let other = meaning(&PLAIN.replace(from, to));
            assert!(plain.input != other.input && plain.target == other.target, "{from} is {to}");
        }
        let other = meaning(&PLAIN.replace("goal", "Goal"));
        assert!(plain.input == other.input && plain.target != other.target);
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let of = |number: &str| meaning(&PLAIN.replace("2.0", number)).input;
        for same in ["2", "2.00", "0.2e1", "200e-2", "2E+0", "2.0e0"] {
            assert_eq!(of(same), of("2.0"), "{same}");
        }
        assert_eq!(of("0"), of("-0.0e9"));
        for other in ["-2", "20", "0.2", "2e1", "2.0000000000000000000000000001", "2e99999999999999999999"] {
            assert_ne!(of(other), of("2.0"), "{other}");
        }
    }

    #[test]
    fn a_clip_is_a_piece_of_one_video() {
        let clip = |start: &str, end: &str| meaning(&PLAIN.replace("9s", end).replace("1.50s", start)).clips[0];
        assert!(clip("0s", "10s").overlaps(clip("9s", "20s")));
        assert!(!clip("0s", "10s").overlaps(clip("10s", "20s")));
        let whole = meaning(
            r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://b/a.mp4","mimeType":"video/mp4"}}]}]}"#,
        );
        assert!(whole.clips[0].overlaps(clip("100s", "101s")) && !whole.has_target);
        assert!(!clip("0s", "9s").overlaps(meaning(&PLAIN.replace("b/a", "b/other")).clips[0]));
    }

    #[test]
    fn a_label_is_one_short_text() {
        assert_eq!(meaning(PLAIN).label.as_deref(), Some("goal"));
        assert_eq!(meaning(&PLAIN.replace("goal", &"goal".repeat(11))).label, None);
        assert_eq!(meaning(&PLAIN.replace(r#"{"text":"goal"}"#, r#"{"text":"goal"},{"text":"foul"}"#)).label, None);
    }
}
