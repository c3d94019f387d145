//! Properties that all lines of a file must share.

use crate::formats::service::SameData;
use crate::formats::{LineKind, Mark, Target};
use crate::json::Kind;
use crate::rules::Severity::{Error, Information, Warning};
use crate::rules::wording::count_of;
use crate::rules::{Consequence, Context, Fact, FaultKind, Fixes, Judge, Needs, Report, Row, What, file_row, row};
use crate::schema::{Extra, Means};

/// A file that mixes kinds of lines, or lines with and without media.
pub(super) const MIXED_SHAPES: Row = file_row(
    "mixed-shapes",
    &[Error, Warning],
    Fixes::None,
    "lines of different kinds, or with and without media, in one file",
    mixed_shapes,
)
.fault(FaultKind::File);

/// Texts in some lines where others have lists, and different data for a grader.
pub(super) const COLUMN_TYPE: Row = row(
    "column-type",
    &[Warning, Information],
    Fixes::None,
    "text in some lines where others have a list, or grader data that some lines lack",
    column_type,
)
.fault(FaultKind::File)
.needs(Needs::COLUMNS)
.judged(judge_column_type);

fn mixed_shapes(judge: &mut Judge<'_>) {
    let service = judge.verdict.service;
    if service.one_kind_per_file {
        let (counts, format) = (judge.index().counts(), judge.verdict.format);
        // The vendor's own service takes prompts with and without data for a grader.
        let prompts = if service == format.default_service() { judge.verdict.prompts } else { 0 };
        // A kind that the service doesn't train has a finding of its own.
        let kinds = format.kinds.iter().filter(|kind| service.takes_kind(kind.id));
        let kinds = kinds.filter_map(|kind| {
            let fact = Fact::mark(Mark::Known(kind))?;
            let prompts = if *kind == format.kinds[0] { prompts } else { 0 };
            Some((*kind, fact, counts.of(fact).saturating_sub(prompts))).filter(|(.., count)| *count > 0)
        });
        let mut kinds: Vec<_> = kinds.collect();
        kinds.sort_by_key(|(.., count)| std::cmp::Reverse(*count));
        if let [(most, ..), (other, fact, count), ..] = kinds[..] {
            let line = judge.index().first(fact);
            let lines = if count == 1 { "line" } else { "lines" };
            let place = line.map_or_else(String::new, |line| format!(" (first in line {})", line + 1));
            let message = format!(
                "the file mixes {} lines with {count} {} {lines}{place}; {} expects one kind per file",
                most.title, other.title, service.title
            );
            if let Some(finding) = judge.on_file(Error, message) {
                finding.effect = Some(match service.consequence(FaultKind::File) {
                    Consequence::JobFails => service.effect(Consequence::JobFails, true),
                    _ => format!("{} rejects the file", service.title),
                });
                finding.related.extend(line.map(|line| (line, format!("the first {} line", other.title))));
            }
        }
    }
    let (examples, with_media) = (judge.verdict.examples, judge.count(What::MULTIMODAL));
    if service.one_modality_per_file && with_media > 0 && with_media < examples {
        let have = if with_media == 1 { "has" } else { "have" };
        let message = format!(
            "{with_media} of {examples} examples {have} images; {} expects images in all examples or in none",
            service.title
        );
        let drops = service.consequence(FaultKind::File) == Consequence::Dropped;
        let (severity, effect) = match drops {
            true => (Warning, format!("{} silently drops the examples without images", service.title)),
            false => (Error, format!("{} rejects the file", service.title)),
        };
        if let Some(finding) = judge.on_file(severity, message) {
            finding.effect = Some(effect);
            if drops {
                judge.verdict.outlook.drop_more(examples - with_media);
            }
        }
    }
}

/// The rule's own counts: examples with a content that is a string, and with one that is a list.
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
    count_data(context, report);
    if context.input.first {
        report.show_file_findings(context.file_span());
    }
}

/// Adds up a number that stands for the keys of a line's data for a grader, and its square: both together tell whether
/// all lines have the same keys. Each service counts either this or the types of contents.
fn count_data(context: &Context<'_>, report: &mut Report<'_>) {
    let is_counted = context.service.same_data != SameData::Free && context.kind.target == Target::Nothing;
    let (record, root) = (context.record, context.kind.root);
    if !is_counted || context.structure_is_hidden() || record.root().is_none() {
        return;
    }
    let mut keys: Vec<_> = if root.extra == Extra::Data {
        record.children(0).map(|node| record.key(node)).filter(|key| root.field(key).is_none()).collect()
    } else {
        let data = record.member(0, context.kind.told_by);
        data.into_iter().flat_map(|data| record.children(data)).map(|node| record.key(node)).collect()
    };
    keys.sort_unstable();
    // The square of a 16-bit number fits into an amount, which has 32 bits.
    let number = u64::from(
        keys.iter()
            .flat_map(|key| key.bytes().chain([0]))
            .fold(1_u16, |number, byte| number.rotate_left(5).wrapping_mul(31).wrapping_add(u16::from(byte) + 1)),
    );
    report.amount(report.own(TEXTS), number);
    report.amount(report.own(LISTS), number * number);
}

/// Reports lines with different data for a grader.
fn judge_data(judge: &mut Judge<'_>) {
    let (severity, effect) = match judge.verdict.service.same_data {
        SameData::Free => return,
        SameData::Usual => (Information, "A grader can't read a key that a line lacks".to_owned()),
        SameData::Checked => {
            (Warning, format!("The validator of {} reports different keys", judge.verdict.service.title))
        }
    };
    let format = judge.verdict.format;
    let of_kind = |kind: &&LineKind| kind.target == Target::Nothing;
    let Some(kind) = format.kinds.iter().copied().find(of_kind) else { return };
    let sum = |number| u128::from(judge.index().counts().sum(judge.fact(judge.own(number))));
    let (sum, squares) = (sum(TEXTS), sum(LISTS));
    // If all numbers are the same, the first is a divisor of the second, which is one of the square of the first.
    if sum == 0 || (squares % sum == 0 && sum.pow(2) % squares == 0) {
        return;
    }
    let keys = match kind.root.extra {
        Extra::Data => "keys for the grader".to_owned(),
        _ => format!("keys in `{}`", kind.told_by),
    };
    if let Some(finding) =
        judge.on_file(severity, format!("the lines have different {keys}; expected the same on each"))
    {
        finding.effect = Some(effect);
    }
}

fn judge_column_type(judge: &mut Judge<'_>) {
    judge_data(judge);
    let (texts, lists) = (judge.count(judge.own(TEXTS)), judge.count(judge.own(LISTS)));
    if texts == 0 || lists == 0 || !judge.verdict.service.loads_columns {
        return;
    }
    let fewer = judge.fact(judge.own(if texts < lists { TEXTS } else { LISTS }));
    let line = judge.index().first(fewer);
    let message = format!(
        "`{}` is a string in {} and a list in {}; {} needs one type in all lines",
        judge.verdict.format.name_of(Means::Content),
        count_of(texts, "example"),
        count_of(lists, "example"),
        judge.verdict.service.title
    );
    if let Some(finding) = judge.on_file(Warning, message) {
        finding.related.extend(line.map(|line| (line, "the first example of the rarer type".to_owned())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::FORMATS;

    #[test]
    fn a_service_counts_types_of_contents_or_keys() {
        for service in FORMATS.iter().flat_map(|format| format.services) {
            assert!(service.same_data == SameData::Free || !service.loads_columns, "{}", service.title);
        }
    }
}
