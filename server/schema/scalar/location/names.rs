//! The buckets that the text of a record names.

use super::examples::is_example_bucket;
use super::parse::parse_location;
use super::store::object_uri;
use memchr::memmem;

/// The bucket names after the `gs://` of strings.
pub fn named_buckets(text: &str) -> impl Iterator<Item = &str> {
    memmem::find_iter(text.as_bytes(), "\"gs:").filter_map(|at| {
        let rest = &text[at + 4..];
        // Some programs escape slashes.
        let rest = rest.strip_prefix("//").or_else(|| rest.strip_prefix(r"\/\/"))?;
        rest.split_once(['/', '\\', '"']).map(|(name, _)| name)
    })
}

/// Whether a bucket can have this name, and no example has it.
#[must_use]
pub fn is_real_bucket(name: &str) -> bool {
    parse_location(&object_uri(name, "a")).is_ok() && !is_example_bucket(name)
}
