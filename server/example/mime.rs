//! Media types: which are documented, their kinds of media, and their extensions.
//!
//! Documented types: the model page of Gemini 2.5 Pro and the "Blob" list of the inference reference (both as of 2026).
//! The two differ, and no tuning page has its own list, so a type in either list counts.

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

/// The documented types, the preferred one of each format first.
static TYPES: &[&str] = &[
    "video/mp4",
    "video/quicktime",
    "video/mov",
    "video/mpeg",
    "video/mpg",
    "video/mpegs",
    "video/mpegps",
    "video/webm",
    "video/wmv",
    "video/3gpp",
    "video/avi",
    "video/x-flv",
    "video/flv",
    "audio/mp3",
    "audio/mpeg",
    "audio/mpga",
    "audio/wav",
    "audio/mp4",
    "audio/m4a",
    "audio/x-aac",
    "audio/flac",
    "audio/ogg",
    "audio/opus",
    "audio/pcm",
    "audio/webm",
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/heic",
    "image/heif",
    "application/pdf",
    "text/plain",
];

/// Extensions, with the documented types that their files can have, best first. Each of them agrees with the extension.
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

/// Other names of documented types.
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

/// Subtypes that look like a misspelled documented one, but are formats of their own.
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

/// Whether the documentation lists exactly this type.
#[must_use]
pub fn is_documented(mime: &str) -> bool {
    TYPES.contains(&mime)
}

/// All documented types, the most common of each kind first.
pub fn documented_types() -> impl Iterator<Item = &'static str> {
    TYPES.iter().copied()
}

/// The documented types of a file with this extension (without its dot, in any case), best first; none for an unknown
/// extension.
#[must_use]
pub fn for_extension(extension: &str) -> &'static [&'static str] {
    let is_one = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(extension));
    EXTENSIONS.iter().find(|(names, _)| is_one(names)).map_or(&[], |(_, types)| types)
}

/// Whether a file with this extension can have this type; `None` if either is unknown.
#[must_use]
pub fn agrees(mime: &str, extension: &str) -> Option<bool> {
    let types = for_extension(extension);
    (!types.is_empty() && is_documented(mime)).then(|| types.contains(&mime))
}

/// The documented type that is probably meant; `None` for a wildcard, or if none is similar.
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
    if OTHER_FORMATS.contains(&subtype) {
        return None;
    }
    // Short subtypes are similar by chance.
    let most = if subtype.len() > 4 { 2 } else { 1 };
    documented_types()
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
    fn a_kind_is_told_by_the_class_of_an_unknown_type() {
        assert_eq!(kind_of("video/x-matroska"), Some(MediaKind::Video));
        assert!(documented_types().all(|name| kind_of(name).is_some()));
        assert_eq!(kind_of("application/pdf"), Some(MediaKind::Document));
        assert_eq!(kind_of("application/zip"), None);
        assert_eq!(kind_of("mp4"), None);
    }

    #[test]
    fn every_type_of_an_extension_is_documented() {
        for (extensions, types) in EXTENSIONS {
            assert!(!types.is_empty() && types.iter().all(|name| is_documented(name)), "{extensions:?}");
            assert!(extensions.iter().all(|extension| for_extension(extension) == *types), "{extensions:?}");
        }
        assert!(ALIASES.iter().all(|(alias, name)| !is_documented(alias) && is_documented(name)));
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
    fn other_types_disagree_and_unknown_ones_are_not_judged() {
        assert_eq!(agrees("video/mp4", "mov"), Some(false));
        assert_eq!(agrees("image/png", "jpg"), Some(false));
        assert_eq!(agrees("video/mp4", "part1"), None);
        assert_eq!(agrees("video/mkv", "mp4"), None);
    }

    #[test]
    fn a_misspelled_type_has_a_nearest_one_and_a_wildcard_has_none() {
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
