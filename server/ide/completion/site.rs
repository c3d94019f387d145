//! Where in a half-typed record the cursor is: which bytes an item replaces, what may stand there,
//! and what stands around it.
//!
//! The text before the cursor decides. A marker is put in the place of what is being typed and the
//! project's own parser says where it ends up, so that whatever it recovers from, completion does.

use crate::json::tree::Node;
use crate::json::{Fault, Kind, NodeId, Parser, Record, Span, SyntaxError, Tree, lexer};
use crate::schema::detect::{self, Mark};
use crate::schema::fit::{Fit, Pair};
use crate::schema::{Field, Format, Object, Shape};

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

/// The place of the cursor in a record.
pub(super) struct Site {
    text: String,
    parser: Parser,
    /// The walk of the record along its format.
    pub(super) fit: Fit,
    /// What the top level says of the format.
    pub(super) mark: Mark,
    /// The marker: the member whose key it is, or the value.
    pub(super) node: NodeId,
    /// The object or list it is in.
    pub(super) parent: NodeId,
    /// What may stand there.
    pub(super) position: Position,
    /// The bytes of the original text that an item replaces: quotes included, empty where nothing is typed.
    pub(super) replace: Span,
    /// The quote that the replaced text begins with.
    pub(super) quote: Option<char>,
    /// Whether a comma is certainly missing before it.
    pub(super) comma_before: bool,
    /// Whether a comma is certainly missing behind it.
    pub(super) comma_after: bool,
}

impl Site {
    /// Finds the place of byte `offset`; `None` where nothing the schema knows can be typed.
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
        let whole = format!("{before}{comma}{MARKER}{value}{behind}{rest}");
        let (_, path) = ancestors(parser.tree(), start)?;
        let mut whole_parser = Parser::default();
        whole_parser.parse(&whole);
        // Behind the cursor the line may be broken in a way that changes what is around it; then
        // the text before it is right.
        let (text, parser, node) = match ancestors(whole_parser.tree(), at) {
            Some((node, whole_path)) if whole_path == path => (whole, whole_parser, node),
            _ => {
                parser.parse(&marked);
                let (node, _) = ancestors(parser.tree(), at)?;
                (marked, parser, node)
            }
        };
        let record = parser.record(&text);
        let parent = record.parent(node)?;
        let mark = detect::mark(record);
        let format = if let Mark::Gemini(format) = mark { format } else { Format::Supervised };
        let mut fit = Fit::default();
        fit.walk(record, format.root());
        let position = position(&fit, node, parent, role, colon)?;
        Some(Self {
            text,
            parser,
            fit,
            mark,
            node,
            parent,
            position,
            replace: Span::new(typed.start, follows.end),
            quote: typed.quote.or(follows.quote),
            comma_before,
            comma_after: follows.comma,
        })
    }

    /// The record with the marker in it.
    pub(super) fn record(&self) -> Record<'_> {
        self.parser.record(&self.text)
    }

    /// The object that a node is read as.
    pub(super) fn object(&self, node: NodeId) -> Option<&'static Object> {
        match self.fit.shape(node)?.shape {
            Shape::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The member of `node` that is this field, in either spelling; never the marker.
    pub(super) fn member(&self, node: NodeId, name: &str) -> Option<NodeId> {
        let object = self.object(node)?;
        let record = self.record();
        record
            .children(node)
            .find(|&child| child != self.node && object.field(&record.key(child)).is_some_and(|it| it.name == name))
    }

    /// The string value of that member.
    pub(super) fn string(&self, node: NodeId, name: &str) -> Option<String> {
        self.record().string(self.member(node, name)?).map(std::borrow::Cow::into_owned)
    }

    /// Whether the marker is in a string: it is what is being typed, and nothing to offer.
    pub(super) fn has_marker(text: &str) -> bool {
        text.contains(MARKER.trim_matches('"'))
    }
}

/// What the marker turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Key,
    Value,
    Element,
}

impl Role {
    /// What the parser made of the marker at `at`, the last thing in its text.
    fn of_last(parser: &Parser, at: usize) -> Option<Self> {
        let nodes = &parser.tree().nodes;
        let last = nodes.last()?;
        if last.key().start() == at && !last.key().is_empty() {
            return Some(Role::Key);
        }
        if last.span.start() != at || last.kind != Kind::String || nodes.len() < 2 {
            return None;
        }
        let parent = nodes.get(last.parent as usize)?;
        Some(if parent.kind == Kind::Array { Role::Element } else { Role::Value })
    }
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
        Role::Value => {
            let &Pair { shape, field, .. } = fit.shape(node)?;
            Position::Value { shape, field }
        }
        Role::Element => Position::Element { shape: fit.shape(node)?.shape, field: around.field },
    })
}

/// What is being typed before the cursor.
struct Typed {
    start: usize,
    quote: Option<char>,
}

impl Typed {
    /// The string that is open at the cursor, else the bare word before it, else nothing.
    fn find(parser: &mut Parser, text: &str, offset: usize) -> Option<Self> {
        let before = text.get(..offset)?;
        parser.parse(before);
        let open = parser.tree().nodes.last().and_then(|last| {
            let span = if last.kind == Kind::Missing && !last.key().is_empty() { last.key() } else { last.span };
            let string = last.kind == Kind::String || last.kind == Kind::Missing;
            let raw = before.get(span.range())?;
            let quote = raw.chars().next().filter(|letter| is_quote(*letter))?;
            (string && span.end() == offset && !is_closed(raw, quote))
                .then_some(Self { start: span.start(), quote: Some(quote) })
        });
        if open.is_some() {
            return open;
        }
        let word = before.trim_end_matches(|letter: char| {
            !is_quote(letter)
                && (letter.is_ascii_alphanumeric()
                    || "_$-+./".contains(letter)
                    || (!letter.is_ascii() && !letter.is_whitespace()))
        });
        // Directly behind a string nothing is begun yet.
        (!word.ends_with(is_quote)).then_some(Self { start: word.len(), quote: None })
    }
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '\'') || lexer::is_typographic_quote(letter)
}

/// Whether `letter` ends a string that `open` began.
fn closes(open: char, letter: char) -> bool {
    match open {
        '"' | '\'' => letter == open,
        _ => letter == '"' || lexer::is_typographic_quote(letter),
    }
}

fn is_closed(raw: &str, open: char) -> bool {
    let Some(inner) = raw.get(open.len_utf8()..) else { return false };
    let Some(last) = inner.chars().next_back().filter(|last| closes(open, *last)) else { return false };
    let body = inner.len() - last.len_utf8();
    let slashes = inner.get(..body).map_or(0, |body| body.len() - body.trim_end_matches('\\').len());
    slashes.is_multiple_of(2)
}

/// What stands behind the cursor.
struct Following {
    /// Where the replaced text ends.
    end: usize,
    colon: bool,
    comma: bool,
    /// The quote of the value that is replaced, when the cursor stands before it.
    quote: Option<char>,
}

impl Following {
    /// `None` when a value begins here already that no item can replace.
    fn find(text: &str, offset: usize, typed: &Typed, role: Role) -> Option<Self> {
        let bytes = text.as_bytes();
        let end = match typed.quote {
            Some(quote) => string_end(text, offset, quote, role == Role::Key),
            None if offset > typed.start || role != Role::Key => lexer::word_end(text, offset),
            None => offset,
        };
        let next = lexer::skip_space(bytes, end);
        let byte = bytes.get(next).copied();
        let member = begins_member(text, next);
        let mut following = Self { end, colon: byte == Some(b':'), comma: false, quote: None };
        match role {
            Role::Key => following.comma = member && !following.colon,
            Role::Element => {
                let begins = byte.is_some_and(|byte| matches!(byte, b'{' | b'[' | b'"') || lexer::is_word(byte));
                following.comma = begins && !member;
            }
            Role::Value if member => following.comma = true,
            Role::Value if typed.start == end => match byte {
                Some(b'{' | b'[') => return None,
                Some(b'"') => {
                    let inner = next + 1;
                    following.end = string_end(text, inner, '"', false);
                    following.quote = Some('"');
                    // White space before it is replaced too, so that the edit begins at the cursor.
                    if next > end {
                        following.quote = None;
                    }
                }
                Some(byte) if lexer::is_word(byte) => return None,
                _ => {}
            },
            Role::Value => {}
        }
        Some(following)
    }
}

/// Where the string ends whose inside goes on at `from`: behind its closing quote when the next
/// quote is that, else behind the word that is being typed.
fn string_end(text: &str, from: usize, quote: char, key: bool) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let structural = |letter: char| matches!(letter, ',' | '{' | '}' | '[' | ']') || (key && letter == ':');
    let before = text.get(..from).unwrap_or_default();
    let mut escaped = (before.len() - before.trim_end_matches('\\').len()) % 2 == 1;
    let mut plain = true;
    for (at, letter) in rest.char_indices() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        if matches!(letter, '\n' | '\r') {
            break;
        }
        if closes(quote, letter) {
            let behind = from + at + letter.len_utf8();
            let next = lexer::skip_space(text.as_bytes(), behind);
            let closing = match text.as_bytes().get(next) {
                None | Some(b',' | b'}' | b']') => true,
                Some(b':') => key,
                Some(b'"' | b'{' | b'[') => plain,
                Some(_) => plain && next > behind,
            };
            if closing {
                return behind;
            }
            break;
        }
        escaped = letter == '\\';
        plain = plain && !structural(letter);
        if key && !plain {
            break;
        }
    }
    let word = rest.find(|letter: char| is_quote(letter) || letter.is_whitespace() || structural(letter));
    from + word.unwrap_or(rest.len())
}

/// Whether a key and its colon stand at `at`.
fn begins_member(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) else { return false };
    let end = if is_quote(first) {
        let rest = text.get(at + first.len_utf8()..).unwrap_or_default();
        let close = rest.char_indices().find(|(_, letter)| closes(first, *letter) || matches!(letter, ',' | '{' | '}'));
        match close {
            Some((found, letter)) if closes(first, letter) => at + first.len_utf8() + found + letter.len_utf8(),
            _ => return false,
        }
    } else {
        lexer::word_end(text, at)
    };
    end > at && bytes.get(lexer::skip_space(bytes, end)) == Some(&b':')
}
