//! Any bytes as a media file: what its headers say is read, or why that is not possible.

use std::io::Cursor;
use tuning_ls::disk::media::read_from;

pub fn any_file(bytes: &[u8]) {
    let (facts, is_lasting) = read_from(Cursor::new(bytes), bytes.len() as u64);
    assert!(is_lasting, "nothing but the content can be wrong");
    match facts {
        Ok(facts) => {
            assert_eq!(facts.bytes, Some(bytes.len() as u64));
            assert!(facts.frame_rate.is_none_or(|rate| rate.is_finite() && rate > 0.0), "{facts:?}");
            assert!(facts.duration.is_none_or(|duration| duration.nanos() > 0), "{facts:?}");
        }
        Err(problem) => assert!(!problem.is_empty() && !problem.contains(char::is_control), "{problem:?}"),
    }
}
