//! The canonical line: one way to write each example, so that examples that differ only in form become equal.
//!
//! It is compact, with the documented field names, known keys in the order of the documentation, and offsets as the
//! shortest decimal. Number text, escapes, the order of all other keys, and free-form JSON stay byte for byte.

use crate::analysis::Analyst;
use crate::analysis::line::Reading;
use crate::formats::Mark;
use crate::ide::edits::split_mark;
use crate::json::{Kind, NodeId, lexer, print};
use crate::schema::fit::Pair;
use crate::schema::scalar::parse_duration;
use crate::schema::{Field, Shape};

/// Whether a record is to be made canonical. Lines of other formats and of other files are not.
pub fn is_wanted(analyst: &mut Analyst, text: &str, tuning: bool) -> bool {
    match analyst.read(split_mark(text).1).mark {
        Mark::Known(_) => true,
        Mark::Unmarked => tuning,
        Mark::Foreign(_) => false,
    }
}

/// Makes records canonical, except those with syntax errors and those of other formats or files.
pub fn normalize(analyst: &mut Analyst, texts: &mut [String], tuning: bool) {
    for text in texts {
        if let Some(line) = canonical(analyst, text, tuning) {
            *text = line;
        }
    }
}

fn canonical(analyst: &mut Analyst, text: &str, tuning: bool) -> Option<String> {
    let (mark, body) = split_mark(text);
    let reading = analyst.read(body);
    if !reading.errors.is_empty() {
        return None;
    }
    let mut line = String::with_capacity(text.len());
    line.push_str(mark);
    match reading.mark {
        Mark::Known(_) => Writer { reading, out: &mut line }.value(0),
        Mark::Unmarked if tuning => line.push_str(&print::compact(body)),
        Mark::Unmarked | Mark::Foreign(_) => return None,
    }
    Some(line)
}

struct Writer<'a, 'o> {
    reading: Reading<'a>,
    out: &'o mut String,
}

impl Writer<'_, '_> {
    /// Writes a value. The depth of records is limited, so recursion is safe.
    fn value(&mut self, node: NodeId) {
        let record = self.reading.record;
        let pair = self.reading.fit.shape(node);
        match record.kind(node) {
            Kind::Object => self.object(node, pair),
            Kind::Array => {
                self.out.push('[');
                for (place, child) in record.children(node).enumerate() {
                    self.comma(place);
                    self.value(child);
                }
                self.out.push(']');
            }
            Kind::String if pair.is_some_and(|pair| matches!(pair.shape, Shape::Duration)) => self.offset(node),
            _ => self.out.push_str(record.raw(record.span(node))),
        }
    }

    fn object(&mut self, node: NodeId, pair: Option<&Pair>) {
        let record = self.reading.record;
        let object = pair.and_then(|pair| match pair.shape {
            Shape::Object(object) => Some(object),
            _ => None,
        });
        let order = object.map_or(&[][..], |object| &object.fields[..object.ordered]);
        let field = |child| object.and_then(|object| object.field(&record.key(child)));
        let rank = |child: &NodeId| {
            let name = field(*child).map(|field| field.name);
            order.iter().position(|known| Some(known.name) == name).unwrap_or(order.len())
        };
        let mut members: Vec<NodeId> = record.children(node).collect();
        if !order.is_empty() {
            members.sort_by_key(rank);
        }
        self.out.push('{');
        for (place, &child) in members.iter().enumerate() {
            self.comma(place);
            let raw = record.raw(record.node(child).key());
            match field(child).filter(|field| record.key(child) != field.name) {
                // If the object has the key in both spellings, renaming would make a duplicate.
                Some(known) if !members.iter().any(|&other| other != child && is_named(field(other), known.name)) => {
                    self.out.push_str(&lexer::quote(known.name));
                }
                _ => self.out.push_str(raw),
            }
            self.out.push(':');
            self.value(child);
        }
        self.out.push('}');
    }

    /// Writes an offset as the shortest decimal. A negative offset stays as it is.
    fn offset(&mut self, node: NodeId) {
        let record = self.reading.record;
        let text = record.string(node).unwrap_or_default();
        match parse_duration(&text) {
            Ok(duration) if !text.starts_with('-') && duration.canonical() != text => {
                self.out.push_str(&lexer::quote(&duration.canonical()));
            }
            _ => self.out.push_str(record.raw(record.span(node))),
        }
    }

    fn comma(&mut self, place: usize) {
        if place > 0 {
            self.out.push(',');
        }
    }
}

fn is_named(field: Option<&Field>, name: &str) -> bool {
    field.is_some_and(|field| field.name == name)
}
