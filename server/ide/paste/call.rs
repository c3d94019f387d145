//! A call of an SDK: the conversation in its arguments.

use super::json::repaired;
use super::leftovers::Leftovers;
use crate::formats::{ArrayOf, FORMATS, Format, array_of};
use crate::json::{Kind, Parser, lexer, print, python};
use crate::schema::Means;

/// The arguments by name, each with its JSON. `None` for an argument that is not a literal.
type Arguments = Vec<(String, Option<String>)>;

/// The line of the request in a text that is one call, such as `client.generate(model=MODEL, turns=[...])`.
pub(super) fn read(text: &str, left: &mut Leftovers) -> Option<String> {
    let (head, rest) = text.split_once('(')?;
    let is_head = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | ' ' | '=');
    if !head.contains('.') || !head.chars().all(is_head) {
        return None;
    }
    let arguments = if rest.trim_start().starts_with('{') { object(rest) } else { named(rest) }?;
    let means = |format: &'static Format, name: &str| {
        let wanted = [Means::Conversation, Means::System, Means::Tools];
        let field = format.kinds[0].root.field(name)?;
        wanted.contains(&field.means).then_some((field.name, field.means))
    };
    let is_conversation = |format: &&'static Format| {
        let mut turns = arguments.iter().filter(|(name, _)| name == format.name_of(Means::Conversation));
        turns.any(|(_, json)| json.as_deref().is_some_and(|json| turns_of(json) == Some(*format)))
    };
    let format = FORMATS.into_iter().find(is_conversation)?;
    let mut members = Vec::new();
    for (name, json) in &arguments {
        match (means(format, name), json) {
            (Some((field, _)), Some(json)) if !json.starts_with('"') => {
                members.push(format!("\"{field}\":{}", print::compact(json)));
            }
            (_, json) => {
                let why = if json.is_some() { "it has no place in a line" } else { "its value is not a literal" };
                left.add(format!("argument `{name}`"), why);
            }
        }
    }
    Some(format!("{{{}}}", members.join(",")))
}

/// The format that this list is a conversation of.
fn turns_of(json: &str) -> Option<&'static Format> {
    let mut parser = Parser::default();
    parser.parse(json);
    let record = parser.record(json);
    let root = record.root().filter(|root| record.kind(*root) == Kind::Array)?;
    if let ArrayOf::Turns(kind) = array_of(record, root) { Some(kind.format) } else { None }
}

/// The members of the only argument, an object: `{...})`.
fn object(rest: &str) -> Option<Arguments> {
    let inner = rest.trim_end().trim_end_matches(';').trim_end().strip_suffix(')')?;
    let values = repaired(inner.trim().trim_end_matches(',').trim_end())?;
    let [json] = &values[..] else { return None };
    let mut parser = Parser::default();
    parser.parse(json);
    let record = parser.record(json);
    let root = record.root().filter(|root| record.kind(*root) == Kind::Object)?;
    let member = |child| (record.key(child).into_owned(), Some(record.raw(record.span(child)).to_owned()));
    Some(record.children(root).map(member).collect())
}

/// Named arguments of Python up to the parenthesis that ends the text.
fn named(rest: &str) -> Option<Arguments> {
    let bytes = rest.as_bytes();
    let mut arguments = Vec::new();
    let mut at = 0;
    loop {
        at = lexer::skip_space(bytes, at);
        if bytes.get(at) == Some(&b')') {
            let end = rest.get(at + 1..)?.trim();
            return (end.is_empty() || end == ";").then_some(arguments);
        }
        let end = lexer::word_end(rest, at);
        let name = rest.get(at..end).filter(|name| !name.is_empty())?.to_owned();
        at = lexer::skip_space(bytes, end);
        if bytes.get(at) != Some(&b'=') {
            return None;
        }
        let ends = |at: usize| matches!(bytes.get(lexer::skip_space(bytes, at)), Some(b',' | b')'));
        let literal = python::literal(rest, at + 1).filter(|(_, end)| ends(*end));
        at = lexer::skip_space(bytes, literal.as_ref().map_or_else(|| expression_end(bytes, at + 1), |(_, end)| *end));
        arguments.push((name, literal.map(|(json, _)| json)));
        at += usize::from(bytes.get(at) == Some(&b','));
    }
}

/// The comma or parenthesis that ends an expression.
fn expression_end(bytes: &[u8], mut at: usize) -> usize {
    let (mut depth, mut quote) = (0_usize, None);
    while let Some(&byte) = bytes.get(at) {
        match (quote, byte) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b',' | b')') if depth == 0 => return at,
            (None, b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        at += 1;
    }
    at
}
