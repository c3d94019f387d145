//! Scanned or analyzed lines that are not yet in [`Lines`](crate::analysis::Lines).

use crate::analysis::lines::records::Scan;
use crate::example::meaning::Meaning;
use crate::rules::Fact;

/// Consecutive lines, each scanned or analyzed as a record of one line. About 200 bytes a line.
#[derive(Debug, Default)]
pub struct Batch {
    lines: Vec<Line>,
    /// The facts of all lines.
    facts: Vec<(Fact, u32)>,
    meanings: Vec<Meaning>,
}

#[derive(Debug)]
struct Line {
    scan: Scan,
    /// Where its facts end.
    facts_end: u32,
    is_analyzed: bool,
    has_meaning: bool,
}

impl Batch {
    /// The number of lines.
    #[must_use]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// The number of analyzed lines.
    pub(super) fn analyzed(&self) -> usize {
        self.lines.iter().filter(|line| line.is_analyzed).count()
    }

    /// The bytes of all lines, without their ends.
    pub(in crate::analysis) fn bytes(&self) -> u64 {
        self.lines.iter().map(|line| line.scan.bytes() as u64).sum()
    }

    /// Adds a scanned line.
    pub fn push_scanned(&mut self, scan: Scan) {
        self.end_line(scan, false, false);
    }

    /// Adds an analyzed line. `analyze` must append its facts, in ascending order, and its meaning, if it has one.
    pub(in crate::analysis) fn push(&mut self, analyze: impl FnOnce(&mut Vec<(Fact, u32)>, &mut Vec<Meaning>) -> Scan) {
        let before = self.meanings.len();
        let scan = analyze(&mut self.facts, &mut self.meanings);
        self.end_line(scan, true, self.meanings.len() > before);
    }

    fn end_line(&mut self, scan: Scan, is_analyzed: bool, has_meaning: bool) {
        let facts_end = u32::try_from(self.facts.len()).unwrap_or(u32::MAX);
        self.lines.push(Line { scan, facts_end, is_analyzed, has_meaning });
    }

    /// Removes all but the first lines, and what was appended for a line that was not completed.
    pub fn truncate(&mut self, lines: usize) {
        self.lines.truncate(lines);
        self.meanings.truncate(self.lines.iter().filter(|line| line.has_meaning).count());
        self.facts.truncate(self.lines.last().map_or(0, |line| line.facts_end as usize));
    }

    /// Appends the lines of another batch.
    pub fn append(&mut self, other: Batch) {
        let before = u32::try_from(self.facts.len()).unwrap_or(u32::MAX);
        let moved = |line: Line| Line { facts_end: line.facts_end.saturating_add(before), ..line };
        self.lines.extend(other.lines.into_iter().map(moved));
        self.facts.extend(other.facts);
        self.meanings.extend(other.meanings);
    }

    /// Empties the batch, and passes each line's scan and, if it is analyzed, its facts and meaning to `visit`. Keeps
    /// the memory.
    pub(in crate::analysis) fn drain(
        &mut self,
        mut visit: impl FnMut(Scan, Option<(&[(Fact, u32)], Option<&Meaning>)>),
    ) {
        let (mut start, mut meanings) = (0, self.meanings.iter());
        for Line { scan, facts_end, is_analyzed, has_meaning } in self.lines.drain(..) {
            let own = &self.facts[start..facts_end as usize];
            start = facts_end as usize;
            let meaning = if has_meaning { meanings.next() } else { None };
            visit(scan, is_analyzed.then_some((own, meaning)));
        }
        self.meanings.clear();
        self.facts.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Batch {
        let mut batch = Batch::default();
        let add = |batch: &mut Batch, count: u32, meaning: Option<u64>| {
            batch.push(|facts, meanings| {
                facts.extend((0..count).map(|fact| (Fact::at(fact as usize), count)));
                meanings.extend(meaning.map(|input| Meaning { input, ..Meaning::default() }));
                Scan::of_marked("{}")
            });
        };
        add(&mut batch, 2, Some(1));
        batch.push_scanned(Scan::default());
        add(&mut batch, 0, None);
        add(&mut batch, 3, Some(2));
        batch
    }

    /// The bytes, the number of facts and the input of each line.
    fn drained(mut batch: Batch) -> Vec<(usize, Option<usize>, u64)> {
        let mut lines = Vec::new();
        batch.drain(|scan, contribution| {
            let facts = contribution.as_ref().map(|(facts, _)| facts.len());
            let meaning = contribution.and_then(|(_, meaning)| meaning);
            lines.push((scan.bytes(), facts, meaning.map_or(0, |meaning| meaning.input)));
        });
        assert_eq!((batch.len(), batch.facts.len(), batch.meanings.len()), (0, 0, 0));
        lines
    }

    #[test]
    fn drain_returns_each_line_as_it_was_added() {
        let all = [(2, Some(2), 1), (0, None, 0), (2, Some(0), 0), (2, Some(3), 2)];
        assert_eq!(drained(lines()), all);
        assert_eq!((lines().len(), lines().analyzed(), lines().bytes()), (4, 3, 6));
        let mut both = lines();
        both.append(lines());
        assert_eq!(drained(both), [all, all].concat());
        for count in 0..4 {
            let mut some = lines();
            some.facts.push((Fact::at(9), 1));
            some.meanings.push(Meaning::default());
            some.truncate(count);
            some.append(lines());
            assert_eq!(drained(some), [&all[..count], &all].concat());
        }
    }
}
