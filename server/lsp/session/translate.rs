//! The URIs of views of examples, and the way from a place in a view to the same place in its line and back. A request for a
//! view is translated as JSON, so that this works for every request.

use super::convert;
use super::diagnostics::Encoded;
use crate::ide::view::Line;
use crate::text::{Document, Encoding};
use lsp_types::{Diagnostic, Position, Range, Uri};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

/// The scheme of the URIs of views.
pub const SCHEME: &str = "tuning-ls-example";

/// The URI of a view with this number. Its path ends with the name of the file, which editors show, and with an extension of
/// its own, by which they choose the language.
pub fn uri(number: u64, source: &Uri) -> Option<Uri> {
    let name = source.path().rsplit('/').next().unwrap_or_default().to_owned();
    format!("{SCHEME}:///{number}/{name}.tuning-example").parse().ok()
}

/// The number of a view, if the URI is that of one. Clients spell an empty authority in two ways.
pub fn number(uri: &Uri) -> Option<u64> {
    if uri.scheme() != SCHEME {
        return None;
    }
    uri.path().split('/').find(|part| !part.is_empty())?.parse().ok()
}

/// A view and the document of its line, as they are now.
#[derive(Clone, Debug)]
pub struct Translation {
    pub uri: Uri,
    pub shown: Document,
    /// The document that holds the line.
    pub document: Document,
    pub line: Line,
    pub encoding: Encoding,
    /// The place in the view that a request is about, and the one in the line.
    pub asked: Option<(Position, Position)>,
}

impl Translation {
    /// The place in the line.
    pub fn of_view(&self, place: Position) -> Position {
        let byte = convert::byte_in_record(&self.shown, 0, place, self.encoding);
        convert::place_in_record(&self.document, 0, self.line.of_view(byte), self.encoding)
    }

    /// The place in the view.
    pub fn to_view(&self, place: Position) -> Position {
        let byte = convert::byte_in_record(&self.document, 0, place, self.encoding);
        convert::place_in_record(&self.shown, 0, self.line.to_view(byte), self.encoding)
    }

    /// The range in the view: its ends belong to the tokens inside it. An empty one at the place that was asked for is there.
    pub fn range_to_view(&self, range: Range) -> Range {
        if range.start == range.end {
            let asked = self.asked.filter(|(_, in_line)| *in_line == range.start).map(|(shown, _)| shown);
            let byte = convert::byte_in_record(&self.document, 0, range.start, self.encoding);
            let end = || convert::place_in_record(&self.shown, 0, self.line.end_to_view(byte), self.encoding);
            let place = asked.unwrap_or_else(end);
            return Range { start: place, end: place };
        }
        let byte = convert::byte_in_record(&self.document, 0, range.end, self.encoding);
        let end = convert::place_in_record(&self.shown, 0, self.line.end_to_view(byte), self.encoding);
        Range { start: self.to_view(range.start), end }
    }

    /// Translates all places in a JSON value that are in this document.
    pub fn translate(&self, value: &mut Value, place: &impl Fn(Position) -> Position, range: &impl Fn(Range) -> Range) {
        match value {
            Value::Array(elements) => elements.iter_mut().for_each(|element| self.translate(element, place, range)),
            Value::Object(members) if is_range(members) => {
                if let Ok(found) = serde_json::from_value(value.clone()) {
                    *value = serde_json::to_value(range(found)).unwrap_or_default();
                }
            }
            Value::Object(members) if is_position(members) => {
                if let Ok(position) = serde_json::from_value(value.clone()) {
                    *value = serde_json::to_value(place(position)).unwrap_or_default();
                }
            }
            Value::Object(members) => {
                let is_other = |uri: Option<&Value>| uri.and_then(Value::as_str).is_some_and(|uri| !self.is_own(uri));
                let document = members.get("textDocument").and_then(|document| document.get("uri"));
                if is_other(members.get("uri")) || is_other(document) {
                    return;
                }
                let target_is_other = is_other(members.get("targetUri"));
                for (key, member) in members {
                    match (key.as_str(), member) {
                        ("changes", Value::Object(files)) => {
                            let own = files.iter_mut().filter(|(uri, _)| self.is_own(uri));
                            own.for_each(|(_, edits)| self.translate(edits, place, range));
                        }
                        ("targetRange" | "targetSelectionRange", _) if target_is_other => {}
                        // Sent back as it is.
                        ("data", _) => {}
                        (_, member) => self.translate(member, place, range),
                    }
                }
            }
            _ => {}
        }
    }

    fn is_own(&self, uri: &str) -> bool {
        uri.parse::<Uri>().is_ok_and(|uri| number(&uri) == number(&self.uri))
    }

    /// A diagnostic with its places in the view.
    pub fn diagnostic(&self, made: Arc<Encoded>) -> Arc<Encoded> {
        self.answer(Diagnostic::clone(&made)).map_or(made, |diagnostic| Arc::new(Encoded::new(diagnostic)))
    }

    /// The answer to a request, with the places in the view. Completion items whose range isn't on one line of the view,
    /// which the protocol forbids, are left out.
    pub fn answer<T: Serialize + DeserializeOwned>(&self, answer: T) -> Result<T, serde_json::Error> {
        let mut value = serde_json::to_value(&answer)?;
        self.translate(&mut value, &|place| self.to_view(place), &|range| self.range_to_view(range));
        if let Value::Array(items) = &mut value {
            let line = |item: &Value, end: &str| item.pointer(&format!("/textEdit/range/{end}/line")).cloned();
            items.retain(|item| line(item, "start") == line(item, "end"));
        }
        serde_json::from_value(value)
    }
}

fn is_range(members: &serde_json::Map<String, Value>) -> bool {
    let is_place = |key: &str| members.get(key).and_then(Value::as_object).is_some_and(is_position);
    members.len() == 2 && is_place("start") && is_place("end")
}

fn is_position(members: &serde_json::Map<String, Value>) -> bool {
    members.len() == 2 && ["line", "character"].iter().all(|key| members.get(*key).is_some_and(Value::is_u64))
}
