//! The tree of one record: a flat arena in document order, with byte spans for every key and value.

use crate::json::lexer;
use std::borrow::Cow;
use std::ops::Range;

/// A range of bytes, relative to the start of the record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end`. A record is at most 4 GiB long; larger offsets are clamped.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// The first byte.
    #[must_use]
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// The byte after the last.
    #[must_use]
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// As a range, for indexing.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start()..self.end()
    }

    /// Whether it has no bytes.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Whether `at` is in it or at one of its ends.
    #[must_use]
    pub fn touches(self, at: usize) -> bool {
        self.start() <= at && at <= self.end()
    }

    /// Whether the two share a byte, or one is empty and is inside or at an end of the other.
    #[must_use]
    pub fn meets(self, other: Span) -> bool {
        if self.is_empty() || other.is_empty() {
            self.start <= other.end && other.start <= self.end
        } else {
            self.start < other.end && other.start < self.end
        }
    }
}

/// A replacement of bytes of a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The bytes to replace; empty for an insertion.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Edit {
    /// Replaces `span` with `text`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Inserts `text` before byte `at`.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self::replace(Span::new(at, at), text)
    }

    /// Deletes `span`.
    #[must_use]
    pub fn delete(span: Span) -> Self {
        Self::replace(span, "")
    }
}

/// A piece of a text with edits that are in it, in order, and don't overlap; `None` when they were made for another text.
/// O(n).
#[must_use]
pub fn edited(text: &str, range: Range<usize>, edits: &[Edit]) -> Option<String> {
    let mut out = String::with_capacity(range.len());
    let mut at = range.start;
    for edit in edits {
        out.push_str(text.get(at..edit.span.start())?);
        out.push_str(&edit.text);
        at = edit.span.end();
    }
    out.push_str(text.get(at..range.end)?);
    Some(out)
}

/// The index of a node in its [`Tree`]; the root is 0 and a parent comes before its children.
pub type NodeId = u32;

/// The kind of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`, even with other quotes or a missing end.
    String,
    /// A valid JSON number.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
    /// A word that is not a JSON literal (`True`, `NaN`, `.5`); there is a [`Fault`](crate::json::Fault) for it.
    Word,
    /// A missing value, as an empty span; there is a fault for it.
    Missing,
    /// A value below the deepest level, whose inside is not parsed.
    TooDeep,
}

impl Kind {
    /// Its name with an article, for a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Object => "an object",
            Kind::Array => "an array",
            Kind::String => "a string",
            Kind::Number => "a number",
            Kind::True | Kind::False => "a boolean",
            Kind::Null => "null",
            Kind::Word | Kind::Missing | Kind::TooDeep => "this",
        }
    }
}

/// The value of [`Node::escapes`] for a string with faults, or with escapes that have another spelling (`\/`, `\u`).
pub const OTHER_ESCAPES: u32 = u32::MAX;

/// One value, with its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its kind.
    pub kind: Kind,
    /// Whether the raw text between a string's quotes differs from its value, because of escapes or faults.
    pub escaped: bool,
    /// The same for the key.
    pub key_escaped: bool,
    /// Whether its key, if any, and its text, if it is a string, are known to be ASCII.
    pub ascii: bool,
    /// The number of escapes in a string, if all have two characters and none is `\/`; else [`OTHER_ESCAPES`]. Two
    /// well-formed strings without other escapes have equal values only if their raw texts are equal.
    pub escapes: u32,
    /// Its bytes, including quotes and brackets.
    pub span: Span,
    /// The distance from the start of its key to its own start; 0 if it has no key.
    pub(super) key_before: u32,
    /// The length of its key, including quotes.
    pub(super) key_len: u32,
    /// The object or array that contains it; the root is its own parent.
    pub parent: NodeId,
    /// Its index among the members or elements of its parent.
    pub index: u32,
    /// The first node after it that is not inside it.
    pub next: NodeId,
}

impl Node {
    /// The bytes of its key, including quotes; an empty span at its start if it has no key.
    #[must_use]
    pub fn key(&self) -> Span {
        let start = self.span.start.wrapping_sub(self.key_before);
        Span { start, end: start.wrapping_add(self.key_len) }
    }
}

/// All values of one record, in document order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The nodes; empty if the record has no value.
    pub nodes: Vec<Node>,
    /// Whether all keys and strings are known to be ASCII.
    pub ascii: bool,
}

/// A record: its text and its tree together.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The text, which the spans refer to.
    pub text: &'a str,
    /// The tree that was parsed from it.
    pub tree: &'a Tree,
}

impl<'a> Record<'a> {
    /// The root, unless the record has no value.
    #[must_use]
    pub fn root(self) -> Option<NodeId> {
        (!self.tree.nodes.is_empty()).then_some(0)
    }

    /// A node.
    #[must_use]
    pub fn node(self, id: NodeId) -> &'a Node {
        &self.tree.nodes[id as usize]
    }

    /// The kind of a node.
    #[must_use]
    pub fn kind(self, id: NodeId) -> Kind {
        self.node(id).kind
    }

    /// The bytes of a node.
    #[must_use]
    pub fn span(self, id: NodeId) -> Span {
        self.node(id).span
    }

    /// The bytes of the key, including quotes, if the node is a member.
    #[must_use]
    pub fn key_span(self, id: NodeId) -> Option<Span> {
        let key = self.node(id).key();
        (!key.is_empty()).then_some(key)
    }

    /// The text of a span.
    #[must_use]
    pub fn raw(self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The decoded key; empty if the node is not a member.
    #[must_use]
    pub fn key(self, id: NodeId) -> Cow<'a, str> {
        let node = self.node(id);
        lexer::decode(self.raw(node.key()), node.key_escaped)
    }

    /// The decoded value of a string; `None` for any other kind.
    #[must_use]
    pub fn string(self, id: NodeId) -> Option<Cow<'a, str>> {
        let node = self.node(id);
        if node.kind != Kind::String {
            return None;
        }
        if node.escapes == OTHER_ESCAPES {
            return Some(lexer::decode(self.raw(node.span), node.escaped));
        }
        // The string is well-formed, so its quotes have one byte each.
        let inner = self.text.get(node.span.start() + 1..node.span.end() - 1).unwrap_or_default();
        Some(if node.escapes == 0 { Cow::Borrowed(inner) } else { Cow::Owned(lexer::unescape(inner)) })
    }

    /// The members of an object or the elements of an array, in order; none for a scalar.
    pub fn children(self, id: NodeId) -> impl Iterator<Item = NodeId> + 'a {
        let end = self.node(id).next;
        let mut at = id + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let child = at;
                at = self.node(child).next;
                child
            })
        })
    }

    /// Whether a value says something: a text, a number, or a list or an object that isn't empty.
    #[must_use]
    pub fn holds_content(self, id: NodeId) -> bool {
        match self.kind(id) {
            Kind::Null | Kind::Missing | Kind::True | Kind::False => false,
            Kind::String => self.string(id).is_some_and(|text| !text.trim().is_empty()),
            Kind::Array | Kind::Object => self.children(id).next().is_some(),
            _ => true,
        }
    }

    /// The first member of object `id` whose key is exactly `key`.
    #[must_use]
    pub fn member(self, id: NodeId, key: &str) -> Option<NodeId> {
        if self.kind(id) != Kind::Object {
            return None;
        }
        self.children(id).find(|&child| self.key(child) == key)
    }

    /// The object or array that contains a node; `None` for the root.
    #[must_use]
    pub fn parent(self, id: NodeId) -> Option<NodeId> {
        (id != 0).then(|| self.node(id).parent)
    }

    /// The index of an element in its array; `None` for a member or the root. O(1).
    #[must_use]
    pub fn index(self, id: NodeId) -> Option<usize> {
        let parent = self.parent(id)?;
        if self.kind(parent) != Kind::Array {
            return None;
        }
        Some(self.node(id).index as usize)
    }

    /// The innermost node whose value or key touches byte `at`; the root if none does. O(log n) plus the depth.
    #[must_use]
    pub fn node_at(self, at: usize) -> Option<NodeId> {
        self.root()?;
        let touches = |id: NodeId| {
            let node = self.node(id);
            node.span.touches(at) || (!node.key().is_empty() && node.key().touches(at))
        };
        // Nodes are in the order of their starts: find the last one that starts before `at`, or one around it.
        let before = self.tree.nodes.partition_point(|node| node.key().start() < at);
        let before = NodeId::try_from(before).unwrap_or(NodeId::MAX).max(1);
        let mut found = before - 1;
        while let Some(parent) = self.parent(found).filter(|_| !touches(found)) {
            found = parent;
        }
        // A node that starts at `at` may be inside it.
        for (node, id) in self.tree.nodes[before as usize..].iter().zip(before..) {
            if node.parent != found || !touches(id) {
                break;
            }
            found = id;
        }
        Some(found)
    }

    /// The place of a node as a JSON Pointer (RFC 6901); empty for the root.
    #[must_use]
    pub fn pointer(self, id: NodeId) -> String {
        let mut steps = Vec::new();
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            steps.push(match self.index(at) {
                Some(index) => index.to_string(),
                None => self.key(at).replace('~', "~0").replace('/', "~1"),
            });
            at = parent;
        }
        steps.iter().rev().fold(String::new(), |path, step| path + "/" + step)
    }
}
