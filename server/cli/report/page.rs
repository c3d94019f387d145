//! The page: tiles, charts and tables for each file.

use super::charts::Histogram;
use super::clock::clock;
use super::timeline::timelines;
use crate::cli::stats::{File, decimal};
use crate::example::tokens::grouped;
use crate::ide::distribution::{Bar, Distribution};
use crate::ide::statistics::{Share, Statistics};
use crate::rules::Severity;
use crate::rules::wording::count_of;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::io;

/// Nothing is loaded and no script runs, whatever a dataset contains.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The page of these files. Fails if a chart can't be drawn.
pub(super) fn page(files: &[File]) -> io::Result<String> {
    let sections = files.iter().map(section).collect::<io::Result<Vec<_>>>()?;
    let datasets = files.iter().filter(|file| file.statistics.tuning).count();
    let title = if datasets == 1 { "Tuning dataset" } else { "Tuning datasets" };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (title) }
                style { (PreEscaped(include_str!("style.css"))) }
            }
            body {
                main {
                    h1 { (title) }
                    @for section in &sections { (section) }
                }
                footer {
                    "Token numbers are estimates; " code { "tuning-ls explain token-limit" } " describes them. "
                    "Made by tuning-ls " (env!("CARGO_PKG_VERSION")) "."
                }
            }
        }
    };
    Ok(page.into_string())
}

fn section(file: &File) -> io::Result<Markup> {
    let it = &file.statistics;
    if !it.tuning {
        return Ok(html! {
            section {
                h2 { bdi { (file.path) } }
                p { "Not a tuning file: only its JSON is checked. It has " (count_of(grouped(it.records), "record")) "." }
                (findings(it))
            }
        });
    }
    let seconds = |seconds: u32, of: &str| (f64::from(seconds), format!("{of}: {} s", grouped(seconds.into())));
    let (low, high) = &it.segments.names;
    let at_low = it.segments.limit_low.map(|most| seconds(most, low));
    let at_high = it.segments.limit_high.map(|most| seconds(most, high));
    let limits = match it.shared.label {
        Some(label) if label == low => vec![at_low],
        Some(_) => vec![at_high],
        None => vec![at_high, at_low],
    };
    let limits = limits.into_iter().flatten();
    let limits: Vec<_> = limits.map(|(at, name)| (at, format!("limit at {name}"))).collect();
    let segments =
        Histogram { bars: &it.segments.histogram, counted: "segments", by: "length (seconds)", limits: &limits };
    let limits: Vec<_> =
        it.tokens.limit.iter().map(|most| (*most as f64, format!("limit: {} tokens", grouped(*most)))).collect();
    let tokens =
        Histogram { bars: &it.tokens.histogram, counted: "examples", by: "tokens (estimate)", limits: &limits };
    Ok(html! {
        section {
            h2 { bdi { (file.path) } }
            (tiles(it))
            @if !it.segments.end.is_empty() {
                (dropped(it))
                (chart("Segment lengths", &segments, it.segments.seconds, "s")?)
            }
            (timelines(it))
            (chart("Tokens per example", &tokens, it.tokens.per_example, "tokens")?)
            div.pair {
                (parts(it))
                @if let Some(labels) = &it.labels { (shares("Labels", "label", labels)) }
                (shares("Media", "MIME type", &it.mime_types))
                (findings(it))
            }
        }
    })
}

fn tiles(it: &Statistics) -> Markup {
    let tile = |name: &str, value: String, more: String| {
        html! { div { dt { (name) } dd { (value) @if !more.is_empty() { small { (more) } } } } }
    };
    let count = |severity: Severity| -> u64 {
        it.findings.iter().filter(|found| found.severity == severity).map(|found| found.count).sum()
    };
    let shared = it.shared.field.map(|_| it.shared.label.unwrap_or("none"));
    let mixed = if it.shared.counts.len() > 1 { "not in all examples" } else { "" };
    let incomplete = match it.tokens.incomplete {
        0 => "estimate".to_owned(),
        some => format!("estimate; {} only in part", count_of(grouped(some), "example")),
    };
    html! {
        dl.tiles {
            (tile("Examples", grouped(it.examples), format!("of {}", count_of(grouped(it.records), "record"))))
            @if let Some(shared) = shared { (tile("Resolution", shared.to_owned(), mixed.to_owned())) }
            @if it.distinct_videos > 0 { (tile("Distinct videos", grouped(it.distinct_videos), String::new())) }
            @if let Some(seconds) = it.segments.seconds {
                (tile("Video", clock(seconds.total), "hours : minutes : seconds".to_owned()))
            }
            (tile("Tokens", grouped(it.tokens.sums.total()), incomplete))
            (tile("Errors", grouped(count(Severity::Error)), format!("{} warnings", grouped(count(Severity::Warning)))))
        }
    }
}

fn dropped(it: &Statistics) -> Markup {
    let dropped = &it.dropped;
    let over = dropped.limit_percent.unwrap_or(100);
    let class = match (dropped.segment_too_long, dropped.job_fails) {
        (0, _) => "good",
        (_, false) => "warning",
        (_, true) => "error",
    };
    html! {
        div.card.(class) {
            h3 { "Examples that would be dropped" }
            @if dropped.segment_too_long == 0 {
                p { "No example is known to be too long." }
            } @else {
                p {
                    strong { (format!("{:.1}%", dropped.percent)) }
                    " of the examples (" (grouped(dropped.segment_too_long)) ") have a video or audio file that is too long. "
                    @let limit = format!("The job fails above {over}%.");
                    @if dropped.job_fails { strong { (limit) } } @else { (limit) }
                }
                span.track.tall aria-hidden="true" { i style=(width(dropped.percent)) {} b {} }
                p.soft aria-hidden="true" { "The mark shows " (over) "%." }
            }
            @if dropped.too_many_tokens > 0 {
                p {
                    (grouped(dropped.too_many_tokens)) " examples have more than an estimated "
                    (grouped(it.tokens.limit.unwrap_or_default())) " tokens and may be dropped or cut."
                }
            }
            @if it.segments.unknown > 0 {
                p.soft { "Not checked: " (grouped(it.segments.unknown)) " videos of unknown length, without a valid " (it.segments.end) "." }
            }
        }
    }
}

fn width(percent: f64) -> String {
    format!("width:{:.2}%", percent.clamp(0.0, 100.0))
}

fn chart(title: &str, histogram: &Histogram<'_>, spread: Option<Distribution>, unit: &str) -> io::Result<Markup> {
    let Some(spread) = spread.filter(|_| !histogram.bars.is_empty()) else { return Ok(html! {}) };
    let (wide, narrow) = (histogram.svg(860, 280)?, histogram.svg(340, 240)?);
    let Distribution { min, median, mean, max, .. } = spread;
    Ok(html! {
        div.card {
            h3 { (title) }
            p.soft {
                "from " (decimal(min)) " to " (decimal(max)) " " (unit) "; median " (decimal(median)) ", mean " (decimal(mean))
            }
            figure {
                div role="img" aria-label=(histogram.described()) {
                    div.wide { (PreEscaped(wide)) }
                    div.narrow { (PreEscaped(narrow)) }
                }
                details {
                    summary { "Numbers" }
                    table {
                        thead { tr { th scope="col" { (histogram.by) } th.number scope="col" { (histogram.counted) } } }
                        tbody {
                            @for Bar { from, to, count } in histogram.bars {
                                tr { td { (decimal(*from)) " to below " (decimal(*to)) } td.number { (grouped(*count)) } }
                            }
                        }
                    }
                }
            }
        }
    })
}

fn parts(it: &Statistics) -> Markup {
    let total = it.tokens.sums.total();
    let percent = |tokens: u64| tokens as f64 * 100.0 / total.max(1) as f64;
    html! {
        div.card {
            h3 { "Tokens by kind" }
            table {
                thead { (head("kind", "tokens")) }
                tbody {
                    @for (name, tokens) in it.tokens.sums.parts() {
                        (row(name, tokens, percent(tokens), 100.0))
                    }
                }
            }
        }
    }
}

fn shares(title: &str, of: &str, shares: &[Share]) -> Markup {
    let most = shares.iter().map(|share| share.percent).fold(0.0, f64::max);
    html! {
        @if !shares.is_empty() {
            div.card {
                h3 { (title) }
                table {
                    thead { (head(of, "count")) }
                    tbody { @for share in shares { (row(&share.name, share.count, share.percent, most)) } }
                }
            }
        }
    }
}

fn head(name: &str, count: &str) -> Markup {
    html! { tr { th scope="col" { (name) } th.number scope="col" { (count) } th.number scope="col" { "share" } th { } } }
}

/// A row with a bar that is full at `most` percent.
fn row(name: &str, count: u64, percent: f64, most: f64) -> Markup {
    let share = percent * 100.0 / most.max(f64::MIN_POSITIVE);
    html! {
        tr {
            td.name { bdi { @if name.is_empty() { "(empty)" } @else { (name) } } }
            td.number { (grouped(count)) }
            td.number { (format!("{percent:.1}%")) }
            td.share { span.track aria-hidden="true" { i style=(width(share)) {} } }
        }
    }
}

fn findings(it: &Statistics) -> Markup {
    let most = it.findings.iter().map(|found| found.count).max().unwrap_or(1);
    html! {
        div.card {
            h3 { "Findings by rule" }
            @if it.findings.is_empty() { p.soft { "None." } } @else {
                table {
                    thead {
                        tr { th scope="col" { "rule" } th scope="col" { "severity" } th.number scope="col" { "count" } th { } }
                    }
                    tbody {
                        @for found in &it.findings {
                            tr.(found.severity.to_string()) {
                                td.name { code { (found.rule) } }
                                td { (found.severity.to_string()) }
                                td.number { (grouped(found.count)) }
                                td.share {
                                    span.track aria-hidden="true" {
                                        i style=(width(found.count as f64 * 100.0 / most.max(1) as f64)) {}
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
