//! A file as repairs see it.

use crate::analysis::{Analyst, Lines, Source};
use crate::rules::{Fact, FileIndex, LineEnd, Rule, Severity, Verdict, by_code};
use std::collections::BTreeSet;

/// A file as repairs see it.
#[derive(Debug)]
pub struct File<'a, S: Source> {
    /// Its text.
    pub source: &'a S,
    /// Its lines, all looked at.
    pub lines: &'a Lines,
    /// The verdict on them.
    pub verdict: &'a Verdict,
}

impl<S: Source> File<'_, S> {
    /// Whether the rule is on and has a say in this file.
    pub(super) fn speaks(&self, analyst: &Analyst, code: &str) -> bool {
        by_code(code).is_some_and(|rule: &'static Rule| {
            let severity = rule.severities.first().copied().unwrap_or(Severity::Error);
            self.verdict.speaks(rule) && analyst.levels().severity(rule.id(), severity).is_some()
        })
    }

    /// How new lines end: like most, and where there are as many of each, like the first.
    pub(super) fn usual_end(&self) -> LineEnd {
        let counts = FileIndex::counts(self.lines);
        let (lf, crlf) = (counts.of(Fact::ENDS_LF), counts.of(Fact::ENDS_CRLF));
        let is_crlf = match self.verdict.odd_line_end {
            Some((_, odd_is_crlf)) => !odd_is_crlf,
            None => crlf > lf,
        };
        if is_crlf { LineEnd::CrLf } else { LineEnd::Lf }
    }

    /// The records whose line ends are unlike most.
    pub(super) fn odd_ends(&self) -> BTreeSet<usize> {
        let Some((_, odd_is_crlf)) = self.verdict.odd_line_end else { return BTreeSet::new() };
        let odd = if odd_is_crlf { Fact::ENDS_CRLF } else { Fact::ENDS_LF };
        FileIndex::lines(self.lines, odd, usize::MAX).into_iter().collect()
    }
}
