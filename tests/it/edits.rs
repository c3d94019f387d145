//! Incremental analysis gives the same result as a full one, and costs only what the edit touches.

use crate::support::properties::editing::{Edit, LOW, one_file, pieces, seen};
use proptest::prelude::*;
use tuning_ls::analysis::{Analyst, Lines, analyze};
use tuning_ls::settings::Settings;
use tuning_ls::text::{Change, Document, Encoding, Position};

fn text(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces()), 0..most).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn edits_one_by_one_give_what_the_final_text_gives(
        start in text(12),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..60, text(3), any::<bool>()), 1..12),
        most in prop::sample::select(vec![3usize, 900]),
    ) {
        let edit = |(at, len, text, settles): (prop::sample::Index, _, _, _)| Edit { file: 0, at: at.index(10_000), len, text, settles };
        one_file(&start, &edits.into_iter().map(edit).collect::<Vec<_>>(), most);
    }
}

#[test]
fn a_lone_cr_after_an_unclosed_string_is_counted_in_a_file_of_another_format() {
    let text = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}\n{\"contents\":[\"\r}\n";
    let document = Document::new(text, 0);
    let (_, shown) = seen(&document, &mut Lines::new(&document), &Settings::default());
    assert!(shown.iter().any(|finding| finding.contains("line-ending")), "{shown:?}");
}

/// A file of `count` clean lines, completely analyzed.
fn settled(count: usize) -> (Document, Lines, Analyst) {
    let document = Document::new(&format!("{LOW}\n").repeat(count), 0);
    let mut lines = Lines::new(&document);
    let mut analyst = Analyst::new(&Settings::default());
    lines.analyze(&document, &mut analyst, usize::MAX);
    (document, lines, analyst)
}

fn replace(line: u32, from: u32, to: u32, text: &str) -> Change {
    let at = |character| Position { line, character };
    Change { range: Some(at(from)..at(to)), text: text.to_owned() }
}

#[test]
fn an_edit_costs_its_record_whatever_the_size_of_the_file() {
    let column = u32::try_from(LOW.find("_LOW").unwrap()).unwrap();
    let mut costs = Vec::new();
    for count in [100, 20_000] {
        let (mut document, mut lines, mut analyst) = settled(count);
        let before = lines.work();
        // Change the resolution of one line. The verdict on every other line depends on it.
        let splice = document.apply(&replace(70, column, column + 4, "_HIGH"), Encoding::Utf16);
        lines.splice(splice, &document);
        lines.analyze(&document, &mut analyst, usize::MAX);
        let verdict = lines.judge(&document, &analyst);
        let listed = lines.list(&document, &mut analyst, &verdict, 900);
        let codes: Vec<_> = listed.iter().map(|listed| (listed.line, listed.finding.rule.code)).collect();
        assert!(codes.contains(&(70, "mixed-media-resolution")), "{codes:?}");
        let after = lines.work();
        costs.push((
            after.records_analyzed - before.records_analyzed,
            after.lines_scanned - before.lines_scanned,
            after.facts_moved - before.facts_moved,
        ));
    }
    assert_eq!((costs[0].0, costs[0].1), (1, 1), "one record analysed, one line scanned");
    assert_eq!(costs[0], costs[1], "an edit's cost does not depend on the file's size");
    assert!(costs[0].2 < 30, "the roll-up moves the facts of one record out and of one in: {}", costs[0].2);
}

#[test]
fn a_new_line_costs_the_two_lines_it_makes() {
    let (mut document, mut lines, mut analyst) = settled(5_000);
    let before = lines.work();
    let splice = document.apply(&replace(2_500, 0, 0, "\n"), Encoding::Utf16);
    lines.splice(splice, &document);
    lines.analyze(&document, &mut analyst, usize::MAX);
    let after = lines.work();
    assert_eq!(after.records_analyzed - before.records_analyzed, 2);
    assert_eq!(after.lines_scanned - before.lines_scanned, 2);
}

#[test]
fn a_change_far_away_makes_and_removes_a_finding() {
    let column = u32::try_from(LOW.find("_LOW").unwrap()).unwrap();
    let two = format!("{LOW}\n{}\n", LOW.replace("_LOW", "_MEDIUM")).repeat(1);
    let mut document = Document::new(&format!("{two}{}", format!("{LOW}\n").repeat(900)), 0);
    let mut lines = Lines::new(&document);
    let settings = Settings::default();
    let mixed = |document: &Document, lines: &mut Lines| {
        let (_, shown) = seen(document, lines, &settings);
        shown.into_iter().filter(|shown| shown.contains("mixed-media-resolution")).collect::<Vec<_>>()
    };
    assert_eq!(mixed(&document, &mut lines).len(), 1);
    let splice = document.apply(&replace(1, column, column + 7, "_LOW"), Encoding::Utf16);
    lines.splice(splice, &document);
    assert!(mixed(&document, &mut lines).is_empty());
    let splice = document.apply(&replace(900, column, column + 4, "_HIGH"), Encoding::Utf16);
    lines.splice(splice, &document);
    let found = mixed(&document, &mut lines);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("900 "), "{found:?}");
}

#[test]
fn a_file_looked_at_piece_by_piece_has_the_same_records() {
    // Examples over many lines, closed and unclosed, across the borders of all blocks.
    let long = |lines: usize, end: &str| format!("{{\n{}{end}", "\"a\":1,\n".repeat(lines));
    let text = [long(4_000, "}\n"), long(7_000, "}\n"), long(9_900, ""), long(3_000, "}\n"), format!("{LOW}\n")];
    let document = Document::new(&text.concat(), 0);
    let settings = Settings::default();
    let mut analyst = Analyst::new(&settings);
    let whole: Vec<_> = Lines::new(&document).records().collect();
    for block in [100, 3_333, 20_000] {
        let starts = (0..document.line_count()).step_by(block);
        let blocks = starts.map(|start| analyze(&document, &mut analyst, start..start + block));
        let lines = Lines::from_batches(blocks);
        assert_eq!(lines.records().collect::<Vec<_>>(), whole, "in blocks of {block} lines");
    }
}
