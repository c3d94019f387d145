//! An example that is not written yet, independent of its format.

use crate::example::Speaker;
use crate::example::mime::{self, MediaKind};
use crate::example::shared::SharedValue;
use crate::schema::scalar::{extension, parse_location};
use std::borrow::Cow;

/// An example to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Instructions to the model before the conversation.
    pub instructions: Vec<String>,
    /// The turns, each with its speaker.
    pub turns: Vec<(Speaker, Vec<DraftPart>)>,
    /// The shared value of the file, for an example with video or images.
    pub shared: Option<SharedValue>,
    /// The role of the model's turns, if the service names it.
    pub model_role: Option<&'static str>,
}

/// A part of a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftPart {
    /// A text.
    Text(String),
    /// A media file.
    Media(DraftMedia),
}

/// A media file, and the segment of it to use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftMedia {
    /// Its location.
    pub uri: String,
    /// Its kind, if the author names it.
    pub kind: Option<MediaKind>,
    /// Its media type, if the author names it.
    pub mime: Option<String>,
    /// The start of the segment, in seconds with an `s`.
    pub start: Option<String>,
    /// The end of the segment.
    pub end: Option<String>,
}

/// A value of a draft that has no place in the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The value.
    pub value: String,
    /// The reason, as a clause about "it".
    pub why: &'static str,
}

impl Draft {
    /// Whether it has a video or an image.
    #[must_use]
    pub fn has_frames(&self) -> bool {
        let has = |part: &DraftPart| match part {
            DraftPart::Text(_) => false,
            DraftPart::Media(media) => matches!(media.kind(), Some(MediaKind::Video | MediaKind::Image)),
        };
        self.turns.iter().any(|(_, parts)| parts.iter().any(has))
    }
}

impl DraftMedia {
    /// The media type: the named one, or else the usual one of files with its extension.
    #[must_use]
    pub fn mime_type(&self) -> Option<Cow<'_, str>> {
        if let Some(mime) = &self.mime {
            return Some(Cow::Borrowed(mime));
        }
        let location = parse_location(&self.uri).ok();
        let extension = match &location {
            Some(location) => extension(location),
            // A path on this computer.
            None => self.uri.rsplit_once('.').map(|(_, extension)| extension),
        };
        let types = extension.map_or(&[][..], mime::for_extension);
        let fits = |mime: &&str| self.kind.is_none() || mime::kind_of(mime) == self.kind;
        types.iter().copied().find(fits).or(types.first().copied()).map(Cow::Borrowed)
    }

    /// The kind: the named one, or else that of its media type.
    #[must_use]
    pub fn kind(&self) -> Option<MediaKind> {
        let inside = || mime::kind_of(self.uri.strip_prefix("data:")?.split([';', ',']).next()?);
        self.kind.or_else(|| mime::kind_of(&self.mime_type()?)).or_else(inside)
    }
}
