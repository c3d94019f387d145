//! Media types: their kinds of media, their extensions and their other names, which are the same for every vendor. The
//! types that a vendor documents are in its [vocabulary](super::Vocabulary::media_types).

use crate::schema::scalar::{extension, parse_location};

/// A kind of media.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MediaKind {
    /// A video.
    Video,
    /// An audio file.
    Audio,
    /// An image.
    Image,
    /// A PDF.
    Document,
    /// Plain text.
    Text,
}

impl MediaKind {
    /// The noun for it in a sentence.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            MediaKind::Video => "video",
            MediaKind::Audio => "audio file",
            MediaKind::Image => "image",
            MediaKind::Document => "PDF file",
            MediaKind::Text => "text file",
        }
    }
}

/// Extensions, with the types that their files can have, best first. Each of them agrees with the extension.
static EXTENSIONS: &[(&[&str], &[&str])] = &[
    (&["mp4"], &["video/mp4", "audio/mp4", "audio/m4a"]),
    (&["m4v"], &["video/mp4"]),
    (&["mov", "qt"], &["video/quicktime", "video/mov"]),
    (&["mpeg", "mpg", "mpe", "mpegs", "mpegps"], &["video/mpeg", "video/mpg", "video/mpegs", "video/mpegps"]),
    (&["webm"], &["video/webm", "audio/webm"]),
    (&["wmv"], &["video/wmv"]),
    (&["3gp", "3gpp"], &["video/3gpp"]),
    (&["avi"], &["video/avi"]),
    (&["flv"], &["video/x-flv", "video/flv"]),
    (&["mp3"], &["audio/mp3", "audio/mpeg", "audio/mpga"]),
    (&["mpga"], &["audio/mpga", "audio/mpeg", "audio/mp3"]),
    (&["wav", "wave"], &["audio/wav"]),
    (&["m4a"], &["audio/m4a", "audio/mp4"]),
    (&["aac"], &["audio/x-aac"]),
    (&["flac"], &["audio/flac"]),
    (&["ogg", "oga"], &["audio/ogg", "audio/opus"]),
    (&["opus"], &["audio/opus", "audio/ogg"]),
    (&["pcm"], &["audio/pcm"]),
    (&["png"], &["image/png"]),
    (&["jpg", "jpeg", "jpe", "jfif"], &["image/jpeg"]),
    (&["webp"], &["image/webp"]),
    (&["heic"], &["image/heic", "image/heif"]),
    (&["heif"], &["image/heif", "image/heic"]),
    (&["pdf"], &["application/pdf"]),
    (&["txt", "text", "md", "markdown", "csv", "log", "srt", "vtt"], &["text/plain"]),
];

/// The type of Matroska files. No vendor documents it.
pub const MATROSKA: &str = "video/x-matroska";

/// Other names of these types.
static ALIASES: &[(&str, &str)] = &[
    ("video/x-mp4", "video/mp4"),
    ("video/x-m4v", "video/mp4"),
    ("video/x-quicktime", "video/quicktime"),
    ("video/x-mpeg", "video/mpeg"),
    ("video/x-msvideo", "video/avi"),
    ("video/msvideo", "video/avi"),
    ("video/x-ms-wmv", "video/wmv"),
    ("video/x-webm", "video/webm"),
    ("audio/x-mp3", "audio/mp3"),
    ("audio/x-mpeg", "audio/mpeg"),
    ("audio/x-wav", "audio/wav"),
    ("audio/vnd.wave", "audio/wav"),
    ("audio/x-m4a", "audio/m4a"),
    ("audio/aacp", "audio/x-aac"),
    ("audio/x-flac", "audio/flac"),
    ("audio/l16", "audio/pcm"),
    ("image/pjpeg", "image/jpeg"),
    ("image/x-png", "image/png"),
    ("application/x-pdf", "application/pdf"),
    ("application/ogg", "audio/ogg"),
    ("text/x-markdown", "text/plain"),
];

/// Subtypes that look like a misspelled one, but are formats of their own.
static OTHER_FORMATS: &[&str] = &["mkv", "mp2"];

/// The kind of media of a type, by the part before the slash.
#[must_use]
pub fn kind_of(mime: &str) -> Option<MediaKind> {
    let (class, subtype) = mime.split_once('/')?;
    let kinds = [
        ("video", MediaKind::Video),
        ("audio", MediaKind::Audio),
        ("image", MediaKind::Image),
        ("text", MediaKind::Text),
        ("application", MediaKind::Document),
    ];
    let kind = kinds.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(class)).map(|(_, kind)| kind)?;
    (kind != MediaKind::Document || subtype.eq_ignore_ascii_case("pdf")).then_some(kind)
}

/// The usual name of a type that has several.
#[must_use]
pub fn usual_name(mime: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == mime).map_or(mime, |(_, name)| name)
}

/// The types of a file with this extension (without its dot, in any case), best first; none for an unknown
/// extension.
#[must_use]
pub fn for_extension(extension: &str) -> &'static [&'static str] {
    let is_one = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(extension));
    EXTENSIONS.iter().find(|(names, _)| is_one(names)).map_or(&[], |(_, types)| types)
}

/// The types that match the extension of a location, best first; none for an unknown extension.
#[must_use]
pub fn for_location(uri: &str) -> &'static [&'static str] {
    let location = parse_location(uri).ok();
    location.as_ref().and_then(extension).map_or(&[], for_extension)
}

/// Whether a file with this extension can have this type; `None` if either is unknown.
#[must_use]
pub fn agrees(mime: &str, extension: &str) -> Option<bool> {
    let types = for_extension(extension);
    (!types.is_empty() && extensions_of(mime).next().is_some()).then(|| types.contains(&mime))
}

/// Whether a file whose content has this type is certainly not of the type `mime`. A type of no known kind says nothing. The
/// sound of a video may be used alone.
#[must_use]
pub fn contradicts(mime: &str, content: &str) -> bool {
    let bare = content.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let content = ALIASES.iter().find(|(alias, _)| *alias == bare).map_or(&*bare, |(_, name)| *name);
    let Some(kind) = kind_of(content) else { return false };
    let is_same = mime == content
        || EXTENSIONS.iter().any(|(_, types)| types.contains(&mime) && types.contains(&content))
            && kind_of(mime).is_some_and(|own| own == kind || own == MediaKind::Audio);
    !is_same
}

/// The documented type that is probably meant; `None` for a wildcard, or if none is similar.
#[must_use]
pub fn nearest(mime: &str, documented: &[&'static str]) -> Option<&'static str> {
    let bare = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if bare.is_empty() || bare.contains('*') {
        return None;
    }
    let documented = || documented.iter().copied();
    let is_documented = |name: &&str| documented().any(|known| known == *name);
    let alias = || ALIASES.iter().find(|(alias, _)| *alias == bare).map(|(_, name)| *name);
    if let Some(name) = documented().find(|name| *name == bare).or_else(alias) {
        return Some(name).filter(is_documented);
    }
    let Some((class, subtype)) = bare.split_once('/') else {
        return for_extension(bare.trim_start_matches('.')).iter().copied().find(is_documented);
    };
    let by_extension = for_extension(subtype).iter().copied().filter(|name| name.split('/').next() == Some(class));
    let text = (class == "text").then_some("text/plain");
    if let Some(name) = by_extension.chain(text).find(is_documented) {
        return Some(name);
    }
    if OTHER_FORMATS.contains(&subtype) {
        return None;
    }
    // Short subtypes are similar by chance.
    let most = if subtype.len() > 4 { 2 } else { 1 };
    documented()
        .map(|name| (strsim::osa_distance(name, &bare), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The extensions of files that can have this type.
pub fn extensions_of(mime: &str) -> impl Iterator<Item = &'static str> + '_ {
    EXTENSIONS.iter().filter(move |(_, types)| types.contains(&mime)).flat_map(|(names, _)| *names).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_has_types_and_is_listed_once() {
        for (extensions, types) in EXTENSIONS {
            assert!(!types.is_empty() && types.iter().all(|name| kind_of(name).is_some()), "{extensions:?}");
            assert!(extensions.iter().all(|extension| for_extension(extension) == *types), "{extensions:?}");
        }
    }

    #[test]
    fn a_kind_is_told_by_the_class_of_an_unknown_type() {
        assert_eq!(kind_of("video/x-matroska"), Some(MediaKind::Video));
        assert_eq!(kind_of("application/pdf"), Some(MediaKind::Document));
        assert_eq!(kind_of("application/zip"), None);
        assert_eq!(kind_of("mp4"), None);
    }

    #[test]
    fn equivalent_types_agree_with_an_extension() {
        for (mime, extension) in [
            ("video/quicktime", "MOV"),
            ("video/mov", "mov"),
            ("video/mpegps", "mpg"),
            ("audio/mpga", "mp3"),
            ("audio/mp4", "m4a"),
            ("audio/opus", "ogg"),
        ] {
            assert_eq!(agrees(mime, extension), Some(true), "{mime} {extension}");
        }
    }

    #[test]
    fn a_type_contradicts_other_content() {
        for (mime, content) in [
            ("video/mp4", "video/quicktime"),
            ("video/mp4", "audio/mp4"),
            ("video/mp4", "video/x-matroska"),
            ("video/mp4", "text/html; charset=utf-8"),
            ("image/png", "image/jpeg"),
        ] {
            assert!(contradicts(mime, content), "{mime} {content}");
        }
        for (mime, content) in [
            ("video/mp4", "video/mp4"),
            ("video/mov", "video/quicktime"),
            ("audio/mp4", "video/mp4"),
            ("audio/wav", "audio/x-wav"),
            ("video/mp4", "application/octet-stream"),
            ("video/mp4", ""),
        ] {
            assert!(!contradicts(mime, content), "{mime} {content}");
        }
    }

    #[test]
    fn other_types_disagree_and_unknown_ones_are_not_judged() {
        assert_eq!(agrees("video/mp4", "mov"), Some(false));
        assert_eq!(agrees("image/png", "jpg"), Some(false));
        assert_eq!(agrees("video/mp4", "part1"), None);
        assert_eq!(agrees("video/mkv", "mp4"), None);
    }
}
