//! The notes at the start of the lines of examples: the number of the example, the length of its video segments, and its
//! estimated tokens.

use crate::analysis::{Analyst, Source};
use crate::example::mime::MediaKind;
use crate::example::shared::SharedValue;
use crate::example::tokens::Estimate;
use crate::formats::Mark;
use crate::ide::edits::without_mark;
use crate::ide::fixes::File;
use crate::ide::words::short;
use crate::schema::scalar::Duration;
use crate::settings::Settings;
use std::ops::Range;

/// The most notes of an answer.
const MAX_HINTS: usize = 2_000;

/// The most text to read for an answer, in bytes. Some editors request all lines of a file.
const MAX_BYTES: usize = 8 << 20;

/// A note at the start of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The first line of the example.
    pub line: usize,
    /// Such as `#12 · 30 s · ~3.6k tokens`.
    pub text: String,
}

/// The notes of the examples that begin on these lines, except those with syntax errors. Reads only these lines, and at
/// most 8 MB of them.
pub fn hints<S: Source>(file: &File<'_, S>, range: Range<usize>, analyst: &mut Analyst) -> Vec<Hint> {
    let File { source, lines, .. } = *file;
    let (settings, shared) = (analyst.settings().clone(), shared(file, analyst));
    let records = lines.filled_records(source);
    let first = records.partition_point(|record| record.start < range.start);
    let (mut hints, mut bytes, mut buffer) = (Vec::new(), 0, String::new());
    for (number, record) in (1..).zip(records).skip(first) {
        if record.start >= range.end || hints.len() == MAX_HINTS || bytes >= MAX_BYTES {
            break;
        }
        let line = record.start;
        let text = source.record(record, &mut buffer).text;
        bytes += text.len();
        let text = described(&without_mark(text), number, shared, &settings, analyst);
        hints.extend(text.map(|text| Hint { line, text }));
    }
    hints
}

/// The shared value that the estimates of a file use.
pub fn shared<S: Source>(file: &File<'_, S>, analyst: &Analyst) -> Option<SharedValue> {
    analyst.settings().shared(file.verdict.format).or(file.verdict.shared)
}

/// The note of an example; `None` for a record that isn't one, or that has syntax errors.
fn described(
    text: &str,
    number: usize,
    shared: Option<SharedValue>,
    settings: &Settings,
    analyst: &mut Analyst,
) -> Option<String> {
    let reading = analyst.read(text);
    let Mark::Known(kind) = reading.mark else { return None };
    if !reading.errors.is_empty() {
        return None;
    }
    let limits = settings.limits_of(kind);
    let mut parts = vec![format!("#{number}")];
    let example = reading.example;
    let videos = example.media.iter().filter(|media| {
        let is_whole = media.kind == Some(MediaKind::Video) && media.known.length.is_some();
        is_whole || example.segment_of(media.part).is_some()
    });
    let lengths = videos.map(|media| example.length_of(reading.record, media));
    parts.extend(total(lengths).map(|length| format!("{length} s")));
    let estimate = Estimate::new(reading.record, reading.example, limits).with_file(shared, limits);
    parts.extend(Some(tokens(estimate.at_once(), estimate.unknown.is_empty())).filter(|_| estimate.at_once() > 0));
    Some(parts.join(" · "))
}

/// The sum of these lengths; `None` if there is none, or one is unknown.
fn total(lengths: impl Iterator<Item = Option<Duration>>) -> Option<Duration> {
    let mut sum = 0;
    for length in lengths {
        sum += length?.nanos();
    }
    Duration::from_nanos(sum).filter(|_| sum > 0)
}

/// Estimated tokens in short, such as `~3.6k tokens`. An incomplete estimate is a minimum.
pub fn tokens(count: u64, complete: bool) -> String {
    let about = if complete { "~" } else { "≥" };
    let plural = if count == 1 { "" } else { "s" };
    format!("{about}{} token{plural}", short(count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Lines;
    use crate::text::Document;

    fn hints_of(text: &str, range: Range<usize>) -> Vec<(usize, String)> {
        let document = Document::new(text, 0);
        let mut analyst = Analyst::new(&Settings::default());
        let (lines, verdict) = Lines::judged(&document, &mut analyst);
        let file = File { source: &document, lines: &lines, verdict: &verdict };
        hints(&file, range, &mut analyst).into_iter().map(|hint| (hint.line, hint.text)).collect()
    }

    #[test]
    fn a_hint_has_the_number_the_length_of_the_segment_and_the_tokens() {
        let text = include_str!("../../fixtures/datasets/video-too-long.jsonl");
        let hints = hints_of(text, 0..2);
        assert_eq!(hints.len(), 2);
        assert!(hints[0].1.starts_with("#1 · ") && hints[0].1.contains(" s · ~"), "{hints:?}");
        assert!(hints[1].1.starts_with("#2 · ") && hints[1].1.ends_with("k tokens"), "{hints:?}");
    }

    #[test]
    fn blank_lines_have_no_number_and_lines_with_syntax_errors_no_hint() {
        let line = r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello there."}]}"#;
        let text = format!("{line}\n\n  \n{line},\n{line}\n");
        let expected = [(0, "#1 · ~4 tokens".to_owned()), (4, "#3 · ~4 tokens".to_owned())];
        assert_eq!(hints_of(&text, 0..9), expected);
        // Only the requested lines, with the same numbers.
        assert_eq!(hints_of(&text, 2..5), expected[1..]);
        assert_eq!(hints_of(&text, 7..9), []);
    }

    #[test]
    fn a_file_that_is_not_a_tuning_file_has_no_hints() {
        assert_eq!(hints_of(include_str!("../../fixtures/datasets/service-log.jsonl"), 0..100), []);
    }
}
