//! Histograms as SVG, in placeholder colors that the page's style sheet replaces.

use crate::cli::stats::decimal;
use crate::ide::distribution::Bar;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::io;

/// Text and axes.
const INK: RGBColor = RGBColor(1, 1, 1);
const FILL: RGBColor = RGBColor(2, 2, 2);
/// Limits and their labels.
const LIMIT: RGBColor = RGBColor(3, 3, 3);
const MESH: RGBColor = RGBColor(4, 4, 4);

/// A narrower drawing, in pixels, is for a small screen.
const NARROW: u32 = 500;

#[derive(Clone, Debug)]
pub(super) struct Histogram<'a> {
    pub bars: &'a [Bar],
    /// What is counted, for the vertical axis.
    pub counted: &'a str,
    /// What it is counted by, with its unit, for the horizontal axis.
    pub by: &'a str,
    /// Limits with their labels. Limits far beyond the bars aren't drawn.
    pub limits: &'a [(f64, String)],
}

impl Histogram<'_> {
    /// The limits to draw: those up to 1.5 times the end of the bars.
    fn drawn(&self) -> impl Iterator<Item = &(f64, String)> {
        let end = self.bars.last().map_or(0.0, |bar| bar.to);
        self.limits.iter().filter(move |(at, _)| *at <= end * 1.5)
    }

    /// The drawing with this size in pixels, as an `svg` element. Fails if the size leaves no room.
    pub(super) fn svg(&self, width: u32, height: u32) -> io::Result<String> {
        let mut out = String::new();
        self.draw(&mut out, width, height).map_err(|error| io::Error::other(error.to_string()))?;
        Ok(out)
    }

    fn draw(&self, out: &mut String, width: u32, height: u32) -> Result<(), Box<dyn std::error::Error>> {
        let (Some(first), Some(last)) = (self.bars.first(), self.bars.last()) else { return Ok(()) };
        let farthest = self.drawn().map(|(at, _)| *at).fold(last.to, f64::max);
        // Leave room for the label of a limit at the end.
        let end = if farthest > last.to { farthest + (farthest - first.from) * 0.04 } else { farthest };
        let most = self.bars.iter().map(|bar| bar.count).max().unwrap_or(0) as f64;
        let area = SVGBackend::with_string(out, (width, height)).into_drawing_area();
        // A narrow drawing isn't enlarged on a small screen.
        let font = ("sans-serif", if width < NARROW { 14 } else { 13 }).into_font();
        let mut chart = ChartBuilder::on(&area)
            .margin(6)
            .margin_right(16)
            .margin_top(22)
            .x_label_area_size(44)
            .y_label_area_size(58)
            .build_cartesian_2d(first.from..end, 0.0..(most * 1.08).max(1.0))?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .max_light_lines(0)
            .bold_line_style(MESH)
            .axis_style(INK)
            .label_style(font.clone().color(&INK))
            .axis_desc_style(font.clone().color(&INK))
            .x_desc(self.by)
            .y_desc(self.counted)
            .x_labels(if width < NARROW { 4 } else { 9 })
            .y_labels(5)
            .x_label_formatter(&|number| decimal(*number))
            .y_label_formatter(&|number| if number.fract() == 0.0 { decimal(*number) } else { String::new() })
            .draw()?;
        let gap = (last.to - last.from) * 0.05;
        chart.draw_series(
            self.bars
                .iter()
                .filter(|bar| bar.count > 0)
                .map(|bar| Rectangle::new([(bar.from + gap, 0.0), (bar.to - gap, bar.count as f64)], FILL.filled())),
        )?;
        let top = (most * 1.08).max(1.0);
        for (at, name) in self.drawn() {
            chart.draw_series([PathElement::new([(*at, 0.0), (*at, top)], LIMIT.stroke_width(2))])?;
            // A label in the right half goes to the left of its line.
            let (x, _) = chart.backend_coord(&(*at, top));
            let right = x > i32::try_from(width / 2).unwrap_or(i32::MAX);
            let side = if right { HPos::Right } else { HPos::Left };
            let style = font.clone().color(&LIMIT).pos(Pos::new(side, VPos::Top));
            area.draw(&Text::new(name.as_str(), (x, 4), style))?;
        }
        area.present()?;
        Ok(())
    }

    /// A description of the drawing, for screen readers.
    pub(super) fn described(&self) -> String {
        let total: u64 = self.bars.iter().map(|bar| bar.count).sum();
        let (from, to) = (self.bars.first().map_or(0.0, |bar| bar.from), self.bars.last().map_or(0.0, |bar| bar.to));
        let limits: Vec<_> = self.limits.iter().map(|(_, name)| name.as_str()).collect();
        format!(
            "Histogram of {total} {} by {}, from {} to {}. {}. The table below has the numbers.",
            self.counted,
            self.by,
            decimal(from),
            decimal(to),
            limits.join("; ")
        )
    }
}
