//! Asks an installed `ffprobe` for the length of files that our libraries can't read.

use super::{rate, round};
use crate::schema::scalar::Duration;
use crate::settings::media::Facts;
use serde::Deserialize;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration as Time, Instant};

/// Longer answers are not waited for.
const PATIENCE: Time = Time::from_secs(30);

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Format,
}

#[derive(Default, Deserialize)]
struct Format {
    duration: Option<String>,
}

#[derive(Deserialize)]
struct Stream {
    codec_type: Option<String>,
    avg_frame_rate: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
}

/// Whether `ffprobe` is on the `PATH`.
#[must_use]
pub fn is_installed() -> bool {
    let mut command = Command::new("ffprobe");
    let command = command.arg("-version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Completes the facts about a file, or makes them. `None` if `ffprobe` can't read the file or isn't installed.
pub(super) fn ask(path: &Path, known: &Result<Facts, String>) -> Option<Facts> {
    // Some files name others, even on the web.
    let mut location = std::ffi::OsString::from("file:");
    location.push(path);
    let mut child = Command::new("ffprobe")
        .args(["-v", "error", "-protocol_whitelist", "file", "-of", "json", "-show_entries"])
        .arg("format=duration:stream=codec_type,avg_frame_rate,width,height")
        .arg("-i")
        .arg(location)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let answer = answer(&mut child);
    let _ = child.kill();
    let is_success = child.wait().ok()?.success();
    let answer: Answer = serde_json::from_slice(&answer?).ok().filter(|_| is_success)?;
    let bytes = path.metadata().ok()?.len();
    let facts = known.clone().unwrap_or(Facts { bytes: Some(bytes), ..Facts::default() });
    Some(answer.complete(facts)).filter(|facts| facts.duration.is_some() || known.is_ok())
}

/// The output of `ffprobe`, if it ends in time.
fn answer(child: &mut Child) -> Option<Vec<u8>> {
    let mut out = child.stdout.take()?;
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        out.by_ref().take(1 << 20).read_to_end(&mut bytes).map(|_| bytes)
    });
    let start = Instant::now();
    while child.try_wait().ok()?.is_none() {
        if start.elapsed() > PATIENCE {
            return None;
        }
        std::thread::sleep(Time::from_millis(5));
    }
    reader.join().ok()?.ok()
}

impl Answer {
    fn complete(&self, facts: Facts) -> Facts {
        let is_of = |stream: &&Stream, kind: &str| stream.codec_type.as_deref() == Some(kind);
        let video = self.streams.iter().find(|stream| is_of(stream, "video"));
        let has_audio = self.streams.iter().any(|stream| is_of(&stream, "audio"));
        let seconds = self.format.duration.as_deref().and_then(|text| text.parse::<f64>().ok());
        let nanos = seconds.filter(|seconds| *seconds > 0.0 && *seconds < 1e10).map(|it| round((it * 1e9) as i128));
        let frame_rate = video.and_then(|video| {
            let (frames, time) = video.avg_frame_rate.as_deref()?.split_once('/')?;
            let nanos = time.parse::<u32>().ok().map(|time| i128::from(time) * 1_000_000_000)?;
            rate(frames.parse().ok()?, Duration::from_nanos(nanos)?)
        });
        Facts {
            duration: facts.duration.or(nanos.and_then(Duration::from_nanos)),
            frame_rate: facts.frame_rate.or(frame_rate),
            has_audio: facts.has_audio.or((!self.streams.is_empty()).then_some(has_audio)),
            size: facts.size.or(video.and_then(|video| video.width.zip(video.height))),
            ..facts
        }
    }
}
