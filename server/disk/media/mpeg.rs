//! MPEG audio (MP3): counts its frames.
//!
//! Layout of the frames: ISO/IEC 11172-3 and 13818-3. Many encoders note the number of frames in the first one, with `Xing`,
//! `Info` or `VBRI`. Without it, the rate of the first frame says nothing about those of the others.

use super::limited::Limited;
use super::seconds;
use crate::schema::scalar::Duration;
use std::io::{self, Read, Seek, SeekFrom};

/// In a larger file without a number of frames, they are not counted.
const MAX_BYTES: u64 = 64 << 20;

/// The first frame is at most so far from the start or the end of the tags.
const MAX_GAP: usize = 64 << 10;

const RATES: [[u32; 14]; 5] = [
    [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

/// The header of a frame.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// Its length in bytes, with the header.
    len: u64,
    samples: u32,
    sample_rate: u32,
    /// The place of the number of frames, if there is one with `Xing` or `Info`.
    side: usize,
}

impl Frame {
    fn new(header: [u8; 4]) -> Option<Self> {
        let [0xFF, second, third, fourth] = header else { return None };
        if second & 0xE0 != 0xE0 {
            return None;
        }
        let (version, layer) = (second >> 3 & 3, 4 - (second >> 1 & 3));
        let is_first_version = version == 3;
        let sample_rate = [44_100, 48_000, 32_000].get(usize::from(third >> 2 & 3))?;
        let sample_rate = match version {
            3 => *sample_rate,
            2 => sample_rate / 2,
            0 => sample_rate / 4,
            _ => return None,
        };
        let (table, samples, unit) = match (is_first_version, layer) {
            (true, 1) => (0, 384, 4),
            (true, 2) => (1, 1_152, 1),
            (true, 3) => (2, 1_152, 1),
            (false, 1) => (3, 384, 4),
            (false, 2) => (4, 1_152, 1),
            (false, 3) => (4, 576, 1),
            _ => return None,
        };
        let rate = RATES[table].get(usize::from(third >> 4).checked_sub(1)?)?;
        let slots = samples / unit / 8 * rate * 1_000 / sample_rate + u32::from(third >> 1 & 1);
        let is_mono = fourth >> 6 == 3;
        let side = match (is_first_version, is_mono) {
            (true, false) => 32,
            (true, true) | (false, false) => 17,
            (false, true) => 9,
        };
        Some(Self { len: u64::from(slots * unit), samples, sample_rate, side })
    }
}

/// How long a file plays; `None` if that isn't certain. The error says that there is no frame.
pub(super) fn length<R: Read + Seek>(file: &mut Limited<R>) -> Result<Option<Duration>, String> {
    let mut start = 0;
    while let Some(len) = at::<10, R>(file, start).and_then(tag) {
        start += len;
    }
    let Some((first, frame)) = first(file, start) else {
        return Err("it has no sound: no frame of MPEG audio was found".to_owned());
    };
    let mut head = Vec::new();
    let read = file.seek(SeekFrom::Start(first)).and_then(|_| file.take(frame.len.min(256)).read_to_end(&mut head));
    if let (Ok(_), Some(frames)) = (read, listed(&head, frame)) {
        return Ok(seconds(u64::from(frames) * u64::from(frame.samples), frame.sample_rate));
    }
    Ok(counted(file, first).and_then(|samples| seconds(samples, frame.sample_rate)))
}

fn at<const N: usize, R: Read + Seek>(file: &mut Limited<R>, place: u64) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    file.seek(SeekFrom::Start(place)).ok()?;
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// The length of an ID3v2 tag.
fn tag(head: [u8; 10]) -> Option<u64> {
    let [b'I', b'D', b'3', _, _, flags, size @ ..] = head else { return None };
    let size = size.iter().fold(0, |size, byte| size << 7 | u64::from(byte & 0x7F));
    Some(size + if flags & 0x10 == 0 { 10 } else { 20 })
}

/// The first frame: bytes that look like one are a frame if another one follows, or the end of the file.
fn first<R: Read + Seek>(file: &mut Limited<R>, start: u64) -> Option<(u64, Frame)> {
    let mut gap = Vec::new();
    file.seek(SeekFrom::Start(start)).ok()?;
    file.take(MAX_GAP as u64).read_to_end(&mut gap).ok()?;
    let frames = gap
        .windows(4)
        .enumerate()
        .filter_map(|(place, header)| Some((start + place as u64, Frame::new(header.try_into().ok()?)?)));
    frames.take(100).find(|(place, frame)| {
        let next = place + frame.len;
        next == file.len() || at::<4, R>(file, next).is_some_and(|next| Frame::new(next).is_some() || is_tag(&next))
    })
}

fn is_tag(bytes: &[u8]) -> bool {
    [b"TAG".as_slice(), b"APE", b"LYR", b"ID3", b"3DI"].iter().any(|tag| bytes.starts_with(tag))
}

/// The number of frames in the first one.
fn listed(head: &[u8], frame: Frame) -> Option<u32> {
    let four = |place: usize| -> Option<u32> { Some(u32::from_be_bytes(head.get(place..place + 4)?.try_into().ok()?)) };
    let place = 4 + frame.side;
    let frames = match head.get(place..place + 4)? {
        b"Xing" | b"Info" if four(place + 4)? & 1 != 0 => four(place + 8)?,
        _ if head.get(36..40)? == b"VBRI" => four(50)?,
        _ => return None,
    };
    Some(frames).filter(|frames| *frames > 0)
}

/// The samples of all frames; `None` if the file is too large, or isn't a row of frames up to its end.
fn counted<R: Read + Seek>(file: &mut Limited<R>, first: u64) -> Option<u64> {
    let (mut place, mut samples) = (first, 0);
    if file.len() - first > MAX_BYTES {
        return None;
    }
    let mut rate = None;
    while place < file.len() {
        let rest = file.len() - place;
        let Some(header) = at::<4, R>(file, place) else { return (rest < 4).then_some(samples) };
        let Some(frame) = Frame::new(header) else {
            return (is_tag(&header) || is_zero(file, place).ok()?).then_some(samples);
        };
        // The time of a sample would not be the same everywhere.
        if *rate.get_or_insert(frame.sample_rate) != frame.sample_rate {
            return None;
        }
        // The last frame may be cut off.
        if frame.len <= rest {
            samples += u64::from(frame.samples);
        }
        place += frame.len;
    }
    Some(samples)
}

/// Whether only zeros follow.
fn is_zero<R: Read + Seek>(file: &mut Limited<R>, place: u64) -> io::Result<bool> {
    let mut rest = Vec::new();
    file.seek(SeekFrom::Start(place))?;
    file.take(MAX_GAP as u64).read_to_end(&mut rest)?;
    Ok(rest.iter().all(|byte| *byte == 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// A frame of silence at 44.1 kHz with the rate of this index.
    fn frame(index: u8) -> Vec<u8> {
        let header = [0xFF, 0xFB, index << 4, 0];
        let mut bytes = header.to_vec();
        bytes.resize(Frame::new(header).unwrap().len as usize, 0);
        bytes
    }

    fn millis(bytes: &[u8]) -> Option<i128> {
        let length = length(&mut Limited::new(Cursor::new(bytes), bytes.len() as u64)).unwrap();
        length.map(|length| length.nanos() / 1_000_000)
    }

    #[test]
    fn the_length_of_a_frame_follows_from_its_header() {
        let len = |header: [u8; 4]| Frame::new(header).map(|frame| (frame.len, frame.samples));
        assert_eq!(len([0xFF, 0xFB, 0x90, 0x00]), Some((417, 1_152)));
        assert_eq!(len([0xFF, 0xFB, 0x92, 0x00]), Some((418, 1_152)));
        assert_eq!(len([0xFF, 0xF3, 0x80, 0xC0]), Some((208, 576)));
        assert_eq!(len([0xFF, 0xFF, 0x90, 0x00]), Some((312, 384)));
        for header in [[0xFF, 0xFB, 0xF0, 0], [0xFF, 0xFB, 0, 0], [0xFF, 0xFB, 0x9C, 0], [0xFF, 0xEB, 0x90, 0]] {
            assert_eq!(len(header), None, "{header:?}");
        }
    }

    #[test]
    fn frames_of_changing_rates_are_counted() {
        let frames: Vec<u8> =
            (0..1_000u32).flat_map(|number| frame(if number == 0 { 1 } else { 9 + (number % 5) as u8 })).collect();
        assert_eq!(millis(&frames), Some(26_122));
        let tagged = [b"ID3\x04\0\0\0\0\0\x03abc".as_slice(), &frames, b"TAG", &[0; 125]].concat();
        assert_eq!(millis(&tagged), Some(26_122));
        // The last frame is cut off, or zeros follow.
        assert_eq!(millis(&frames[..frames.len() - 10]), Some(26_096));
        assert_eq!(millis(&[frames.as_slice(), &[0; 1_000]].concat()), Some(26_122));
        // Something else is between the frames.
        assert_eq!(millis(&[frames.as_slice(), b"something else", &frames].concat()), None);
    }

    #[test]
    fn the_number_of_frames_in_the_first_one_counts() {
        for name in [b"Xing", b"Info"] {
            let mut first = frame(9);
            first[36..40].copy_from_slice(name);
            first[43] = 1;
            first[44..48].copy_from_slice(&100u32.to_be_bytes());
            assert_eq!(millis(&[first, frame(1)].concat()), Some(2_612));
        }
        let mut first = frame(9);
        first[36..40].copy_from_slice(b"VBRI");
        first[50..54].copy_from_slice(&100u32.to_be_bytes());
        assert_eq!(millis(&[first, frame(1)].concat()), Some(2_612));
    }
}
