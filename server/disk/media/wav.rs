//! WAV files: RIFF, and RF64 and BW64 for more than 4 GiB.
//!
//! Layout of the chunks: Multimedia Programming Interface and Data Specifications 1.0 (1991), EBU Tech 3306 for RF64.

use super::limited::Limited;
use super::{Content, seconds};
use std::io::{Read, Seek, SeekFrom};

/// A program that writes to a pipe doesn't know the size, and writes 0 or one of the largest numbers.
const UNKNOWN: u64 = 0x7FFF_0000;

const CUT_OFF: &str = "it is cut off: the file is shorter than its own headers say";

/// What the chunks say.
#[derive(Debug, Default)]
struct Wave {
    coding: u16,
    sample_rate: u32,
    /// The bytes of a sample in all channels, or of a group of samples that are packed together.
    block: u16,
    /// The number of samples, if a chunk has it.
    samples: Option<u64>,
    /// The bytes of all samples in a file that is larger than 4 GiB.
    long: Option<u64>,
}

/// Reads the content of a file. The error is a clause about "it".
pub(super) fn read<R: Read + Seek>(file: &mut Limited<R>) -> Result<Content, String> {
    let (len, mut wave, mut data) = (file.len(), Wave::default(), None);
    let mut place = 12;
    while place + 8 <= len {
        let head = bytes(file, place, 8).ok_or(CUT_OFF)?;
        let (kind, size) = (head[..4].to_vec(), u64::from(number(&head, 4).unwrap_or(0)));
        let (start, rest) = (place + 8, len - place - 8);
        let is_data = kind == b"data";
        let size = if is_data && size == u64::from(u32::MAX) { wave.long.unwrap_or(size) } else { size };
        let is_unknown = is_data && (size == 0 || (size >= UNKNOWN && size > rest));
        if is_unknown {
            // Then nothing follows.
            data = Some(rest);
            break;
        }
        if size > rest {
            return Err(CUT_OFF.to_owned());
        }
        if is_data {
            data = Some(size);
            break;
        }
        // No chunk has such a name.
        if kind == [0; 4] {
            break;
        }
        wave.take(&kind, &bytes(file, start, size.min(64)).ok_or(CUT_OFF)?);
        place = start.saturating_add(size).saturating_add(size & 1);
    }
    let data = data.ok_or("it has no sound: a part of the file is missing (`data`)")?;
    Ok(Content { extension: "wav", duration: wave.length(data), has_audio: Some(true), ..Content::default() })
}

impl Wave {
    fn take(&mut self, kind: &[u8], body: &[u8]) {
        let short = |place: usize| body.get(place..place + 2).map(|two| u16::from_le_bytes([two[0], two[1]]));
        match kind {
            b"fmt " => {
                let coding = short(0).unwrap_or(0);
                // The coding of an extensible format is in its name.
                self.coding = if coding == 0xFFFE { short(24).unwrap_or(0) } else { coding };
                self.sample_rate = number(body, 4).unwrap_or(0);
                self.block = short(12).unwrap_or(0);
            }
            b"fact" => self.samples = self.samples.or(number(body, 0).map(u64::from)).filter(|it| is_known(*it)),
            b"ds64" => {
                let long =
                    |place: usize| Some(u64::from(number(body, place + 4)?) << 32 | u64::from(number(body, place)?));
                self.long = long(8);
                self.samples = long(16).filter(|it| is_known(*it));
            }
            _ => {}
        }
    }

    /// How long it plays; `None` if a number of bytes doesn't say that.
    fn length(&self, data: u64) -> Option<crate::schema::scalar::Duration> {
        // Linear samples, floating-point numbers, and two codings with a byte for each sample.
        let is_linear = matches!(self.coding, 1 | 3 | 6 | 7);
        let samples = if is_linear { data.checked_div(u64::from(self.block)) } else { self.samples };
        seconds(samples?, self.sample_rate)
    }
}

fn is_known(samples: u64) -> bool {
    samples > 0 && samples != u64::from(u32::MAX) && samples != u64::MAX
}

fn number(bytes: &[u8], place: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(place..place + 4)?.try_into().ok()?))
}

fn bytes<R: Read + Seek>(file: &mut Limited<R>, place: u64, len: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(place)).ok()?;
    file.take(len).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 == len).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn chunk(kind: &[u8], size: u32, body: &[u8]) -> Vec<u8> {
        [kind, &size.to_le_bytes(), body].concat()
    }

    /// A format of one channel with 8,000 samples per second.
    fn format(coding: u16, block: u16) -> Vec<u8> {
        let body = [coding.to_le_bytes(), [1, 0], [0x40, 0x1F], [0, 0], [0, 0], [0, 0], block.to_le_bytes(), [16, 0]];
        chunk(b"fmt ", 16, &body.concat())
    }

    fn millis(kind: &[u8], chunks: &[Vec<u8>]) -> Result<Option<i128>, String> {
        let file = [kind, &[0; 4], b"WAVE", &chunks.concat()].concat();
        let content = read(&mut Limited::new(Cursor::new(&file), file.len() as u64))?;
        Ok(content.duration.map(|length| length.nanos() / 1_000_000))
    }

    #[test]
    fn the_length_is_that_of_the_samples() {
        let second = [1; 16_000];
        let data = chunk(b"data", 16_000, &second);
        let info = chunk(b"LIST", 3, b"abc\0");
        assert_eq!(millis(b"RIFF", &[format(1, 2), info.clone(), data.clone(), info]), Ok(Some(1_000)));
        // Written to a pipe.
        for size in [0, u32::MAX, 0x7FFF_FFFF] {
            assert_eq!(millis(b"RIFF", &[format(1, 2), chunk(b"data", size, &second)]), Ok(Some(1_000)), "{size}");
        }
        // Packed samples: only with their number.
        assert_eq!(millis(b"RIFF", &[format(0x11, 256), data.clone()]), Ok(None));
        for (count, expected) in [(32_000, Some(4_000)), (0, None), (u32::MAX, None)] {
            let fact = chunk(b"fact", 4, &count.to_le_bytes());
            assert_eq!(millis(b"RIFF", &[format(0x11, 256), fact, data.clone()]), Ok(expected));
        }
        let long = [0u64.to_le_bytes(), 16_000u64.to_le_bytes(), 8_000u64.to_le_bytes()].concat();
        let long = chunk(b"ds64", 24, &long);
        assert_eq!(millis(b"RF64", &[long, format(1, 2), chunk(b"data", u32::MAX, &second)]), Ok(Some(1_000)));
    }

    #[test]
    fn a_file_that_ends_too_early_is_cut_off() {
        let cut = millis(b"RIFF", &[format(1, 2), chunk(b"data", 16_000, &[1; 100])]);
        assert_eq!(cut, Err(CUT_OFF.to_owned()));
        assert!(millis(b"RIFF", &[format(1, 2)]).is_err_and(|error| error.contains("`data`")));
    }
}
