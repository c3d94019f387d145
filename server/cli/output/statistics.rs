//! The number of findings of each rule, worst first.

use crate::cli::output::diagnostic::{CheckedFile, Fixable};
use crate::cli::output::printer::{Printer, Problem, Styles};
use crate::cli::output::totals::Totals;
use crate::rules::{RuleId, Severity};
use serde::{Serialize, Serializer};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Prints counts in one format.
pub type WriteCounts = fn(Counts<'_>, &mut dyn Write) -> io::Result<()>;

/// The counts of all files.
#[derive(Clone, Copy, Debug)]
pub struct Counts<'a> {
    /// One row per severity and rule: worst first, then most frequent first.
    pub rows: &'a [Row],
    /// Files and folders that can't be read.
    pub problems: &'a [Problem],
    /// The totals of all files.
    pub totals: &'a Totals,
    /// The styles of output for people.
    pub styles: Styles,
}

/// The findings of a rule with one severity. The field names are those of the JSON.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    code: &'static str,
    #[serde(serialize_with = "as_text")]
    severity: Severity,
    count: usize,
    safe_fixes: usize,
    suggested_fixes: usize,
    summary: &'static str,
}

fn as_text<S: Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(severity)
}

/// Counts findings instead of printing them.
#[derive(Debug)]
pub struct Statistics {
    styles: Styles,
    write: WriteCounts,
    rows: BTreeMap<(Severity, RuleId), Row>,
    problems: Vec<Problem>,
}

impl Statistics {
    /// Counts that start at zero. `write` prints them at the end.
    #[must_use]
    pub fn new(styles: Styles, write: WriteCounts) -> Self {
        Self { styles, write, rows: BTreeMap::new(), problems: Vec::new() }
    }
}

impl Printer for Statistics {
    fn file(&mut self, file: &CheckedFile<'_>, _out: &mut dyn Write) -> io::Result<()> {
        for finding in file.findings() {
            let (severity, rule) = (finding.severity, finding.rule);
            let (code, summary) = (rule.code, rule.summary);
            let none = Row { code, severity, count: 0, safe_fixes: 0, suggested_fixes: 0, summary };
            let row = self.rows.entry((severity, rule.id())).or_insert(none);
            row.count += 1;
            match Fixable::best(&finding.fixes) {
                Some(Fixable::Safe) => row.safe_fixes += 1,
                Some(Fixable::Suggested) => row.suggested_fixes += 1,
                Some(Fixable::Manual) | None => {}
            }
        }
        Ok(())
    }

    fn problem(&mut self, problem: &Problem, _out: &mut dyn Write) -> io::Result<()> {
        self.problems.push(problem.clone());
        Ok(())
    }

    fn finish(&mut self, totals: &Totals, out: &mut dyn Write) -> io::Result<()> {
        let mut rows: Vec<_> = self.rows.values().copied().collect();
        rows.sort_by_key(|row| (row.severity, Reverse(row.count), row.code));
        (self.write)(Counts { rows: &rows, problems: &self.problems, totals, styles: self.styles }, out)
    }
}

/// Prints counts as a table.
///
/// # Errors
/// If writing fails.
pub fn write_table(Counts { rows, styles, .. }: Counts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let digits = rows.iter().map(|row| row.count.to_string().len()).max().unwrap_or_default();
    let widest = rows.iter().map(|row| row.code.len()).max().unwrap_or_default();
    for Row { code, severity, count, summary, .. } in rows {
        let (loud, severity) = (styles.severity(*severity), severity.to_string());
        writeln!(out, "{count:>digits$}  {loud}{severity:<11}{loud:#}  {code:<widest$}  {summary}")?;
    }
    Ok(())
}
