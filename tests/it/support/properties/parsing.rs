//! Any bytes: the parser gives a sound tree, and the findings are the same on the command line and in an editor.

use crate::support::judge::judge;
use tuning_ls::json::{Fault, Kind, Parser, Record};
use tuning_ls::settings::Settings;

/// A record of these bytes, and a file of them.
pub fn any_bytes(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        sound_tree(text);
        let found = faults(text);
        // The parser's limit of depth is lower.
        if let Some(expected) = is_json(text).filter(|_| !found.iter().any(|fault| fault.starts_with("TooDeep"))) {
            assert_eq!(found.is_empty(), expected, "{text:?} has {found:?}");
        }
    }
    let problems = judge(bytes, &Settings::default()).problems;
    assert!(problems.is_empty(), "{problems:#?} in {:?}", String::from_utf8_lossy(bytes));
}

/// Every fault of a text as `kind@text`.
pub fn faults(text: &str) -> Vec<String> {
    let mut parser = Parser::default();
    parser.parse(text);
    let found = parser.errors().iter().map(|error| {
        let at = &text[error.span.range()];
        // The fix of a trailing comma is safe, so the fault must cover exactly a comma.
        assert!(error.fault != Fault::TrailingComma || at == ",", "a comma that is {at} in {text}");
        format!("{:?}@{at}", error.fault)
    });
    found.collect()
}

/// Whether `serde_json` accepts the text. `None` for a number beyond the range of f64: `serde_json` stops there, although
/// it is valid JSON.
pub fn is_json(text: &str) -> Option<bool> {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => Some(true),
        Err(error) if error.to_string().starts_with("number out of range") => None,
        Err(_) => Some(false),
    }
}

/// The deepest node that touches the byte; on each level the first one.
fn node_touching(record: Record<'_>, at: usize) -> Option<u32> {
    let touches = |id: &u32| {
        let node = record.node(*id);
        node.span.touches(at) || (!node.key().is_empty() && node.key().touches(at))
    };
    let mut found = record.root()?;
    while let Some(child) = record.children(found).find(touches) {
        found = child;
    }
    Some(found)
}

/// Asserts that the tree of a text is well-formed: all places are inside of the text, and it is no larger than the text.
pub fn sound_tree(text: &str) {
    let mut parser = Parser::default();
    parser.parse(text);
    let record = parser.record(text);
    assert!(parser.tree().nodes.len() <= 2 * text.len() + 2, "{} nodes for {text:?}", parser.tree().nodes.len());
    for (id, node) in parser.tree().nodes.iter().enumerate() {
        let id = u32::try_from(id).unwrap();
        assert!(text.get(node.span.range()).is_some(), "{:?} in {text:?}", node.span);
        assert!(text.get(node.key().range()).is_some(), "{:?} in {text:?}", node.key());
        assert!(node.next > id && node.next as usize <= parser.tree().nodes.len());
        assert!(id == 0 || (node.parent < id && record.node(node.parent).next >= node.next));
        let _ = (record.key(id), record.string(id), record.pointer(id), node.kind == Kind::Missing);
        assert!(record.children(id).zip(0..).all(|(child, place)| record.node(child).index == place));
        let mut end = 0;
        for child in record.children(id).map(|child| record.node(child)) {
            let start = if child.key().is_empty() { child.span.start() } else { child.key().start() };
            assert!(end <= start, "two values at {start} of {text:?}");
            end = child.span.end();
        }
    }
    for at in 0..=text.len() {
        assert_eq!(record.node_at(at), node_touching(record, at), "{at} of {text:?}");
    }
    for error in parser.errors() {
        assert!(text.get(error.span.range()).is_some(), "{error:?} in {text:?}");
        assert!(error.fault != Fault::TooDeep || text.len() > 100);
    }
}
