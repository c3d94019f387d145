//! A service: who reads the lines of a format, within which limits, and what it does to a faulty one.

use crate::example::limits::Limits;

/// Who reads the lines of a format: a tuning service or a trainer. The data can't say which, so it is a setting.
#[derive(Debug)]
pub struct Service {
    /// Its name in settings.
    pub id: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// The figures of its models, those of the default model first.
    pub limits: &'static [&'static Limits],
    /// The media locations that it reads.
    pub reads: Locations,
    /// What it does to a line with each kind of fault.
    pub consequences: &'static [(Fault, Consequence)],
    /// Texts that it refuses: a model's control tokens, each of which begins with `<|`.
    pub refused_texts: &'static [&'static str],
    /// Whether the arguments of a call are a string that holds JSON; `None` where it takes both.
    pub arguments_as_text: Option<bool>,
    /// Whether each field must have one JSON kind in all lines, because it loads columns.
    pub loads_columns: bool,
    /// Whether user and model have to take turns.
    pub alternation: Alternation,
    /// Whether an answer to compare may be several messages: calls and results before the last one.
    pub answers_with_tools: bool,
    /// Whether fields that the format does not have may stand at the top level of a line.
    pub takes_other_fields: bool,
    /// How many characters the id of a call has to have; `None` where any will do.
    pub call_id_length: Option<usize>,
    /// Whether all lines of a file have to be of one kind.
    pub one_kind_per_file: bool,
    /// Whether all lines of a file have to have media, or none.
    pub one_modality_per_file: bool,
}

/// Whether user and model have to take turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alternation {
    /// They need not.
    Free,
    /// They are meant to.
    Advised,
    /// The line is rejected otherwise.
    Required,
}

/// The media locations that a service reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locations {
    /// Objects in Cloud Storage, `gs://`.
    pub cloud_storage: bool,
    /// Public http(s) URLs.
    pub web: bool,
    /// `data:` URLs.
    pub data: bool,
    /// Paths of files on the trainer's machine.
    pub paths: bool,
}

impl Locations {
    /// What is read, for a sentence.
    #[must_use]
    pub fn names(self) -> String {
        let all = [
            (self.cloud_storage, "`gs://bucket/object`"),
            (self.web, "public http(s) URLs"),
            (self.data, "`data:` URLs"),
            (self.paths, "paths of files"),
        ];
        let names: Vec<_> = all.into_iter().filter(|(read, _)| *read).map(|(_, name)| name).collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => names.concat(),
        }
    }
}

/// A kind of fault, by what a reader may do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The line is not JSON, or not UTF-8.
    Unreadable,
    /// A field or value that the format does not have, or lacks.
    Shape,
    /// Turns in an order, or with a role, that the format does not have.
    Turns,
    /// Media that cannot be read.
    Media,
    /// More of something than an example may have.
    Limit,
    /// A recording longer than an example may have.
    TooLong,
    /// Something about the whole file.
    File,
    /// What the model would learn is probably not what is meant.
    Meaning,
    /// Something that is there more than once.
    Repeated,
    /// Nothing that changes the training.
    Style,
}

/// What becomes of a line, or of its file, if a fault is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// The service rejects the file at upload.
    Rejected,
    /// The job fails.
    JobFails,
    /// The line is dropped silently.
    Dropped,
    /// Another line is trained in its place.
    Replaced,
    /// The model learns something else than is meant.
    TrainedWrongly,
    /// It costs and teaches nothing.
    Wasted,
    /// Nothing.
    None,
}

impl Service {
    /// A service without limits, for the rest of a row.
    pub const PLAIN: Service = Service {
        id: "",
        title: "",
        limits: &[&NO_LIMITS],
        reads: Locations { cloud_storage: false, web: true, data: false, paths: false },
        consequences: &[],
        refused_texts: &[],
        arguments_as_text: None,
        loads_columns: false,
        alternation: Alternation::Free,
        answers_with_tools: false,
        takes_other_fields: false,
        call_id_length: None,
        one_kind_per_file: false,
        one_modality_per_file: false,
    };

    /// The figures of a model; `None` for one without figures here.
    #[must_use]
    pub fn limits_of(&self, model: &str) -> Option<&'static Limits> {
        self.limits.iter().copied().find(|limits| limits.are_of(model))
    }

    /// What it does to a line with this kind of fault.
    #[must_use]
    pub fn consequence(&self, fault: Fault) -> Consequence {
        let known = self.consequences.iter().find(|(known, _)| *known == fault);
        known.map_or(Consequence::None, |(_, consequence)| *consequence)
    }
}

static NO_LIMITS: Limits = Limits::NONE;

impl PartialEq for Service {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Service {}
