//! Strings without faults: their ends and contents, computed for 64 bytes in one step.

use crate::json::lexer;
use crate::json::search::{self, ByteSet, QuoteOrControl, STEP, Set};
use crate::json::tree::OTHER_ESCAPES;
use fearless_simd::{i8x64, prelude::*, u8x64};

/// A string without faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegularString {
    /// The byte after its closing quote.
    pub end: usize,
    /// The number of escapes, as in [`Node::escapes`](crate::json::tree::Node::escapes).
    pub escapes: u32,
    /// Whether all its bytes are ASCII.
    pub ascii: bool,
}

/// Finds the strings of a record, one after the other. It scans `BLOCKS` blocks of bytes at once; most records are not
/// longer.
#[derive(Debug)]
pub(super) struct RegularStrings<const BLOCKS: usize = 32> {
    /// The blocks that were scanned last.
    blocks: [Block; BLOCKS],
    /// The numbers of the first of these, and of the block after the last.
    first: usize,
    end: usize,
    /// Whether the first byte after them is escaped.
    escaped: bool,
}

/// The contents of a block of bytes: a bit for each byte, the lowest for the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Block {
    /// Unescaped quotes and control characters.
    ends: u64,
    /// The bytes after a backslash that begins an escape.
    escaped: u64,
    /// The bytes of `escaped` whose escapes are longer than two characters, faulty, or `\/`.
    others: u64,
    /// Non-ASCII bytes.
    high: u64,
}

impl<const BLOCKS: usize> Default for RegularStrings<BLOCKS> {
    fn default() -> Self {
        Self { blocks: [Block::default(); BLOCKS], first: 0, end: 0, escaped: false }
    }
}

impl<const BLOCKS: usize> RegularStrings<BLOCKS> {
    /// Resets it for another record.
    pub fn start(&mut self) {
        (self.first, self.end, self.escaped) = (0, 0, false);
    }

    /// The string whose inside begins at `start`, after its quote; `None` if it has a fault. Finding the next strings
    /// in the same blocks costs almost nothing.
    #[inline(always)]
    pub fn string<S: Simd>(&mut self, simd: S, bytes: &[u8], start: usize) -> Option<RegularString> {
        let (mut escapes, mut others, mut high) = (0, None, 0);
        let (mut place, mut wanted) = (start / STEP, u64::MAX << (start % STEP));
        if !(self.first..self.end).contains(&place) {
            // The quote ends any escape before it.
            (self.first, self.end, self.escaped) = (place, place, false);
        }
        loop {
            if place == self.end {
                self.scan(simd, bytes)?;
            }
            for block in self.blocks.get(place - self.first..self.end - self.first)? {
                let ends = block.ends & wanted;
                let inside = wanted & (ends & ends.wrapping_neg()).wrapping_sub(1);
                high |= block.high & inside;
                escapes += (block.escaped & inside).count_ones();
                if block.others & inside != 0 {
                    others = Some(escapes_end(bytes, place * STEP, block.others & inside, others)?);
                }
                if ends != 0 {
                    let end = place * STEP + ends.trailing_zeros() as usize;
                    let escapes = if others.is_some() { OTHER_ESCAPES } else { escapes };
                    let string = RegularString { end: end + 1, escapes, ascii: high == 0 };
                    return (bytes.get(end) == Some(&b'"')).then_some(string);
                }
                (place, wanted) = (place + 1, u64::MAX);
            }
        }
    }

    /// Scans the next blocks; `None` if there are no more.
    #[inline(always)]
    fn scan<S: Simd>(&mut self, simd: S, bytes: &[u8]) -> Option<()> {
        let rest = bytes.get(self.end * STEP..).filter(|rest| !rest.is_empty())?;
        let Self { blocks, escaped, .. } = self;
        let count = simd.vectorize(
            #[inline(always)]
            || scan(simd, rest, escaped, blocks),
        );
        (self.first, self.end) = (self.end, self.end + count);
        Some(())
    }
}

/// Checks the escapes in `others`, whose bits count from byte `first`. Returns the end of the last one, or `None` if
/// one is faulty. `end` is the end of the last one before them.
#[cold]
fn escapes_end(bytes: &[u8], first: usize, mut others: u64, end: Option<usize>) -> Option<usize> {
    let mut end = end.unwrap_or(0);
    while others != 0 {
        let at = first + others.trailing_zeros() as usize - 1;
        others &= others - 1;
        // The second half of a surrogate pair belongs to the first.
        if at >= end {
            end = at + lexer::escape_len(bytes, at)?;
        }
    }
    Some(end)
}

/// Scans the first bytes into `blocks`, as many as fit, and returns the number of blocks. `escaped` is whether the
/// first byte is escaped, and becomes whether the first byte after them is.
#[inline(always)]
fn scan<S: Simd>(simd: S, bytes: &[u8], escaped: &mut bool, blocks: &mut [Block]) -> usize {
    let (whole, rest) = bytes.as_chunks::<STEP>();
    let mut count = 0;
    for (chunk, block) in whole.iter().zip(&mut *blocks) {
        *block = Block::of(simd, chunk, escaped);
        count += 1;
    }
    if count == whole.len()
        && !rest.is_empty()
        && let Some(block) = blocks.get_mut(count)
    {
        // The zeros after the last bytes count as control characters.
        *block = Block::of(simd, &search::filled_up(rest), escaped);
        count += 1;
    }
    count
}

impl Block {
    /// The contents of these bytes. `is_escaped` is whether the first byte is escaped, and becomes whether the byte
    /// after them is.
    #[inline(always)]
    fn of<S: Simd>(simd: S, bytes: &[u8; STEP], is_escaped: &mut bool) -> Self {
        let bytes = u8x64::load_array_ref(simd, bytes);
        let special = QuoteOrControl.bits(bytes);
        let backslashes = b'\\'.bits(bytes);
        let high = bytes.bitcast::<i8x64<S>>().simd_lt(0).to_bitmask();
        let first = u64::from(*is_escaped);
        if backslashes | first == 0 {
            return Self { ends: special, escaped: 0, others: 0, high };
        }
        // In a run of backslashes, every other one begins an escape. The difference to alternating bits marks exactly
        // these, whether the run begins at an even or an odd place.
        const ODD: u64 = 0xAAAA_AAAA_AAAA_AAAA;
        let may_begin = backslashes & !first;
        let turned = (may_begin << 1 | ODD).wrapping_sub(may_begin) ^ ODD;
        let escaped = turned ^ (backslashes | first);
        *is_escaped = (turned & backslashes) >> (STEP - 1) != 0;
        // `b` and `f` differ in one bit.
        let simple = backslashes | Set(*b"\"nrt").bits(bytes) | b'f'.bits(bytes | (b'b' ^ b'f'));
        Self { ends: special & !escaped, escaped, others: escaped & !simple, high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fearless_simd::{Level, dispatch};
    use proptest::prelude::*;

    /// The string whose inside begins at `start`, found alone.
    fn string(bytes: &[u8], start: usize) -> Option<RegularString> {
        dispatch!(Level::new(), simd => RegularStrings::<1>::default().string(simd, bytes, start))
    }

    #[test]
    fn a_string_ends_at_the_first_quote_that_is_not_escaped() {
        let plain = |end, escapes, ascii| Some(RegularString { end, escapes, ascii });
        for (letter, escapes, ascii) in
            [("a", 0, true), ("\\\"", 1, true), ("\\\\", 1, true), ("\\/", OTHER_ESCAPES, true), ("é", 0, false)]
        {
            for before in 0..140 {
                for after in [0, 1, 20] {
                    let text = format!("{}{letter}{}\"{}", ".".repeat(before), ".".repeat(after), "é\\\"".repeat(9));
                    let end = before + letter.len() + after + 1;
                    assert_eq!(string(text.as_bytes(), 0), plain(end, escapes, ascii), "{text}");
                    assert_eq!(string(&text.as_bytes()[..end], 0), plain(end, escapes, ascii), "{text}");
                    assert_eq!(string(&text.as_bytes()[..end - 1], 0), None, "{text}");
                }
                for fault in ["\t", "\\x", "\\u12", "\\ud800", "\\", "\\\t"] {
                    assert_eq!(string(format!("{}{fault}\"", ".".repeat(before)).as_bytes(), 0), None, "{fault}");
                }
                let pair = format!("{}\\ud83d\\ude00\"{}", ".".repeat(before), ".".repeat(20));
                assert_eq!(string(pair.as_bytes(), 0), plain(before + 13, OTHER_ESCAPES, true));
            }
        }
    }

    /// The string at the start, read byte by byte.
    fn by_letters(bytes: &[u8]) -> Option<RegularString> {
        let (mut at, mut count, mut others, mut ascii) = (0, 0, false, true);
        loop {
            match bytes.get(at)? {
                b'"' => {
                    let escapes = if others { OTHER_ESCAPES } else { count };
                    return Some(RegularString { end: at + 1, escapes, ascii });
                }
                b'\\' => {
                    let simple = bytes.get(at + 1).is_some_and(|letter| b"\"\\bfnrt".contains(letter));
                    (count, others) = (count + 1, others || !simple);
                    at += lexer::escape_len(bytes, at)?;
                }
                0..0x20 => return None,
                byte => {
                    ascii &= byte.is_ascii();
                    at += 1;
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn strings_are_the_same_as_read_byte_by_byte(
            strings in prop::collection::vec("([a-z]{0,700}|\\\\{1,9}|\\\\[nu\"/]|é|\t)*", 1..5)
        ) {
            let text = strings.concat() + "\"";
            prop_assert_eq!(string(text.as_bytes(), 0), by_letters(text.as_bytes()));
            // In a whole record with other bytes between them, and again from the last to the first.
            let strings: Vec<_> = strings.iter().filter(|text| by_letters(format!("{text}\"").as_bytes()).is_some()).collect();
            let record: String = strings.iter().map(|text| format!("[{}\"{text}\",", "1,".repeat(text.len()))).collect();
            let mut all = RegularStrings::<5>::default();
            for _ in 0..2 {
                all.start();
                let mut at = 0;
                for text in &strings {
                    at += 2 + 2 * text.len();
                    let found = dispatch!(Level::new(), simd => all.string(simd, record.as_bytes(), at));
                    let alone = by_letters(&record.as_bytes()[at..]);
                    prop_assert_eq!(found, alone.map(|alone| RegularString { end: at + alone.end, ..alone }));
                    at += text.len() + 2;
                }
                for text in strings.iter().rev() {
                    at -= text.len() + 2;
                    let found = dispatch!(Level::new(), simd => all.string(simd, record.as_bytes(), at));
                    let alone = by_letters(&record.as_bytes()[at..]);
                    prop_assert_eq!(found.map(|found| found.end), alone.map(|alone| at + alone.end));
                    at -= 2 + 2 * text.len();
                }
            }
        }
    }
}
