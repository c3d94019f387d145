//! How a finding is mended.

use crate::json::Edit;
use crate::schema::media::Resolution;
use serde::{Deserialize, Serialize};

/// A whole-line or whole-file repair that has a name instead of edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operation {
    /// Join an example over several lines into one.
    Join,
    /// Give each value of the line a line of its own.
    Split,
    /// Turn a file that is one array into one record a line.
    Unwrap,
    /// Delete the line.
    DeleteLine,
    /// Give every line the majority's line end, or this line, where it ends with a lone CR.
    LineEnds,
    /// End the last line.
    FinalNewline,
    /// Delete the examples that mean the same as an earlier one of this record's.
    DeleteCopies,
    /// Set `generationConfig.mediaResolution`.
    SetResolution {
        /// The value.
        resolution: Resolution,
        /// Which examples get it.
        extent: Extent,
    },
}

/// How far an operation reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    /// The record.
    Line,
    /// Every record of the file.
    File,
    /// Every record of every file of the dataset.
    Dataset,
}

/// What a fix changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// These bytes of the record, in order and apart from each other.
    Edits(Vec<Edit>),
    /// A named operation.
    Operation(Operation),
}

/// A repair for one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a menu entry.
    pub title: String,
    /// Whether the meaning is certainly kept.
    pub safe: bool,
    /// What it changes.
    pub change: Change,
}

impl Fix {
    /// A fix that certainly keeps the meaning.
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), safe: true, change: Change::Edits(edits) }
    }

    /// A fix that is likely what was meant.
    pub fn suggested(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), safe: false, change: Change::Edits(edits) }
    }

    /// A fix by a named operation.
    pub fn operation(title: impl Into<String>, safe: bool, operation: Operation) -> Self {
        Self { title: title.into(), safe, change: Change::Operation(operation) }
    }
}
