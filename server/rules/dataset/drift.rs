//! Instructions or prompts that are probably those of most examples, with a mistake in them.

use crate::example::meaning::{fixed_text, without_variants};
use crate::json::{Edit, lexer};
use crate::rules::Severity::Hint;
use crate::rules::wording::count_of;
use crate::rules::{Context, FaultKind, Fix, Fixes, Judge, Needs, Report, Row, TextVariant, row};
use std::sync::Arc;

/// The most examples with one variant that are looked at.
const MAX_LINES: usize = 100;

/// With more examples than this, one finding stands for all.
const MAX_FINDINGS: u32 = 20;

/// How often the usual text must occur for each occurrence of one with other letters.
const TIMES: u32 = 20;

/// The most letters that are added or missing by mistake, and the most that are replaced.
const MAX_ADDED: usize = 3;
const MAX_REPLACED: usize = 2;

/// The longest words that a message shows, in characters.
const MAX_SHOWN: usize = 30;

/// Instructions or prompts that differ a little from those of most examples.
pub(super) const INSTRUCTION_DRIFT: Row = row(
    "instruction-drift",
    &[Hint],
    Fixes::Manual,
    "instructions or a prompt a few characters off those of most examples",
    instruction_drift,
)
.fault(FaultKind::Meaning)
.needs(Needs::VERDICT)
.judged(judge_texts);

fn instruction_drift(context: &Context<'_>, report: &mut Report<'_>) {
    let Some((verdict, line)) = report.verdict().zip(report.line()) else { return };
    let Some(found) = verdict.text_variants.iter().find(|variant| variant.lines.contains(&line)).cloned() else {
        return;
    };
    let Some((node, text, is_instruction)) = fixed_text(context.record, context.example) else { return };
    if text != *found.text || !(found.shown_on.is_none_or(|shown| shown == line) || report.wants_all()) {
        return;
    }
    let span = context.record.span(node);
    let noun = if is_instruction { "instructions" } else { "prompt" };
    report.show(Hint, span, |finding| {
        let TextVariant { usual, usual_count, usual_line, all, shown_on, .. } = found;
        let here = if is_instruction { "these instructions differ" } else { "this prompt differs" };
        let others = count_of(usual_count, "other example");
        let how = match words(&text, &usual) {
            Some((own, other)) => format!("`{own}` where they have `{other}`"),
            None => "a few characters".to_owned(),
        };
        let like_it = if shown_on.is_some() { format!(" ({all} in this file)") } else { String::new() };
        finding
            .says(format!("{here} from {others} in {how}{like_it}"))
            .effect("The model sees two versions of one text")
            .related_line(usual_line, format!("the first example with the usual {noun}"))
            .fix(|| {
                let edit = Edit::replace(span, lexer::quote(&usual));
                Some(Fix::manual(format!("Use the {noun} of the other examples"), vec![edit]))
            });
    });
}

/// The words in which two texts differ; `None` if there are none in one of them, or if they are long.
fn words<'a>(one: &'a str, other: &'a str) -> Option<(&'a str, &'a str)> {
    let (start, end) = same_ends(one, other);
    // From the start of a word to the end of one.
    let start = one[..start].rfind(char::is_whitespace).map_or(0, |at| at + width(one, at));
    let word_end = |text: &str| {
        let from = text.len() - end;
        from + text[from..].find(char::is_whitespace).unwrap_or(end)
    };
    let (one, other) = (one.get(start..word_end(one))?, other.get(start..word_end(other))?);
    let is_short = |text: &str| !text.trim().is_empty() && text.chars().nth(MAX_SHOWN).is_none();
    let is_plain = |text: &str| !text.contains('`') && !text.contains(char::is_control);
    (is_short(one) && is_short(other) && is_plain(one) && is_plain(other)).then_some((one, other))
}

fn width(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(0, char::len_utf8)
}

/// The bytes that two texts have in common at the start and, after that, at the end.
fn same_ends(one: &str, other: &str) -> (usize, usize) {
    let same = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    let start = same(&mut one.chars().zip(other.chars()));
    let end = same(&mut one[start..].chars().rev().zip(other[start..].chars().rev()));
    (start, end)
}

fn judge_texts(judge: &mut Judge<'_>) {
    let mut texts = judge.index().fixed_texts();
    let all: u64 = texts.iter().map(|(_, count)| u64::from(*count)).sum();
    let Some(place) = texts.iter().position(|(_, count)| u64::from(*count) * 2 > all) else { return };
    let (usual, usual_count) = texts.swap_remove(place);
    texts.retain(|(text, count)| is_near(&usual, usual_count, text, *count));
    if texts.is_empty() {
        return;
    }
    let all = texts.iter().map(|(_, count)| count).sum();
    let usual_line = judge.index().line_of_fixed_text(&usual).unwrap_or_default();
    let variant = |(text, _): (Arc<str>, u32)| {
        let lines = judge.index().lines_of_fixed_text(&text, MAX_LINES);
        let usual = Arc::clone(&usual);
        TextVariant { text, usual, usual_count, usual_line, lines, all, shown_on: None }
    };
    let mut variants: Vec<TextVariant> = texts.into_iter().map(variant).collect();
    let lines = || variants.iter().flat_map(|variant| variant.lines.iter().copied());
    let shown: Vec<usize> = if all > MAX_FINDINGS { lines().min().into_iter().collect() } else { lines().collect() };
    if all > MAX_FINDINGS {
        variants.iter_mut().for_each(|variant| variant.shown_on = shown.first().copied());
    }
    shown.into_iter().for_each(|line| judge.at_line(line, Hint));
    judge.verdict.text_variants = variants;
}

/// Whether a text is probably the usual one with a mistake in it. Digits tell texts apart.
fn is_near(usual: &str, usual_count: u32, text: &str, count: u32) -> bool {
    let (start, end) = same_ends(usual, text);
    let middle = |text: &str| text.get(start..text.len() - end).unwrap_or_default().to_owned();
    let (one, other) = (middle(usual), middle(text));
    if one.chars().chain(other.chars()).any(char::is_numeric) {
        return false;
    }
    if count < usual_count && without_variants(usual) == without_variants(text) {
        return true;
    }
    let (one, other) = (one.chars().count(), other.chars().count());
    let is_short = one.max(other) <= if one.min(other) == 0 { MAX_ADDED } else { MAX_REPLACED };
    is_short && usual_count / TIMES >= count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_near_and_another_text_is_not() {
        let usual = "Answer in one positive word, in English.";
        for near in [
            "Answer in one positve word, in English.",
            "Answer in one psoitive word, in English.",
            "Answer in one positive word, in English",
            "answer in one positive  word, in English.",
            "Answer in one positive word, English.",
        ] {
            assert!(is_near(usual, 40, near, 1), "{near}");
        }
        for far in [
            "Answer in one negative word, in English.",
            "Answer in 1 positive word, in English.",
            "Answer in one positive word, in German.",
            "Say yes.",
        ] {
            assert!(!is_near(usual, 40, far, 1), "{far}");
        }
        assert!(!is_near(usual, 10, "Answer in one positve word, in English.", 1), "both may be meant");
    }

    #[test]
    fn the_words_that_differ_are_whole() {
        let usual = "Is it ägood? Say why.";
        assert_eq!(words("Is it ägod? Say why.", usual), Some(("ägod?", "ägood?")));
        assert_eq!(words("Is it ägood? Say wy.", usual), Some(("wy.", "why.")));
        assert_eq!(words("is it ägood? Say why.", usual), Some(("is", "Is")));
        assert_eq!(words("Is it ägood? Say why. ", usual), Some(("why. ", "why.")));
        assert_eq!(words("Is it `ägood? Say why.", usual), None);
    }
}
