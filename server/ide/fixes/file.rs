//! A file to repair.

use crate::analysis::{Analyst, Lines, Source};
use crate::rules::{Fact, FileIndex, LineEnd, Rule, Severity, Verdict, by_code};
use std::collections::BTreeSet;

/// A file to repair.
#[derive(Debug)]
pub struct File<'a, S: Source> {
    /// The text.
    pub source: &'a S,
    /// The lines, all analyzed.
    pub lines: &'a Lines,
    /// The verdict on the lines.
    pub verdict: &'a Verdict,
}

impl<S: Source> File<'_, S> {
    /// Whether the rule is on and applies to this file.
    pub(super) fn applies(&self, analyst: &Analyst, code: &str) -> bool {
        by_code(code).is_some_and(|rule: &'static Rule| {
            let severity = rule.severities.first().copied().unwrap_or(Severity::Error);
            self.verdict.speaks(rule) && analyst.levels().severity(rule.id(), severity).is_some()
        })
    }

    /// The line end for new lines: the most frequent one. On a tie, the first line decides.
    pub fn usual_end(&self) -> LineEnd {
        let counts = FileIndex::counts(self.lines);
        let (lf, crlf) = (counts.of(Fact::ENDS_LF), counts.of(Fact::ENDS_CRLF));
        let is_crlf = match self.verdict.odd_line_end {
            Some((_, odd_is_crlf)) => !odd_is_crlf,
            None => crlf > lf,
        };
        if is_crlf { LineEnd::CrLf } else { LineEnd::Lf }
    }

    /// The records whose line ends differ from most. None if some line can't be changed: when other fixes have removed lines,
    /// most lines might end like it.
    pub(super) fn odd_ends(&self) -> BTreeSet<usize> {
        let Some((_, odd_is_crlf)) = self.verdict.odd_line_end else { return BTreeSet::new() };
        let is_unreadable = |rule: &Rule| matches!(rule.code, "invalid-utf8" | "record-too-long");
        if self.verdict.totals.iter().any(|(rule, ..)| is_unreadable(rule.rule())) {
            return BTreeSet::new();
        }
        let odd = if odd_is_crlf { Fact::ENDS_CRLF } else { Fact::ENDS_LF };
        FileIndex::lines(self.lines, odd, usize::MAX).into_iter().collect()
    }
}
