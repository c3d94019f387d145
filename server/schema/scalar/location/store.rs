//! The store of objects, by its names and its scheme.

use std::borrow::Cow;

/// The scheme of objects.
pub const OBJECT_SCHEME: &str = "gs://";

/// The store of objects, by its name.
pub const STORE: &str = "Cloud Storage";

/// The site that shows objects, by its name.
pub const CONSOLE: &str = "Cloud console";

/// A location with its scheme in lowercase. `GS://` means the same as `gs://`.
#[must_use]
pub fn lower_scheme(location: &str) -> Cow<'_, str> {
    let is_legal = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.');
    let (scheme, rest) = location.split_at(location.find(|it| !is_legal(it)).unwrap_or(location.len()));
    if rest.starts_with("://") && scheme.contains(|letter: char| letter.is_ascii_uppercase()) {
        return Cow::Owned(format!("{}{rest}", scheme.to_ascii_lowercase()));
    }
    Cow::Borrowed(location)
}

/// Whether a location begins like that of an object.
#[must_use]
pub fn is_object(uri: &str) -> bool {
    uri.starts_with(OBJECT_SCHEME)
}

/// The bucket and the name of an object.
#[must_use]
pub fn object(uri: &str) -> Option<(&str, &str)> {
    uri.strip_prefix(OBJECT_SCHEME)?.split_once('/')
}

/// The location of an object.
#[must_use]
pub fn object_uri(bucket: &str, object: &str) -> String {
    format!("{OBJECT_SCHEME}{bucket}/{object}")
}
