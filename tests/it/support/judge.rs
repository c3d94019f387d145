//! Runs the engine on a text as an editor and as the command line: all findings with their fixes, and every
//! inconsistency between them.

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
    /// The finding's range in the text, in bytes.
    pub bytes: Range<usize>,
    /// The offset of the record, from which the finding's spans count.
    pub record: usize,
    /// The first line of the record, 0-based.
    pub line: usize,
    /// The finding, with its fixes.
    pub finding: Finding,
}

impl Found {
    pub fn code(&self) -> &'static str {
        self.finding.rule.code
    }
}

/// The result for a text.
#[derive(Debug, Default)]
pub struct Judged {
    /// The findings, sorted by place.
    pub found: Vec<Found>,
    /// Inconsistencies.
    pub problems: Vec<String>,
}

/// The settings of a block on the page of the rule `own`. Other rules about the whole file are off unless the block sets
/// them.
///
/// # Errors
/// When the settings are not JSON or have a wrong value.
pub fn settings(json: Option<&str>, own: &str) -> Result<Settings, String> {
    let mut value: serde_json::Value =
        json.map_or(Ok(serde_json::Value::Null), serde_json::from_str).map_err(|error| error.to_string())?;
    // Not a setting: whether the file is an argument of a command.
    let named = value.as_object_mut().and_then(|object| object.remove("named"));
    let (mut settings, problems) = Settings::from_json(&value);
    settings.named = named == Some(true.into());
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

/// Checks a text as a file, and if it is UTF-8 also as a document. Different findings are an inconsistency.
pub fn judge(text: &[u8], settings: &Settings) -> Judged {
    let mut judged = run(&FileText::new(text.to_vec()), text, settings);
    if let Ok(utf8) = std::str::from_utf8(text) {
        let document = Document::new(utf8, 0);
        let other = run(&document, text, settings);
        let lines = |judged: &Judged| judged.found.iter().map(describe).collect::<Vec<_>>();
        // An editor decodes what looks like UTF-16.
        let is_utf16 = lines(&judged).iter().any(|found| found.contains("the file is encoded as UTF-16"));
        if !is_utf16 && lines(&judged) != lines(&other) {
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

/// Checks a file together with another file of its dataset. Both are given as name and text.
pub fn judge_with(own: (&str, &[u8]), other: (&str, &[u8]), settings: &Settings) -> Judged {
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

/// A completely analyzed file.
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

/// Where each line begins. Lines end with LF, CRLF or CR.
fn line_starts(text: &[u8]) -> Vec<usize> {
    let ends =
        (0..text.len()).filter(|&at| text[at] == b'\n' || (text[at] == b'\r' && text.get(at + 1) != Some(&b'\n')));
    std::iter::once(0).chain(ends.map(|at| at + 1)).collect()
}

/// The original offset of byte `at` of the decoded text, in which each byte that is not UTF-8 became one U+FFFD.
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

/// Counting and listing findings are two ways through the same rules, and must agree.
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
        problems.push(format!("{code}: the span {:?} is outside its record", finding.span));
    }
    if finding.related.iter().any(|related| related.line.is_none() && text.get(related.span.range()).is_none()) {
        problems.push(format!("{code}: a related span is outside its record"));
    }
    if finding.message.trim().is_empty() {
        problems.push(format!("{code}: no message"));
    }
    if !finding.rule.severities.contains(&finding.severity) {
        problems.push(format!("{code}: {} is not one of the rule's severities", finding.severity));
    }
    let promised = |fix: &rules::Fix| match finding.rule.fixes {
        rules::Fixes::None => false,
        rules::Fixes::Safe => fix.is_safe(),
        rules::Fixes::Suggested => !fix.is_safe(),
        rules::Fixes::Both => true,
        rules::Fixes::Manual => fix.applicability == rules::Applicability::Manual,
    };
    if let Some(fix) = finding.fixes.iter().find(|fix| !promised(fix)) {
        problems.push(format!("{code}: the fix \"{}\" is not what the rule's row promises", fix.title));
    }
    problems
}

/// An editor gets a span as columns and sends it back: in every encoding it must be the same span again.
fn round_trip(document: &Document, found: &Found) -> Option<String> {
    let rope = document.rope();
    let comes_back = |byte: usize, encoding| {
        let line = rope.byte_to_line(byte);
        let inside = byte - rope.line_to_byte(line);
        let text = document.line(line);
        // A place inside a line ending counts as the end of the line.
        let inside = inside.min(text.len_bytes());
        let column = position::column_of_byte(text, inside, encoding);
        position::byte_of_column(text, column, encoding) == inside
    };
    let bytes = [found.bytes.start, found.bytes.end];
    let encodings = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];
    let lost = encodings.into_iter().find(|&encoding| !bytes.iter().all(|&byte| comes_back(byte, encoding)));
    lost.map(|encoding| format!("{}: the span {:?} is lost in {encoding:?}", found.code(), found.bytes))
}
