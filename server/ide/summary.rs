//! What there is to say about a dataset as a whole: for a status line, and as a page.

use crate::analysis::Lines;
use crate::example::shared::{SharedField, SharedValue};
use crate::example::tokens::grouped;
use crate::rules::{FileIndex, Severity, Verdict, What};
use std::fmt::Write;

/// So many rules are named on the page.
const MOST_RULES: usize = 20;

/// The figures of a file. Its size does not matter: they are counted already.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Whether it is a tuning file; where it is not, its lines are judged as JSON alone.
    pub tuning: bool,
    /// How many examples the job would see.
    pub examples: u32,
    /// The field whose value the examples have to share, if the format has one, and the value they are to have; `None`
    /// where none sets one.
    pub shared: Option<(&'static SharedField, Option<SharedValue>)>,
    /// How many examples set each shared value, and how many with video or images set none. Zeros are left out.
    pub shared_values: Vec<(Option<SharedValue>, u32)>,
    /// The tokens of all examples, by estimate.
    pub tokens: Tokens,
    /// How many examples would be dropped.
    pub dropped: u32,
    /// Their share, such as `11.0 %`.
    pub dropped_percent: String,
    /// Whether the job fails because of it.
    pub fails: bool,
    /// The share of dropped examples above which a job fails, in percent.
    pub drop_percent: Option<u64>,
    /// How many findings there are at each severity, in the order of [`Severity::ALL`].
    pub findings: [u32; 4],
    /// How many findings there are of each rule, the worst and the most frequent first.
    pub rules: Vec<(Severity, &'static str, u32)>,
}

/// The tokens of all examples of a file, by estimate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Frames of videos.
    pub video: u64,
    /// The sound of videos.
    pub sound: u64,
    /// Images.
    pub images: u64,
    /// Text, with functions.
    pub text: u64,
    /// Examples of which something is not counted because its size is unknown.
    pub incomplete: u32,
    /// Frames of videos that are not counted, because neither their line nor the file has a resolution.
    pub uncounted_frames: u64,
}

impl Tokens {
    fn new(lines: &Lines, verdict: &Verdict) -> Self {
        let counts = FileIndex::counts(lines);
        let fact = |what: What| what.of(verdict.format.id());
        let frames = counts.sum(fact(What::FRAMES_OF_FILE));
        let of_file = verdict.shared.and_then(|value| verdict.limits.frame_tokens(value));
        Self {
            video: counts.sum(fact(What::TOKENS_VIDEO)) + frames * u64::from(of_file.unwrap_or(0)),
            sound: counts.sum(fact(What::TOKENS_SOUND)),
            images: counts.sum(fact(What::TOKENS_IMAGES)),
            text: counts.sum(fact(What::TOKENS_TEXT)),
            incomplete: counts.of(fact(What::TOKENS_UNKNOWN)),
            uncounted_frames: if of_file.is_none() { frames } else { 0 },
        }
    }

    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.video + self.sound + self.images + self.text
    }

    /// In words: `about 12,345 (video 12,000, text 345)`.
    #[must_use]
    pub fn text(&self) -> String {
        let parts = [("video", self.video), ("sound", self.sound), ("images", self.images), ("text", self.text)];
        let parts: Vec<_> = parts.iter().filter(|(_, tokens)| *tokens > 0).collect();
        let about = if self.incomplete == 0 && self.uncounted_frames == 0 { "about" } else { "at least" };
        let mut out = format!("{about} {}", grouped(self.total()));
        if parts.len() > 1 {
            let named: Vec<_> = parts.iter().map(|(name, tokens)| format!("{name} {}", grouped(*tokens))).collect();
            let _ = write!(out, " ({})", named.join(", "));
        }
        if self.incomplete > 0 {
            let _ = write!(out, "; of {} something has no known size", count_of(self.incomplete, "example"));
        }
        if self.uncounted_frames > 0 {
            let frames = grouped(self.uncounted_frames);
            let _ = write!(out, "; {frames} frames without a resolution are not counted");
        }
        out
    }
}

impl Summary {
    /// The figures of a file that has been looked at.
    #[must_use]
    pub fn new(lines: &Lines, verdict: &Verdict) -> Self {
        let (counts, format) = (FileIndex::counts(lines), verdict.format);
        let of_all = |what| counts.of_all(format.id(), what);
        let shared_values = SharedValue::ALL
            .map(|value| (Some(value), of_all(What::shared(value))))
            .into_iter()
            .chain([(None, of_all(What::NO_SHARED))]);
        let mut findings = [0; 4];
        for &(_, severity, count) in &verdict.totals {
            findings[severity as usize] += count;
        }
        let mut rules: Vec<_> =
            verdict.totals.iter().map(|&(rule, severity, count)| (severity, rule.rule().code, count)).collect();
        rules.sort_by_key(|&(severity, code, count)| (severity, std::cmp::Reverse(count), code));
        Self {
            tuning: verdict.tuning,
            examples: verdict.examples,
            shared: format.words.shared.map(|field| (field, verdict.shared)),
            shared_values: shared_values.filter(|(_, count)| *count > 0).collect(),
            tokens: Tokens::new(lines, verdict),
            dropped: verdict.dropped,
            dropped_percent: verdict.dropped_percent(),
            fails: verdict.fails(),
            drop_percent: verdict.limits.drop_percent,
            findings,
            rules,
        }
    }

    /// Whether examples set different shared values.
    #[must_use]
    pub fn is_mixed(&self) -> bool {
        self.shared_values.iter().filter(|(value, _)| value.is_some()).count() > 1
    }

    /// One line, such as `982 examples, LOW, 0.4 % would be dropped`.
    #[must_use]
    pub fn headline(&self) -> String {
        if !self.tuning {
            return "not a tuning file: only its JSON is checked".to_owned();
        }
        let mut text = count_of(self.examples, "example");
        match self.shared {
            Some((_, Some(_))) if self.is_mixed() => text.push_str(", mixed resolutions"),
            Some((field, Some(value))) => {
                let _ = write!(text, ", {}", field.label(value));
            }
            _ => {}
        }
        if self.dropped > 0 {
            let _ = write!(text, ", {} would be dropped", self.dropped_percent);
        }
        text
    }

    /// The findings in words, such as `3 errors, 1 hint`, or `no findings`.
    #[must_use]
    pub fn findings_text(&self) -> String {
        let words = ["error", "warning", "information", "hint"];
        let counted = self.findings.iter().zip(words).filter(|(count, _)| **count > 0);
        let parts: Vec<_> = counted
            .map(
                |(&count, word)| {
                    if word == "information" { format!("{count} information") } else { count_of(count, word) }
                },
            )
            .collect();
        if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
    }

    /// A page in Markdown under this heading.
    #[must_use]
    pub fn markdown(&self, heading: &str) -> String {
        let mut page = format!("# {heading}\n\n");
        let mut line = |name: &str, value: &str| {
            let _ = writeln!(page, "- {name}: {value}");
        };
        if self.tuning {
            line("examples", &self.examples.to_string());
            if let Some((field, _)) = self.shared {
                let named = |value: &Option<SharedValue>| value.map_or("without", |value| field.name(value));
                let values: Vec<_> =
                    self.shared_values.iter().map(|(value, count)| format!("{count} {}", named(value))).collect();
                let none = "no example has video or images".to_owned();
                line(field.name, &if values.is_empty() { none } else { values.join(", ") });
            }
            line("tokens, by estimate", &self.tokens.text());
            let percent = self.drop_percent.unwrap_or(100);
            let dropped = match (self.dropped, self.fails) {
                (0, _) => "none, as far as the file tells".to_owned(),
                (count, false) => format!("{count} ({}); over {percent} % the job fails", self.dropped_percent),
                (count, true) => {
                    format!("{count} ({}): **the job fails**, since it is over {percent} %", self.dropped_percent)
                }
            };
            line("examples that would be dropped", &dropped);
        } else {
            line("kind", "not a tuning file; only its JSON is checked");
        }
        line("findings", &self.findings_text());
        if !self.rules.is_empty() {
            page.push_str("\n| findings | rule | severity |\n|---:|---|---|\n");
            for (severity, code, count) in self.rules.iter().take(MOST_RULES) {
                let _ = writeln!(page, "| {count} | `{code}` | {severity} |");
            }
            if let Some(more) = self.rules.len().checked_sub(MOST_RULES).filter(|more| *more > 0) {
                let _ = writeln!(page, "\nand {} more", count_of(u32::try_from(more).unwrap_or(u32::MAX), "rule"));
            }
        }
        page
    }
}

fn count_of(count: u32, word: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {word}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analyst;
    use crate::settings::Settings;
    use crate::text::Document;

    fn summary(text: &str) -> Summary {
        let document = Document::new(text, 0);
        let mut lines = Lines::new(&document);
        let mut analyst = Analyst::new(&Settings::default());
        lines.analyze(&document, &mut analyst, usize::MAX);
        Summary::new(&lines, &lines.judge(&document, &analyst))
    }

    #[test]
    fn a_file_of_which_too_much_is_dropped_fails() {
        let text = include_str!("../../fixtures/datasets/video-too-long.jsonl");
        let summary = summary(text);
        assert_eq!(summary.headline(), "20 examples, MEDIUM, 15.0 % would be dropped");
        assert!(summary.fails && !summary.is_mixed());
        let page = summary.markdown("video-too-long.jsonl");
        assert!(
            page.starts_with(
                "# video-too-long.jsonl\n\n- examples: 20\n- mediaResolution: 20 MEDIA_RESOLUTION_MEDIUM\n"
            )
        );
        assert!(
            page.contains("- tokens, by estimate: about 1,682,180 (video 1,495,040, sound 186,880, text 260)\n"),
            "{page}"
        );
        assert!(page.contains("3 (15.0 %): **the job fails**"), "{page}");
        assert!(page.contains("| 1 | `drop-rate` | error |\n"), "{page}");
    }

    #[test]
    fn a_log_is_no_tuning_file() {
        let summary = summary(include_str!("../../fixtures/datasets/service-log.jsonl"));
        assert_eq!(summary.headline(), "not a tuning file: only its JSON is checked");
        assert_eq!(summary.findings_text(), "no findings");
    }
}
