//! Parses records, walks them along a format and reads their examples. Results that depend only on a record's layout
//! are computed once for all records of that layout.

use crate::example::limits::Limits;
use crate::example::{Example, meaning};
use crate::formats::{LineKind, Mark, Service, index, mark};
use crate::json::{Fault, Kind, Layouts, Parser, Record, SyntaxError, Tree};
use crate::rules::Needs;
use crate::schema::canonical::Canonical;
use crate::schema::fit::Fit;
use crate::settings::Settings;
use std::hint::cold_path;

/// A shorter record is parsed again to show its findings.
pub(super) const LONG: usize = 16 << 10;

/// Reads records, and reuses its memory.
#[derive(Debug)]
pub(super) struct Reader {
    parser: Parser,
    layouts: Layouts<Layout>,
    /// The layout of the last record, if `layouts` doesn't keep it.
    single: Layout,
    /// Whether `single` and `parser` hold the last record.
    pub is_single: bool,
    /// The last long record that was counted and whose layout `layouts` doesn't keep. It is probably shown next.
    counted: Counted,
    /// The number of records that were parsed.
    #[cfg(test)]
    pub parsed: usize,
}

#[derive(Debug, Default)]
struct Counted {
    text: String,
    parser: Parser,
    layout: Layout,
}

/// The results for a layout, and for the values of the last record that has it.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The mark, if it depends only on the layout.
    mark: Option<Mark>,
    /// Whether the layout is not kept, so that caching what depends on it is useless.
    is_single: bool,
    /// The kind of line that `fit` and `example` are for.
    walked: Option<&'static LineKind>,
    pub fit: Fit,
    pub example: Example,
    canonical: Option<Canonical>,
    /// Whether every turn of the example says something.
    has_content: Option<bool>,
    needs: Option<Needs>,
}

impl Layout {
    /// Removes all results, for a layout that is not kept. Keeps the memory.
    fn clear(&mut self) {
        self.is_single = true;
        (self.mark, self.walked) = (None, None);
        (self.canonical, self.has_content, self.needs) = (None, None, None);
        self.fit.clear();
        self.example.clear();
    }

    fn mark(&mut self, record: Record<'_>) -> Mark {
        if let Some(mark) = self.mark {
            return mark;
        }
        let found = mark(record);
        // A string shows its mark inside.
        let is_by_layout = || {
            record.root().is_some_and(|root| record.kind(root) != Kind::String)
                && found.format().is_some_and(|format| (format.is_marked_by_layout)(record))
        };
        self.mark = Some(found).filter(|_| !self.is_single && is_by_layout());
        found
    }

    fn walk(&mut self, record: Record<'_>, kind: &'static LineKind, settings: &Settings) {
        if self.walked != Some(kind) {
            // Most records have the layout of an earlier one.
            cold_path();
            self.walked = None;
            (self.canonical, self.has_content, self.needs) = (None, None, None);
            let service = settings.service(kind.format);
            self.fit.allowed = service.allowed;
            self.fit.demands = service.demands;
            self.fit.walk_layout(record, kind.root);
            self.example.roles = service.roles;
            self.example.media_lists = service.media_lists;
            self.example.media_path = service.media_path;
            self.example.read_layout(record, &self.fit, &kind.format.words);
            self.walked = Some(kind);
        }
        self.fit.check_values(record);
        self.example.read_values(record);
        if let Some(media) = &settings.media {
            self.example.learn(record, |location| media.known(location));
        }
    }

    /// The needs that every record of the layout meets.
    pub fn needs(&mut self, record: Record<'_>, service: &Service, limits: &Limits) -> Needs {
        *self.needs.get_or_insert_with(|| Needs::of_layout(record, &self.example, service, limits))
    }

    /// Whether every turn of the example that was walked last says something.
    pub fn has_content(&mut self, record: Record<'_>) -> bool {
        *self.has_content.get_or_insert_with(|| self.example.has_content(record))
    }

    /// The canonical form of the record that was walked last, and its example.
    pub fn canonical(&mut self, record: Record<'_>) -> (&Canonical, &Example) {
        let Self { canonical, fit, example, .. } = self;
        (canonical.get_or_insert_with(|| Canonical::of_layout(record, fit, meaning::target(example))), example)
    }
}

/// A parsed record.
pub(super) struct Parsed<'a> {
    pub record: Record<'a>,
    pub layout: &'a mut Layout,
    /// The syntax errors by place. There may be fewer than `fault_count`.
    pub errors: &'a [SyntaxError],
    pub fault_count: usize,
    /// Where truncated strings begin.
    pub cuts: &'a [usize],
}

impl Parsed<'_> {
    pub fn is_object(&self) -> bool {
        self.record.root().is_some_and(|root| self.record.kind(root) == Kind::Object)
    }

    /// Whether the line holds more than one value.
    pub fn has_several_values(&self) -> bool {
        self.errors.iter().any(|error| error.fault == Fault::SeveralValues)
    }

    pub fn mark(&mut self) -> Mark {
        self.layout.mark(self.record)
    }

    /// Walks the record along a kind of line, and reads its example.
    pub fn walk(&mut self, kind: &'static LineKind, settings: &Settings) {
        self.layout.walk(self.record, kind, settings);
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            parser: Parser::default(),
            layouts: Layouts::new(index::has_few_values),
            single: Layout::default(),
            is_single: false,
            counted: Counted::default(),
            #[cfg(test)]
            parsed: 0,
        }
    }
}

impl Reader {
    /// Parses a record. O(n).
    pub fn parse<'a>(&'a mut self, text: &'a str) -> Parsed<'a> {
        let Self { parser, layouts, single, .. } = self;
        #[cfg(test)]
        {
            assert!(!text.contains(super::FAULTY), "a rule has a bug");
            self.parsed += 1;
        }
        let kept = layouts.parse(parser, text);
        self.is_single = kept.is_none();
        let (tree, layout) = kept.unwrap_or_else(|| {
            single.clear();
            (parser.tree(), single)
        });
        parsed(text, tree, layout, parser)
    }

    /// A blank line, which is not parsed.
    pub fn blank<'a>(&'a mut self, text: &'a str) -> Parsed<'a> {
        static EMPTY: Tree = Tree { nodes: Vec::new(), ascii: true };
        self.is_single = false;
        let record = Record { text, tree: &EMPTY };
        Parsed { record, layout: &mut self.single, errors: &[], fault_count: 0, cuts: &[] }
    }

    /// Keeps the last record for [`Self::counted`], if it is long and `layouts` doesn't keep its layout.
    pub fn keep_counted(&mut self, text: &str) {
        if self.is_single && text.len() >= LONG {
            std::mem::swap(&mut self.parser, &mut self.counted.parser);
            std::mem::swap(&mut self.single, &mut self.counted.layout);
            text.clone_into(&mut self.counted.text);
        }
    }

    /// The record with this text, if it is the one [kept](Self::keep_counted).
    pub fn counted<'a>(&'a mut self, text: &'a str) -> Option<Parsed<'a>> {
        let Counted { text: counted, parser, layout } = &mut self.counted;
        (text.len() >= LONG && counted == text).then(|| parsed(text, parser.tree(), layout, parser))
    }
}

fn parsed<'a>(text: &'a str, tree: &'a Tree, layout: &'a mut Layout, parser: &'a Parser) -> Parsed<'a> {
    let (errors, fault_count, cuts) = (parser.errors(), parser.fault_count(), parser.cuts());
    Parsed { record: Record { text, tree }, layout, errors, fault_count, cuts }
}
