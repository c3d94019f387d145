//! `tuning-ls stats`: lengths, tokens, labels and media of datasets, as a table or as JSON.

use crate::cli::command::{Outcome, Program, Run, fail};
use crate::cli::inputs::{InputArguments, sound};
use crate::cli::output::printable::{PrintableJson, printable};
use crate::cli::progress;
use crate::cli::project::{SettingsArguments, located};
use crate::disk::config::Projects;
use crate::disk::paths::real;
use crate::disk::{self, Checker, Input, Reading};
use crate::example::tokens::grouped;
use crate::ide::distribution::{Bar, Distribution};
use crate::ide::statistics::{Share, Statistics};
use crate::rules::secrets::masked;
use crate::rules::wording::count_of;
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// A description of the JSON, for the help of the command.
const JSON_HELP: &str = "The JSON is {\"files\": [...]}, with an object for each file:
  path              the file
  tuning            whether it is a tuning file; if not, only records is counted
  records           records, without blank lines
  examples          records that can be read, so without those with syntax errors, those on several lines
                    and those in another format; `check` counts these, too
  supervised or chat, preference, reinforcement: the examples of each kind; the names depend on the format
  mediaResolution   if the format has this field: the value that all examples should have, or null
  mediaResolutions  if the format has this field: examples by the value they set; none: video or images
                    without a value
  segments          seconds: lengths of video segments; histogram; unknown: videos without a valid end;
                    limitLow, limitHigh: the longest allowed segments, in seconds
  tokens            estimates: perExample, histogram, and the sums video, sound, images, text;
                    incomplete: examples counted only in part; limit: the most tokens an example may have, or null
  labels            the targets if they have fewer than 50 values of up to 40 characters, or null
  media, mimeTypes  media files by kind and by MIME type
  distinctVideos    different locations of videos
  unknownMedia      different locations about which nothing is known; only with local copies or a manifest
  turns             turns per example
  dropped           segmentTooLong: examples that would be dropped; percent: their share of the examples;
                    jobFails: whether percent is above 10; tooManyTokens: examples over the token limit
                    (estimate), which may also be counted in segmentTooLong
  findings          rule, severity and count
Distributions have count, min, median, mean, max and total, or are null without numbers. Bars have from,
to (excluded) and count. Labels, media and MIME types have name, count and percent.";

/// Print lengths, tokens, labels and media of files, or of all .jsonl and .ndjson files in folders
///
/// Token numbers are estimates: documented figures for video, sound and images, and one token for every four bytes of
/// text. See `tuning-ls explain token-limit`.
#[derive(Debug, Args)]
#[command(after_long_help = JSON_HELP)]
pub struct StatsArguments {
    #[command(flatten)]
    pub inputs: InputArguments,
    /// Print JSON, described in `--help`
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub settings: SettingsArguments,
}

#[derive(Debug, Serialize)]
pub struct File {
    /// The file, as it was given or found.
    pub path: String,
    #[serde(flatten)]
    pub statistics: Statistics,
}

impl Run for StatsArguments {
    fn run(&self, Program { out, problems, .. }: &mut Program<'_>) -> io::Result<Outcome> {
        let mut projects = match self.settings.open(progress::of_media(true)) {
            Ok(projects) => projects,
            Err(problem) => return fail(*problems, problem),
        };
        let (files, outcome) = read(&self.inputs, &self.settings, &mut projects, *problems)?;
        if self.json {
            let text = serde_json::to_string_pretty(&BTreeMap::from([("files", files)]))?;
            writeln!(PrintableJson(out), "{}", masked(&text))?;
        } else {
            for (place, file) in files.iter().enumerate() {
                let between = if place > 0 { "\n" } else { "" };
                write!(out, "{between}{}", masked(&table(file)))?;
            }
        }
        Ok(outcome)
    }
}

/// The statistics of files.
pub(super) fn read(
    inputs: &InputArguments,
    settings: &SettingsArguments,
    projects: &mut Projects,
    problems: &mut dyn Write,
) -> io::Result<(Vec<File>, Outcome)> {
    let (mut checker, mut files) = (Checker::new(located), Vec::new());
    let outcome = inputs.each(problems, |input| {
        let statistics = statistics(input, settings, projects, &mut checker)?;
        files.push(File { path: input.name(), statistics });
        Ok(Outcome::Clean)
    })?;
    Ok((files, outcome))
}

fn statistics(
    input: &Input,
    arguments: &SettingsArguments,
    projects: &mut Projects,
    checker: &mut Checker,
) -> Result<Statistics, String> {
    let source = input.read(&Reading::TO_READ)?;
    let (path, settings) = (real(input.path()), arguments.settings_of(projects, input.path()));
    let dataset = input.file().and_then(|file| projects.dataset_of(file));
    // The findings are counted, not listed.
    let checked = checker.check(&path, &source, &settings, dataset, |other| arguments.settings_of(projects, other), 0);
    let judged = (checked.lines, checked.verdict);
    let statistics = disk::statistics(&source, &judged, &settings);
    sound(input, &source)?;
    checker.keep(&path, source, judged.0);
    Ok(statistics)
}

/// The longest bar of a histogram, in characters.
const MAX_BAR: u64 = 30;

fn table(file: &File) -> String {
    let it = &file.statistics;
    let mut out = format!("{}\n", printable(&file.path));
    let mut row = |name: &str, value: String| out.push_str(&format!("  {name:<18} {value}\n"));
    if !it.tuning {
        row("records", grouped(it.records));
        row("kind", "not a tuning file: only its JSON is checked".to_owned());
        return out;
    }
    let rest = if it.examples < it.records { "; `tuning-ls check` shows what is wrong with the others" } else { "" };
    row("examples", format!("{} of {}{rest}", grouped(it.examples), count_of(grouped(it.records), "record")));
    // The first kind is the most common one, so it isn't listed.
    for (kind, count) in it.kinds.0.iter().skip(1).filter(|(_, count)| *count > 0) {
        row(kind.id, grouped(*count));
    }
    row("media", counted(&it.media));
    row("MIME types", counted(&it.mime_types));
    if it.distinct_videos > 0 {
        row("distinct videos", grouped(it.distinct_videos));
    }
    if let Some(unknown) = it.unknown_media.filter(|count| *count > 0) {
        row("unknown media", format!("{} without a local copy or a line in a manifest", grouped(unknown)));
    }
    if let Some(field) = it.shared.field {
        let values: Vec<_> =
            it.shared.counts.iter().map(|(name, count)| format!("{name} {}", grouped(*count))).collect();
        row(field, or_none(values));
    }
    let dropped = &it.dropped;
    let limit = it.dropped.limit_percent.unwrap_or(100);
    let fails = if dropped.job_fails { format!("; above {limit}%, so the job fails") } else { String::new() };
    if !it.segments.end.is_empty() {
        let dropped = match dropped.segment_too_long {
            0 => "none is known to be too long".to_owned(),
            long => format!("{} ({:.1}%) that are too long{fails}", grouped(long), dropped.percent),
        };
        row("would be dropped", dropped);
    }
    if dropped.too_many_tokens > 0 {
        let limit = grouped(it.tokens.limit.unwrap_or_default());
        let shared = if dropped.segment_too_long > 0 { "; may also be counted above" } else { "" };
        let count = grouped(dropped.too_many_tokens);
        row("over token limit", format!("{count} with more than {limit} tokens (estimate){shared}"));
    }
    out.push_str(&distributions(it));
    out.push_str(&bars("segments by length (seconds)", &it.segments.histogram));
    out.push_str(&bars("examples by tokens (estimate)", &it.tokens.histogram));
    if let Some(labels) = &it.labels {
        out.push_str(&format!("\n  {:>18} {:>9}  share  label\n", "", "examples"));
        for Share { name, count, percent } in labels {
            // The name goes last because its width on a screen is unknown.
            out.push_str(&format!("  {:>18} {:>9} {percent:>5.1}%  {}\n", "", grouped(*count), printable(name)));
        }
    }
    out
}

fn distributions(it: &Statistics) -> String {
    let mut out = String::new();
    let columns = ["min", "median", "mean", "max", "total"].map(|name| format!("{name:>11}")).concat();
    out.push_str(&format!("\n  {:<18} {:>9}{columns}\n", "", "count"));
    let (segments, tokens) = (it.segments.seconds, it.tokens.per_example);
    for (name, numbers) in [("segments (seconds)", segments), ("tokens (estimate)", tokens), ("turns", it.turns)] {
        let Some(Distribution { count, min, median, mean, max, total }) = numbers else { continue };
        let numbers = [min, median, mean, max, total].map(|number| format!("{:>11}", decimal(number))).concat();
        out.push_str(&format!("  {name:<18} {:>9}{numbers}\n", grouped(count)));
    }
    for (name, tokens) in it.tokens.sums.parts() {
        out.push_str(&format!("    {name:<16} {:>64}\n", grouped(tokens)));
    }
    if it.segments.unknown > 0 {
        let (count, end) = (grouped(it.segments.unknown), it.segments.end);
        out.push_str(&format!("  unknown length     {count:>9} without a valid {end}\n"));
    }
    if it.tokens.incomplete > 0 {
        let count = grouped(it.tokens.incomplete);
        out.push_str(&format!("  unknown size       {count:>9} counted only in part\n"));
    }
    out
}

fn bars(title: &str, bars: &[Bar]) -> String {
    let Some(most) = bars.iter().map(|bar| bar.count).max().filter(|_| bars.len() > 1) else { return String::new() };
    let mut out = format!("\n  {title}\n");
    for Bar { from, to, count } in bars {
        let width = (count * MAX_BAR).div_ceil(most.max(1)) as usize;
        let range = format!("{} to {}", decimal(*from), decimal(*to));
        let line = format!("  {range:>18} {:>9} {}", grouped(*count), "█".repeat(width));
        out.push_str(&format!("{}\n", line.trim_end()));
    }
    out
}

fn counted(shares: &[Share]) -> String {
    or_none(shares.iter().map(|share| format!("{} {}", printable(&share.name), grouped(share.count))).collect())
}

fn or_none(parts: Vec<String>) -> String {
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

/// A number with grouped digits and at most one decimal, or none from 1,000 on.
pub(super) fn decimal(number: f64) -> String {
    let number = if number < 1_000.0 { number } else { number.round() };
    let tenths = (number * 10.0).round() as u64;
    let whole = grouped(tenths / 10);
    if tenths.is_multiple_of(10) { whole } else { format!("{whole}.{}", tenths % 10) }
}
