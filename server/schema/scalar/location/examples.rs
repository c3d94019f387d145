//! Buckets from examples, which the author was to replace.

use super::store::object;

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

/// Whether a bucket has the name of an example.
#[must_use]
pub fn is_example_bucket(name: &str) -> bool {
    (name.ends_with("bucket") || name.ends_with("-name")) && EXAMPLE_BUCKETS.contains(&name)
}

/// The bucket of a location, if it has the name of an example.
#[must_use]
pub fn example_bucket(uri: &str) -> Option<&str> {
    let of_url = || uri.strip_prefix("https://storage.googleapis.com/")?.split_once('/');
    object(uri).or_else(of_url).map(|(bucket, _)| bucket).filter(|bucket| is_example_bucket(bucket))
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
            ("https://example.org/other.jpg", None),
            ("gs://my-bucket", None),
            ("gs://my-bucket-2/a.mp4", None),
            ("gs://acme-my-bucket/a.mp4", None),
            ("gs://clips/my-bucket/a.mp4", None),
            ("my-bucket/a.mp4", None),
        ] {
            assert_eq!(example_bucket(uri), expected, "{uri}");
        }
        assert!(!is_plain_object("gs://my-bucket/a.mp4") && is_plain_object("gs://bucket/a.mp4"));
    }
}
