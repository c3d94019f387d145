//! What records have in common: duplicates, different targets and the bucket of one file, leaks between the files of a
//! dataset.
//!
//! This folder must not know how a record is analyzed or what a finding says. It compares digests first, and the texts
//! before it reports anything.

pub(super) mod buckets;
mod clips;
pub mod dataset;
pub(super) mod duplicates;
mod relations;
