//! Text that holds a record in the notation of something else: a cell of a CSV file, or full-width punctuation.

use crate::json::parse::Parser;
use crate::json::tree::{Edit, Kind, Span};

/// The cell and the text in it, if a line is one CSV cell with an object.
#[must_use]
pub fn csv_cell(text: &str) -> Option<(Span, String)> {
    let body = text.trim_start_matches('\u{FEFF}').trim();
    let inner = body.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.trim_start().starts_with('{') || !inner.contains("\"\"") || inner.replace("\"\"", "").contains('"') {
        return None;
    }
    let start = text.len() - text.trim_start_matches('\u{FEFF}').trim_start().len();
    Some((Span::new(start, start + body.len()), inner.replace("\"\"", "\"")))
}

/// A record with full-width punctuation in the place of JSON's.
#[derive(Debug)]
pub struct FullWidth {
    /// The first such character.
    pub first: Span,
    /// The edits that replace the punctuation, and the quotes around it.
    pub edits: Vec<Edit>,
    /// The record with JSON's punctuation: an object without syntax errors.
    pub text: String,
}

/// JSON's character for a full-width one.
#[must_use]
pub fn half_width(letter: char) -> Option<&'static str> {
    Some(match letter {
        '：' => ":",
        '，' | '、' => ",",
        '｛' => "{",
        '｝' => "}",
        '［' | '【' => "[",
        '］' | '】' => "]",
        _ => return None,
    })
}

/// The record with JSON's punctuation instead of full-width punctuation, if that leaves no syntax error.
#[must_use]
pub fn full_width(text: &str) -> Option<FullWidth> {
    if text.is_ascii() || !text.contains(|letter| half_width(letter).is_some()) {
        return None;
    }
    let (mut edits, mut first, mut open): (Vec<Edit>, Option<Span>, Option<char>) = (Vec::new(), None, None);
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        let span = Span::new(at, at + letter.len_utf8());
        match (open, letter) {
            (Some(_), '\\') => drop(letters.next()),
            (Some('"'), '"') | (Some('“'), '”') | (Some('＂'), '＂') => {
                if letter != '"' {
                    edits.push(Edit::replace(span, "\""));
                }
                open = None;
            }
            (Some(_), _) => {}
            (None, '"' | '“' | '＂') => {
                if letter != '"' {
                    edits.push(Edit::replace(span, "\""));
                }
                open = Some(letter);
            }
            (None, letter) => {
                if let Some(half) = half_width(letter) {
                    first.get_or_insert(span);
                    edits.push(Edit::replace(span, half));
                }
            }
        }
    }
    let first = first.filter(|_| open.is_none())?;
    let mut patched = String::with_capacity(text.len());
    let mut at = 0;
    for edit in &edits {
        patched.push_str(text.get(at..edit.span.start())?);
        patched.push_str(&edit.text);
        at = edit.span.end();
    }
    patched.push_str(text.get(at..)?);
    let mut parser = Parser::default();
    parser.parse(patched.trim_start_matches('\u{FEFF}'));
    let is_object = parser.tree().nodes.first().is_some_and(|root| root.kind == Kind::Object);
    (parser.fault_count() == 0 && is_object).then_some(FullWidth { first, edits, text: patched })
}
