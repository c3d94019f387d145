//! Brackets: too many, too few, of the wrong kind, too deep.

use crate::json::balance::Balance;
use crate::json::fault::{Fault, Repair};
use crate::json::lexer;
use crate::json::parse::{Expect, Key, MAX_DEPTH, Run};
use crate::json::search::{self, SPECIAL};
use crate::json::tree::{Edit, Kind, Span};

impl Run<'_, '_> {
    /// A closing bracket of the wrong kind.
    pub(super) fn mismatch(&mut self, byte: u8) {
        let at = self.at;
        let own = if self.in_object { b'}' } else { b']' };
        let outer_fits = self.open.is_some_and(|open| {
            let parent = self.out.tree().nodes[open as usize].parent;
            let kind = if byte == b'}' { Kind::Object } else { Kind::Array };
            open != 0 && self.out.tree().nodes[parent as usize].kind == kind
        });
        let next = lexer::skip_space(self.bytes, at + 1);
        if !self.lacks_closer(own) && outer_fits && self.bytes.get(next) == Some(&own) && !self.has_surplus(byte) {
            let message = format!("`{}` and `{}` are in the wrong order", byte as char, own as char);
            self.fault(Fault::Syntax, Span::new(at, next + 1), message, None);
            self.leave(at);
            self.leave(next + 1);
            self.at = next + 1;
        } else if self.depth > 1 && self.lacks_closer(own) {
            let before = if self.expect == Expect::Next { self.comma } else { at };
            let name = if self.in_object { "object" } else { "array" };
            let outer = if byte == b'}' { "object" } else { "array" };
            let message = format!("this {name} is not closed before an outer {outer} ends");
            self.unclosed_here(message, before);
        } else {
            self.at += 1;
            let repair = Repair { safe: false, edits: vec![Edit::delete(Span::new(at, at + 1))] };
            let opener = if byte == b'}' { '{' } else { '[' };
            let message = format!("`{}` has no matching `{opener}`", byte as char);
            self.fault(Fault::Syntax, Span::new(at, at + 1), message, Some(repair));
        }
    }

    /// Ends the open container at byte `before`, where its bracket is missing.
    pub(super) fn unclosed_here(&mut self, message: impl Into<std::borrow::Cow<'static, str>>, before: usize) {
        let Some(open) = self.open else { return };
        let node = self.out.tree().nodes[open as usize];
        let closer = if node.kind == Kind::Object { "}" } else { "]" };
        let start = node.span.start();
        let repair = Repair { safe: false, edits: vec![Edit::insert(before, closer)] };
        self.fault(Fault::Unclosed, self.letter(start), message, Some(repair));
        self.leave(before.max(start + 1));
    }

    /// The record ends with open containers: one fault for all of them.
    pub(super) fn end_of_text(&mut self) {
        let Some(open) = self.open else { return };
        let at = self.bytes.len();
        self.out.incomplete = true;
        if !self.out.runs_out {
            let start = self.out.tree().nodes[open as usize].span.start();
            let name = if self.in_object { "object" } else { "array" };
            let message = if self.depth == 1 {
                format!("this {name} is not closed")
            } else {
                format!("this {name} is not closed; {} closing brackets are missing", self.depth)
            };
            let text = self.closers();
            let complete = self.out.tree().nodes.last().is_none_or(|node| node.kind != Kind::Missing);
            let end = self.text.trim_end().len();
            let edit = match self.expect {
                Expect::Next if self.text[self.comma..end] == *"," => {
                    Some(Edit::replace(Span::new(self.comma, end), text))
                }
                Expect::First | Expect::Separator => Some(Edit::insert(end, text)),
                Expect::Next => None,
            };
            let repair = edit.filter(|_| complete).map(|edit| Repair { safe: false, edits: vec![edit] });
            self.fault(Fault::Unclosed, self.letter(start), message, repair);
        }
        while self.open.is_some() {
            self.leave(at);
        }
    }

    /// The brackets that close what is open.
    pub(super) fn closers(&self) -> String {
        let mut text = String::new();
        let mut next = self.open;
        while let Some(id) = next {
            let node = self.out.tree().nodes[id as usize];
            text.push(if node.kind == Kind::Object { '}' } else { ']' });
            next = (id != 0).then_some(node.parent);
        }
        text
    }

    /// The quote and the brackets that close all that is open at the end of the record, where the string is a value.
    pub(super) fn closed_at_end(&self, start: usize, end: usize) -> Option<Repair> {
        let is_value = !self.in_object || self.text[..start].trim_end().ends_with(':');
        let backslashes = self.text[..end].len() - self.text[..end].trim_end_matches('\\').len();
        if !is_value || backslashes % 2 == 1 {
            return None;
        }
        Some(Repair { safe: false, edits: vec![Edit::insert(end, format!("\"{}", self.closers()))] })
    }

    /// Skips a container below the deepest level.
    pub(super) fn too_deep(&mut self, key: Key) {
        let start = self.at;
        let end = self.balanced_end(start);
        let message = format!("nested deeper than {MAX_DEPTH} levels");
        self.fault(Fault::TooDeep, Span::new(start, start + 1), message, None);
        self.at = end;
        self.leaf(Kind::TooDeep, Span::new(start, end), false, key);
    }

    /// Reports a comma before the closing bracket here, if only comments are between them: anything else there has a
    /// fault of its own.
    pub(super) fn trailing_comma(&mut self) {
        let next = lexer::skip_space(self.bytes, self.comma + 1);
        let is_before = next == self.at || matches!(self.bytes.get(next), Some(b'/' | b'#'));
        if self.bytes.get(self.comma) != Some(&b',') || !is_before {
            return;
        }
        let span = Span::new(self.comma, self.comma + 1);
        let message = format!("trailing comma before `{}`", self.bytes[self.at] as char);
        let repair = Repair { safe: true, edits: vec![Edit::delete(span)] };
        self.fault(Fault::TrailingComma, span, message, Some(repair));
    }

    /// Whether the bracket here would close the record although more of its members follow; then it is reported and
    /// skipped.
    pub(super) fn closes_too_early(&mut self) -> bool {
        let at = self.at;
        let next = lexer::skip_space(self.bytes, at + 1);
        if !self.in_object || self.bytes.get(next) != Some(&b',') {
            return false;
        }
        let key = lexer::skip_space(self.bytes, next + 1);
        if self.bytes.get(key) != Some(&b'"') || !self.has_surplus(b'}') {
            return false;
        }
        let end = search::find(SPECIAL, self.bytes, key + 1);
        if self.bytes.get(end) != Some(&b'"') || !self.colon_follows(end + 1) {
            return false;
        }
        let span = Span::new(at, at + 1);
        let repair = Repair { safe: false, edits: vec![Edit::delete(span)] };
        self.fault(Fault::Syntax, span, "this `}` closes the record too early", Some(repair));
        self.at += 1;
        self.expect = Expect::Separator;
        true
    }

    /// The end of the bracketed text at `at`, ignoring brackets in strings; the end of the record if it is not closed.
    pub(super) fn balanced_end(&self, at: usize) -> usize {
        let mut depth = 0usize;
        let mut at = at;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'"' => at = lexer::string_end(self.bytes, at) - 1,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return at + 1;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        self.bytes.len()
    }

    /// Whether fewer closing brackets of this kind follow than there are open containers.
    pub(super) fn lacks_closer(&mut self, closer: u8) -> bool {
        self.left(closer) < self.open_containers(closer)
    }

    /// Whether more closing brackets of this kind follow than there are open containers.
    fn has_surplus(&mut self, closer: u8) -> bool {
        self.left(closer) > self.open_containers(closer)
    }

    /// Closing minus opening brackets of this kind from here on.
    fn left(&mut self, closer: u8) -> i64 {
        let balance = Balance::at(self.balance, self.bytes, self.at);
        self.balance = Some(balance);
        if closer == b'}' { balance.braces } else { balance.brackets }
    }

    fn open_containers(&self, closer: u8) -> i64 {
        let kind = if closer == b'}' { Kind::Object } else { Kind::Array };
        let nodes = &self.out.tree().nodes;
        let mut count = 0;
        let mut next = self.open;
        while let Some(id) = next {
            count += i64::from(nodes[id as usize].kind == kind);
            next = (id != 0).then_some(nodes[id as usize].parent);
        }
        count
    }
}
