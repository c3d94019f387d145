//! The store of objects, by its names and its scheme.

/// The scheme of objects.
pub const OBJECT_SCHEME: &str = "gs://";

/// The store of objects, by its name.
pub const STORE: &str = "Cloud Storage";

/// The site that shows objects, by its name.
pub const CONSOLE: &str = "Cloud console";

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
