//! Asks an installed `ffprobe` for the length of files that our libraries can't read.

use super::{rate, round};
use crate::schema::scalar::Duration;
use crate::settings::media::Facts;
use serde::Deserialize;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration as Time, Instant};

/// Later answers are not waited for.
pub(super) const PATIENCE: Time = Time::from_secs(20);

/// There was no answer in time.
#[derive(Debug)]
pub(super) struct Late;

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
    run(command.arg("-version"), PATIENCE).is_ok_and(|output| output.is_some())
}

/// Completes the facts about a file, or makes them. `None` if `ffprobe` can't read the file or isn't installed.
pub(super) fn ask(path: &Path, known: &Result<Facts, String>) -> Result<Option<Facts>, Late> {
    // Some files name others, even on the web.
    let mut location = std::ffi::OsString::from("file:");
    location.push(path);
    let mut command = Command::new("ffprobe");
    command
        .args(["-v", "error", "-protocol_whitelist", "file", "-of", "json", "-show_entries"])
        .arg("format=duration:stream=codec_type,avg_frame_rate,width,height")
        .arg("-i")
        .arg(location);
    let output = run(&mut command, PATIENCE)?;
    let answer: Option<Answer> = output.and_then(|output| serde_json::from_slice(&output).ok());
    let (Some(answer), Ok(metadata)) = (answer, path.metadata()) else { return Ok(None) };
    let facts = known.clone().unwrap_or(Facts { bytes: Some(metadata.len()), ..Facts::default() });
    Ok(Some(answer.complete(facts)).filter(|facts| facts.duration.is_some() || known.is_ok()))
}

/// The output of a command, if it succeeds.
fn run(command: &mut Command, patience: Time) -> Result<Option<Vec<u8>>, Late> {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return Ok(None) };
    let output = output(&mut child, patience);
    let _ = child.kill();
    let is_success = child.wait().is_ok_and(|status| status.success());
    Ok(output?.filter(|_| is_success))
}

fn output(child: &mut Child, patience: Time) -> Result<Option<Vec<u8>>, Late> {
    let Some(mut out) = child.stdout.take() else { return Ok(None) };
    let (sender, receiver) = mpsc::channel();
    // This thread isn't joined: another process may have inherited the pipe, and keep it open.
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = out.by_ref().take(1 << 20).read_to_end(&mut bytes);
        let _ = sender.send(read.ok().map(|_| bytes));
    });
    let start = Instant::now();
    let bytes = receiver.recv_timeout(patience).map_err(|_| Late)?;
    // The output may end before the program does.
    while matches!(child.try_wait(), Ok(None)) {
        if start.elapsed() > patience {
            return Err(Late);
        }
        std::thread::sleep(Time::from_millis(5));
    }
    Ok(bytes)
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn shell(script: &str, patience: Time) -> Result<Option<Vec<u8>>, Late> {
        run(Command::new("sh").args(["-c", script]), patience)
    }

    #[test]
    fn the_output_of_a_program_counts_if_it_succeeds() {
        assert_eq!(shell("echo {}", PATIENCE).unwrap(), Some(b"{}\n".to_vec()));
        assert_eq!(shell("echo {}; exit 1", PATIENCE).unwrap(), None);
        assert_eq!(run(&mut Command::new("/no/such/program"), PATIENCE).unwrap(), None);
    }

    #[test]
    fn a_program_that_hangs_is_not_waited_for() {
        let start = Instant::now();
        let patience = Time::from_millis(50);
        assert!(shell("exec sleep 600", patience).is_err());
        // It closes its output, or leaves it to another process.
        assert!(shell("exec >&-; exec sleep 600", patience).is_err());
        assert!(shell("sleep 5 & exit 0", patience).is_err());
        assert!(start.elapsed() < Time::from_secs(300));
    }
}
