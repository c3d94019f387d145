//! Records by a digest: nearly all digests belong to one record, and a few to many.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};

/// A record that has a meaning: its number as long as it stands in the file.
pub type RecordId = u32;

/// Where records stand, to keep the members of a group in the order of the file.
pub trait Places {
    /// What grows from record to record.
    fn place(&self, record: RecordId) -> (usize, usize);
}

/// This bit of a slot says that the rest is the place of a list.
const MANY: u32 = 1 << 31;

/// Records by a digest, those of one digest in the order of the file.
#[derive(Debug, Default)]
pub struct Groups {
    slots: HashMap<u64, u32, BuildHasherDefault<AsItIs>>,
    lists: Vec<Vec<RecordId>>,
    unused: Vec<u32>,
}

impl Groups {
    /// The records of a digest, in the order of the file.
    pub fn get(&self, key: u64) -> &[RecordId] {
        self.slots.get(&key).map_or(&[], |slot| self.members(slot))
    }

    fn members<'a>(&'a self, slot: &'a u32) -> &'a [RecordId] {
        if slot & MANY == 0 { std::slice::from_ref(slot) } else { &self.lists[(slot & !MANY) as usize] }
    }

    /// Adds a record where it stands in the file. O(1) for the first of a digest and for one behind all
    /// others; else a search and a move of the members behind it.
    pub fn insert(&mut self, key: u64, record: RecordId, places: &impl Places) {
        let Some(list) = self.list(key, record) else { return };
        let place = places.place(record);
        let behind = match list.last() {
            Some(&last) if places.place(last) < place => list.len(),
            _ => list.partition_point(|&member| places.place(member) < place),
        };
        list.insert(behind, record);
    }

    /// Adds a record behind all others, for who does not care about the order. O(1).
    pub fn push(&mut self, key: u64, record: RecordId) {
        if let Some(list) = self.list(key, record) {
            list.push(record);
        }
    }

    /// The list of a digest that has a record already; `None` when this one is its first.
    fn list(&mut self, key: u64, record: RecordId) -> Option<&mut Vec<RecordId>> {
        let slot = match self.slots.entry(key) {
            Entry::Vacant(vacant) => {
                vacant.insert(record);
                return None;
            }
            Entry::Occupied(occupied) => occupied.into_mut(),
        };
        if *slot & MANY == 0 {
            let list = self.unused.pop().unwrap_or_else(|| {
                self.lists.push(Vec::new());
                u32::try_from(self.lists.len() - 1).unwrap_or(!MANY)
            });
            self.lists[list as usize].push(*slot);
            *slot = list | MANY;
        }
        Some(&mut self.lists[(*slot & !MANY) as usize])
    }

    /// Takes a record out that was inserted; its place and those of the others still have to be known.
    pub fn remove(&mut self, key: u64, record: RecordId, places: &impl Places) {
        self.take(key, record, |list| {
            let place = places.place(record);
            list.partition_point(|&member| places.place(member) < place)
        });
    }

    /// Takes a record out that was pushed. O(members).
    pub fn drop_pushed(&mut self, key: u64, record: RecordId) {
        self.take(key, record, |list| list.iter().position(|&member| member == record).unwrap_or(list.len()));
    }

    fn take(&mut self, key: u64, record: RecordId, find: impl FnOnce(&[RecordId]) -> usize) {
        let Some(slot) = self.slots.get_mut(&key) else { return };
        if *slot & MANY == 0 {
            if *slot == record {
                self.slots.remove(&key);
            }
            return;
        }
        let place_of_list = *slot & !MANY;
        let list = &mut self.lists[place_of_list as usize];
        let at = find(list);
        if list.get(at) == Some(&record) {
            list.remove(at);
        }
        if let [last] = list[..] {
            *slot = last;
            *list = Vec::new();
            self.unused.push(place_of_list);
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

    struct ByNumber;

    impl Places for ByNumber {
        fn place(&self, record: RecordId) -> (usize, usize) {
            (0, record as usize)
        }
    }

    #[test]
    fn members_stand_in_the_order_of_the_file_and_leave_nothing_behind() {
        let mut groups = Groups::default();
        for record in [5, 1, 9, 3] {
            groups.insert(7, record, &ByNumber);
        }
        assert_eq!((groups.get(7), groups.get(8)), (&[1, 3, 5, 9][..], &[][..]));
        for record in [5, 1, 9] {
            groups.remove(7, record, &ByNumber);
        }
        assert_eq!(groups.get(7), &[3]);
        groups.remove(7, 4, &ByNumber);
        groups.remove(7, 3, &ByNumber);
        assert!(groups.get(7).is_empty() && groups.slots.is_empty());
        groups.push(7, 9);
        groups.push(7, 1);
        groups.drop_pushed(7, 9);
        assert_eq!((groups.get(7), groups.lists.len()), (&[1][..], 1));
    }
}
