//! What all lines of a file have to have in common.

use crate::formats::Mark;
use crate::json::Kind;
use crate::rules::Severity::{Error, Warning};
use crate::rules::{Context, Fact, Fixes, Judge, Report, Row, What, file_row, row};
use crate::schema::Means;

/// Lines of several kinds, or with and without media, in one file.
pub(super) const MIXED_SHAPES: Row = file_row(
    "mixed-shapes",
    &[Error, Warning],
    Fixes::None,
    "lines of several kinds, or with and without media, where the service wants one",
    mixed_shapes,
);

/// A field with different JSON kinds in different lines.
pub(super) const COLUMN_TYPE: Row = row(
    "column-type",
    &[Warning],
    Fixes::None,
    "a field whose JSON kind differs between lines, for services that load columns",
    column_type,
)
.judged(judge_column_type);

fn mixed_shapes(judge: &mut Judge<'_>) {
    let service = judge.verdict.service;
    if service.one_kind_per_file {
        let counts = judge.index().counts();
        let kinds = judge.verdict.format.kinds.iter().filter_map(|kind| {
            let fact = Fact::mark(Mark::Known(kind))?;
            Some((*kind, fact, counts.of(fact))).filter(|(.., count)| *count > 0)
        });
        let mut kinds: Vec<_> = kinds.collect();
        kinds.sort_by_key(|(.., count)| std::cmp::Reverse(*count));
        if let [(most, ..), (other, fact, count), ..] = kinds[..] {
            let line = judge.index().first(fact);
            let message = format!(
                "the file mixes {} lines with {count} {} {}; {} expects one kind in a file",
                most.title,
                other.title,
                if count == 1 { "line" } else { "lines" },
                service.title
            );
            if let Some(finding) = judge.on_file(Error, message) {
                finding.related.extend(line.map(|line| (line, format!("the first {} line", other.title))));
            }
        }
    }
    let (examples, with_media) = (judge.verdict.examples, judge.count(What::MULTIMODAL));
    if service.one_modality_per_file && with_media > 0 && with_media < examples {
        let message = format!(
            "{with_media} of {examples} examples have images; {} expects images in all examples or in none",
            service.title
        );
        judge.on_file(Warning, message);
    }
}

/// What the rule counts for itself: what is said as a text, and as a list.
const TEXTS: u16 = 0;
const LISTS: u16 = 1;

fn column_type(context: &Context<'_>, report: &mut Report<'_>) {
    if context.service.loads_columns {
        let values =
            context.fit.pairs.iter().filter(|pair| pair.field.is_some_and(|field| field.means == Means::Content));
        let kinds: Vec<Kind> = values.map(|pair| context.record.kind(pair.node)).collect();
        for (kind, number) in [(Kind::String, TEXTS), (Kind::Array, LISTS)] {
            if kinds.contains(&kind) {
                report.fact(report.own(number));
            }
        }
    }
    if context.input.first {
        report.show_file_findings(context.file_span());
    }
}

fn judge_column_type(judge: &mut Judge<'_>) {
    let (texts, lists) = (judge.count(judge.own(TEXTS)), judge.count(judge.own(LISTS)));
    if texts == 0 || lists == 0 || !judge.verdict.service.loads_columns {
        return;
    }
    let fewer = judge.fact(judge.own(if texts < lists { TEXTS } else { LISTS }));
    let line = judge.index().first(fewer);
    let message = format!(
        "`{}` is a string in {} and a list in {}; {} loads columns, and expects one type",
        judge.verdict.format.name_of(Means::Content),
        examples(texts),
        examples(lists),
        judge.verdict.service.title
    );
    if let Some(finding) = judge.on_file(Warning, message) {
        finding.related.extend(line.map(|line| (line, "the first example of the rarer type".to_owned())));
    }
}

fn examples(count: u32) -> String {
    if count == 1 { "1 example".to_owned() } else { format!("{count} examples") }
}
