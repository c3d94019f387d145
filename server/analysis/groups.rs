//! Records by the digest of something that they show: most digests belong to a few records.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A record that has a meaning: its number as long as it stands in the file.
pub type RecordId = u32;

/// Where records stand.
pub trait Places {
    /// What grows from record to record.
    fn place(&self, record: RecordId) -> (usize, usize);
}

/// Records by a digest, in no order.
#[derive(Debug, Default)]
pub struct Groups(HashMap<u64, Vec<RecordId>, BuildHasherDefault<AsItIs>>);

impl Groups {
    /// The records of a digest.
    pub fn get(&self, digest: u64) -> &[RecordId] {
        self.0.get(&digest).map_or(&[], Vec::as_slice)
    }

    /// Adds a record. O(1).
    pub fn insert(&mut self, digest: u64, record: RecordId) {
        self.0.entry(digest).or_default().push(record);
    }

    /// Takes a record out. O(members).
    pub fn remove(&mut self, digest: u64, record: RecordId) {
        let Some(members) = self.0.get_mut(&digest) else { return };
        members.retain(|&member| member != record);
        if members.is_empty() {
            self.0.remove(&digest);
        }
    }
}

/// A digest is as good as its own hash.
#[derive(Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, digest: u64) {
        self.0 = digest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_out_leaves_nothing_behind() {
        let mut groups = Groups::default();
        for record in [5, 1] {
            groups.insert(7, record);
        }
        assert_eq!((groups.get(7), groups.get(8)), (&[5, 1][..], &[][..]));
        groups.remove(7, 5);
        groups.remove(7, 4);
        assert_eq!(groups.get(7), &[1]);
        groups.remove(7, 1);
        assert!(groups.get(7).is_empty() && groups.0.is_empty());
    }
}
