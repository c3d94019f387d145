//! Which lines form a record, what each record contributes, and which findings to list.
//!
//! This folder must not know what makes records duplicates or leaks, or how results are stored in memory.

pub(super) mod analyze;
pub(super) mod batch;
mod cache;
pub(super) mod file;
pub(super) mod fold;
mod judge;
pub(super) mod listing;
pub mod records;
pub mod source;
