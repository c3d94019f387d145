//! Locations from examples, which the author was to replace.

/// Buckets of documentation and templates.
const EXAMPLE_BUCKETS: [&str; 10] = [
    "my-bucket",
    "your-bucket",
    "my_bucket",
    "your_bucket",
    "mybucket",
    "yourbucket",
    "my-bucket-name",
    "your-bucket-name",
    "bucket-name",
    "example-bucket",
];

/// The locations in the templates that editors insert.
const TEMPLATE_LOCATIONS: [&str; 3] =
    ["gs://my-bucket/videos/clip.mp4", "gs://my-bucket/images/picture.jpg", "https://example.org/picture.jpg"];

/// Whether a bucket has the name of an example.
#[must_use]
pub fn is_example_bucket(name: &str) -> bool {
    (name.ends_with("bucket") || name.ends_with("-name")) && EXAMPLE_BUCKETS.contains(&name)
}

/// The part of a location that is from an example: its bucket, or all of what a template has inserted.
#[must_use]
pub fn example_name(uri: &str) -> Option<&str> {
    if is_template_location(uri) && !uri.starts_with("gs:") {
        return Some(uri);
    }
    let path = ["gs://", "https://storage.googleapis.com/"].iter().find_map(|scheme| uri.strip_prefix(scheme))?;
    path.split_once('/').map(|(bucket, _)| bucket).filter(|bucket| is_example_bucket(bucket))
}

/// Whether a template has inserted the whole location.
#[must_use]
pub fn is_template_location(uri: &str) -> bool {
    TEMPLATE_LOCATIONS.contains(&uri)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::scalar::is_plain_object;

    #[test]
    fn examples_are_known_by_their_buckets() {
        for (uri, expected) in [
            ("gs://my-bucket/a.mp4", Some("my-bucket")),
            ("gs://your-bucket/dir/a.mp4", Some("your-bucket")),
            ("https://storage.googleapis.com/my_bucket/a.mp4", Some("my_bucket")),
            ("https://example.org/picture.jpg", Some("https://example.org/picture.jpg")),
            ("https://example.org/other.jpg", None),
            ("gs://my-bucket", None),
            ("gs://my-bucket-2/a.mp4", None),
            ("gs://acme-my-bucket/a.mp4", None),
            ("gs://clips/my-bucket/a.mp4", None),
            ("my-bucket/a.mp4", None),
        ] {
            assert_eq!(example_name(uri), expected, "{uri}");
        }
        assert!(!is_plain_object("gs://my-bucket/a.mp4") && is_plain_object("gs://bucket/a.mp4"));
    }
}
