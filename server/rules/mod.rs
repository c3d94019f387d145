//! Every opinion the server has: one row, one function and one page for each.
//!
//! This room must not know a document, an editor or a file system: a rule sees one record and, once
//! the file has been counted, the verdict on the whole.
//!
//! A rule is a [`Row`] in the table of its [`Family`], a function in the same file or folder, and the page
//! `fixtures/rules/<code>.md`, which is its documentation and its test. The row of a rule about something that most
//! records do not have names what it [needs](Needs). What is true of one vendor only is in [`vendor`].

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
pub mod pages;
pub mod relations;
pub mod report;
mod row;
mod rule;
pub mod segment;
pub mod shape;
pub mod text;
pub mod turns;
pub mod vendor;
pub mod verdict;

pub use asked::Asked;
pub use catalogue::{FAMILIES, all, by_code, nearest_code, no_such_rule};
pub use context::Context;
pub use decide::format_of;
pub use facts::{Counts, Fact, What};
pub use finding::{Finding, Related, Tag};
pub use fix::{Change, Extent, Fix, Operation};
pub use input::{Input, LineEnd};
pub use judge::Judge;
pub use needs::Needs;
pub use relations::{OtherFile, Relations, Role, Siblings};
pub use report::Report;
pub use row::{Check, Family, Row, file_row, row};
pub use rule::{Fixes, Levels, Rule, RuleId, Scope, Severity};
pub use verdict::{FileIndex, Verdict};
