//! Sets the segment of a media file in an example.

use crate::analysis::Analyst;
use crate::json::{Edit, lexer};
use crate::rules::moves::{append_member, append_members};
use crate::schema::scalar::Duration;
use crate::schema::{Means, snake_case};

/// The edits that set the start or the end, or both, of the segment of the media file with this index. Everything else
/// in the record stays as it is.
///
/// `None` if there is no such media file, if the format has no segments, or if broken grammar is in the way. O(record).
#[must_use]
pub fn set(
    text: &str,
    index: usize,
    (start, end): (Option<Duration>, Option<Duration>),
    analyst: &mut Analyst,
) -> Option<Vec<Edit>> {
    let reading = analyst.read(text);
    if !reading.errors.is_empty() {
        return None;
    }
    let (record, example, format) = (reading.record, reading.example, reading.kind.format);
    let media = example.media.get(index)?;
    let part = example.parts.get(media.part)?.node;
    let is_snake = record.key(media.node).contains('_');
    let name = |means| {
        let name = format.name_of(means);
        if is_snake { snake_case(name) } else { name.to_owned() }
    };
    if format.words.segment_end.is_empty() {
        return None;
    }
    let times = [(Means::SegmentStart, start), (Means::SegmentEnd, end)];
    let times = times.map(|(means, time)| (name(means), time.map(|time| lexer::quote(&time.canonical()))));
    let Some(segment) = example.segment_of(media.part) else {
        let members: Vec<_> =
            times.iter().filter_map(|(key, time)| Some(format!("\"{key}\":{}", time.as_ref()?))).collect();
        let (name, value) = (name(Means::Segment), format!("{{{}}}", members.join(",")));
        // It may be null.
        return Some(vec![match record.member(part, &name) {
            Some(old) => Edit::replace(record.span(old), value),
            None => append_member(record, part, &name, &value)?,
        }]);
    };
    let old = [segment.start, segment.end];
    let mut edits = Vec::new();
    let mut added = Vec::new();
    for ((key, time), old) in times.into_iter().zip(old) {
        let Some(time) = time else { continue };
        match old {
            Some(node) => edits.push(Edit::replace(record.span(node), time)),
            None => added.push(format!("\"{key}\":{time}")),
        }
    }
    if !added.is_empty() {
        edits.push(append_members(record, segment.node, &added.join(","))?);
    }
    edits.sort();
    Some(edits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::edits::apply_fixes;

    const FILE: &str = r#""fileData":{"mimeType":"video/mp4","fileUri":"gs://b/a.mp4"}"#;

    fn line(part: &str) -> String {
        format!(
            r#"{{"contents": [{{"role":"user","parts":[{{{part}}}]}},{{"role":"model","parts":[{{"text":"x"}}]}}]}}"#
        )
    }

    fn set_in(part: &str, start: Option<u32>, end: Option<u32>) -> Option<String> {
        let text = line(part);
        let time = |seconds: Option<u32>| seconds.map(Duration::from_seconds);
        let edits = set(&text, 0, (time(start), time(end)), &mut Analyst::default())?;
        apply_fixes(&text, &[&edits], |_| true)
    }

    #[test]
    fn offsets_are_added_or_replaced_and_nothing_else_changes() {
        let with = |segment: &str| line(&format!("{FILE}{segment}"));
        assert_eq!(set_in(FILE, None, Some(65)), Some(with(r#","videoMetadata":{"endOffset":"65s"}"#)));
        let part = format!(r#"{FILE}, "videoMetadata": {{ "startOffset": "1s" }}"#);
        let both = r#", "videoMetadata": { "startOffset": "2s","endOffset":"3s" }"#;
        assert_eq!(set_in(&part, Some(2), Some(3)), Some(with(both)));
        let part = format!(r#"{FILE},"videoMetadata":{{}}"#);
        let both = r#","videoMetadata":{"startOffset":"2s","endOffset":"3s"}"#;
        assert_eq!(set_in(&part, Some(2), Some(3)), Some(with(both)));
        let null = format!(r#"{FILE},"videoMetadata":null"#);
        assert_eq!(set_in(&null, Some(5), None), Some(with(r#","videoMetadata":{"startOffset":"5s"}"#)));
        let snake = r#""file_data":{"mime_type":"video/mp4","file_uri":"gs://b/a.mp4"}"#;
        let expected = line(&format!(r#"{snake},"video_metadata":{{"start_offset":"5s"}}"#));
        assert_eq!(set_in(snake, Some(5), None), Some(expected));
    }

    #[test]
    fn lines_without_segments_have_no_edits() {
        assert_eq!(set_in(r#""text":"a""#, Some(1), None), None);
        assert_eq!(set_in(&format!("{FILE},"), Some(1), None), None);
        let image = r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a.b/c.png"}}]}]}"#;
        assert_eq!(set(image, 0, (Some(Duration::from_seconds(1)), None), &mut Analyst::default()), None);
    }
}
