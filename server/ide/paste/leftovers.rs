//! What is not in the lines, or can't be used there.

use std::fmt;

/// More entries are only counted.
const MAX_LISTED: usize = 20;

/// A longer value is cut.
const MAX_VALUE: usize = 60;

/// Something that is not in the lines, or can't be used there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// What it is, such as a column.
    pub subject: String,
    /// The reason, as a clause about it.
    pub why: String,
    /// Whether it is in the lines in spite of the reason.
    pub is_kept: bool,
}

impl fmt::Display for Unplaced {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.subject, self.why)
    }
}

/// What is not in the lines, by its reason.
#[derive(Debug, Default)]
pub(super) struct Leftovers {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    /// The first thing with this reason; empty for a whole row.
    first: String,
    /// The row of the first one, counted from 1; 0 if it is not in a row.
    row: usize,
    /// How many more rows have one.
    more: usize,
    why: String,
    is_kept: bool,
}

impl Leftovers {
    /// Adds something that is not in a row, such as a column.
    pub(super) fn add(&mut self, what: String, why: impl Into<String>) {
        self.entries.push(Entry { first: what, row: 0, more: 0, why: why.into(), is_kept: false });
    }

    /// Adds a value of a row, or the row itself if `value` is empty. Those with the same reason share an entry.
    pub(super) fn add_in_row(&mut self, row: usize, value: &str, why: impl Into<String>) {
        self.put(row, value, why.into(), false);
    }

    /// Adds a value of a row that is in its line, but can't be used there.
    pub(super) fn add_kept(&mut self, row: usize, value: &str, why: String) {
        self.put(row, value, why, true);
    }

    fn put(&mut self, row: usize, value: &str, why: String, is_kept: bool) {
        match self.entries.iter_mut().find(|entry| entry.row > 0 && entry.why == why) {
            Some(entry) => entry.more += 1,
            None => self.entries.push(Entry { first: shortened(value), row, more: 0, why, is_kept }),
        }
    }

    /// What was added. A long list is cut. `unit` is the noun for a row.
    pub(super) fn listed(self, unit: &str) -> Vec<Unplaced> {
        let hidden = self.entries.len().saturating_sub(MAX_LISTED);
        let mut listed: Vec<_> = self.entries.into_iter().take(MAX_LISTED).map(|entry| entry.listed(unit)).collect();
        if hidden > 0 {
            let why = "they are not listed".to_owned();
            listed.push(Unplaced { subject: format!("{hidden} more"), why, is_kept: false });
        }
        listed
    }
}

impl Entry {
    fn listed(self, unit: &str) -> Unplaced {
        let Self { first, row, more, why, is_kept } = self;
        let rows = match more {
            0 => String::new(),
            1 => format!(" and 1 more {unit}"),
            _ => format!(" and {more} more {unit}s"),
        };
        let subject = match (first.is_empty(), row) {
            (_, 0) => first,
            (true, row) => format!("{unit} {row}{rows}"),
            (false, row) => format!("{first} in {unit} {row}{rows}"),
        };
        Unplaced { subject, why, is_kept }
    }
}

/// A value in backticks on one line, cut if it is long; empty for an empty one.
fn shortened(value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    let short: String = value.chars().take(MAX_VALUE).map(|it| if it.is_control() { ' ' } else { it }).collect();
    let cut = if short.len() < value.len() && value.chars().nth(MAX_VALUE).is_some() { "…" } else { "" };
    format!("`{short}{cut}`")
}
