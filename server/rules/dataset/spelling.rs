//! Labels that are probably another label, spelled differently.

use super::labels::{labels, spellings};
use crate::example::meaning::{label_text, without_variants};
use crate::json::{Edit, lexer};
use crate::rules::Severity::Hint;
use crate::rules::{Context, FaultKind, Fix, Fixes, Judge, LabelVariant, Needs, Report, Row, row};
use std::sync::Arc;

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
    if text != *found.label {
        return;
    }
    let span = context.record.span(node);
    report.show(Hint, span, |finding| {
        let LabelVariant { label, count, usual, usual_count, in_letter, .. } = found;
        let (shown, usual_shown, count, usual_count) = (label.trim(), usual.trim(), times(count), times(usual_count));
        let mut title = format!("Change to `{usual_shown}`");
        let edit = vec![Edit::replace(span, lexer::quote(&usual))];
        finding.effect("The model learns them as two labels");
        if shown == usual_shown {
            let (how, its) = at_ends(&label, &usual);
            finding.says(format!("the label `{shown}` ({count}) {how}; the usual one {its} ({usual_count})"));
            title += if *usual == *usual_shown { " without white space at its ends" } else { " with its white space" };
        } else {
            let how = if in_letter { "in one letter" } else { "in letter case, white space or final punctuation" };
            finding
                .says(format!("the label `{shown}` ({count}) differs from `{usual_shown}` ({usual_count}) only {how}"));
        }
        finding.fix(|| Some(Fix::manual(title, edit)));
    });
}

/// How two spellings of a label differ in white space at their ends: what the first one does, and what the usual one does.
fn at_ends(label: &str, usual: &str) -> (String, String) {
    let start = |text: &str| name(&text[..text.len() - text.trim_start().len()]);
    let end = |text: &str| name(&text[text.trim_end().len()..]);
    let differ = |verb: &str, own: Option<&str>, usual: Option<&str>| match (own, usual) {
        (Some(own), None) => (format!("{verb}s with {own}"), "doesn't".to_owned()),
        (None, Some(usual)) => (format!("doesn't {verb} with {usual}"), "does".to_owned()),
        (own, usual) => {
            let with = |space: Option<&str>| format!("{verb}s with {}", space.unwrap_or_default());
            (with(own), with(usual))
        }
    };
    match (label.trim_start() == usual.trim_start(), label.trim_end() == usual.trim_end()) {
        (true, _) => differ("start", start(label), start(usual)),
        (_, true) => differ("end", end(label), end(usual)),
        _ => ("has other white space at both ends".to_owned(), "occurs more often".to_owned()),
    }
}

/// White space, for a message.
fn name(space: &str) -> Option<&'static str> {
    Some(match space {
        "" => return None,
        " " => "a space",
        "\n" | "\r\n" => "a line break",
        "\t" => "a tab",
        "\u{A0}" => "a no-break space",
        _ => "white space",
    })
}

fn times(count: u32) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn judge_labels(judge: &mut Judge<'_>) {
    let labelled: u32 = labels(judge).iter().map(|(_, count)| count).sum();
    let mut labels = spellings(judge);
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
    use super::{at_ends, is_one_letter};

    #[test]
    fn white_space_at_the_ends_is_named() {
        for (label, usual, does, its) in [
            ("yes ", "yes", "ends with a space", "doesn't"),
            ("yes", "yes\n", "doesn't end with a line break", "does"),
            ("yes\t", "yes ", "ends with a tab", "ends with a space"),
            ("\u{a0}yes", "yes", "starts with a no-break space", "doesn't"),
            (" yes  ", "yes", "has other white space at both ends", "occurs more often"),
        ] {
            assert_eq!(at_ends(label, usual), (does.to_owned(), its.to_owned()));
        }
    }

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
