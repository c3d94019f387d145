//! `tuning-ls stats`: lengths, tokens, labels and media of datasets, as a table or as JSON.

use crate::cli::command::{Outcome, Program, Run};
use crate::cli::inputs::{InputArguments, sound};
use crate::cli::project::located;
use crate::disk::config::Projects;
use crate::disk::paths::real;
use crate::disk::{self, Beside, Input, Reading};
use crate::example::tokens::grouped;
use crate::ide::distribution::{Bar, Distribution};
use crate::ide::statistics::{Share, Statistics};
use clap::Args;
use serde::Serialize;
use std::io::{self, Write};

/// What the JSON has, for the help of the command.
const JSON_HELP: &str = "The JSON is {\"files\": [...]}, an object for each file:
  path              the file
  tuning            whether it is a tuning file; if not, only records is counted
  records           records, blank lines left out
  examples          records that count as examples; supervised, preference: of which kind
  mediaResolution   the value that all examples are to have, or null
  mediaResolutions  how many examples set which; none: video or images without one
  segments          seconds: the lengths of video segments; histogram; unknown: videos
                    without an end; limitLow, limitHigh: the longest segments, in seconds
  tokens            perExample, histogram, and the sums video, sound, images, text; all by estimate.
                    incomplete: examples of which something has no known size; limit: of an example
  labels            the targets when they have fewer than 50 values of up to 40 characters, or null
  media, mimeTypes  media files by kind and by MIME type
  distinctVideos    different locations of videos
  turns             turns of an example
  dropped           segmentTooLong: examples that would be dropped, percent: their share, jobFails: it
                    is over 10 %; tooManyTokens: examples over the limit, by estimate
  findings          rule, severity and count
Spreads have count, min, median, mean, max and total, and are null without numbers; bars from, to (not
included) and count; labels, media and MIME types name, count and percent.";

/// Prints lengths, tokens, labels and media of files, or of all .jsonl and .ndjson files in folders
///
/// Tokens are an estimate: documented figures for video, sound and images, a rule for text; see
/// `tuning-ls explain token-limit`.
#[derive(Debug, Args)]
#[command(after_long_help = JSON_HELP)]
pub struct StatsArguments {
    /// What is read.
    #[command(flatten)]
    pub inputs: InputArguments,
    /// Print JSON, which `--help` describes
    #[arg(long)]
    pub json: bool,
}

/// The statistics of a file under its path.
#[derive(Debug, Serialize)]
pub struct File {
    /// The file, as it was given or found.
    pub path: String,
    /// Its statistics.
    #[serde(flatten)]
    pub statistics: Statistics,
}

#[derive(Serialize)]
struct Files {
    files: Vec<File>,
}

impl Run for StatsArguments {
    fn run(&self, Program { out, problems, .. }: &mut Program<'_>) -> io::Result<Outcome> {
        let (files, outcome) = read(&self.inputs, *problems)?;
        if self.json {
            serde_json::to_writer_pretty(&mut *out, &Files { files })?;
            writeln!(out)?;
        } else {
            for (place, file) in files.iter().enumerate() {
                let between = if place > 0 { "\n" } else { "" };
                write!(out, "{between}{}", table(file))?;
            }
        }
        Ok(outcome)
    }
}

/// The statistics of all that `inputs` mean.
pub(super) fn read(inputs: &InputArguments, problems: &mut dyn Write) -> io::Result<(Vec<File>, Outcome)> {
    let found = inputs.find();
    let (mut projects, mut beside) = (Projects::default(), Beside::new(located));
    let (mut read, mut outcome) = (Vec::new(), Outcome::Clean);
    for problem in &found.problems {
        writeln!(problems, "tuning-ls: {problem}")?;
        outcome = Outcome::Failed;
    }
    for input in &found.inputs {
        match statistics(input, &mut projects, &mut beside) {
            Ok(statistics) => read.push(File { path: input.name(), statistics }),
            Err(problem) => {
                writeln!(problems, "tuning-ls: {problem}")?;
                outcome = Outcome::Failed;
            }
        }
    }
    Ok((read, outcome))
}

fn statistics(input: &Input, projects: &mut Projects, beside: &mut Beside) -> Result<Statistics, String> {
    let source = input.read(&Reading::TO_LOOK)?;
    let (path, settings) = (real(input.path()), projects.settings_of(input.path()));
    let dataset = input.file().and_then(|file| projects.dataset_of(file));
    // The findings are counted, not listed.
    let checked = beside.check(&path, &source, &settings, dataset, |other| projects.settings_of(other), 0);
    let judged = (checked.lines, checked.verdict);
    let statistics = disk::statistics(&source, &judged, &settings);
    sound(input, &source)?;
    beside.keep(&path, source, judged.0);
    Ok(statistics)
}

/// The widest bar of a histogram, in characters.
const WIDEST: u64 = 30;

/// The statistics of a file as text, in columns.
fn table(file: &File) -> String {
    let it = &file.statistics;
    let mut out = format!("{}\n", shown(&file.path));
    let mut row = |name: &str, value: String| out.push_str(&format!("  {name:<18} {value}\n"));
    if !it.tuning {
        row("records", grouped(it.records));
        row("kind", "not a tuning file: only its JSON is checked".to_owned());
        return out;
    }
    row("examples", format!("{} of {} records", grouped(it.examples), grouped(it.records)));
    // The first kind is the usual one.
    for (kind, count) in it.kinds.0.iter().skip(1).filter(|(_, count)| *count > 0) {
        row(kind.id, grouped(*count));
    }
    row("media", counted(&it.media));
    row("MIME types", counted(&it.mime_types));
    if it.distinct_videos > 0 {
        row("distinct videos", grouped(it.distinct_videos));
    }
    if let Some(field) = it.shared.field {
        let values: Vec<_> =
            it.shared.counts.iter().map(|(name, count)| format!("{name} {}", grouped(*count))).collect();
        row(field, or_none(values));
    }
    let dropped = &it.dropped;
    let over = it.dropped.limit_percent.unwrap_or(100);
    let fails = if dropped.job_fails { format!("; over {over} %, so the job fails") } else { String::new() };
    if !it.segments.end.is_empty() {
        row(
            "would be dropped",
            match dropped.segment_too_long {
                0 => "none for its segments, as far as the file tells".to_owned(),
                long => format!("{} ({:.1} %) for a segment that is too long{fails}", grouped(long), dropped.percent),
            },
        );
    }
    if dropped.too_many_tokens > 0 {
        let limit = grouped(it.tokens.limit.unwrap_or_default());
        let label = if it.segments.end.is_empty() { "too long" } else { "" };
        row(label, format!("{} of over {limit} tokens, by estimate", grouped(dropped.too_many_tokens)));
    }
    out.push_str(&spreads(it));
    out.push_str(&bars("segments by length, seconds", &it.segments.histogram));
    out.push_str(&bars("examples by tokens, estimate", &it.tokens.histogram));
    if let Some(labels) = &it.labels {
        out.push_str(&format!("\n  {:>18} {:>9}  share\n", "label", "examples"));
        for Share { name, count, percent } in labels {
            // The name goes last: its width on a screen is anyone's guess.
            out.push_str(&format!("  {:>18} {:>9} {percent:>5.1} %  {}\n", "", grouped(*count), shown(name)));
        }
    }
    out
}

/// The numbers that are spread, in columns.
fn spreads(it: &Statistics) -> String {
    let mut out = String::new();
    let columns = ["min", "median", "mean", "max", "total"].map(|name| format!("{name:>11}")).concat();
    out.push_str(&format!("\n  {:<18} {:>9}{columns}\n", "", "count"));
    for (name, spread) in
        [("segments, seconds", it.segments.seconds), ("tokens, estimate", it.tokens.per_example), ("turns", it.turns)]
    {
        let Some(Distribution { count, min, median, mean, max, total }) = spread else { continue };
        let numbers = [min, median, mean, max, total].map(|number| format!("{:>11}", decimal(number))).concat();
        out.push_str(&format!("  {name:<18} {:>9}{numbers}\n", grouped(count)));
    }
    for (name, tokens) in it.tokens.parts().into_iter().filter(|(_, tokens)| *tokens > 0) {
        out.push_str(&format!("    {name:<16} {:>64}\n", grouped(tokens)));
    }
    if it.segments.unknown > 0 {
        let (count, end) = (grouped(it.segments.unknown), it.segments.end);
        out.push_str(&format!("  unknown length     {count:>9} without {end}\n"));
    }
    if it.tokens.incomplete > 0 {
        let count = grouped(it.tokens.incomplete);
        out.push_str(&format!("  unknown size       {count:>9} counted in part\n"));
    }
    out
}

fn bars(title: &str, bars: &[Bar]) -> String {
    let Some(most) = bars.iter().map(|bar| bar.count).max().filter(|_| bars.len() > 1) else { return String::new() };
    let mut out = format!("\n  {title}\n");
    for Bar { from, to, count } in bars {
        let width = (count * WIDEST).div_ceil(most.max(1)) as usize;
        let range = format!("{} to {}", decimal(*from), decimal(*to));
        let line = format!("  {range:>18} {:>9} {}", grouped(*count), "█".repeat(width));
        out.push_str(&format!("{}\n", line.trim_end()));
    }
    out
}

fn counted(shares: &[Share]) -> String {
    or_none(shares.iter().map(|share| format!("{} {}", shown(&share.name), grouped(share.count))).collect())
}

fn or_none(parts: Vec<String>) -> String {
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

/// A number with at most one decimal, from 1,000 on none, its digits in groups.
pub(super) fn decimal(number: f64) -> String {
    let number = if number < 1_000.0 { number } else { number.round() };
    let tenths = (number * 10.0).round() as u64;
    let whole = grouped(tenths / 10);
    if tenths.is_multiple_of(10) { whole } else { format!("{whole}.{}", tenths % 10) }
}

/// What a dataset chose, without characters that move a terminal's cursor or turn its text around.
fn shown(text: &str) -> String {
    text.chars()
        .map(|letter| {
            let odd = letter.is_control()
                || matches!(letter, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
            if odd { letter.escape_default().to_string() } else { letter.to_string() }
        })
        .collect()
}
