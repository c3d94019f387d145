//! The summary of a dataset, for a status line and as a page.

use crate::analysis::Lines;
use crate::example::shared::{SharedField, SharedValue};
use crate::example::tokens::grouped;
use crate::ide::hints;
use crate::ide::statistics::{Findings, TokenSums};
use crate::rules::wording::count_of;
use crate::rules::{FileIndex, Outlook, Severity, Verdict, What};
use std::fmt::Write;

/// The most rules that the page names.
const MAX_RULES: usize = 20;

/// The figures of a file. They are counted already, so the file's size doesn't matter.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Whether it is a tuning file. If not, only its JSON is checked.
    pub tuning: bool,
    pub examples: u32,
    /// How many of its records would be trained.
    pub outlook: Outlook,
    /// The field whose value all examples must share, if the format has one, and the expected value; `None` when nothing
    /// sets it.
    pub shared: Option<(&'static SharedField, Option<SharedValue>)>,
    /// The number of examples that set each shared value, or none although they have video or images. Without zeros.
    pub shared_values: Vec<(Option<SharedValue>, u32)>,
    pub tokens: Tokens,
    pub dropped: u32,
    /// Such as `11.0%`.
    pub dropped_percent: String,
    pub fails: bool,
    /// The percentage of dropped examples above which a job fails.
    pub drop_percent: Option<u64>,
    /// The number of findings at each severity, in the order of [`Severity::ALL`](crate::rules::Severity::ALL).
    pub findings: [u32; 4],
    /// The number of findings of each rule, worst and most frequent first.
    pub rules: Vec<Findings>,
}

/// The estimated tokens of all examples of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    pub sums: TokenSums,
    /// Examples counted only in part, because the size of something is unknown.
    pub incomplete: u32,
    /// Video frames that aren't counted, because neither their line nor the file sets a resolution.
    pub uncounted_frames: u64,
}

impl Tokens {
    fn new(lines: &Lines, verdict: &Verdict) -> Self {
        let counts = FileIndex::counts(lines);
        let fact = |what: What| what.of(verdict.format.id());
        let frames = counts.sum(fact(What::FRAMES_OF_FILE));
        let of_file = verdict.shared.and_then(|value| verdict.limits.frame_tokens(value));
        Self {
            sums: TokenSums {
                video: counts.sum(fact(What::TOKENS_VIDEO)) + frames * u64::from(of_file.unwrap_or(0)),
                sound: counts.sum(fact(What::TOKENS_SOUND)),
                images: counts.sum(fact(What::TOKENS_IMAGES)),
                text: counts.sum(fact(What::TOKENS_TEXT)),
            },
            incomplete: counts.of(fact(What::TOKENS_UNKNOWN)),
            uncounted_frames: if of_file.is_none() { frames } else { 0 },
        }
    }

    /// In words: `about 12,345 (video 12,000, text 345)`.
    pub fn text(&self) -> String {
        let about = if self.incomplete == 0 && self.uncounted_frames == 0 { "about" } else { "at least" };
        let mut out = format!("{about} {}", grouped(self.sums.total()));
        let parts: Vec<_> = self.sums.parts().map(|(name, tokens)| format!("{name} {}", grouped(tokens))).collect();
        if parts.len() > 1 {
            let _ = write!(out, " ({})", parts.join(", "));
        }
        if self.incomplete > 0 {
            let _ = write!(out, "; {} counted only in part", count_of(self.incomplete, "example"));
        }
        if self.uncounted_frames > 0 {
            let _ = write!(out, "; {} frames without a resolution not counted", grouped(self.uncounted_frames));
        }
        out
    }
}

impl Summary {
    /// The figures of an analyzed file.
    pub fn new(lines: &Lines, verdict: &Verdict) -> Self {
        let (counts, format) = (FileIndex::counts(lines), verdict.format);
        let of_all = |what| counts.of_all(format.id(), what);
        let set = SharedValue::ALL.into_iter().map(|value| (Some(value), of_all(What::shared(value))));
        let shared_values = set.chain([(None, of_all(What::NO_SHARED))]);
        let mut findings = [0; 4];
        for &(_, severity, count) in &verdict.totals {
            findings[severity as usize] += count;
        }
        Self {
            tuning: verdict.tuning,
            examples: verdict.examples,
            outlook: verdict.outlook.clone(),
            shared: format.words.shared.map(|field| (field, verdict.shared)),
            shared_values: shared_values.filter(|(_, count)| *count > 0).collect(),
            tokens: Tokens::new(lines, verdict),
            dropped: verdict.dropped,
            dropped_percent: verdict.dropped_percent(),
            fails: verdict.fails(),
            drop_percent: verdict.limits.drop_percent,
            findings,
            rules: Findings::of(verdict),
        }
    }

    pub fn is_mixed(&self) -> bool {
        self.shared_values.iter().filter(|(value, _)| value.is_some()).count() > 1
    }

    /// The shared value in a word or two; `None` if it is not known.
    fn shared_label(&self) -> Option<&'static str> {
        let (field, value) = self.shared?;
        value.map(|value| if self.is_mixed() { field.mixed } else { field.label(value) })
    }

    /// One line, such as `1,000 examples, LOW`, or `982 of 1,000 examples would be trained: 18 rejected, LOW`.
    #[must_use]
    pub fn headline(&self) -> String {
        if !self.tuning {
            return "not a tuning file: only its JSON is checked".to_owned();
        }
        let mut text = match &self.outlook {
            outlook if outlook.trained() < outlook.records || outlook.fails.is_some() => outlook.to_string(),
            outlook => {
                let unknown = outlook.unknown().map_or_else(String::new, |unknown| format!("; {unknown}"));
                format!("{}{unknown}", count_of(self.examples, "example"))
            }
        };
        if let Some(label) = self.shared_label() {
            let _ = write!(text, ", {label}");
        }
        text
    }

    /// The figures for a status bar, such as `982 examples · 3 errors · LOW`: of the findings only the worst. `None` if it is
    /// not a tuning file.
    #[must_use]
    pub fn status(&self) -> Option<String> {
        if !self.tuning {
            return None;
        }
        let mut parts = vec![count_of(grouped(self.examples.into()), "example")];
        let worst = Severity::ALL.into_iter().zip(self.findings).find(|(_, count)| *count > 0);
        if let Some((severity @ (Severity::Error | Severity::Warning), count)) = worst {
            parts.push(count_of(grouped(count.into()), &severity.to_string()));
        }
        parts.extend(self.shared_label().map(str::to_owned));
        Some(parts.join(" · "))
    }

    /// The figures in one short line, such as `982 examples · 98.2% trained · ~3.1M tokens · LOW`; `None` if it is not a
    /// tuning file.
    pub fn lens(&self) -> Option<String> {
        if !self.tuning {
            return None;
        }
        let mut parts = vec![count_of(grouped(self.examples.into()), "example")];
        let (trained, records) = (u64::from(self.outlook.trained()), u64::from(self.outlook.records));
        // Rounded down, so that 100% means all.
        if let Some(tenths) = (trained * 1_000).checked_div(records) {
            let tenths = if tenths.is_multiple_of(10) { String::new() } else { format!(".{}", tenths % 10) };
            parts.push(format!("{}{tenths}% trained", trained * 100 / records));
        }
        let tokens = &self.tokens;
        let complete = tokens.incomplete == 0 && tokens.uncounted_frames == 0;
        parts.extend(Some(hints::tokens(tokens.sums.total(), complete)).filter(|_| tokens.sums.total() > 0));
        parts.extend(self.shared_label().map(str::to_owned));
        Some(parts.join(" · "))
    }

    /// The findings in words, such as `3 errors, 1 hint`, or `no findings`.
    pub fn findings_text(&self) -> String {
        let words = ["error", "warning", "information", "hint"];
        let counted = self.findings.iter().zip(words).filter(|(count, _)| **count > 0);
        let parts = counted.map(|(&count, word)| match word {
            "information" => format!("{count} information"),
            _ => count_of(count, word),
        });
        let parts: Vec<_> = parts.collect();
        if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
    }

    /// A page in Markdown with this heading.
    pub fn markdown(&self, heading: &str) -> String {
        let mut page = format!("# {heading}\n\n");
        let mut line = |name: &str, value: &str| {
            let _ = writeln!(page, "- {name}: {value}");
        };
        if self.tuning {
            if self.outlook.records > self.examples {
                line("checked examples", &format!("{} of {}", self.examples, self.outlook.records));
            } else {
                line("examples", &self.examples.to_string());
            }
            if let Some((field, _)) = self.shared {
                let named = |value: &Option<SharedValue>| value.map_or("without", |value| field.name(value));
                let values: Vec<_> =
                    self.shared_values.iter().map(|(value, count)| format!("{count} {}", named(value))).collect();
                let none = "no example has video or images".to_owned();
                line(field.name, &if values.is_empty() { none } else { values.join(", ") });
            }
            line("outlook", &self.outlook.to_string());
            line("estimated tokens", &self.tokens.text());
            let (count, share, limit) = (self.dropped, &self.dropped_percent, self.drop_percent.unwrap_or(100));
            let dropped = match (count, self.fails) {
                (0, _) => "none found".to_owned(),
                (_, false) => format!("{count} ({share}); the job fails above {limit}%"),
                (_, true) => format!("{count} ({share}): **the job fails**, because this is above {limit}%"),
            };
            line("examples that would be dropped", &dropped);
        } else {
            line("kind", "not a tuning file; only its JSON is checked");
        }
        line("findings", &self.findings_text());
        if !self.rules.is_empty() {
            page.push_str("\n| findings | rule | severity |\n|---:|---|---|\n");
            for Findings { rule, severity, count } in self.rules.iter().take(MAX_RULES) {
                let _ = writeln!(page, "| {count} | `{rule}` | {severity} |");
            }
            if let Some(more) = self.rules.len().checked_sub(MAX_RULES).filter(|more| *more > 0) {
                let _ = writeln!(page, "\nand {} more", count_of(more, "rule"));
            }
        }
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analyst;
    use crate::settings::Settings;
    use crate::text::Document;

    fn summary(text: &str) -> Summary {
        let document = Document::new(text, 0);
        let (lines, verdict) = Lines::judged(&document, &mut Analyst::new(&Settings::default()));
        Summary::new(&lines, &verdict)
    }

    #[test]
    fn a_file_with_too_many_dropped_examples_fails() {
        let text = include_str!("../../fixtures/datasets/video-too-long.jsonl");
        let summary = summary(text);
        assert_eq!(summary.headline(), "0 of 20 examples would be trained: the job fails (drop-rate), MEDIUM");
        assert!(summary.fails && !summary.is_mixed());
        assert_eq!(summary.lens().as_deref(), Some("20 examples · 0% trained · ~1.7M tokens · MEDIUM"));
        assert_eq!(summary.status().as_deref(), Some("20 examples · 1 error · MEDIUM"));
        let page = summary.markdown("video-too-long.jsonl");
        for words in [
            "# video-too-long.jsonl\n\n- examples: 20\n- mediaResolution: 20 MEDIA_RESOLUTION_MEDIUM\n",
            "- estimated tokens: about 1,682,180 (video 1,495,040, sound 186,880, text 260)\n",
            "3 (15.0%): **the job fails**",
            "| 1 | `drop-rate` | error |\n",
        ] {
            assert!(page.contains(words), "{page}");
        }
    }

    #[test]
    fn one_example_is_singular_and_the_trained_share_is_never_rounded_up() {
        let line = r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello there."}]}"#;
        let mut some = summary(&format!("{line}\n"));
        assert_eq!(some.lens().as_deref(), Some("1 example · 0% trained · ~4 tokens"), "too few for a job");
        some.outlook.fails = None;
        assert_eq!(some.lens().as_deref(), Some("1 example · 100% trained · ~4 tokens"));
        some.findings = [0, 2, 1, 0];
        assert_eq!(some.status().as_deref(), Some("1 example · 2 warnings"));
        (some.examples, some.outlook.records, some.outlook.rejected) = (2_000, 2_000, 1);
        assert!(some.lens().is_some_and(|lens| lens.starts_with("2,000 examples · 99.9% trained")));
    }

    #[test]
    fn examples_with_different_shared_values_are_mixed() {
        let text = include_str!("../../fixtures/datasets/video-too-long.jsonl");
        let mixed = summary(&text.replacen("RESOLUTION_MEDIUM", "RESOLUTION_LOW", 1));
        assert!(mixed.is_mixed() && mixed.headline().ends_with(", mixed resolutions"), "{}", mixed.headline());
        assert!(mixed.lens().is_some_and(|lens| lens.ends_with(" · mixed resolutions")));
        assert!(mixed.status().is_some_and(|status| status.ends_with(" · mixed resolutions")));
    }

    #[test]
    fn a_log_is_not_a_tuning_file() {
        let summary = summary(include_str!("../../fixtures/datasets/service-log.jsonl"));
        assert_eq!(summary.headline(), "not a tuning file: only its JSON is checked");
        assert_eq!(summary.findings_text(), "no findings");
        assert_eq!((summary.lens(), summary.status()), (None, None));
    }
}
