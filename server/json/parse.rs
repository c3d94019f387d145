//! The tolerant parser of a record: it always produces a tree, and a list of faults.
//!
//! This file parses regular JSON, in one pass without recursion; `recover.rs` handles the rest.

use crate::json::balance::Balance;
use crate::json::fault::{Fault, Repair, SyntaxError};
use crate::json::lexer;
use crate::json::regular_strings::{RegularString, RegularStrings};
use crate::json::tree::{Kind, Node, NodeId, OTHER_ESCAPES, Record, Span, Tree};
use fearless_simd::{Level, dispatch};
use std::borrow::Cow;

/// The maximum nesting of objects and arrays: the limit of the service's protobuf parsers.
///
/// Source: `protocolbuffers/protobuf`, `json/internal/lexer.h`, recursion depth 100.
pub const MAX_DEPTH: usize = 100;

/// The maximum number of listed faults, which bounds the memory for noise; [`Parser::fault_count`] counts all.
const MAX_FAULTS: usize = 10_000;

/// A parser that reuses its memory for each record.
#[derive(Debug, Default)]
pub struct Parser {
    pub(super) tree: Tree,
    pub(super) errors: Vec<SyntaxError>,
    pub(super) fault_count: usize,
    strings: RegularStrings,
    /// The starts of unclosed strings, whose values are cut off.
    pub(super) cuts: Vec<usize>,
    /// Whether a string or comment runs to the end of the record, which explains everything that is open around it.
    pub(super) runs_out: bool,
    /// Whether the record ends before its brackets are closed.
    pub(super) incomplete: bool,
    /// Whether the end of a string or a bracket is a guess.
    pub(super) guessed: bool,
}

impl Parser {
    /// Parses one record. Never fails, never recurses; O(n).
    pub fn parse(&mut self, text: &str) {
        self.parse_tokens(text);
        if self.fault_count > 0 && !text.is_ascii() {
            self.parse_full_width(text);
        }
    }

    /// The same, but takes full-width punctuation for text.
    pub(super) fn parse_tokens(&mut self, text: &str) {
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
        // An unclosed container is reported late, at its start.
        self.errors.sort_by_key(|error| error.span.start);
        if self.guessed {
            // An apparent comment or literal may be part of a text.
            self.errors.iter_mut().filter_map(|error| error.repair.as_mut()).for_each(|repair| repair.safe = false);
        } else if !self.errors.is_empty() && self.may_be_part_of_record() {
            // The rest of the record may be in an apparent comment, and a line break in an apparent string may be between
            // tokens.
            let is_doubtful = |error: &SyntaxError| match error.fault {
                Fault::Comment => {
                    text.get(error.span.range()).is_some_and(|raw| raw.contains(['"', '{', '}', '[', ']']))
                }
                Fault::ControlCharacter => text.get(error.span.range()).is_some_and(|raw| raw.contains(['\n', '\r'])),
                _ => false,
            };
            let doubtful = self.errors.iter_mut().filter(|error| is_doubtful(error));
            doubtful.filter_map(|error| error.repair.as_mut()).for_each(|repair| repair.safe = false);
        }
        self.tree.ascii = self.tree.nodes.iter().all(|node| node.ascii);
    }

    /// Whether a string may end elsewhere, so that white space between tokens may be part of a text.
    #[must_use]
    pub fn has_uncertain_tokens(errors: &[SyntaxError]) -> bool {
        errors.iter().any(|error| matches!(error.fault, Fault::Unclosed | Fault::Syntax))
    }

    /// Whether it may be a line of a broken record, or a record whose strings end elsewhere.
    fn may_be_part_of_record(&self) -> bool {
        let is_whole = self.tree.nodes.first().is_some_and(|root| matches!(root.kind, Kind::Object | Kind::Array));
        !is_whole || self.errors.iter().any(|error| error.fault.hides_structure())
    }

    /// Clears the last record and keeps the memory.
    pub(super) fn start(&mut self) {
        self.tree.nodes.clear();
        self.errors.clear();
        self.fault_count = 0;
        self.strings.start();
        self.cuts.clear();
        (self.runs_out, self.incomplete, self.guessed) = (false, false, false);
    }

    /// The tree of the last parsed text.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Removes the last fault.
    pub(super) fn withdraw_last(&mut self) {
        self.fault_count -= usize::from(self.errors.pop().is_some());
    }

    /// The tree with its text.
    #[must_use]
    pub fn record<'a>(&'a self, text: &'a str) -> Record<'a> {
        Record { text, tree: &self.tree }
    }

    /// The faults, in the order of their places.
    #[must_use]
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// The starts of unclosed strings, whose values are cut off.
    #[must_use]
    pub fn cuts(&self) -> &[usize] {
        &self.cuts
    }

    /// Whether the text closes everything that it opens, even if it has other faults.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.incomplete && !self.runs_out
    }

    /// The number of faults, including those that are not listed.
    #[must_use]
    pub fn fault_count(&self) -> usize {
        self.fault_count
    }
}

/// The next token in the open container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expect {
    /// The first key or value, or the end.
    First,
    /// A key or value, after a comma.
    Next,
    /// A comma or the end.
    Separator,
}

/// The state of one parse.
pub(super) struct Run<'p, 't> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    /// The next byte to read.
    pub(super) at: usize,
    pub(super) out: &'p mut Parser,
    /// The innermost open container.
    pub(super) open: Option<NodeId>,
    pub(super) in_object: bool,
    /// The number of its members or elements so far.
    pub(super) index: u32,
    pub(super) expect: Expect,
    pub(super) depth: usize,
    /// The last completed value.
    pub(super) last: NodeId,
    /// The place of the last comma, or where one is missing.
    pub(super) comma: usize,
    pub(super) balance: Option<Balance>,
}

/// A key, or a string in general; the default is no key.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Key {
    pub(super) span: Span,
    pub(super) escaped: bool,
    pub(super) escapes: u32,
    /// Whether it is known to be ASCII.
    pub(super) ascii: bool,
}

impl Key {
    /// One with faults.
    pub(super) fn irregular(span: Span) -> Self {
        Self { span, escaped: true, escapes: OTHER_ESCAPES, ascii: false }
    }
}

impl Run<'_, '_> {
    fn record(&mut self) {
        self.space();
        if self.at >= self.bytes.len() {
            // A record that is only a comment has a fault already.
            if self.out.fault_count == 0 {
                let end = Span::new(self.at, self.at);
                self.fault(Fault::Syntax, end, "expected a JSON value, found nothing", None);
            }
            // The note of a person, or an example that was taken out.
            self.out.errors.iter_mut().filter_map(|error| error.repair.as_mut()).for_each(|repair| repair.safe = false);
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

    /// Reads the value that starts here, with its key if it is a member.
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

    /// Adds a value without children; a separator must follow.
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

    /// Opens a container whose bracket is at `start`, or is missing there.
    pub(super) fn enter(&mut self, kind: Kind, start: usize, key: Key) {
        let id = self.push(kind, Span::new(start, self.at), false, key);
        self.open = Some(id);
        self.index = 0;
        self.in_object = kind == Kind::Object;
        self.depth += 1;
        self.expect = Expect::First;
    }

    /// Closes the open container at its bracket, which is here.
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

    /// Reads the string whose opening quote is here.
    pub(super) fn string(&mut self) -> Key {
        let start = self.at;
        let regular = dispatch!(Level::new(), simd => self.out.strings.string(simd, self.bytes, start + 1));
        let Some(string) = regular else { return self.irregular_string() };
        let RegularString { end, escapes, ascii } = string;
        self.at = end;
        Key { span: Span::new(start, end), escaped: escapes > 0, escapes, ascii }
    }

    /// Skips white space, comments and foreign white space, with a fault for each of the latter two.
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
