//! Several files of a dataset: incremental analysis gives the same result as a full one, and an edit costs only
//! what it touches.

use proptest::prelude::*;
use std::sync::Arc;
use tuning_ls::analysis::index::dataset::{DatasetState, Member, detach};
use tuning_ls::analysis::lines::records::Scanner;
use tuning_ls::analysis::{Analyst, Batch, Lines};
use tuning_ls::rules::{OtherFile, Role};
use tuning_ls::settings::Settings;
use tuning_ls::text::{Change, Document, Encoding, Position};

/// An example about a segment of a video.
fn line(video: char, start: u32, end: u32, label: &str, resolution: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"gs://clips/{video}.mp4","mimeType":"video/mp4"}},"videoMetadata":{{"startOffset":"{start}s","endOffset":"{end}s"}}}},{{"text":"What?"}}]}},{{"role":"model","parts":[{{"text":"{label}"}}]}}],"generationConfig":{{"mediaResolution":"MEDIA_RESOLUTION_{resolution}"}}}}"#
    )
}

fn pieces() -> Vec<String> {
    let mut pieces = Vec::new();
    for (video, start, end, label, resolution) in [
        ('a', 0, 10, "goal", "LOW"),
        ('a', 5, 15, "goal", "LOW"),
        ('a', 10, 20, "foul", "MEDIUM"),
        ('b', 0, 10, "goal", "LOW"),
        ('b', 0, 10, "foul", "LOW"),
        ('b', 0, 9, "goal", "MEDIUM"),
    ] {
        pieces.push(line(video, start, end, label, resolution) + "\n");
    }
    pieces.push(line('a', 0, 10, "goal", "LOW").replace(':', " : ") + "\n");
    pieces.push(line('a', 0, 10, "goal", "LOW"));
    pieces.extend(["\n", "{\"contents\":[]}\n", "x", "{"].map(str::to_owned));
    pieces
}

fn text(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces()), 0..most).prop_map(|pieces| pieces.concat())
}

/// The files of a dataset, as an editor has them open.
struct Files {
    files: Vec<(Document, Lines)>,
    relating: DatasetState,
    analyst: Analyst,
}

const NAMES: [(&str, Role); 3] =
    [("train.jsonl", Role::Training), ("validation.jsonl", Role::Validation), ("test.jsonl", Role::Test)];

impl Files {
    fn open(texts: &[String]) -> Self {
        let open = |text: &String| {
            let document = Document::new(text, 0);
            let lines = Lines::new(&document);
            (document, lines)
        };
        let analyst = Analyst::new(&Settings { max_diagnostics: usize::MAX, ..Settings::default() });
        Self { files: texts.iter().map(open).collect(), relating: DatasetState::default(), analyst }
    }

    fn edit(&mut self, file: usize, from: usize, len: usize, text: &str) {
        let (document, lines) = &mut self.files[file];
        let from = from.min(document.rope().len_chars());
        let to = (from + len).min(document.rope().len_chars());
        let place = |char: usize| {
            let line = document.rope().char_to_line(char);
            let start = document.rope().line_to_char(line);
            Position { line: u32::try_from(line).unwrap(), character: u32::try_from(char - start).unwrap() }
        };
        let change = Change { range: Some(place(from)..place(to)), text: text.to_owned() };
        let splice = document.apply(&change, Encoding::Utf32);
        lines.splice(splice, document);
    }

    fn relate(&mut self) -> Vec<bool> {
        for (document, lines) in &mut self.files {
            lines.analyze(document, &mut self.analyst, usize::MAX);
        }
        let mut members: Vec<_> = self
            .files
            .iter_mut()
            .zip(NAMES)
            .map(|((document, lines), (name, role))| {
                let file = Arc::new(OtherFile { name: name.to_owned(), location: name.to_owned() });
                Member { lines, source: document, file, role }
            })
            .collect();
        self.relating.relate(&mut members, false, &mut self.analyst)
    }

    /// All findings of each file.
    fn found(&mut self) -> Vec<Vec<String>> {
        let Self { files, analyst, .. } = self;
        files
            .iter()
            .map(|(document, lines)| {
                let verdict = lines.judge(document, analyst);
                let listed = lines.list(document, analyst, &verdict, usize::MAX);
                assert_eq!(verdict.total(), listed.len(), "what is counted is what is listed");
                let shown = listed.into_iter().map(|listed| {
                    let finding = listed.finding;
                    format!("{} {} {} {:?}", listed.line, finding.rule.code, finding.message, finding.related)
                });
                shown.collect()
            })
            .collect()
    }

    fn codes(&mut self, file: usize, code: &str) -> Vec<String> {
        self.found().swap_remove(file).into_iter().filter(|found| found.contains(code)).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn edits_of_several_files_give_what_their_final_texts_give(
        start in prop::collection::vec(text(8), 3),
        edits in prop::collection::vec((0usize..3, any::<prop::sample::Index>(), 0usize..400, text(3), any::<bool>()), 1..12),
    ) {
        let mut files = Files::open(&start);
        let mut before = None;
        for (file, at, len, text, settle) in edits {
            let chars = files.files[file].0.rope().len_chars();
            files.edit(file, at.index(chars + 1), len, &text);
            if settle {
                let changed = files.relate();
                let found = files.found();
                // A file reported as unchanged has the same findings as before.
                if let Some((edited, before)) = before.replace((file, found.clone())) {
                    let same = |other: &usize| *other != file && *other != edited && !changed[*other];
                    let before: &Vec<Vec<String>> = &before;
                    for other in (0..3).filter(same) {
                        prop_assert_eq!(&found[other], &before[other]);
                    }
                }
            } else {
                before = None;
            }
        }
        files.relate();
        let texts: Vec<_> = files.files.iter().map(|(document, _)| document.rope().to_string()).collect();
        let mut fresh = Files::open(&texts);
        fresh.relate();
        prop_assert_eq!(files.found(), fresh.found(), "{:?}", texts);
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
