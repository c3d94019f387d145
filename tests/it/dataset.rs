//! Several files of a dataset: incremental analysis gives the same result as a full one, and an edit costs only
//! what it touches.

use crate::support::dataset::{Files, line, pieces};
use crate::support::properties::editing::{Edit, several_files};
use proptest::prelude::*;
use tuning_ls::analysis::index::dataset::detach;
use tuning_ls::analysis::lines::records::Scanner;
use tuning_ls::analysis::{Analyst, Batch, Lines};
use tuning_ls::rules::Role;
use tuning_ls::settings::Settings;
use tuning_ls::text::Document;

fn text(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces()), 0..most).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn edits_of_several_files_give_what_their_final_texts_give(
        start in prop::collection::vec(text(8), 3),
        edits in prop::collection::vec((0usize..3, any::<prop::sample::Index>(), 0usize..400, text(3), any::<bool>()), 1..12),
    ) {
        let edit = |(file, at, len, text, settles): (_, prop::sample::Index, _, _, _)| Edit { file, at: at.index(10_000), len, text, settles };
        several_files(&start, &edits.into_iter().map(edit).collect::<Vec<_>>());
    }
}

#[test]
fn many_clips_are_compared_as_few_are() {
    let clip = |start: u32, length: u32| line('a', start, start + length, "goal", "LOW") + "\n";
    // A few long clips that begin early, and gaps between the others.
    let train: String = (0..120).map(|number| clip(number * 11, if number % 40 == 0 { 100 } else { 3 })).collect();
    let held_out: Vec<String> = (0..120).map(|number| clip(number * 13 + 5, 1 + number % 4)).collect();
    let mut at_once = Files::open(&[train.clone(), held_out.concat()]);
    at_once.relate();
    let mut one_by_one = Files::open(&[train, String::new()]);
    one_by_one.relate();
    for line in &held_out {
        let end = one_by_one.files[1].0.rope().len_chars();
        one_by_one.edit(1, end, 0, line);
        one_by_one.relate();
    }
    let leaks = at_once.codes(1, "train-validation-overlap");
    assert!(leaks.len() > 20 && leaks.len() < 100, "{}", leaks.len());
    assert_eq!(leaks, one_by_one.codes(1, "train-validation-overlap"));
}

/// A training file with `count` different clips, and a validation file with a tenth of that number.
fn dataset(count: u32) -> Files {
    let clips = |video, count: u32| -> String {
        (0..count).map(|number| line(video, number * 20, number * 20 + 10, "goal", "LOW") + "\n").collect()
    };
    let mut files = Files::open(&[clips('a', count), clips('b', count / 10)]);
    files.relate();
    files
}

#[test]
fn an_edit_costs_the_edit_whatever_the_size_of_the_files() {
    let mut costs = Vec::new();
    for count in [100, 5_000] {
        let mut files = dataset(count);
        assert_eq!(files.codes(1, "train-validation-overlap"), Vec::<String>::new());
        let work = |files: &Files| {
            let of = |file: usize| files.files[file].1.work();
            (of(0), of(1), files.relating.compared)
        };
        let before = work(&files);
        // Give a training line the clip of a validation line.
        let leaked = files.files[1].0.line(3).to_string();
        let (start, end) = (files.files[0].0.rope().line_to_char(70), files.files[0].0.rope().line_to_char(71));
        files.edit(0, start, end - start - 1, &leaked);
        assert_eq!(files.relate()[..2], [false, true]);
        let found = files.codes(1, "train-validation-overlap");
        assert!(
            found.len() == 1 && found[0].starts_with("3 ") && found[0].contains("train.jsonl, line 71"),
            "{found:?}"
        );
        let after = work(&files);
        costs.push((
            after.0.records_analyzed - before.0.records_analyzed,
            after.1.records_analyzed - before.1.records_analyzed,
            after.0.lines_scanned - before.0.lines_scanned,
            after.1.facts_moved - before.1.facts_moved,
            after.2 - before.2,
        ));
        // A new line above moves the training line. Nothing else is compared again.
        files.edit(0, 0, 0, "\n");
        files.relate();
        assert!(files.codes(1, "train-validation-overlap")[0].contains("train.jsonl, line 72"));
        assert_eq!(work(&files).2, after.2);
    }
    assert_eq!(costs[0], costs[1]);
    assert_eq!((costs[0].0, costs[0].1, costs[0].2), (1, 0, 1));
}

#[test]
fn each_file_is_told_of_another_resolution_until_one_of_them_is_fixed() {
    let text = |resolution| line('a', 0, 10, "goal", resolution) + "\n";
    let mut files = Files::open(&[text("LOW"), text("MEDIUM").replace("/a", "/b")]);
    files.relate();
    for file in [0, 1] {
        assert_eq!(files.codes(file, "mixed-media-resolution").len(), 1);
    }
    let at = text("MEDIUM").find("MEDIUM").unwrap();
    files.edit(1, at, 6, "LOW");
    assert_eq!(files.relate(), [true, true]);
    for file in [0, 1] {
        assert_eq!(files.codes(file, "mixed-media-resolution").len(), 0);
    }
}

#[test]
fn a_file_that_leaves_its_dataset_says_nothing_of_it_any_more() {
    let mut files = Files::open(&[line('a', 0, 10, "goal", "LOW") + "\n", line('a', 5, 10, "goal", "MEDIUM") + "\n"]);
    files.relate();
    assert_eq!(files.codes(1, "train.jsonl").len(), 2);
    assert!(detach(&mut files.files[1].1, Role::Validation));
    assert_eq!(files.codes(1, "train.jsonl").len(), 0);
    assert!(!detach(&mut files.files[1].1, Role::Validation));
}

#[test]
fn equal_digests_of_different_examples_are_no_finding() {
    let text = [line('a', 0, 10, "goal", "LOW"), line('b', 0, 10, "goal", "LOW")].join("\n") + "\n";
    let document = Document::new(&text, 0);
    let mut analyst = Analyst::new(&Settings::default());
    let mut lines = Lines::new(&document);
    let contributions =
        tuning_ls::analysis::analyze_records(&document, analyst.settings(), &lines.pending_records(usize::MAX));
    let first = contributions[0].1.meaning.clone();
    for (line, mut contribution) in contributions {
        // Pretend that the digests collide.
        contribution.meaning = contribution.meaning.and(first.clone());
        lines.store(line, contribution);
    }
    let verdict = lines.judge(&document, &analyst);
    let listed = lines.list(&document, &mut analyst, &verdict, usize::MAX);
    assert!(listed.iter().all(|listed| listed.finding.rule.code != "duplicate-example"));
    assert!(lines.copies(1, &document, &mut analyst).is_empty());
}

#[test]
fn a_file_of_more_than_a_gigabyte_is_too_large() {
    let count = 1025;
    let small = line('a', 0, 10, "goal", "LOW");
    // The scan result of one 1 MiB line stands for every line, so the test needs no gigabyte of memory.
    let large = format!("{}{}", small, " ".repeat((1 << 20) - small.len()));
    let scan = Scanner::default().scan(&large);
    let document = Document::new(&format!("{small}\n").repeat(count), 0);
    let mut analyst = Analyst::new(&Settings::default());
    for (lines, expected) in [(count, true), (1023, false)] {
        let mut batch = Batch::default();
        (0..lines).for_each(|_| batch.push_scanned(scan));
        let mut lines = Lines::from_batches([batch]);
        lines.analyze(&document, &mut analyst, usize::MAX);
        let verdict = lines.judge(&document, &analyst);
        let listed = lines.list(&document, &mut analyst, &verdict, usize::MAX);
        let found = listed.iter().find(|listed| listed.finding.rule.code == "file-too-large");
        assert_eq!(found.map(|found| found.finding.message.starts_with("the file has 1074")), expected.then_some(true));
    }
}
