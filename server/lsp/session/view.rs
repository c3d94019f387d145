//! The views of examples: the text that the client shows, and the record in its file.

use super::document::OpenDocument;
use crate::analysis::Source;
use crate::ide::view::{Example, Line};
use crate::text::{Document, Splice};
use lsp_types::Uri;
use std::collections::BTreeMap;

/// All views, by the number in their URI. A view is kept after it was closed: editors close and open a document again when
/// they change its language.
pub type Views = BTreeMap<u64, View>;

/// The most views that are kept although the client has closed them.
pub const MAX_CLOSED: usize = 100;

/// A view of an example.
pub struct View {
    /// The example as it was opened or written last.
    pub example: Example,
    /// The example as it is in the file now, until the client shows it.
    pub offered: Option<Example>,
    /// The file that it is from.
    pub source: Uri,
    /// The first line of its record there, 0-based; where it was, if it is gone.
    pub line: usize,
    /// Whether the record is no longer in its file, or was merged with others.
    pub is_gone: bool,
    /// The URI as the client spells it, once it has opened the view.
    pub uri: Option<Uri>,
    /// The text in the client.
    pub shown: Document,
    /// The line that this text stands for.
    pub now: Line,
}

impl View {
    pub fn new(example: Example, source: Uri, line: usize) -> Self {
        let (shown, now) = (Document::new(example.text(), 0), example.line(example.text()));
        Self { example, offered: None, source, line, is_gone: false, uri: None, shown, now }
    }

    /// Whether the client shows another text than the one that was opened or written last, even if only white space differs.
    pub fn is_edited(&self) -> bool {
        self.shown.rope() != self.example.text()
    }

    /// Takes the text of the client, and returns the document of the line that it stands for.
    pub fn set_text(&mut self, shown: Document) -> Document {
        let is_offered = |offered: &Example| shown.rope() == offered.text();
        if let Some(offered) = self.offered.take_if(|offered| is_offered(offered)) {
            self.example = offered;
        }
        self.now = self.example.line(&shown.rope().to_string());
        let version = shown.version();
        self.shown = shown;
        // Each line of a file has a line end.
        Document::new(&format!("{}\n", self.now.text), version)
    }
}

/// The first line of a view.
pub fn header(name: &str, open: &OpenDocument, line: usize) -> String {
    let (number, count) = place_among_examples(open, line);
    format!("{name}, line {}, example {number} of {count}", line + 1)
}

/// The number of the record that begins at a line, counted from 1, and the number of all. Blank lines don't count. O(n) in
/// the lines of the file.
pub fn place_among_examples(open: &OpenDocument, line: usize) -> (usize, usize) {
    let examples = examples(open);
    (examples.partition_point(|start| *start <= line), examples.len())
}

/// The first lines of the records that aren't blank, without the brackets around those of an array. O(n) in the lines of the
/// file.
pub fn examples(open: &OpenDocument) -> Vec<usize> {
    let records = open.lines().filled_records(open.document());
    let is_array = open.judge().array.is_some();
    let starts = records.into_iter().map(|record| record.start);
    starts.filter(|start| !is_array || !is_bracket(open, *start)).collect()
}

/// Whether a line has only a bracket of an array.
pub fn is_bracket(open: &OpenDocument, line: usize) -> bool {
    open.document().line(line).chars().all(|letter| matches!(letter, '[' | ']' | ',' | MARK) || letter.is_whitespace())
}

/// The text of the record at a line without a byte order mark, and its first line.
pub fn record_text(open: &OpenDocument, line: usize) -> (String, usize) {
    let record = open.lines().record_at(line);
    let (mut buffer, first) = (String::new(), record.start);
    let text = Source::record(open.document(), record, &mut buffer).text;
    (text.strip_prefix(MARK).unwrap_or(text).to_owned(), first)
}

/// A byte order mark, which belongs to the file.
pub const MARK: char = '\u{FEFF}';

/// The bytes before the record at a line that a view doesn't show.
pub fn mark_len(open: &OpenDocument, line: usize) -> usize {
    if line == 0 && open.document().line(0).chars().next() == Some(MARK) { MARK.len_utf8() } else { 0 }
}

/// Follows the edits of a file. Afterwards, the view has the line of its record, which may have changed; or it is gone.
pub fn follow(view: &mut View, splices: &[Splice], open: &OpenDocument) {
    // The lines that replaced the record, in the final text, and whether they are as many as those before.
    let mut window: Option<(usize, usize, bool)> = None;
    for &Splice { start, old, new } in splices {
        let moved = |line: usize| line + new - old;
        window = match window {
            Some((from, to, same)) if start + old <= from => Some((moved(from), moved(to), same)),
            Some((from, to, same)) if start >= to => Some((from, to, same)),
            Some((from, to, same)) => Some((from.min(start), moved(to).max(start + new), same && old == new)),
            // A record that is gone may come back anywhere.
            None if view.is_gone || (start..start + old).contains(&view.line) => Some((start, start + new, old == new)),
            None => None,
        };
        if view.line >= start + old {
            view.line = moved(view.line);
        }
    }
    let Some((from, to, same)) = window else { return };
    // As it was, or as the view writes it.
    let texts = [view.example.record(), &view.now.text];
    let may_be = |line: usize| {
        let len = open.document().line(line).len_bytes();
        texts
            .iter()
            .any(|text| text.contains(['\n', '\r']) || (text.len()..=text.len() + MARK.len_utf8()).contains(&len))
    };
    let is_own = |line: &usize| {
        let (text, first) = record_text(open, *line);
        first == *line && texts.contains(&text.as_str())
    };
    let lines = (from..to.min(open.document().line_count())).filter(|line| may_be(*line));
    match lines.filter(is_own).min_by_key(|line| line.abs_diff(view.line)) {
        Some(line) => (view.line, view.is_gone) = (line, false),
        // Edited in its place, or nobody knows.
        None => view.is_gone |= !same,
    }
}

/// Whether the record of a view is unchanged in its file.
pub fn is_there(view: &View, open: &OpenDocument) -> bool {
    !view.is_gone && record_text(open, view.line) == (view.example.record().to_owned(), view.line)
}
