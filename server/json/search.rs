//! Searching bytes, many in one step.

use wide::u8x16;

/// The first `"`, `\` or control character (below U+0020) at or behind `at`; the length of `bytes`
/// when there is none. Sixteen bytes a step, then eight.
#[must_use]
pub fn find_special(bytes: &[u8], mut at: usize) -> usize {
    while let Some((chunk, _)) = bytes.get(at..).and_then(<[u8]>::split_first_chunk::<16>) {
        let hits = special(u8x16::from(*chunk)).to_bitmask();
        if hits != 0 {
            return at + hits.trailing_zeros() as usize;
        }
        at += 16;
    }
    while let Some((chunk, _)) = bytes.get(at..).and_then(<[u8]>::split_first_chunk::<8>) {
        let hits = special_in_eight(chunk);
        if hits != 0 {
            return at + hits.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while let Some(&byte) = bytes.get(at) {
        if byte == b'"' || byte == b'\\' || byte < 0x20 {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// Which bytes are special.
fn special(bytes: u8x16) -> u8x16 {
    // With one bit turned, the quote comes behind the control characters, and the space behind it.
    let turned = bytes ^ u8x16::splat(b'"' ^ b' ');
    let quote_or_control = turned.min(u8x16::splat(b' ')).simd_eq(turned);
    quote_or_control | bytes.simd_eq(u8x16::splat(b'\\'))
}

/// The highest bit of each byte that is special, if there is one; of those behind the first it may be set
/// for nothing.
fn special_in_eight(chunk: &[u8; 8]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let word = u64::from_le_bytes(*chunk);
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    // Subtracting borrows only into higher bytes, so the lowest hit is exact.
    ((quote.wrapping_sub(ONES) & !quote)
        | (backslash.wrapping_sub(ONES) & !backslash)
        | (word.wrapping_sub(ONES * 0x20) & !word))
        & HIGHS
}

/// A bit for each byte that is special, and for each that is beyond ASCII, the lowest for the first.
pub(super) fn special_and_high(chunk: &[u8; 32]) -> (u32, u32) {
    let (one, other) = chunk.split_at(16);
    let half = |half: &[u8]| {
        let bytes = <[u8; 16]>::try_from(half).map(u8x16::from).unwrap_or_default();
        (special(bytes).to_bitmask(), bytes.to_bitmask())
    };
    let ((special, high), (more_special, more_high)) = (half(one), half(other));
    (special | more_special << 16, high | more_high << 16)
}

/// Bytes by sixteen; the last ones are filled up with `other`.
pub fn chunks(bytes: &[u8], other: u8) -> impl Iterator<Item = u8x16> {
    let (whole, rest) = bytes.as_chunks::<16>();
    let last = (!rest.is_empty()).then(|| {
        let mut last = [other; 16];
        last[..rest.len()].copy_from_slice(rest);
        u8x16::from(last)
    });
    whole.iter().map(|chunk| u8x16::from(*chunk)).chain(last)
}

/// The places of a byte, in order. Sixteen bytes a step; for a byte that stands in many places this is faster
/// than to search for it again and again.
pub fn places_of(byte: u8, bytes: &[u8]) -> impl Iterator<Item = usize> {
    let wanted = u8x16::splat(byte);
    places(bytes, !byte, move |chunk| chunk.simd_eq(wanted))
}

/// The places of bytes that `wanted` takes, of which `other` is none, in order.
pub fn places(bytes: &[u8], other: u8, wanted: impl Fn(u8x16) -> u8x16) -> impl Iterator<Item = usize> {
    let mut chunks = chunks(bytes, other);
    let (mut next, mut at, mut hits) = (0, 0, 0u32);
    std::iter::from_fn(move || {
        while hits == 0 {
            hits = wanted(chunks.next()?).to_bitmask();
            (at, next) = (next, next + 16);
        }
        let bit = hits.trailing_zeros();
        hits &= hits - 1;
        Some(at + bit as usize)
    })
}

/// Which bytes are at least `first` and at most `last`.
#[must_use]
pub fn is_within(bytes: u8x16, first: u8, last: u8) -> u8x16 {
    bytes.max(u8x16::splat(first)).min(u8x16::splat(last)).simd_eq(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_special_byte_is_found_wherever_it_stands() {
        for at in 0..40 {
            for special in [b'"', b'\\', b'\n', 0, 0x1F] {
                let mut bytes = vec![0xC3; 40];
                bytes[at] = special;
                if at < 39 {
                    bytes[39] = b'"';
                }
                for from in 0..=at {
                    assert_eq!(find_special(&bytes, from), at);
                }
            }
        }
        assert_eq!(find_special(&[b' '; 19], 0), 19);
        assert_eq!(find_special(&[b'!'; 19], 30), 19);
    }

    #[test]
    fn every_place_of_a_byte_is_found() {
        for len in 0..50 {
            for step in 1..20 {
                let bytes: Vec<u8> = (0..len).map(|at| if at % step == 0 { b':' } else { !b':' }).collect();
                let expected: Vec<usize> = (0..len).step_by(step).collect();
                assert_eq!(places_of(b':', &bytes).collect::<Vec<_>>(), expected);
            }
        }
    }
}
