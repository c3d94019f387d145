//! Hover: documentation of the key or value under the cursor, with its limits and, for a long string, its text.
//!
//! This folder must not know the protocol. The only fact about the rest of the file that it knows is the shared value.

mod about;
mod media;

use crate::analysis::Analyst;
use crate::example::shared::SharedValue;
use crate::example::{Place, Speaker, mime};
use crate::formats::service::Locations;
use crate::formats::{FORMATS, Mark, Target};
use crate::ide::edits::without_mark;
use crate::ide::words::{alternatives, choice_words, fenced, field_words, mime_words, role_words};
use crate::json::{Kind, NodeId, Span};
use crate::rules::secrets::masked;
use crate::schema::fit::Fit;
use crate::schema::misfit::Misfit;
use crate::schema::scalar::{
    Location, STORE, extension, parse_duration, parse_location, placeholder, repair_duration, unreachable, web_page,
};
use crate::schema::{Choice, Choices, Field, Means, Shape};
use about::About;

/// The most characters of a string that are shown.
const MAX_TEXT: usize = 2_000;
/// A string of more characters is shown even when it has no escapes.
const LONG_TEXT: usize = 80;
/// The most characters of a name from the file that are shown.
const MAX_NAME: usize = 300;

/// The hover of a key or a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// Markdown, under 50 KB.
    pub markdown: String,
    /// The key or the value, in bytes of the record, quotes included.
    pub span: Span,
}

/// The hover at byte `offset` of a record; `None` on white space, punctuation and brackets.
///
/// `shared` is the shared value of the file, which applies when the record sets none. O(record).
pub fn hover(text: &str, offset: usize, shared: Option<SharedValue>, analyst: &mut Analyst) -> Option<Hover> {
    let offset = text.floor_char_boundary(offset);
    let text = without_mark(text);
    let settings = analyst.settings();
    let media = settings.media.clone();
    let figures = FORMATS.map(|format| (settings.limits(format), settings.service(format)));
    let reading = analyst.read(&text);
    let record = reading.record;
    let node = record.node_at(offset)?;
    let holds = |span: Span| span.start() <= offset && offset < span.end();
    let key = record.key_span(node).filter(|key| holds(*key));
    let scalar = !matches!(record.kind(node), Kind::Object | Kind::Array | Kind::Missing | Kind::TooDeep);
    let value = Some(record.span(node)).filter(|span| scalar && holds(*span));
    let span = key.or(value)?;

    let fit = matches!(reading.mark, Mark::Known(_)).then_some(reading.fit);
    let (kind, format) = (reading.kind, reading.kind.format);
    let (limits, service) = figures[format.id().index()];
    let media = media.as_deref();
    let about = About { record, fit, example: reading.example, kind, format, shared, limits, service, media };
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
        let Some(field) = self.field(node) else { return vec!["You can choose this key.".to_owned()] };
        let mut sections = vec![field_words(field, self.format, self.service)];
        let name = self.record.key(node);
        if name != field.name {
            sections.push(format!("Written as {} here; the documented spelling is `{}`.", code(&name), field.name));
        }
        match field.means {
            Means::Location => sections.extend(self.files(None)),
            Means::Conversation if self.example.turn_list == Some(node) => sections.push(self.tokens()),
            Means::Shared | Means::PartSharedValue => {
                sections.push(self.shared_values(&SharedValue::ALL));
                sections.extend(self.rest_of_file(node));
            }
            _ => sections.extend(self.segment(node)),
        }
        if let Some(page) = self.kind.page.filter(|_| field.documented) {
            sections
                .push(format!("[Documentation of {}]({}), last read in {}.", self.format.title, page.url, page.read));
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
            (Some(Shape::String), Some(role)) if means == Means::Speaker => sections.push(self.role(node, role)),
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
                sections.extend(field.map(|field| field_words(field, self.format, self.service)));
                sections.extend(self.segment(node));
            }
            (None, _) => {}
        }
        if let Some(text) = string.filter(|_| plain) {
            sections.extend(self.decoded(node, &text));
        }
        sections
    }

    /// The field whose value a node is, or is an element of.
    fn field(&self, node: NodeId) -> Option<&'static Field> {
        let fit = self.fit?;
        let own = fit.shape(node)?.field;
        let parent = self.record.parent(node).filter(|parent| self.record.kind(*parent) == Kind::Array);
        own.or_else(|| fit.shape(parent?)?.field)
    }

    /// An unknown key.
    fn unknown(&self, node: NodeId, fit: &Fit) -> String {
        let name = code(&self.record.key(node));
        let told = fit.misfits.iter().find_map(|misfit| match misfit {
            Misfit::Misplaced { node: at, home, .. } if *at == node => {
                Some(format!("is in the wrong place; move it to {}", home.place))
            }
            Misfit::Unknown { node: at, near: Some(near), .. } if *at == node => {
                Some(format!("is not a known field; did you mean `{}`?", near.name))
            }
            Misfit::Unknown { node: at, .. }
                if *at == node && self.service.takes_other_fields && self.record.parent(node) == Some(0) =>
            {
                Some(format!("is not a field of the format, but {} allows other fields", self.service.title))
            }
            Misfit::Unknown { node: at, object, .. } if *at == node => {
                let is_line = std::ptr::eq(*object, self.format.kinds[0].root);
                let kind = if is_line { "a tuning line" } else { object.name };
                Some(format!("is not a known field of {kind}"))
            }
            _ => None,
        });
        if let Some(told) = told {
            let stop = if told.ends_with('?') { "" } else { "." };
            return format!("{name} {told}{stop}");
        }
        let parent = self.record.parent(node);
        let mut around = std::iter::successors(parent, |at| self.record.parent(*at));
        match around.find_map(|at| Some((at, fit.shape(at)?.shape))) {
            Some((_, Shape::Struct | Shape::Any)) => {
                format!("{name} is part of free-form JSON, which the format doesn't define.")
            }
            Some((at, Shape::Object(_) | Shape::Tagged(_))) if parent == Some(at) => {
                // An unknown field without a misfit is one that the service allows.
                format!("{name} is not a field of the format, but {} reads it.", self.service.title)
            }
            _ => format!("{name} is inside an unknown field."),
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
            return vec![format!("Not a value of {}. Its values are {}.", choices.name, names.join(", "))];
        };
        let mut sections = vec![choice_words(choice)];
        if let Some(value) = self.format.words.shared.and_then(|field| field.named(choice.name)) {
            sections.push(self.shared_values(&[value]));
            sections.extend(self.rest_of_file(node));
        }
        sections
    }

    /// The shared value of the rest of the file, when it differs from this one.
    fn rest_of_file(&self, node: NodeId) -> Option<String> {
        let (field, file) = self.format.words.shared.zip(self.shared.filter(|value| value.is_set()))?;
        (self.example.shared_node == Some(node) && self.example.shared != Some(file))
            .then(|| format!("The rest of the file uses `{}`; all examples must use the same value.", field.name(file)))
    }

    fn role(&self, node: NodeId, role: &str) -> String {
        let words = &self.format.words;
        let names = self.service.role_names(words);
        let is_documented = self.format.role_docs.iter().any(|known| known.role == role);
        let meaning = role_words(self.format, role).filter(|_| is_documented || names.contains(&role));
        let expected = || {
            let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("Expected {}.", alternatives(&names))
        };
        let turn = self.example.turns.iter().find(|turn| turn.role == Some(node));
        let is_free = self.kind.target == Target::Nothing || turn.is_none_or(|turn| turn.place == Place::System);
        match meaning {
            None => format!("Not a valid role. {}", expected()),
            Some(meaning) if is_free || words.speaker(role).is_none() || names.contains(&role) => meaning.to_owned(),
            Some(meaning) => format!("{meaning}\n\n{} doesn't allow this role. {}", self.service.title, expected()),
        }
    }

    fn mime(&self, node: NodeId, name: &str) -> Vec<String> {
        let mut sections = vec![format!("{} · MIME type", code(name))];
        let documented = self.format.words.media_types;
        sections.extend(mime_words(name).map(|words| {
            if documented.contains(&name) {
                return words;
            }
            let near = mime::nearest(name, documented);
            let near = near.map_or(String::new(), |near| format!(" The nearest documented type is `{near}`."));
            format!("This MIME type is not in the documentation.{near}")
        }));
        let uri = self.example.media.iter().find(|media| media.mime == Some(node)).and_then(|media| media.uri);
        let uri = uri.and_then(|uri| self.record.string(uri)).unwrap_or_default();
        if let Some(content) = self.media.and_then(|facts| facts.known(&uri).1) {
            sections.push(format!("The content of the file is {}.", code(content)));
            return sections;
        }
        let location = parse_location(&uri).ok();
        let ending = location.as_ref().and_then(extension);
        if let Some(ending) = ending.filter(|ending| mime::agrees(name, ending) == Some(false)) {
            let fitting = mime::for_extension(ending).first().copied().unwrap_or_default();
            sections.push(format!("The file ends in {}, which suggests `{fitting}`.", code(&format!(".{ending}"))));
        }
        sections
    }

    fn file(&self, node: NodeId, uri: &str) -> Vec<String> {
        let media = self.example.media.iter().find(|media| media.uri == Some(node));
        let facts = media.and_then(|media| self.facts(media, uri));
        let told = media.and_then(|media| media.kind);
        match location(uri, self.service.reads) {
            Ok(place) => [Some(place), facts, self.files(told)].into_iter().flatten().collect(),
            Err(why) => vec![why, self.readable()],
        }
    }

    fn duration(&self, node: NodeId, text: Option<&str>) -> String {
        let why = match text.map(parse_duration) {
            Some(Ok(time)) => return format!("**{}** ({time} seconds)", time.clock()),
            None if self.record.kind(node) == Kind::Null => return "Not set.".to_owned(),
            Some(Err(fault)) => fault.message(),
            None => "it is not a string",
        };
        let raw = self.record.raw(self.record.span(node));
        let meant = Some(raw).filter(|raw| raw.len() <= MAX_NAME).and_then(repair_duration);
        let meant = meant.map_or(String::new(), |(meant, _)| format!(" Did you mean `\"{meant}\"`?"));
        format!("Not a valid offset: {why}. Expected decimal seconds with `s`, in quotes, such as `\"12.5s\"`.{meant}")
    }

    /// The segment that a node is or belongs to.
    fn segment(&self, node: NodeId) -> Option<String> {
        let of = |own: Option<NodeId>| own == Some(node);
        let found = self
            .example
            .segments
            .iter()
            .find(|segment| segment.node == node || of(segment.start) || of(segment.end) || of(segment.fps))?;
        self.segment_limits(found)
    }

    /// Whose text this is.
    fn speech(&self, node: NodeId) -> Option<&'static str> {
        let part = self.example.parts.iter().find(|part| part.text == Some(node))?;
        let turn = self.example.turns.get(part.turn)?;
        let last = self.example.conversation().next_back().is_some_and(|last| last.node == turn.node);
        Some(match (turn.place, turn.speaker) {
            (Place::System, _) | (_, Some(Speaker::System)) => "Text of the system instruction.",
            (Place::Answer, _) => "Text of one of the two answers.",
            (_, Some(Speaker::Tool)) => "Text that a function returned.",
            (_, Some(Speaker::Model)) if self.kind.target == Target::ByWeight => {
                "Text of an answer. The model learns it unless its weight is 0."
            }
            (_, Some(Speaker::Model)) if last => "Text of the target: the answer that the model learns.",
            (_, Some(Speaker::Model)) => "Text of an answer in the conversation.",
            _ => "Text of a prompt.",
        })
    }

    /// The decoded text of a string that is long or has escapes.
    fn decoded(&self, node: NodeId, text: &str) -> Option<String> {
        let count = text.chars().count();
        let raw = self.record.raw(self.record.span(node));
        let escaped = self.record.node(node).escaped && crate::json::lexer::unquote(raw) != text;
        if !escaped && count <= LONG_TEXT {
            return None;
        }
        let text = masked(text);
        let count = text.chars().count();
        let shown: String = text.chars().take(MAX_TEXT).collect();
        let cut = if count > MAX_TEXT {
            format!("\n\nThe first {MAX_TEXT} of {count} characters.")
        } else {
            format!("\n\n{count} characters.")
        };
        Some(format!("{}{cut}", fenced(&shown)))
    }
}

/// A description of a location, or the reason why the service can't read it.
fn location(uri: &str, reads: Locations) -> Result<String, String> {
    if reads.data && uri.starts_with("data:") {
        return Ok("The media data is in the line itself.".to_owned());
    }
    if reads.paths && !uri.contains("://") {
        return Ok("A file path on the computer that trains.".to_owned());
    }
    if let Some(placeholder) = placeholder(uri) {
        return Err(format!("{} is a placeholder. Replace it with a real name.", code(placeholder.text)));
    }
    let location = parse_location(uri).map_err(|fault| format!("Not a valid file location: {}.", fault.message()))?;
    if let Some(it) = unreachable(&location) {
        return Err(format!("The service can't read this file: {}.", it.obstacle.message()));
    }
    Ok(match &location {
        Location::Object { .. } if !reads.objects => {
            return Err(format!("The service can't read this file: it is a {STORE} object."));
        }
        Location::Object { bucket, object } => {
            format!("Object {} in the {STORE} bucket {}.", code(object), code(bucket))
        }
        Location::Web(url) if let Some(site) = reads.page_for_inference(url) => {
            format!("A {site} page. The documentation allows these only for inference.")
        }
        Location::Web(url) if let Some(page) = web_page(url) => {
            return Err(format!("A page of {}, not the file itself.", page.site));
        }
        Location::Web(url) => format!("A URL on {}. It must be public.", code(url.host_str().unwrap_or_default())),
    })
}

/// A name or path from the file as inline code that it can't close.
fn code(text: &str) -> String {
    let mut shown: String = text.chars().take(MAX_NAME).collect();
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
