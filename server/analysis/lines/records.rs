//! Which lines form a record.
//!
//! A line that opens an object and closes it is a record. A line that opens an object or a block comment without closing
//! it may begin a record of several lines. A few bytes kept of each line decide it, and an edit decides again only for the lines that
//! it affects.

use crate::formats::{self, Foreign, Mark};
use crate::json::search::{self, SPECIAL};
use crate::json::{Kind, Parser, lexer};

/// The most lines of a record.
pub const MAX_LINES: usize = 10_000;

/// The most bytes of a record of several lines.
pub const MAX_BYTES: usize = 4 << 20;

/// After this many unclosed records, each further line is a record, up to the next line that is certainly a record of
/// its own. This bounds the work for a file of fragments.
const MAX_FAILURES: u32 = 64;

/// What is kept of a line for grouping lines into records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Its length in bytes without its line end.
    bytes: u32,
    /// Opening less closing brackets, when it begins outside a string.
    depth: i16,
    /// The same when it begins inside one.
    depth_inside: i16,
    flags: u8,
}

/// It ends inside a string, when it begins outside.
const ENDS_INSIDE: u8 = 1;
/// The same when it begins inside.
const STAYS_INSIDE: u8 = 2;
/// Its first character is `{`.
const OPENS: u8 = 4;
/// It is certainly a record of its own: a closed object with a mark of its format.
const MARKED: u8 = 8;
/// It begins with a block comment that goes on after it.
const OPENS_COMMENT: u8 = 16;
/// It ends with the end of a block comment that began on another line.
const CLOSES_COMMENT: u8 = 32;

impl Scan {
    /// The scan of a line that is a well-formed object with a mark of its format.
    #[must_use]
    pub fn of_marked(text: &str) -> Self {
        let bytes = u32::try_from(text.len()).unwrap_or(u32::MAX);
        Self { bytes, flags: OPENS | MARKED, ..Self::default() }
    }

    /// The line's length in bytes, without its line end.
    #[must_use]
    pub fn bytes(self) -> usize {
        self.bytes as usize
    }

    /// Whether it may be the first line of a record of several.
    pub fn may_go_on(self) -> bool {
        self.is(OPENS_COMMENT) || (self.is(OPENS) && !self.is(MARKED) && (self.depth > 0 || self.is(ENDS_INSIDE)))
    }

    /// Whether the line may be blank. If it is not empty, only its text tells.
    pub fn may_be_blank(self) -> bool {
        !self.is(OPENS)
    }

    fn is(self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// Scans lines. Keeps its parser's memory.
#[derive(Debug, Default)]
pub struct Scanner {
    parser: Parser,
}

impl Scanner {
    /// Scans one line, given without its line end. O(n).
    pub fn scan(&mut self, text: &str) -> Scan {
        let bytes = text.as_bytes();
        let opens = text.trim_start_matches(lexer::is_any_space).starts_with('{');
        let (depth, ends_inside, quick_mark) = brackets(text, false);
        let whole = opens && depth <= 0 && !ends_inside;
        let marked = if whole { quick_mark || self.is_marked(text) } else { opens && self.closes_with_faults(text) };
        let (depth_inside, stays_inside) = if marked {
            (0, false)
        } else {
            let (depth, stays_inside, _) = brackets(text, true);
            (saturate(depth), stays_inside)
        };
        let body = text.trim_matches(lexer::is_any_space);
        let opens_comment = body.starts_with("/*") && !body.contains("*/");
        let closes_comment = body.ends_with("*/") && !body.contains("/*");
        let flags = [
            (ENDS_INSIDE, ends_inside),
            (STAYS_INSIDE, stays_inside),
            (OPENS, opens),
            (MARKED, marked),
            (OPENS_COMMENT, opens_comment),
            (CLOSES_COMMENT, closes_comment),
        ];
        Scan {
            bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            depth: saturate(depth),
            depth_inside,
            flags: flags.into_iter().filter(|(_, set)| *set).map(|(flag, _)| flag).sum(),
        }
    }

    /// Whether an object that looks open because of a stray or missing quote is closed on the line and has a mark.
    fn closes_with_faults(&mut self, text: &str) -> bool {
        text.trim_end().ends_with('}') && self.is_marked(text) && self.parser.is_complete()
    }

    /// Whether the top level of the line has a mark of a format, parsed as it is when it is analyzed.
    fn is_marked(&mut self, text: &str) -> bool {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        self.parser.parse(text);
        let record = self.parser.record(text);
        let is_object = record.root().is_some_and(|root| record.kind(root) == Kind::Object);
        // A part of a multi-line record looks like a plain text.
        is_object && !matches!(formats::mark(record), Mark::Unmarked | Mark::Foreign(Foreign::PlainText))
    }
}

/// Whether all brackets that the line opens are closed on it, outside strings.
#[must_use]
pub fn is_closed(text: &str) -> bool {
    let (depth, ends_inside, _) = brackets(text, false);
    depth <= 0 && !ends_inside
}

fn saturate(depth: i64) -> i16 {
    i16::try_from(depth).unwrap_or(if depth < 0 { i16::MIN } else { i16::MAX })
}

/// Opening less closing brackets outside strings and comments; whether the line ends in a string;
/// and whether a key of the first level is one that only tuning lines have.
fn brackets(text: &str, inside: bool) -> (i64, bool, bool) {
    let bytes = text.as_bytes();
    let mut depth = 0i64;
    let mut marked = false;
    let mut at = if inside {
        match string_end(bytes, 0) {
            Some(end) => end,
            None => return (0, true, false),
        }
    } else {
        0
    };
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let Some(end) = string_end(bytes, at + 1) else { return (depth, true, marked) };
                if depth == 1 && !marked && bytes.get(lexer::skip_space(bytes, end)) == Some(&b':') {
                    marked = formats::quick_mark(&text[at + 1..end - 1]);
                }
                at = end;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            // After a colon it is more likely a URI without quotes.
            b'/' if bytes.get(at + 1) == Some(&b'/') && (at == 0 || bytes[at - 1] != b':') => break,
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let end = memchr::memmem::find(&bytes[at + 2..], b"*/");
                at = end.map_or(bytes.len(), |end| at + end + 4);
                continue;
            }
            b'#' => break,
            _ => {}
        }
        at += 1;
    }
    (depth, false, marked)
}

/// The end of the string whose content begins at `at`; `None` if it is not closed.
fn string_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at = search::find(SPECIAL, bytes, at);
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Walks over the records of a file.
#[derive(Clone, Copy, Debug)]
pub struct Grouper {
    line: usize,
    /// After the last line that was read to find the end of an earlier record.
    reach: usize,
    failures: u32,
}

impl Grouper {
    /// Starts at line 0, or at a line for which [`Grouper::is_clean`] was true.
    #[must_use]
    pub fn at(line: usize) -> Self {
        Self { line, reach: line, failures: 0 }
    }

    /// The first line of the next record.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Whether no earlier line affects the records from here on.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.reach <= self.line
    }

    /// The number of lines of the next record. `scan` returns `None` after the last line.
    pub fn next(&mut self, scan: impl Fn(usize) -> Option<Scan>) -> Option<usize> {
        let first = scan(self.line)?;
        if self.is_clean() {
            self.failures = 0;
        }
        let lines = if first.may_go_on() { self.follow(first, &scan) } else { 1 };
        self.line += lines;
        Some(lines)
    }

    /// The number of lines of the record that begins here; 1 if it is never closed.
    fn follow(&mut self, first: Scan, scan: impl Fn(usize) -> Option<Scan>) -> usize {
        if self.failures >= MAX_FAILURES {
            return 1;
        }
        let mut depth = i64::from(first.depth);
        let mut inside = first.is(ENDS_INSIDE);
        let mut bytes = first.bytes as usize;
        let mut at = self.line + 1;
        let mut read = at;
        while let Some(next) = scan(at) {
            read = at + 1;
            bytes += next.bytes as usize + 1;
            let in_comment = first.is(OPENS_COMMENT);
            if (next.is(MARKED) && !in_comment) || at - self.line >= MAX_LINES || bytes > MAX_BYTES {
                break;
            }
            if in_comment {
                at += 1;
                if next.is(CLOSES_COMMENT) {
                    return at - self.line;
                }
                continue;
            }
            let (change, ends_inside) =
                if inside { (next.depth_inside, next.is(STAYS_INSIDE)) } else { (next.depth, next.is(ENDS_INSIDE)) };
            depth += i64::from(change);
            inside = ends_inside;
            at += 1;
            if depth <= 0 && !inside {
                return at - self.line;
            }
        }
        self.failures += 1;
        // A line that is added to the end of the file may close the record.
        self.reach = self.reach.max(read).max(if scan(at).is_none() { at + 1 } else { 0 });
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of lines of each record.
    fn grouped(text: &str) -> Vec<usize> {
        let mut scanner = Scanner::default();
        let scans: Vec<Scan> = text.split('\n').map(|line| scanner.scan(line)).collect();
        let mut grouper = Grouper::at(0);
        std::iter::from_fn(|| grouper.next(|line| scans.get(line).copied())).collect()
    }

    #[test]
    fn a_closed_line_is_a_record_and_an_open_one_takes_what_closes_it() {
        assert_eq!(grouped("{\"contents\":[]}\n{\"contents\":[]}"), [1, 1]);
        assert_eq!(grouped("{\n\"contents\":[\n]}\n{\"a\":1}"), [3, 1]);
        assert_eq!(grouped("{\"text\":\"a\nb } \\\" {\nc\"}\n1"), [3, 1]);
        assert_eq!(grouped("\u{a0} {\n\u{a0}\"contents\":[\n]\u{a0}}\n\u{feff}{\n}"), [3, 2]);
        // An unmarked one-line object may be part of an example, a marked one never.
        assert_eq!(grouped("{\"contents\":[\n{\"role\":\"user\"}\n]}"), [3]);
        assert_eq!(grouped("{\"contents\":[\n{\"contents\":[]}\n]}"), [1, 1, 1]);
    }

    #[test]
    fn lines_after_an_unclosed_one_are_grouped_again() {
        assert_eq!(grouped("{\"a\":[\n{\n\"contents\":[]\n}\n{\"contents\":[]}"), [1, 3, 1]);
    }

    #[test]
    fn a_file_of_beginnings_is_grouped_in_bounded_work() {
        let text = "{\n".repeat(30_000);
        assert_eq!(grouped(&text).len(), 30_001);
    }

    #[test]
    fn a_block_comment_of_several_lines_is_a_record() {
        assert_eq!(grouped("/*\n{\"contents\":[]}\n*/\n{\"contents\":[]}"), [3, 1]);
        assert_eq!(grouped("/* a\n{\"contents\":[]} */\n1"), [2, 1]);
        // It is not closed, or not by itself.
        assert_eq!(grouped("/* a\n{\"contents\":[]}\n1"), [1, 1, 1]);
        assert_eq!(grouped("/* a\n{\"contents\":[]} /* b */\n1"), [1, 1, 1]);
        assert_eq!(grouped("/* a\n*/ {\"contents\":[]}"), [1, 1]);
    }

    #[test]
    fn comments_hide_their_brackets_and_quotes() {
        assert_eq!(grouped("{ // it's } \"\n\"a\":1\n}\n2"), [3, 1]);
    }
}
