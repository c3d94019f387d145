//! The text directly before and after the cursor, which may be broken.

use crate::json::{Kind, Parser, lexer};

/// What a string at the cursor would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Key,
    Value,
    Element,
}

impl Role {
    /// The role of the string at `at`, the last node of the parsed text.
    pub(super) fn of_last(parser: &Parser, at: usize) -> Option<Self> {
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

/// The text that is being typed before the cursor.
pub(super) struct Typed {
    /// Where it starts: the cursor if nothing is typed.
    pub(super) start: usize,
    /// The quote it starts with.
    pub(super) quote: Option<char>,
}

impl Typed {
    /// The string that is open at the cursor, or the bare word before it, or nothing.
    pub(super) fn find(parser: &mut Parser, text: &str, offset: usize) -> Option<Self> {
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
        // Directly after a string, nothing new has started.
        (!word.ends_with(is_quote)).then_some(Self { start: word.len(), quote: None })
    }
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '\'') || lexer::is_typographic_quote(letter)
}

/// Whether `letter` ends a string that starts with `open`.
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

/// The text after the cursor.
pub(super) struct Following {
    /// Where the replaced text ends.
    pub(super) end: usize,
    /// Whether a colon follows.
    pub(super) colon: bool,
    /// Whether something follows that needs a comma before it.
    pub(super) comma: bool,
    /// The quote of the replaced value, if the cursor is directly before it.
    pub(super) quote: Option<char>,
}

impl Following {
    /// `None` where a value starts that no item can replace.
    pub(super) fn find(text: &str, offset: usize, typed: &Typed, role: Role) -> Option<Self> {
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
                    following.end = string_end(text, next + 1, '"', false);
                    // White space before it is replaced too, so that the edit starts at the cursor.
                    following.quote = (next == end).then_some('"');
                }
                Some(byte) if lexer::is_word(byte) => return None,
                _ => {}
            },
            Role::Value => {}
        }
        Some(following)
    }
}

/// The end of a string whose content continues at `from`: after the next quote if that closes the string, or else after
/// the word that is being typed.
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
            let end = from + at + letter.len_utf8();
            let next = lexer::skip_space(text.as_bytes(), end);
            let closing = match text.as_bytes().get(next) {
                None | Some(b',' | b'}' | b']') => true,
                Some(b':') => key,
                Some(b'"' | b'{' | b'[') => plain,
                Some(_) => plain && next > end,
            };
            if closing {
                return end;
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

/// Whether a key with its colon starts at `at`.
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
