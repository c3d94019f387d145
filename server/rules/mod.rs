//! The rules: what the server and the command line report about a file.
//!
//! This room must not know documents, editors or file systems: a rule sees one record and, once the whole file is
//! counted, the verdict on the file.
//!
//! A rule is a [`Row`] in the table of its [`Family`], a function in the same file or folder, and the page
//! `fixtures/rules/<code>.md`, which is its documentation and its test. A rule that concerns few records names in its
//! row what such a record [needs](Needs) to have, so that it doesn't run on the others. Rules for a single vendor are
//! in [`vendor`].

pub mod asked;
pub mod catalogue;
pub mod config;
pub mod configuration;
pub mod context;
pub mod dataset;
mod decide;
pub mod facts;
mod finding;
pub mod fix;
pub mod input;
pub mod json;
pub mod judge;
pub mod media;
pub mod moves;
pub mod needs;
pub mod outlook;
pub mod pages;
pub mod relations;
pub mod report;
mod row;
mod rule;
pub mod secrets;
pub mod segment;
pub mod shape;
pub mod text;
pub mod turns;
pub mod vendor;
pub mod verdict;
pub mod wording;

pub use asked::Asked;
pub use catalogue::{FAMILIES, all, by_code, family_of, nearest_code, no_such_rule};
pub use context::Context;
pub use decide::format_of;
pub use facts::{Counts, Fact, What};
pub use finding::{Finding, Related, Tag};
pub use fix::{Applicability, Change, Extent, Fix, Operation};
pub use input::{Input, LineEnd};
pub use judge::Judge;
pub use needs::Needs;
pub use outlook::{ArrayFile, Loss, Outlook};
pub use relations::{OtherFile, Relations, Role, Siblings};
pub use report::Report;
pub use row::{Check, Family, Row, file_row, row};
pub use rule::{Fixes, Levels, Rule, RuleId, Scope, Severity};
pub use turns::review::REVIEW;
pub use verdict::{FileIndex, LabelVariant, TextVariant, Verdict};

pub use crate::formats::service::{Consequence, FaultKind};
