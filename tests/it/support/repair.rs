//! An analyzed file to apply fixes to.

use super::judge::Found;
use tuning_ls::analysis::{Analyst, Lines};
use tuning_ls::ide::edits::{Place, TextEdit};
use tuning_ls::ide::fixes::{self, File, Task};
use tuning_ls::rules::{Change, Fix};
use tuning_ls::settings::Settings;
use tuning_ls::text::Document;

/// A file, and the analyst that has analyzed it.
pub struct Open {
    pub document: Document,
    pub lines: Lines,
    analyst: Analyst,
}

impl Open {
    pub fn new(text: &str) -> Self {
        Self::under(text, &Settings::default())
    }

    /// Analyzes a text under these settings.
    pub fn under(text: &str, settings: &Settings) -> Self {
        let document = Document::new(text, 1);
        let mut analyst = Analyst::new(settings);
        let mut lines = Lines::new(&document);
        lines.analyze(&document, &mut analyst, usize::MAX);
        Self { document, lines, analyst }
    }

    /// Analyzes what has changed.
    pub fn analyze(&mut self) {
        self.lines.analyze(&self.document, &mut self.analyst, usize::MAX);
    }

    /// Calls a function with the file and the analyst.
    pub fn with<R>(&mut self, use_it: impl FnOnce(&File<'_, Document>, &mut Analyst) -> R) -> R {
        let verdict = self.lines.judge(&self.document, &self.analyst);
        let Self { document, lines, analyst } = self;
        let file = File { source: &*document, lines: &*lines, verdict: &verdict };
        use_it(&file, analyst)
    }

    pub fn edits(&mut self, task: &Task) -> Vec<TextEdit> {
        self.with(|file, analyst| fixes::edits(file, analyst, task))
    }

    /// The codes of the findings.
    pub fn codes(&mut self) -> Vec<&'static str> {
        let verdict = self.lines.judge(&self.document, &self.analyst);
        let listed = self.lines.list(&self.document, &mut self.analyst, &verdict, usize::MAX);
        listed.iter().map(|listed| listed.finding.rule.code).collect()
    }
}

/// The start of each line, and its length without the line end.
pub fn lines_of(text: &str) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let len = rest.find(['\n', '\r']).unwrap_or(rest.len());
        lines.push((at, len));
        if len == rest.len() {
            return lines;
        }
        at += len + if rest[len..].starts_with("\r\n") { 2 } else { 1 };
    }
}

/// The text with the edits applied. Asserts that they are in order, don't overlap and are inside the lines.
#[track_caller]
pub fn applied(text: &str, edits: &[TextEdit]) -> String {
    let lines = lines_of(text);
    let byte = |place: Place| {
        let (start, len) = lines[place.line];
        assert!(place.byte <= len, "{place:?} is beyond its line");
        start + place.byte
    };
    let (mut out, mut at) = (String::new(), 0);
    for edit in edits {
        let (start, end) = (byte(edit.start), byte(edit.end));
        assert!(at <= start && start <= end, "edits overlap or are out of order: {edits:?}");
        assert!(text[start..end] != edit.text, "this edit changes nothing: {edit:?}");
        out.push_str(&text[at..start]);
        out.push_str(&edit.text);
        at = end;
    }
    out + &text[at..]
}

/// The text after a task.
#[track_caller]
pub fn done(text: &str, task: &Task) -> String {
    done_under(text, task, &Settings::default())
}

/// The text after a task under these settings.
#[track_caller]
pub fn done_under(text: &str, task: &Task, settings: &Settings) -> String {
    applied(text, &Open::under(text, settings).edits(task))
}

/// The task that applies a fix of a finding.
pub fn task_of(found: &Found, fix: &Fix) -> Task {
    let line = found.line;
    match &fix.change {
        Change::Edits(edits) => Task::Record { line, edits: edits.clone() },
        Change::Operation(operation) => Task::Operation { line, operation: *operation },
    }
}

/// The text after the first fix of each of these findings. If edits overlap, only the first one is applied.
#[track_caller]
pub fn first_fixes(text: &str, found: &[&Found], settings: &Settings) -> String {
    let mut open = Open::under(text, settings);
    let (mut accepted, mut operations) = (Vec::new(), Vec::new());
    for found in found {
        match task_of(found, &found.finding.fixes[0]) {
            operation @ Task::Operation { .. } => operations.push(operation),
            task => accept(&mut accepted, open.edits(&task)),
        }
    }
    accepted.sort_by_key(|edit| (edit.start, edit.end));
    // From the last line up, so that the line numbers of the remaining tasks stay valid.
    operations.iter().rev().fold(applied(text, &accepted), |text, task| done_under(&text, task, settings))
}

/// Adds the edits unless one of them overlaps an accepted one.
fn accept(accepted: &mut Vec<TextEdit>, edits: Vec<TextEdit>) {
    let meets = |a: &TextEdit, b: &TextEdit| match a.start == a.end || b.start == b.end {
        true => a.start <= b.end && b.start <= a.end,
        false => a.start < b.end && b.start < a.end,
    };
    if !edits.iter().any(|new| accepted.iter().any(|old| meets(new, old))) {
        accepted.extend(edits);
    }
}

/// The text with everything fixed. Asserts that a second run changes nothing.
#[track_caller]
pub fn fixed(text: &str) -> String {
    let once = done(text, &Task::FixAll);
    assert_eq!(done(&once, &Task::FixAll), once, "a second time changes something; the first was of {text:?}");
    once
}

/// The text with every line canonical. Asserts that a second run changes nothing.
#[track_caller]
pub fn normalized(text: &str) -> String {
    let once = done(text, &Task::NormalizeAll);
    assert_eq!(done(&once, &Task::NormalizeAll), once, "a second time changes something; the first was of {text:?}");
    once
}
