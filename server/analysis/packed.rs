//! The facts of many records in one piece of memory: a few bytes each, since nearly all are ones.

use crate::rules::Fact;

/// Facts of records, each found again by its place.
#[derive(Debug, Default)]
pub(super) struct PackedFacts {
    /// Of each record the number of its facts, then each fact: its double, and one more if it holds once,
    /// else with how often it holds behind it. All in seven bits a byte, whose highest says that more follow.
    bytes: Vec<u8>,
    /// How many of the bytes are of records that are gone.
    unused: usize,
}

/// The place of a record without facts.
pub(super) const NONE: u32 = u32::MAX;

/// So many bytes are put together before they are added; the facts of nearly every record are fewer.
const SOME: usize = 64;

/// The bytes of the longest number.
const LONGEST: usize = usize::BITS.div_ceil(7) as usize;

/// Writes a number, and says where it ends.
fn put(out: &mut [u8; SOME], mut at: usize, mut number: usize) -> usize {
    while number >= 0x80 {
        out[at] = (number & 0x7F) as u8 | 0x80;
        (at, number) = (at + 1, number >> 7);
    }
    out[at] = number as u8;
    at + 1
}

impl PackedFacts {
    /// Adds the facts of a record, and says where they are.
    pub fn add(&mut self, facts: impl ExactSizeIterator<Item = (Fact, u32)>) -> u32 {
        if facts.len() == 0 {
            return NONE;
        }
        let place = u32::try_from(self.bytes.len()).unwrap_or(NONE);
        // Vectors ask for room with each byte.
        let mut some = [0; SOME];
        let mut len = put(&mut some, 0, facts.len());
        for (fact, count) in facts {
            if len > SOME - 2 * LONGEST {
                self.bytes.extend_from_slice(&some[..len]);
                len = 0;
            }
            len = put(&mut some, len, 2 * fact.index() + usize::from(count == 1));
            if count != 1 {
                len = put(&mut some, len, count as usize);
            }
        }
        self.bytes.extend_from_slice(&some[..len]);
        place
    }

    /// The facts at a place.
    pub fn get(&self, place: u32) -> Facts<'_> {
        let mut facts = Facts { bytes: self.bytes.get(place as usize..).unwrap_or_default(), left: 0 };
        facts.left = facts.number();
        facts
    }

    /// Says that the facts at a place are wanted no more.
    pub fn remove(&mut self, place: u32) {
        let before = self.bytes.len().saturating_sub(place as usize);
        let mut facts = self.get(place);
        facts.by_ref().for_each(drop);
        self.unused += before - facts.bytes.len();
    }

    /// Whether most of the memory is in use for nothing.
    pub fn is_wasteful(&self) -> bool {
        self.unused > 1024 && self.unused > self.bytes.len() / 2
    }

    /// Gives back memory that was taken in advance.
    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
    }
}

/// The facts of one record.
#[derive(Clone, Debug)]
pub(super) struct Facts<'a> {
    bytes: &'a [u8],
    left: usize,
}

impl Facts<'_> {
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

impl Iterator for Facts<'_> {
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

impl ExactSizeIterator for Facts<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_come_out_as_they_went_in() {
        let many = [(u16::MAX.into(), u32::MAX); 50];
        let all: [&[(usize, u32)]; 6] = [
            &[],
            &[(0, 1)],
            &[(127, 128), (300, u32::MAX), (5, 16_384), (700, 1)],
            &[(1, 2), (2, 0)],
            &many,
            &many[..6],
        ];
        let mut packed = PackedFacts::default();
        let facts = |all: &[(usize, u32)]| all.iter().map(|&(fact, count)| (Fact::at(fact), count)).collect::<Vec<_>>();
        let places: Vec<u32> = all.iter().map(|all| packed.add(facts(all).into_iter())).collect();
        for (&place, all) in places.iter().zip(&all) {
            assert_eq!(packed.get(place).collect::<Vec<_>>(), facts(all));
        }
        places.iter().for_each(|&place| packed.remove(place));
        assert_eq!(packed.unused, packed.bytes.len());
    }
}
