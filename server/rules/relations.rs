//! What other records have to do with a record: found by who keeps the records, told by the rules.

use crate::example::meaning::Clip;
use crate::example::shared::SharedValue;
pub use crate::settings::Role;
use std::sync::Arc;

/// A file of the dataset other than the one that is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherFile {
    /// What a sentence calls it.
    pub name: String,
    /// Where it is: what the client or the command line knows it by.
    pub location: String,
}

/// What there is to tell about a record beside others. Lines are 0-based.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relations {
    /// It is the second of those that mean the same.
    pub repeats: Option<Repeats>,
    /// Another record with the same input has another target.
    pub contradicts: Option<Contradicts>,
    /// The training file has it too.
    pub leak: Option<Leak>,
}

/// Records that mean the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeats {
    /// Their first lines, the first of them.
    pub lines: Vec<usize>,
    /// How many they are.
    pub count: usize,
}

/// An earlier record with the same input and another target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradicts {
    /// Its first line.
    pub line: usize,
    /// Its target, when it is a label.
    pub target: Option<Arc<str>>,
}

/// A record of a training file that shares the example or a piece of its video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// The training file.
    pub file: Arc<OtherFile>,
    /// The first line of the record there.
    pub line: usize,
    /// The pieces that overlap, the own one first; `None` when the whole example is there.
    pub clips: Option<(Clip, Clip)>,
}

impl Relations {
    /// Nothing.
    pub const NONE: &'static Relations = &Relations { repeats: None, contradicts: None, leak: None };
}

/// What the other files of the dataset say about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Siblings {
    /// What the file is to the training.
    pub role: Role,
    /// Whether the dataset is written down, and not guessed from names.
    pub configured: bool,
    /// A file that has a shared value other than this one's own, or where this one has none: that value,
    /// and the first line there that has it, 0-based.
    pub other_shared: Option<(Arc<OtherFile>, SharedValue, usize)>,
    /// How many examples the training files have; `None` for a file that stands alone.
    pub training_examples: Option<u32>,
    /// How many examples the validation files have.
    pub validation_examples: Option<u32>,
}
