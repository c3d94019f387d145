//! Labels that are probably another label, spelled differently.

use crate::example::meaning::{label_text, without_variants};
use crate::json::{Edit, lexer};
use crate::rules::Severity::Hint;
use crate::rules::{Context, FaultKind, Fix, Fixes, Judge, LabelVariant, Needs, Report, Row, row};
use std::sync::Arc;

/// With more different targets than this, they are not labels.
const MAX_CLASSES: usize = 50;

/// The most examples with a variant of one label that are reported.
const MAX_LINES: usize = 100;

/// How often the usual spelling must occur for each occurrence of one that differs in a letter.
const TIMES: u32 = 20;

/// The shortest label that may differ in a letter by mistake.
const MIN_LETTERS: usize = 4;

/// Labels that differ from a more frequent one only in spelling.
pub(super) const LABEL_SPELLING: Row = row(
    "label-spelling",
    &[Hint],
    Fixes::Manual,
    "a label that is probably a more frequent one, spelled differently",
    label_spelling,
)
.fault(FaultKind::Meaning)
.needs(Needs::VERDICT)
.judged(judge_labels);

fn label_spelling(context: &Context<'_>, report: &mut Report<'_>) {
    let Some((verdict, line)) = report.verdict().zip(report.line()) else { return };
    let Some(found) = verdict.label_variants.iter().find(|variant| variant.lines.contains(&line)).cloned() else {
        return;
    };
    let Some((node, text)) = label_text(context.record, context.example) else { return };
    if text.trim() != &*found.label {
        return;
    }
    let span = context.record.span(node);
    report.show(Hint, span, |finding| {
        let LabelVariant { label, count, usual, usual_count, in_letter, .. } = found;
        let how = if in_letter { "in one letter" } else { "in letter case, white space or final punctuation" };
        finding
            .says(format!(
                "the label `{label}` ({}) differs from `{usual}` ({}) only {how}",
                times(count),
                times(usual_count)
            ))
            .effect("The model learns them as two labels")
            .fix(|| Some(Fix::manual(format!("Change to `{usual}`"), vec![Edit::replace(span, lexer::quote(&usual))])));
    });
}

fn times(count: u32) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn judge_labels(judge: &mut Judge<'_>) {
    let mut labels = judge.index().labels(MAX_CLASSES);
    let labelled: u32 = labels.iter().map(|(_, count)| count).sum();
    // Up to one in ten targets may be longer than a label.
    if labels.len() < 2 || u64::from(labelled) * 10 < u64::from(judge.verdict.targets) * 9 {
        return;
    }
    labels.sort_by(|(a, fewer), (b, more)| more.cmp(fewer).then_with(|| a.cmp(b)));
    let plain: Vec<String> = labels.iter().map(|(label, _)| without_variants(label)).collect();
    let mut variants = Vec::new();
    for (place, (label, count)) in labels.iter().enumerate() {
        let usual = labels[..place].iter().enumerate().find_map(|(other, (usual, usual_count))| {
            // Without a more frequent spelling, neither is the usual one.
            let is_variant = count < usual_count && plain[other] == plain[place];
            let in_letter = !is_variant && usual_count / TIMES >= *count && is_one_letter(usual, label);
            (is_variant || in_letter).then_some((usual, *usual_count, in_letter))
        });
        let Some((usual, usual_count, in_letter)) = usual else { continue };
        let lines = judge.index().lines_of_label(label, MAX_LINES);
        let (label, usual) = (Arc::clone(label), Arc::clone(usual));
        variants.push(LabelVariant { label, count: *count, usual, usual_count, in_letter, lines });
    }
    for variant in &variants {
        variant.lines.iter().for_each(|line| judge.at_line(*line, Hint));
    }
    judge.verdict.label_variants = variants;
}

/// Whether two labels differ in one letter: another, an additional or a missing one, or two in the other order. Digits and
/// signs tell labels apart.
fn is_one_letter(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().min(other.len()) < MIN_LETTERS || one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[start..], &other[start..]);
    let same_end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let same_end = same_end.min(one.len()).min(other.len());
    let (one, other) = (&one[..one.len() - same_end], &other[..other.len() - same_end]);
    let letters = one.iter().chain(other).all(|letter| letter.is_alphabetic());
    letters
        && match (one, other) {
            ([_], []) | ([], [_]) => true,
            ([_], [_]) => true,
            ([a, b], [c, d]) => a == d && b == c,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::is_one_letter;

    #[test]
    fn one_letter_is_a_typing_mistake_and_a_digit_is_not() {
        for (one, other) in
            [("goal", "gaol"), ("goal", "goall"), ("corner", "corer"), ("throw-in", "thraw-in"), ("aaaa", "aaaaa")]
        {
            assert!(is_one_letter(one, other) && is_one_letter(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("goal", "foul"),
            ("set 1", "set 2"),
            ("win", "won"),
            ("goal", "goal"),
            ("a-b-c", "a-b+c"),
            ("no goal", "goal"),
        ] {
            assert!(!is_one_letter(one, other) && !is_one_letter(other, one), "{one} {other}");
        }
    }
}
