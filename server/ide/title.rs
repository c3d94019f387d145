//! The title of an example: the few words by which a person recognizes it in a list.

use crate::analysis::line::Reading;
use crate::example::mime::MediaKind;
use crate::example::{Example, Media, Place, Speaker, Turn};
use crate::formats::Target;
use crate::json::{Kind, NodeId, Record, lexer};
use crate::schema::scalar::Duration;
use std::borrow::Cow;
use std::fmt;

/// The most characters of a text that are shown.
const MAX_TEXT: usize = 40;
/// The most characters of a file's name that are shown.
const MAX_NAME: usize = 60;
/// The most bytes of a string that are decoded to show its first words.
const MAX_RAW: usize = 1_000;

/// What an example is about and its answer, such as `clip_0012.mp4 0:30–1:00 → goal`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Title {
    /// Its first media file and segment. Without media, the first words of the prompt. In a record that is no example,
    /// the start of its text.
    pub subject: String,
    /// The first words of the answer; empty if there is none.
    pub answer: String,
}

impl Title {
    /// The title of a record. It contains only what is certain, so a broken record may have an empty one. The cost
    /// doesn't depend on the length of the texts.
    #[must_use]
    pub fn of(reading: &Reading<'_>) -> Self {
        let &Reading { record, example, .. } = reading;
        let answer = answer_turn(reading).and_then(|turn| turn_words(record, example, turn)).unwrap_or_default();
        let subject = media_words(record, example).or_else(|| prompt(record, example));
        let start = || if answer.is_empty() { first_words(start_of(record.text.trim_start())) } else { String::new() };
        Self { subject: subject.unwrap_or_else(start), answer }
    }

    /// The title after the number of the example, such as `#12 clip_0012.mp4 0:30–1:00 → goal`. Numbers start at 1 and
    /// count the [records](crate::analysis::Lines::filled_records) of the file.
    #[must_use]
    pub fn numbered(&self, number: usize) -> String {
        // Millions of titles are searched, so this avoids formatting.
        let Self { subject, answer } = self;
        let mut text = String::with_capacity(subject.len() + answer.len() + 16);
        text.push('#');
        text.push_str(&number.to_string());
        for (before, part) in [(" ", subject), (" → ", answer)] {
            if !part.is_empty() {
                text.push_str(before);
                text.push_str(part);
            }
        }
        text
    }
}

impl fmt::Display for Title {
    /// The title without a number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, answer } = self;
        match (subject.is_empty(), answer.is_empty()) {
            (_, true) => f.write_str(subject),
            (true, false) => write!(f, "→ {answer}"),
            (false, false) => write!(f, "{subject} → {answer}"),
        }
    }
}

/// The location of the first media file in the conversation, as it is written.
#[must_use]
pub fn location<'a>(record: Record<'a>, example: &Example) -> Option<Cow<'a, str>> {
    let location = record.string(media_of_conversation(example).next()?.uri?)?;
    (!is_inline(&location)).then_some(location)
}

/// The name of a media file, and its segment.
#[must_use]
pub fn media_name(record: Record<'_>, example: &Example, media: &Media) -> String {
    let location = media.uri.and_then(|uri| record.string(uri)).filter(|location| !is_inline(location));
    let name = match location.as_deref().map(file_name) {
        Some(name) if !name.is_empty() => name,
        _ => {
            let kind = media.kind.map_or("media", MediaKind::label);
            if media.inline || media.uri.is_some() { format!("inline {kind}") } else { kind.to_owned() }
        }
    };
    match times(record, example, media) {
        Some(times) => format!("{name} {times}"),
        None => name,
    }
}

/// The first words of what a turn says, or the function that it calls; `None` if it does neither.
#[must_use]
pub fn turn_words(record: Record<'_>, example: &Example, turn: &Turn) -> Option<String> {
    let parts = example.parts_of(turn);
    let mut texts = parts.iter().filter(|part| !part.thought).filter_map(|part| part.text);
    texts.find_map(|text| string_words(record, text)).or_else(|| {
        let turn = parts.first()?.turn;
        let call = example.calls_of(turn).iter().find(|call| !call.is_result)?;
        Some(format!("{}()", string_words(record, call.name?)?))
    })
}

/// The first words of a string; `None` if it has none, or is not a string.
#[must_use]
pub fn string_words(record: Record<'_>, node: NodeId) -> Option<String> {
    let raw = record.raw(record.span(node));
    let text = match start_of(raw) {
        whole if whole.len() == raw.len() => record.string(node)?,
        // Cutting may spoil the last escape, which is not among the first words.
        start if record.kind(node) == Kind::String => lexer::unescape_if_needed(lexer::unquote(start)),
        _ => return None,
    };
    Some(first_words(&text)).filter(|words| !words.is_empty())
}

/// The first words of a text on one line, without characters that are invisible or control a terminal.
#[must_use]
pub fn first_words(text: &str) -> String {
    let mut words = String::new();
    let mut length = 0;
    for word in text.split(|letter: char| lexer::is_any_space(letter) || letter.is_control()) {
        if word.is_empty() {
            continue;
        }
        let room = MAX_TEXT - length.min(MAX_TEXT);
        let letters = word.chars().take(MAX_TEXT + 1).count();
        if letters + usize::from(length > 0) > room {
            // A long word is cut. Languages without spaces have only such words.
            if room > MAX_TEXT / 2 {
                words.extend((length > 0).then_some(' '));
                words.extend(word.chars().take(room - 1 - usize::from(length > 0)));
            }
            words.push('…');
            return words;
        }
        words.extend((length > 0).then_some(' '));
        words.push_str(word);
        length += letters + usize::from(length > 0);
    }
    words
}

fn start_of(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_RAW)]
}

fn media_of_conversation(example: &Example) -> impl Iterator<Item = &Media> {
    let in_conversation =
        |media: &&Media| example.turn_of(media.part).is_some_and(|turn| turn.place == Place::Conversation);
    example.media.iter().filter(in_conversation)
}

/// The first media file, and the number of the others.
fn media_words(record: Record<'_>, example: &Example) -> Option<String> {
    let mut media = media_of_conversation(example);
    let first = media.next().filter(|media| media.inline || media.uri.is_some() || media.kind.is_some())?;
    let first = media_name(record, example, first);
    Some(match media.count() {
        0 => first,
        others => format!("{first} +{others}"),
    })
}

fn prompt(record: Record<'_>, example: &Example) -> Option<String> {
    let words = |turn: &Turn| turn_words(record, example, turn);
    let mut of_user = example.conversation().filter(|turn| turn.speaker == Some(Speaker::User));
    let is_other = |turn: &&Turn| !matches!(turn.speaker, Some(Speaker::Model | Speaker::System));
    of_user.find_map(words).or_else(|| example.conversation().filter(is_other).find_map(words))
}

/// The turn with the answer: the preferred one, or the last turn if it is the model's.
fn answer_turn<'a>(reading: &Reading<'a>) -> Option<&'a Turn> {
    let &Reading { record, example, kind, .. } = reading;
    match kind.target {
        Target::Nothing => None,
        Target::LastTurn | Target::ByWeight => {
            example.conversation().next_back().filter(|turn| turn.speaker == Some(Speaker::Model))
        }
        Target::ScoredAnswers | Target::TwoAnswers => {
            let preferred = example.answers.iter().find(|answer| !answer.is_rejected(record))?;
            example.turns_in(preferred.node..record.node(preferred.node).next).first()
        }
    }
}

fn is_inline(location: &str) -> bool {
    location.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// The name of the file at a location: its last part. The query of a URL belongs to it only if it tells pages apart, as in `watch?v=1`.
#[must_use]
pub fn file_name(location: &str) -> String {
    let (is_url, path) = match location.trim().split_once("://") {
        Some((scheme, path)) => (scheme.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("http")), path),
        None => (false, location.trim()),
    };
    let path = if is_url { path.split('#').next().unwrap_or_default() } else { path };
    let (path, query) = if is_url { path.split_once('?').unwrap_or((path, "")) } else { (path, "") };
    let last = path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
    let name = if query.is_empty() || last.contains('.') { last.to_owned() } else { format!("{last}?{query}") };
    let is_shown = |letter: &char| *letter == ' ' || !(lexer::is_any_space(*letter) || letter.is_control());
    let name: String = name.chars().filter(is_shown).collect();
    // The end of a name tells it apart.
    match name.chars().count() {
        length if length > MAX_NAME => std::iter::once('…').chain(name.chars().skip(length - MAX_NAME + 1)).collect(),
        _ => name,
    }
}

/// The times of a segment, or of a file of known length; `None` if they are not known or not valid.
fn times(record: Record<'_>, example: &Example, media: &Media) -> Option<String> {
    let to = |start: Duration, end: Duration| format!("{}–{}", start.clock(), end.clock());
    let whole = || media.known.length.map(|length| to(Duration::ZERO, length));
    let Some(segment) = example.segment_of(media.part) else { return whole() };
    let start = segment.begins(record)?;
    match (segment.start, segment.end) {
        (None, None) => whole(),
        (_, Some(_)) => Some(to(start, segment.end_time?)),
        (Some(_), None) => Some(media.known.length.map_or(format!("from {}", start.clock()), |end| to(start, end))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analyst;

    fn title(line: &str) -> String {
        Title::of(&Analyst::default().read(line)).to_string()
    }

    fn video(metadata: &str, answer: &str) -> String {
        format!(
            r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"gs://b/day 1/clip_0012.mp4","mimeType":"video/mp4"}}{metadata}}},{{"text":"What?"}}]}},{{"role":"model","parts":[{answer}]}}]}}"#
        )
    }

    fn chat(user: &str, answer: &str) -> String {
        format!(
            r#"{{"messages":[{{"role":"system","content":"Be brief."}},{{"role":"user","content":{user}}},{{"role":"assistant",{answer}}}]}}"#
        )
    }

    #[test]
    fn a_clip_is_named_by_its_file_its_segment_and_the_answer() {
        let goal = r#"{"text":"goal"}"#;
        let of = |offsets: &str| title(&video(&format!(r#","videoMetadata":{{{offsets}}}"#), goal));
        assert_eq!(of(r#""startOffset":"30s","endOffset":"390.5s""#), "clip_0012.mp4 0:30–6:30.5 → goal");
        assert_eq!(of(r#""endOffset":"3700s""#), "clip_0012.mp4 0:00–1:01:40 → goal");
        assert_eq!(of(r#""startOffset":"30s""#), "clip_0012.mp4 from 0:30 → goal");
        assert_eq!(of(r#""startOffset":"soon","endOffset":"390s""#), "clip_0012.mp4 → goal");
        assert_eq!(of(r#""fps":2"#), "clip_0012.mp4 → goal");
        let call = video("", r#"{"functionCall":{"name":"mark","args":{"kind":"goal"}}}"#);
        assert_eq!(title(&call), "clip_0012.mp4 → mark()");
        let thought = video("", r#"{"text":"Hm.","thought":true},{"text":" \n"},{"text":"No\ngoal"}"#);
        assert_eq!(title(&thought), "clip_0012.mp4 → No goal");
    }

    #[test]
    fn a_chat_is_named_by_its_prompt_and_the_answer() {
        assert_eq!(title(&chat(r#""How  are\nyou?""#, r#""content":"Fine.""#)), "How are you? → Fine.");
        let call = r#""tool_calls":[{"id":"1","type":"function","function":{"name":"ask","arguments":"{}"}}]"#;
        assert_eq!(title(&chat(r#""Hi""#, call)), "Hi → ask()");
        let images = r#"[{"type":"text","text":"Compare."},{"type":"image_url","image_url":{"url":"https://a.b/c/d.png?token=1#x"}},{"type":"image_url","image_url":{"url":"https://a.b/e.png"}}]"#;
        assert_eq!(title(&chat(images, r#""content":"Same""#)), "d.png +1 → Same");
        let inline = r#"[{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}]"#;
        assert_eq!(title(&chat(inline, r#""content":"Dog""#)), "inline image → Dog");
        let pair = r#"{"input":{"messages":[{"role":"user","content":"Hi"}]},"preferred_output":[{"role":"assistant","content":"Good"}],"non_preferred_output":[{"role":"assistant","content":"Bad"}]}"#;
        assert_eq!(title(pair), "Hi → Good");
    }

    #[test]
    fn the_preferred_of_two_answers_is_the_answer() {
        let answer = |score: u32, text: &str| {
            format!(r#"{{"score":{score},"completion":{{"role":"model","parts":[{{"text":"{text}"}}]}}}}"#)
        };
        let line = format!(
            r#"{{"contents":[{{"role":"user","parts":[{{"text":"Hi"}}]}}],"completions":[{},{}]}}"#,
            answer(0, "Bad"),
            answer(1, "Good")
        );
        assert_eq!(title(&line), "Hi → Good");
    }

    #[test]
    fn a_broken_line_is_named_by_what_is_certain() {
        let whole = video("", r#"{"text":"goal"}"#);
        let cut = |at: &str| title(&whole[..whole.find(at).unwrap_or_default()]);
        assert_eq!(cut(r#"oal""#), "clip_0012.mp4 → g");
        assert_eq!(cut(r#","mimeType"#), "clip_0012.mp4");
        assert_eq!(cut(r#"leUri"#), r#"{"contents":[{"role":"user","parts":[{"…"#);
        assert_eq!(title("nothing   here"), "nothing here");
        assert_eq!(title(""), "");
        assert_eq!(Title::default().numbered(3), "#3");
        for at in (0..whole.len()).filter(|at| whole.is_char_boundary(*at)) {
            title(&whole[..at]);
            title(&whole[at..]);
        }
    }

    #[test]
    fn names_are_the_end_of_a_location() {
        for (location, name) in [
            ("gs://bucket/a/b.mp4", "b.mp4"),
            ("gs://bucket/a/q?x#1.mp4", "q?x#1.mp4"),
            ("gs://bucket/folder/", "folder"),
            ("C:\\videos\\a.mp4", "a.mp4"),
            ("https://www.youtube.com/watch?v=abc#t", "watch?v=abc"),
            ("https://a.b/c.png?token=1", "c.png"),
            ("a\u{202E}\u{7}.mp4", "a.mp4"),
            ("", ""),
        ] {
            assert_eq!(file_name(location), name, "{location}");
        }
        let long = file_name(&format!("gs://b/{}é.mp4", "x".repeat(100)));
        assert!(long.starts_with('…') && long.ends_with("xé.mp4") && long.chars().count() == MAX_NAME);
    }

    #[test]
    fn long_texts_are_cut_at_a_word_and_not_decoded_to_their_end() {
        assert_eq!(first_words(&"word ".repeat(20)), "word word word word word word word word…");
        assert_eq!(first_words(&"あ".repeat(50)), format!("{}…", "あ".repeat(39)));
        assert_eq!(first_words(&format!("so {}", "x".repeat(50))), format!("so {}…", "x".repeat(36)));
        assert_eq!(first_words(&"x".repeat(40)), "x".repeat(40));
        assert_eq!(first_words("\u{1b}[31m\u{202E}red\u{feff}"), "[31m red");
        let long = chat(&format!(r#""{}""#, r"\u00e9\n".repeat(200_000)), r#""content":"é""#);
        assert_eq!(title(&long), format!("{}… → é", "é ".repeat(20).trim_end()));
    }
}
