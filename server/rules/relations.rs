//! Relations between records: the analysis finds them, and the rules report them.

use crate::example::meaning::Clip;
use crate::example::shared::SharedValue;
pub use crate::settings::Role;
use std::sync::Arc;

/// Another file of the same dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherFile {
    /// Its name in messages.
    pub name: String,
    /// Its URI or path, as the client or the command line gave it.
    pub location: String,
}

/// How a record relates to other records. Lines are 0-based.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relations {
    /// Set on the second record of a group with the same meaning.
    pub repeats: Option<Repeats>,
    /// An earlier record has the same input and another target.
    pub contradicts: Option<Contradicts>,
    /// The training file has the same example or overlapping video.
    pub leak: Option<Leak>,
    /// The bucket of all other lines that name one. Found only for the fixes of a record that may need it.
    pub bucket: Option<Arc<str>>,
}

/// A group of records with the same meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeats {
    /// The lines on which the first records of the group start.
    pub lines: Vec<usize>,
    /// The size of the group.
    pub count: usize,
}

/// An earlier record with the same input and another target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradicts {
    /// The line on which it starts.
    pub line: usize,
    /// Its target, if both targets are labels.
    pub target: Option<Arc<str>>,
}

/// A record of a training file with the same example or overlapping video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// The training file.
    pub file: Arc<OtherFile>,
    /// The line on which the record starts there.
    pub line: usize,
    /// The clips that overlap, first that of this file; `None` if the whole example is the same.
    pub clips: Option<(Clip, Clip)>,
}

impl Relations {
    /// No relations.
    pub const NONE: &'static Relations = &Relations { repeats: None, contradicts: None, leak: None, bucket: None };
}

/// What a file has to know about the other files of its dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Siblings {
    /// The role of the file in the dataset.
    pub role: Role,
    /// Whether the dataset is configured, not guessed from file names.
    pub configured: bool,
    /// Another file whose shared value differs from this file's, or any if this file has none: the file, its value,
    /// and the first line with that value, 0-based.
    pub other_shared: Option<(Arc<OtherFile>, SharedValue, usize)>,
    /// The number of examples in the training files; `None` for a file that is not in a dataset.
    pub training_examples: Option<u32>,
    /// The number of examples in the validation files.
    pub validation_examples: Option<u32>,
}
