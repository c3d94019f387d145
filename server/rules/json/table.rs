//! The rows of this family.

use crate::rules::{self, Check, FaultKind, Fixes, Row, Scope, Severity};

/// A row of this family: its findings are errors, in any file.
pub(super) const fn row(code: &'static str, fixes: Fixes, summary: &'static str, check: Check) -> Row {
    rules::row(code, &[Severity::Error], fixes, summary, check).scope(Scope::AnyFile).fault(FaultKind::Unreadable)
}
