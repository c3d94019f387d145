//! The verdict on a file, from the counts of its facts.

use crate::analysis::line::Analyst;
use crate::analysis::lines::file::Lines;
use crate::analysis::lines::source::{Source, array_file};
use crate::analysis::store::meanings::RecordId;
use crate::rules::{Counts, Fact, FileIndex, Siblings, Verdict};
use std::sync::Arc;

impl Lines {
    /// The verdict on the file, from the records analyzed so far. Does not walk the file.
    #[must_use]
    pub fn judge(&self, source: &impl Source, analyst: &Analyst) -> Verdict {
        Verdict::new(self, array_file(source), analyst.settings(), analyst.levels())
    }

    /// Analyzes all lines of a file and judges it.
    pub fn judged(source: &impl Source, analyst: &mut Analyst) -> (Self, Verdict) {
        let mut lines = Self::new(source);
        lines.analyze(source, analyst, usize::MAX);
        let verdict = lines.judge(source, analyst);
        (lines, verdict)
    }

    /// The first lines of the first `most` of these records.
    fn first_lines(&self, records: impl Iterator<Item = RecordId>, most: usize) -> Vec<usize> {
        let mut lines: Vec<_> = records.map(|record| self.table.line_of(record)).collect();
        lines.sort_unstable();
        lines.truncate(most);
        lines
    }
}

impl FileIndex for Lines {
    fn counts(&self) -> &Counts {
        self.table.total()
    }

    fn first(&self, fact: Fact) -> Option<usize> {
        self.lines(fact, 1).first().copied()
    }

    fn lines(&self, fact: Fact, most: usize) -> Vec<usize> {
        let mut lines = Vec::new();
        if most > 0 && self.table.total().of(fact) > 0 {
            self.table.visit(&[fact], |line| {
                lines.push(line);
                lines.len() < most
            });
        }
        lines
    }

    fn labels(&self, most: usize) -> Vec<(Arc<str>, u32)> {
        let meanings = &self.table.index.meanings;
        if meanings.label_count() >= most { Vec::new() } else { meanings.labels().collect() }
    }

    fn lines_of_label(&self, label: &str, most: usize) -> Vec<usize> {
        self.first_lines(self.table.index.meanings.with_label(label), most)
    }

    fn fixed_texts(&self) -> Vec<(Arc<str>, u32)> {
        self.table.index.meanings.fixed_texts.all().cloned().collect()
    }

    fn lines_of_fixed_text(&self, text: &str, most: usize) -> Vec<usize> {
        self.first_lines(self.table.index.meanings.fixed_texts.with(text), most)
    }

    fn line_of_fixed_text(&self, text: &str) -> Option<usize> {
        let record = self.table.index.meanings.fixed_texts.with(text).next()?;
        Some(self.table.line_of(record))
    }

    fn siblings(&self) -> Siblings {
        self.siblings.clone()
    }

    fn bytes(&self) -> u64 {
        self.table.bytes()
    }
}
