//! Fixes never lose or invent what a person wrote: on files of mutated real lines, what `check --fix` and
//! `check --fix --unsafe-fixes` write keeps every string value.

use crate::support::broken::Choices;
use crate::support::mutations::{broken_line, file_of, real_lines};
use crate::support::properties::keeping::{problem, words};
use crate::support::repair::{Open, applied};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tuning_ls::disk::{FileText, edited, repair};
use tuning_ls::ide::fixes::Task;
use tuning_ls::settings::Settings;

/// How many lines are tried; `KEEPING` in the environment sets another number, and `KEEPING_FROM` the first seed.
const LINES: usize = 600;

/// The places of panics in the product.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The problem of a file, a panic included.
fn checked(lines: &[String], choices: u64, words: &BTreeSet<String>) -> Option<String> {
    let text = file_of(lines, &mut Choices::new(choices));
    let result = catch_unwind(AssertUnwindSafe(|| problem(&text, words)));
    // The product catches a panic of a rule, and goes on without its findings.
    let panicked = PANICS.lock().unwrap().pop();
    match (result, panicked) {
        (Ok(problem), None) => problem,
        (_, panicked) => Some(format!("a panic at {panicked:?}\n  before: {text:?}")),
    }
}

#[test]
fn fixes_keep_every_value() {
    let number = |name: &str| std::env::var(name).ok().and_then(|count| count.parse::<usize>().ok());
    let (count, from) = (number("KEEPING").unwrap_or(LINES), number("KEEPING_FROM").unwrap_or(0));
    let originals = real_lines();
    let words: Vec<_> = originals.iter().map(|line| words(line)).collect();
    let shown = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        if place.starts_with("server") {
            PANICS.lock().unwrap().push(place);
        }
        shown(panic);
    }));
    let (tried, seeds, problems) = (AtomicUsize::new(0), AtomicUsize::new(from), Mutex::new(Vec::new()));
    let work = || {
        while tried.load(Ordering::Relaxed) < count && problems.lock().unwrap().len() < 40 {
            let seed = seeds.fetch_add(1, Ordering::Relaxed) as u64;
            let mut choices = Choices::new(seed * 1_000_003);
            // The examples of a file are alike: neighbors in the sorted list.
            let (first, size) = (choices.below(originals.len()), 1 + choices.below(12));
            let places: Vec<usize> = (first..first + size).map(|place| place % originals.len()).collect();
            let mut lines: Vec<_> = places.iter().map(|place| broken_line(&originals[*place], &mut choices)).collect();
            let kept: BTreeSet<String> = places.iter().flat_map(|place| words[*place].clone()).collect();
            tried.fetch_add(size, Ordering::Relaxed);
            let end = choices.seed;
            let Some(mut found) = checked(&lines, end, &kept) else { continue };
            // Without the lines that have nothing to do with it.
            let mut at = 0;
            while at < lines.len() && lines.len() > 1 {
                let line = lines.remove(at);
                match checked(&lines, end, &kept) {
                    Some(problem) => found = problem,
                    None => {
                        lines.insert(at, line);
                        at += 1;
                    }
                }
            }
            problems.lock().unwrap().push(format!("seed {seed}: {found}"));
        }
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        (0..threads).for_each(|_| drop(scope.spawn(work)));
    });
    let problems = problems.into_inner().unwrap();
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn fixing_everything_leaves_what_a_person_decides() {
    let text = "// {\"contents\": []}\n";
    assert_eq!(applied(text, &Open::new(text).edits(&Task::FixAll)), text);
}

/// The bytes after the fixes that `check --fix` applies.
fn fixed(bytes: &[u8]) -> Vec<u8> {
    let (source, mut out) = (FileText::new(bytes.to_vec()), Vec::new());
    let changes = repair::repair(&source, &Settings::default(), false).unwrap();
    edited::write(&source, &changes, &mut out).unwrap();
    out
}

#[test]
fn line_ends_that_cannot_all_be_changed_stay_in_every_run() {
    let example = |text: &[u8]| {
        [
            b"{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"",
            text,
            b"\"}]},{\"role\":\"model\",\"parts\":[{\"text\":\"b\"}]}]}",
        ]
        .concat()
    };
    for (odd, usual) in [(&b"\r\n"[..], &b"\n"[..]), (b"\n", b"\r\n")] {
        // Without the blank line, as many lines have one end as the other.
        let text = [&example(b"\xE9"), odd, &example(b"a"), usual, usual].concat();
        let once = fixed(&text);
        assert_eq!(once, text[..text.len() - usual.len()], "only the blank line goes");
        assert_eq!(fixed(&once), once);
    }
}
