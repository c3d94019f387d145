//! Stores the facts of many records in one buffer, in a few bytes each: nearly every count is 1.

use crate::rules::Fact;

/// The facts of records. [`add`](Self::add) returns the place from which [`get`](Self::get) reads them.
#[derive(Debug, Default)]
pub struct FactStore {
    /// For each record the number of its facts, then each fact as a number: twice its index, plus 1 if its count
    /// is 1; any other count follows as a number of its own. A number takes seven bits a byte, lowest first; the
    /// highest bit of a byte says that more bytes follow.
    bytes: Vec<u8>,
    /// How many of the bytes belong to removed records.
    unused: usize,
}

/// The place of a record without facts.
pub const NO_FACTS: u32 = u32::MAX;

/// The size of the stack buffer that facts are written to first. Most records need less.
const BUFFER: usize = 64;

/// The most bytes that a number takes.
const MAX_NUMBER: usize = usize::BITS.div_ceil(7) as usize;

/// Writes a number and returns its end.
fn put(out: &mut [u8; BUFFER], mut at: usize, mut number: usize) -> usize {
    while number >= 0x80 {
        out[at] = (number & 0x7F) as u8 | 0x80;
        (at, number) = (at + 1, number >> 7);
    }
    out[at] = number as u8;
    at + 1
}

impl FactStore {
    /// Adds the facts of a record and returns their place.
    pub fn add(&mut self, facts: impl ExactSizeIterator<Item = (Fact, u32)>) -> u32 {
        if facts.len() == 0 {
            return NO_FACTS;
        }
        let place = u32::try_from(self.bytes.len()).unwrap_or(NO_FACTS);
        // A vector checks its capacity for each byte.
        let mut buffer = [0; BUFFER];
        let mut len = put(&mut buffer, 0, facts.len());
        for (fact, count) in facts {
            if len > BUFFER - 2 * MAX_NUMBER {
                self.bytes.extend_from_slice(&buffer[..len]);
                len = 0;
            }
            len = put(&mut buffer, len, 2 * fact.index() + usize::from(count == 1));
            if count != 1 {
                len = put(&mut buffer, len, count as usize);
            }
        }
        self.bytes.extend_from_slice(&buffer[..len]);
        place
    }

    /// The facts at a place.
    pub fn get(&self, place: u32) -> Iter<'_> {
        let mut facts = Iter { bytes: self.bytes.get(place as usize..).unwrap_or_default(), left: 0 };
        facts.left = facts.number();
        facts
    }

    /// Frees the facts at a place.
    pub fn remove(&mut self, place: u32) {
        let before = self.bytes.len().saturating_sub(place as usize);
        let mut facts = self.get(place);
        facts.by_ref().for_each(drop);
        self.unused += before - facts.bytes.len();
    }

    /// Whether removed records take most of the memory.
    pub fn is_wasteful(&self) -> bool {
        self.unused > 1024 && self.unused > self.bytes.len() / 2
    }

    /// Frees unused capacity.
    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
    }
}

/// The facts of one record.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    bytes: &'a [u8],
    left: usize,
}

impl Iter<'_> {
    fn number(&mut self) -> usize {
        let (mut number, mut shift) = (0, 0);
        while let Some((&byte, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            number |= usize::from(byte & 0x7F) << shift;
            shift += 7;
            if byte < 0x80 {
                break;
            }
        }
        number
    }
}

impl Iterator for Iter<'_> {
    type Item = (Fact, u32);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let number = self.number();
        let count = if number % 2 == 1 { 1 } else { u32::try_from(self.number()).unwrap_or(u32::MAX) };
        Some((Fact::at(number / 2), count))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Iter<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn get_returns_what_add_took() {
        let many = [(u16::MAX.into(), u32::MAX); 50];
        let all: [&[(usize, u32)]; 6] = [
            &[],
            &[(0, 1)],
            &[(127, 128), (300, u32::MAX), (5, 16_384), (700, 1)],
            &[(1, 2), (2, 0)],
            &many,
            &many[..6],
        ];
        let mut store = FactStore::default();
        let facts = |all: &[(usize, u32)]| all.iter().map(|&(fact, count)| (Fact::at(fact), count)).collect::<Vec<_>>();
        let places: Vec<u32> = all.iter().map(|all| store.add(facts(all).into_iter())).collect();
        for (&place, all) in places.iter().zip(&all) {
            assert_eq!(store.get(place).collect::<Vec<_>>(), facts(all));
        }
        places.iter().for_each(|&place| store.remove(place));
        assert_eq!(store.unused, store.bytes.len());
    }
}
