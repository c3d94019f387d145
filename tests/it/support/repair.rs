//! A file that repairs are made in.

use tuning_ls::analysis::{Analyst, Lines};
use tuning_ls::ide::edits::{Place, TextEdit};
use tuning_ls::ide::fixes::{self, File, Task};
use tuning_ls::settings::Settings;
use tuning_ls::text::Document;

/// A file that was looked at, and what looks at it.
pub struct Open {
    pub document: Document,
    pub lines: Lines,
    analyst: Analyst,
    settings: Settings,
}

impl Open {
    /// A file of this text.
    pub fn new(text: &str) -> Self {
        let settings = Settings::default();
        let document = Document::new(text, 1);
        let mut analyst = Analyst::new(&settings);
        let mut lines = Lines::new(&document);
        lines.step(&document, &mut analyst, usize::MAX);
        Self { document, lines, analyst, settings }
    }

    /// Asks something about the file.
    pub fn with<R>(&mut self, use_it: impl FnOnce(&File<'_, Document>, &mut Analyst) -> R) -> R {
        let verdict = self.lines.verdict(&self.document, &self.analyst);
        let Self { document, lines, analyst, settings } = self;
        let file = File { source: &*document, lines: &*lines, verdict: &verdict, settings: &*settings };
        use_it(&file, analyst)
    }

    /// The edits of a task.
    pub fn edits(&mut self, task: &Task) -> Vec<TextEdit> {
        self.with(|file, analyst| fixes::edits(file, analyst, task))
    }

    /// The codes of the findings.
    pub fn codes(&mut self) -> Vec<&'static str> {
        let verdict = self.lines.verdict(&self.document, &self.analyst);
        let listed = self.lines.list(&self.document, &mut self.analyst, &verdict, usize::MAX);
        listed.iter().map(|listed| listed.finding.rule.code).collect()
    }
}

/// Where each line begins, and its length without its line end.
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

/// The text with the edits made, which have to be in order, apart from each other and inside the lines.
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
        assert!(text[start..end] != edit.text, "an edit that changes nothing: {edit:?}");
        out.push_str(&text[at..start]);
        out.push_str(&edit.text);
        at = end;
    }
    out + &text[at..]
}

/// The text after a task.
#[track_caller]
pub fn done(text: &str, task: &Task) -> String {
    let edits = Open::new(text).edits(task);
    applied(text, &edits)
}

/// The text with everything fixed, which has to be all there is to fix.
#[track_caller]
pub fn fixed(text: &str) -> String {
    let once = done(text, &Task::FixAll);
    assert_eq!(done(&once, &Task::FixAll), once, "a second time changes something; the first was of {text:?}");
    once
}

/// The text with every line canonical, which has to be all there is to change.
#[track_caller]
pub fn normalized(text: &str) -> String {
    let once = done(text, &Task::NormalizeAll);
    assert_eq!(done(&once, &Task::NormalizeAll), once, "a second time changes something; the first was of {text:?}");
    once
}
