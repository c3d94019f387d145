//! What the key or the value under the cursor is, with its limits and, for a long string, its text.
//!
//! This folder must not know the protocol, nor the rest of the file but for its resolution.

mod about;
mod limits;

use crate::analysis::Analyst;
use crate::example::shared::SharedValue;
use crate::example::{Place, Speaker, mime};
use crate::formats::service::Locations;
use crate::formats::{FORMATS, Mark, Target};
use crate::ide::edits::without_mark;
use crate::ide::words::{alternatives, choice_words, fenced, field_words, mime_words, role_words};
use crate::json::{Kind, NodeId, Span};
use crate::schema::fit::Fit;
use crate::schema::misfit::Misfit;
use crate::schema::scalar::{
    Location, extension, is_video_page, parse_duration, parse_location, placeholder, repair_duration, unreachable,
};
use crate::schema::{Choice, Choices, Field, Means, Shape};
use about::About;

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
/// `shared` is the value that the examples of the file share, which counts where the record names none. O(record).
#[must_use]
pub fn hover(text: &str, offset: usize, shared: Option<SharedValue>, analyst: &mut Analyst) -> Option<Hover> {
    let offset = text.floor_char_boundary(offset);
    let text = without_mark(text);
    let settings = analyst.settings();
    let figures = FORMATS.map(|format| (settings.limits(format), settings.service(format).reads));
    let reading = analyst.read(&text);
    let record = reading.record;
    let node = record.node_at(offset)?;
    let holds = |span: Span| span.start() <= offset && offset < span.end();
    let key = record.key_span(node).filter(|key| holds(*key));
    let scalar = !matches!(record.kind(node), Kind::Object | Kind::Array | Kind::Missing | Kind::TooDeep);
    let value = Some(record.span(node)).filter(|span| scalar && holds(*span));
    let span = key.or(value)?;

    let fit = matches!(reading.mark, Mark::Known(_)).then_some(reading.fit);
    let (kind, format) = (reading.kind, reading.kind.format());
    let (limits, reads) = figures[format.id().index()];
    let about = About { record, fit, example: reading.example, kind, format, shared, limits, reads };
    let mut sections = if key.is_some() { about.key(node) } else { about.value(node) };
    let pointer = record.pointer(node);
    if !pointer.is_empty() {
        sections.push(code(&pointer));
    }
    (!sections.is_empty()).then(|| Hover { markdown: sections.join("\n\n"), span })
}

impl About<'_> {
    fn key(&self, node: NodeId) -> Vec<String> {
        let Some(fit) = self.fit else { return Vec::new() };
        if fit.shape(node).is_none() {
            return vec![self.unknown(node, fit)];
        }
        let Some(field) = self.field(node) else { return vec!["A key of your own.".to_owned()] };
        let mut sections = vec![field_words(field, self.format)];
        let name = self.record.key(node);
        if name != field.name {
            sections.push(format!("Written {}; the documentation writes `{}`.", code(&name), field.name));
        }
        match field.means {
            Means::Location => sections.extend(limits::files(self, None)),
            Means::Conversation if self.example.turn_list == Some(node) => sections.push(limits::tokens(self)),
            Means::Shared | Means::PartSharedValue => {
                sections.push(limits::shared_values(self, &SharedValue::ALL));
                sections.extend(self.rest_of_file(node));
            }
            _ => sections.extend(self.segment(node)),
        }
        sections
    }

    fn value(&self, node: NodeId) -> Vec<String> {
        let string = self.record.string(node);
        let pair = self.fit.and_then(|fit| fit.shape(node));
        let field = self.field(node);
        let mut sections = Vec::new();
        let mut plain = true;
        let means = pair.and_then(|pair| pair.field).map_or(Means::Nothing, |field| field.means);
        match (pair.map(|pair| pair.shape), string.as_deref()) {
            (Some(Shape::String), Some(role)) if means == Means::Speaker => sections.push(self.role(role)),
            (Some(Shape::String), Some(name)) if means == Means::MimeType => sections.extend(self.mime(node, name)),
            (Some(Shape::String), Some(uri)) if means == Means::Location => sections.extend(self.file(node, uri)),
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
                let field = field.filter(|_| sections.is_empty());
                sections.extend(field.map(|field| field_words(field, self.format)));
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
        let fit = self.fit?;
        let own = fit.shape(node)?.field;
        let parent = self.record.parent(node).filter(|parent| self.record.kind(*parent) == Kind::Array);
        own.or_else(|| fit.shape(parent?)?.field)
    }

    /// A key that no table has.
    fn unknown(&self, node: NodeId, fit: &Fit) -> String {
        let name = code(&self.record.key(node));
        let told = fit.misfits.iter().find_map(|misfit| match misfit {
            Misfit::Misplaced { node: at, home, .. } if *at == node => Some(format!("belongs to {}", home.place)),
            Misfit::Unknown { node: at, near: Some(near), .. } if *at == node => {
                Some(format!("is no known field; `{}` is", near.name))
            }
            Misfit::Unknown { node: at, object, .. } if *at == node => {
                let is_line = std::ptr::eq(*object, self.format.kinds[0].root);
                let kind = if is_line { "a tuning line" } else { object.name };
                Some(format!("is no known field of {kind}"))
            }
            _ => None,
        });
        if let Some(told) = told {
            return format!("{name} {told}.");
        }
        let parent = self.record.parent(node);
        let mut around = std::iter::successors(parent, |at| self.record.parent(*at));
        match around.find_map(|at| Some((at, fit.shape(at)?.shape))) {
            Some((_, Shape::Struct | Shape::Any)) => {
                format!("{name} stands in free JSON, of which the format says nothing.")
            }
            Some((at, Shape::Object(_) | Shape::Tagged(_))) if parent == Some(at) => {
                format!("{name} is no known field.")
            }
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
        if let Some(value) = self.format.words.shared.and_then(|field| field.named(choice.name)) {
            sections.push(limits::shared_values(self, &[value]));
            sections.extend(self.rest_of_file(node));
        }
        sections
    }

    /// What the rest of the file has as its shared value, when that differs from this one.
    fn rest_of_file(&self, node: NodeId) -> Option<String> {
        let (field, file) = self.format.words.shared.zip(self.shared.filter(|value| value.is_set()))?;
        (self.example.shared_node == Some(node) && self.example.shared != Some(file))
            .then(|| format!("The rest of the file has `{}`; all examples must have the same value.", field.name(file)))
    }

    fn role(&self, role: &str) -> String {
        role_words(self.format, role).map_or_else(
            || {
                let roles = self.format.words.roles.iter().map(|(role, _)| format!("the `{role}`'s"));
                format!("Not a role: a turn is {}.", alternatives(&roles.collect::<Vec<_>>()))
            },
            str::to_owned,
        )
    }

    fn mime(&self, node: NodeId, name: &str) -> Vec<String> {
        let mut sections = vec![format!("{} · media type", code(name))];
        sections.extend(mime_words(name));
        let uri = self.example.media.iter().find(|media| media.mime == Some(node)).and_then(|media| media.uri);
        let uri = uri.and_then(|uri| self.record.string(uri)).unwrap_or_default();
        let location = parse_location(&uri).ok();
        let ending = location.as_ref().and_then(extension);
        if let Some(ending) = ending.filter(|ending| mime::agrees(name, ending) == Some(false)) {
            let fitting = mime::for_extension(ending).first().copied().unwrap_or_default();
            sections.push(format!("The file ends in {}, which goes with `{fitting}`.", code(&format!(".{ending}"))));
        }
        sections
    }

    fn file(&self, node: NodeId, uri: &str) -> Vec<String> {
        let told = self.example.media.iter().find(|media| media.uri == Some(node)).and_then(|media| media.kind);
        match location(uri, self.reads) {
            Ok(place) => [Some(place), limits::files(self, told)].into_iter().flatten().collect(),
            Err(why) => vec![why, limits::readable(self.reads)],
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
        limits::segment(self, found)
    }

    /// Whose words a text is.
    fn speech(&self, node: NodeId) -> Option<&'static str> {
        let part = self.example.parts.iter().find(|part| part.text == Some(node))?;
        let turn = self.example.turns.get(part.turn)?;
        let last = self.example.conversation().next_back().is_some_and(|last| last.node == turn.node);
        Some(match (turn.place, turn.speaker) {
            (Place::System, _) | (_, Some(Speaker::System)) => "Text of the system instruction.",
            (Place::Answer, _) => "Text of one of the two answers.",
            (_, Some(Speaker::Tool)) => "What a called function gave back.",
            (_, Some(Speaker::Model)) if self.kind.target == Target::ByWeight => {
                "Text of an answer, which is learned unless its weight is 0."
            }
            (_, Some(Speaker::Model)) if last => "Text of the target: the answer that is learned.",
            (_, Some(Speaker::Model)) => "Text of an answer in the conversation.",
            _ => "Text of a prompt.",
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
fn location(uri: &str, reads: Locations) -> Result<String, String> {
    if reads.data && uri.starts_with("data:") {
        return Ok("Media inside the line.".to_owned());
    }
    if let Some(placeholder) = placeholder(uri) {
        return Err(format!("{} is a placeholder, to be replaced by a real name.", code(placeholder.text)));
    }
    let location =
        parse_location(uri).map_err(|fault| format!("This is no location of a file: {}.", fault.message()))?;
    if let Some(it) = unreachable(&location) {
        return Err(format!("The service cannot read it: {}.", it.obstacle.message()));
    }
    Ok(match &location {
        Location::CloudStorage { .. } if !reads.cloud_storage => {
            return Err("The service cannot read it: it is an object in Cloud Storage.".to_owned());
        }
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
