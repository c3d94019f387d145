//! The tolerant parser of a record: always a tree, and every fault it met on the way.
//!
//! What is regular is read here, in one pass without recursion; what is not goes to `recover.rs`.

use crate::json::balance::Balance;
use crate::json::lexer;
use crate::json::regular_strings::{RegularString, RegularStrings};
use crate::json::tree::{Edit, Kind, Node, NodeId, OTHER_ESCAPES, Record, Span, Tree};
use fearless_simd::{Level, dispatch};
use std::borrow::Cow;

/// Objects and arrays may be nested this deep: the limit of the service's protobuf parsers.
///
/// Source: `protocolbuffers/protobuf`, `json/internal/lexer.h`, recursion depth 100.
pub const MAX_DEPTH: usize = 100;

/// A record with more faults than this has only the first ones listed, so that a file of noise
/// costs bounded memory; [`Parser::fault_count`] counts them all.
const MAX_FAULTS: usize = 10_000;

/// What kind of grammar fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A comma before `]` or `}`.
    TrailingComma,
    /// Two members or elements with nothing between.
    MissingComma,
    /// Single or typographic quotes used as JSON's.
    QuoteStyle,
    /// A bare word as a key.
    UnquotedKey,
    /// A comment.
    Comment,
    /// White space between tokens that is not JSON's, or a character that nobody sees.
    ForeignSpace,
    /// A raw control character in a string.
    ControlCharacter,
    /// An escape that JSON does not know, or half a surrogate pair.
    BadEscape,
    /// A word or number that is no JSON value.
    BadLiteral,
    /// A string, array or object that is not closed.
    Unclosed,
    /// Any other fault of grammar.
    Syntax,
    /// A second value behind the first.
    SeveralValues,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl Fault {
    /// Whether what stands behind or above it may be misread: then nothing can be called missing.
    #[must_use]
    pub fn hides_structure(self) -> bool {
        matches!(self, Fault::Unclosed | Fault::Syntax | Fault::SeveralValues | Fault::TooDeep | Fault::MissingComma)
    }
}

/// How to mend a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Whether the meaning is certainly kept.
    pub safe: bool,
    /// What to change.
    pub edits: Vec<Edit>,
}

/// A fault of grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Its kind.
    pub fault: Fault,
    /// The bytes at fault.
    pub span: Span,
    /// What is wrong there, as a clause without a full stop.
    pub message: Cow<'static, str>,
    /// How to mend it, where that is clear enough to offer.
    pub repair: Option<Repair>,
}

/// A parser whose memory is used again from record to record.
#[derive(Debug, Default)]
pub struct Parser {
    tree: Tree,
    errors: Vec<SyntaxError>,
    fault_count: usize,
    strings: RegularStrings,
    /// Where strings begin that are not closed: what they say is cut off.
    pub(super) cuts: Vec<usize>,
    /// Whether a string or comment runs to the end of the record; it explains all that is open around it.
    pub(super) runs_out: bool,
    /// Whether the record ends before its brackets are closed.
    pub(super) incomplete: bool,
    /// Whether it is a guess where a string or a bracket ends.
    pub(super) guessed: bool,
}

impl Parser {
    /// Parses one record. Never fails, never recurses; O(n).
    pub fn parse(&mut self, text: &str) {
        self.start();
        let mut run = Run {
            text,
            bytes: text.as_bytes(),
            at: 0,
            out: self,
            open: None,
            in_object: false,
            index: 0,
            expect: Expect::First,
            depth: 0,
            last: 0,
            comma: 0,
            balance: None,
        };
        run.record();
        // A container found to be unclosed is reported late, at its beginning.
        self.errors.sort_by_key(|error| error.span.start);
        if self.guessed {
            // What looks like a comment or a literal may be part of a text then.
            self.errors.iter_mut().filter_map(|error| error.repair.as_mut()).for_each(|repair| repair.safe = false);
        }
        self.tree.ascii = self.tree.nodes.iter().all(|node| node.ascii);
    }

    /// Forgets the last record; keeps the memory.
    pub(super) fn start(&mut self) {
        self.tree.nodes.clear();
        self.errors.clear();
        self.fault_count = 0;
        self.strings.start();
        self.cuts.clear();
        (self.runs_out, self.incomplete, self.guessed) = (false, false, false);
    }

    /// The tree of the text that was parsed last.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Takes back the fault that was listed last.
    pub(super) fn withdraw_last(&mut self) {
        self.fault_count -= usize::from(self.errors.pop().is_some());
    }

    pub(super) fn tree_mut(&mut self) -> &mut Tree {
        &mut self.tree
    }

    /// That tree with its text, which the caller kept.
    #[must_use]
    pub fn record<'a>(&'a self, text: &'a str) -> Record<'a> {
        Record { text, tree: &self.tree }
    }

    /// The faults met, in the order of their places.
    #[must_use]
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// Where strings begin that are not closed: what they say is cut off.
    #[must_use]
    pub fn cuts(&self) -> &[usize] {
        &self.cuts
    }

    /// Whether the text closes all that it opens, perhaps with faults in between.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.incomplete && !self.runs_out
    }

    /// How many faults there were, also where fewer are listed.
    #[must_use]
    pub fn fault_count(&self) -> usize {
        self.fault_count
    }
}

/// What may come next in the open container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expect {
    /// The first key or value, or the end.
    First,
    /// A key or value, after a comma.
    Next,
    /// A comma or the end.
    Separator,
}

/// One parse under way.
pub(super) struct Run<'p, 't> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    /// The byte to read next.
    pub(super) at: usize,
    pub(super) out: &'p mut Parser,
    /// The container that is open, innermost.
    pub(super) open: Option<NodeId>,
    pub(super) in_object: bool,
    /// How many members or elements it has so far.
    pub(super) index: u32,
    pub(super) expect: Expect,
    pub(super) depth: usize,
    /// The value that was completed last.
    pub(super) last: NodeId,
    /// Where the last comma was, or where one is missing.
    pub(super) comma: usize,
    pub(super) balance: Option<Balance>,
}

/// A key as it was read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Key {
    pub(super) span: Span,
    pub(super) escaped: bool,
    pub(super) escapes: u32,
    /// Whether it is known to be of ASCII alone.
    pub(super) ascii: bool,
}

impl Run<'_, '_> {
    fn record(&mut self) {
        self.space();
        if self.at >= self.bytes.len() {
            // Of a comment alone, that it is one is enough.
            if self.out.fault_count == 0 {
                let end = Span::new(self.at, self.at);
                self.fault(Fault::Syntax, end, "there is no JSON value here", None);
            }
            return;
        }
        if !self.root() {
            return;
        }
        while self.open.is_some() {
            self.space();
            let Some(&byte) = self.bytes.get(self.at) else {
                self.end_of_text();
                return;
            };
            match (self.in_object, self.expect, byte) {
                (true, Expect::First | Expect::Next, b'"') => self.member(),
                (_, Expect::Separator, b',') => {
                    self.comma = self.at;
                    self.at += 1;
                    self.expect = Expect::Next;
                }
                (true, _, b'}') | (false, _, b']') => self.close(),
                (false, Expect::First | Expect::Next, _) => self.value(Key::default()),
                (true, Expect::First | Expect::Next, _) => self.irregular_key(),
                (_, Expect::Separator, _) => self.irregular_separator(),
            }
        }
        self.trailing();
    }

    fn member(&mut self) {
        let key = self.string();
        self.space();
        if self.bytes.get(self.at) == Some(&b':') {
            self.at += 1;
            self.space();
            self.value(key);
        } else {
            self.irregular_colon(key);
        }
    }

    /// Reads the value that begins here, under `key` when it is a member.
    pub(super) fn value(&mut self, key: Key) {
        let start = self.at;
        match self.bytes.get(start) {
            Some(b'"') => {
                let string = self.string();
                self.leaf(Kind::String, string.span, string.escaped, key);
                let node = &mut self.out.tree.nodes[self.last as usize];
                node.escapes = string.escapes;
                node.ascii &= string.ascii;
            }
            Some(b'{') => self.container(Kind::Object, key),
            Some(b'[') => self.container(Kind::Array, key),
            Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                let end = lexer::word_end(self.text, start);
                let word = &self.bytes[start..end];
                let kind = match word {
                    b"true" => Kind::True,
                    b"false" => Kind::False,
                    b"null" => Kind::Null,
                    word if lexer::is_number(word) => Kind::Number,
                    _ => return self.irregular_value(key),
                };
                self.at = end;
                self.leaf(kind, Span::new(start, end), false, key);
            }
            _ => self.irregular_value(key),
        }
    }

    /// Adds a value without children and looks for a separator next.
    pub(super) fn leaf(&mut self, kind: Kind, span: Span, escaped: bool, key: Key) {
        let id = self.push(kind, span, escaped, key);
        self.last = id;
        self.expect = Expect::Separator;
    }

    pub(super) fn push(&mut self, kind: Kind, span: Span, escaped: bool, key: Key) -> NodeId {
        let nodes = &mut self.out.tree.nodes;
        let id = NodeId::try_from(nodes.len()).unwrap_or(NodeId::MAX);
        nodes.push(Node {
            kind,
            escaped,
            key_escaped: key.escaped,
            ascii: key.ascii || key.span.is_empty(),
            escapes: OTHER_ESCAPES,
            span,
            key_before: if key.span.is_empty() { 0 } else { span.start.wrapping_sub(key.span.start) },
            key_len: key.span.end.saturating_sub(key.span.start),
            parent: self.open.unwrap_or(id),
            index: self.index,
            next: id + 1,
        });
        self.index += 1;
        id
    }

    fn container(&mut self, kind: Kind, key: Key) {
        let start = self.at;
        if self.depth == MAX_DEPTH {
            return self.too_deep(key);
        }
        self.at += 1;
        self.enter(kind, start, key);
    }

    /// Opens a container whose bracket is, or had to be, at `start`.
    pub(super) fn enter(&mut self, kind: Kind, start: usize, key: Key) {
        let id = self.push(kind, Span::new(start, self.at), false, key);
        self.open = Some(id);
        self.index = 0;
        self.in_object = kind == Kind::Object;
        self.depth += 1;
        self.expect = Expect::First;
    }

    /// Closes the open container at its own bracket, which is here.
    fn close(&mut self) {
        if self.expect == Expect::Next {
            self.trailing_comma();
        }
        if self.depth == 1 && self.closes_too_early() {
            return;
        }
        self.at += 1;
        self.leave(self.at);
    }

    /// Ends the open container at byte `end`.
    pub(super) fn leave(&mut self, end: usize) {
        let Some(id) = self.open else { return };
        let nodes = &mut self.out.tree.nodes;
        let next = NodeId::try_from(nodes.len()).unwrap_or(NodeId::MAX);
        let node = &mut nodes[id as usize];
        node.span = Span::new(node.span.start(), end);
        node.next = next;
        let parent = node.parent;
        self.index = node.index + 1;
        self.last = id;
        self.depth -= 1;
        self.open = (id != 0).then_some(parent);
        self.in_object = self.open.is_some_and(|open| nodes[open as usize].kind == Kind::Object);
        self.expect = Expect::Separator;
    }

    /// Reads the string whose `"` is here.
    pub(super) fn string(&mut self) -> Key {
        let start = self.at;
        let regular = dispatch!(Level::new(), simd => self.out.strings.string(simd, self.bytes, start + 1));
        let Some(string) = regular else { return self.irregular_string() };
        let RegularString { end, escapes, ascii } = string;
        self.at = end;
        Key { span: Span::new(start, end), escaped: escapes > 0, escapes, ascii }
    }

    /// Skips white space; comments, and white space that is not JSON's, with a fault for each.
    pub(super) fn space(&mut self) {
        loop {
            self.at = lexer::skip_space(self.bytes, self.at);
            match self.bytes.get(self.at) {
                Some(b'/' | b'#') if self.comment() => {}
                Some(b'\x0B' | b'\x0C' | 0x80..) if self.foreign_space() => {}
                _ => return,
            }
        }
    }

    pub(super) fn fault(
        &mut self,
        fault: Fault,
        span: Span,
        message: impl Into<Cow<'static, str>>,
        repair: Option<Repair>,
    ) {
        self.out.fault_count += 1;
        let is_safe = repair.as_ref().is_some_and(|repair| repair.safe);
        self.out.guessed |= !is_safe && matches!(fault, Fault::Unclosed | Fault::QuoteStyle);
        if self.out.errors.len() < MAX_FAULTS {
            self.out.errors.push(SyntaxError { fault, span, message: message.into(), repair });
        }
    }
}
