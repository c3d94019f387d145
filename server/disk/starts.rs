//! Stores where the lines of a file begin, in four bytes a line.

/// The line starts of a file, in order.
#[derive(Debug, Default)]
pub(super) struct Starts {
    /// The lower halves of the starts.
    low: Vec<u32>,
    /// The lines before which the upper half increases by one, every 4 GiB.
    steps: Vec<usize>,
}

impl Starts {
    pub fn push(&mut self, start: usize) {
        while self.steps.len() < start >> 32 {
            self.steps.push(self.low.len());
        }
        self.low.push(start as u32);
    }

    /// Frees unused capacity.
    pub fn shrink(&mut self) {
        self.low.shrink_to_fit();
    }

    /// The number of lines.
    pub fn len(&self) -> usize {
        self.low.len()
    }

    /// Where a line begins.
    pub fn get(&self, line: usize) -> Option<usize> {
        let low = *self.low.get(line)? as usize;
        let steps = if self.steps.is_empty() { 0 } else { self.steps.partition_point(|&step| step <= line) };
        Some((steps << 32) + low)
    }
}

impl FromIterator<usize> for Starts {
    fn from_iter<T: IntoIterator<Item = usize>>(starts: T) -> Self {
        let mut all = Self::default();
        starts.into_iter().for_each(|start| all.push(start));
        all.shrink();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_after_four_gigabytes_are_kept() {
        let all = [0, 7, (1 << 32) - 1, 1 << 32, (1 << 32) + 5, (3 << 32) + 1, (3 << 32) + 2];
        let starts: Starts = all.into_iter().collect();
        assert_eq!((0..starts.len()).filter_map(|line| starts.get(line)).collect::<Vec<_>>(), all);
        assert_eq!(starts.get(all.len()), None);
    }
}
