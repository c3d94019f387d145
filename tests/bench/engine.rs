//! Benchmarks of the engine's parts: the scanner, the parser, the rules on clean records and on faulty ones of each
//! family, the verdict on a file, an edit, and the list of findings.
//!
//! The data comes from `gen.py`. A fifth of each line is structure; the rest is strings, with escapes and some non-ASCII
//! text.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::process::Command;
use tuning_ls::analysis::lines::records::Scanner;
use tuning_ls::analysis::{self, Analyst, Lines};
use tuning_ls::json::{Layouts, Parser};
use tuning_ls::rules::Input;
use tuning_ls::settings::Settings;
use tuning_ls::text::{Change, Document, Encoding, Position};

/// The faults of `gen.py`, by the family of rules that finds them.
const FAULTS: [(&str, &str); 6] = [
    ("json", "trailing-comma,truncated,missing-quote,single-quotes,raw-tab-in-string,bad-escape,two-values"),
    ("shape", "duplicate-key,no-contents,empty-parts,unknown-field,text-not-string"),
    ("turns", "bad-role,ends-with-user"),
    ("media", "no-mime-type,bad-mime-type,bad-uri"),
    ("segment", "bad-offset,reversed-offsets"),
    ("dataset", "bad-resolution,mixed-resolution"),
];

/// Lines of `gen.py`, about a kilobyte each.
fn lines(count: usize, more: &[&str]) -> Vec<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/gen.py");
    let output = Command::new("python3").args([script, "--lines", &count.to_string()]).args(more).output().unwrap();
    assert!(output.status.success(), "gen.py needs Python 3");
    // One of the faults is a byte that is not UTF-8.
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

fn size(lines: &[String]) -> Throughput {
    Throughput::Bytes(lines.iter().map(|line| line.len() as u64 + 1).sum())
}

fn analyze(analyst: &mut Analyst, lines: &[String]) {
    for line in lines {
        let input = Input { text: line, lines: 1, ..Default::default() };
        black_box(analyst.contribution(&input));
    }
}

fn record(criterion: &mut Criterion) {
    let clean = lines(4_000, &[]);
    let mut group = criterion.benchmark_group("record");
    group.throughput(size(&clean));
    group.bench_function("scan", |bencher| {
        let mut scanner = Scanner::default();
        bencher.iter(|| {
            for line in &clean {
                black_box(scanner.scan(line));
            }
        });
    });
    group.bench_function("parse", |bencher| {
        let mut parser = Parser::default();
        bencher.iter(|| {
            clean.iter().for_each(|line| {
                parser.parse(line);
                black_box(parser.tree());
            });
        });
    });
    group.bench_function("parse, by layouts", |bencher| {
        let (mut parser, mut layouts) = (Parser::default(), Layouts::<()>::default());
        bencher.iter(|| {
            for line in &clean {
                black_box(layouts.parse(&mut parser, line));
            }
        });
    });
    let mut analyst = Analyst::new(&Settings::default());
    group.bench_function("all rules, clean", |bencher| bencher.iter(|| analyze(&mut analyst, &clean)));
    for (family, faults) in FAULTS {
        let faulty = lines(1_000, &["--bad-rate", "1", "--faults", faults]);
        group.throughput(size(&faulty));
        let name = format!("all rules, {family} faults");
        group.bench_function(name, |bencher| bencher.iter(|| analyze(&mut analyst, &faulty)));
    }
    group.finish();
}

fn file(criterion: &mut Criterion) {
    let all = lines(10_000, &["--bad-rate", "0.1"]);
    let text = all.join("\n");
    let settings = Settings::default();
    let mut analyst = Analyst::new(&settings);
    let mut document = Document::new(&text, 0);
    let mut group = criterion.benchmark_group("file of 10,000 lines");
    group.throughput(size(&all));
    group.bench_function("rope", |bencher| bencher.iter(|| black_box(Document::new(&text, 0))));
    group.bench_function("look at", |bencher| {
        bencher.iter(|| black_box(analysis::analyze(&document, &mut analyst, 0..all.len())))
    });
    group.finish();

    let mut lines = Lines::new(&document);
    lines.analyze(&document, &mut analyst, usize::MAX);
    let mut group = criterion.benchmark_group("file of 10,000 lines, 1,000 with faults");
    group.bench_function("verdict", |bencher| bencher.iter(|| black_box(lines.judge(&document, &analyst))));
    let verdict = lines.judge(&document, &analyst);
    group.bench_function("list", |bencher| {
        bencher.iter(|| black_box(lines.list(&document, &mut analyst, &verdict, 900)));
    });
    let at = |character| Position { line: 5_000, character };
    let changes = [
        Change { range: Some(at(1)..at(1)), text: "x".to_owned() },
        Change { range: Some(at(1)..at(2)), text: String::new() },
    ];
    group.bench_function("type a letter and delete it", |bencher| {
        bencher.iter(|| {
            for change in &changes {
                let splice = document.apply(change, Encoding::Utf16);
                lines.splice(splice, &document);
                black_box(lines.analyze(&document, &mut analyst, usize::MAX));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, record, file);
criterion_main!(benches);
