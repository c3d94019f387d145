//! One file for each request: it takes the parameters, asks [`ide`](crate::ide), and answers in the protocol's
//! terms. The table in `server.rs` says which method is answered where.
//!
//! These files must not know what a rule says or what a field means, and how a message comes or goes.
//!
//! Methods beyond the protocol begin with `tuning-ls/`. A client that does not know them loses nothing but what
//! they are for.
//!
//! | method | parameters | answer |
//! |---|---|---|
//! | `tuning-ls/checkFromDisk` | [`FileParams`](dataset_summary::FileParams) | [`DatasetSummary`](dataset_summary::DatasetSummary), once the diagnostics are out |
//! | `tuning-ls/datasetSummary` | [`FileParams`](dataset_summary::FileParams) | [`DatasetSummary`](dataset_summary::DatasetSummary), or null for what is not open |
//! | `tuning-ls/rules` | none | a [`RuleDescription`](rules::RuleDescription) for each rule |

pub mod check_from_disk;
pub mod code_action;
pub mod code_action_resolve;
pub mod completion;
pub mod completion_resolve;
pub mod dataset_summary;
pub mod formatting;
pub mod hover;
pub mod rules;
