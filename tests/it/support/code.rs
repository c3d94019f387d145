//! Parses Rust source as far as tidy.rs needs it: comments, strings, tests and paths.

use std::ops::Range;

/// The code of a file. All of it stays on its original line.
pub struct Code {
    /// The text without comments.
    pub with_strings: String,
    /// The text without comments and string literals.
    pub bare: String,
}

impl Code {
    pub fn new(text: &str) -> Self {
        let (mut with_strings, mut bare) = (text.to_owned(), text.to_owned());
        let mut at = 0;
        while at < text.len() {
            let (len, is_comment) = skipped(&text[at..], text[..at].chars().next_back());
            if let Some(is_comment) = is_comment {
                blank(&mut bare, at..at + len);
                if is_comment {
                    blank(&mut with_strings, at..at + len);
                }
            }
            at += len;
        }
        Self { with_strings, bare }
    }

    /// The code without `#[cfg(test)]` items.
    pub fn without_tests(mut self) -> Self {
        const MARK: &str = "#[cfg(test)]";
        while let Some(at) = self.bare.find(MARK) {
            let item = at..at + MARK.len() + item_len(&self.bare[at + MARK.len()..]);
            blank(&mut self.bare, item.clone());
            blank(&mut self.with_strings, item);
        }
        self
    }

    /// All paths in the code, in order.
    pub fn paths(&self) -> Vec<Path> {
        let tokens = tokens(&self.bare);
        let (mut paths, mut at) = (Vec::new(), 0);
        while at < tokens.len() {
            if tokens[at].text == "use" {
                let public = is_public(&tokens[..at]);
                at = use_tree(&tokens, at + 1, &[], public, &mut paths);
            } else if is_word(tokens[at].text) && (at == 0 || !NO_PATH_AFTER.contains(&tokens[at - 1].text)) {
                let line = tokens[at].line;
                let mut segments = vec![tokens[at].text.to_owned()];
                while at + 2 < tokens.len() && tokens[at + 1].text == "::" && is_word(tokens[at + 2].text) {
                    segments.push(tokens[at + 2].text.to_owned());
                    at += 2;
                }
                paths.push(Path { segments, line, import: None });
            }
            at += 1;
        }
        paths
    }
}

/// A path such as `crate::json::Kind`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub segments: Vec<String>,
    /// 1-based.
    pub line: usize,
    pub import: Option<Import>,
}

/// A name that a `use` adds to its module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// `*` for a glob import.
    pub name: String,
    /// Whether it is re-exported.
    pub public: bool,
}

/// A word after one of these does not start a path.
const NO_PATH_AFTER: [&str; 5] = [".", "::", "$", "mod", "fn"];

/// The length of the first token of a text. If it is not code, also whether it is a comment.
fn skipped(text: &str, before: Option<char>) -> (usize, Option<bool>) {
    let first = text.chars().next().map_or(1, char::len_utf8);
    let quoted = |start: usize, close: &str, escapes: bool| {
        let mut at = start;
        while at < text.len() && !text[at..].starts_with(close) {
            let escaped = escapes && text[at..].starts_with('\\');
            at += text[at..].chars().take(1 + usize::from(escaped)).map(char::len_utf8).sum::<usize>();
        }
        (at + close.len()).min(text.len())
    };
    let in_word = before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    let hashes =
        text.trim_start_matches('b').strip_prefix('r').map(|rest| rest.len() - rest.trim_start_matches('#').len());
    let raw = hashes.filter(|_| !in_word).and_then(|hashes| {
        let start = text.find('r')? + 1 + hashes;
        text[start..].starts_with('"').then(|| quoted(start + 1, &format!("\"{}", "#".repeat(hashes)), false))
    });
    let letters: Vec<char> = text.chars().take(3).collect();
    match letters[..] {
        ['/', '/', ..] => (text.find('\n').unwrap_or(text.len()), Some(true)),
        ['/', '*', ..] => {
            let (mut depth, mut at) = (1, 2);
            while depth > 0 && at < text.len() {
                match &text.as_bytes()[at..] {
                    [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
                    [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
                    _ => at += 1,
                }
            }
            (at, Some(true))
        }
        ['"', ..] => (quoted(1, "\"", true), Some(false)),
        ['\'', '\\', ..] | ['\'', _, '\''] => (quoted(1, "'", true), Some(false)),
        ['r' | 'b', ..] if raw.is_some() => (raw.unwrap_or(first), Some(false)),
        _ => (first, None),
    }
}

/// Replaces the range with spaces but keeps line ends.
fn blank(text: &mut String, range: Range<usize>) {
    let spaces: String = text[range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(range, &spaces);
}

/// The length of the item at the start of a text: up to the end of its block, or up to its `;` or `,`.
fn item_len(text: &str) -> usize {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' | '(' | '[' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' if depth == 0 => return at,
            '}' | ')' | ']' => depth -= 1,
            ';' | ',' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    text.len()
}

struct Token<'a> {
    text: &'a str,
    line: usize,
}

fn is_word(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

fn tokens(code: &str) -> Vec<Token<'_>> {
    let (mut tokens, mut at, mut line) = (Vec::new(), 0, 1);
    while let Some(letter) = code[at..].chars().next() {
        let rest = &code[at..];
        let in_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let len = match letter {
            _ if in_word(letter) => rest.find(|letter| !in_word(letter)).unwrap_or(rest.len()),
            ':' if rest.starts_with("::") => 2,
            _ => letter.len_utf8(),
        };
        line += usize::from(letter == '\n');
        if !letter.is_whitespace() {
            tokens.push(Token { text: &rest[..len], line });
        }
        at += len;
    }
    tokens
}

/// Whether the item after these tokens is public.
fn is_public(before: &[Token<'_>]) -> bool {
    let texts: Vec<_> = before.iter().rev().take_while(|token| token.text != ";" && token.text != "}").collect();
    texts.first().is_some_and(|token| token.text == "pub")
        || texts.first().is_some_and(|token| token.text == ")")
            && texts.iter().skip_while(|token| token.text != "(").nth(1).is_some_and(|token| token.text == "pub")
}

/// Reads a `use` tree that starts at a token; returns the index of the token after it.
fn use_tree(tokens: &[Token<'_>], mut at: usize, prefix: &[String], public: bool, paths: &mut Vec<Path>) -> usize {
    let mut segments = prefix.to_vec();
    let line = tokens.get(at).map_or(0, |token| token.line);
    let mut name = None;
    while let Some(token) = tokens.get(at) {
        match token.text {
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.text != "}") {
                    at = use_tree(tokens, at, &segments, public, paths);
                    at += usize::from(tokens.get(at).is_some_and(|token| token.text == ","));
                }
                return at + 1;
            }
            "as" => {
                name = tokens.get(at + 1).map(|token| token.text.to_owned());
                at += 1;
            }
            "*" => name = Some("*".to_owned()),
            "self" if !segments.is_empty() => {}
            "::" => {}
            text if is_word(text) => segments.push(text.to_owned()),
            _ => break,
        }
        at += 1;
    }
    let name = name.or_else(|| segments.last().cloned()).unwrap_or_default();
    paths.push(Path { segments, line, import: Some(Import { name, public }) });
    at
}
