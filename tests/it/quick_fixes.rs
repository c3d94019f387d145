//! A quick fix removes its finding: on mutated real lines of every format, each fix that is offered is applied.

use crate::support::broken::Choices;
use crate::support::judge;
use crate::support::mutations::{broken_line, real_lines};
use crate::support::repair::{Open, applied, task_of};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tuning_ls::rules::{Change, Finding};
use tuning_ls::settings::{Level, Settings};

/// How many lines are tried; `QUICK_FIXES` in the environment sets another number, and `QUICK_FIXES_FROM` the first seed.
const LINES: usize = 250;

fn settings() -> Settings {
    let rules = ["too-few-examples", "no-examples"].map(|code| (code.to_owned(), Level::Off));
    Settings { rules: rules.into(), max_diagnostics: usize::MAX, ..Settings::default() }
}

/// The findings of a text that are the same as this one for a reader.
fn count(text: &str, wanted: &Finding) -> usize {
    let found = judge::judge(text.as_bytes(), &settings()).found;
    let same = found
        .iter()
        .map(|found| &found.finding)
        .filter(|it| it.rule.code == wanted.rule.code && it.message == wanted.message && it.pointer == wanted.pointer);
    same.count()
}

/// The fixes of a line that leave their finding.
fn problems(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for found in judge::judge(text.as_bytes(), &settings()).found {
        for fix in &found.finding.fixes {
            let edits = Open::under(text, &settings()).edits(&task_of(&found, fix));
            let what = || format!("{}: {} ({})\n  before: {text:?}", found.code(), fix.title, found.finding.message);
            if edits.is_empty() {
                // An editor leaves out an operation that turns out to be impossible.
                if matches!(fix.change, Change::Edits(_)) {
                    problems.push(format!("does nothing: {}", what()));
                }
                continue;
            }
            let after = applied(text, &edits);
            if count(&after, &found.finding) >= count(text, &found.finding) {
                problems.push(format!("leaves its finding: {}\n  after:  {after:?}", what()));
            }
        }
    }
    problems
}

#[test]
fn every_fix_removes_its_finding() {
    let number = |name: &str| std::env::var(name).ok().and_then(|count| count.parse::<usize>().ok());
    let from = number("QUICK_FIXES_FROM").unwrap_or(0);
    let to = from + number("QUICK_FIXES").unwrap_or(LINES);
    let originals = real_lines();
    let (next, found) = (AtomicUsize::new(from), Mutex::new(Vec::new()));
    let work = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= to {
            return;
        }
        let mut choices = Choices::new(seed as u64 * 1_000_003 + 7);
        let line = broken_line(&originals[choices.below(originals.len())], &mut choices);
        let problems = problems(&format!("{line}\n"));
        found.lock().unwrap().extend(problems.into_iter().map(|problem| format!("seed {seed}: {problem}")));
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        (0..threads).for_each(|_| drop(scope.spawn(work)));
    });
    let found = found.into_inner().unwrap();
    assert!(found.is_empty(), "{} problems:\n{}", found.len(), found.join("\n"));
}
