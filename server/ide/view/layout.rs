//! Lays a record out for reading: indented, with the line breaks in its texts as line breaks.

use super::tokens::{Token, TokenKind, pieces};

/// A list or an object of at most so many characters, without line breaks in its texts, stays on one line.
const INLINE: usize = 80;

const INDENT: &str = "  ";

/// The most levels of indentation, because a line of thousands of brackets would become too large.
const MAX_INDENT: usize = 40;

/// The text of a record with these tokens. With `breaks`, line breaks in its texts are real line breaks.
pub fn layout(record: &str, tokens: &[Token], breaks: bool) -> String {
    let ends = inline_ends(record, tokens, breaks);
    let mut out = String::with_capacity(record.len() * 2);
    let mut depth = 0;
    // The token that closes the list or object that stays on one line.
    let mut inline_until = None;
    for (place, token) in tokens.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| tokens[before]);
        let is_inline = inline_until.is_some();
        if token.kind == TokenKind::Close && !is_inline {
            depth = usize::max(depth, 1) - 1;
        }
        match (before.map(|before| before.kind), token.kind) {
            (None, _) => {}
            (Some(before), TokenKind::Colon | TokenKind::Comma) if before != TokenKind::Comment => {}
            (Some(TokenKind::Colon), _) => out.push(' '),
            (Some(TokenKind::Comma), _) if is_inline => out.push(' '),
            (Some(TokenKind::Open), TokenKind::Close) => {}
            // A comment ends with its line.
            (Some(TokenKind::Comment), _) | (_, TokenKind::Comment) => new_line(&mut out, depth),
            (Some(TokenKind::Open | TokenKind::Comma), _) | (_, TokenKind::Close) if !is_inline => {
                new_line(&mut out, depth);
            }
            // Without a comma between them.
            _ => {
                let has_space = before.is_some_and(|before| before.end < token.start);
                out.push_str(if has_space && !is_bracket(before) && token.kind != TokenKind::Close { " " } else { "" });
            }
        }
        match token.kind {
            TokenKind::String if breaks => pieces(&record[token.range()], |piece| {
                out.push_str(if piece == "\\n" { "\n" } else { piece });
            }),
            _ => out.push_str(&record[token.range()]),
        }
        if token.kind == TokenKind::Open && !is_inline {
            match ends[place] {
                Some(end) if place > 0 => inline_until = Some(end),
                _ => depth += 1,
            }
        }
        if inline_until == Some(place) {
            inline_until = None;
        }
    }
    out.push('\n');
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    (0..usize::min(depth, MAX_INDENT)).for_each(|_| out.push_str(INDENT));
}

fn is_bracket(token: Option<Token>) -> bool {
    token.is_some_and(|token| token.kind == TokenKind::Open)
}

/// For each bracket that opens a short list or object, the place of the one that closes it.
fn inline_ends(record: &str, tokens: &[Token], has_breaks: bool) -> Vec<Option<usize>> {
    let mut ends = vec![None; tokens.len()];
    // Where each token would begin if everything were on one line, and the open brackets with the number of line
    // breaks before each.
    let (mut width, mut breaks, mut open) = (0, 0, Vec::new());
    for (place, token) in tokens.iter().enumerate() {
        let raw = &record[token.range()];
        width += raw.chars().count() + usize::from(matches!(token.kind, TokenKind::Colon | TokenKind::Comma));
        match token.kind {
            TokenKind::Open => open.push((place, width, breaks)),
            TokenKind::Close => {
                let Some((opened, from, breaks_before)) = open.pop() else { continue };
                ends[opened] = (width - from <= INLINE && breaks == breaks_before).then_some(place);
            }
            TokenKind::Comment => breaks += 1,
            TokenKind::String if has_breaks => {
                pieces(raw, |piece| breaks += usize::from(matches!(piece, "\\n" | "\n" | "\r" | "\r\n")))
            }
            _ => {}
        }
    }
    ends
}
