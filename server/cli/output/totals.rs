//! Totals over all files.

use crate::cli::output::diagnostic::{CheckedFile, Fixable};
use crate::rules::Severity;
use serde::Serialize;
use std::fmt;

/// Totals over all files.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Checked files.
    pub files: usize,
    /// Checked files with findings.
    pub files_with_findings: usize,
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// Findings of severity information.
    pub information: usize,
    /// Findings of severity hint.
    pub hints: usize,
    /// Examples in tuning files.
    pub examples: usize,
    /// Examples that would be trained.
    pub trained: usize,
    /// Findings with a safe fix; 0 unless fixes were requested.
    pub safe_fixes: usize,
    /// Findings with only suggested fixes; 0 unless fixes were requested.
    pub suggested_fixes: usize,
}

impl Totals {
    /// Adds a file and its findings.
    pub fn add(&mut self, file: &CheckedFile<'_>) {
        self.files += 1;
        if let Some(outlook) = &file.outlook {
            self.examples += outlook.records as usize;
            self.trained += outlook.trained() as usize;
        }
        let before = self.findings();
        for finding in file.findings() {
            *self.of(finding.severity) += 1;
            match Fixable::best(&finding.fixes) {
                Some(Fixable::Safe) => self.safe_fixes += 1,
                Some(Fixable::Suggested) => self.suggested_fixes += 1,
                Some(Fixable::Manual) | None => {}
            }
        }
        self.files_with_findings += usize::from(self.findings() > before);
    }

    fn of(&mut self, severity: Severity) -> &mut usize {
        match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Information => &mut self.information,
            Severity::Hint => &mut self.hints,
        }
    }

    /// All findings.
    #[must_use]
    pub fn findings(&self) -> usize {
        self.errors + self.warnings + self.information + self.hints
    }
}

/// A sentence such as `Found 3 errors, 1 warning in 2 files (2 fixable with --fix)`.
impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        let parts = [
            (self.errors, "error", "errors"),
            (self.warnings, "warning", "warnings"),
            (self.information, "information", "information"),
            (self.hints, "hint", "hints"),
        ];
        let parts: Vec<_> = parts
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, more)| many(count, one, more))
            .collect();
        if parts.is_empty() {
            return write!(f, "Found nothing in {}", many(self.files, "file", "files"));
        }
        write!(f, "Found {} in {}", parts.join(", "), many(self.files_with_findings, "file", "files"))?;
        if self.safe_fixes > 0 {
            write!(f, " ({} fixable with --fix)", self.safe_fixes)?;
        }
        Ok(())
    }
}
