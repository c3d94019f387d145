//! The segments of each video on a line, by their labels.

use super::clock::clock;
use crate::example::tokens::grouped;
use crate::ide::statistics::{Piece, Statistics, Timeline};
use crate::ide::title::file_name;
use crate::rules::wording::count_of;
use maud::{Markup, html};

/// Overlapping segments are drawn below each other, in at most this many rows.
const MAX_ROWS: usize = 4;

/// The most frequent labels have a color of their own.
const COLORS: usize = 8;

/// The width of a drawing and the height of a row, in its own units.
const WIDTH: f64 = 1000.0;
const ROW: f64 = 14.0;

/// The timelines of the videos with several segments; empty without any.
pub(super) fn timelines(it: &Statistics) -> Markup {
    let labels: Vec<&str> = it.labels.iter().flatten().take(COLORS).map(|share| share.name.as_str()).collect();
    html! {
        @if !it.timelines.is_empty() {
            div.card {
                h3 { "Segments by video" }
                @if !labels.is_empty() {
                    p.soft {
                        @for (place, label) in labels.iter().enumerate() {
                            span.key { i class=(color(place)) {} bdi { (label) } }
                        }
                    }
                }
                @for timeline in &it.timelines { (drawing(timeline, &labels)) }
            }
        }
    }
}

fn drawing(timeline: &Timeline, labels: &[&str]) -> Markup {
    let Timeline { location, pieces } = timeline;
    let end = pieces.iter().map(|piece| piece.end).fold(0.0, f64::max).max(0.001);
    let rows = rows(pieces);
    let height = ROW * (rows.iter().max().unwrap_or(&0) + 1) as f64;
    let count = count_of(grouped(pieces.len() as u64), "segment");
    html! {
        figure.timeline {
            figcaption { bdi title=(location) { (file_name(location)) } span.soft { " " (count) ", up to " (clock(end)) } }
            svg viewBox={ "0 0 " (WIDTH) " " (height) } preserveAspectRatio="none" style={ "height:" (height) "px" } role="img" aria-label=(count) {
                @for (piece, row) in pieces.iter().zip(rows) {
                    @let x = piece.start / end * WIDTH;
                    @let width = ((piece.end - piece.start) / end * WIDTH).max(1.0);
                    rect class=(class(piece, labels)) x=(format!("{x:.1}")) y=(ROW * row as f64) width=(format!("{width:.1}")) height=(ROW - 2.0) {
                        title { (clock(piece.start)) "–" (clock(piece.end)) " " (piece.label) }
                    }
                }
            }
        }
    }
}

fn class(piece: &Piece, labels: &[&str]) -> String {
    labels.iter().position(|label| *label == piece.label).map_or_else(|| "other".to_owned(), color)
}

fn color(place: usize) -> String {
    format!("l{place}")
}

/// The row of each segment: the first one where it overlaps no earlier segment, or else the last row.
fn rows(pieces: &[Piece]) -> Vec<usize> {
    let mut ends = [f64::NEG_INFINITY; MAX_ROWS];
    let row = |piece: &Piece| {
        let row = ends.iter().position(|end| *end <= piece.start).unwrap_or(MAX_ROWS - 1);
        ends[row] = ends[row].max(piece.end);
        row
    };
    pieces.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_segments_have_rows_of_their_own() {
        let pieces = [(0.0, 10.0), (5.0, 15.0), (10.0, 20.0), (12.0, 13.0)];
        let pieces = pieces.map(|(start, end)| Piece { start, end, label: String::new() });
        assert_eq!(rows(&pieces), [0, 1, 0, 2]);
    }
}
