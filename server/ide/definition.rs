//! Where what the cursor is on comes from: the call of a response, the declaration of a called function, or the same clip
//! in the training file.

use crate::analysis::Analyst;
use crate::analysis::line::Reading;
use crate::example::Call;
use crate::ide::edits::without_mark;
use crate::ide::mentions::{self, Kind, Subject, inside_quotes};
use crate::json::{NodeId, Record, Span};

/// Where to look for a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// What the cursor is on, inside the quotes.
    pub origin: Span,
    /// The definition.
    pub place: Place,
}

/// Where a definition is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the same record.
    Here {
        /// The bytes of the call or the declaration.
        around: Span,
        /// The bytes of its name, inside the quotes.
        name: Span,
    },
    /// In a training file, if the cursor isn't in one.
    Training {
        /// The media file.
        subject: Subject,
        /// The piece of it, in microseconds.
        piece: (u64, u64),
    },
}

/// The definition of what is at byte `offset` of a record. O(record).
pub fn definition(text: &str, offset: usize, analyst: &mut Analyst) -> Option<Definition> {
    let offset = text.floor_char_boundary(offset);
    let text = without_mark(text);
    let reading = analyst.read(&text);
    if let Some(found) = in_record(&reading, offset) {
        return Some(found);
    }
    let found = mentions::of_reading(&reading, offset).filter(|found| found.subject.kind == Kind::Location)?;
    let place = Place::Training { subject: found.subject, piece: found.mention.piece };
    Some(Definition { origin: found.mention.span, place })
}

fn in_record(reading: &Reading<'_>, offset: usize) -> Option<Definition> {
    let Reading { record, example, .. } = *reading;
    let node = record.node_at(offset).filter(|node| record.span(*node).touches(offset))?;
    let own = example.calls.iter().find(|call| call.name == Some(node) || (call.is_result && call.id == Some(node)))?;
    let (around, name) = if own.is_result {
        let call = call_of(record, &example.calls, own)?;
        (call.node, call.name.unwrap_or(call.node))
    } else {
        let called = record.string(node)?;
        let declared = example.declared.iter().find(|name| record.string(**name).as_ref() == Some(&called))?;
        (record.parent(*declared)?, *declared)
    };
    let place = Place::Here { around: record.span(around), name: inside_quotes(record, name) };
    Some(Definition { origin: inside_quotes(record, node), place })
}

/// The earlier call that a response answers: by its id, or else the one whose place among the calls of its function is
/// that of the response among the responses.
fn call_of<'a>(record: Record<'_>, calls: &'a [Call], response: &Call) -> Option<&'a Call> {
    let earlier = || calls.iter().filter(|call| call.node < response.node);
    let string = |node: Option<NodeId>| node.and_then(|node| record.string(node));
    if let Some(id) = string(response.id) {
        return earlier().rev().find(|call| !call.is_result && string(call.id).as_ref() == Some(&id));
    }
    let name = string(response.name)?;
    let named = |call: &&Call| string(call.name).as_ref() == Some(&name);
    let place = earlier().filter(|call| call.is_result).filter(named).count();
    let mut of_function = earlier().filter(|call| !call.is_result).filter(named);
    of_function.nth(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of the definition of what is at `▮`, with the start of the text around it.
    fn defined(marked: &str) -> Option<String> {
        let at = marked.find('▮').expect("a cursor");
        let text = marked.replace('▮', "");
        match definition(&text, at, &mut Analyst::default())?.place {
            Place::Here { around, name } => {
                assert!(around.start() <= name.start() && name.end() <= around.end());
                let before = text.get(around.start()..name.start())?;
                Some(format!("{} {before}", text[..name.start()].matches('"').count()))
            }
            Place::Training { subject, piece } => Some(format!("{} {piece:?}", subject.text)),
        }
    }

    const CALLS: &str = r#"{"tools":[{"functionDeclarations":[{"name":"f"},{"name":"g"}]}],"contents":[{"role":"model","parts":[{"functionCall":{"name":"f"}},{"functionCall":{"name":"g"}},{"functionCall":{"name":"f"}}]},{"parts":[{"functionResponse":{"name":"f"}},{"functionResponse":{"name":"f"}},{"functionResponse":{"name":"h"}}]}]}"#;

    /// The line with a cursor in the `place`th string that is this one.
    fn at(line: &str, string: &str, place: usize) -> String {
        let quoted = format!("\"{string}\"");
        let (start, _) = line.match_indices(&quoted).nth(place).expect("a string");
        format!("{}▮{}", &line[..start + 1], &line[start + 1..])
    }

    #[test]
    fn responses_lead_to_their_calls_and_calls_to_their_declarations() {
        let quotes = |line: &str, string: &str, place| {
            let quoted = format!("\"{string}\"");
            let (start, _) = line.match_indices(&quoted).nth(place).expect("a string");
            line[..start + 1].matches('"').count()
        };
        let number = |found: Option<String>| found.and_then(|it| it.split(' ').next()?.parse::<usize>().ok());
        for (string, place, expected) in [
            ("f", 1, Some(("f", 0))),
            ("g", 1, Some(("g", 0))),
            ("f", 2, Some(("f", 0))),
            ("f", 3, Some(("f", 1))),
            ("f", 4, Some(("f", 2))),
            ("h", 0, None),
            ("f", 0, None),
        ] {
            let expected = expected.map(|(string, place)| quotes(CALLS, string, place));
            assert_eq!(number(defined(&at(CALLS, string, place))), expected, "{string} {place}");
        }
    }

    #[test]
    fn a_result_with_an_id_leads_to_the_call_with_that_id() {
        let line = r#"{"messages":[{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"2","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"2","content":"","name":"f"}]}"#;
        let found = defined(&at(line, "2", 1)).expect("the call");
        assert!(found.ends_with(r#"{"id":"2","type":"function","function":{"name":""#), "{found}");
        assert_eq!(defined(&at(line, "f", 2)), Some(found));
        assert_eq!(defined(&at(line, "2", 0)), None, "the id of a call");
    }

    #[test]
    fn a_clip_is_looked_for_in_the_training_files() {
        let line = r#"{"contents":[{"parts":[{"fileData":{"fileUri":"gs://b/▮a.mp4"},"videoMetadata":{"startOffset":"1s"}}]}]}"#;
        assert_eq!(defined(line), Some(format!("gs://b/a.mp4 (1000000, {})", u64::MAX)));
        assert_eq!(defined(r#"{"contents":[{"parts":[{"text":"▮a"}]}]}"#), None);
    }
}
