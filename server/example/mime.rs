//! Media types: which are documented, what they hold, which extensions go with them.
//!
//! The model page of Gemini 2.5 Pro and the "Blob" list of the inference reference (both read in
//! 2026). The two differ, and no tuning page has a list of its own, so either counts.

/// What a file is, by its media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MediaKind {
    /// Moving pictures.
    Video,
    /// Sound.
    Audio,
    /// A picture.
    Image,
    /// A PDF.
    Document,
    /// Plain text.
    Text,
}

impl MediaKind {
    /// What one of them is called in a sentence.
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

/// The documented types, the one to suggest first before its like.
static TYPES: &[(&str, MediaKind)] = &[
    ("video/mp4", MediaKind::Video),
    ("video/quicktime", MediaKind::Video),
    ("video/mov", MediaKind::Video),
    ("video/mpeg", MediaKind::Video),
    ("video/mpg", MediaKind::Video),
    ("video/mpegs", MediaKind::Video),
    ("video/mpegps", MediaKind::Video),
    ("video/webm", MediaKind::Video),
    ("video/wmv", MediaKind::Video),
    ("video/3gpp", MediaKind::Video),
    ("video/avi", MediaKind::Video),
    ("video/x-flv", MediaKind::Video),
    ("video/flv", MediaKind::Video),
    ("audio/mp3", MediaKind::Audio),
    ("audio/mpeg", MediaKind::Audio),
    ("audio/mpga", MediaKind::Audio),
    ("audio/wav", MediaKind::Audio),
    ("audio/mp4", MediaKind::Audio),
    ("audio/m4a", MediaKind::Audio),
    ("audio/x-aac", MediaKind::Audio),
    ("audio/flac", MediaKind::Audio),
    ("audio/ogg", MediaKind::Audio),
    ("audio/opus", MediaKind::Audio),
    ("audio/pcm", MediaKind::Audio),
    ("audio/webm", MediaKind::Audio),
    ("image/jpeg", MediaKind::Image),
    ("image/png", MediaKind::Image),
    ("image/webp", MediaKind::Image),
    ("image/heic", MediaKind::Image),
    ("image/heif", MediaKind::Image),
    ("application/pdf", MediaKind::Document),
    ("text/plain", MediaKind::Text),
];

/// Which documented types a file of an extension can have, best first. Types in one row are
/// equivalent: any of them agrees with the extension.
static EXTENSIONS: &[(&str, &[&str])] = &[
    ("mp4", &["video/mp4", "audio/mp4", "audio/m4a"]),
    ("m4v", &["video/mp4"]),
    ("mov", QUICKTIME),
    ("qt", QUICKTIME),
    ("mpeg", MPEG),
    ("mpg", MPEG),
    ("mpe", MPEG),
    ("mpegs", MPEG),
    ("mpegps", MPEG),
    ("webm", &["video/webm", "audio/webm"]),
    ("wmv", &["video/wmv"]),
    ("3gp", &["video/3gpp"]),
    ("3gpp", &["video/3gpp"]),
    ("avi", &["video/avi"]),
    ("flv", &["video/x-flv", "video/flv"]),
    ("mp3", &["audio/mp3", "audio/mpeg", "audio/mpga"]),
    ("mpga", &["audio/mpga", "audio/mpeg", "audio/mp3"]),
    ("wav", &["audio/wav"]),
    ("wave", &["audio/wav"]),
    ("m4a", &["audio/m4a", "audio/mp4"]),
    ("aac", &["audio/x-aac"]),
    ("flac", &["audio/flac"]),
    ("ogg", OGG),
    ("oga", OGG),
    ("opus", &["audio/opus", "audio/ogg"]),
    ("pcm", &["audio/pcm"]),
    ("png", &["image/png"]),
    ("jpg", JPEG),
    ("jpeg", JPEG),
    ("jpe", JPEG),
    ("jfif", JPEG),
    ("webp", &["image/webp"]),
    ("heic", &["image/heic", "image/heif"]),
    ("heif", &["image/heif", "image/heic"]),
    ("pdf", &["application/pdf"]),
    ("txt", PLAIN),
    ("text", PLAIN),
    ("md", PLAIN),
    ("markdown", PLAIN),
    ("csv", PLAIN),
    ("log", PLAIN),
    ("srt", PLAIN),
    ("vtt", PLAIN),
];

const QUICKTIME: &[&str] = &["video/quicktime", "video/mov"];
const MPEG: &[&str] = &["video/mpeg", "video/mpg", "video/mpegs", "video/mpegps"];
const OGG: &[&str] = &["audio/ogg", "audio/opus"];
const JPEG: &[&str] = &["image/jpeg"];
const PLAIN: &[&str] = &["text/plain"];

/// Names that other places use for a documented type.
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

/// Subtypes that look like a slip for a documented one and are formats of their own.
static NO_SLIPS: &[&str] = &["mkv", "mp2"];

/// What a file of this type is: by the documented type, else by the part before the slash.
#[must_use]
pub fn kind_of(mime: &str) -> Option<MediaKind> {
    if let Some((_, kind)) = TYPES.iter().find(|(name, _)| *name == mime) {
        return Some(*kind);
    }
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

/// Whether a page of the documentation lists this type, letter for letter and without parameters.
#[must_use]
pub fn is_documented(mime: &str) -> bool {
    TYPES.iter().any(|(name, _)| *name == mime)
}

/// All documented types, the most usual of each kind first.
pub fn documented_types() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(name, _)| *name)
}

/// The documented types that fit a file of this extension (without its dot, in any case), best
/// first; none for an unknown extension.
#[must_use]
pub fn for_extension(extension: &str) -> &'static [&'static str] {
    EXTENSIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(extension)).map_or(&[], |(_, types)| types)
}

/// Whether a file of this extension can have this type; `None` when either is unknown.
#[must_use]
pub fn agrees(mime: &str, extension: &str) -> Option<bool> {
    let types = for_extension(extension);
    (!types.is_empty() && is_documented(mime)).then(|| types.contains(&mime))
}

/// The documented type that was probably meant; `None` for a wildcard, or when nothing is near.
#[must_use]
pub fn nearest(mime: &str) -> Option<&'static str> {
    let bare = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if bare.is_empty() || bare.contains('*') {
        return None;
    }
    if let Some(name) = documented_types().find(|name| *name == bare) {
        return Some(name);
    }
    if let Some((_, name)) = ALIASES.iter().find(|(alias, _)| *alias == bare) {
        return Some(name);
    }
    let Some((class, subtype)) = bare.split_once('/') else {
        return for_extension(bare.trim_start_matches('.')).first().copied();
    };
    let by_extension = for_extension(subtype).iter().find(|name| name.split('/').next() == Some(class));
    if let Some(name) = by_extension.or_else(|| (class == "text").then_some(&"text/plain")) {
        return Some(name);
    }
    if NO_SLIPS.contains(&subtype) {
        return None;
    }
    // Short subtypes are a letter or two from each other by chance.
    let most = if subtype.len() > 4 { 2 } else { 1 };
    documented_types()
        .map(|name| (strsim::osa_distance(name, &bare), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The extensions of files that can have this type, as the table lists them.
pub fn extensions_of(mime: &str) -> impl Iterator<Item = &'static str> + '_ {
    EXTENSIONS.iter().filter(move |(_, types)| types.contains(&mime)).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_told_by_the_class_of_an_unknown_type() {
        assert_eq!(kind_of("video/x-matroska"), Some(MediaKind::Video));
        assert_eq!(kind_of("application/pdf"), Some(MediaKind::Document));
        assert_eq!(kind_of("application/zip"), None);
        assert_eq!(kind_of("mp4"), None);
    }

    #[test]
    fn every_type_of_an_extension_is_documented() {
        for (extension, types) in EXTENSIONS {
            assert!(!types.is_empty() && types.iter().all(|name| is_documented(name)), "{extension}");
            assert_eq!(for_extension(extension), *types);
        }
        assert!(ALIASES.iter().all(|(alias, name)| !is_documented(alias) && is_documented(name)));
    }

    #[test]
    fn equivalent_types_agree_with_an_extension() {
        for (mime, extension) in [
            ("video/quicktime", "MOV"),
            ("video/mov", "mov"),
            ("video/mpg", "mpeg"),
            ("video/mpegps", "mpg"),
            ("audio/mpeg", "mp3"),
            ("audio/mpga", "mp3"),
            ("audio/mp4", "m4a"),
            ("audio/wav", "wav"),
            ("video/3gpp", "3gp"),
            ("audio/webm", "webm"),
            ("video/flv", "flv"),
            ("audio/opus", "ogg"),
            ("image/jpeg", "JPG"),
        ] {
            assert_eq!(agrees(mime, extension), Some(true), "{mime} {extension}");
        }
    }

    #[test]
    fn other_types_disagree_and_unknown_ones_make_no_claim() {
        assert_eq!(agrees("video/mp4", "mov"), Some(false));
        assert_eq!(agrees("image/png", "jpg"), Some(false));
        assert_eq!(agrees("video/mp4", "part1"), None);
        assert_eq!(agrees("video/mkv", "mp4"), None);
    }

    #[test]
    fn a_slip_has_a_nearest_type_and_a_wildcard_has_none() {
        for (mime, expected) in [
            ("video/mp5", Some("video/mp4")),
            ("mp4", Some("video/mp4")),
            (".MOV", Some("video/quicktime")),
            ("image/jpg", Some("image/jpeg")),
            ("Video/MP4", Some("video/mp4")),
            ("video/mp4; codecs=avc1", Some("video/mp4")),
            ("vidoe/mp4", Some("video/mp4")),
            ("audio/aac", Some("audio/x-aac")),
            ("video/x-msvideo", Some("video/avi")),
            ("video/quicktme", Some("video/quicktime")),
            ("text/markdown", Some("text/plain")),
            ("video/*", None),
            ("video/x-matroska", None),
            ("video/mkv", None),
            ("video/mp2t", None),
            ("image/gif", None),
            ("", None),
        ] {
            assert_eq!(nearest(mime), expected, "{mime}");
        }
    }

    #[test]
    fn parameters_and_capitals_are_not_documented() {
        assert!(is_documented("video/mov"));
        assert!(!is_documented("video/MP4") && !is_documented("text/plain; charset=utf-8"));
    }
}
