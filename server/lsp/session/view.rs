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

/// The most views that are kept. Older ones can no longer be written.
pub const MAX_VIEWS: usize = 200;

/// A view of an example.
pub struct View {
    /// The example as it was opened or written last.
    pub example: Example,
    /// The file that it is from.
    pub source: Uri,
    /// The first line of its record there, 0-based.
    pub line: usize,
    /// Whether the record was deleted from its file.
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
        Self { example, source, line, is_gone: false, uri: None, shown, now }
    }

    /// Whether the view stands for another line than the one that was opened or written last.
    pub fn is_edited(&self) -> bool {
        self.now.text != self.example.line(self.example.text()).text
    }

    /// Takes the text of the client, and returns the document of the line that it stands for.
    pub fn set_text(&mut self, shown: Document) -> Document {
        self.now = self.example.line(&shown.rope().to_string());
        let version = shown.version();
        self.shown = shown;
        // Each line of a file has a line end.
        Document::new(&format!("{}\n", self.now.text), version)
    }

    pub fn refresh(&mut self, example: Example) {
        self.now = example.line(example.text());
        self.example = example;
        self.is_gone = false;
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
    let is_blank = |first: usize| open.document().line(first).chars().all(char::is_whitespace);
    let (mut number, mut count) = (0, 0);
    for record in open.lines().records().filter(|record| record.len() > 1 || !is_blank(record.start)) {
        count += 1;
        number += usize::from(record.start <= line);
    }
    (number, count)
}

/// The text of the record at a line, and its first line.
pub fn record_text(open: &OpenDocument, line: usize) -> (String, usize) {
    let record = open.lines().record_at(line);
    let (mut buffer, first) = (String::new(), record.start);
    (Source::record(open.document(), record, &mut buffer).text.to_owned(), first)
}

/// Moves the line of a view with an edit of its file.
pub fn follow(view: &mut View, splice: Splice, open: &OpenDocument) {
    let Splice { start, old, new } = splice;
    if view.line >= start + old {
        view.line = view.line + new - old;
    } else if view.line >= start {
        let own = |line: &usize| record_text(open, *line).0 == view.example.record();
        let same_place = view.line.min((start + new).saturating_sub(1));
        let found = std::iter::once(same_place).chain(start..start + new).find(own);
        view.is_gone = found.is_none() && new == 0;
        view.line = found.unwrap_or(same_place);
    }
}

/// Finds the record of a view in its file by its text. O(n) in the file if it isn't in its place.
pub fn find(view: &View, open: &OpenDocument) -> Option<usize> {
    let is_own = |line: usize| record_text(open, line) == (view.example.record().to_owned(), line);
    if is_own(view.line) && !view.is_gone {
        return Some(view.line);
    }
    let len = view.example.record().len();
    let has_len = |line: usize| open.document().line(line).len_bytes() <= len;
    open.lines().records().map(|record| record.start).find(|line| has_len(*line) && is_own(*line))
}
