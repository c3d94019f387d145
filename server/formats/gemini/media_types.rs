//! The media types that are documented for Gemini.
//!
//! The model page of Gemini 2.5 Pro and the "Blob" list of the inference reference (both as of 2026). The two differ, and no
//! tuning page has its own list, so a type in either list counts.

/// The documented types, the preferred one of each kind of file first.
pub static MEDIA_TYPES: [&str; 32] = [
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

#[cfg(test)]
mod tests {
    use super::MEDIA_TYPES;
    use crate::example::mime::{extensions_of, nearest};

    #[test]
    fn every_documented_type_has_an_extension() {
        assert!(MEDIA_TYPES.iter().all(|name| extensions_of(name).next().is_some()));
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
            assert_eq!(nearest(mime, &MEDIA_TYPES), expected, "{mime}");
        }
    }
}
