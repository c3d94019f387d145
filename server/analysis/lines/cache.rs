//! The findings listed last, so that a keystroke in a file with many findings computes only those that may have changed.

use crate::example::shared::SharedValue;
use crate::formats::FormatId;
use crate::rules::{ArrayFile, Fact, Finding, Verdict};
use crate::text::Splice;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::Arc;

/// The most records whose findings are cached.
const MAX_RECORDS: usize = 4_000;

/// The findings listed last, by the first line of their record.
#[derive(Debug, Default)]
pub struct FindingCache {
    valid_for: Option<Key>,
    findings: HashMap<usize, Vec<Arc<Finding>>, FixedState>,
}

/// The part of the verdict that findings on any record may depend on. It leaves out what only the records of
/// [`Verdict::single_lines`] depend on, which are not cached.
type Key = (bool, Option<ArrayFile>, FormatId, Option<SharedValue>, bool, bool, Option<usize>, Vec<Fact>);

fn key(verdict: &Verdict) -> Key {
    let Verdict { tuning, array, format, shared, configured, tied, shared_line, .. } = *verdict;
    (tuning, array, format.id(), shared, configured, tied, shared_line, verdict.findings_shown_once())
}

impl FindingCache {
    /// The findings of the record at `line`, computed if they are not cached for this verdict.
    pub fn get_or_insert_with(
        &mut self,
        line: usize,
        verdict: &Verdict,
        find: impl FnOnce() -> Vec<Arc<Finding>>,
    ) -> Vec<Arc<Finding>> {
        let key = Some(key(verdict));
        if self.valid_for != key {
            *self = Self { valid_for: key, findings: HashMap::default() };
        }
        // Findings that are no longer listed must not pile up.
        if self.findings.len() > MAX_RECORDS {
            self.findings.clear();
        }
        self.findings.entry(line).or_insert_with(find).clone()
    }

    /// Removes the findings of the record at `line`.
    pub fn remove(&mut self, line: usize) {
        self.findings.remove(&line);
    }

    /// Removes the findings of replaced lines, and moves those of the lines after them.
    pub fn splice(&mut self, splice: Splice) {
        let end = splice.start + splice.old;
        if splice.old == splice.new {
            (splice.start..end).for_each(|line| self.remove(line));
        } else {
            let moved = std::mem::take(&mut self.findings).into_iter().filter_map(|(line, findings)| match line {
                line if line < splice.start => Some((line, findings)),
                line if line >= end => Some((line + splice.new - splice.old, findings)),
                _ => None,
            });
            self.findings = moved.collect();
        }
    }
}
