//! What the columns of a table mean, by their names.

use crate::example::Speaker;
use crate::example::mime::MediaKind;
use crate::formats::FORMATS;
use crate::formats::index;
use crate::schema::Means;

/// The meaning of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// The location of a media file. The kind is known if the name says it.
    Media(Option<MediaKind>),
    /// The media type of that file.
    Mime,
    /// The start of its segment.
    Start,
    /// The end of its segment.
    End,
    /// A text of the user.
    Prompt,
    /// The answer to learn.
    Answer,
    /// Instructions to the model.
    System,
}

/// Names in lower case, without separators. Where only one column can have a meaning, an earlier name is the better one.
const NAMES: &[(Column, &[&str])] = &[
    (Column::Media(Some(MediaKind::Video)), &["video", "videouri", "videourl", "videofile", "videopath", "clip"]),
    (Column::Media(Some(MediaKind::Image)), &["image", "imageuri", "imageurl", "imagefile", "imagepath", "picture"]),
    (Column::Media(Some(MediaKind::Audio)), &["audio", "audiouri", "audiourl", "audiofile", "audiopath"]),
    (Column::Media(None), &["uri", "url", "file", "filepath", "fileurl", "media", "mediauri", "mediaurl", "gcsuri"]),
    (Column::Mime, &["mime", "mimetype", "mediatype", "contenttype"]),
    (Column::Start, &["start", "starttime", "startsecond", "startseconds", "startsec"]),
    (Column::End, &["end", "endtime", "endsecond", "endseconds", "endsec"]),
    (
        Column::Prompt,
        &["prompt", "question", "input", "instruction", "query", "text", "user", "inputtext", "textinput"],
    ),
    (
        Column::Answer,
        &["answer", "completion", "response", "output", "target", "label", "outputtext", "expected", "expectedoutput"],
    ),
    (Column::System, &["system", "systemprompt", "systemmessage", "systeminstructions", "instructions"]),
];

/// What a column means, and how good its name is: 0 for the best. `None` if the name says nothing.
pub(super) fn meaning(name: &str) -> Option<(Column, usize)> {
    let plain = plain(name);
    let known = NAMES.iter().find_map(|(column, names)| {
        let place = names.iter().position(|known| *known == plain)?;
        Some((*column, place))
    });
    known.or_else(|| Some((of_formats(&plain)?, usize::MAX)))
}

/// What a name means in one of the formats: a role or a field.
fn of_formats(plain_name: &str) -> Option<Column> {
    let fields = [
        (Means::Location, Column::Media(None)),
        (Means::MimeType, Column::Mime),
        (Means::SegmentStart, Column::Start),
        (Means::SegmentEnd, Column::End),
        (Means::System, Column::System),
    ];
    FORMATS.into_iter().find_map(|format| {
        let roles = format.words.roles.iter().chain(format.words.aliases);
        let speaker = roles.into_iter().find(|(role, _)| plain(role) == plain_name).map(|(_, speaker)| *speaker);
        let of_speaker = match speaker {
            Some(Speaker::User) => Some(Column::Prompt),
            Some(Speaker::Model) => Some(Column::Answer),
            Some(Speaker::System) => Some(Column::System),
            Some(Speaker::Tool) | None => None,
        };
        let of_field = || {
            let own = index::fields(format.id()).iter().filter(|field| plain(field.name) == plain_name);
            own.into_iter().find_map(|field| fields.iter().find(|(means, _)| *means == field.means))
        };
        of_speaker.or_else(|| of_field().map(|(_, column)| *column))
    })
}

/// A name in lower case, without separators.
fn plain(name: &str) -> String {
    let is_separator = |letter: &char| letter.is_whitespace() || matches!(letter, '_' | '-' | '.');
    name.chars().filter(|letter| !is_separator(letter)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_any_case_and_with_separators() {
        for (name, expected) in [
            ("Video", Column::Media(Some(MediaKind::Video))),
            ("IMAGE_URL", Column::Media(Some(MediaKind::Image))),
            ("fileUri", Column::Media(None)),
            ("mimeType", Column::Mime),
            ("Start time", Column::Start),
            ("endOffset", Column::End),
            ("end_offset", Column::End),
            ("Question", Column::Prompt),
            ("assistant", Column::Answer),
            ("model", Column::Answer),
            ("Label", Column::Answer),
            ("systemInstruction", Column::System),
        ] {
            assert_eq!(meaning(name).map(|(column, _)| column), Some(expected), "{name}");
        }
        for name in ["", "id", "notes", "start (ms)", "tool", "Prompts?"] {
            assert_eq!(meaning(name), None, "{name}");
        }
        let place = |name| meaning(name).map(|(_, place)| place);
        assert!(place("answer") < place("label"));
    }
}
