//! What the key or the value under the cursor is, with its limits and, for a long string, its text.
//!
//! This folder must not know the protocol, nor the rest of the file but for its resolution.

mod limits;

use super::completion::{choice_words, fenced, field_words, mime_words, role_words};
use crate::json::{Kind, NodeId, Parser, Record, Span};
use crate::schema::detect::{self, Mark};
use crate::schema::example::Example;
use crate::schema::fit::{Fit, Misfit};
use crate::schema::media::{self, Profile, Resolution};
use crate::schema::scalar::{
    Location, extension, is_video_page, parse_duration, parse_location, placeholder, repair_duration, unreachable,
};
use crate::schema::{Choice, Choices, Field, Format, Shape, Text};

/// So many characters of a string are shown.
const LONGEST_TEXT: usize = 2_000;
/// A longer string is shown even when it has no escapes.
const LONG_TEXT: usize = 80;
/// So many characters of a name that a file chose are shown.
const LONGEST_NAME: usize = 300;

/// What an editor shows about a key or a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// Markdown, under 50 KB.
    pub markdown: String,
    /// The key or the value, in bytes of the record, quotes included.
    pub span: Span,
}

/// What stands at byte `offset` of a record: `None` on white space, punctuation and brackets.
///
/// `resolution` is that of the file, which counts where the record names none. O(record).
#[must_use]
pub fn hover(text: &str, offset: usize, resolution: Option<Resolution>, profile: &'static Profile) -> Option<Hover> {
    let unmarked;
    let mut text = text;
    let offset = text.floor_char_boundary(offset);
    // A byte order mark is the file's; with spaces in its place every span stays right.
    if let Some(rest) = text.strip_prefix('\u{FEFF}') {
        unmarked = format!("   {rest}");
        text = &unmarked;
    }
    let mut parser = Parser::default();
    parser.parse(text);
    let record = parser.record(text);
    let node = record.node_at(offset)?;
    let holds = |span: Span| span.start() <= offset && offset < span.end();
    let key = record.key_span(node).filter(|key| holds(*key));
    let scalar = !matches!(record.kind(node), Kind::Object | Kind::Array | Kind::Missing | Kind::TooDeep);
    let value = Some(record.span(node)).filter(|span| scalar && holds(*span));
    let span = key.or(value)?;

    let mark = detect::mark(record);
    let mut fit = Fit::default();
    let mut example = Example::default();
    if let Mark::Gemini(format) = mark {
        fit.walk(record, format.root());
        example.read(record, &fit);
    }
    let about = About { record, fit: &fit, example: &example, mark, resolution, profile };
    let mut sections = if key.is_some() { about.key(node) } else { about.value(node) };
    let pointer = record.pointer(node);
    if !pointer.is_empty() {
        sections.push(code(&pointer));
    }
    (!sections.is_empty()).then(|| Hover { markdown: sections.join("\n\n"), span })
}

/// A record that was read, to speak about.
struct About<'a> {
    record: Record<'a>,
    fit: &'a Fit,
    example: &'a Example,
    mark: Mark,
    resolution: Option<Resolution>,
    profile: &'static Profile,
}

impl About<'_> {
    fn key(&self, node: NodeId) -> Vec<String> {
        if !matches!(self.mark, Mark::Gemini(_)) {
            return Vec::new();
        }
        let Some(pair) = self.fit.shape(node) else { return vec![self.unknown(node)] };
        let Some(field) = self.field(node) else { return vec!["A key of your own.".to_owned()] };
        let mut sections = vec![field_words(field)];
        let name = self.record.key(node);
        if name != field.name {
            sections.push(format!("Written {}; the documentation writes `{}`.", code(&name), field.name));
        }
        match (field.name, pair.shape) {
            ("fileUri", _) => sections.extend(limits::files(None, self.profile)),
            ("contents", _) if self.example.contents == Some(node) => {
                sections.push(limits::tokens(self.record, self.example, self.resolution, self.profile));
            }
            ("mediaResolution" | "level", Shape::Enum(_)) => {
                sections.push(limits::resolutions(&Resolution::ALL, self.profile));
                sections.extend(self.rest_of_file(node));
            }
            _ => sections.extend(self.segment(node)),
        }
        sections
    }

    fn value(&self, node: NodeId) -> Vec<String> {
        let string = self.record.string(node);
        let pair = self.fit.shape(node);
        let field = self.field(node);
        let mut sections = Vec::new();
        let mut plain = true;
        match (pair.map(|pair| pair.shape), string.as_deref()) {
            (Some(Shape::String(Text::Role)), Some(role)) => {
                let unknown = "Not a role: a turn is the `user`'s or the `model`'s.";
                sections.push(role_words(role).unwrap_or(unknown).to_owned());
            }
            (Some(Shape::String(Text::MimeType)), Some(name)) => sections.extend(self.mime(node, name)),
            (Some(Shape::String(Text::FileUri)), Some(uri)) => sections.extend(self.file(node, uri)),
            (Some(Shape::Enum(choices)), _) => sections.extend(self.choice(node, choices, string.as_deref())),
            (Some(Shape::Duration), text) => {
                sections.push(self.duration(node, text));
                sections.extend(self.segment(node));
            }
            (Some(Shape::Base64), Some(data)) => {
                plain = false;
                let digits = data.trim_end_matches('=').len();
                sections.push(format!("Base64 of about {} bytes.", digits / 4 * 3 + digits % 4 * 3 / 4));
            }
            (Some(_), _) => {
                sections.extend(self.speech(node).map(str::to_owned));
                sections.extend(field.filter(|_| sections.is_empty()).map(field_words));
                sections.extend(self.segment(node));
            }
            (None, _) => {}
        }
        if let Some(text) = string.filter(|_| plain) {
            sections.extend(self.decoded(node, &text));
        }
        sections
    }

    /// The field that a node is the value of, or an element of the value of.
    fn field(&self, node: NodeId) -> Option<&'static Field> {
        let own = self.fit.shape(node)?.field;
        let parent = self.record.parent(node).filter(|parent| self.record.kind(*parent) == Kind::Array);
        own.or_else(|| self.fit.shape(parent?)?.field)
    }

    /// A key that no table has.
    fn unknown(&self, node: NodeId) -> String {
        let name = code(&self.record.key(node));
        let told = self.fit.misfits.iter().find_map(|misfit| match misfit {
            Misfit::Misplaced { node: at, home, .. } if *at == node => Some(format!("belongs to {}", home.place)),
            Misfit::Unknown { node: at, near: Some(near), .. } if *at == node => {
                Some(format!("is no known field; `{}` is", near.name))
            }
            Misfit::Unknown { node: at, object, .. } if *at == node => {
                let kind = if std::ptr::eq(*object, Format::Supervised.root()) { "a tuning line" } else { object.name };
                Some(format!("is no known field of {kind}"))
            }
            _ => None,
        });
        if let Some(told) = told {
            return format!("{name} {told}.");
        }
        let mut at = node;
        let around = loop {
            match self.record.parent(at) {
                Some(parent) => at = parent,
                None => break None,
            }
            if let Some(pair) = self.fit.shape(at) {
                break Some(pair.shape);
            }
        };
        match around {
            Some(Shape::Struct | Shape::Any) => {
                format!("{name} stands in free JSON, of which the format says nothing.")
            }
            Some(Shape::Object(_)) if self.record.parent(node) == Some(at) => format!("{name} is no known field."),
            _ => format!("{name} stands inside something that is not known."),
        }
    }

    fn choice(&self, node: NodeId, choices: &'static Choices, text: Option<&str>) -> Vec<String> {
        let number = self.record.raw(self.record.span(node)).parse::<i64>().ok();
        let is_meant = |choice: &&Choice| match text {
            Some(name) => choice.name == name,
            None => number.is_some() && choice.number == number,
        };
        let Some(choice) = choices.values.iter().find(is_meant) else {
            let names: Vec<_> = choices.values.iter().map(|choice| format!("`{}`", choice.name)).collect();
            return vec![format!("Not a value of {}; it has {}.", choices.name, names.join(", "))];
        };
        let mut sections = vec![choice_words(choice)];
        if let Some(resolution) = Resolution::from_name(choice.name) {
            sections.push(limits::resolutions(&[resolution], self.profile));
            sections.extend(self.rest_of_file(node));
        }
        sections
    }

    /// What the rest of the file has as its resolution, when that differs from this value.
    fn rest_of_file(&self, node: NodeId) -> Option<String> {
        let file = self.resolution.filter(|it| *it != Resolution::Unspecified)?;
        (self.example.resolution_node == Some(node) && self.example.resolution != Some(file))
            .then(|| format!("The rest of the file has `{}`; all examples must have the same value.", file.name()))
    }

    fn mime(&self, node: NodeId, name: &str) -> Vec<String> {
        let mut sections = vec![format!("{} · media type", code(name))];
        sections.extend(mime_words(name));
        let uri = self.example.media.iter().find(|media| media.mime == Some(node)).and_then(|media| media.uri);
        let uri = uri.and_then(|uri| self.record.string(uri)).unwrap_or_default();
        let location = parse_location(&uri).ok();
        let ending = location.as_ref().and_then(extension);
        if let Some(ending) = ending.filter(|ending| media::agrees(name, ending) == Some(false)) {
            let fitting = media::for_extension(ending).first().copied().unwrap_or_default();
            sections.push(format!("The file ends in {}, which goes with `{fitting}`.", code(&format!(".{ending}"))));
        }
        sections
    }

    fn file(&self, node: NodeId, uri: &str) -> Vec<String> {
        let told = self.example.media.iter().find(|media| media.uri == Some(node)).and_then(|media| media.kind);
        match location(uri) {
            Ok(place) => [Some(place), limits::files(told, self.profile)].into_iter().flatten().collect(),
            Err(why) => vec![why, limits::READABLE.to_owned()],
        }
    }

    fn duration(&self, node: NodeId, text: Option<&str>) -> String {
        let why = match text.map(parse_duration) {
            Some(Ok(time)) => return format!("**{}** as a clock shows it ({time} seconds).", time.clock()),
            None if self.record.kind(node) == Kind::Null => return "Not set.".to_owned(),
            Some(Err(fault)) => fault.message(),
            None => "it is no string",
        };
        let raw = self.record.raw(self.record.span(node));
        let meant = Some(raw).filter(|raw| raw.len() <= LONGEST_NAME).and_then(repair_duration);
        let meant = meant.map_or(String::new(), |(meant, _)| format!(" `\"{meant}\"` is probably meant."));
        format!("This is no offset: {why}. Write decimal seconds that end in `s`, in quotes.{meant}")
    }

    /// The segment that a node is, or is a member of.
    fn segment(&self, node: NodeId) -> Option<String> {
        let of = |own: Option<NodeId>| own == Some(node);
        let found = self
            .example
            .segments
            .iter()
            .find(|segment| segment.node == node || of(segment.start) || of(segment.end) || of(segment.fps))?;
        limits::segment(self.record, self.example, found, self.resolution, self.profile)
    }

    /// Whose words a text is.
    fn speech(&self, node: NodeId) -> Option<&'static str> {
        use crate::schema::example::Place;
        let part = self.example.parts.iter().find(|part| part.text == Some(node))?;
        let turn = self.example.turns.get(part.turn)?;
        let role = turn.role.and_then(|role| self.record.string(role));
        let last = self.example.conversation().next_back().is_some_and(|last| last.node == turn.node);
        Some(match (turn.place, role.as_deref()) {
            (Place::System, _) => "Text of the system instruction.",
            (Place::Completion, _) => "Text of one of the two answers.",
            (Place::Contents, Some("model")) if last => "Text of the target: the answer that is learned.",
            (Place::Contents, Some("model")) => "Text of an answer in the conversation.",
            (Place::Contents, _) => "Text of a prompt.",
        })
    }

    /// The text of a string that is long, or not as it is written.
    fn decoded(&self, node: NodeId, text: &str) -> Option<String> {
        let count = text.chars().count();
        let raw = self.record.raw(self.record.span(node));
        let escaped = self.record.node(node).escaped && crate::json::lexer::unquote(raw) != text;
        if !escaped && count <= LONG_TEXT {
            return None;
        }
        let shown: String = text.chars().take(LONGEST_TEXT).collect();
        let cut = if count > LONGEST_TEXT {
            format!("\n\nCut: the first {LONGEST_TEXT} of {count} characters.")
        } else {
            format!("\n\n{count} characters.")
        };
        Some(format!("{}{cut}", fenced(&shown)))
    }
}

/// Where a file is; or why the service cannot read it there.
fn location(uri: &str) -> Result<String, String> {
    if let Some(placeholder) = placeholder(uri) {
        return Err(format!("{} is a placeholder, to be replaced by a real name.", code(placeholder.text)));
    }
    let location =
        parse_location(uri).map_err(|fault| format!("This is no location of a file: {}.", fault.message()))?;
    if let Some(it) = unreachable(&location) {
        return Err(format!("The service cannot read it: {}.", it.obstacle.message()));
    }
    Ok(match &location {
        Location::CloudStorage { bucket, object } => {
            format!("The object {} in the Cloud Storage bucket {}.", code(object), code(bucket))
        }
        Location::Web(url) if is_video_page(url) => {
            "A page of YouTube, which is documented for inference only.".to_owned()
        }
        Location::Web(url) => format!("A URL on {}; it has to be public.", code(url.host_str().unwrap_or_default())),
    })
}

/// A name or path that a file chose, as code that it cannot leave.
fn code(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST_NAME).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    let shown = shown.replace(|letter: char| letter.is_control(), "\u{FFFD}");
    if !shown.contains('`') {
        return format!("`{shown}`");
    }
    let mut fence = "``".to_owned();
    while shown.contains(&fence) {
        fence.push('`');
    }
    format!("{fence} {shown} {fence}")
}
