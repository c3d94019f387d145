//! From the view of an example back to its line.

use super::layout::layout;
use super::tokens::{Syntax, Token, TokenKind, pieces, single_quoted_before, tokens};
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
    syntax: Syntax,
    /// The first line of the view, which only says where the record is from; empty if there is none.
    header: String,
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
            if header.is_empty() { String::new() } else { format!("// {}", header.replace(['\r', '\n'], " ")) };
        let text = |syntax| {
            let end = if header.is_empty() { "" } else { "\n" };
            format!("{header}{end}{}", layout(record, &tokens(record, 0, syntax), true))
        };
        Self::first_sound(record, |syntax| Self::of(record.to_owned(), text(syntax), header.clone(), syntax))
    }

    /// The record as it is in its file now, after this view of it was written.
    #[must_use]
    pub fn written(&self, record: &str, text: &str) -> Self {
        let header = &self.header;
        Self::first_sound(record, |syntax| Self::of(record.to_owned(), text.to_owned(), header.clone(), syntax))
    }

    /// The view with the most syntax in which record and view have the same tokens.
    fn first_sound(record: &str, view: impl Fn(Syntax) -> Self) -> Self {
        // On a single line, `//` may also belong to a location without quotes.
        let comments = record.contains(['\n', '\r']);
        // Where quotes are mixed, the line breaks of the view may change what is in quotes.
        let tries = [(true, comments), (false, comments), (true, false)];
        let mut views = tries.into_iter().map(|(single, comments)| view(Syntax { single, comments }));
        views.find(Self::is_sound).unwrap_or_else(|| view(Syntax::default()))
    }

    /// Whether the record and the view have the same tokens.
    fn is_sound(&self) -> bool {
        self.tokens.len() == self.shown.len()
    }

    fn of(record: String, text: String, header: String, syntax: Syntax) -> Self {
        let (tokens, shown) = (tokens(&record, 0, syntax), tokens_of_view(&text, &header, syntax));
        let after = |kind| {
            let pair = tokens.windows(2).find(|pair| pair[0].kind == kind);
            let space = pair.map(|pair| &record[pair[0].end..pair[1].start]);
            space.filter(|space| !space.contains(['\r', '\n'])).unwrap_or(" ").to_owned()
        };
        let (colon, comma) = (after(TokenKind::Colon), after(TokenKind::Comma));
        Self { record, text, tokens, shown, syntax, header, colon, comma }
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
        let new = tokens_of_view(view, &self.header, self.syntax);
        let last = new.last().copied();
        let mut writer = Writer { view, line: Line::default(), last };
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

    /// Whether the first line of an edited view, which is never written, was edited.
    #[must_use]
    pub fn has_edited_header(&self, view: &str) -> bool {
        let len = header_len(view, &self.header);
        len > 0 && view[..len].trim_end_matches(['\n', '\r']) != self.header
    }

    /// Whether an edited view has a text in single quotes with line breaks, which would be lost: only texts in double quotes
    /// may have some.
    #[must_use]
    pub fn has_broken_quotes(&self, view: &str) -> bool {
        // Where a text has no end, the later ones have none.
        const TRIED: usize = 1_000;
        let tokens = tokens_of_view(view, &self.header, self.syntax);
        let quotes = tokens.iter().filter(|token| self.syntax.single && &view[token.range()] == "'").take(TRIED);
        let ends = quotes.map_while(|token| {
            let end = single_quoted_before(view.as_bytes(), token.start, view.len())?;
            Some(&view[token.start..end])
        });
        ends.into_iter().any(|text| !text.contains('"'))
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
    last: Option<Token>,
}

impl Writer<'_> {
    fn space(&mut self, space: Option<&str>) {
        self.line.text.push_str(space.unwrap_or_default());
    }

    fn token(&mut self, token: Token) {
        if token.kind == TokenKind::Comment {
            return self.comment(token);
        }
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

    /// Writes a comment so that it doesn't hide the tokens after it.
    fn comment(&mut self, token: Token) {
        let text = &self.view[token.range()];
        let (is_last, is_block) = (self.last == Some(token), text.starts_with("/*"));
        if !text.contains(['\n', '\r']) && (is_last || is_block) {
            return self.same(token.range());
        }
        let inner = text.trim_start_matches("//").trim_start_matches("/*").trim_end_matches("*/");
        let words: Vec<_> = inner.split_whitespace().collect();
        self.line.text.push_str(&format!("/* {} */", words.join(" ").replace("*/", "* /")));
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
fn tokens_of_view(view: &str, header: &str, syntax: Syntax) -> Vec<Token> {
    tokens(view.strip_suffix('\n').unwrap_or(view), header_len(view, header), syntax)
}

fn texts<'a>(text: &'a str, tokens: &[Token]) -> Vec<&'a str> {
    tokens.iter().map(|token| &text[token.range()]).collect()
}

/// The length of the first line if it only says where the example is from, even if it was edited or joined with the next one.
fn header_len(view: &str, header: &str) -> usize {
    let len = memchr::memchr(b'\n', view.as_bytes()).map_or(view.len(), |end| end + 1);
    let line = view[..len].trim_end_matches(['\n', '\r']);
    if header.is_empty() || line == header {
        return if header.is_empty() { 0 } else { len };
    }
    if let Some(rest) = line.strip_prefix(header) {
        let is_joined = rest.trim_start().starts_with(['{', '[']);
        return if is_joined { header.len() } else { len };
    }
    // Without its slashes, it is still mostly the same.
    let same = |pair: &(char, char)| pair.0 == pair.1;
    let start = line.chars().zip(header.chars()).take_while(same).count();
    let end = line.chars().rev().zip(header.chars().rev()).take_while(same).count();
    if line.starts_with("//") || start.max(end) * 2 > header.chars().count() { len } else { 0 }
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
    fn an_edited_first_line_is_never_a_part_of_the_line() {
        let without = VIEW.strip_prefix("// train.jsonl, line 3\n").unwrap();
        for header in [
            "// train.jsonl, li 3\n",
            "/ train.jsonl, line 3\n",
            "train.jsonl, line 3\n",
            "// x\n",
            "// train.jsonl, line 30\n",
            "// train.jsonl, line 3 note\n",
            "// train.jsonl, line 3",
            "// train.jsonl, line 3 ",
        ] {
            let edited = format!("{header}{without}");
            assert_eq!(view().line(&edited).text, RECORD, "{header}");
            let is_joined = !header.ends_with('\n');
            assert_eq!(view().has_edited_header(&edited), !is_joined, "{header}");
            // After that was written, too.
            assert_eq!(view().written(RECORD, &edited).line(&edited).text, RECORD, "{header}");
        }
        assert_eq!(view().line(without).text, RECORD);
        assert!(!view().has_edited_header(without));
        assert_ne!(view().line(&without.replacen("{\n", "", 1)).text, RECORD, "the first line of the record");
    }

    #[test]
    fn comments_between_lines_hide_nothing_after_they_are_joined() {
        let record =
            "{\n  // the \"goal\"\n  \"a\": [1, // one\n    2 /* two\n lines */, 3],\n  \"b\": \"x\" // last\n}";
        let view = Example::new(record, "a.jsonl, line 1");
        assert!(view.text().contains("\n  // the \"goal\"\n  \"a\": ["), "{}", view.text());
        assert_eq!(
            view.line(view.text()).text,
            r#"{/* the "goal" */"a": [1, /* one */2 /* two lines */, 3], "b": "x" /* last */}"#
        );
        let edited = view.text().replace("\"x\"", "\"y\"");
        assert!(view.line(&edited).text.contains(r#""b": "y" /* last */}"#), "{}", view.line(&edited).text);
        // A comment at the end hides nothing.
        let record = "{\n\"a\": 1\n} // note";
        let view = Example::new(record, "");
        assert_eq!(view.line(view.text()).text, r#"{"a": 1} // note"#);
    }

    #[test]
    fn a_mistake_in_a_view_stays_a_mistake() {
        assert_eq!(view().line("{\"a\": \"b\\\nc").text, "{\"a\":\"b\\ c");
        assert_eq!(view().line("tru e\n1").text, "tru e 1");
    }
}
