//! One file per request. It takes the parameters, asks [`ide`](crate::ide), and answers with the protocol's types. The table
//! in `server.rs` maps methods to files.
//!
//! This folder must not know what a rule says, what a field means, or how messages travel.
//!
//! Our own methods start with `tuning-ls/`. Clients that don't know them still have everything else.
//!
//! | method | parameters | answer |
//! |---|---|---|
//! | `tuning-ls/checkFromDisk` | [`FileParams`](dataset_summary::FileParams) | [`DatasetSummary`](dataset_summary::DatasetSummary), after the diagnostics are published |
//! | `tuning-ls/datasetSummary` | [`FileParams`](dataset_summary::FileParams) | [`DatasetSummary`](dataset_summary::DatasetSummary), or null for a document that isn't open |
//! | `tuning-ls/duplicateExample` | [`DuplicateParams`](duplicate_example::DuplicateParams) | [`DuplicateAnswer`](duplicate_example::DuplicateAnswer), or null where there is no example |
//! | `tuning-ls/example` | [`ExampleParams`](example::ExampleParams) | [`ExampleView`](example::ExampleView), or null where there is no example |
//! | `tuning-ls/exampleLine` | [`FileParams`](dataset_summary::FileParams) of a view | [`ExampleLine`](example::ExampleLine), or null |
//! | `tuning-ls/paste` | [`PasteParams`](paste::PasteParams) | [`PasteAnswer`](paste::PasteAnswer), or null if the text is to be pasted as it is |
//! | `tuning-ls/preview` | [`PreviewParams`](preview::PreviewParams) | [`PreviewAnswer`](preview::PreviewAnswer), or null where there is no example |
//! | `tuning-ls/rules` | none | a [`RuleDescription`](rules::RuleDescription) for each rule |
//! | `tuning-ls/setOffsets` | [`OffsetsParams`](preview::OffsetsParams) | a `WorkspaceEdit`, or null if the segment cannot be set |
//! | `tuning-ls/writeExample` | [`WriteParams`](write_example::WriteParams) | [`WriteAnswer`](write_example::WriteAnswer) |
//!
//! The server sends `tuning-ls/exampleChanged` with `uri` and `text` when the record of a view that wasn't edited has changed.

pub mod check_from_disk;
pub mod code_action;
pub mod code_action_resolve;
pub mod code_lens;
pub mod completion;
pub mod completion_resolve;
pub mod dataset_summary;
pub mod definition;
pub mod diagnostic;
pub mod document_highlight;
pub mod document_link;
pub mod document_symbol;
pub mod duplicate_example;
pub mod example;
pub mod execute_command;
pub mod folding_range;
pub mod formatting;
pub mod hover;
pub mod inlay_hint;
pub mod paste;
pub mod preview;
pub mod references;
pub mod rename;
pub mod rules;
pub mod selection_range;
pub mod semantic_tokens;
pub mod symbol;
pub mod will_rename_files;
pub mod write_example;
