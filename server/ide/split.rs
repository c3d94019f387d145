//! Splits an example with a long video into examples with pieces of it.

use crate::analysis::Analyst;
use crate::analysis::line::Reading;
use crate::example::mime::MediaKind;
use crate::example::shared::SharedValue;
use crate::example::{Place, SharedSource, Speaker};
use crate::ide::edits::apply_fixes;
use crate::ide::offsets;
use crate::json::Edit;
use crate::rules::REVIEW;
use crate::schema::scalar::Duration;
use crate::settings::Settings;

/// An example is split into at most this many pieces.
pub const MAX_PIECES: u64 = 10_000;

/// Offsets are rounded to milliseconds.
const MILLISECOND: i128 = 1_000_000;

/// How long a piece may be.
#[derive(Clone, Copy, Debug)]
pub enum Longest {
    /// The limit for the resolution, which may be that of the file.
    Limit(Option<SharedValue>),
    /// A length of one's own.
    This(Duration),
}

/// The examples that an example becomes, and the length of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pieces {
    /// The lines.
    pub lines: Vec<String>,
    /// How long the segment of each is.
    pub length: Duration,
}

/// Splits the segment of the only video in an example, or the whole video, into pieces of equal length. Each line has a copy of the answer, [marked](REVIEW)
/// for a person who has to write the answer for the piece.
///
/// `None` if the video is short enough or its end is unknown, if there is none or several, or if the line is broken.
/// O(pieces × record).
#[must_use]
pub fn split(text: &str, longest: Longest, analyst: &mut Analyst) -> Option<Pieces> {
    let settings = analyst.settings().clone();
    let reading = analyst.read(text);
    let Plan { index, begin, length, longest } = plan(&reading, longest, &settings)?;
    let pieces = |count: i128| {
        let exact = length.nanos().checked_div(count)? + i128::from(length.nanos() % count != 0);
        Some((exact + MILLISECOND - 1) / MILLISECOND * MILLISECOND)
    };
    let least = least(length, longest)?;
    if !(2..=i128::from(MAX_PIECES)).contains(&least) {
        return None;
    }
    // Rounded to milliseconds, a piece may be too long by less than one.
    let count = if pieces(least)? > longest.nanos() { least + 1 } else { least };
    let piece = pieces(count)?;
    let marks = marks(&reading)?;
    // The last end stays as it is.
    let edge = |place: i128| Duration::from_nanos(begin.nanos() + (piece * place).min(length.nanos()));
    let mut lines = Vec::new();
    for place in 0..count {
        let times = (Some(edge(place)?), Some(edge(place + 1)?));
        let mut edits = offsets::set(text, index, times, analyst)?;
        edits.extend(marks.iter().cloned());
        edits.sort();
        lines.push(apply_fixes(text, &[&edits], |_| true)?);
    }
    Some(Pieces { lines, length: Duration::from_nanos(piece)? })
}

/// The segment to split, and the longest piece.
struct Plan {
    /// The index of the video.
    index: usize,
    begin: Duration,
    length: Duration,
    longest: Duration,
}

fn plan(reading: &Reading<'_>, longest: Longest, settings: &Settings) -> Option<Plan> {
    let &Reading { record, example, kind, errors, .. } = reading;
    let mut videos = example.media.iter().enumerate().filter(|(_, media)| media.kind == Some(MediaKind::Video));
    let (index, video) = videos.next().filter(|_| videos.next().is_none() && errors.is_empty())?;
    let part = example.parts.get(video.part)?;
    let (begin, length) = match (example.segment_of(video.part), &example.segments[..]) {
        (Some(segment), [_]) => (segment.begins(record)?, segment.length(record, video.known.length)?),
        (None, []) => (Duration::ZERO, video.known.length?),
        _ => return None,
    };
    let longest = match longest {
        Longest::This(longest) => longest,
        Longest::Limit(file) => {
            let shared = match example.shared_source(part) {
                SharedSource::Known(shared) => shared,
                SharedSource::File => file?,
                SharedSource::Unclear => return None,
            };
            Duration::from_seconds(settings.limits_of(kind).longest_segment(shared)?)
        }
    };
    Some(Plan { index, begin, length, longest })
}

/// The least number of pieces.
fn least(length: Duration, longest: Duration) -> Option<i128> {
    (length.nanos() + longest.nanos() - 1).checked_div(longest.nanos())
}

/// The number of pieces of an example that [`split`] leaves as it is because there would be too many.
#[must_use]
pub fn count_if_too_many(text: &str, longest: Longest, analyst: &mut Analyst) -> Option<u64> {
    let settings = analyst.settings().clone();
    let Plan { length, longest, .. } = plan(&analyst.read(text), longest, &settings)?;
    u64::try_from(least(length, longest)?).ok().filter(|count| *count > MAX_PIECES)
}

/// The edits that mark the answers; `None` if there is no answer, or one without a text.
fn marks(reading: &Reading<'_>) -> Option<Vec<Edit>> {
    let &Reading { record, example, .. } = reading;
    let last = example.conversation().next_back().filter(|turn| turn.speaker == Some(Speaker::Model));
    let answers = example.turns.iter().filter(|turn| turn.place == Place::Answer).chain(last);
    let text_of = |turn| example.parts_of(turn).iter().filter(|part| !part.thought).find_map(|part| part.text);
    let texts = answers.map(text_of).collect::<Option<Vec<_>>>().filter(|texts| !texts.is_empty())?;
    let unmarked = texts.into_iter().filter(|text| !record.string(*text).is_some_and(|text| text.starts_with(REVIEW)));
    Some(unmarked.map(|text| Edit::insert(record.span(text).start() + 1, format!("{REVIEW} "))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOW: SharedValue = SharedValue::ALL[0];
    const MEDIUM: SharedValue = SharedValue::ALL[1];

    fn line(start: &str, end: &str, answer: &str) -> String {
        format!(
            r#"{{"contents": [{{"role":"user","parts":[{{"fileData":{{"mimeType":"video/mp4","fileUri":"gs://b/a.mp4"}},"videoMetadata":{{"startOffset":"{start}","endOffset":"{end}"}}}}]}},{{"role":"model","parts":[{{"text":"{answer}"}}]}}],"generationConfig":{{"mediaResolution":"MEDIA_RESOLUTION_MEDIUM"}}}}"#
        )
    }

    fn pieces(text: &str, longest: Longest) -> Option<Pieces> {
        split(text, longest, &mut Analyst::default())
    }

    #[test]
    fn a_segment_over_the_limit_becomes_pieces_of_equal_length() {
        let found = pieces(&line("10s", "710.5s", "Goal"), Longest::Limit(None)).unwrap();
        let of = |start: &str, end: &str| line(start, end, "<REVIEW> Goal");
        assert_eq!(found.lines, [of("10s", "243.5s"), of("243.5s", "477s"), of("477s", "710.5s")]);
        assert_eq!(found.length.clock(), "3:53.5");
    }

    #[test]
    fn a_chosen_length_may_be_shorter_than_the_limit() {
        let found = pieces(&line("0s", "10s", "Goal"), Longest::This(Duration::from_seconds(3))).unwrap();
        assert_eq!(found.lines.len(), 4);
        assert_eq!(found.lines[1], line("2.5s", "5s", "<REVIEW> Goal"));
        let ten = Duration::from_seconds(10);
        assert_eq!(pieces(&line("0s", "10s", "Goal"), Longest::This(ten)), None);
        assert_eq!(pieces(&line("0s", "10s", "Goal"), Longest::This(Duration::ZERO)), None);
    }

    #[test]
    fn no_piece_is_longer_than_the_limit() {
        let found = pieces(&line("0s", "599.9999s", "Goal"), Longest::Limit(None)).unwrap();
        let of = |start: &str, end: &str| line(start, end, "<REVIEW> Goal");
        assert_eq!(found.lines, [of("0s", "300s"), of("300s", "599.9999s")]);
        let found =
            pieces(&line("0s", "1s", "Goal"), Longest::This(Duration::from_nanos(333_333_334).unwrap())).unwrap();
        assert_eq!(found.lines.len(), 4);
        // A line without an answer to mark isn't split.
        assert_eq!(
            pieces(
                &line("0s", "600s", "Goal").replace(r#""text":"Goal""#, r#""functionCall":{"name":"f"}"#),
                Longest::Limit(None)
            ),
            None
        );
    }

    #[test]
    fn the_resolution_may_be_that_of_the_file() {
        let text = line("0s", "400s", "Goal").replace(r#""mediaResolution":"MEDIA_RESOLUTION_MEDIUM""#, "");
        assert_eq!(pieces(&text, Longest::Limit(None)), None);
        assert_eq!(pieces(&text, Longest::Limit(Some(MEDIUM))).unwrap().lines.len(), 2);
        assert_eq!(pieces(&text, Longest::Limit(Some(LOW))), None);
    }

    #[test]
    fn an_example_does_not_become_countless_pieces() {
        let count = |end: &str| {
            let longest = Longest::This(Duration::from_nanos(1_000_000).unwrap());
            let line = line("0s", end, "Goal");
            (pieces(&line, longest).is_some(), count_if_too_many(&line, longest, &mut Analyst::default()))
        };
        assert_eq!(count("1s"), (true, None));
        assert_eq!(count("10.001s"), (false, Some(10_001)));
    }

    #[test]
    fn other_lines_are_not_split() {
        for text in ["", "{", "[]", r#"{"contents":[]}"#, &line("0s", "400s", "Goal").replace("]}]", "]},]")] {
            assert_eq!(pieces(text, Longest::Limit(Some(MEDIUM))), None, "{text}");
        }
    }
}
