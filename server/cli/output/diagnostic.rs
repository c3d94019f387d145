//! A finding with its place in a file, as every format shows it.

use crate::analysis::{Analyst, Listed, Source};
use crate::disk::check::place_in_record;
use crate::disk::{Checked, FileText};
use crate::json::Span;
use crate::rules::{Finding, Fix, Fixes, Rule, Severity};
use crate::settings::Settings;
use crate::text::Encoding;
use crate::text::position::column_in_text;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, 1-based; a line ends with LF, CRLF or CR.
    pub line: usize,
    /// The column, 1-based, in Unicode scalar values; a byte that is not UTF-8 counts one.
    pub column: usize,
    /// The byte in the text of the line, 0-based.
    pub byte: usize,
}

/// The text from one place up to another, which is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Where it begins.
    pub start: Place,
    /// The place behind its end.
    pub end: Place,
}

/// Another place that explains a finding.
#[derive(Clone, Debug)]
pub struct Related {
    /// The file, when it is another one of the dataset.
    pub file: Option<PathBuf>,
    /// Where in it; empty when a whole line is meant.
    pub range: Range,
    /// What is there.
    pub message: String,
}

impl Related {
    /// The file; that of the finding is at `path`.
    #[must_use]
    pub fn path<'a>(&'a self, path: &'a Path) -> &'a Path {
        self.file.as_deref().unwrap_or(path)
    }
}

/// A finding with its place.
#[derive(Clone, Debug)]
pub struct Diagnostic<'a> {
    /// The file, as it was given or found.
    pub path: &'a Path,
    /// The text at fault; empty where something is missing.
    pub range: Range,
    /// How bad it is.
    pub severity: Severity,
    /// The rule.
    pub rule: &'static Rule,
    /// What is wrong, in one line.
    pub message: String,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// How to mend it, when fixes were asked for.
    pub fixes: Vec<Fix>,
}

/// What a finding's best fix promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fixable {
    /// The meaning is certainly kept.
    Safe,
    /// It is likely what was meant.
    Suggested,
}

impl Fixable {
    /// The best that `fixes` offer.
    #[must_use]
    pub fn best(fixes: &[Fix]) -> Option<Self> {
        let safe = fixes.iter().any(|fix| fix.safe);
        (!fixes.is_empty()).then_some(if safe { Self::Safe } else { Self::Suggested })
    }
}

/// A file and what was found in it.
#[derive(Debug)]
pub struct CheckedFile<'a> {
    /// The file, as it was given or found.
    pub path: &'a Path,
    /// Its text.
    pub text: &'a FileText,
    listed: Vec<Listed>,
}

impl<'a> CheckedFile<'a> {
    /// The findings of `checked`, which are taken from it, with their fixes when those are wanted: then each record that has a
    /// finding is looked at once more.
    #[must_use]
    pub fn new(path: &'a Path, text: &'a FileText, checked: &mut Checked, settings: &Settings, fixes: bool) -> Self {
        let Checked { lines, verdict, listed } = checked;
        let mut listed = std::mem::take(listed);
        if fixes {
            let mut analyst = Analyst::new(settings);
            for record in listed.chunk_by_mut(|a, b| a.line == b.line) {
                if record.iter().all(|listed| matches!(listed.finding.rule.fixes, Fixes::None)) {
                    continue;
                }
                let with_fixes = lines.findings_at(record[0].line, text, &mut analyst, verdict, true);
                for Listed { finding, .. } in record {
                    let same = |other: &&Listed| {
                        std::ptr::eq(other.finding.rule, finding.rule) && other.finding.span == finding.span
                    };
                    if let Some(found) = with_fixes.iter().find(same) {
                        Arc::make_mut(finding).fixes.clone_from(&found.finding.fixes);
                    }
                }
            }
        }
        Self { path, text, listed }
    }

    /// A settings file and what is wrong in it.
    #[must_use]
    pub fn of_settings(path: &'a Path, text: &'a FileText, findings: impl Iterator<Item = Finding>) -> Self {
        Self { path, text, listed: findings.map(|finding| Listed { line: 0, finding: Arc::new(finding) }).collect() }
    }

    /// The findings themselves.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.listed.iter().map(|listed| &*listed.finding)
    }

    /// The findings by place. Each is put together when it is its turn: O(its line).
    pub fn diagnostics(&self) -> impl Iterator<Item = Diagnostic<'a>> {
        self.listed.iter().map(|Listed { line, finding }| {
            let related = finding.related.iter().map(|other| {
                let file = other.file.as_ref().map(|file| PathBuf::from(&file.location));
                let range = match other.line {
                    None => self.range(*line, other.span),
                    Some(line) => {
                        let start = Place { line: line + 1, column: 1, byte: 0 };
                        Range { start, end: start }
                    }
                };
                Related { file, range, message: other.message.clone() }
            });
            Diagnostic {
                path: self.path,
                range: self.range(*line, finding.span),
                severity: finding.severity,
                rule: finding.rule,
                message: finding.message.clone(),
                related: related.collect(),
                fixes: finding.fixes.clone(),
            }
        })
    }

    /// The place of a span of the record that begins with `line`, 0-based.
    fn range(&self, line: usize, span: Span) -> Range {
        let start = self.place(line, span.start());
        let end = if span.end() == span.start() { start } else { self.place(line, span.end()) };
        Range { start, end }
    }

    fn place(&self, record: usize, byte: usize) -> Place {
        let (line, byte) = place_in_record(self.text, record, byte);
        let mut buffer = String::new();
        let column = column_in_text(self.text.line(line, &mut buffer), byte, Encoding::Utf32) as usize + 1;
        Place { line: line + 1, column, byte }
    }

    /// The byte of the file at which a place lies, 0-based. O(line).
    #[must_use]
    pub fn offset(&self, place: Place) -> usize {
        self.text.offset(place.line - 1, place.byte)
    }
}
