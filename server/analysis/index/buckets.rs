//! The bucket that the lines of a file have in common.

use crate::analysis::lines::file::Lines;
use crate::analysis::lines::source::Source;
use crate::schema::scalar::{is_real_bucket, named_buckets};
use std::sync::Arc;

/// A file with more text than this is not read to its end, and has no common bucket.
const MAX_BYTES: usize = 64 << 20;

impl Lines {
    /// The bucket of the file's objects, if it is the same in all of them; placeholders don't count.
    /// O(text) the first time after an edit.
    pub(in crate::analysis) fn common_bucket(&self, source: &impl Source) -> Option<Arc<str>> {
        self.bucket.borrow_mut().get_or_insert_with(|| common_bucket(source)).clone()
    }
}

fn common_bucket(source: &impl Source) -> Option<Arc<str>> {
    let (mut common, mut agree, mut bytes): (Option<Arc<str>>, _, _) = (None, true, 0);
    source.read(0..usize::MAX, &mut |_, line| {
        bytes += line.text.len();
        for name in named_buckets(line.text) {
            match &common {
                Some(known) if **known == *name => {}
                _ if !is_real_bucket(name) => {}
                None => common = Some(name.into()),
                Some(_) => agree = false,
            }
        }
        agree && bytes <= MAX_BYTES
    });
    common.filter(|_| agree && bytes <= MAX_BYTES)
}

/// Whether a location of the record may have a placeholder in place of its bucket.
pub(in crate::analysis) fn may_lack_one(text: &str) -> bool {
    named_buckets(text).any(|name| !is_real_bucket(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Document;

    fn common(lines: &[&str]) -> Option<String> {
        let lines: Vec<_> = lines.iter().map(|uri| format!("{{\"fileUri\": \"{uri}\"}}\n")).collect();
        common_bucket(&Document::new(&lines.concat(), 0)).map(|bucket| bucket.to_string())
    }

    #[test]
    fn a_bucket_is_common_if_all_locations_have_it() {
        let found = Some("clips".to_owned());
        assert_eq!(common(&["gs://clips/a", r"gs:\/\/clips\/b", "gs://{bucket}/c", "gs://my-bucket/d", "x"]), found);
        assert_eq!(common(&["gs://clips/a", "gs://other/b"]), None);
        assert_eq!(common(&["gs://clips/a", "gs://$BUCKET/b", "gs://other/b"]), None);
        assert_eq!(common(&["gs://YOUR_BUCKET/a", "https://example.com/gs://clips/a"]), None);
    }

    #[test]
    fn a_record_with_a_placeholder_is_known() {
        assert!(may_lack_one(r#"{"a":"gs://clips/a","b":"gs://<your bucket>/c"}"#));
        assert!(!may_lack_one(r#"{"a":"gs://clips/a","b":"{bucket}"}"#));
    }
}
