//! A text through the engine as an editor and the command line see it: all its findings with their
//! fixes, and whatever is inconsistent about them.

use std::ops::Range;
use std::sync::Arc;
use tuning_ls::analysis::index::dataset::{DatasetState, Member};
use tuning_ls::analysis::{Analyst, Lines, Listed, Source};
use tuning_ls::disk::FileText;
use tuning_ls::disk::datasets::role_of;
use tuning_ls::rules::{self, Finding, OtherFile, Verdict};
use tuning_ls::settings::{Level, Settings};
use tuning_ls::text::{Document, Encoding, position};

/// A finding and its place in the text.
#[derive(Clone, Debug)]
pub struct Found {
    /// The bytes of the text.
    pub bytes: Range<usize>,
    /// The first byte of the record its spans count from.
    pub record: usize,
    /// The first line of that record, 0-based.
    pub line: usize,
    /// The finding itself, with its fixes.
    pub finding: Finding,
}

impl Found {
    /// The code of its rule.
    pub fn code(&self) -> &'static str {
        self.finding.rule.code
    }
}

/// What there is to say about a text.
#[derive(Debug, Default)]
pub struct Judged {
    /// The findings by place.
    pub found: Vec<Found>,
    /// What contradicts itself.
    pub problems: Vec<String>,
}

/// The settings of a block on the page of the rule `own`. Other rules about the whole file are off; what
/// the block itself sets goes before that.
///
/// # Errors
/// When the settings are no JSON or have a wrong value.
pub fn settings(json: Option<&str>, own: &str) -> Result<Settings, String> {
    let value: serde_json::Value =
        json.map_or(Ok(serde_json::Value::Null), serde_json::from_str).map_err(|error| error.to_string())?;
    let (mut settings, problems) = Settings::from_json(&value);
    if let Some(problem) = problems.into_iter().chain(rules::Levels::new(&settings).1).next() {
        return Err(problem);
    }
    let family = rules::FAMILIES.iter().find(|family| family.name == "dataset");
    let rows = family.into_iter().flat_map(|family| family.rules);
    for rule in rows.map(|row| &row.rule).filter(|rule| rule.code != own) {
        settings.rules.entry(rule.code.to_owned()).or_insert(Level::Off);
    }
    Ok(settings)
}

/// Judges a text from scratch: as a file, and as a document when it is UTF-8. Both have to agree.
pub fn judge(text: &[u8], settings: &Settings) -> Judged {
    let mut judged = run(&FileText::new(text.to_vec()), text, settings);
    if let Ok(utf8) = std::str::from_utf8(text) {
        let document = Document::new(utf8, 0);
        let other = run(&document, text, settings);
        let lines = |judged: &Judged| judged.found.iter().map(describe).collect::<Vec<_>>();
        if lines(&judged) != lines(&other) {
            judged.problems.push(format!(
                "the command line finds {:#?}, an editor {:#?}",
                lines(&judged),
                lines(&other)
            ));
        }
        for found in &judged.found {
            judged.problems.extend(round_trip(&document, found));
        }
    }
    judged
}

/// Judges a file beside another one of its dataset; both are given with their names.
pub fn judge_beside(own: (&str, &[u8]), other: (&str, &[u8]), settings: &Settings) -> Judged {
    let files = [own, other].map(|(name, text)| (name, FileText::new(text.to_vec())));
    let mut sessions = [&files[0].1, &files[1].1].map(|source| Session::new(source, settings));
    let mut members: Vec<_> = sessions
        .iter_mut()
        .zip(&files)
        .map(|(session, (name, source))| {
            let file = Arc::new(OtherFile { name: (*name).to_owned(), location: (*name).to_owned() });
            let role = role_of(name).unwrap_or_default();
            Member { lines: &mut session.lines, source, file, role }
        })
        .collect();
    DatasetState::default().relate(&mut members, false, &mut Analyst::new(settings));
    let [mut session, _] = sessions;
    session.verdict = session.lines.judge(&files[0].1, &session.analyst);
    list(session, &files[0].1, own.1, settings)
}

/// A file looked at completely.
struct Session {
    analyst: Analyst,
    lines: Lines,
    verdict: Verdict,
}

impl Session {
    fn new(source: &impl Source, settings: &Settings) -> Self {
        let mut analyst = Analyst::new(settings);
        let mut lines = Lines::new(source);
        while !lines.analyze(source, &mut analyst, usize::MAX) {}
        let verdict = lines.judge(source, &analyst);
        Self { analyst, lines, verdict }
    }
}

fn run(source: &impl Source, text: &[u8], settings: &Settings) -> Judged {
    list(Session::new(source, settings), source, text, settings)
}

fn list(session: Session, source: &impl Source, text: &[u8], settings: &Settings) -> Judged {
    let Session { mut analyst, lines, verdict } = session;
    let listed = lines.list(source, &mut analyst, &verdict, settings.max_diagnostics);
    let mut judged = Judged::default();
    if verdict.total() <= settings.max_diagnostics {
        judged.problems.extend(miscounted(&verdict, &listed));
    }
    for Listed { line, finding } in listed {
        let mut finding = Arc::unwrap_or_clone(finding);
        let with_fixes = lines.findings_at(line, source, &mut analyst, &verdict, true);
        let same = with_fixes.into_iter().map(|listed| Arc::unwrap_or_clone(listed.finding)).find(|other| {
            std::ptr::eq(other.rule, finding.rule) && other.span == finding.span && other.message == finding.message
        });
        if let Some(same) = same {
            finding.fixes = same.fixes;
        }
        let mut buffer = String::new();
        let record = source.record(lines.record_at(line), &mut buffer);
        judged.problems.extend(inconsistent(&finding, record.text));
        let start = line_starts(text).get(line).copied().unwrap_or(text.len());
        let place = |at| start + original(text.get(start..).unwrap_or_default(), at);
        let bytes = place(finding.span.start())..place(finding.span.end());
        judged.found.push(Found { bytes, record: start, line, finding });
    }
    judged.found.sort_by_key(|found| (found.bytes.start, found.bytes.end, found.code()));
    judged
}

/// Where each line begins: lines end with LF, CRLF or CR.
fn line_starts(text: &[u8]) -> Vec<usize> {
    let ends =
        (0..text.len()).filter(|&at| text[at] == b'\n' || (text[at] == b'\r' && text.get(at + 1) != Some(&b'\n')));
    std::iter::once(0).chain(ends.map(|at| at + 1)).collect()
}

/// The byte that byte `at` of the text stands for, in which each byte that is not UTF-8 has become one
/// U+FFFD.
fn original(bytes: &[u8], at: usize) -> usize {
    let (mut seen, mut real) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        if at <= seen + chunk.valid().len() {
            return real + at - seen;
        }
        seen += chunk.valid().len();
        real += chunk.valid().len();
        for _ in chunk.invalid() {
            if at <= seen {
                return real;
            }
            seen += char::REPLACEMENT_CHARACTER.len_utf8();
            real += 1;
        }
    }
    real
}

fn describe(found: &Found) -> String {
    let Found { bytes, finding, .. } = found;
    format!("{}..{} {}[{}] {}", bytes.start, bytes.end, finding.severity, finding.rule.code, finding.message)
}

/// Counting and showing are two ways through the same rules, and have to agree.
fn miscounted(verdict: &Verdict, listed: &[Listed]) -> Vec<String> {
    let of = |code: &str| -> (usize, usize) {
        let counted = verdict.totals.iter().filter(|(rule, ..)| rule.rule().code == code);
        let shown = listed.iter().filter(|listed| listed.finding.rule.code == code);
        (counted.map(|&(.., count)| count as usize).sum(), shown.count())
    };
    let differs = |rule: &&rules::Rule| of(rule.code).0 != of(rule.code).1;
    rules::all()
        .filter(differs)
        .map(|rule| format!("{}: counted {} times, shown {} times", rule.code, of(rule.code).0, of(rule.code).1))
        .collect()
}

fn inconsistent(finding: &Finding, text: &str) -> Vec<String> {
    let code = finding.rule.code;
    let mut problems = Vec::new();
    if text.get(finding.span.range()).is_none() {
        problems.push(format!("{code}: the span {:?} is no text of its record", finding.span));
    }
    if finding.related.iter().any(|related| related.line.is_none() && text.get(related.span.range()).is_none()) {
        problems.push(format!("{code}: a related span is no text of its record"));
    }
    if finding.message.trim().is_empty() {
        problems.push(format!("{code}: no message"));
    }
    if !finding.rule.severities.contains(&finding.severity) {
        problems.push(format!("{code}: {} is none of the rule's severities", finding.severity));
    }
    let promised = |fix: &rules::Fix| match finding.rule.fixes {
        rules::Fixes::None => false,
        rules::Fixes::Safe => fix.safe,
        rules::Fixes::Suggested => !fix.safe,
        rules::Fixes::Both => true,
    };
    if let Some(fix) = finding.fixes.iter().find(|fix| !promised(fix)) {
        problems.push(format!("{code}: the fix \"{}\" is not what the rule's row promises", fix.title));
    }
    problems
}

/// A span that an editor gets as columns and sends back has to be the same span, however it counts.
fn round_trip(document: &Document, found: &Found) -> Option<String> {
    let rope = document.rope();
    let comes_back = |byte: usize, encoding| {
        let line = rope.byte_to_line(byte);
        let inside = byte - rope.line_to_byte(line);
        let text = document.line(line);
        // A place inside a line end is the end of its line.
        let inside = inside.min(text.len_bytes());
        let column = position::column_of_byte(text, inside, encoding);
        position::byte_of_column(text, column, encoding) == inside
    };
    let bytes = [found.bytes.start, found.bytes.end];
    let encodings = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];
    let lost = encodings.into_iter().find(|&encoding| !bytes.iter().all(|&byte| comes_back(byte, encoding)));
    lost.map(|encoding| format!("{}: the span {:?} is lost in {encoding:?}", found.code(), found.bytes))
}
