//! Compares records. In one file: duplicates, equal prompts with different targets, and the common bucket. Between the
//! files of a dataset: leaks.
//!
//! This folder must not know how a record is analyzed or what a finding says. It compares digests first, and the texts
//! before it reports anything.

pub(super) mod buckets;
mod clips;
pub mod dataset;
pub(super) mod duplicates;
mod relations;
