//! Tuning services and trainers: their limits, and what they do to a faulty line.

use crate::example::limits::Limits;
use crate::example::{Speaker, Vocabulary};
use crate::schema::scalar::is_of_site;
use crate::schema::{Allowed, Demand, Shape};
use serde::Serialize;
use url::Url;

/// A tuning service or a trainer that reads a format. The data doesn't show which one, so it is a setting.
#[derive(Debug)]
pub struct Service {
    /// The name in settings.
    pub id: &'static str,
    /// The name in messages.
    pub title: &'static str,
    /// The limits of its models, the default model first.
    pub limits: &'static [&'static Limits],
    /// The media locations that the service reads.
    pub reads: Locations,
    /// What the service does to a line with each kind of fault.
    pub consequences: &'static [(FaultKind, Consequence)],
    /// Texts that the service rejects: control tokens of a model, which all start with `<|`.
    pub refused_texts: &'static [&'static str],
    /// Whether the arguments of a call must be a string that contains JSON; `None` if an object is valid too.
    pub arguments_as_text: Option<bool>,
    /// Whether the service loads columns, so that each field must have the same JSON type in all lines.
    pub loads_columns: bool,
    /// Whether user and model must take turns.
    pub alternation: Alternation,
    /// Whether a preference answer may have calls and results before its last message.
    pub answers_with_tools: bool,
    /// Whether the service allows unknown fields at the top level of a line.
    pub takes_other_fields: bool,
    /// The required length of call ids, in characters; `None` if any length is valid.
    pub call_id_length: Option<usize>,
    /// Whether all lines of a file must be of the same kind.
    pub one_kind_per_file: bool,
    /// Whether either all lines of a file must have media or none.
    pub one_modality_per_file: bool,
    /// Whether a file may start with a byte order mark.
    pub takes_byte_order_mark: bool,
    /// The ids of the kinds of lines that it trains; empty for all kinds of the format.
    pub kinds: &'static [&'static str],
    /// The names of other formats that it reads too. Their lines are not checked.
    pub also_reads: &'static [&'static str],
    /// The roles that it allows in a line to learn; empty for all roles of the format.
    pub roles: &'static [&'static str],
    /// Where a conversation may have instructions.
    pub instructions: Instructions,
    /// Whether a prompt without an answer must end with the user.
    pub prompts_end_with_user: bool,
    /// What it accepts besides the fields of the format.
    pub allowed: &'static [Allowed],
    /// What it demands besides the format.
    pub demands: &'static [Demand],
    /// A top-level field with instructions, which count as a turn; empty if it has none.
    pub instruction_field: &'static str,
    /// Whether its validator looks for a turn of the user.
    pub checks_user: bool,
    /// Whether its documentation writes fields in snake_case.
    pub writes_snake_case: bool,
    /// Whether it only accepts names of functions as the format documents them.
    pub checks_function_names: bool,
    /// Whether all lines must have the same data for a grader.
    pub same_data: SameData,
    /// The lists of media files at the top level, each with the type of the parts that stand for its files.
    pub media_lists: &'static [(&'static str, &'static str)],
    /// The member with the location, if a file in such a list is an object.
    pub media_path: &'static str,
}

/// Whether all lines of a file must have the same data for a grader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameData {
    /// Each line may have its own.
    Free,
    /// No source says so, but a grader reads the same data of every line.
    Usual,
    /// The validator of the service compares them.
    Checked,
}

/// Where a conversation may have instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instructions {
    /// Anywhere.
    Free,
    /// In one turn.
    Once,
    /// In the first turn.
    First,
}

/// Whether user and model must take turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alternation {
    /// Any order is valid.
    Free,
    /// The documentation recommends it.
    Advised,
    /// The service rejects the line otherwise.
    Required,
}

/// The media locations that a service reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locations {
    /// Objects in Cloud Storage, `gs://`.
    pub objects: bool,
    /// Public http(s) URLs.
    pub web: bool,
    /// `data:` URLs.
    pub data: bool,
    /// File paths on the trainer's machine.
    pub paths: bool,
    /// The MIME types of images; empty if any image can be read, or if it is unknown.
    pub images: &'static [&'static str],
    /// The site whose pages are documented for inference only.
    pub inference: Option<&'static Site>,
}

/// A site.
#[derive(Debug, PartialEq, Eq)]
pub struct Site {
    /// Its name.
    pub name: &'static str,
    /// Its hosts, without `www.`.
    pub hosts: &'static [&'static str],
}

impl Locations {
    /// No location.
    pub const NONE: Locations =
        Locations { objects: false, web: false, data: false, paths: false, images: &[], inference: None };

    /// The name of the site, if a URL is a page that is documented for inference only.
    #[must_use]
    pub fn page_for_inference(self, url: &Url) -> Option<&'static str> {
        self.inference.filter(|site| is_of_site(url, site.hosts)).map(|site| site.name)
    }

    /// Whether it is one of these locations, by its scheme.
    #[must_use]
    pub fn take(self, uri: &str) -> bool {
        match uri.split_once(':') {
            Some(("gs", _)) => self.objects,
            Some(("http" | "https", _)) => self.web,
            Some(("data", _)) => self.data,
            _ => self.paths,
        }
    }

    /// The start of one of these locations; empty for a file path.
    #[must_use]
    pub fn start(self) -> &'static str {
        match self {
            Self { objects: true, .. } => "gs://",
            Self { web: true, .. } => "https://",
            Self { data: true, .. } => "data:image/jpeg;base64,",
            _ => "",
        }
    }

    /// The names of these locations, for use in a sentence.
    #[must_use]
    pub fn names(self) -> String {
        let all = [
            (self.objects, "`gs://bucket/object`"),
            (self.web, "public http(s) URLs"),
            (self.data, "`data:` URLs"),
            (self.paths, "file paths"),
        ];
        let names: Vec<_> = all.into_iter().filter(|(read, _)| *read).map(|(_, name)| name).collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => names.concat(),
        }
    }
}

/// A kind of fault. A service treats all faults of a kind alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The line isn't JSON, or isn't UTF-8.
    Unreadable,
    /// A field or value that is missing or that the format doesn't allow.
    Shape,
    /// Turns with an order or role that the format doesn't allow.
    Turns,
    /// Media that can't be read.
    Media,
    /// More media than the limit for an example.
    Limit,
    /// A recording longer than the limit.
    TooLong,
    /// More tokens than the limit for an example.
    Tokens,
    /// A fault of the file as a whole.
    File,
    /// The model would probably learn something that the author doesn't intend.
    Meaning,
    /// An example that repeats another one.
    Repeated,
    /// An example from which the model learns nothing.
    Untaught,
    /// A matter of style that doesn't change the training.
    Style,
}

/// What happens to a line, or to its file, if a fault isn't fixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consequence {
    /// The service rejects the line at upload.
    Rejected,
    /// The job fails.
    JobFails,
    /// The service drops the line silently.
    Dropped,
    /// The service silently replaces the line with another one.
    Replaced,
    /// The model learns something that the author doesn't intend.
    TrainedWrongly,
    /// The example costs tokens and teaches nothing.
    Wasted,
    /// Nothing happens.
    #[default]
    None,
}

impl Service {
    /// A service without limits: the defaults of the tables of services.
    pub const PLAIN: Service = Service {
        id: "",
        title: "",
        limits: &[&NO_LIMITS],
        reads: Locations { web: true, ..Locations::NONE },
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
        takes_byte_order_mark: false,
        kinds: &[],
        also_reads: &[],
        roles: &[],
        instructions: Instructions::Free,
        prompts_end_with_user: false,
        allowed: &[],
        demands: &[],
        instruction_field: "",
        checks_user: false,
        writes_snake_case: false,
        checks_function_names: false,
        same_data: SameData::Free,
        media_lists: &[],
        media_path: "",
    };

    /// Whether it trains lines of the kind with this id.
    #[must_use]
    pub fn takes_kind(&self, id: &str) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&id)
    }

    /// Whether it allows a role of the format in a line to learn.
    #[must_use]
    pub fn takes_role(&self, role: &str) -> bool {
        self.roles.is_empty() || self.roles.contains(&role)
    }

    /// Its word for a speaker, given the words of the format; `None` if it allows no such turn.
    #[must_use]
    pub fn role(&self, words: &Vocabulary, speaker: Speaker) -> Option<&'static str> {
        let is_it = |role: &&&str| words.speaker(role).or_else(|| words.alias(role)) == Some(speaker);
        match self.roles {
            [] => words.role(speaker),
            roles => roles.iter().find(is_it).copied(),
        }
    }

    /// Its roles, given the words of the format.
    #[must_use]
    pub fn role_names(&self, words: &Vocabulary) -> Vec<&'static str> {
        match self.roles {
            [] => words.roles.iter().map(|(name, _)| *name).collect(),
            roles => roles.to_vec(),
        }
    }

    /// The one of the alternative shapes that it reads: of the arguments of a call, which are a text or an object.
    #[must_use]
    pub fn shape(&self, shape: Shape) -> Shape {
        let Shape::OneOf(shapes) = shape else { return shape };
        let wanted = |shape: &&Shape| match self.arguments_as_text {
            Some(true) => matches!(shape, Shape::JsonText),
            Some(false) => matches!(shape, Shape::Struct),
            None => false,
        };
        let has_text = shapes.iter().any(|shape| matches!(shape, Shape::JsonText));
        shapes.iter().find(wanted).filter(|_| has_text).copied().unwrap_or(shape)
    }

    /// The limits of a model; `None` if they are unknown.
    #[must_use]
    pub fn limits_of(&self, model: &str) -> Option<&'static Limits> {
        self.limits.iter().copied().find(|limits| limits.are_of(model))
    }

    /// What the service does to a line with this kind of fault.
    #[must_use]
    pub fn consequence(&self, fault: FaultKind) -> Consequence {
        let known = self.consequences.iter().find(|(known, _)| *known == fault);
        known.map_or(Consequence::None, |(_, consequence)| *consequence)
    }

    /// A sentence about the consequence. `certain` is false if sources disagree. Empty if the finding must describe the
    /// consequence itself.
    #[must_use]
    pub fn effect(&self, consequence: Consequence, certain: bool) -> String {
        let title = self.title;
        match (consequence, certain) {
            (Consequence::Rejected, true) => format!("{title} rejects the line"),
            (Consequence::Rejected, false) => format!("{title} may reject the line"),
            (Consequence::JobFails, true) => format!("The job fails on {title}"),
            (Consequence::JobFails, false) => format!("The job may fail on {title}"),
            (Consequence::Dropped, _) => format!("{title} silently drops the example"),
            (Consequence::Replaced, _) => format!("{title} silently uses another line instead"),
            (Consequence::TrainedWrongly | Consequence::Wasted | Consequence::None, _) => String::new(),
        }
    }
}

static NO_LIMITS: Limits = Limits::NONE;

impl PartialEq for Service {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Service {}
