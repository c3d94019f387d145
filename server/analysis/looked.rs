//! What was seen of lines, each looked at by itself, one after another in little memory.

use crate::analysis::records::{Scan, Scanner};
use crate::rules::{Fact, Input};
use crate::schema::meaning::Meaning;

/// Lines as they were looked at, one after another. About 200 bytes a line.
#[derive(Debug, Default)]
pub struct Looked {
    lines: Vec<Line>,
    /// The facts of all lines.
    facts: Vec<(Fact, u32)>,
    meanings: Vec<Meaning>,
}

#[derive(Debug)]
struct Line {
    scan: Scan,
    /// The facts behind its own.
    facts: u32,
    seen: Seen,
}

/// How much of a line was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// Only what is kept of it to find records.
    Scan,
    /// Its facts.
    Facts,
    /// Its facts and what it means.
    Meaning,
}

/// What a line contributes, if it is a record by itself.
pub(super) type Facts<'a> = (&'a [(Fact, u32)], Option<&'a Meaning>);

impl Looked {
    /// How many lines there are.
    #[must_use]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// For how many of them it is known what they contribute.
    pub(super) fn analyzed(&self) -> usize {
        self.lines.iter().filter(|line| line.seen != Seen::Scan).count()
    }

    /// The bytes of all of them, without their ends.
    pub(super) fn bytes(&self) -> u64 {
        self.lines.iter().map(|line| line.scan.bytes() as u64).sum()
    }

    /// Adds a line that is only scanned, and is still to be looked at.
    pub fn scan(&mut self, scanner: &mut Scanner, line: &Input<'_>) {
        self.push_scanned(scanner.scan(line.text));
    }

    /// Adds a line of which no more was seen than this.
    pub fn push_scanned(&mut self, scan: Scan) {
        self.end_line(scan, Seen::Scan);
    }

    /// Adds a line whose facts `look` adds behind all others, in ascending order, and what it means, if it means
    /// anything, behind all other meanings.
    pub(super) fn push(&mut self, look: impl FnOnce(&mut Vec<(Fact, u32)>, &mut Vec<Meaning>) -> Scan) {
        let before = self.meanings.len();
        let scan = look(&mut self.facts, &mut self.meanings);
        self.end_line(scan, if self.meanings.len() > before { Seen::Meaning } else { Seen::Facts });
    }

    fn end_line(&mut self, scan: Scan, seen: Seen) {
        self.lines.push(Line { scan, facts: u32::try_from(self.facts.len()).unwrap_or(u32::MAX), seen });
    }

    /// Forgets all but the first lines, and what was added to one that was not completed.
    pub fn truncate(&mut self, lines: usize) {
        self.lines.truncate(lines);
        self.meanings.truncate(self.lines.iter().filter(|line| line.seen == Seen::Meaning).count());
        self.facts.truncate(self.lines.last().map_or(0, |line| line.facts as usize));
    }

    /// Adds other lines behind these.
    pub fn append(&mut self, mut other: Looked) {
        other.drain(|scan, contribution| match contribution {
            None => self.push_scanned(scan),
            Some((own, meaning)) => self.push(|facts, meanings| {
                facts.extend_from_slice(own);
                meanings.extend(meaning.cloned());
                scan
            }),
        });
    }

    /// Takes all lines out, and gives what was seen of each, in order: what is kept to find records, and what it
    /// contributes, which is not known of a line that was only scanned. The memory can be used again.
    pub(super) fn drain(&mut self, mut visit: impl FnMut(Scan, Option<Facts<'_>>)) {
        let (mut start, mut meanings) = (0, self.meanings.iter());
        for Line { scan, facts, seen } in self.lines.drain(..) {
            let own = &self.facts[start..facts as usize];
            start = facts as usize;
            let meaning = if seen == Seen::Meaning { meanings.next() } else { None };
            visit(scan, (seen != Seen::Scan).then_some((own, meaning)));
        }
        self.meanings.clear();
        self.facts.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Looked {
        let mut looked = Looked::default();
        let add = |looked: &mut Looked, count: u32, meaning: Option<u64>| {
            looked.push(|facts, meanings| {
                facts.extend((0..count).map(|fact| (Fact::at(fact as usize), count)));
                meanings.extend(meaning.map(|input| Meaning { input, ..Meaning::default() }));
                Scan::of_marked("{}")
            });
        };
        add(&mut looked, 2, Some(1));
        looked.push_scanned(Scan::default());
        add(&mut looked, 0, None);
        add(&mut looked, 3, Some(2));
        looked
    }

    /// Of each line its bytes, its number of facts and its input.
    fn seen(mut looked: Looked) -> Vec<(usize, Option<usize>, u64)> {
        let mut seen = Vec::new();
        looked.drain(|scan, contribution| {
            let facts = contribution.as_ref().map(|(facts, _)| facts.len());
            let meaning = contribution.and_then(|(_, meaning)| meaning);
            seen.push((scan.bytes(), facts, meaning.map_or(0, |meaning| meaning.input)));
        });
        assert_eq!((looked.len(), looked.facts.len(), looked.meanings.len()), (0, 0, 0));
        seen
    }

    #[test]
    fn what_was_seen_of_each_line_comes_out_again() {
        let all = [(2, Some(2), 1), (0, None, 0), (2, Some(0), 0), (2, Some(3), 2)];
        assert_eq!(seen(lines()), all);
        assert_eq!((lines().len(), lines().analyzed(), lines().bytes()), (4, 3, 6));
        let mut both = lines();
        both.append(lines());
        assert_eq!(seen(both), [all, all].concat());
        for count in 0..4 {
            let mut some = lines();
            some.facts.push((Fact::at(9), 1));
            some.meanings.push(Meaning::default());
            some.truncate(count);
            some.append(lines());
            assert_eq!(seen(some), [&all[..count], &all].concat());
        }
    }
}
