//! Reads the facts about one media file from its headers and indexes.

use super::limited::Limited;
use super::{Content, mp4, mpeg, pdf, rate, round, seconds, wav};
use crate::disk::input::sentence;
use crate::example::mime::{MATROSKA, MediaKind, for_extension, kind_of, usual_name};
use crate::schema::scalar::Duration;
use crate::settings::media::Facts;
use lofty::config::ParseOptions;
use lofty::file::{AudioFile, FileType};
use lofty::probe::Probe;
use matroska_demuxer::{MatroskaFile, TrackType};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// The first bytes of a file, which tell its type.
const HEAD: usize = 4 << 10;

/// The library of a reader panicked, or gave up. Its own words would not help.
const BROKEN: &str = "its headers are broken or cut off";

/// Reads the facts about a file, without their origin. The error is a clause about "it". The second value says whether the
/// result is due to the content of the file, so that it stays the same until the file changes.
pub(super) fn read(path: &Path) -> (Result<Facts, String>, bool) {
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    let (metadata, file) = match opened {
        Ok(opened) => opened,
        Err(error) => return (Err(sentence(&error)), false),
    };
    if !metadata.is_file() {
        return (Err("it is not a file".to_owned()), false);
    }
    read_from(file, metadata.len())
}

/// Whether the name or the content of a file is that of a recording, an image or a PDF.
#[must_use]
pub fn is_media(path: &Path) -> bool {
    let is_media = |mime: &str| kind_of(mime).is_some_and(|kind| kind != MediaKind::Text);
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    for_extension(extension).iter().any(|mime| is_media(mime))
        || read(path).0.is_ok_and(|facts| facts.mime_type.as_deref().is_some_and(is_media))
}

/// Reads the facts about a file of this length, without their origin. The error is a clause about "it". The second value
/// says whether the result is due to the content of the file, so that it stays the same until the file changes.
pub fn read_from<R: Read + Seek>(file: R, len: u64) -> (Result<Facts, String>, bool) {
    let mut file = Limited::new(file, len);
    // The libraries are tested with broken files, but not with all of them.
    let content = catch_unwind(AssertUnwindSafe(|| content(&mut file)));
    let content = content.unwrap_or_else(|_| Err(BROKEN.to_owned()));
    (content.map(|content| content.facts(len)), !file.failed)
}

/// The facts about a file of this length of which only the first bytes are known, and the type that its server says.
#[cfg(feature = "remote")]
pub fn read_start(head: &[u8], len: u64, said: Option<String>) -> Facts {
    let known = infer::get(head).map(|known| usual_name(known.mime_type()).to_owned());
    let said = said.filter(|mime_type| kind_of(mime_type).is_some());
    Facts { bytes: Some(len), mime_type: known.or(said), ..Facts::default() }
}

impl Content {
    fn facts(self, bytes: u64) -> Facts {
        let by_extension = || for_extension(self.extension).first().copied();
        let mime_type = self.mime_type.or_else(by_extension);
        Facts {
            bytes: Some(bytes),
            duration: self.duration.filter(|duration| *duration > Duration::ZERO),
            mime_type: mime_type.map(str::to_owned),
            frame_rate: self.frame_rate,
            has_audio: self.has_audio,
            pages: self.pages,
            size: self.size,
            origin: String::new(),
            is_copy: false,
        }
    }
}

/// Recognizes a file by its first bytes, and reads it.
fn content<R: Read + Seek>(file: &mut Limited<R>) -> Result<Content, String> {
    let mut head = Vec::new();
    file.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(|error| sentence(&error))?;
    file.rewind().map_err(|error| sentence(&error))?;
    if head.is_empty() {
        return Err("it is empty".to_owned());
    }
    if head.iter().all(|byte| *byte == 0) {
        return Err("it begins with zeros, as if it had not been written completely".to_owned());
    }
    let known = infer::get(&head);
    let named = |known: &infer::Type| Content { mime_type: Some(usual_name(known.mime_type())), ..Content::default() };
    match known.map_or("", |known| known.extension()) {
        "jpg" | "png" | "gif" | "webp" | "bmp" | "tif" | "heif" | "avif" => {
            let size = imagesize::reader_size(file).map_err(broken)?;
            let size = u32::try_from(size.width).ok().zip(u32::try_from(size.height).ok());
            Ok(Content { size, ..known.as_ref().map(named).unwrap_or_default() })
        }
        "pdf" => pdf::read(file),
        _ if is_wave(&head) => wav::read(file),
        _ if is_mp4(&head) => mp4::read(file),
        _ if head.starts_with(b"\x1A\x45\xDF\xA3") => matroska(file),
        _ if head.starts_with(b"OggS") && contains(&head, b"\x80theora") => {
            Ok(Content { extension: "ogv", ..Content::default() })
        }
        "aac" => aac(file),
        "mp3" | "ogg" | "opus" | "flac" | "aiff" => audio(file),
        _ if is_mpeg_audio(&head) => audio(file),
        _ if head.starts_with(b"version https://git-lfs.github.com/spec/") => {
            Err("it is a pointer of Git LFS, not the file itself; `git lfs pull` downloads the file".to_owned())
        }
        "html" => Err("it is a web page (HTML), perhaps an error message that was saved as the file".to_owned()),
        "xml" if contains(&head, b"<Error>") => {
            Err("it is an error message (XML) that was saved as the file".to_owned())
        }
        "" if is_text(&head) => Ok(Content { extension: "txt", ..Content::default() }),
        "" if is_transport_stream(&head) => Ok(Content::default()),
        "" => Err("its content is of no known type".to_owned()),
        _ => {
            let content = known.as_ref().map(named).unwrap_or_default();
            match content.mime_type {
                Some(mime) if kind_of(mime).is_none() => Err(format!("its content is not media, but `{mime}`")),
                _ => Ok(content),
            }
        }
    }
}

fn is_wave(head: &[u8]) -> bool {
    let is_first = [b"RIFF", b"RF64", b"BW64"].iter().any(|kind| head.starts_with(*kind));
    is_first && head.get(8..12) == Some(b"WAVE")
}

fn is_mp4(head: &[u8]) -> bool {
    const FIRST: [&[u8]; 6] = [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"];
    head.get(4..8).is_some_and(|kind| FIRST.contains(&kind))
}

/// Whether MPEG audio begins here, perhaps after tags.
fn is_mpeg_audio(head: &[u8]) -> bool {
    head.starts_with(b"ID3") || matches!(head, [0xFF, second, ..] if *second & 0xE0 == 0xE0 && *second != 0xFF)
}

/// Whether packets of an MPEG transport stream begin here.
fn is_transport_stream(head: &[u8]) -> bool {
    head.len() > 376 && head.iter().step_by(188).all(|byte| *byte == 0x47)
}

fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The first bytes may end inside of a character.
        Err(error) if head.len() == HEAD && error.valid_up_to() + 4 > HEAD => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !valid.contains(|letter: char| letter.is_control() && !letter.is_whitespace())
}

fn contains(head: &[u8], wanted: &[u8]) -> bool {
    memchr::memmem::find(head, wanted).is_some()
}

fn broken<E>(_: E) -> String {
    BROKEN.to_owned()
}

fn matroska<R: Read + Seek>(file: &mut Limited<R>) -> Result<Content, String> {
    let file = MatroskaFile::open(file).map_err(broken)?;
    let tracks = || file.tracks().iter();
    let video = tracks().find(|track| track.track_type() == TrackType::Video);
    let has_audio = tracks().any(|track| track.track_type() == TrackType::Audio);
    let scale = file.info().timestamp_scale().get() as f64;
    let nanos = file.info().duration().map(|duration| duration * scale);
    let nanos = nanos.filter(|nanos| nanos.is_finite() && *nanos >= 0.0 && *nanos < 1e20);
    let types = for_extension("webm");
    let mime_type = match (file.ebml_header().doc_type(), video) {
        ("webm", Some(_)) => types.first(),
        ("webm", None) => types.last(),
        _ => None,
    };
    let per_frame = video.and_then(|track| track.default_duration());
    let pixels = video.and_then(|track| track.video());
    let pixels = pixels.map(|video| (video.pixel_width().get(), video.pixel_height().get()));
    Ok(Content {
        mime_type: mime_type.copied().or(Some(MATROSKA)),
        duration: nanos.and_then(|nanos| Duration::from_nanos(round(nanos as i128))),
        frame_rate: per_frame.and_then(|nanos| rate(1.0, Duration::from_nanos(i128::from(nanos.get()))?)),
        has_audio: Some(has_audio),
        size: pixels.and_then(|(width, height)| Some((u32::try_from(width).ok()?, u32::try_from(height).ok()?))),
        ..Content::default()
    })
}

fn audio<R: Read + Seek>(file: &mut Limited<R>) -> Result<Content, String> {
    let options = ParseOptions::new().read_tags(false).read_cover_art(false);
    let probe = Probe::new(file).options(options).guess_file_type().map_err(broken)?;
    let extension = match probe.file_type() {
        Some(FileType::Mpeg) => {
            let duration = mpeg::length(probe.into_inner())?;
            return Ok(Content { extension: "mp3", duration, has_audio: Some(true), ..Content::default() });
        }
        Some(FileType::Flac) => "flac",
        Some(FileType::Aac) => "aac",
        Some(FileType::Opus) => "opus",
        Some(FileType::Vorbis | FileType::Speex) => "ogg",
        _ => "",
    };
    let length = match probe.read() {
        Ok(file) => file.properties().duration(),
        Err(_) if extension.is_empty() => return Ok(Content::default()),
        Err(error) => return Err(broken(error)),
    };
    let duration = Duration::from_nanos(round(i128::try_from(length.as_nanos()).unwrap_or(i128::MAX)));
    Ok(Content { extension, duration, has_audio: Some(true), ..Content::default() })
}

/// Counts the frames, because such a file has no index. Layout of their headers: ISO/IEC 13818-7, ADTS.
fn aac<R: Read + Seek>(file: &mut Limited<R>) -> Result<Content, String> {
    const RATES: [u32; 13] =
        [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
    const SAMPLES: u64 = 1_024;
    let (mut start, mut samples, mut rate) = (0, 0, 0);
    while start + 7 <= file.len() {
        let mut header = [0; 7];
        file.seek(SeekFrom::Start(start)).map_err(broken)?;
        file.read_exact(&mut header).map_err(broken)?;
        let [0xFF, 0xF0..=0xFF, third, fourth, fifth, sixth, last] = header else { break };
        let len = u64::from(fourth & 3) << 11 | u64::from(fifth) << 3 | u64::from(sixth >> 5);
        if len < 7 {
            break;
        }
        rate = RATES.get(usize::from(third >> 2 & 15)).copied().unwrap_or(rate);
        samples += SAMPLES * u64::from((last & 3) + 1);
        start += len;
    }
    if rate == 0 {
        return Err("it has no sound: no frame of AAC audio was found".to_owned());
    }
    Ok(Content { extension: "aac", duration: seconds(samples, rate), has_audio: Some(true), ..Content::default() })
}
