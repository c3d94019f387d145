//! What a record means as an example: its turns, parts, media, segments and resolution, each with
//! its place. Rules about meaning read this, so that another vendor's format needs no new rules.

use crate::json::{Kind, NodeId, Record};
use crate::schema::fit::{Fit, is_object};
use crate::schema::media::{self, MediaKind, Resolution};
use crate::schema::scalar::{Duration, is_plain_object, parse_duration};
use crate::schema::{Shape, gemini, preference};

/// Where a turn stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In `contents`.
    Contents,
    /// The `completion` of one of `completions`.
    Completion,
    /// `systemInstruction`.
    System,
}

/// The two who take turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `user`
    User,
    /// `model`
    Model,
}

impl Side {
    fn of_role(role: &str) -> Option<Self> {
        match role {
            "user" => Some(Side::User),
            "model" => Some(Side::Model),
            _ => None,
        }
    }
}

/// A turn: an object with `role` and `parts`.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// The object.
    pub node: NodeId,
    /// Where it stands.
    pub place: Place,
    /// The value of `role`.
    pub role: Option<NodeId>,
    /// Whose turn it is, when `role` says so letter for letter.
    pub side: Option<Side>,
    /// The first of its parts in [`Example::parts`].
    pub first_part: usize,
    /// Behind the last of them.
    pub end_part: usize,
}

/// A part of a turn.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The object.
    pub node: NodeId,
    /// Its turn in [`Example::turns`].
    pub turn: usize,
    /// The value of `text`.
    pub text: Option<NodeId>,
    /// The value of `fileData` or `inlineData`: its media in [`Example::media`].
    pub media: Option<usize>,
    /// The value of `videoMetadata`.
    pub video_metadata: Option<NodeId>,
    /// The value of `functionCall`.
    pub function_call: Option<NodeId>,
    /// The value of `functionResponse`.
    pub function_response: Option<NodeId>,
    /// Whether it carries something else: code, its result.
    pub other: bool,
    /// Whether it says a resolution of its own, a known one or not; UNSPECIFIED says none.
    pub sets_resolution: bool,
    /// The value of `mediaResolution.level`.
    pub resolution_node: Option<NodeId>,
    /// The resolution of `mediaResolution.level`.
    pub resolution: Option<Resolution>,
}

impl Part {
    /// What of it is read as text: the values of `text`, `functionCall` and `functionResponse`.
    pub fn texts(&self) -> impl Iterator<Item = NodeId> + use<> {
        [self.text, self.function_call, self.function_response].into_iter().flatten()
    }
}

/// A media file of an example.
#[derive(Clone, Copy, Debug)]
pub struct Media {
    /// The value of `fileData` or `inlineData`.
    pub node: NodeId,
    /// Its part in [`Example::parts`].
    pub part: usize,
    /// Whether it comes by `inlineData`.
    pub inline: bool,
    /// The value of `fileUri`.
    pub uri: Option<NodeId>,
    /// The value of `mimeType`.
    pub mime: Option<NodeId>,
    /// What kind of media the MIME type says it is.
    pub kind: Option<MediaKind>,
    /// Whether it is beyond doubt at a well-formed location in Cloud Storage, with nothing unusual in its name.
    pub plain: bool,
    /// The MIME type, when it is a documented one.
    pub documented: Option<&'static str>,
    /// The first extension that goes with it.
    pub extension: Option<&'static str>,
    /// Whether it is `plain`, and the MIME type one that goes with its extension.
    pub agrees: bool,
}

/// A `videoMetadata` object.
#[derive(Clone, Copy, Debug, Default)]
pub struct Segment {
    /// The object.
    pub node: NodeId,
    /// Its part in [`Example::parts`].
    pub part: usize,
    /// The value of `startOffset`.
    pub start: Option<NodeId>,
    /// The value of `endOffset`.
    pub end: Option<NodeId>,
    /// The time that `startOffset` says, when it is well-formed and not negative.
    pub start_time: Option<Duration>,
    /// The same of `endOffset`.
    pub end_time: Option<Duration>,
    /// The value of `fps`.
    pub fps: Option<NodeId>,
}

/// One of the `completions` of a preference line.
#[derive(Clone, Copy, Debug)]
pub struct Completion {
    /// The object.
    pub node: NodeId,
    /// The value of `score`.
    pub score: Option<NodeId>,
}

/// The example.
#[derive(Clone, Debug, Default)]
pub struct Example {
    /// Its turns, in document order.
    pub turns: Vec<Turn>,
    /// Their parts.
    pub parts: Vec<Part>,
    /// Their media files.
    pub media: Vec<Media>,
    /// Their segments.
    pub segments: Vec<Segment>,
    /// All that is read as text: the values of `text`, `functionCall` and `functionResponse`, part by part.
    pub texts: Vec<NodeId>,
    /// Its completions.
    pub completions: Vec<Completion>,
    /// The value of `contents`.
    pub contents: Option<NodeId>,
    /// The value of `completions`.
    pub completion_list: Option<NodeId>,
    /// The value of `generationConfig`.
    pub generation_config: Option<NodeId>,
    /// The value of `generationConfig.mediaResolution`.
    pub resolution_node: Option<NodeId>,
    /// The resolution it names, when it is a value of the enum.
    pub resolution: Option<Resolution>,
    /// The names of the functions that `tools` declares.
    pub declared: Vec<NodeId>,
    /// Whether it declares tools at all.
    pub tools: bool,
    /// Whether the turns of `contents`, and there are no other answers, are the user's and the model's one after the
    /// other, the first the user's and the last the model's, and no turn answers a call.
    pub takes_turns: bool,
}

impl Example {
    /// Forgets the last record; keeps the memory.
    pub fn clear(&mut self) {
        self.turns.clear();
        self.parts.clear();
        self.media.clear();
        self.segments.clear();
        self.texts.clear();
        self.completions.clear();
        self.declared.clear();
        let Example { contents, completion_list, generation_config, resolution_node, .. } = self;
        (*contents, *completion_list, *generation_config, *resolution_node) = (None, None, None, None);
        (self.resolution, self.tools, self.takes_turns) = (None, false, false);
    }

    /// Reads the example from a walked record. O(pairs).
    pub fn read(&mut self, record: Record<'_>, fit: &Fit) {
        self.read_layout(record, fit);
        self.read_values(record);
    }

    /// Reads all of the example but what strings and numbers say, except those of [few
    /// values](Shape::has_few_values): it is the same for all records of one layout. [`Example::read_values`]
    /// does the rest.
    pub fn read_layout(&mut self, record: Record<'_>, fit: &Fit) {
        self.clear();
        let mut place = Place::Contents;
        for pair in &fit.pairs {
            let node = pair.node;
            let name = pair.field.map_or("", |field| field.name);
            match pair.shape {
                Shape::Object(_) if record.kind(node) != Kind::Object => {
                    if name == "mediaResolution" {
                        self.field(record, node, name);
                    }
                }
                Shape::Object(object) if std::ptr::eq(object, &gemini::CONTENT) => {
                    let place = match name {
                        "systemInstruction" => Place::System,
                        "completion" => Place::Completion,
                        _ => place,
                    };
                    let parts = self.parts.len();
                    let (role, side) = (None, None);
                    self.turns.push(Turn { node, place, role, side, first_part: parts, end_part: parts });
                }
                Shape::Object(object) if std::ptr::eq(object, &gemini::PART) => self.part(node),
                Shape::Object(object) if std::ptr::eq(object, &gemini::FILE_DATA) => self.file(record, node, false),
                Shape::Object(object) if std::ptr::eq(object, &gemini::INLINE_DATA) => self.file(record, node, true),
                Shape::Object(object) if std::ptr::eq(object, &gemini::VIDEO_METADATA) => {
                    let part = self.parts.len().saturating_sub(1);
                    if let Some(last) = self.parts.last_mut().filter(|part| inside(record, node, part.node)) {
                        last.video_metadata = Some(node);
                        self.segments.push(Segment { node, part, ..Segment::default() });
                    }
                }
                Shape::Object(object) if std::ptr::eq(object, &gemini::GENERATION_CONFIG) => {
                    self.generation_config = Some(node);
                }
                Shape::Object(object) if std::ptr::eq(object, &preference::COMPLETION) => {
                    self.completions.push(Completion { node, score: None });
                }
                Shape::List(_) if name == "completions" => self.completion_list = Some(node),
                Shape::List(element) if is_object(*element, &gemini::CONTENT) => {
                    (self.contents, place) = (Some(node), Place::Contents);
                }
                Shape::List(_) if name == "tools" => self.tools = record.kind(node) == Kind::Array,
                _ => self.field(record, node, name),
            }
        }
        self.texts.extend(self.parts.iter().flat_map(Part::texts));
        self.read_few_values(record);
    }

    /// A value of a field that is not itself an object of interest.
    fn field(&mut self, record: Record<'_>, node: NodeId, name: &str) {
        let parent = record.node(node).parent;
        match name {
            "role" => {
                if let Some(turn) = self.turns.iter_mut().rev().find(|turn| turn.node == parent) {
                    turn.role.get_or_insert(node);
                }
            }
            "text" => self.in_part(parent, |part| part.text = Some(node)),
            "functionCall" => self.in_part(parent, |part| part.function_call = Some(node)),
            "functionResponse" => self.in_part(parent, |part| part.function_response = Some(node)),
            "executableCode" | "codeExecutionResult" => self.in_part(parent, |part| part.other = true),
            "startOffset" => self.in_segment(parent, |segment| segment.start = Some(node)),
            "endOffset" => self.in_segment(parent, |segment| segment.end = Some(node)),
            "fps" => self.in_segment(parent, |segment| segment.fps = Some(node)),
            "score" => {
                if let Some(last) = self.completions.last_mut().filter(|last| last.node == parent) {
                    last.score = Some(node);
                }
            }
            "mediaResolution" if self.generation_config == Some(parent) && record.kind(node) != Kind::Null => {
                self.resolution_node = Some(node);
            }
            // Of another type it is set all the same, if wrongly.
            "mediaResolution" if !matches!(record.kind(node), Kind::Null | Kind::Object) => {
                self.in_part(parent, |part| part.sets_resolution = true);
            }
            "level" if record.kind(node) != Kind::Null => {
                let grandparent = record.node(parent).parent;
                self.in_part(grandparent, |part| part.resolution_node = Some(node));
            }
            "name" => {
                let declaration = record.node(parent).parent;
                if record.key(declaration) == "functionDeclarations"
                    || record.key(declaration) == "function_declarations"
                {
                    self.declared.push(node);
                }
            }
            _ => {}
        }
    }

    fn part(&mut self, node: NodeId) {
        let Some(turn) = self.turns.len().checked_sub(1) else { return };
        self.turns[turn].end_part = self.parts.len() + 1;
        self.parts.push(Part {
            node,
            turn,
            text: None,
            media: None,
            video_metadata: None,
            function_call: None,
            function_response: None,
            other: false,
            sets_resolution: false,
            resolution_node: None,
            resolution: None,
        });
    }

    fn file(&mut self, record: Record<'_>, node: NodeId, inline: bool) {
        let part = self.parts.len().saturating_sub(1);
        // A functionResponse has media of its own, which is not the example's.
        let parent = record.node(node).parent;
        let Some(last) = self.parts.last_mut().filter(|part| part.node == parent) else { return };
        // A second one in the same part is a conflict or a duplicate, not another file.
        if last.media.is_some() {
            return;
        }
        last.media = Some(self.media.len());
        let member = |camel: &str, snake: &str| record.member(node, camel).or_else(|| record.member(node, snake));
        let mime = member("mimeType", "mime_type");
        let uri = if inline { None } else { member("fileUri", "file_uri") };
        let (kind, plain, agrees) = (None, false, false);
        let (documented, extension) = (None, None);
        self.media.push(Media { node, part, inline, uri, mime, kind, plain, documented, extension, agrees });
    }

    /// Reads what the strings and numbers of few values say.
    fn read_few_values(&mut self, record: Record<'_>) {
        let string = |node: Option<NodeId>| node.and_then(|node| record.string(node));
        for turn in &mut self.turns {
            turn.side = string(turn.role).and_then(|role| Side::of_role(&role));
        }
        for part in &mut self.parts {
            if let Some(node) = part.resolution_node {
                part.resolution = resolution_of(record, node);
                part.sets_resolution = part.resolution != Some(Resolution::Unspecified);
            }
        }
        for media in &mut self.media {
            let mime = string(media.mime);
            media.kind = mime.as_ref().and_then(|mime| media::kind_of(mime));
            media.documented = mime.and_then(|mime| media::documented_types().find(|name| *name == mime));
            media.extension = media.documented.and_then(|mime| media::extensions_of(mime).next());
        }
        self.resolution = self.resolution_node.and_then(|node| resolution_of(record, node));
        self.takes_turns = self.takes_turns();
    }

    /// Reads what the other strings and numbers say, in a record of the layout that was read.
    pub fn read_values(&mut self, record: Record<'_>) {
        let string = |node: Option<NodeId>| node.and_then(|node| record.string(node));
        for media in &mut self.media {
            let Some(uri) = string(media.uri) else { continue };
            media.plain = is_plain_object(&uri);
            media.agrees = media.plain
                && media.documented.is_some_and(|mime| {
                    // Nearly all have the first one.
                    let name = media.extension.and_then(|extension| uri.strip_suffix(extension));
                    name.is_some_and(|name| name.ends_with('.')) || agrees(mime, &uri)
                });
        }
        for segment in &mut self.segments {
            segment.start_time = string(segment.start).and_then(|text| time(&text));
            segment.end_time = string(segment.end).and_then(|text| time(&text));
        }
    }

    fn takes_turns(&self) -> bool {
        let mut next = Side::User;
        for turn in self.conversation() {
            if turn.side != Some(next) {
                return false;
            }
            next = if next == Side::User { Side::Model } else { Side::User };
        }
        next == Side::User
            && !self.turns.is_empty()
            && self.completion_list.is_none()
            && self.parts.iter().all(|part| part.function_response.is_none())
    }

    fn in_part(&mut self, node: NodeId, set: impl FnOnce(&mut Part)) {
        if let Some(part) = self.parts.last_mut().filter(|part| part.node == node) {
            set(part);
        }
    }

    fn in_segment(&mut self, node: NodeId, set: impl FnOnce(&mut Segment)) {
        if let Some(segment) = self.segments.last_mut().filter(|segment| segment.node == node) {
            set(segment);
        }
    }

    /// The parts of a turn.
    #[must_use]
    pub fn parts_of(&self, turn: &Turn) -> &[Part] {
        self.parts.get(turn.first_part..turn.end_part).unwrap_or_default()
    }

    /// The turns of `contents`, in order.
    pub fn conversation(&self) -> impl DoubleEndedIterator<Item = &Turn> {
        self.turns.iter().filter(|turn| turn.place == Place::Contents)
    }

    /// Whether it has video or images, for which a resolution counts.
    #[must_use]
    pub fn has_frames(&self) -> bool {
        self.media.iter().any(|media| matches!(media.kind, Some(MediaKind::Video | MediaKind::Image)))
    }

    /// Whether it has video.
    #[must_use]
    pub fn has_video(&self) -> bool {
        self.media.iter().any(|media| media.kind == Some(MediaKind::Video))
    }
}

/// The resolution that a value of the enum names, by name or by number.
fn resolution_of(record: Record<'_>, node: NodeId) -> Option<Resolution> {
    match record.string(node) {
        Some(name) => Resolution::from_name(&name),
        None => match record.raw(record.span(node)) {
            "0" => Some(Resolution::Unspecified),
            "1" => Some(Resolution::Low),
            "2" => Some(Resolution::Medium),
            "3" => Some(Resolution::High),
            _ => None,
        },
    }
}

/// Whether what stands behind the last point, if there is one, is an extension that goes with a documented type.
fn agrees(mime: &str, uri: &str) -> bool {
    media::agrees(mime, uri.rsplit('.').next().unwrap_or_default()) == Some(true)
}

/// The time that an offset says, when it is well-formed and not negative.
fn time(text: &str) -> Option<Duration> {
    parse_duration(text).ok().filter(|_| !text.starts_with('-'))
}

fn inside(record: Record<'_>, node: NodeId, ancestor: NodeId) -> bool {
    node > ancestor && node < record.node(ancestor).next
}
