//! From the view of an example back to its line.

use super::layout::layout;
use super::tokens::{Token, TokenKind, pieces, tokens};
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
use std::ops::Range;
use std::time::{Duration, Instant};

/// How long to look for the smallest difference. After that, white space between changed values may be lost.
const PATIENCE: Duration = Duration::from_millis(50);

/// An example as it was opened.
#[derive(Clone, Debug)]
pub struct Example {
    /// The record in its file.
    record: String,
    /// The view of it.
    text: String,
    tokens: Vec<Token>,
    shown: Vec<Token>,
    /// Whether a text in single quotes is one token.
    single: bool,
    /// The white space after the first colon and the first comma.
    colon: String,
    comma: String,
}

/// The line that a view stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its text, without line breaks.
    pub text: String,
    /// The pieces that are the same in the view and in the line, in order.
    runs: Vec<Run>,
}

/// A piece that is the same in both texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    view: usize,
    line: usize,
    len: usize,
}

impl Example {
    /// The view of a record, below a first line that only says where it is from.
    #[must_use]
    pub fn new(record: &str, header: &str) -> Self {
        let header =
            if header.is_empty() { String::new() } else { format!("// {}\n", header.replace(['\r', '\n'], " ")) };
        let view =
            |single| Self::of(record.to_owned(), header.clone() + &layout(record, &tokens(record, 0, single)), single);
        // Where quotes are mixed, the line breaks of the view may change what is in quotes.
        Some(view(true)).filter(Self::is_sound).unwrap_or_else(|| view(false))
    }

    /// The record as it is in its file now, after a view of it was written.
    #[must_use]
    pub fn written(record: &str, text: &str) -> Self {
        let view = |single| Self::of(record.to_owned(), text.to_owned(), single);
        Some(view(true)).filter(Self::is_sound).unwrap_or_else(|| view(false))
    }

    /// Whether the record and the view have the same tokens.
    fn is_sound(&self) -> bool {
        self.tokens.len() == self.shown.len()
    }

    fn of(record: String, text: String, single: bool) -> Self {
        let (tokens, shown) = (tokens(&record, 0, single), tokens_of_view(&text, single));
        let after = |kind| {
            let pair = tokens.windows(2).find(|pair| pair[0].kind == kind);
            let space = pair.map(|pair| &record[pair[0].end..pair[1].start]);
            space.filter(|space| !space.contains(['\r', '\n'])).unwrap_or(" ").to_owned()
        };
        let (colon, comma) = (after(TokenKind::Colon), after(TokenKind::Comma));
        Self { record, text, tokens, shown, single, colon, comma }
    }

    /// The record as it was when the view was opened or written.
    #[must_use]
    pub fn record(&self) -> &str {
        &self.record
    }

    /// The view of it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line that an edited view stands for. Where nothing was edited, it has the bytes of the record, but for line
    /// breaks. O(n) for few edits.
    #[must_use]
    pub fn line(&self, view: &str) -> Line {
        let new = tokens_of_view(view, self.single);
        let mut writer = Writer { view, line: Line::default() };
        let spaces = spaces(&texts(&self.text, &self.shown), &texts(view, &new));
        writer.space(self.space(0));
        for (place, (token, space)) in new.iter().zip(spaces).enumerate() {
            if let Some(before) = place.checked_sub(1) {
                let kept = space.and_then(|old| self.space(old));
                writer.space(Some(kept.unwrap_or_else(|| self.usual_space(new[before], *token))));
            }
            writer.token(*token);
        }
        let end = self.tokens.last().map_or(0, |token| token.end);
        writer.space(self.record.get(end..).filter(|space| !space.contains(['\r', '\n'])));
        writer.line
    }

    /// The white space before a token of the record; `None` if it has line breaks.
    fn space(&self, place: usize) -> Option<&str> {
        let start = place.checked_sub(1).and_then(|before| self.tokens.get(before)).map_or(0, |before| before.end);
        let space = self.record.get(start..self.tokens.get(place)?.start)?;
        (!space.contains(['\r', '\n'])).then_some(space)
    }

    /// The white space before a token that is new, in the style of the record.
    fn usual_space(&self, before: Token, token: Token) -> &str {
        let is_value = |kind| matches!(kind, TokenKind::String | TokenKind::Word);
        match (before.kind, token.kind) {
            (_, TokenKind::Colon | TokenKind::Comma | TokenKind::Close) => "",
            (TokenKind::Colon, _) => &self.colon,
            (TokenKind::Comma, _) => &self.comma,
            (one, next) if is_value(one) && is_value(next) && before.end < token.start => " ",
            _ => "",
        }
    }
}

/// For each new token, the old one whose white space it takes over: the same token, or the first of those that it
/// replaces.
fn spaces(old: &[&str], new: &[&str]) -> Vec<Option<usize>> {
    let same = |(one, other): &(&&str, &&str)| one == other;
    let before = old.iter().zip(new).take_while(same).count();
    let most = old.len().min(new.len()) - before;
    let after = old.iter().rev().zip(new.iter().rev()).take(most).take_while(same).count();
    let mut spaces: Vec<_> = (0..before).map(Some).collect();
    let deadline = Some(Instant::now() + PATIENCE);
    let changed = (&old[before..old.len() - after], &new[before..new.len() - after]);
    for op in capture_diff_slices_deadline(Algorithm::Myers, changed.0, changed.1, deadline) {
        let (from, len) = (before + op.old_range().start, op.new_range().len());
        spaces.extend((0..len).map(|place| match op {
            DiffOp::Equal { .. } => Some(from + place),
            DiffOp::Replace { .. } if place == 0 => Some(from),
            _ => None,
        }));
    }
    spaces.extend((old.len() - after..old.len()).map(Some));
    spaces
}

struct Writer<'a> {
    view: &'a str,
    line: Line,
}

impl Writer<'_> {
    fn space(&mut self, space: Option<&str>) {
        self.line.text.push_str(space.unwrap_or_default());
    }

    fn token(&mut self, token: Token) {
        if token.kind != TokenKind::String {
            return self.same(token.range());
        }
        let mut at = token.start;
        let mut all = Vec::new();
        pieces(&self.view[token.range()], |piece| {
            all.push((at, piece));
            at += piece.len();
        });
        for (at, piece) in all {
            match piece {
                "\n" | "\r" | "\r\n" => self.line.text.push_str("\\n"),
                // An escaped line break is a mistake. It must not become another escape.
                "\\\n" | "\\\r" => self.line.text.push_str("\\ "),
                piece => self.same(at..at + piece.len()),
            }
        }
    }

    /// Writes a piece of the view as it is.
    fn same(&mut self, range: Range<usize>) {
        let line = &mut self.line;
        match line.runs.last_mut() {
            Some(last) if last.view + last.len == range.start && last.line + last.len == line.text.len() => {
                last.len += range.len();
            }
            _ => line.runs.push(Run { view: range.start, line: line.text.len(), len: range.len() }),
        }
        line.text.push_str(&self.view[range]);
    }
}

impl Line {
    /// The byte of the line for a byte of the view.
    #[must_use]
    pub fn of_view(&self, byte: usize) -> usize {
        convert(&self.runs, byte, |run| (run.view, run.line), self.text.len())
    }

    /// The byte of the view for a byte of the line: where the token that begins there begins.
    #[must_use]
    pub fn to_view(&self, byte: usize) -> usize {
        convert(&self.runs, byte, |run| (run.line, run.view), usize::MAX)
    }

    /// The byte of the view for the end of a range in the line: where the token that ends there ends.
    #[must_use]
    pub fn end_to_view(&self, byte: usize) -> usize {
        let after = self.runs.partition_point(|run| run.line < byte);
        let last = after.checked_sub(1).and_then(|place| self.runs.get(place));
        match last {
            Some(run) if byte <= run.line + run.len => run.view + byte - run.line,
            _ => self.to_view(byte),
        }
    }
}

/// The byte in the other text. Between two pieces it is as far after the first as fits before the second.
fn convert(runs: &[Run], byte: usize, ends: impl Fn(&Run) -> (usize, usize), len: usize) -> usize {
    let after = runs.partition_point(|run| ends(run).0 <= byte);
    let next = runs.get(after).map(|run| ends(run).1);
    let Some(run) = after.checked_sub(1).and_then(|place| runs.get(place)) else { return next.unwrap_or(0) };
    let (from, to) = ends(run);
    let most = next.unwrap_or(if len == usize::MAX { to + run.len } else { len });
    (to + (byte - from)).min(most)
}

/// The tokens of a view, without its first line and its last line break.
fn tokens_of_view(view: &str, single: bool) -> Vec<Token> {
    tokens(view.strip_suffix('\n').unwrap_or(view), header_len(view), single)
}

fn texts<'a>(text: &'a str, tokens: &[Token]) -> Vec<&'a str> {
    tokens.iter().map(|token| &text[token.range()]).collect()
}

/// The length of the first line if it only says where the example is from.
fn header_len(text: &str) -> usize {
    if text.starts_with("//") { memchr::memchr(b'\n', text.as_bytes()).map_or(text.len(), |end| end + 1) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"{"contents": [{"role":"user", "parts": [{"text": "Say\nwhich \"label\" fits: goal, foul, card, corner, throw-in or offside.\\n"}, {"text":"x"}]}, {"role": "model", "parts": [{"text": "goal"}]}],"n":1.50 }"#;

    const VIEW: &str = "\
// train.jsonl, line 3
{
  \"contents\": [
    {
      \"role\": \"user\",
      \"parts\": [
        {
          \"text\": \"Say
which \\\"label\\\" fits: goal, foul, card, corner, throw-in or offside.\\\\n\"
        },
        {\"text\": \"x\"}
      ]
    },
    {\"role\": \"model\", \"parts\": [{\"text\": \"goal\"}]}
  ],
  \"n\": 1.50
}
";

    fn view() -> Example {
        Example::new(RECORD, "train.jsonl, line 3")
    }

    #[test]
    fn a_view_is_indented_and_breaks_its_texts_into_lines() {
        assert_eq!(view().text(), VIEW);
        assert_eq!(view().line(VIEW).text, RECORD);
    }

    #[test]
    fn an_edited_view_changes_only_what_was_edited() {
        let edited = VIEW.replace("Say\n", "Say\n\n\"").replace("goal\"", "foul\"");
        let line = view().line(&edited.replace("\n\"which", "\nwhich"));
        assert_eq!(line.text, RECORD.replace("Say\\n", "Say\\n\\n").replace("\"goal\"", "\"foul\""));
        let more = VIEW.replace("  ],\n", "  ],\n  \"labels\": {\"a\": \"b\"},\n");
        let expected = RECORD.replace("],\"n\"", "], \"labels\": {\"a\": \"b\"},\"n\"");
        assert_eq!(view().line(&more).text, expected);
        let less = VIEW.replace("  \"n\": 1.50\n", "").replace("  ],\n}", "  ]\n}");
        assert_eq!(view().line(&less).text, RECORD.replace(",\"n\":1.50 }", " }"));
        // White space is not an edit.
        let spaced = VIEW.replace("  ", "\t\t").replace("{\"text\": \"x\"}", "{\n\"text\" :\n\"x\" }");
        assert_eq!(view().line(&spaced).text, RECORD);
    }

    #[test]
    fn bytes_of_the_view_and_of_the_line_are_converted_both_ways() {
        let line = view().line(VIEW);
        for word in ["contents", "which", "\"x\"", "1.50", "goal\"}"] {
            let (in_view, in_line) = (VIEW.find(word).unwrap(), RECORD.find(word).unwrap());
            for byte in 0..word.len() {
                assert_eq!(line.of_view(in_view + byte), in_line + byte, "{word}");
                assert_eq!(line.to_view(in_line + byte), in_view + byte, "{word}");
            }
        }
        assert_eq!((line.of_view(0), line.of_view(usize::MAX / 2)), (0, RECORD.len()));
        assert_eq!(line.to_view(usize::MAX / 2), VIEW.len() - 1);
        assert_eq!(view().line("").of_view(5), 0);
    }

    #[test]
    fn a_mistake_in_a_view_stays_a_mistake() {
        assert_eq!(view().line("{\"a\": \"b\\\nc").text, "{\"a\":\"b\\ c");
        assert_eq!(view().line("tru e\n1").text, "tru e 1");
    }
}
