//! What follows the value of a record: another record, or what doesn't belong there.

use crate::json::fault::{Fault, Repair};
use crate::json::lexer;
use crate::json::parse::Run;
use crate::json::tree::{Edit, Kind, Span};

impl Run<'_, '_> {
    /// Handles what follows the record's value.
    pub(super) fn trailing(&mut self) {
        self.space();
        let at = self.at;
        let Some(&byte) = self.bytes.get(at) else { return };
        if byte == b'\\' && self.literal_breaks(at) {
            return;
        }
        let comma = byte == b',';
        let next = if comma { lexer::skip_space(self.bytes, at + 1) } else { at };
        if self.another_record_at(next) {
            self.second_record(next);
        } else if comma && next == self.bytes.len() {
            let span = Span::new(at, at + 1);
            let repair = Repair { safe: false, edits: vec![Edit::delete(span)] };
            let message = "unexpected comma after the record; line breaks separate records";
            self.fault(Fault::Syntax, span, message, Some(repair));
        } else {
            let span = Span::new(at, self.junk_end(at));
            self.fault(Fault::Syntax, span, "unexpected text after the end of the record", None);
        }
    }

    /// Line breaks after the record that are written as the two characters `\n`, as where a text with escapes was
    /// written to the file. Says whether they are reported.
    fn literal_breaks(&mut self, at: usize) -> bool {
        let mut next = at;
        while let Some(b"\\n" | b"\\r") = self.bytes.get(next..next + 2) {
            next = lexer::skip_space(self.bytes, next + 2);
        }
        if next == at {
            return false;
        }
        match self.bytes.get(next) {
            Some(_) if self.another_record_at(next) => self.second_record(next),
            None if self.is_record() => {
                let span = Span::new(at, at + self.text[at..].trim_end().len());
                let repair = Repair { safe: true, edits: vec![Edit::delete(span)] };
                let message = "the two characters `\\n` after the record; expected a line break";
                self.fault(Fault::Syntax, span, message, Some(repair));
            }
            _ => return false,
        }
        true
    }

    fn second_record(&mut self, at: usize) {
        let message = "a second record starts here; each record needs its own line";
        self.fault(Fault::SeveralValues, Span::new(at, at + 1), message, None);
    }

    /// Whether the record's value is an object, or an array of objects, that was certainly read right.
    fn is_record(&self) -> bool {
        let hides_structure = || self.out.errors().iter().any(|error| error.fault.hides_structure());
        let is_object = |place: usize| self.out.tree().nodes.get(place).is_some_and(|node| node.kind == Kind::Object);
        (is_object(0) || is_object(1)) && !self.out.guessed && !hides_structure()
    }

    /// Whether another record like the first, which was read right, starts at `at`.
    fn another_record_at(&self, at: usize) -> bool {
        let is_array = self.out.tree().nodes.first().is_some_and(|root| root.kind == Kind::Array);
        let object = match self.bytes.get(at) {
            Some(b'[') if is_array => lexer::skip_space(self.bytes, at + 1),
            Some(_) if !is_array => at,
            _ => return false,
        };
        self.bytes.get(object) == Some(&b'{') && self.is_record()
    }
}
