//! The canonical line: the one way to write an example that differs from no other in form only.
//!
//! Compact, names in lowerCamelCase, keys in the documentation's order, offsets as the shortest decimal;
//! number text, escapes, the order of all other keys and free JSON stay byte for byte.

use crate::analysis::line::Reading;
use crate::analysis::{Analyst, Source};
use crate::ide::edits::{TextEdit, change};
use crate::ide::fixes::File;
use crate::ide::fixes::copy::{lines_of, text_of};
use crate::ide::fixes::repair::Repairer;
use crate::ide::fixes::rounds::{self, Goal};
use crate::json::{Kind, NodeId, lexer, print};
use crate::schema::detect::Mark;
use crate::schema::fit::Pair;
use crate::schema::scalar::parse_duration;
use crate::schema::{Object, Shape, gemini, preference};

/// The order of the keys in the documentation's examples, by object; all others follow as they are found.
static ORDERS: [(&Object, &[&str]); 6] = [
    (&gemini::EXAMPLE, &["systemInstruction", "contents", "tools", "toolConfig", "generationConfig"]),
    (
        &preference::EXAMPLE,
        &["systemInstruction", "contents", "completions", "tools", "toolConfig", "generationConfig"],
    ),
    (&gemini::CONTENT, &["role", "parts"]),
    (&gemini::PART, &["fileData", "videoMetadata", "text"]),
    (&gemini::FILE_DATA, &["fileUri", "mimeType"]),
    (&gemini::VIDEO_METADATA, &["startOffset", "endOffset", "fps"]),
];

/// The edits that make the record at `line` canonical, after every safe fix; those of several lines are
/// joined, several on a line split. None when it is so already, is no tuning line, or belongs to a file
/// that is one array.
pub fn normalize_line<S: Source>(file: &File<'_, S>, analyst: &mut Analyst, line: usize) -> Vec<TextEdit> {
    let record = file.lines.record_at(line);
    let mut buffer = String::new();
    let input = file.source.record(record.clone(), &mut buffer);
    let tuning = file.verdict.tuning;
    if file.verdict.array || input.invalid.is_some() || !is_wanted(analyst, input.text, tuning) {
        return Vec::new();
    }
    let mut texts = Repairer::new(analyst, file.verdict).record(&input).texts;
    if texts.is_empty() {
        return Vec::new();
    }
    for text in &mut texts {
        if let Some(line) = canonical(analyst, text, tuning) {
            *text = line;
        }
    }
    let usual = rounds::usual_end(file.lines, file.verdict);
    let count = texts.len();
    let ends = (0..count).map(|place| if place + 1 == count { input.end } else { usual });
    let lines: Vec<_> = texts.iter().zip(ends).flat_map(|(text, end)| lines_of(text, end)).collect();
    change(file.source, record, &text_of(&lines)).into_iter().collect()
}

/// The edits that make every line canonical, after every safe fix, line ends included. None in a file that
/// is one array or no tuning file.
pub fn normalize_all<S: Source>(file: &File<'_, S>, analyst: &mut Analyst) -> Vec<TextEdit> {
    if file.verdict.array || !file.verdict.tuning {
        return Vec::new();
    }
    let blocks = rounds::mend(file.source, file.lines, file.verdict, analyst, Goal::Normalized);
    blocks.into_iter().filter_map(|block| change(file.source, block.old, &text_of(&block.new))).collect()
}

/// Whether a record is to be made canonical: another vendor's lines and those of other files are not.
#[must_use]
pub fn is_wanted(analyst: &mut Analyst, text: &str, tuning: bool) -> bool {
    match analyst.read(without_mark(text).1).mark {
        Mark::Gemini(_) => true,
        Mark::Unmarked => tuning,
        Mark::Foreign(_) => false,
    }
}

/// The canonical line of a record. `None` for one that has grammar faults, is not to be made canonical, or
/// is so already.
#[must_use]
pub fn canonical(analyst: &mut Analyst, text: &str, tuning: bool) -> Option<String> {
    let (mark, body) = without_mark(text);
    let reading = analyst.read(body);
    if !reading.errors.is_empty() {
        return None;
    }
    let mut line = String::with_capacity(text.len());
    line.push_str(mark);
    match reading.mark {
        Mark::Gemini(_) => Writer { reading, out: &mut line }.value(0),
        Mark::Unmarked if tuning => line.push_str(&print::compact(body)),
        Mark::Unmarked | Mark::Foreign(_) => return None,
    }
    (line != text).then_some(line)
}

/// A byte order mark, and the text behind it.
fn without_mark(text: &str) -> (&str, &str) {
    text.split_at(if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 })
}

struct Writer<'a, 'o> {
    reading: Reading<'a>,
    out: &'o mut String,
}

impl Writer<'_, '_> {
    /// Writes a value; the recursion is as deep as the record, which is limited.
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
        let order = ORDERS.iter().find(|(known, _)| object.is_some_and(|object| std::ptr::eq(*known, object)));
        let order = order.map_or(&[][..], |(_, order)| order);
        let field = |child| object.and_then(|object| object.field(&record.key(child)));
        let rank = |child: &NodeId| {
            let name = field(*child).map(|field| field.name);
            order.iter().position(|known| Some(*known) == name).unwrap_or(order.len())
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
                // Beside the other spelling a new name would make one key of two.
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

    /// Writes an offset as the shortest decimal; one with a sign stays as it is.
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

fn is_named(field: Option<&crate::schema::Field>, name: &str) -> bool {
    field.is_some_and(|field| field.name == name)
}
