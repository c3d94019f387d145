//! MP4, MOV, 3GP and M4A files: reads the boxes that hold lengths, and skips all others.
//!
//! Layout of the boxes: ISO/IEC 14496-12, and Apple's QuickTime File Format for MOV.

use super::limited::Limited;
use super::{Content, seconds};
use crate::disk::input::sentence;
use crate::schema::scalar::Duration;
use mp4_atom::{Atom, FourCC, Header, Mdhd, Mehd, Mvhd, ReadFrom, Stts, Tfdt, Tfhd, Tkhd, Trex, Trun, TrunSamples};
use std::io::{Read, Seek, SeekFrom};

/// A larger box is skipped: its entries would take too much memory.
const MAX_BOX: u64 = 8 << 20;

/// What the boxes that were read so far say.
#[derive(Debug, Default)]
struct Movie {
    brand: Option<[u8; 4]>,
    time_scale: u32,
    duration: Option<u64>,
    /// The length of all fragments.
    fragments: Option<u64>,
    tracks: Vec<Track>,
    defaults: Vec<Trex>,
    fragment: Fragment,
    has_index: bool,
}

#[derive(Debug, Default)]
struct Track {
    id: u32,
    handler: [u8; 4],
    time_scale: u32,
    duration: Option<u64>,
    samples: Option<u64>,
    size: Option<(u32, u32)>,
    encrypted: bool,
    fragments: Option<Fragments>,
}

/// The fragments of a track.
#[derive(Clone, Copy, Debug, Default)]
struct Fragments {
    /// The time after the last one.
    end: u64,
    samples: u64,
}

/// The part of a fragment for one track.
#[derive(Debug, Default)]
struct Fragment {
    track: u32,
    sample_duration: Option<u32>,
    start: Option<u64>,
}

/// Reads the content of a file. The error is a clause about "it".
pub(super) fn read<R: Read + Seek>(file: &mut Limited<R>) -> Result<Content, String> {
    let mut movie = Movie::default();
    let len = file.len();
    movie.boxes(file, 0..len, &[])?;
    movie.content()
}

impl Movie {
    /// Reads the boxes in a range of the file. `path` names the boxes around them.
    fn boxes<R: Read + Seek>(
        &mut self,
        file: &mut Limited<R>,
        range: std::ops::Range<u64>,
        path: &[[u8; 4]],
    ) -> Result<(), String> {
        let broken = || "its index is broken or cut off".to_owned();
        let mut start = range.start;
        while start < range.end {
            file.seek(SeekFrom::Start(start)).map_err(|_| broken())?;
            let header = Header::read_from(file).map_err(|_| match path {
                [] if start > 0 => cut_off(),
                _ => broken(),
            })?;
            let kind = *header.kind.as_ref();
            if path.is_empty() && start == 0 && !kind.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ') {
                return Err("its headers are broken or cut off".to_owned());
            }
            // QuickTime ends some lists with an empty box.
            if kind == [0; 4] && !path.is_empty() {
                return Ok(());
            }
            let body = file.stream_position().map_err(|_| broken())?;
            let end = header.size.map_or(range.end, |size| body.saturating_add(size as u64));
            // A part without a size of its own ends with the one around it, which its header may exceed.
            if end > range.end || body > end {
                return Err(if path.is_empty() {
                    cut_off()
                } else {
                    "its index is broken: a part is larger than the one around it".to_owned()
                });
            }
            self.one(file, header, body..end, path)?;
            start = end;
        }
        Ok(())
    }

    fn one<R: Read + Seek>(
        &mut self,
        file: &mut Limited<R>,
        header: Header,
        range: std::ops::Range<u64>,
        path: &[[u8; 4]],
    ) -> Result<(), String> {
        let kind: &[u8; 4] = header.kind.as_ref();
        let parent = path.last().map_or(b"".as_slice(), |parent| parent.as_slice());
        match (parent, kind) {
            (b"", b"moov" | b"moof") | (b"moov", b"trak" | b"mvex") | (b"moof", b"traf") => {}
            (b"trak", b"mdia") | (b"mdia", b"minf") | (b"minf", b"stbl") => {}
            _ => return self.leaf(file, &header, &range, parent),
        }
        match kind {
            b"moov" => self.has_index = true,
            b"trak" => self.tracks.push(Track::default()),
            b"traf" => self.fragment = Fragment::default(),
            _ => {}
        }
        let path: Vec<_> = path.iter().copied().chain([*kind]).collect();
        self.boxes(file, range, &path)
    }

    /// Reads a box without boxes inside.
    fn leaf<R: Read + Seek>(
        &mut self,
        file: &mut Limited<R>,
        header: &Header,
        range: &std::ops::Range<u64>,
        parent: &[u8],
    ) -> Result<(), String> {
        let wanted: &[&[u8; 4]] = match parent {
            b"" => &[b"ftyp"],
            b"moov" => &[b"mvhd"],
            b"trak" => &[b"tkhd"],
            b"mdia" => &[b"mdhd", b"hdlr"],
            b"stbl" => &[b"stsd", b"stts"],
            b"mvex" => &[b"mehd", b"trex"],
            b"traf" => &[b"tfhd", b"tfdt", b"trun"],
            _ => &[],
        };
        let kind: &[u8; 4] = header.kind.as_ref();
        let len = range.end - range.start;
        if !wanted.contains(&kind) || len > MAX_BOX {
            return Ok(());
        }
        let mut body = Vec::new();
        file.take(len).read_to_end(&mut body).map_err(|error| sentence(&error))?;
        self.take(header.kind, &body)
            .ok_or_else(|| format!("its index is broken: `{}` cannot be read", kind.escape_ascii()))
    }

    fn take(&mut self, kind: FourCC, body: &[u8]) -> Option<()> {
        let four = |at: usize| body.get(at..at + 4)?.try_into().ok();
        let track = self.tracks.last_mut();
        match kind.as_ref() {
            b"ftyp" => self.brand = four(0),
            b"mvhd" => {
                let Mvhd { timescale, duration, .. } = decode(body)?;
                (self.time_scale, self.duration) = (timescale, known(duration));
            }
            b"tkhd" => {
                let Tkhd { track_id, width, height, .. } = decode(body)?;
                let size = (u32::from(width.integer()), u32::from(height.integer()));
                let track = track?;
                (track.id, track.size) = (track_id, Some(size).filter(|(width, height)| *width > 0 && *height > 0));
            }
            b"mdhd" => {
                let Mdhd { timescale, duration, .. } = decode(body)?;
                let track = track?;
                (track.time_scale, track.duration) = (timescale, known(duration));
            }
            b"hdlr" => track?.handler = four(8)?,
            // There may be no description of samples. That of pictures has their size, without a correction of their
            // shape.
            b"stsd" => {
                let track = track?;
                track.encrypted = matches!(four(12), Some(name) if name == *b"encv" || name == *b"enca");
                if let ([b'v', b'i', b'd', b'e'], Some([a, b, c, d])) = (track.handler, four(40)) {
                    let size = (u32::from(u16::from_be_bytes([a, b])), u32::from(u16::from_be_bytes([c, d])));
                    track.size = Some(size).filter(|(width, height)| *width > 0 && *height > 0).or(track.size);
                }
            }
            b"stts" => {
                let Stts { entries } = decode(body)?;
                track?.samples = Some(entries.iter().map(|entry| u64::from(entry.sample_count)).sum());
            }
            b"mehd" => self.fragments = known(decode::<Mehd>(body)?.fragment_duration),
            b"trex" => self.defaults.push(decode(body)?),
            b"tfhd" => {
                let Tfhd { track_id, default_sample_duration, .. } = decode(body)?;
                let default = self.defaults.iter().find(|trex| trex.track_id == track_id);
                self.fragment.track = track_id;
                self.fragment.sample_duration =
                    default_sample_duration.or(default.map(|it| it.default_sample_duration));
            }
            b"tfdt" => self.fragment.start = Some(decode::<Tfdt>(body)?.base_media_decode_time),
            b"trun" => {
                let Trun { samples, .. } = decode(body)?;
                self.run(&samples);
            }
            _ => {}
        }
        Some(())
    }

    /// Adds samples of the fragment to its track.
    fn run(&mut self, samples: &TrunSamples) {
        let usual = u64::from(self.fragment.sample_duration.unwrap_or(0));
        let (count, duration) = match samples {
            TrunSamples::Inherited { count, .. } => (u64::from(*count), u64::from(*count).saturating_mul(usual)),
            TrunSamples::Explicit(entries) => {
                let of = |duration: Option<u32>| duration.map_or(usual, u64::from);
                (entries.len() as u64, entries.iter().map(|entry| of(entry.duration)).fold(0, u64::saturating_add))
            }
        };
        let Some(track) = self.tracks.iter_mut().find(|track| track.id == self.fragment.track) else { return };
        // The first fragment may follow samples that are not in fragments.
        let before = track.fragments.unwrap_or(Fragments { end: track.duration.unwrap_or(0), samples: 0 });
        let start = self.fragment.start.take().unwrap_or(before.end);
        let end = before.end.max(start.saturating_add(duration));
        // Other runs of the fragment follow this one.
        track.fragments = Some(Fragments { end, samples: before.samples.saturating_add(count) });
    }

    fn content(self) -> Result<Content, String> {
        if !self.has_index {
            return Err("it has no index (`moov`), as if its recording had not ended".to_owned());
        }
        if self.tracks.iter().any(|track| track.encrypted) {
            return Err("it is encrypted".to_owned());
        }
        let track = |handler: &[u8; 4]| self.tracks.iter().find(|track| track.handler == *handler);
        let (video, audio) = (track(b"vide"), track(b"soun"));
        if video.or(audio).is_none() {
            return Err("it has neither pictures nor sound".to_owned());
        }
        let in_fragments = self.tracks.iter().any(|track| track.fragments.is_some());
        let whole = || self.duration.and_then(|duration| seconds(duration, self.time_scale));
        let fragments = || self.fragments.and_then(|duration| seconds(duration, self.time_scale));
        let of_tracks = || self.tracks.iter().filter_map(Track::length).max();
        let duration = if in_fragments { fragments().or_else(of_tracks) } else { whole().or_else(of_tracks) };
        let extension = match self.brand.as_ref().map(|brand| brand.as_slice()) {
            None | Some(b"qt  ") => "mov",
            Some([b'3', b'g', ..]) => "3gp",
            _ if video.is_none() => "m4a",
            _ => "mp4",
        };
        Ok(Content {
            extension,
            duration,
            frame_rate: video.and_then(Track::frame_rate),
            has_audio: Some(audio.is_some()),
            size: video.and_then(|track| track.size),
            ..Content::default()
        })
    }
}

impl Track {
    fn length(&self) -> Option<Duration> {
        seconds(self.fragments.map_or(self.duration, |it| Some(it.end))?, self.time_scale)
    }

    fn frame_rate(&self) -> Option<f64> {
        let before = self.samples.unwrap_or(0);
        let samples = self.fragments.map_or(before, |it| before.saturating_add(it.samples));
        super::rate(samples as f64, self.length()?)
    }
}

fn decode<A: Atom>(mut body: &[u8]) -> Option<A> {
    A::decode_body(&mut body).ok()
}

/// A length; `None` for the numbers that stand for an unknown one.
fn known(duration: u64) -> Option<u64> {
    Some(duration).filter(|duration| ![0, u64::from(u32::MAX), u64::MAX].contains(duration))
}

fn cut_off() -> String {
    "it is cut off: the file is shorter than its own headers say".to_owned()
}
