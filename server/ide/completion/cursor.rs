//! The cursor in a half-typed record: what is typed there, which bytes an item replaces, and where it is in the tree.
//!
//! The text before the cursor decides. A marker replaces what is being typed, and the parser says where the marker ends
//! up. So completion works in every record that the parser recovers from.

use super::typed::{Following, Role, Typed};
use crate::analysis::Analyst;
use crate::analysis::line::Reading;
use crate::json::tree::Node;
use crate::json::{Fault, Kind, NodeId, Parser, Span, SyntaxError, Tree};

/// A string that records don't contain, with its quotes.
const MARKER: &str = "\"\u{F8FF}\"";

/// The cursor in a text, and how an item is inserted there.
pub(super) struct Cursor {
    pub(super) role: Role,
    /// Whether a colon follows the typed key.
    pub(super) colon: bool,
    /// The bytes of the original text that an item replaces, including quotes. Empty if nothing is typed.
    pub(super) replace: Span,
    /// The quote that the replaced text starts with.
    pub(super) quote: Option<char>,
    /// Whether a comma is certainly missing before the item.
    pub(super) comma_before: bool,
    /// Whether a comma is certainly missing after the item.
    pub(super) comma_after: bool,
    /// The text with the marker in place of what an item replaces.
    whole: String,
    /// The text before the cursor, and the marker.
    before: String,
    /// Where the marker starts in both.
    at: usize,
    /// Where each container around the cursor starts, according to the text before it.
    path: Vec<u32>,
}

impl Cursor {
    /// Looks at the text around byte `offset`; `None` where nothing can be typed.
    pub(super) fn find(text: &str, offset: usize) -> Option<Self> {
        let mut parser = Parser::default();
        let typed = Typed::find(&mut parser, text, offset)?;
        let before = text.get(..typed.start)?;
        let marked = format!("{before} {MARKER}");
        let at = before.len() + 1;
        // An open string needs no marker.
        let mut start = typed.start;
        if typed.quote.is_none() {
            parser.parse(&marked);
            start = at;
        }
        let role = Role::of_last(&parser, start)?;
        let comma_before = match before.trim_end().bytes().last() {
            Some(b':') if role == Role::Value => false,
            Some(b'{' | b'[' | b',') if role != Role::Value => false,
            _ if role == Role::Value => return None,
            _ => {
                let missing = |error: &SyntaxError| error.fault == Fault::MissingComma && error.span.start() == start;
                if !parser.errors().iter().any(missing) {
                    return None;
                }
                true
            }
        };
        let follows = Following::find(text, offset, &typed, role)?;
        // Editors reject items that replace a line end.
        if text.get(typed.start..follows.end)?.contains(['\n', '\r']) {
            return None;
        }
        let colon = follows.colon && role == Role::Key;
        let rest = text.get(follows.end..)?;
        let comma = if comma_before { "," } else { " " };
        let value = if role == Role::Key && !colon { ":null" } else { "" };
        let after = if follows.comma { "," } else { "" };
        let (_, path) = ancestors(parser.tree(), start)?;
        Some(Self {
            role,
            colon,
            replace: Span::new(typed.start, follows.end),
            quote: typed.quote.or(follows.quote),
            comma_before,
            comma_after: follows.comma,
            whole: format!("{before}{comma}{MARKER}{value}{after}{rest}"),
            before: marked,
            at,
            path,
        })
    }

    /// Reads the record with the marker in it, and calls `answer` with the marker's node.
    pub(super) fn read<R>(
        &self,
        analyst: &mut Analyst,
        answer: impl FnOnce(Reading<'_>, NodeId) -> Option<R>,
    ) -> Option<R> {
        let reading = analyst.read(&self.whole);
        if let Some((node, path)) = ancestors(reading.record.tree, self.at)
            && path == self.path
        {
            return answer(reading, node);
        }
        // The rest of the line is broken so that the containers around the cursor change. Trust the text before it.
        let reading = analyst.read(&self.before);
        let (node, _) = ancestors(reading.record.tree, self.at)?;
        answer(reading, node)
    }
}

/// Whether a string contains the marker: it is being typed, so it isn't worth offering.
pub(super) fn has_marker(text: &str) -> bool {
    text.contains(MARKER.trim_matches('"'))
}

/// The key or string that starts at `at`, and where each container around it starts, innermost first.
fn ancestors(tree: &Tree, at: usize) -> Option<(NodeId, Vec<u32>)> {
    let nodes = &tree.nodes;
    let starts = |node: &Node| {
        (node.key().start() == at && !node.key().is_empty()) || (node.span.start() == at && node.kind == Kind::String)
    };
    let place = nodes.iter().rposition(starts)?;
    let mut path = Vec::new();
    let mut inner = place;
    while inner != 0 {
        inner = nodes.get(inner)?.parent as usize;
        path.push(nodes.get(inner)?.span.start);
    }
    Some((NodeId::try_from(place).ok()?, path))
}
