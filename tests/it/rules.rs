//! The pages of the rules: each page is both the documentation and the test of its rule.
//!
//! A page `fixtures/rules/<code>.md` has this frame: `# <code>`, an empty line, a one-line summary, an empty line, and
//! the sections `## What it does`, `## Why it matters`, `## Example` and `## How to fix it`. Two more sections are
//! optional: `## When to ignore it` and `## Cases`. Lines before `## Cases` have at most 80 columns. `## Cases` holds
//! the examples that only the test needs; `tuning-ls explain` and the editors leave it out.
//!
//! Examples are fenced blocks:
//!
//! ````text
//! ```jsonl
//! {"contents":[],}
//!               ^ [trailing-comma] before `}`
//! ```
//! ````
//!
//! A line of carets marks findings on the line above it. Each run of carets is one finding: it covers exactly these
//! characters, has this code, and its message contains the text after the code. A caret just after the end of a line
//! marks an empty span there. Any finding without a mark is an error. Rules about the whole file are off, except on
//! their own page.
//!
//! The word `jsonl` can be followed by any of these words:
//!
//! - `clean`: the block has no findings.
//! - `fixed`: the result of fixing the page's own findings in the block before it. If their first fixes are safe, all
//!   safe fixes are applied, otherwise the first fix of each finding. The findings that remain are marked as in any
//!   other block.
//! - `record`: a record that is pretty-printed for the reader. Its lines are joined without their indentation; an empty
//!   line ends the record. A span that continues on the next line is marked to the end of the line.
//! - `in=FRAME`: a fragment of a record, which is placed into the frame of that name in `tests/it/support/frames.rs`.
//!   Its lines are joined like those of `record`; an empty line ends the fragment.
//! - `escaped`: `\x{FF}` stands for that byte, `\u{2028}` for that character and `\r` for a carriage return. Every other
//!   backslash is literal. Carets count the characters of the page.
//! - `no-newline`: the last line has no line break.
//! - `named`: the user named the file, instead of a folder that contains it.
//! - `repeat=N`: the first line (with `record` or `in=FRAME`, the first record) occurs N times before the other lines.
//!   Findings in the copies are not compared.
//! - `file=NAME`: a second file of the dataset; the block before it is `train.jsonl`. Each file is checked together
//!   with the other.
//!
//! A ```` ```toml ```` block is the text of a `tuning-ls.toml`, with the same marks and words.
//!
//! A ```` ```json settings ```` block holds the settings for the next block and the `fixed` block after that.
//!
//! A ```` ```csv ```` block is the media manifest for the next block and the `fixed` block after that. The word
//! `complete=PREFIX` says that it lists all files whose location has that prefix, as a folder with local copies does.
//!
//! `PAGE=<code> cargo test --test it rules::` checks one page.

use crate::support::judge::{self, Found, Judged};
use crate::support::page::{self, Block, Kind, Language, Page};
use crate::support::promises;
use crate::support::repair::{done_under, first_fixes};
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use tuning_ls::disk::{FileText, baseline};
use tuning_ls::ide::fixes::Task;
use tuning_ls::rules::configuration::ConfigFinding;
use tuning_ls::rules::{self, Severity};
use tuning_ls::settings::Settings;
use tuning_ls::settings::baseline::{Baseline, Entry};

fn pages() -> Vec<Page> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut files: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    files.iter().filter_map(|file| Page::read(file).ok()).collect()
}

#[test]
fn every_rule_has_its_page_and_every_page_its_rule() {
    let pages = pages();
    let mut problems = Vec::new();
    for rule in rules::all() {
        match pages.iter().find(|page| page.code == rule.code) {
            None => problems.push(format!("{}: no page fixtures/rules/{0}.md", rule.code)),
            Some(page) if rules::pages::page(rule.code) != Some(&page.text) => problems.push(format!(
                "{}: the page compiled in is an older one; save server/rules/pages.rs and run again",
                rule.code
            )),
            Some(page) => problems.extend(incomplete(page)),
        }
    }
    let strays = pages.iter().filter(|page| rules::by_code(&page.code).is_none());
    problems.extend(strays.map(|page| format!("fixtures/rules/{}.md: there is no such rule", page.code)));
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// The problems of a page's frame and examples.
fn incomplete(page: &Page) -> Vec<String> {
    let mut lacks = Vec::new();
    let mut lines = page.text.lines();
    let head = [lines.next(), lines.next(), lines.next(), lines.next()].map(Option::unwrap_or_default);
    if head[0] != format!("# {}", page.code) || !head[1].is_empty() || head[2].is_empty() || !head[3].is_empty() {
        lacks.push("it must start with `# <code>`, an empty line, a one-line summary and an empty line".to_owned());
    }
    lacks.extend(misframed(page));
    let fires = |block: &Block| block.kind == Kind::Firing && block.marks.iter().any(|mark| mark.code == page.code);
    // A page can't contain that much; tests/it/dataset.rs and limits.rs cover these rules.
    let is_large = matches!(page.code.as_str(), "file-too-large" | "record-too-long");
    if !page.blocks.iter().any(fires) && !is_large {
        lacks.push("it has no block in which the rule fires".to_owned());
    }
    if !page.blocks.iter().any(|block| block.kind == Kind::Clean) {
        lacks.push("it has no clean block".to_owned());
    }
    lacks.into_iter().map(|lack| format!("fixtures/rules/{}.md: {lack}", page.code)).collect()
}

/// The sections of a page, in order; `!` marks the required ones.
const SECTIONS: [&str; 6] =
    ["!What it does", "!Why it matters", "!Example", "!How to fix it", "When to ignore it", "Cases"];

/// The longest line, in columns, that readers are shown.
const WIDTH: usize = 80;

/// How a page departs from the common frame: wrong sections, or lines that are too wide for a terminal.
fn misframed(page: &Page) -> Option<String> {
    let has: Vec<_> = page.text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let wanted = |section: &&str| section.starts_with('!') || has.contains(section);
    let expected: Vec<_> =
        SECTIONS.iter().filter(|section| wanted(section)).map(|name| name.trim_start_matches('!')).collect();
    if has != expected {
        return Some(format!("its sections are {has:?} instead of {expected:?}"));
    }
    let shown = rules::pages::reading(&page.code).unwrap_or_default();
    let wide = shown.lines().find(|line| line.chars().count() > WIDTH)?;
    Some(format!("this line is wider than {WIDTH} columns: {wide}"))
}

#[test]
fn every_page_finds_and_fixes_what_it_says() {
    let only = std::env::var("PAGE").ok();
    assert!(only.as_deref().is_none_or(|code| rules::by_code(code).is_some()), "there is no page {only:?}");
    let mut problems = Vec::new();
    for page in pages().iter().filter(|page| only.as_ref().is_none_or(|only| *only == page.code)) {
        problems.extend(page.problems.iter().cloned());
        let mut firing: Option<(&Block, Settings)> = None;
        for (place, block) in page.blocks.iter().enumerate() {
            let settings = match judge::settings(block.settings.as_deref(), &page.code) {
                Ok(settings) => Settings { media: block.media.clone().map(Arc::new), ..settings },
                Err(problem) => {
                    problems.push(located(page, block, &format!("its settings: {problem}")));
                    continue;
                }
            };
            let settings = match (&block.kind, &firing) {
                (Kind::Fixed, Some((before, settings))) => {
                    problems.extend(fixed(page, before, block, settings));
                    settings.clone()
                }
                (Kind::Fixed, None) => {
                    problems.push(located(page, block, "there is no firing block before it"));
                    settings
                }
                _ => settings,
            };
            problems.extend(compare(page, block, other_file(page, place), &settings));
            if block.language == Language::JsonLines {
                let broken = promises::broken(&block.text, &settings);
                let left = left_when_accepted(&block.text, &settings);
                problems.extend(broken.iter().chain(&left).map(|problem| located(page, block, problem)));
            }
            firing = (block.kind == Kind::Firing).then_some((block, settings));
        }
    }
    assert!(problems.is_empty(), "\n\n{}\n\n{} problems\n", problems.join("\n\n"), problems.len());
}

/// The other file in the dataset of a block: the block before a second file, or the second file after a block.
fn other_file(page: &Page, place: usize) -> Option<&Block> {
    match page.blocks[place].file {
        Some(_) => place.checked_sub(1).and_then(|before| page.blocks.get(before)),
        None => page.blocks.get(place + 1).filter(|next| next.file.is_some()),
    }
}

fn located(page: &Page, block: &Block, problem: &str) -> String {
    format!("fixtures/rules/{}.md:{}: {problem}", page.code, block.line)
}

/// Findings that a baseline of all findings leaves, and problems with a baseline of every second one.
fn left_when_accepted(text: &[u8], settings: &Settings) -> Vec<String> {
    let entries = baseline::entries(&FileText::new(text.to_vec()), settings, None);
    let under = |entries: &BTreeSet<Entry>| {
        let accepted = Baseline::read(&Baseline::text(entries)).map(Arc::new);
        judge::judge(text, &Settings { baseline: accepted.ok(), ..settings.clone() })
    };
    let all = under(&entries);
    let left = all.found.iter().filter(|found| !found.finding.of_file);
    let left = left.map(|found| format!("in the baseline, but found: [{}] {}", found.code(), found.finding.message));
    let half = under(&entries.iter().step_by(2).cloned().collect());
    left.chain(all.problems.clone()).chain(half.problems).collect()
}

/// A finding, in the form that marks are compared with.
struct Seen {
    bytes: Range<usize>,
    code: &'static str,
    severity: Severity,
    message: String,
}

impl Seen {
    fn of(found: &Found) -> Self {
        let (bytes, finding) = (found.bytes.clone(), &found.finding);
        Self { bytes, code: found.code(), severity: finding.severity, message: finding.message.clone() }
    }
}

/// The findings on the text of a `tuning-ls.toml`.
fn seen_in_settings(text: &[u8]) -> Vec<Seen> {
    let findings = rules::configuration::read_configuration(&String::from_utf8_lossy(text)).1.into_iter();
    let seen = findings.map(|finding| {
        let ConfigFinding { rule, severity, span, message } = finding;
        Seen { bytes: span, code: rule.code, severity, message }
    });
    seen.collect()
}

/// The differences between the findings of a block and its marks.
fn compare(page: &Page, block: &Block, other: Option<&Block>, settings: &Settings) -> Vec<String> {
    let judged = match (block.language, other) {
        (Language::Toml, _) => Judged::default(),
        (Language::JsonLines, None) => judge::judge(&block.text, settings),
        (Language::JsonLines, Some(other)) => judge::judge_with(file_of(block), file_of(other), settings),
    };
    let mut problems = judged.problems;
    let mut found: Vec<_> = match block.language {
        Language::JsonLines => judged.found.iter().map(Seen::of).collect(),
        Language::Toml => seen_in_settings(&block.text),
    };
    found.retain(|found| !block.copies.contains(&found.bytes.start));
    if block.kind == Kind::Clean && !block.marks.is_empty() {
        problems.push("marks in a clean block".to_owned());
    }
    let whole = block.text.len();
    let is_utf16 = found.iter().any(|found| found.code == "invalid-utf8" && found.bytes.is_empty());
    for mark in &block.marks {
        // A UTF-16 file has no readable text, so its finding has an empty span.
        let bytes = if is_utf16 { 0..0 } else { mark.bytes.start.min(whole)..mark.bytes.end.min(whole) };
        let fits = |found: &Seen| {
            let goes_on = mark.open && found.bytes.start == bytes.start && found.bytes.end > bytes.end;
            found.code == mark.code && (found.bytes == bytes || goes_on) && found.message.contains(&mark.message)
        };
        match found.iter().position(fits) {
            Some(place) => {
                found.remove(place);
            }
            None => problems.push(format!(
                "line {}: expected [{}] {}\n{}",
                mark.line,
                mark.code,
                mark.message,
                page.text
                    .lines()
                    .skip(mark.line - 2)
                    .take(2)
                    .map(|line| format!("    {line}"))
                    .collect::<Vec<_>>()
                    .join("\n")
            )),
        }
    }
    problems.extend(found.iter().map(|found| unmarked(page, block, found)));
    problems.iter().map(|problem| located(page, block, problem)).collect()
}

/// The name and text of a block as a file of a dataset.
fn file_of(block: &Block) -> (&str, &[u8]) {
    (block.file.as_deref().unwrap_or("train.jsonl"), &block.text)
}

/// The problem of a finding without a mark, with the mark it needs.
fn unmarked(page: &Page, block: &Block, found: &Seen) -> String {
    let severity = found.severity;
    let what = format!("[{}] {}", found.code, found.message);
    let holds = |row: &&page::Row| {
        let (first, last) = (row.bytes.first().copied(), row.bytes.last().copied());
        first.is_some_and(|first| first <= found.bytes.start) && last.is_some_and(|last| found.bytes.start <= last)
    };
    let Some(row) = block.rows.iter().rev().find(holds) else {
        return format!("found without a mark: {severity}{what} at byte {} of the block", found.bytes.start);
    };
    let start = row.column(found.bytes.start);
    let end = row.column(found.bytes.end).max(start + 1);
    let text = page.text.lines().nth(row.line - 1).unwrap_or_default();
    format!(
        "line {}: found without a mark: {severity}\n    {text}\n    {}{} {what}",
        row.line,
        " ".repeat(start),
        "^".repeat(end - start)
    )
}

/// The difference between the fixed text of a block and the `fixed` block after it.
fn fixed(page: &Page, before: &Block, after: &Block, settings: &Settings) -> Option<String> {
    let (Ok(text), Ok(expected)) = (std::str::from_utf8(&before.text), std::str::from_utf8(&after.text)) else {
        return Some(located(page, after, "text that is not UTF-8 can't be fixed"));
    };
    let judged = judge::judge(&before.text, settings);
    let own: Vec<_> = judged.found.iter().filter(|found| found.code() == page.code).collect();
    let with_fix: Vec<_> = own.iter().copied().filter(|found| !found.finding.fixes.is_empty()).collect();
    if with_fix.is_empty() {
        return Some(located(page, after, "no finding of the block before has a fix"));
    }
    let safe = with_fix.iter().all(|found| found.finding.fixes[0].is_safe());
    let (kind, result) = match safe {
        true => ("all safe fixes", done_under(text, &Task::FixAll, settings)),
        false => ("the first fix of each finding", first_fixes(text, &with_fix, settings)),
    };
    let differs = || format!("{kind} make of line {}\n    {result:?}\n  expected\n    {expected:?}", before.line);
    (result != expected).then(|| located(page, after, &differs()))
}
