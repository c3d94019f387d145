//! Searching bytes, 64 in one step.

use fearless_simd::{Level, dispatch, mask8x64, prelude::*, u8x64};

/// The number of bytes in one step.
pub const STEP: usize = u64::BITS as usize;

/// A set of bytes to search for.
pub trait ByteSet: Copy {
    /// Which of `bytes` are in the set. Implementations must be `#[inline(always)]`.
    fn mask<S: Simd>(self, bytes: u8x64<S>) -> mask8x64<S>;

    /// The same as a bit for each byte, the lowest for the first.
    #[inline(always)]
    fn bits<S: Simd>(self, bytes: u8x64<S>) -> u64 {
        self.mask(bytes).to_bitmask()
    }
}

/// One byte.
impl ByteSet for u8 {
    #[inline(always)]
    fn mask<S: Simd>(self, bytes: u8x64<S>) -> mask8x64<S> {
        bytes.simd_eq(self)
    }
}

/// The union of two sets.
impl<A: ByteSet, B: ByteSet> ByteSet for (A, B) {
    #[inline(always)]
    fn mask<S: Simd>(self, bytes: u8x64<S>) -> mask8x64<S> {
        self.0.mask(bytes) | self.1.mask(bytes)
    }
}

/// Some bytes, at least one.
#[derive(Clone, Copy, Debug)]
pub struct Set<const COUNT: usize>(pub [u8; COUNT]);

impl<const COUNT: usize> ByteSet for Set<COUNT> {
    #[inline(always)]
    fn mask<S: Simd>(self, bytes: u8x64<S>) -> mask8x64<S> {
        // No iterator: its functions would be compiled without the SIMD features.
        let (mut mask, mut at) = (self.0[0].mask(bytes), 1);
        while at < COUNT {
            mask |= self.0[at].mask(bytes);
            at += 1;
        }
        mask
    }
}

/// An inclusive range of bytes, which wraps around if the second is smaller.
#[derive(Clone, Copy, Debug)]
pub struct Within(pub u8, pub u8);

impl ByteSet for Within {
    #[inline(always)]
    fn mask<S: Simd>(self, bytes: u8x64<S>) -> mask8x64<S> {
        (bytes - self.0).simd_le(self.1.wrapping_sub(self.0))
    }
}

/// The bytes that end a JSON string or begin an escape, or are not allowed: `"`, `\` and control characters (below
/// U+0020).
pub const SPECIAL: (QuoteOrControl, u8) = (QuoteOrControl, b'\\');

/// `"` and control characters.
#[derive(Clone, Copy, Debug)]
pub struct QuoteOrControl;

impl ByteSet for QuoteOrControl {
    #[inline(always)]
    fn mask<S: Simd>(self, bytes: u8x64<S>) -> mask8x64<S> {
        // With one bit flipped, the quote directly follows the control characters.
        (bytes ^ (b'"' ^ b' ')).simd_le(b' ')
    }
}

/// The first byte of a set at or after `at`; the length of `bytes` if there is none.
#[must_use]
pub fn find(set: impl ByteSet, bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    places(set, rest).next().map_or(bytes.len(), |place| at + place)
}

/// The places of all bytes of a set, in order. For many places, this is faster than repeated searches.
pub fn places(set: impl ByteSet, bytes: &[u8]) -> impl Iterator<Item = usize> {
    let level = Level::new();
    let (mut at, mut next, mut hits) = (0, 0, 0u64);
    std::iter::from_fn(move || {
        while hits == 0 {
            let rest = bytes.get(next..).filter(|rest| !rest.is_empty())?;
            hits = dispatch!(level, simd => set.bits(first_step(simd, rest))) & there(rest);
            (at, next) = (next, next + STEP);
        }
        let bit = hits.trailing_zeros();
        hits &= hits - 1;
        Some(at + bit as usize)
    })
}

/// The first bytes, followed by zeros if there are too few.
#[inline(always)]
pub fn first_step<S: Simd>(simd: S, bytes: &[u8]) -> u8x64<S> {
    match bytes.first_chunk() {
        Some(chunk) => u8x64::load_array_ref(simd, chunk),
        None => u8x64::load_array(simd, filled_up(bytes)),
    }
}

/// A bit for each of the bytes in the first step.
#[must_use]
pub fn there(bytes: &[u8]) -> u64 {
    if bytes.len() < STEP { !(u64::MAX << bytes.len()) } else { u64::MAX }
}

/// Fewer bytes than one step, followed by zeros.
#[must_use]
pub(super) fn filled_up(bytes: &[u8]) -> [u8; STEP] {
    let mut all = [0; STEP];
    // Copies of a constant length need no call.
    if !(copied::<32>(bytes, &mut all) || copied::<16>(bytes, &mut all) || copied::<8>(bytes, &mut all)) {
        all[..bytes.len()].copy_from_slice(bytes);
    }
    all
}

/// Copies bytes as two pieces of length `LEN`, which may overlap. Returns whether there are at least `LEN`.
#[inline(always)]
fn copied<const LEN: usize>(bytes: &[u8], to: &mut [u8; STEP]) -> bool {
    let (Some(first), Some(last)) = (bytes.first_chunk::<LEN>(), bytes.last_chunk::<LEN>()) else { return false };
    to[..LEN].copy_from_slice(first);
    to[bytes.len() - LEN..bytes.len()].copy_from_slice(last);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_special_byte_is_found_everywhere() {
        for at in 0..140 {
            for special in [b'"', b'\\', b'\n', 0, 0x1F] {
                let mut bytes = vec![0xC3; 140];
                bytes[at] = special;
                if at < 139 {
                    bytes[139] = b'"';
                }
                for from in 0..=at {
                    assert_eq!(find(SPECIAL, &bytes, from), at);
                }
            }
        }
        assert_eq!(find(SPECIAL, &[b' '; 19], 0), 19);
        assert_eq!(find(SPECIAL, &[b'!'; 64], 64), 64);
        assert_eq!(find(SPECIAL, &[b'!'; 19], 30), 19);
    }

    #[test]
    fn fewer_bytes_are_followed_by_zeros() {
        let bytes: Vec<u8> = (1..=STEP as u8).collect();
        for len in 0..STEP {
            let all = filled_up(&bytes[..len]);
            assert!(all[..len] == bytes[..len] && all[len..].iter().all(|byte| *byte == 0), "{len}");
        }
    }

    #[test]
    fn every_place_of_a_byte_is_found() {
        for len in 0..200 {
            for step in 1..80 {
                let bytes: Vec<u8> = (0..len).map(|at| if at % step == 0 { 7 } else { 0xFF }).collect();
                let expected: Vec<usize> = (0..len).step_by(step).collect();
                assert_eq!(places(7, &bytes).collect::<Vec<_>>(), expected);
                assert_eq!(places(Within(0, 7), &bytes).collect::<Vec<_>>(), expected);
            }
        }
    }

    #[test]
    fn a_set_has_exactly_its_bytes() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        let found = |places: &mut dyn Iterator<Item = usize>| places.map(|at| at as u8).collect::<Vec<_>>();
        let expected = |is: fn(u8) -> bool| all.iter().copied().filter(|byte| is(*byte)).collect::<Vec<_>>();
        assert_eq!(found(&mut places(Within(b'a', 0xE3), &all)), expected(|byte| (b'a'..=0xE3).contains(&byte)));
        let special = |byte| matches!(byte, b'"' | b'\\' | 0..0x20);
        assert_eq!(found(&mut places(SPECIAL, &all)), expected(special));
    }
}
