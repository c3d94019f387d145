//! A handwritten checker, for comparison in `tests/bench/run`: it decodes each line into typed structs with serde and
//! checks their shape.
//!
//! It stops at the first fault of a line, does not report its place, and has no rule about the whole file. It reads the
//! file in blocks on `RAYON_NUM_THREADS` threads, and prints how many lines it accepts and how many it rejects.

use rayon::prelude::*;
use serde::Deserialize;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

type Text<'a> = Option<Cow<'a, str>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Example<'a> {
    #[serde(borrow)]
    contents: Vec<Content<'a>>,
    #[serde(borrow)]
    system_instruction: Option<Content<'a>>,
    #[serde(borrow)]
    generation_config: Option<GenerationConfig<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct GenerationConfig<'a> {
    #[serde(borrow)]
    media_resolution: Text<'a>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Content<'a> {
    #[serde(borrow)]
    role: Text<'a>,
    #[serde(borrow)]
    parts: Vec<Part<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Part<'a> {
    #[serde(borrow)]
    text: Text<'a>,
    #[serde(borrow)]
    file_data: Option<FileData<'a>>,
    #[serde(borrow)]
    video_metadata: Option<VideoMetadata<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct FileData<'a> {
    #[serde(borrow)]
    file_uri: Cow<'a, str>,
    #[serde(borrow)]
    mime_type: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct VideoMetadata<'a> {
    #[serde(borrow)]
    start_offset: Text<'a>,
    #[serde(borrow)]
    end_offset: Text<'a>,
    fps: Option<f64>,
}

impl Example<'_> {
    fn is_well_shaped(&self) -> bool {
        let resolution = self.generation_config.as_ref().and_then(|config| config.media_resolution.as_ref());
        let has_role = |content: &Content<'_>| matches!(content.role.as_deref(), Some("user" | "model"));
        resolution.is_none_or(|name| name.starts_with("MEDIA_RESOLUTION_"))
            && !self.contents.is_empty()
            && self.contents.iter().all(|content| has_role(content) && content.is_well_shaped())
            && self.system_instruction.as_ref().is_none_or(Content::is_well_shaped)
    }
}

impl Content<'_> {
    fn is_well_shaped(&self) -> bool {
        !self.parts.is_empty() && self.parts.iter().all(Part::is_well_shaped)
    }
}

impl Part<'_> {
    fn is_well_shaped(&self) -> bool {
        let is_location = |uri: &str| ["gs://", "https://", "http://"].iter().any(|scheme| uri.starts_with(scheme));
        let is_file = |file: &FileData<'_>| is_location(&file.file_uri) && file.mime_type.contains('/');
        let is_seconds = |offset: &str| offset.strip_suffix('s').is_some_and(|number| number.parse::<f64>().is_ok());
        let is_offset = |offset: &Text<'_>| offset.as_deref().is_none_or(is_seconds);
        (self.text.is_some() || self.file_data.is_some())
            && self.file_data.as_ref().is_none_or(is_file)
            && self.video_metadata.as_ref().is_none_or(|segment| {
                is_offset(&segment.start_offset)
                    && is_offset(&segment.end_offset)
                    && segment.fps.is_none_or(|rate| rate > 0.0 && rate <= 24.0)
            })
    }
}

/// How many of the lines that begin in a block of the file are accepted, and how many are rejected. `bytes` is a buffer to
/// reuse.
fn count(path: &Path, start: usize, end: usize, bytes: &mut Vec<u8>) -> io::Result<[usize; 2]> {
    /// The maximum length of a line. The datasets measured here have no longer ones.
    const LONGEST_LINE: usize = 64 << 10;
    // A line end right before the block starts a line in it.
    let before = start.saturating_sub(1);
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(before as u64))?;
    bytes.clear();
    file.take((end + LONGEST_LINE - before) as u64).read_to_end(bytes)?;
    let mut counts = [0, 0];
    let mut at = if start == 0 { 0 } else { memchr::memchr(b'\n', bytes).map_or(bytes.len(), |line_end| line_end + 1) };
    while before + at < end {
        let line = &bytes[at..at + memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at)];
        let is_taken = serde_json::from_slice::<Example<'_>>(line).is_ok_and(|example| example.is_well_shaped());
        counts[usize::from(!is_taken)] += 1;
        at += line.len() + 1;
    }
    Ok(counts)
}

fn main() -> io::Result<()> {
    const PIECE: usize = 1 << 20;
    let path = PathBuf::from(std::env::args_os().nth(1).ok_or(io::ErrorKind::InvalidInput)?);
    let len = usize::try_from(path.metadata()?.len()).map_err(io::Error::other)?;
    let pieces = (0..len.div_ceil(PIECE)).into_par_iter();
    let counts =
        pieces.map_init(Vec::new, |bytes, piece| count(&path, piece * PIECE, ((piece + 1) * PIECE).min(len), bytes));
    let [taken, others] = counts.try_reduce(|| [0, 0], |one, next| Ok([one[0] + next[0], one[1] + next[1]]))?;
    println!("{taken} lines taken, {others} not");
    Ok(())
}
