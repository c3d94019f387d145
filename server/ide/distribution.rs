//! The distribution of numbers: minimum, median, mean, maximum, and a histogram.

use serde::Serialize;

/// The approximate number of bars in a histogram.
const BARS: f64 = 16.0;

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Distribution {
    pub count: u64,
    pub min: f64,
    /// The middle number, or the mean of the two middle ones.
    pub median: f64,
    pub mean: f64,
    pub max: f64,
    pub total: f64,
}

/// A bar of a histogram: the numbers from `from` up to, not including, `to`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bar {
    pub from: f64,
    pub to: f64,
    pub count: u64,
}

impl Distribution {
    /// The distribution of these numbers; `None` when there are none. O(n log n).
    pub fn new(mut numbers: Vec<f64>) -> Option<Self> {
        numbers.sort_by(f64::total_cmp);
        let (&min, &max) = (numbers.first()?, numbers.last()?);
        let middle = numbers.len() / 2;
        let median = if numbers.len().is_multiple_of(2) {
            f64::midpoint(numbers[middle - 1], numbers[middle])
        } else {
            numbers[middle]
        };
        let total: f64 = numbers.iter().sum();
        Some(Self { count: numbers.len() as u64, min, median, mean: total / numbers.len() as f64, max, total })
    }
}

/// Round bar widths; larger ones are these times a power of ten.
pub(super) const NUMBERS: [f64; 3] = [1.0, 2.0, 5.0];
/// Round bar widths in seconds; larger ones are these times a power of ten.
pub(super) const SECONDS: [f64; 12] = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0, 3_600.0];

/// Bars of one round width that cover all the numbers.
pub(super) fn histogram(numbers: &[f64], widths: &[f64]) -> Vec<Bar> {
    let (min, max) = numbers.iter().fold((f64::INFINITY, 0.0_f64), |(min, max), it| (min.min(*it), max.max(*it)));
    if !min.is_finite() {
        return Vec::new();
    }
    let wanted = (max - min) / BARS;
    let mut scale = 1.0;
    let width = loop {
        if let Some(width) = widths.iter().map(|width| width * scale).find(|width| *width >= wanted) {
            break width;
        }
        scale *= 10.0;
    };
    let start = (min / width).floor() * width;
    // At most `BARS` + 1, so the cast loses nothing.
    let place = |number: f64| ((number - start) / width) as usize;
    let mut counts = vec![0; place(max) + 1];
    for number in numbers {
        counts[place(*number)] += 1;
    }
    let bar = |(place, count): (usize, u64)| {
        let from = start + place as f64 * width;
        Bar { from, to: from + width, count }
    };
    counts.into_iter().enumerate().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_has_the_usual_figures() {
        let numbers = Distribution::new(vec![4.0, 1.0, 3.0, 2.0]).expect("numbers");
        assert_eq!((numbers.count, numbers.min, numbers.median, numbers.mean, numbers.max), (4, 1.0, 2.5, 2.5, 4.0));
        assert_eq!((numbers.total, Distribution::new(Vec::new())), (10.0, None));
        assert_eq!(Distribution::new(vec![7.0, 1.0, 2.0]).map(|numbers| numbers.median), Some(2.0));
    }

    #[test]
    fn bars_have_round_edges_and_lose_nothing() {
        let bars = histogram(&[12.5, 13.0, 299.0, 300.0], &SECONDS);
        assert_eq!((bars[0].from, bars[0].to, bars[0].count), (0.0, 30.0, 2));
        assert_eq!(bars.iter().map(|bar| bar.count).sum::<u64>(), 4);
        assert_eq!(bars.last().map(|bar| (bar.from, bar.to, bar.count)), Some((300.0, 330.0, 1)));
        assert_eq!(histogram(&[5.0], &NUMBERS), [Bar { from: 5.0, to: 6.0, count: 1 }]);
        assert_eq!(histogram(&[0.0, 1_200_000.0], &NUMBERS).len(), 13);
        assert_eq!(histogram(&[], &NUMBERS), []);
    }
}
