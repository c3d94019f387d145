//! Reads records: parses each, walks it along its format and reads its example. What follows from the layout of a
//! record alone is found once for all records of that layout; nobody else needs to know.

use crate::example::{Example, meaning};
use crate::formats::{LineKind, Mark, index, mark};
use crate::json::{Fault, Kind, Layouts, Parser, Record, SyntaxError};
use crate::rules::Needs;
use crate::schema::canonical::Canonical;
use crate::schema::fit::Fit;
use std::hint::cold_path;

/// A record of fewer bytes is read again when it is shown.
pub(super) const LONG: usize = 16 << 10;

/// Reads records; its memory is used again from record to record.
#[derive(Debug)]
pub(super) struct Reader {
    parser: Parser,
    layouts: Layouts<Layout>,
    /// The layout of the last record, if it is not kept.
    unkept: Layout,
    /// The last long one that was counted.
    counted: Counted,
    /// Whether the layout of the last record is not kept, and `parser` has the tree of its very text.
    pub is_unkept: bool,
    /// How many records were parsed.
    #[cfg(test)]
    pub parsed: usize,
}

/// A long record whose layout is not kept, and what was found when it was counted: it is probably shown next, perhaps
/// after others.
#[derive(Debug, Default)]
struct Counted {
    text: String,
    parser: Parser,
    layout: Layout,
}

/// What is known of all records of one layout, and the rest of what is known of the last of them.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// What it says about its format, where only keys say it.
    mark: Option<Mark>,
    /// The kind of line that its walk and its example are of, once they are there.
    walked: Option<&'static LineKind>,
    pub fit: Fit,
    pub example: Example,
    canonical: Option<Canonical>,
    needs: Option<Needs>,
}

impl Layout {
    /// Forgets all; keeps the memory.
    fn clear(&mut self) {
        (self.mark, self.walked, self.canonical, self.needs) = (None, None, None, None);
        self.fit.clear();
        self.example.clear();
    }

    fn mark(&mut self, record: Record<'_>) -> Mark {
        let found = self.mark.unwrap_or_else(|| mark(record));
        self.mark = Some(found).filter(|found| found.format().is_some_and(|format| format.is_marked_by_keys));
        found
    }

    /// Walks the record along the format of a kind of line, and reads its example.
    fn walk(&mut self, record: Record<'_>, kind: &'static LineKind) {
        if self.walked != Some(kind) {
            // Most records are laid out like one before.
            cold_path();
            (self.walked, self.canonical, self.needs) = (None, None, None);
            self.fit.walk_layout(record, kind.root);
            self.example.read_layout(record, &self.fit, &kind.format().words);
            self.walked = Some(kind);
        }
        self.fit.check_values(record);
        self.example.read_values(record);
    }

    /// What all records have that are laid out like it.
    pub fn needs(&mut self) -> Needs {
        *self.needs.get_or_insert_with(|| Needs::of_layout(&self.example))
    }

    /// The one form of the record that was walked last, and its example.
    pub fn canonical(&mut self, record: Record<'_>) -> (&Canonical, &Example) {
        let Self { canonical, fit, example, .. } = self;
        (canonical.get_or_insert_with(|| Canonical::of_layout(record, fit, meaning::target(example))), example)
    }
}

/// A record that was parsed.
pub(super) struct Parsed<'a> {
    /// Its tree.
    pub record: Record<'a>,
    pub layout: &'a mut Layout,
    /// Its faults of grammar, by place, and how many there are.
    pub errors: &'a [SyntaxError],
    pub fault_count: usize,
    /// Where strings begin that are cut off.
    pub cuts: &'a [usize],
}

impl Parsed<'_> {
    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        self.record.root().is_some_and(|root| self.record.kind(root) == Kind::Object)
    }

    /// Whether more than one value stands on the line.
    pub fn has_several_values(&self) -> bool {
        self.errors.iter().any(|error| error.fault == Fault::SeveralValues)
    }

    /// What it says about its format.
    pub fn mark(&mut self) -> Mark {
        self.layout.mark(self.record)
    }

    /// Walks it along the format of a kind of line, and reads its example.
    pub fn walk(&mut self, kind: &'static LineKind) {
        self.layout.walk(self.record, kind);
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            parser: Parser::default(),
            layouts: Layouts::new(index::has_few_values),
            unkept: Layout::default(),
            counted: Counted::default(),
            is_unkept: false,
            #[cfg(test)]
            parsed: 0,
        }
    }
}

impl Reader {
    /// Parses a record. O(n).
    pub fn parse<'a>(&'a mut self, text: &'a str) -> Parsed<'a> {
        let Self { parser, layouts, unkept, .. } = self;
        #[cfg(test)]
        {
            self.parsed += 1;
        }
        let kept = layouts.parse(parser, text);
        self.is_unkept = kept.is_none();
        let (tree, layout) = match kept {
            Some(kept) => kept,
            None => {
                unkept.clear();
                (parser.tree(), unkept)
            }
        };
        let (errors, fault_count, cuts) = (parser.errors(), parser.fault_count(), parser.cuts());
        Parsed { record: Record { text, tree }, layout, errors, fault_count, cuts }
    }

    /// Keeps the record that was parsed and counted last, if it is a long one whose layout is not kept: it is probably
    /// shown next.
    pub fn keep_counted(&mut self, text: &str) {
        if self.is_unkept && text.len() >= LONG {
            self.swap_counted();
            text.clone_into(&mut self.counted.text);
        }
    }

    /// Whether the record that was [kept](Self::keep_counted) has this text.
    pub fn has_counted(&self, text: &str) -> bool {
        text.len() >= LONG && self.counted.text == text
    }

    /// The record that was [kept](Self::keep_counted), as it was parsed; `text` is its text.
    pub fn counted<'a>(&'a mut self, text: &'a str) -> Parsed<'a> {
        let Counted { parser, layout, .. } = &mut self.counted;
        let record = Record { text, tree: parser.tree() };
        let (errors, fault_count, cuts) = (parser.errors(), parser.fault_count(), parser.cuts());
        Parsed { record, layout, errors, fault_count, cuts }
    }

    fn swap_counted(&mut self) {
        std::mem::swap(&mut self.parser, &mut self.counted.parser);
        std::mem::swap(&mut self.unkept, &mut self.counted.layout);
    }
}
