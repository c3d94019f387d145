//! How often each rule found something, worst first.

use crate::cli::output::diagnostic::Fixable;
use crate::cli::output::json::{List, write_object};
use crate::cli::output::{CheckedFile, Format, Printer, Problem, Styles, Totals};
use crate::rules::{Rule, RuleId, Severity};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Counts instead of listing.
#[derive(Debug)]
pub struct Statistics {
    format: StatisticsFormat,
    counted: BTreeMap<(Severity, RuleId), Counted>,
    problems: Vec<Problem>,
}

#[derive(Clone, Copy, Debug)]
enum StatisticsFormat {
    Table(Styles),
    Json,
    JsonLines,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    all: usize,
    safe: usize,
    suggested: usize,
}

/// A row, as JSON has it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    code: &'static str,
    severity: String,
    count: usize,
    safe_fixes: usize,
    suggested_fixes: usize,
    summary: &'static str,
}

impl Statistics {
    /// The counts in `format`; `None` when it has no way to say them.
    #[must_use]
    pub fn new(format: Format, styles: Styles) -> Option<Self> {
        let format = match format {
            Format::Concise | Format::Full => StatisticsFormat::Table(styles),
            Format::Json => StatisticsFormat::Json,
            Format::JsonLines => StatisticsFormat::JsonLines,
            Format::Sarif | Format::Github | Format::Gitlab | Format::Junit => return None,
        };
        Some(Self { format, counted: BTreeMap::new(), problems: Vec::new() })
    }

    /// The rows: by severity, the most frequent first.
    fn rows(&self) -> Vec<(&'static Rule, Severity, Counted)> {
        let mut rows: Vec<_> =
            self.counted.iter().map(|((severity, id), count)| (id.rule(), *severity, *count)).collect();
        rows.sort_by_key(|(rule, severity, count)| (*severity, Reverse(count.all), rule.code));
        rows
    }

    fn write_table(&self, styles: Styles, out: &mut dyn Write) -> io::Result<()> {
        let rows = self.rows();
        let digits = rows.iter().map(|(.., count)| count.all.to_string().len()).max().unwrap_or_default();
        let widest = rows.iter().map(|(rule, ..)| rule.code.len()).max().unwrap_or_default();
        for (rule, severity, count) in rows {
            let loud = styles.severity(severity);
            let (code, summary, severity, count) = (rule.code, rule.summary, severity.to_string(), count.all);
            writeln!(out, "{count:>digits$}  {loud}{severity:<11}{loud:#}  {code:<widest$}  {summary}")?;
        }
        Ok(())
    }
}

impl Printer for Statistics {
    fn file(&mut self, file: &CheckedFile<'_>, _out: &mut dyn Write) -> io::Result<()> {
        for finding in file.findings() {
            let counted = self.counted.entry((finding.severity, finding.rule.id())).or_default();
            counted.all += 1;
            match Fixable::best(&finding.fixes) {
                Some(Fixable::Safe) => counted.safe += 1,
                Some(Fixable::Suggested) => counted.suggested += 1,
                None => {}
            }
        }
        Ok(())
    }

    fn problem(&mut self, problem: &Problem, _out: &mut dyn Write) -> io::Result<()> {
        self.problems.push(problem.clone());
        Ok(())
    }

    fn finish(&mut self, totals: &Totals, out: &mut dyn Write) -> io::Result<()> {
        let rows = self.rows().into_iter().map(|(rule, severity, count)| Row {
            code: rule.code,
            severity: severity.to_string(),
            count: count.all,
            safe_fixes: count.safe,
            suggested_fixes: count.suggested,
            summary: rule.summary,
        });
        match self.format {
            StatisticsFormat::Table(styles) => self.write_table(styles, out),
            StatisticsFormat::Json => write_object(List::Statistics(rows.collect()), &self.problems, totals, out),
            StatisticsFormat::JsonLines => rows.into_iter().try_for_each(|row| {
                serde_json::to_writer(&mut *out, &row)?;
                writeln!(out)
            }),
        }
    }
}
