//! An example in its one form: equal for two that say the same in other spelling, key order, white space,
//! escapes or number text.

use crate::json::tree::OTHER_ESCAPES;
use crate::json::{Kind, NodeId, Record, lexer};
use crate::schema::fit::Fit;
use crate::schema::scalar::{Duration, parse_duration};
use crate::schema::{Choices, Field, Shape};
use foldhash::quality::FixedState;
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::hash::{BuildHasher, Hasher};

/// What the one form of examples of one layout consists of, their targets apart from the rest.
#[derive(Debug)]
pub struct Canonical {
    input: Outline,
    /// Of what is to be learned.
    target: Option<Outline>,
}

impl Canonical {
    /// Of records that are laid out like this one; `target` is the value that is left out of the input.
    /// O(n log n) in the members of the largest object.
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

    /// The digests of the input and the target of a record of its layout whose times are known so far; 0 for no
    /// target.
    /// What has equal digests means the same, but for chance. O(n).
    #[must_use]
    pub fn digests(&self, record: Record<'_>, times: &impl Times) -> (u64, u64) {
        let target = self.target.as_ref().map_or(0, |target| target.digest(record, times));
        (self.input.digest(record, times), target)
    }

    /// The input and the target of a record of its layout, as bytes that are no text: only good for
    /// comparing. O(n).
    #[must_use]
    pub fn bytes(&self, record: Record<'_>, times: &impl Times) -> (Vec<u8>, Vec<u8>) {
        let target = self.target.as_ref().map_or_else(Vec::new, |target| target.bytes(record, times));
        (self.input.bytes(record, times), target)
    }
}

/// What makes digests: the same ones as long as the process lives.
static HASHERS: FixedState = FixedState::with_seed(0);

/// The digest of bytes.
#[must_use]
pub fn digest_of(bytes: &[u8]) -> u64 {
    let mut hasher = HASHERS.build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

/// Times that have been read already.
pub trait Times {
    /// The time that a node says, when it is known.
    fn time(&self, node: NodeId) -> Option<Duration>;
}

/// None.
struct NoTimes;

impl Times for NoTimes {
    fn time(&self, _: NodeId) -> Option<Duration> {
        None
    }
}

/// What stands for the place of a field where a key is no field's.
const NO_FIELD: u8 = u8::MAX;

/// A value in its one form, but for what its strings and numbers say that have more than a [few
/// values](Field::has_few_values).
#[derive(Debug, Default)]
struct Outline {
    structure: Vec<u8>,
    /// Of the structure.
    digest: u64,
    /// The strings and numbers, in the order of the one form.
    values: Vec<Value>,
}

/// A string or number.
#[derive(Debug)]
struct Value {
    node: NodeId,
    /// The byte of the structure that it stands before.
    at: usize,
    says: Says,
}

/// What strings and numbers are compared as.
#[derive(Clone, Copy, Debug)]
enum Says {
    Text,
    Time,
    Number,
    /// A number that may stand for a name.
    Choice(&'static Choices),
}

impl Outline {
    fn of(record: Record<'_>, fit: &Fit, node: NodeId, skip: Option<NodeId>) -> Self {
        let mut out = Self::default();
        Writer { record, fit, skip, out: &mut out, members: Vec::new() }.value(node);
        out.digest = digest_of(&out.structure);
        out
    }

    fn digest(&self, record: Record<'_>, times: &impl Times) -> u64 {
        let mut hasher = HASHERS.build_hasher();
        hasher.write_u64(self.digest);
        for value in &self.values {
            value.in_one_form(record, times, |kind, bytes| {
                // A text can be nothing else.
                if !matches!(value.says, Says::Text) {
                    hasher.write_u8(kind);
                }
                hasher.write(bytes);
            });
        }
        hasher.finish()
    }

    fn bytes(&self, record: Record<'_>, times: &impl Times) -> Vec<u8> {
        let mut out = Vec::new();
        let mut written = 0;
        for value in &self.values {
            out.extend_from_slice(&self.structure[written..value.at]);
            written = value.at;
            value.in_one_form(record, times, |kind, bytes| put(&mut out, kind, bytes));
        }
        out.extend_from_slice(&self.structure[written..]);
        out
    }
}

/// Writes bytes behind their kind and length, so that nothing in them can be taken for structure.
fn put(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    out.push(kind);
    out.extend_from_slice(&bytes.len().to_le_bytes());
    out.extend_from_slice(bytes);
}

impl Value {
    /// Gives what it is compared as: a kind and bytes.
    fn in_one_form<T>(&self, record: Record<'_>, times: &impl Times, then: impl FnOnce(u8, &[u8]) -> T) -> T {
        let node = record.node(self.node);
        if let Says::Text = self.says
            && node.escapes != OTHER_ESCAPES
        {
            // In its shortest spelling, which nearly all have already, between two quotes: nothing is decoded.
            let inner = record.text.as_bytes().get(node.span.start() + 1..node.span.end() - 1);
            return then(b's', inner.unwrap_or_default());
        }
        let raw = record.raw(node.span);
        match self.says {
            Says::Time => {
                if let Some(time) = times.time(self.node) {
                    return then(b'd', &time.nanos().to_le_bytes());
                }
                let text = lexer::decode(raw, node.escaped);
                match parse_duration(&text) {
                    Ok(time) => then(b'd', &time.nanos().to_le_bytes()),
                    Err(_) => then(b's', text.as_bytes()),
                }
            }
            Says::Text => {
                let shortest = lexer::quote(&lexer::decode(raw, node.escaped));
                then(b's', &shortest.as_bytes()[1..shortest.len() - 1])
            }
            Says::Choice(choices) => match name_of(choices, raw) {
                Some(name) => then(b's', name.as_bytes()),
                None => number(raw, then),
            },
            Says::Number => number(raw, then),
        }
    }
}

/// Gives a number by its value: the digits that count and the power of ten of the last one.
fn number<T>(raw: &str, then: impl FnOnce(u8, &[u8]) -> T) -> T {
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
        // An exponent beyond all reason: only the same text is the same number.
        None => then(if negative { b'M' } else { b'N' }, raw.as_bytes()),
    }
}

/// The name of an enum's value, given by its number.
fn name_of(choices: &Choices, raw: &str) -> Option<&'static str> {
    let number = raw.parse::<i64>().ok()?;
    choices.values.iter().find(|choice| choice.number == Some(number)).map(|choice| choice.name)
}

struct Writer<'a> {
    record: Record<'a>,
    fit: &'a Fit,
    /// A value that is left out.
    skip: Option<NodeId>,
    out: &'a mut Outline,
    /// Members that are being put in order.
    members: Vec<(u8, NodeId)>,
}

impl Writer<'_> {
    /// Writes a value; the recursion is as deep as the record, which is limited.
    fn value(&mut self, node: NodeId) {
        let record = self.record;
        let shape = self.fit.shape(node).map(|pair| pair.shape);
        match (record.kind(node), shape) {
            (Kind::Object, shape) => self.object(node, matches!(shape, Some(Shape::Object(_)))),
            (Kind::Array, _) => {
                self.out.structure.push(b'[');
                let skip = self.skip;
                for child in record.children(node).filter(|&child| skip != Some(child)) {
                    self.value(child);
                }
                self.out.structure.push(b']');
            }
            (Kind::String, Some(Shape::Duration)) => self.says(node, Says::Time),
            (Kind::String, _) => self.says(node, Says::Text),
            (Kind::Number, Some(Shape::Enum(choices))) => self.says(node, Says::Choice(choices)),
            (Kind::Number, _) => self.says(node, Says::Number),
            (Kind::True, _) => self.out.structure.push(b't'),
            (Kind::False, _) => self.out.structure.push(b'f'),
            (Kind::Null, _) => self.out.structure.push(b'0'),
            (Kind::Word | Kind::Missing | Kind::TooDeep, _) => {
                put(&mut self.out.structure, b'?', record.raw(record.span(node)).as_bytes());
            }
        }
    }

    fn says(&mut self, node: NodeId, says: Says) {
        let few = self.fit.shape(node).and_then(|pair| pair.field).is_some_and(Field::has_few_values);
        let structure = &mut self.out.structure;
        structure.push(b'v');
        let value = Value { node, at: structure.len(), says };
        if few {
            value.in_one_form(self.record, &NoTimes, |kind, bytes| put(structure, kind, bytes));
        } else {
            self.out.values.push(value);
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
