//! Locations of media files: Cloud Storage objects and http(s) URLs, and what people write instead.
//!
//! Names of buckets and objects: "About Cloud Storage buckets", "About Cloud Storage objects" and gsutil's help on
//! naming (2026). Everything after `gs://BUCKET/` is the object's name, verbatim.

use super::bucket;
use super::examples::is_example_bucket;
use super::store::OBJECT_SCHEME;
use crate::json::search::{self, ByteSet, STEP, Set, Within};
use fearless_simd::{Level, Simd, dispatch};
use std::borrow::Cow;
use url::Url;

/// A well-formed location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location<'a> {
    /// `gs://BUCKET/OBJECT`.
    Object {
        /// The bucket's name.
        bucket: &'a str,
        /// The object's name: everything after the first slash, without escapes.
        object: &'a str,
    },
    /// An `http` or `https` URL.
    Web(Url),
}

/// Why a text is not a location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocationFault {
    /// An empty text, or only white space.
    Empty,
    /// A path on this computer, or a name without a scheme.
    LocalPath,
    /// A `file:` URL.
    FileUrl,
    /// A `data:` URL.
    DataUrl,
    /// A name of the Files API, such as `files/abc`.
    FilesApiName,
    /// Another scheme, such as `s3`.
    OtherScheme(String),
    /// A URL without its `https://`.
    NoScheme,
    /// `gs` in upper case.
    UpperCaseScheme,
    /// `gs:` with fewer than two slashes.
    MissingSlash,
    /// `gs//`.
    MissingColon,
    /// Backslashes instead of slashes.
    Backslashes,
    /// White space before the scheme.
    LeadingSpace,
    /// `gs:///`.
    NoBucket,
    /// The bucket's name is not legal, for this reason.
    Bucket(Cow<'static, str>),
    /// A bucket without an object.
    NoObject,
    /// A folder: the name ends with a slash.
    Folder,
    /// A line break in the object's name.
    LineBreak,
    /// An object's name of more than 1024 bytes.
    ObjectTooLong,
    /// An object named `.` or `..`, or inside `.well-known/acme-challenge/`.
    ObjectName,
    /// A URL with white space at its end.
    FinalSpace,
    /// A URL with white space in it.
    UrlSpace,
    /// A malformed URL, with the reason.
    MalformedUrl(String),
}

impl LocationFault {
    /// The reason, as a clause about "it".
    #[must_use]
    pub fn message(&self) -> String {
        let text: &str = match self {
            LocationFault::Empty => "it is empty",
            LocationFault::LocalPath => "it is a local path; upload the file",
            LocationFault::FileUrl => "it is a `file:` URL",
            LocationFault::DataUrl => "it is a `data:` URL",
            LocationFault::FilesApiName => "it is a file of the Files API",
            LocationFault::OtherScheme(scheme) => return format!("its scheme is `{scheme}:`"),
            LocationFault::NoScheme => "its `https://` is missing",
            LocationFault::UpperCaseScheme => "`gs://` must be in lower case",
            LocationFault::MissingSlash => "`gs:` needs two slashes after it",
            LocationFault::MissingColon => "the colon of `gs://` is missing",
            LocationFault::Backslashes => "it has backslashes instead of slashes",
            LocationFault::LeadingSpace => "it begins with white space",
            LocationFault::NoBucket => "it names no bucket",
            LocationFault::Bucket(fault) => fault,
            LocationFault::NoObject => "it names a bucket but no object in it",
            LocationFault::Folder => "it names a folder, not an object",
            LocationFault::LineBreak => "it has a line break in it",
            LocationFault::ObjectTooLong => "the object name is longer than 1024 bytes",
            LocationFault::ObjectName => "no object can have this name",
            LocationFault::FinalSpace => "it ends with white space",
            LocationFault::UrlSpace => "it has white space in it; write a space as `%20`",
            LocationFault::MalformedUrl(why) => return format!("it is a malformed URL ({why})"),
        };
        text.to_owned()
    }

    /// The location that `text`, which has this fault, certainly means; `None` if that is not clear.
    #[must_use]
    pub fn repair(&self, text: &str) -> Option<String> {
        if let Some(trimmed) = Some(text.trim()).filter(|trimmed| parse_location(trimmed).is_ok()) {
            return Some(trimmed.to_owned());
        }
        let all_slashes = match self {
            LocationFault::UpperCaseScheme | LocationFault::MissingSlash | LocationFault::MissingColon => false,
            LocationFault::Backslashes => true,
            _ => return None,
        };
        let rest = text.get(2..)?.trim_start_matches(':').trim_start_matches(['/', '\\']);
        let rest = if all_slashes { rest.replace('\\', "/") } else { rest.to_owned() };
        let repaired = format!("{OBJECT_SCHEME}{rest}");
        parse_location(&repaired).is_ok().then_some(repaired)
    }
}

/// Parses a location.
///
/// # Errors
/// What the text is instead of a location, or the first fault of a location.
pub fn parse_location(text: &str) -> Result<Location<'_>, LocationFault> {
    if text.trim().is_empty() {
        return Err(LocationFault::Empty);
    }
    if let Some(rest) = text.strip_prefix(OBJECT_SCHEME) {
        return object_location(rest);
    }
    if text.trim_start() != text {
        return Err(LocationFault::LeadingSpace);
    }
    if let Some(fault) = broken_scheme(text) {
        return Err(fault);
    }
    let scheme = scheme(text).map(str::to_ascii_lowercase);
    match scheme.as_deref() {
        Some("http" | "https") => web(text),
        Some("file") => Err(LocationFault::FileUrl),
        Some("data") => Err(LocationFault::DataUrl),
        // A single letter is a drive, and a colon without a slash may occur in any file name.
        Some(other) if other.len() > 1 && text[other.len()..].starts_with(":/") => {
            Err(LocationFault::OtherScheme(other.to_owned()))
        }
        _ if text.starts_with("files/") => Err(LocationFault::FilesApiName),
        _ if text.starts_with("www.") || text.starts_with("storage.") && text.contains(".com/") => {
            Err(LocationFault::NoScheme)
        }
        _ => Err(LocationFault::LocalPath),
    }
}

/// The text before the first colon, if it can be a scheme (RFC 3986).
fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let legal = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.');
    (scheme.starts_with(|letter: char| letter.is_ascii_alphabetic()) && scheme.chars().all(legal)).then_some(scheme)
}

/// The fault of a text with a misspelled `gs://`.
fn broken_scheme(text: &str) -> Option<LocationFault> {
    let letters = text.get(..2).filter(|letters| letters.eq_ignore_ascii_case("gs"))?;
    let rest = &text[2..];
    let Some(after) = rest.strip_prefix(':') else {
        return (rest.starts_with("//") && letters == "gs").then_some(LocationFault::MissingColon);
    };
    if after.starts_with('\\') || after.starts_with("/\\") {
        return Some(LocationFault::Backslashes);
    }
    Some(if letters == "gs" || !after.starts_with("//") {
        LocationFault::MissingSlash
    } else {
        LocationFault::UpperCaseScheme
    })
}

/// A Cloud Storage location without its `gs://`.
fn object_location(rest: &str) -> Result<Location<'_>, LocationFault> {
    let (bucket, object) = rest.split_once('/').map_or((rest, None), |(bucket, object)| (bucket, Some(object)));
    // A backslash is legal in an object's name, but not in a bucket's.
    if bucket.contains('\\') {
        return Err(LocationFault::Backslashes);
    }
    if rest.contains(['\r', '\n']) {
        return Err(LocationFault::LineBreak);
    }
    if bucket.is_empty() {
        return Err(LocationFault::NoBucket);
    }
    if let Some(fault) = bucket::fault(bucket) {
        return Err(LocationFault::Bucket(fault));
    }
    let object = object.ok_or(LocationFault::NoObject)?;
    if object.is_empty() || object.ends_with('/') {
        return Err(LocationFault::Folder);
    }
    if object.len() > 1024 {
        return Err(LocationFault::ObjectTooLong);
    }
    if object == "." || object == ".." || object.starts_with(".well-known/acme-challenge/") {
        return Err(LocationFault::ObjectName);
    }
    Ok(Location::Object { bucket, object })
}

/// An http(s) URL. The `url` crate silently fixes many faults, as browsers do; the service may not.
fn web(text: &str) -> Result<Location<'static>, LocationFault> {
    if text.trim_end() != text {
        return Err(LocationFault::FinalSpace);
    }
    if text.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        return Err(LocationFault::UrlSpace);
    }
    let parsed = match text.split_once(':').and_then(|(_, rest)| rest.strip_prefix("//")) {
        None => Err("no `//` after the scheme".to_owned()),
        Some(host) if host.is_empty() || host.starts_with(['/', '\\']) => Err("no host".to_owned()),
        Some(_) => Url::parse(text).map_err(|error| error.to_string()),
    };
    parsed.map(Location::Web).map_err(LocationFault::MalformedUrl)
}

/// The characters of an object's name that tools read as wildcards or fragments, with their byte offsets.
pub fn wildcards(object: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    object.char_indices().filter(|(_, letter)| matches!(letter, '*' | '?' | '[' | '#'))
}

/// The extension of the object or of the URL's path, without its dot.
#[must_use]
pub fn extension<'a>(location: &'a Location<'a>) -> Option<&'a str> {
    let path = match location {
        Location::Object { object, .. } => object,
        Location::Web(url) => url.path(),
    };
    let name = path.rsplit('/').next()?;
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty()).then_some(extension)
}

/// A part of a location that was never replaced by a real value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder<'a> {
    /// The text itself.
    pub text: &'a str,
    /// Whether it replaces the bucket or host (or everything), not a part of the object's name.
    pub in_bucket: bool,
    /// Whether it is `<...>`, which is never a real name.
    pub in_angles: bool,
}

/// The first segment of a location that is a placeholder (`<...>`, `{name}`, `${...}`, `$NAME`, `YOUR_...`, or
/// `path/to`), or that surely contains one, such as `{name}.mp4`. In a text without a scheme, only the part before the first slash is searched.
#[must_use]
pub fn placeholder(text: &str) -> Option<Placeholder<'_>> {
    let text = text.trim();
    let known = [OBJECT_SCHEME, "https://", "http://"];
    let prefix =
        known.iter().find(|scheme| text.get(..scheme.len()).is_some_and(|own| own.eq_ignore_ascii_case(scheme)));
    let (web, rest) = prefix.map_or((false, text), |scheme| (scheme.starts_with("http"), &text[scheme.len()..]));
    let mut at = 0;
    let mut names = 0;
    while at <= rest.len() {
        let begin = &rest[at..];
        let segment = begin.split('/').next().unwrap_or(begin);
        // Angle brackets may contain slashes: `<path/to/the/file>`.
        let angles = begin.starts_with('<').then(|| begin.find('>')).flatten().map(|end| &begin[..=end]);
        let angles =
            angles.filter(|angles| matches!(begin.as_bytes().get(angles.len()), None | Some(b'/' | b'?' | b'#')));
        let to =
            segment == "path" && begin.get(4..7) == Some("/to") && matches!(begin.as_bytes().get(7), None | Some(b'/'));
        let found = match angles {
            Some(angles) => Some(angles),
            None if to && prefix.is_some() => Some(&begin[..7]),
            None => {
                let name = if web { segment.split(['?', '#']).next().unwrap_or(segment) } else { segment };
                if is_placeholder(name) { Some(name) } else { placeholder_inside(name) }
            }
        };
        // In a web URL of Cloud Storage, the bucket follows the host.
        let in_bucket = names == 0 || (web && names == 1 && rest.starts_with("storage.googleapis.com/"));
        if let Some(found) = found {
            return Some(Placeholder { text: found, in_bucket, in_angles: angles.is_some() });
        }
        let query = web && segment.contains(['?', '#']);
        if prefix.is_none() || query {
            return None;
        }
        at += segment.len() + 1;
        names += 1;
    }
    None
}

/// Whether it can be the name of a variable.
fn is_word(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// The first placeholder in a part of a segment: `<...>`, `{{...}}`, `${...}`, or `{name}`, which may have a format.
fn placeholder_inside(segment: &str) -> Option<&str> {
    let enclosed = |at: usize, open: &str, close: &str| {
        let inside = segment[at..].strip_prefix(open)?;
        let inside = &inside[..inside.find(close)?];
        let is_plain = !inside.trim().is_empty() && !inside.contains(['<', '{', '}']);
        is_plain.then(|| (&segment[at..at + open.len() + inside.len() + close.len()], inside))
    };
    segment.match_indices(['<', '{', '$']).find_map(|(at, _)| {
        let certain = [("<", ">"), ("{{", "}}"), ("${", "}")].iter();
        let mut certain = certain.filter_map(|(open, close)| Some(enclosed(at, open, close)?.0));
        let is_name = |inside: &str| is_word(inside.split([':', '!', '.', '[']).next().unwrap_or(inside).trim());
        let name = || enclosed(at, "{", "}").filter(|(_, inside)| is_name(inside) && !is_guid(inside));
        certain.next().or_else(|| Some(name()?.0))
    })
}

/// Whether a whole segment is a placeholder other than `<...>` and `path/to`.
fn is_placeholder(segment: &str) -> bool {
    if let Some(name) = segment.strip_prefix('$') {
        let braces = name.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        return braces.map_or_else(|| is_word(name), |inside| !inside.is_empty());
    }
    if let Some(name) = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
        return !name.contains(['{', '}']) && !is_guid(name);
    }
    segment.starts_with("YOUR_")
}

/// Whether it is 32 hexadecimal digits, with or without dashes, as in generated file names.
fn is_guid(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_hexdigit() || letter == '-')
        && text.chars().filter(char::is_ascii_hexdigit).count() == 32
}

/// Whether a URI is certainly a well-formed object in Cloud Storage, without wildcards or signs of a placeholder. A
/// fast check in one pass, because most URIs are.
#[must_use]
pub fn is_plain_object(uri: &str) -> bool {
    let Some(rest) = uri.strip_prefix(OBJECT_SCHEME) else { return false };
    let bucket = dispatch!(Level::new(), simd => bucket_of_plain_object(simd, rest.as_bytes()));
    let Some((bucket, object)) = bucket.and_then(|end| Some((rest.get(..end)?, rest.get(end + 1..)?))) else {
        return false;
    };
    (3..=63).contains(&bucket.len())
        && !bucket.starts_with('-')
        && !bucket.ends_with('-')
        && (1..=1024).contains(&object.len())
        && !object.ends_with(['/', ' '])
        && !is_example_bucket(bucket)
}

/// The length of the bucket's name, if a `/` follows it and no byte is unusual.
#[inline(always)]
fn bucket_of_plain_object<S: Simd>(simd: S, bytes: &[u8]) -> Option<usize> {
    // `path/to`, `//`, `/./`, and a space at an end of a segment.
    let is_unusual_slash = |at: usize| {
        let rest = bytes.get(at + 1..).unwrap_or_default();
        matches!(rest, [b'/' | b'.' | b' ', ..] | [b't', b'o', ..]) || bytes[..at].ends_with(b" ")
    };
    let mut bucket = None;
    for start in (0..bytes.len()).step_by(STEP) {
        let rest = &bytes[start..];
        let some = search::first_step(simd, rest);
        let mut left = search::there(rest);
        if bucket.is_none() {
            let usual = (Within(b'a', b'z'), (Within(b'0', b'9'), b'-')).bits(some);
            let unusual = !usual & left;
            if unusual == 0 {
                continue;
            }
            bucket = Some(start + unusual.trailing_zeros() as usize);
            // The rest belongs to the object.
            left &= !(unusual ^ (unusual - 1));
        }
        // Non-ASCII bytes, and signs of wildcards, escapes or placeholders.
        let unusual = (Within(b'~' + 1, b' ' - 1), (Within(b'#', b'%'), Set(*b"<{*?[Y"))).bits(some);
        if unusual & left != 0 {
            return None;
        }
        let mut slashes = b'/'.bits(some) & left;
        while slashes != 0 {
            if is_unusual_slash(start + slashes.trailing_zeros() as usize) {
                return None;
            }
            slashes &= slashes - 1;
        }
    }
    bucket.filter(|&end| bytes.get(end) == Some(&b'/') && !is_unusual_slash(end))
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
