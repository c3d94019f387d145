//! Finds the mentions of a subject, or of media files that move, in many lines.

use super::needle::Needle;
use super::{Found, Kind, Mention, Role, Subject, inside_quotes, strings, text_of};
use crate::analysis::{Analyst, Source};
use crate::ide::edits::without_mark;
use crate::ide::records::visit_records;
use crate::json::{Record, Span, lexer};
use crate::settings::media::plain_name;
use std::ops::Range;

/// What was found in some lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// The mentions, in order.
    pub found: Vec<Mention>,
    /// Whether a line has bytes that are not UTF-8.
    pub invalid: bool,
    /// The first line of the first record with a mention that declares a function of the [other
    /// name](Finder::also_finding).
    pub taken: Option<usize>,
    /// The number of records that were parsed. Tests bound the work by it.
    pub parsed: usize,
}

/// Finds mentions in many lines.
#[derive(Clone, Debug)]
pub struct Finder {
    kind: Kind,
    sought: Vec<Sought>,
    other: Option<String>,
}

/// A text to look for.
#[derive(Clone, Debug)]
struct Sought {
    text: String,
    /// Its plain form, if it is a URL, which may be spelled with other escapes or have a query.
    plain: Option<String>,
    /// Whether the texts that begin with it are meant, too.
    is_prefix: bool,
    needle: Needle,
}

/// The location of a media file, or the start of the locations of those in a folder.
#[derive(Clone, Debug)]
pub struct Place {
    /// The location; with a slash at the end for a folder.
    pub location: String,
    /// The plain form of a URL, also with the slash.
    pub plain: Option<String>,
}

impl Sought {
    /// The start of a location that spells what is sought.
    fn spelling_in<'a>(&self, text: &'a str) -> Option<&'a str> {
        let is_it = if self.is_prefix {
            text.starts_with(&self.text) && text.len() > self.text.len()
        } else {
            text == self.text
        };
        if is_it {
            return text.get(..self.text.len());
        }
        let plain = self.plain.as_deref()?;
        let path = text.split(['?', '#']).next()?;
        let slashes = plain.matches('/').count();
        let spelling = match self.is_prefix {
            true => path
                .get(..=path.match_indices('/').nth(slashes.checked_sub(1)?)?.0)
                .filter(|it| it.len() < path.len())?,
            false => path,
        };
        (plain_name(spelling) == plain).then_some(spelling)
    }
}

impl Finder {
    /// A finder for a subject.
    #[must_use]
    pub fn new(subject: &Subject) -> Self {
        let text = subject.text.clone();
        let needle = Needle::new(&text);
        let sought = Sought { text, plain: None, is_prefix: false, needle };
        Self { kind: subject.kind, sought: vec![sought], other: None }
    }

    /// A finder for media files and for those in folders. The span of a mention is the part of the string that spells the
    /// location.
    #[must_use]
    pub fn of_locations(places: Vec<Place>) -> Self {
        let sought = places.into_iter().map(|Place { location: text, plain }| {
            let is_prefix = text.ends_with('/');
            // Only the host of a URL has one spelling.
            let host = plain.as_ref().and_then(|plain| plain.find("//").and_then(|at| plain.get(at..)));
            let needle = match host.map(|host| host.split_inclusive('/').take(3).collect::<String>()) {
                Some(host) => Needle::of_start(&host),
                None if is_prefix => Needle::of_start(&text),
                None => Needle::new(&text),
            };
            Sought { text, plain, is_prefix, needle }
        });
        Self { kind: Kind::Location, sought: sought.collect(), other: None }
    }

    /// The same, which also finds out whether records that mention the function declare one with another name.
    #[must_use]
    pub fn also_finding(self, name: &str) -> Self {
        Self { other: Some(name.to_owned()), ..self }
    }

    /// Adds the mentions in a record that begins at `line`.
    fn find_in_record(&self, text: &str, line: usize, analyst: &mut Analyst, out: &mut Mentions) {
        out.parsed += 1;
        let text = without_mark(text);
        let reading = analyst.read(&text);
        let record = reading.record;
        let strings = strings(&reading, self.kind);
        let before = out.found.len();
        out.found.extend(strings.iter().filter_map(|found| self.mention(found, record, line)));
        if let Some(other) = self.other.as_deref().filter(|_| out.found.len() > before) {
            let is = |found: &Found| text_of(record, found.node, self.kind).is_some_and(|own| own == other);
            let is_taken = |found: &Found| found.role == Role::Declaration && is(found);
            out.taken = out.taken.or(strings.iter().any(is_taken).then_some(line));
        }
    }

    fn mention(&self, found: &Found, record: Record<'_>, line: usize) -> Option<Mention> {
        let text = text_of(record, found.node, self.kind)?;
        let spellings = self.sought.iter().enumerate();
        let (which, spelling) = spellings.into_iter().find_map(|(which, it)| Some((which, it.spelling_in(&text)?)))?;
        let mention = found.mention(record, line, self.kind);
        let span = if spelling.len() < text.len() {
            start_of(record, inside_quotes(record, found.node), spelling)?
        } else {
            mention.span
        };
        Some(Mention { which, span, ..mention })
    }

    /// The mentions in some lines, up to about `most`. Parses only records that may have one. `records` as in
    /// [`visit_records`].
    pub fn find(
        &self,
        source: &dyn Source,
        lines: Range<usize>,
        records: &[Range<usize>],
        most: usize,
        analyst: &mut Analyst,
    ) -> Mentions {
        let mut out = Mentions::default();
        visit_records(source, lines, records, &mut |line, input| {
            out.invalid |= input.invalid.is_some();
            if self.sought.iter().any(|sought| sought.needle.may_be_in(input.text)) {
                self.find_in_record(input.text, line, analyst, &mut out);
            }
            out.found.len() < most
        });
        out
    }
}

/// The bytes at the start of a string that spell `text`, perhaps with escapes.
fn start_of(record: Record<'_>, string: Span, text: &str) -> Option<Span> {
    let raw = record.raw(string);
    let mut ends = raw.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let is_spelling = |end: &usize| raw.get(..*end).is_some_and(|start| lexer::unescape_if_needed(start) == text);
    let end = if raw.starts_with(text) { text.len() } else { ends.find(is_spelling)? };
    Some(Span::new(string.start(), string.start() + end))
}
