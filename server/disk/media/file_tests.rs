//! Reading small media files: whole, cut off, changed, and with a large gap.

use super::file::read_from;
use crate::schema::scalar::Duration;
use crate::settings::media::Facts;
use proptest::prelude::*;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Instant;

/// The files, and what is in them: the type, the length in milliseconds, frames per second, sound, width and height.
type Expected = (&'static str, &'static str, u32, Option<f64>, Option<bool>, Option<(u32, u32)>);
const FILES: [Expected; 15] = [
    ("clip.mp4", "video/mp4", 512, Some(10.0), Some(true), Some((32, 16))),
    ("fragments.mp4", "video/mp4", 512, Some(8.0), Some(true), Some((32, 16))),
    ("silent.mov", "video/quicktime", 500, Some(10.0), Some(false), Some((32, 16))),
    ("clip.webm", "video/webm", 500, Some(10.0), Some(true), Some((32, 16))),
    ("silent.mkv", "video/x-matroska", 500, Some(10.0), Some(false), Some((32, 16))),
    ("sound.wav", "audio/wav", 250, None, Some(true), None),
    ("sound.mp3", "audio/mp3", 500, None, Some(true), None),
    ("sound.flac", "audio/flac", 250, None, Some(true), None),
    ("sound.ogg", "audio/ogg", 500, None, Some(true), None),
    ("sound.opus", "audio/opus", 500, None, Some(true), None),
    ("sound.aac", "audio/x-aac", 512, None, Some(true), None),
    ("image.png", "image/png", 0, None, None, Some((30, 20))),
    ("image.jpg", "image/jpeg", 0, None, None, Some((30, 20))),
    ("image.webp", "image/webp", 0, None, None, Some((30, 20))),
    ("pages.pdf", "application/pdf", 0, None, None, None),
];

fn bytes(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/media");
    std::fs::read(folder.join(name)).unwrap()
}

fn read(bytes: &[u8]) -> Result<Facts, String> {
    let (read, by_content) = read_from(Cursor::new(bytes), bytes.len() as u64);
    assert!(by_content);
    read
}

#[test]
fn the_facts_of_each_type_of_file_are_read() {
    for (name, mime_type, millis, rate, has_audio, size) in FILES {
        let bytes = bytes(name);
        let facts = read(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(facts.mime_type.as_deref(), Some(mime_type), "{name}");
        assert_eq!(facts.bytes, Some(bytes.len() as u64));
        let length = facts.duration.map_or(0, Duration::nanos) / 1_000_000;
        assert!(length.abs_diff(i128::from(millis)) <= 150, "{name}: {length} ms");
        assert_eq!(facts.frame_rate.map(f64::round), rate, "{name}");
        assert_eq!((facts.has_audio, facts.size), (has_audio, size), "{name}");
        assert_eq!(facts.pages, (name == "pages.pdf").then_some(2));
    }
}

#[test]
fn what_is_no_media_is_named() {
    assert_eq!(read(b""), Err("it is empty".to_owned()));
    assert_eq!(read(&[0; 9000]), Err("it begins with zeros, as if it had not been written completely".to_owned()));
    let program = [b"\x7FELF\x02\x01\x01".as_slice(), &[0; 64]].concat();
    assert!(read(&program).is_err_and(|error| error.contains("not media")));
    assert_eq!(read("Ein Text: ä.\n".as_bytes()).unwrap().mime_type.as_deref(), Some("text/plain"));
    for page in
        ["<!DOCTYPE html><html>", "\n <html><body>404 Not Found", "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied"]
    {
        assert!(read(page.as_bytes()).is_err_and(|error| error.contains("saved as the file")), "{page}");
    }
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 5\n";
    assert!(read(pointer).is_err_and(|error| error.contains("Git LFS")));
    let cut_off = "it is cut off: the file is shorter than its own headers say";
    let clip = bytes("clip.mp4");
    assert_eq!(read(&clip[..clip.len() - 1]), Err(cut_off.to_owned()));
    let clip = bytes("silent.mov");
    assert_eq!(read(&clip[..clip.len() - 100]), Err(cut_off.to_owned()));
    // Without the index, which comes last.
    let clip = bytes("clip.mp4");
    let index = clip.windows(4).position(|four| four == b"moov").unwrap() - 4;
    let error = "it has no index (`moov`), as if its recording had not ended";
    assert_eq!(read(&clip[..index]), Err(error.to_owned()));
}

#[test]
fn the_pages_of_a_pdf_are_only_counted_if_it_is_whole() {
    let pdf = bytes("pages.pdf");
    let cut = "it is cut off: the end of a PDF (`%%EOF`) is missing";
    assert_eq!(read(&pdf[..pdf.len() * 2 / 3]), Err(cut.to_owned()));
    // Something is missing between the beginning and the end.
    let half = [&pdf[..pdf.len() / 3], &pdf[pdf.len() / 2..]].concat();
    assert_eq!(read(&half).map(|facts| facts.pages), Ok(None));
    let trailer = pdf.windows(7).position(|seven| seven == b"trailer").unwrap();
    let encryption = b"<< /Encrypt << /Filter /Standard /V 1 /R 2 /O (abcdefghijklmnopqrstuvwxyzabcdef) \
                       /U (abcdefghijklmnopqrstuvwxyzabcdef) /P -4 >> /ID [(abcdefghijklmnop) (abcdefghijklmnop)]";
    let start = trailer + pdf[trailer..].windows(2).position(|two| two == b"<<").unwrap();
    let encrypted = [&pdf[..start], encryption, &pdf[start + 2..]].concat();
    assert_eq!(read(&encrypted), Err("it is encrypted".to_owned()));
}

#[test]
fn of_any_file_with_a_large_gap_only_a_part_is_read() {
    // The last page of an Ogg file is searched for, up to the limit of the reader.
    for (name, ..) in FILES.into_iter().filter(|(name, ..)| !["sound.ogg", "sound.opus"].contains(name)) {
        let (first, len) = (bytes(name), 10 << 30);
        let mut file = Gap { first, last: Vec::new(), len, position: 0, read: 0 };
        let _ = read_from(&mut file, len);
        assert!(file.read < 2 << 20, "{name}: {} bytes", file.read);
    }
}

#[test]
fn every_beginning_of_a_file_is_read_without_a_panic() {
    for (name, ..) in FILES {
        let bytes = bytes(name);
        let start = Instant::now();
        for len in 0..bytes.len() {
            let _ = read(&bytes[..len]);
        }
        assert!(start.elapsed().as_secs() < 60, "{name}");
    }
}

#[test]
fn an_element_that_refers_to_itself_ends() {
    // The library looks for the first element that is not a checksum, again and again.
    let mut bytes = bytes("clip.webm");
    let segment = bytes.windows(4).position(|four| four == [0x18, 0x53, 0x80, 0x67]).unwrap();
    bytes[segment + 12] = 0xBF;
    let start = Instant::now();
    assert!(read(&bytes).is_err());
    assert!(start.elapsed().as_secs() < 60);
}

/// A file with zeros after its first part, and what was read of it.
struct Gap {
    first: Vec<u8>,
    last: Vec<u8>,
    len: u64,
    position: u64,
    read: u64,
}

impl Read for Gap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.len - self.last.len() as u64;
        let count = (self.len.saturating_sub(self.position) as usize).min(buffer.len());
        for (at, byte) in (self.position..).zip(&mut buffer[..count]) {
            let at_end = |at: u64| self.last[(at - end) as usize];
            *byte = self.first.get(at as usize).copied().unwrap_or_else(|| if at >= end { at_end(at) } else { 0 });
        }
        self.position += count as u64;
        self.read += count as u64;
        Ok(count)
    }
}

impl Seek for Gap {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = match to {
            SeekFrom::Start(to) => to,
            SeekFrom::End(offset) => self.len.saturating_add_signed(offset),
            SeekFrom::Current(offset) => self.position.saturating_add_signed(offset),
        };
        Ok(self.position)
    }
}

#[test]
fn of_a_large_clip_only_the_index_is_read() {
    let clip = bytes("clip.mp4");
    let place = |kind: &[u8]| clip.windows(4).position(|four| four == kind).unwrap() - 4;
    let (data, index) = (place(b"mdat"), place(b"moov"));
    let size: u64 = 5 << 30;
    let mut first = clip[..data].to_vec();
    first.extend([0, 0, 0, 1]);
    first.extend(b"mdat");
    first.extend(size.to_be_bytes());
    let last = clip[index..].to_vec();
    let len = data as u64 + size + last.len() as u64;
    let mut file = Gap { first, last, len, position: 0, read: 0 };
    let facts = read_from(&mut file, len).0.unwrap();
    assert_eq!(facts.duration, read(&clip).unwrap().duration);
    assert!(file.read < 64 << 10, "{} bytes", file.read);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_file_is_read_without_a_panic(
        file in 0..FILES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![Just(0u8), Just(0xFF), any::<u8>()]), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = bytes(FILES[file].0);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len())));
        let start = Instant::now();
        let _ = read(&bytes);
        prop_assert!(start.elapsed().as_secs() < 30);
    }
}
