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

/// The pieces of an example have about this many bytes at most.
pub const MAX_BYTES: u64 = 64 << 20;

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

/// How an example is split.
#[derive(Clone, Debug)]
pub struct Cut {
    /// The number of examples that it becomes: two or more.
    pub count: u64,
    /// How long the segment of each is.
    pub piece: Duration,
    /// The index of the video.
    index: usize,
    begin: Duration,
    length: Duration,
    marks: Vec<Edit>,
}

impl Cut {
    /// Plans to split the segment of the only video in an example, or the whole video, into pieces of equal length.
    ///
    /// `None` if the video is short enough or its end is unknown, if there is none or several, if there is no answer to
    /// [mark](REVIEW), or if the line is broken. O(record).
    #[must_use]
    pub fn of(text: &str, longest: Longest, analyst: &mut Analyst) -> Option<Self> {
        let settings = analyst.settings().clone();
        let reading = analyst.read(text);
        let Plan { index, begin, length, longest } = plan(&reading, longest, &settings)?;
        // All are whole milliseconds.
        let longest = longest.nanos() / MILLISECOND * MILLISECOND;
        let least = divided(length.nanos(), longest).filter(|least| *least > 1)?;
        let piece = divided(divided(length.nanos(), least)?, MILLISECOND)? * MILLISECOND;
        let count = divided(length.nanos(), piece)?.try_into().ok()?;
        Some(Self { count, piece: Duration::from_nanos(piece)?, index, begin, length, marks: marks(&reading)? })
    }

    /// Whether the examples are too many, or too large together.
    #[must_use]
    pub fn is_too_large(&self, text: &str) -> bool {
        self.count > MAX_PIECES || self.count.saturating_mul(text.len() as u64) > MAX_BYTES
    }

    /// The example at a place, from 0. Its answer is a copy, marked for a person who has to write the answer for the piece.
    pub fn line(&self, text: &str, place: u64, analyst: &mut Analyst) -> Option<String> {
        // The last end stays as it is.
        let edge = |place: u64| {
            let end = self.piece.nanos().saturating_mul(place.into()).min(self.length.nanos());
            Duration::from_nanos(self.begin.nanos() + end)
        };
        let times = (Some(edge(place)?), Some(edge(place + 1)?));
        let mut edits = offsets::set(text, self.index, times, analyst)?;
        edits.extend(self.marks.iter().cloned());
        edits.sort();
        apply_fixes(text, &[&edits], |_| true)
    }

    /// All examples; `None` if they are too large. O(pieces × record).
    pub fn lines(&self, text: &str, analyst: &mut Analyst) -> Option<Vec<String>> {
        if self.is_too_large(text) {
            return None;
        }
        (0..self.count).map(|place| self.line(text, place, analyst)).collect()
    }
}

/// A quotient, rounded up; `None` for a divisor of 0.
fn divided(number: i128, by: i128) -> Option<i128> {
    Some(number.checked_div(by)? + i128::from(number % by != 0))
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

    struct Pieces {
        lines: Vec<String>,
        piece: Duration,
    }

    fn pieces(text: &str, longest: Longest) -> Option<Pieces> {
        let mut analyst = Analyst::default();
        let cut = Cut::of(text, longest, &mut analyst)?;
        Some(Pieces { lines: cut.lines(text, &mut analyst)?, piece: cut.piece })
    }

    #[test]
    fn a_segment_over_the_limit_becomes_pieces_of_equal_length() {
        let found = pieces(&line("10s", "710.5s", "Goal"), Longest::Limit(None)).unwrap();
        let of = |start: &str, end: &str| line(start, end, "<REVIEW> Goal");
        assert_eq!(found.lines, [of("10s", "243.5s"), of("243.5s", "477s"), of("477s", "710.5s")]);
        assert_eq!(found.piece.clock(), "3:53.5");
    }

    #[test]
    fn a_chosen_length_may_be_shorter_than_the_limit() {
        let found = pieces(&line("0s", "10s", "Goal"), Longest::This(Duration::from_seconds(3))).unwrap();
        assert_eq!(found.lines.len(), 4);
        assert_eq!(found.lines[1], line("2.5s", "5s", "<REVIEW> Goal"));
        let ten = Duration::from_seconds(10);
        assert!(pieces(&line("0s", "10s", "Goal"), Longest::This(ten)).is_none());
        assert!(pieces(&line("0s", "10s", "Goal"), Longest::This(Duration::ZERO)).is_none());
    }

    #[test]
    fn no_piece_is_longer_than_the_limit() {
        let found = pieces(&line("0s", "599.9999s", "Goal"), Longest::Limit(None)).unwrap();
        let of = |start: &str, end: &str| line(start, end, "<REVIEW> Goal");
        assert_eq!(found.lines, [of("0s", "300s"), of("300s", "599.9999s")]);
        let found =
            pieces(&line("0s", "1s", "Goal"), Longest::This(Duration::from_nanos(333_333_334).unwrap())).unwrap();
        assert_eq!(found.lines.len(), 4);
        let found =
            pieces(&line("0s", "1000.5s", "Goal"), Longest::This(Duration::from_nanos(333_300_000).unwrap())).unwrap();
        assert_eq!((found.lines.len(), found.piece.nanos()), (3005, 333_000_000));
        assert_eq!(found.lines[3004], of("1000.332s", "1000.5s"));
        // A line without an answer to mark isn't split.
        let text = line("0s", "600s", "Goal").replace(r#""text":"Goal""#, r#""functionCall":{"name":"f"}"#);
        assert!(pieces(&text, Longest::Limit(None)).is_none());
    }

    #[test]
    fn the_resolution_may_be_that_of_the_file() {
        let text = line("0s", "400s", "Goal").replace(r#""mediaResolution":"MEDIA_RESOLUTION_MEDIUM""#, "");
        assert!(pieces(&text, Longest::Limit(None)).is_none());
        assert_eq!(pieces(&text, Longest::Limit(Some(MEDIUM))).unwrap().lines.len(), 2);
        assert!(pieces(&text, Longest::Limit(Some(LOW))).is_none());
    }

    #[test]
    fn an_example_does_not_become_countless_pieces() {
        let cut = |end: &str, answer: &str| {
            let longest = Longest::This(Duration::from_nanos(1_000_000).unwrap());
            let text = line("0s", end, answer);
            let cut = Cut::of(&text, longest, &mut Analyst::default()).unwrap();
            (cut.count, cut.is_too_large(&text), cut.lines(&text, &mut Analyst::default()).is_none())
        };
        assert_eq!(cut("1s", "Goal"), (1_000, false, false));
        assert_eq!(cut("10.001s", "Goal"), (10_001, true, true));
        assert_eq!(cut("1s", &"Goal".repeat(20_000)), (1_000, true, true));
    }

    #[test]
    fn other_lines_are_not_split() {
        for text in ["", "{", "[]", r#"{"contents":[]}"#, &line("0s", "400s", "Goal").replace("]}]", "]},]")] {
            assert!(pieces(text, Longest::Limit(Some(MEDIUM))).is_none(), "{text}");
        }
    }
}
