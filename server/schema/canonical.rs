//! The canonical form of an example: equal for two examples that differ only in spelling, key order, white space,
//! escapes or number text.

use crate::json::tree::OTHER_ESCAPES;
use crate::json::{Kind, NodeId, Record, lexer, print};
use crate::schema::fit::Fit;
use crate::schema::scalar::{Duration, parse_duration};
use crate::schema::{Choices, Means, Shape};
use foldhash::quality::FixedState;
use smallvec::SmallVec;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};

/// The canonical form of examples of one layout, without the contents of their strings and numbers; the targets are
/// separate from the rest.
#[derive(Debug)]
pub struct Canonical {
    input: Outline,
    target: Option<Outline>,
}

impl Canonical {
    /// The form of records with the layout of this one; `target` is the value that the input excludes. O(n log n) in
    /// the members of the largest object.
    #[must_use]
    pub fn of_layout(record: Record<'_>, fit: &Fit, target: Option<NodeId>) -> Self {
        let outline_of = |target| Outline::of(record, fit, target, None);
        Self { input: Outline::of(record, fit, 0, target), target: target.map(outline_of) }
    }

    /// Whether there is a target.
    #[must_use]
    pub fn has_target(&self) -> bool {
        self.target.is_some()
    }

    /// The digests of the input and the target of a record of its layout; 0 for no target. `times` gives the times
    /// that are already parsed. Except for rare collisions, equal digests mean equal forms. O(n).
    #[must_use]
    pub fn digests(&self, record: Record<'_>, times: impl Fn(NodeId) -> Option<Duration>) -> (u64, u64) {
        let target = self.target.as_ref().map_or(0, |target| target.digest(record, &times));
        (self.input.digest(record, &times), target)
    }

    /// The input and the target of a record of its layout, as bytes that are only good for comparing. O(n).
    #[must_use]
    pub fn bytes(&self, record: Record<'_>) -> (Vec<u8>, Vec<u8>) {
        let target = self.target.as_ref().map_or_else(Vec::new, |target| target.bytes(record));
        (self.input.bytes(record), target)
    }
}

/// Digests stay the same as long as the process lives.
static HASHERS: FixedState = FixedState::with_seed(0);

/// The digest of bytes.
#[must_use]
pub fn digest_of(bytes: &[u8]) -> u64 {
    let mut hasher = HASHERS.build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

/// The index of a field for a key that names no field.
const NO_FIELD: u8 = u8::MAX;

/// A value in canonical form, without the contents of strings and numbers that have more than a [few
/// values](crate::schema::Means::has_few_values).
#[derive(Debug, Default)]
struct Outline {
    structure: Vec<u8>,
    /// The digest of the structure.
    digest: u64,
    /// The strings and numbers, in canonical order.
    values: Vec<Value>,
}

/// A string or number.
#[derive(Debug)]
struct Value {
    node: NodeId,
    /// Its place in the structure.
    at: usize,
    content: Content,
}

/// What strings and numbers are compared as.
#[derive(Clone, Copy, Debug)]
enum Content {
    Text,
    Time,
    Number,
    /// A number that may mean the name of an enum's value.
    Choice(&'static Choices),
    /// A string that holds JSON.
    Json,
    /// The id of a call: only which ids are the same matters.
    Id,
}

/// The ids of calls, each with its number by its first place.
type Ids<'a> = HashMap<Cow<'a, str>, u32>;

impl Outline {
    fn of(record: Record<'_>, fit: &Fit, node: NodeId, skip: Option<NodeId>) -> Self {
        let mut out = Self::default();
        Writer { record, fit, skip, out: &mut out, members: Vec::new() }.value(node);
        out.digest = digest_of(&out.structure);
        out
    }

    fn digest(&self, record: Record<'_>, times: &impl Fn(NodeId) -> Option<Duration>) -> u64 {
        let mut hasher = HASHERS.build_hasher();
        hasher.write_u64(self.digest);
        let mut ids = None;
        for value in &self.values {
            if matches!(value.content, Content::Id) {
                hasher.write_u32(value.number_of(record, &mut ids));
                continue;
            }
            let time = if let Content::Time = value.content { times(value.node) } else { None };
            value.canonical(record, time, |kind, bytes| {
                // Texts have only one kind.
                if !matches!(value.content, Content::Text) {
                    hasher.write_u8(kind);
                }
                hasher.write(bytes);
            });
        }
        hasher.finish()
    }

    fn bytes(&self, record: Record<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        let mut written = 0;
        let mut ids = None;
        for value in &self.values {
            out.extend_from_slice(&self.structure[written..value.at]);
            written = value.at;
            if matches!(value.content, Content::Id) {
                put(&mut out, b'i', &value.number_of(record, &mut ids).to_le_bytes());
                continue;
            }
            value.canonical(record, None, |kind, bytes| put(&mut out, kind, bytes));
        }
        out.extend_from_slice(&self.structure[written..]);
        out
    }
}

/// Writes bytes after their kind and length, so that they can't be confused with structure.
fn put(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    out.push(kind);
    out.extend_from_slice(&bytes.len().to_le_bytes());
    out.extend_from_slice(bytes);
}

impl Value {
    /// The number of its id among all ids.
    fn number_of<'a>(&self, record: Record<'a>, ids: &mut Option<Ids<'a>>) -> u32 {
        // Most records have no ids, and making a map takes a while.
        let ids = ids.get_or_insert_default();
        let next = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        *ids.entry(record.string(self.node).unwrap_or_default()).or_insert(next)
    }

    /// Passes what it is compared as to `then`: a kind and bytes. `time` is its time, if that is known already.
    fn canonical(&self, record: Record<'_>, time: Option<Duration>, then: impl FnOnce(u8, &[u8])) {
        let node = record.node(self.node);
        if let Content::Text = self.content
            && node.escapes != OTHER_ESCAPES
        {
            // Nearly all texts have their shortest spelling already: no decoding.
            let inner = record.text.as_bytes().get(node.span.start() + 1..node.span.end() - 1);
            return then(b's', inner.unwrap_or_default());
        }
        let raw = record.raw(node.span);
        match self.content {
            Content::Time => {
                if let Some(time) = time {
                    return then(b'd', &time.nanos().to_le_bytes());
                }
                let text = lexer::decode(raw, node.escaped);
                match parse_duration(&text) {
                    Ok(time) => then(b'd', &time.nanos().to_le_bytes()),
                    Err(_) => then(b's', text.as_bytes()),
                }
            }
            Content::Json => then(b's', print::compact(&lexer::decode(raw, node.escaped)).as_bytes()),
            Content::Text | Content::Id => {
                let shortest = lexer::quote(&lexer::decode(raw, node.escaped));
                then(b's', &shortest.as_bytes()[1..shortest.len() - 1]);
            }
            Content::Choice(choices) => match choices.numbered(raw) {
                Some(choice) => then(b's', choice.name.as_bytes()),
                None => number(raw, then),
            },
            Content::Number => number(raw, then),
        }
    }
}

/// Passes a number's value to `then`: the significant digits and the power of ten of the last one.
fn number(raw: &str, then: impl FnOnce(u8, &[u8])) {
    let (negative, raw) = raw.strip_prefix('-').map_or((false, raw), |raw| (true, raw));
    let (mantissa, exponent) = raw.split_once(['e', 'E']).unwrap_or((raw, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: SmallVec<[u8; 32]> = whole.bytes().chain(fraction.bytes()).skip_while(|digit| *digit == b'0').collect();
    let zeros = digits.iter().rev().take_while(|digit| **digit == b'0').count();
    let mut counting = digits;
    counting.truncate(counting.len() - zeros);
    let exponent = exponent.parse::<i64>().ok().and_then(|exponent| {
        let moved = i64::try_from(zeros).ok()? - i64::try_from(fraction.len()).ok()?;
        exponent.checked_add(moved)
    });
    match exponent {
        _ if counting.is_empty() => then(b'n', b""),
        Some(exponent) => {
            counting.extend_from_slice(&exponent.to_le_bytes());
            then(if negative { b'm' } else { b'n' }, &counting)
        }
        // The exponent overflows: only the same text counts as the same number.
        None => then(if negative { b'M' } else { b'N' }, raw.as_bytes()),
    }
}

struct Writer<'a> {
    record: Record<'a>,
    fit: &'a Fit,
    /// A value to leave out.
    skip: Option<NodeId>,
    out: &'a mut Outline,
    /// A stack of members to sort.
    members: Vec<(u8, NodeId)>,
}

impl Writer<'_> {
    /// Writes a value; the recursion is as deep as the record, whose depth is limited.
    fn value(&mut self, node: NodeId) {
        let record = self.record;
        let shape = self.fit.shape(node).map(|pair| pair.shape);
        match (record.kind(node), shape) {
            (Kind::Object, shape) => self.object(node, matches!(shape, Some(Shape::Object(_)))),
            (Kind::Array, _) if self.only_text(node).is_some() => {
                self.scalar(self.only_text(node).unwrap_or(node), Content::Text)
            }
            (Kind::Array, _) => {
                self.out.structure.push(b'[');
                let skip = self.skip;
                for child in record.children(node).filter(|&child| skip != Some(child)) {
                    self.value(child);
                }
                self.out.structure.push(b']');
            }
            (Kind::String, Some(Shape::Duration)) => self.scalar(node, Content::Time),
            (Kind::String, Some(Shape::JsonText)) => self.scalar(node, Content::Json),
            (Kind::String, _) if self.means(node).is_some_and(|it| matches!(it, Means::CallId | Means::ResultId)) => {
                self.scalar(node, Content::Id);
            }
            (Kind::String, _) => self.scalar(node, Content::Text),
            (Kind::Number, Some(Shape::Enum(choices))) => self.scalar(node, Content::Choice(choices)),
            (Kind::Number, _) => self.scalar(node, Content::Number),
            (Kind::True, _) => self.out.structure.push(b't'),
            (Kind::False, _) => self.out.structure.push(b'f'),
            (Kind::Null, _) => self.out.structure.push(b'0'),
            (Kind::Word | Kind::Missing | Kind::TooDeep, _) => {
                put(&mut self.out.structure, b'?', record.raw(record.span(node)).as_bytes());
            }
        }
    }

    fn means(&self, node: NodeId) -> Option<Means> {
        Some(self.fit.shape(node)?.field?.means)
    }

    /// The text of a content that is a list with one part, which only has a text: it means the same as the text alone.
    fn only_text(&self, list: NodeId) -> Option<NodeId> {
        let record = self.record;
        let mut parts = record.children(list);
        let (part, None) = (parts.next()?, parts.next()) else { return None };
        let mut text = None;
        for member in record.children(part) {
            match self.means(member)? {
                Means::Text if record.kind(member) == Kind::String => text = Some(member),
                Means::Tag => {}
                _ => return None,
            }
        }
        text.filter(|_| self.means(list) == Some(Means::Content))
    }

    fn scalar(&mut self, node: NodeId, content: Content) {
        let field = self.fit.shape(node).and_then(|pair| pair.field);
        let structure = &mut self.out.structure;
        structure.push(b'v');
        let value = Value { node, at: structure.len(), content };
        if field.is_some_and(|field| field.means.has_few_values()) {
            value.canonical(self.record, None, |kind, bytes| put(structure, kind, bytes));
        } else {
            self.out.values.push(value);
        }
    }

    /// Writes the members in canonical order: the fields of a known object in their order, other members by their keys.
    /// In a known object null means the same as absent.
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
        self.out.structure.push(b'{');
        for at in first..end {
            let (place, child) = self.members[at];
            match place {
                NO_FIELD => put(&mut self.out.structure, b'k', record.key(child).as_bytes()),
                place => self.out.structure.extend_from_slice(&[b'f', place]),
            }
            self.value(child);
        }
        self.members.truncate(first);
        self.out.structure.push(b'}');
    }
}
