//! Where in a half-typed record the cursor is: which bytes an item replaces, what may stand there,
//! and what stands around it.
//!
//! The text before the cursor decides. A marker is put in the place of what is being typed and the
//! project's own parser says where it ends up, so that whatever it recovers from, completion does.

use super::typed::{Following, Role, Typed};
use crate::analysis::Analyst;
use crate::analysis::line::Reading;
use crate::json::tree::Node;
use crate::json::{Fault, Kind, NodeId, Parser, Span, SyntaxError, Tree};
use crate::schema::fit::Fit;
use crate::schema::{Field, Means, Object, Shape, Tagged};
use std::borrow::Cow;

/// A string that no one types, with its quotes.
const MARKER: &str = "\"\u{F8FF}\"";

/// What may stand at the cursor.
#[derive(Clone, Copy, Debug)]
pub(super) enum Position {
    /// A key of this object, or a whole member when no colon follows yet.
    Key {
        /// The object.
        object: &'static Object,
        /// Whether a colon follows, so that the key alone is wanted.
        colon: bool,
    },
    /// The value of a member.
    Value {
        /// What it has to be.
        shape: Shape,
        /// The field, unless the key is a free one.
        field: Option<&'static Field>,
    },
    /// An element of a list.
    Element {
        /// What it has to be.
        shape: Shape,
        /// The field that the list is the value of.
        field: Option<&'static Field>,
    },
}

/// The cursor in a text, and the texts with the marker in its place.
pub(super) struct Cursor {
    role: Role,
    /// Whether a colon follows the key that is typed.
    colon: bool,
    slot: Slot,
    /// The text with the marker in the place of what an item replaces.
    whole: String,
    /// The text up to the cursor, and the marker.
    before: String,
    /// Where the marker begins in both.
    at: usize,
    /// Where each container around the cursor begins, as the text before it says.
    path: Vec<u32>,
}

/// How an item goes into the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// The bytes of the original text that it replaces: quotes included, empty where nothing is typed.
    pub(super) replace: Span,
    /// The quote that the replaced text begins with.
    pub(super) quote: Option<char>,
    /// Whether a comma is certainly missing before it.
    pub(super) comma_before: bool,
    /// Whether a comma is certainly missing behind it.
    pub(super) comma_after: bool,
}

impl Cursor {
    /// Looks at what is around byte `offset`; `None` where nothing can be typed.
    pub(super) fn find(text: &str, offset: usize) -> Option<Self> {
        let mut parser = Parser::default();
        let typed = Typed::find(&mut parser, text, offset)?;
        let before = text.get(..typed.start)?;
        let marked = format!("{before} {MARKER}");
        let at = before.len() + 1;
        // A string that is open already is as good as the marker.
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
        // Editors take no item that replaces a line's end.
        if text.get(typed.start..follows.end)?.contains(['\n', '\r']) {
            return None;
        }
        let colon = follows.colon && role == Role::Key;
        let rest = text.get(follows.end..)?;
        let comma = if comma_before { "," } else { " " };
        let value = if role == Role::Key && !colon { ":null" } else { "" };
        let behind = if follows.comma { "," } else { "" };
        let slot = Slot {
            replace: Span::new(typed.start, follows.end),
            quote: typed.quote.or(follows.quote),
            comma_before,
            comma_after: follows.comma,
        };
        let whole = format!("{before}{comma}{MARKER}{value}{behind}{rest}");
        let (_, path) = ancestors(parser.tree(), start)?;
        Some(Self { role, colon, slot, whole, before: marked, at, path })
    }

    /// Reads the record, and asks `answer` about the site; `None` where nothing the schema knows can be typed.
    pub(super) fn read<R>(&self, analyst: &mut Analyst, answer: impl FnOnce(&Site<'_>) -> R) -> Option<R> {
        let reading = analyst.read(&self.whole);
        if let Some((node, path)) = ancestors(reading.record.tree, self.at)
            && path == self.path
        {
            return Some(answer(&self.site(reading, node)?));
        }
        // Behind the cursor the line is broken in a way that changes what is around it: the text before it is right.
        let reading = analyst.read(&self.before);
        let (node, _) = ancestors(reading.record.tree, self.at)?;
        Some(answer(&self.site(reading, node)?))
    }

    fn site<'a>(&self, reading: Reading<'a>, node: NodeId) -> Option<Site<'a>> {
        let parent = reading.record.parent(node)?;
        let position = position(reading.fit, node, parent, self.role, self.colon)?;
        Some(Site { reading, node, parent, position, slot: self.slot })
    }
}

/// The place of the cursor in a record that was read.
pub(super) struct Site<'a> {
    /// The record with the marker in it.
    pub(super) reading: Reading<'a>,
    /// The marker: the member whose key it is, or the value.
    pub(super) node: NodeId,
    /// The object or list it is in.
    pub(super) parent: NodeId,
    /// What may stand there.
    pub(super) position: Position,
    /// How an item goes there.
    pub(super) slot: Slot,
}

impl Site<'_> {
    /// The object that a node is read as.
    pub(super) fn object(&self, node: NodeId) -> Option<&'static Object> {
        match self.reading.fit.shape(node)?.shape {
            Shape::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The member of `node` that means this, in either spelling; never the marker.
    pub(super) fn member(&self, node: NodeId, means: Means) -> Option<NodeId> {
        let object = self.object(node)?;
        let record = self.reading.record;
        record
            .children(node)
            .find(|&child| child != self.node && object.field(&record.key(child)).is_some_and(|it| it.means == means))
    }

    /// The string value of that member.
    pub(super) fn string(&self, node: NodeId, means: Means) -> Option<String> {
        self.reading.record.string(self.member(node, means)?).map(Cow::into_owned)
    }

    /// The objects that the cursor's object may be, when the value of this field of it decides.
    pub(super) fn decided_by(&self, field: Option<&'static Field>) -> Option<&'static Tagged> {
        tagged(self.declared(self.parent)?).filter(|tagged| field.is_some_and(|field| field.name == tagged.tag))
    }

    /// What a value has to be, before anything in it is looked at.
    fn declared(&self, node: NodeId) -> Option<Shape> {
        let parent = self.reading.record.parent(node)?;
        declared(self.reading.fit, node, parent)
    }
}

/// Whether the marker is in a string: it is what is being typed, and nothing to offer.
pub(super) fn has_marker(text: &str) -> bool {
    text.contains(MARKER.trim_matches('"'))
}

/// The key or string that begins at `at`, and where each container around it begins, the innermost
/// first.
fn ancestors(tree: &Tree, at: usize) -> Option<(NodeId, Vec<u32>)> {
    let nodes = &tree.nodes;
    let begins = |node: &Node| {
        (node.key().start() == at && !node.key().is_empty()) || (node.span.start() == at && node.kind == Kind::String)
    };
    let place = nodes.iter().rposition(begins)?;
    let mut path = Vec::new();
    let mut inner = place;
    while inner != 0 {
        inner = nodes.get(inner)?.parent as usize;
        path.push(nodes.get(inner)?.span.start);
    }
    Some((NodeId::try_from(place).ok()?, path))
}

fn position(fit: &Fit, node: NodeId, parent: NodeId, role: Role, colon: bool) -> Option<Position> {
    let around = fit.shape(parent)?;
    Some(match role {
        Role::Key => {
            let Shape::Object(object) = around.shape else { return None };
            Position::Key { object, colon }
        }
        Role::Value => Position::Value { shape: declared(fit, node, parent)?, field: fit.shape(node)?.field },
        Role::Element => Position::Element { shape: declared(fit, node, parent)?, field: around.field },
    })
}

/// What a value has to be; of several shapes all.
fn declared(fit: &Fit, node: NodeId, parent: NodeId) -> Option<Shape> {
    let pair = fit.shape(node)?;
    Some(match (pair.field, fit.shape(parent)?.shape) {
        (Some(field), _) => field.shape,
        (None, Shape::List(inner) | Shape::Map(inner)) => *inner,
        _ => pair.shape,
    })
}

/// The objects that a value of this shape may be, by the value of one of their members.
fn tagged(shape: Shape) -> Option<&'static Tagged> {
    match shape {
        Shape::Tagged(tagged) => Some(tagged),
        Shape::OneOf(shapes) => shapes.iter().find_map(|shape| tagged(*shape)),
        _ => None,
    }
}
