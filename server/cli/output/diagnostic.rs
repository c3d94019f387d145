//! Findings with their places in a file, the input of all output formats.

use crate::analysis::{Analyst, Listed, Source};
use crate::disk::check::place_in_record;
use crate::disk::{Checked, FileText};
use crate::json::Span;
use crate::rules::{Applicability, Consequence, Finding, Fix, Fixes, Outlook, Rule, Severity};
use crate::settings::Settings;
use serde::Serialize;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, 1-based. Lines end with LF, CRLF or CR.
    pub line: usize,
    /// The column, 1-based, in Unicode scalar values. A byte that isn't UTF-8 counts as one.
    pub column: usize,
    /// The byte in the line, 0-based.
    pub byte: usize,
}

/// The text between two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The place of the first character.
    pub start: Place,
    /// The place after the last character.
    pub end: Place,
}

/// Another place that explains a finding.
#[derive(Clone, Debug)]
pub struct Related {
    /// The file, if it is another file of the dataset.
    pub file: Option<PathBuf>,
    /// The text in that file; empty for a whole line.
    pub range: Range,
    /// How this place explains the finding.
    pub message: String,
}

impl Related {
    /// The file of this place. `path` is the file of the finding.
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
    /// The text at fault; empty if something is missing.
    pub range: Range,
    /// The severity.
    pub severity: Severity,
    /// The rule.
    pub rule: &'static Rule,
    /// The message, on one line.
    pub message: String,
    /// The key or value at fault, as a JSON Pointer; empty for a whole line.
    pub pointer: String,
    /// What the service does if the fault isn't fixed.
    pub consequence: Consequence,
    /// Other places that explain the finding.
    pub related: Vec<Related>,
    /// The fixes, if they were requested.
    pub fixes: Vec<Fix>,
}

/// How safe the best fix of a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fixable {
    /// The fix never changes the meaning.
    Safe,
    /// The fix is probably what the author meant.
    Suggested,
    /// Only a person applies it.
    Manual,
}

impl Fixable {
    /// The safest of these fixes; `None` if there are none.
    #[must_use]
    pub fn best(fixes: &[Fix]) -> Option<Self> {
        let has = |applicability| fixes.iter().any(|fix| fix.applicability == applicability);
        match () {
            () if has(Applicability::Safe) => Some(Self::Safe),
            () if has(Applicability::Suggested) => Some(Self::Suggested),
            () => (!fixes.is_empty()).then_some(Self::Manual),
        }
    }
}

/// A file and its findings.
#[derive(Debug)]
pub struct CheckedFile<'a> {
    /// The file, as it was given or found.
    pub path: &'a Path,
    /// The text of the file.
    pub text: &'a FileText,
    /// How many of its examples would be trained; `None` if it isn't a tuning file.
    pub outlook: Option<Outlook>,
    listed: Vec<Listed>,
    last: RefCell<Line>,
}

/// The line of the last place, kept because a line may have thousands of findings.
#[derive(Debug, Default)]
struct Line {
    /// Its number, 0-based.
    number: Option<usize>,
    text: String,
    /// The offset of its text in the file; `None` if its bytes are not UTF-8.
    start: Option<usize>,
    /// The column at every [`STEP`] bytes.
    columns: Vec<usize>,
}

const STEP: usize = 4 << 10;

impl Line {
    fn read(&mut self, file: &FileText, number: usize) {
        if self.number == Some(number) {
            return;
        }
        let mut buffer = String::new();
        self.number = Some(number);
        self.text.clear();
        self.text.push_str(file.line(number, &mut buffer));
        let is_exact = file.offset(number, self.text.len()) - file.start_of(number) == self.text.len();
        self.start = is_exact.then(|| file.start_of(number));
        self.columns.clear();
        let (mut from, mut column) = (0, 0);
        for step in 0..=self.text.len() / STEP {
            let to = self.text.floor_char_boundary(step * STEP);
            column += self.text[from..to].chars().count();
            self.columns.push(column);
            from = to;
        }
    }

    /// The column of a byte, 0-based, in Unicode scalar values.
    fn column(&self, byte: usize) -> usize {
        let byte = self.text.floor_char_boundary(byte.min(self.text.len()));
        let step = byte / STEP;
        let from = self.text.floor_char_boundary(step * STEP);
        self.columns.get(step).copied().unwrap_or(0) + self.text[from..byte].chars().count()
    }
}

impl<'a> CheckedFile<'a> {
    /// Takes the findings out of `checked`. With `fixes`, analyzes records with findings again to get the fixes.
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
                let key = |finding: &Finding| (finding.rule.code, finding.span);
                // Of several with the same key, the first one counts.
                let by_key: HashMap<_, _> = with_fixes.iter().rev().map(|it| (key(&it.finding), it)).collect();
                for Listed { finding, .. } in record {
                    if let Some(found) = by_key.get(&key(finding)) {
                        Arc::make_mut(finding).fixes.clone_from(&found.finding.fixes);
                    }
                }
            }
        }
        let outlook = verdict.tuning.then(|| verdict.outlook.clone()).filter(|outlook| outlook.records > 0);
        Self { path, text, outlook, listed, last: RefCell::default() }
    }

    /// A settings file and its findings.
    #[must_use]
    pub fn of_settings(path: &'a Path, text: &'a FileText, findings: impl Iterator<Item = Finding>) -> Self {
        Self {
            path,
            text,
            outlook: None,
            listed: findings.map(|finding| Listed { line: 0, finding: Arc::new(finding) }).collect(),
            last: RefCell::default(),
        }
    }

    /// The findings without their places.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.listed.iter().map(|listed| &*listed.finding)
    }

    /// The findings, ordered by place. Each is built on demand in O(its line).
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
                pointer: finding.pointer.clone(),
                consequence: finding.consequence,
                related: related.collect(),
                fixes: finding.fixes.clone(),
            }
        })
    }

    /// The range of a span in the record that starts on `line`, 0-based.
    fn range(&self, line: usize, span: Span) -> Range {
        let start = self.place(line, span.start());
        let end = if span.end() == span.start() { start } else { self.place(line, span.end()) };
        Range { start, end }
    }

    fn place(&self, record: usize, byte: usize) -> Place {
        let mut last = self.last.borrow_mut();
        last.read(self.text, record);
        let (line, byte) =
            if byte <= last.text.len() { (record, byte) } else { place_in_record(self.text, record, byte) };
        last.read(self.text, line);
        Place { line: line + 1, column: last.column(byte) + 1, byte }
    }

    /// Shows a line to `visit`, 1-based.
    pub fn with_line<T>(&self, line: usize, visit: impl FnOnce(&str) -> T) -> T {
        let mut last = self.last.borrow_mut();
        last.read(self.text, line - 1);
        visit(&last.text)
    }

    /// The byte offset of a place in the file, 0-based. O(line), but O(1) for another place in the same line.
    #[must_use]
    pub fn offset(&self, place: Place) -> usize {
        let mut last = self.last.borrow_mut();
        last.read(self.text, place.line - 1);
        if let Some(start) = last.start.filter(|_| place.byte <= last.text.len()) {
            return start + place.byte;
        }
        self.text.offset(place.line - 1, place.byte)
    }
}
