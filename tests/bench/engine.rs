//! The parts: scanner, parser, all rules over a record.
//!
//! The data is made here, in the shape that `gen.py` has: a fifth of a line is structure, the rest strings with
//! escapes and some text beyond ASCII.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::process::Command;
use tuning_ls::analysis::records::Scanner;
use tuning_ls::analysis::{Analyst, Lines};
use tuning_ls::json::Parser;
use tuning_ls::settings::Settings;
use tuning_ls::text::Document;

/// 4,000 lines of `gen.py`, about 4 MB.
fn lines() -> Vec<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/gen.py");
    let output = Command::new("python3").args([script, "--lines", "4000"]).output().unwrap();
    assert!(output.status.success(), "gen.py needs Python 3");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn engine(criterion: &mut Criterion) {
    let lines = lines();
    let bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
    let mut group = criterion.benchmark_group("record");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("scan", |bencher| {
        let mut scanner = Scanner::default();
        bencher.iter(|| {
            for line in &lines {
                black_box(scanner.scan(line));
            }
        });
    });
    group.bench_function("parse", |bencher| {
        let mut parser = Parser::default();
        bencher.iter(|| {
            lines.iter().for_each(|line| {
                parser.parse(line);
                black_box(parser.tree());
            });
        });
    });
    group.bench_function("all rules", |bencher| {
        let mut analyst = Analyst::new(&Settings::default());
        bencher.iter(|| {
            for line in &lines {
                let input = tuning_ls::rules::Input { text: line, lines: 1, ..Default::default() };
                black_box(analyst.contribution(&input));
            }
        });
    });
    group.finish();

    let text = lines.join("\n");
    let mut group = criterion.benchmark_group("file");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("rope", |bencher| bencher.iter(|| black_box(Document::new(&text, 0))));
    group.bench_function("open", |bencher| {
        let document = Document::new(&text, 0);
        let mut analyst = Analyst::new(&Settings::default());
        bencher.iter(|| {
            let mut lines = Lines::new(&document);
            lines.step(&document, &mut analyst, usize::MAX);
            black_box(lines.verdict(&document, &analyst))
        });
    });
    group.finish();
}

criterion_group!(benches, engine);
criterion_main!(benches);
