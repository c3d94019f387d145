//! Baselines: accepted findings, by the text of their record and not by its line.
//!
//! Findings stay accepted when their line moves, and are reported again when its text changes.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use xxhash_rust::xxh3::xxh3_128;

/// The name of a baseline that an editor makes, next to the settings file.
pub const FILE_NAME: &str = "accepted.json";

/// The version of the file format.
const VERSION: u32 = 1;

/// An accepted finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The code of its rule.
    pub code: String,
    /// The JSON Pointer of its value; empty for the whole record.
    pub pointer: String,
    /// The [hash] of the record's text, as 32 hexadecimal digits.
    pub hash: String,
}

impl Entry {
    /// The entry of a finding on a record with this text.
    #[must_use]
    pub fn new(code: &str, pointer: String, record: &str) -> Self {
        Self { code: code.to_owned(), pointer, hash: format!("{:032x}", hash(record)) }
    }
}

/// The hash of a record's text, without a byte order mark and the white space around it. O(n).
#[must_use]
pub fn hash(record: &str) -> u128 {
    xxh3_128(record.trim_start_matches('\u{FEFF}').trim().as_bytes())
}

/// The accepted findings of a record: the codes of their rules and their pointers.
pub type Accepted = [(String, String)];

/// Accepted findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    by_hash: HashMap<u128, Vec<(String, String)>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: Vec<Entry>,
}

impl Baseline {
    /// Reads the text of a baseline file.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn read(text: &str) -> Result<Self, String> {
        let wrong = |problem: String| format!("this is not a baseline file: {problem}");
        let file: File = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if file.version != VERSION {
            return Err(wrong(format!("its version is {}, but only version {VERSION} is supported", file.version)));
        }
        let mut by_hash: HashMap<u128, Vec<(String, String)>> = HashMap::new();
        for Entry { code, pointer, hash } in file.findings {
            let key = u128::from_str_radix(&hash, 16)
                .ok()
                .filter(|_| hash.len() == 32)
                .ok_or_else(|| wrong(format!("`{hash}` is not a hash of 32 hexadecimal digits")))?;
            by_hash.entry(key).or_default().push((code, pointer));
        }
        Ok(Self { by_hash })
    }

    /// A baseline with these entries. Entries whose hash is not one are left out.
    #[must_use]
    pub fn of_entries(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut baseline = Self::default();
        for Entry { code, pointer, hash } in entries {
            if let Ok(key) = u128::from_str_radix(&hash, 16) {
                baseline.by_hash.entry(key).or_default().push((code, pointer));
            }
        }
        baseline
    }

    /// The text of a baseline file: sorted, with one entry on a line.
    #[must_use]
    pub fn text(entries: &BTreeSet<Entry>) -> String {
        // Strings always have a JSON form.
        let lines: Vec<_> = entries.iter().map(|entry| serde_json::to_string(entry).unwrap_or_default()).collect();
        let list = if lines.is_empty() { String::new() } else { format!("\n  {}\n", lines.join(",\n  ")) };
        format!("{{\"version\": {VERSION}, \"findings\": [{list}]}}\n")
    }

    /// The accepted findings of a record with this text. O(n).
    #[must_use]
    pub fn of(&self, record: &str) -> &Accepted {
        if self.by_hash.is_empty() {
            return &[];
        }
        self.by_hash.get(&hash(record)).map_or(&[], Vec::as_slice)
    }

    /// All entries.
    #[must_use]
    pub fn entries(&self) -> BTreeSet<Entry> {
        let entries = self.by_hash.iter().flat_map(|(hash, accepted)| {
            accepted.iter().map(move |(code, pointer)| Entry {
                code: code.clone(),
                pointer: pointer.clone(),
                hash: format!("{hash:032x}"),
            })
        });
        entries.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_baseline_is_read_back() {
        let entries: BTreeSet<_> = [
            Entry::new("bad-uri", "/contents/0/a~1\"b".to_owned(), "{\"a\": 1}"),
            Entry::new("blank-line", String::new(), ""),
        ]
        .into();
        for entries in [entries, BTreeSet::new()] {
            let text = Baseline::text(&entries);
            assert_eq!(Baseline::read(&text).map(|baseline| baseline.entries()), Ok(entries));
        }
    }

    #[test]
    fn white_space_around_a_record_is_ignored() {
        assert_eq!(hash("\u{FEFF}{}\r"), hash("  {} "));
        assert_ne!(hash("{}"), hash("{ }"));
    }

    #[test]
    fn other_texts_are_errors() {
        let entry = |hash: &str| format!(r#"{{"version":1,"findings":[{{"code":"a","pointer":"","hash":"{hash}"}}]}}"#);
        assert!(Baseline::read(&entry(&"0".repeat(32))).is_ok());
        for wrong in ["", "[]", "{}", r#"{"version":2,"findings":[]}"#, &entry("12"), &entry(&"+".repeat(32))] {
            assert!(Baseline::read(wrong).is_err(), "{wrong}");
        }
    }
}
