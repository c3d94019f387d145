//! JSON over several lines, several values, arrays, and literals of Python.

use super::rows::Rows;
use crate::formats::{ArrayOf, Mark, array_of, mark};
use crate::ide::fixes::operations::join;
use crate::json::{Kind, NodeId, Parser, Record, print, python, values};
use crate::schema::Means;

/// Words of Python that JSON spells otherwise.
const CONSTANTS: [&str; 3] = ["True", "False", "None"];

/// The examples of JSON values.
#[derive(Debug)]
pub(super) enum Examples {
    /// Lines of a known format.
    Lines(Vec<String>),
    /// Objects with one value for each part of an example.
    Rows(Rows),
}

/// The examples of one or several values, and the name of their notation. `None` if a value isn't an example.
pub(super) fn read(text: &str) -> Option<(Examples, &'static str)> {
    let python = || {
        let (json, end) = python::literal(text, 0)?;
        (end == text.trim_end().len()).then(|| vec![json])
    };
    let (values, what) = match valid(text) {
        Some(values) => (values, "JSON"),
        None => match python() {
            // A list with a comma at its end is Python, too.
            Some(values) if !text.contains(['\'', '(']) && !CONSTANTS.iter().any(|it| text.contains(it)) => {
                (values, "JSON")
            }
            Some(values) => (values, "Python"),
            None => (repaired(text)?, "JSON"),
        },
    };
    let mut found = Found::default();
    for value in values {
        let value = print::compact(&value);
        let mut parser = Parser::default();
        parser.parse(&value);
        let record = parser.record(&value);
        found.place(record, record.root()?)?;
    }
    match (found.lines.is_empty(), found.rows.is_empty()) {
        (false, true) => Some((Examples::Lines(found.lines), what)),
        (true, false) => Some((Examples::Rows(Rows::of_named(found.rows)?), what)),
        _ => None,
    }
}

/// The values of a text, if all of them are valid.
fn valid(text: &str) -> Option<Vec<String>> {
    let mut parser = Parser::default();
    let found = values::split(&mut parser, text);
    let values = found.into_iter().map(|range| {
        let value = text.get(range)?;
        parser.parse(value);
        (parser.fault_count() == 0).then(|| value.to_owned())
    });
    values.collect()
}

/// The values of a text after its safe fixes, if all of them are valid then.
pub(super) fn repaired(text: &str) -> Option<Vec<String>> {
    valid(&join(&mut Parser::default(), text)?)
}

/// The lines and the rows of some values.
#[derive(Default)]
struct Found {
    lines: Vec<String>,
    rows: Vec<Vec<(String, String)>>,
}

impl Found {
    /// Adds the examples of a value.
    fn place(&mut self, record: Record<'_>, node: NodeId) -> Option<()> {
        match record.kind(node) {
            Kind::Object => self.object(record, node),
            Kind::Array => match array_of(record, node) {
                ArrayOf::Turns(kind) => {
                    self.lines
                        .push(conversation(kind.format.name_of(Means::Conversation), record.raw(record.span(node))));
                    Some(())
                }
                ArrayOf::Messages => None,
                ArrayOf::Objects(_) | ArrayOf::Other => {
                    let is_conversation = |child: NodeId| matches!(array_of(record, child), ArrayOf::Turns(_));
                    record.children(node).try_for_each(|child| match record.kind(child) {
                        Kind::Array if !is_conversation(child) => None,
                        _ => self.place(record, child),
                    })
                }
            },
            _ => None,
        }
    }

    fn object(&mut self, record: Record<'_>, node: NodeId) -> Option<()> {
        let raw = record.raw(record.span(node));
        let mut parser = Parser::default();
        parser.parse(raw);
        if let Mark::Known(_) = mark(parser.record(raw)) {
            self.lines.push(raw.to_owned());
            return Some(());
        }
        let member = |child: NodeId| {
            let value = match record.kind(child) {
                Kind::String => record.string(child)?.into_owned(),
                Kind::Null => String::new(),
                Kind::Number | Kind::True | Kind::False => record.raw(record.span(child)).to_owned(),
                _ => return None,
            };
            Some((record.key(child).into_owned(), value))
        };
        self.rows.push(record.children(node).map(member).collect::<Option<_>>()?);
        Some(())
    }
}

/// The line of a conversation.
pub(super) fn conversation(name: &str, turns: &str) -> String {
    format!("{{\"{name}\":{turns}}}")
}
