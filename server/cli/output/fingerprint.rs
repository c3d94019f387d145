//! Stable names for findings. Readers of reports use them to tell new findings from fixed ones.

use crate::cli::output::diagnostic::{CheckedFile, Diagnostic};
use crate::cli::output::paths::in_repository;
use crate::rules::dataset;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;

/// Creates unique fingerprints.
#[derive(Debug, Default)]
pub struct Fingerprints {
    given: HashMap<String, usize>,
}

impl Fingerprints {
    /// The fingerprint of a finding, as 64 hexadecimal digits. It depends on the file, the rule, the text of the line
    /// and the column, so it stays the same if other lines change. The same finding on a copy of the line gets another
    /// fingerprint. O(line).
    pub fn of(&mut self, file: &CheckedFile<'_>, diagnostic: &Diagnostic<'_>) -> String {
        let start = diagnostic.range.start;
        let mut digest = Sha256::new();
        digest.update(in_repository(diagnostic.path));
        digest.update("\0");
        digest.update(diagnostic.rule.code);
        // A finding about the whole file doesn't depend on the text of the first line, where it is shown.
        file.with_line(start.line, |line| {
            if !is_about_the_file(diagnostic, line) {
                digest.update("\0");
                digest.update(start.column.to_be_bytes());
                digest.update(line);
            }
        });
        let name = hexadecimal(&digest.finalize());
        let twins = self.given.entry(name.clone()).or_default();
        *twins += 1;
        if *twins == 1 {
            return name;
        }
        hexadecimal(&Sha256::digest(format!("{name}\0{twins}")))
    }
}

fn is_about_the_file(diagnostic: &Diagnostic<'_>, line: &str) -> bool {
    let start = diagnostic.range.start;
    let first = line.chars().position(|letter| matches!(letter, '{' | '[')).unwrap_or(0);
    let of_dataset = dataset::FAMILY.rules.iter().any(|row| std::ptr::eq(&raw const row.rule, diagnostic.rule));
    of_dataset && start.line == 1 && start.column == first + 1
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
