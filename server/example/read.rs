//! Reads an example from a walked record, by the meaning of its fields.

use super::known::{Known, Standing};
use super::mime::{self, MediaKind};
use super::shared::{SharedField, SharedValue};
use super::{Answer, Call, Example, Media, Part, Place, Segment, Speaker, Turn, Vocabulary};
use crate::json::{Kind, NodeId, Record};
use crate::schema::fit::{Fit, Pair};
use crate::schema::scalar::{Duration, is_plain_object, parse_duration};
use crate::schema::{Means, Shape};

impl Example {
    /// The time of an offset, if it is well-formed and not negative.
    #[must_use]
    pub fn time(&self, node: NodeId) -> Option<Duration> {
        let place = self.segments.partition_point(|segment| segment.node < node).checked_sub(1)?;
        match self.segments.get(place)? {
            segment if segment.start == Some(node) => segment.start_time,
            segment if segment.end == Some(node) => segment.end_time,
            _ => None,
        }
    }

    /// Clears it for another record and keeps the memory.
    pub fn clear(&mut self) {
        let Self { turns, parts, media, segments, calls, texts, answers, declared, .. } = self;
        turns.clear();
        parts.clear();
        media.clear();
        segments.clear();
        calls.clear();
        texts.clear();
        answers.clear();
        declared.clear();
        (self.turn_list, self.answer_list, self.settings, self.shared_node) = (None, None, None, None);
        (self.shared, self.tools, self.answer_schema, self.takes_turns) = (None, None, None, false);
    }

    /// The first phase: reads an example from a walked record. The result is the same for all records of one layout: it
    /// includes no contents of strings and numbers, except those of [few values](Means::has_few_values). O(pairs).
    pub fn read_layout(&mut self, record: Record<'_>, fit: &Fit, words: &Vocabulary) {
        self.clear();
        let mut place = Place::Conversation;
        for pair in &fit.pairs {
            let means = pair.field.map_or(Means::Nothing, |field| field.means);
            if let Shape::Object(object) = pair.shape {
                if record.kind(pair.node) != Kind::Object {
                    // A value of another type still sets it, if wrongly.
                    if means == Means::PartShared && record.kind(pair.node) != Kind::Null {
                        self.in_part(record.node(pair.node).parent, |part| part.sets_shared = true);
                    }
                    continue;
                }
                match object.means {
                    Means::Turn => self.turn(pair.node, means, place),
                    Means::Part => self.part(pair.node),
                    Means::Call => {
                        self.part(pair.node);
                        self.call(pair.node, false);
                    }
                    Means::ScoredAnswer => {
                        self.answers.push(Answer { node: pair.node, score: None, rejected: None });
                    }
                    _ => {}
                }
            }
            match means {
                Means::Conversation => (self.turn_list, place) = (Some(pair.node), Place::Conversation),
                Means::Preferred | Means::Rejected => {
                    let rejected = Some(means == Means::Rejected);
                    self.answers.push(Answer { node: pair.node, score: None, rejected });
                    self.answer_list.get_or_insert(pair.node);
                    place = Place::Answer;
                }
                Means::Nothing => {}
                _ => self.field(record, pair, means),
            }
        }
        self.texts.extend(self.parts.iter().flat_map(Part::texts));
        self.read_few_values(record, words);
        self.read_lists(record);
    }

    fn field(&mut self, record: Record<'_>, pair: &Pair, means: Means) {
        let node = pair.node;
        let kind = record.kind(node);
        let parent = record.node(node).parent;
        match means {
            Means::Answers => self.answer_list = Some(node),
            Means::Tools => self.tools = (kind == Kind::Array).then_some(node),
            Means::AnswerSchema => self.answer_schema = Some(node),
            Means::Settings => self.settings = Some(node),
            Means::Shared if self.settings == Some(parent) && kind != Kind::Null => self.shared_node = Some(node),
            Means::Speaker => {
                if let Some(turn) = self.turns.last_mut().filter(|turn| turn.node == parent) {
                    turn.role.get_or_insert(node);
                }
            }
            Means::Weight => self.in_turn(parent, |turn| turn.weight = Some(node)),
            Means::Content if matches!(pair.shape, Shape::String) && kind == Kind::String => {
                self.part(node);
                self.in_part(node, |part| part.text = Some(node));
            }
            Means::Text => self.in_part(parent, |part| part.text = Some(node)),
            Means::Thought if kind == Kind::True => self.in_part(parent, |part| part.thought = true),
            Means::OtherContent => self.in_part(parent, |part| part.other = true),
            Means::File => self.file(node, parent, false, None),
            Means::Image => self.file(node, parent, false, Some(MediaKind::Image)),
            Means::InlineFile => self.file(node, parent, true, None),
            Means::Location => self.in_media(parent, |media| {
                if !media.inline {
                    media.uri.get_or_insert(node);
                }
            }),
            Means::MimeType => self.in_media(parent, |media| {
                media.mime.get_or_insert(node);
            }),
            Means::Segment => {
                let part = self.parts.len().saturating_sub(1);
                if let Some(last) = self.parts.last_mut().filter(|part| inside(record, node, part.node)) {
                    last.segment = Some(node);
                    self.segments.push(Segment { node, part, ..Segment::default() });
                }
            }
            Means::SegmentStart => self.in_segment(parent, |segment| segment.start = Some(node)),
            Means::SegmentEnd => self.in_segment(parent, |segment| segment.end = Some(node)),
            Means::FrameRate => self.in_segment(parent, |segment| segment.fps = Some(node)),
            Means::PartSharedValue if kind != Kind::Null => {
                let grandparent = record.node(parent).parent;
                self.in_part(grandparent, |part| part.shared_node = Some(node));
            }
            Means::Call if matches!(pair.shape, Shape::Object(_)) => {
                // Directly in a turn, it is a part of its own.
                if self.turns.last().is_some_and(|turn| turn.node == parent) {
                    self.part(node);
                    self.call(node, false);
                } else if self.parts.last().is_some_and(|part| part.node == parent) {
                    self.in_part(parent, |part| part.call = Some(node));
                    self.call(node, false);
                }
            }
            Means::CallResult if self.parts.last().is_some_and(|part| part.node == parent) => {
                self.in_part(parent, |part| part.call_result = Some(node));
                self.call(node, true);
            }
            Means::CallName => self.in_call(record, node, false, |call| call.name = Some(node)),
            Means::CallId => self.in_call(record, node, false, |call| call.id = Some(node)),
            Means::Arguments => self.in_call(record, node, false, |call| call.arguments = Some(node)),
            Means::ResultName => self.in_result(record, node, |call| call.name = Some(node)),
            Means::ResultId => self.in_result(record, node, |call| call.id = Some(node)),
            Means::DeclaredName => self.declared.push(node),
            Means::Score => {
                if let Some(last) = self.answers.last_mut().filter(|last| last.node == parent) {
                    last.score = Some(node);
                }
            }
            _ => {}
        }
    }

    fn turn(&mut self, node: NodeId, means: Means, place: Place) {
        let place = match means {
            Means::System => Place::System,
            Means::Answer => Place::Answer,
            _ => place,
        };
        let parts = self.parts.len();
        self.turns.push(Turn { node, place, first_part: parts, end_part: parts, ..Turn::default() });
    }

    fn part(&mut self, node: NodeId) {
        let Some(turn) = self.turns.len().checked_sub(1) else { return };
        self.turns[turn].end_part = self.parts.len() + 1;
        self.parts.push(Part { node, turn, ..Part::default() });
    }

    fn call(&mut self, node: NodeId, is_result: bool) {
        let Some(turn) = self.turns.len().checked_sub(1) else { return };
        if is_result {
            self.turns[turn].answers_call = true;
        } else {
            self.in_part(node, |part| part.call = Some(node));
        }
        self.calls.push(Call { node, turn, is_result, ..Call::default() });
    }

    fn file(&mut self, node: NodeId, parent: NodeId, inline: bool, kind: Option<MediaKind>) {
        let part = self.parts.len().saturating_sub(1);
        // Media inside the result of a call are not the example's.
        let Some(last) = self.parts.last_mut().filter(|part| part.node == parent) else { return };
        // A second file in the same part is a conflict or a duplicate.
        if last.media.is_some() {
            return;
        }
        last.media = Some(self.media.len());
        self.media.push(Media { node, part, inline, kind, kind_by_field: kind.is_some(), ..Media::default() });
    }

    /// Reads the images that have a field or a list of their own. A trainer shows them to the model in the first turn of
    /// the user.
    fn read_lists(&mut self, record: Record<'_>) {
        let Some(root) = record.root().filter(|_| !self.media_lists.is_empty()) else { return };
        let is_user = |turn: &&Turn| turn.speaker == Some(Speaker::User) && turn.first_part < turn.end_part;
        let part = self.turns.iter().find(is_user).map_or(0, |turn| turn.first_part);
        if part >= self.parts.len() {
            return;
        }
        for (name, _) in self.media_lists {
            let Some(value) = record.member(root, name) else { continue };
            // A file may also be alone.
            let is_list = record.kind(value) == Kind::Array;
            let list = record.children(value).filter(|_| is_list);
            for node in list.chain(Some(value).filter(|_| !is_list)) {
                let location = match record.kind(node) {
                    Kind::Object => record.member(node, self.media_path),
                    _ => Some(node),
                };
                let uri = location.filter(|location| record.kind(*location) == Kind::String);
                if uri.is_some() {
                    let kind = Some(MediaKind::Image);
                    self.media.push(Media { node, part, uri, kind, kind_by_field: true, ..Media::default() });
                }
            }
        }
    }

    /// Reads the contents of strings and numbers of few values.
    fn read_few_values(&mut self, record: Record<'_>, words: &Vocabulary) {
        let string = |node: Option<NodeId>| node.and_then(|node| record.string(node));
        for turn in &mut self.turns {
            turn.speaker = string(turn.role).and_then(|role| {
                let other = || words.alias(&role).filter(|_| self.roles.contains(&&*role));
                words.speaker(&role).or_else(other)
            });
            turn.answers_call |= turn.speaker == Some(Speaker::Tool);
        }
        if let Some(shared) = words.shared {
            for part in &mut self.parts {
                if let Some(node) = part.shared_node {
                    part.shared = shared_value(record, node, shared);
                    part.sets_shared = part.shared != Some(SharedValue::UNSET);
                }
            }
            self.shared = self.shared_node.and_then(|node| shared_value(record, node, shared));
        }
        for media in self.media.iter_mut().filter(|media| !media.kind_by_field) {
            let mime = string(media.mime);
            media.kind = mime.as_ref().and_then(|mime| mime::kind_of(mime));
            media.documented = mime.and_then(|mime| words.media_types.iter().copied().find(|name| *name == mime));
            media.extension = media.documented.and_then(|mime| mime::extensions_of(mime).next());
        }
        self.takes_turns = self.takes_turns();
    }

    /// The second phase: reads the contents of other strings and numbers in a record of the layout that was read.
    pub fn read_values(&mut self, record: Record<'_>) {
        let string = |node: Option<NodeId>| node.and_then(|node| record.string(node));
        for media in &mut self.media {
            let Some(uri) = string(media.uri) else { continue };
            media.plain = is_plain_object(&uri);
            media.agrees = media.plain
                && media.documented.is_some_and(|mime| {
                    // Nearly all files have the first extension.
                    let name = media.extension.and_then(|extension| uri.strip_suffix(extension));
                    name.is_some_and(|name| name.ends_with('.')) || agrees(mime, &uri)
                });
        }
        for segment in &mut self.segments {
            segment.start_time = string(segment.start).and_then(|text| time(&text));
            segment.end_time = string(segment.end).and_then(|text| time(&text));
        }
    }

    /// Adds what is known about its media files to an example whose values are read. `known` returns it for a location,
    /// with the MIME type of the content.
    pub fn learn<'a>(&mut self, record: Record<'_>, known: impl Fn(&str) -> (Known, Option<&'a str>)) {
        for media in &mut self.media {
            media.known = Known::default();
            let Some(location) = media.uri.and_then(|uri| record.string(uri)) else { continue };
            // The file is in the line itself.
            if location.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
                media.known.standing = Standing::Present;
                continue;
            }
            let content;
            (media.known, content) = known(&location);
            if let Some((mime, content)) = media.documented.zip(content) {
                media.agrees = media.agrees && !mime::contradicts(mime, content);
            }
        }
    }

    fn takes_turns(&self) -> bool {
        let mut next = Speaker::User;
        let is_instruction = |turn: &&Turn| turn.speaker == Some(Speaker::System);
        for turn in self.conversation().skip_while(is_instruction) {
            if turn.speaker != Some(next) {
                return false;
            }
            next = if next == Speaker::User { Speaker::Model } else { Speaker::User };
        }
        next == Speaker::User
            && !self.turns.is_empty()
            && self.answer_list.is_none()
            && self.turns.iter().all(|turn| !turn.answers_call)
    }

    fn in_turn(&mut self, node: NodeId, set: impl FnOnce(&mut Turn)) {
        if let Some(turn) = self.turns.last_mut().filter(|turn| turn.node == node) {
            set(turn);
        }
    }

    fn in_part(&mut self, node: NodeId, set: impl FnOnce(&mut Part)) {
        if let Some(part) = self.parts.last_mut().filter(|part| part.node == node) {
            set(part);
        }
    }

    fn in_media(&mut self, node: NodeId, set: impl FnOnce(&mut Media)) {
        if let Some(media) = self.media.last_mut().filter(|media| media.node == node) {
            set(media);
        }
    }

    fn in_segment(&mut self, node: NodeId, set: impl FnOnce(&mut Segment)) {
        if let Some(segment) = self.segments.last_mut().filter(|segment| segment.node == node) {
            set(segment);
        }
    }

    fn in_call(&mut self, record: Record<'_>, node: NodeId, is_result: bool, set: impl FnOnce(&mut Call)) {
        let last = self.calls.last_mut().filter(|call| call.is_result == is_result);
        if let Some(call) = last.filter(|call| inside(record, node, call.node)) {
            set(call);
        }
    }

    /// Sets a value of the result that a member belongs to, which may be the whole turn.
    fn in_result(&mut self, record: Record<'_>, node: NodeId, set: impl FnOnce(&mut Call)) {
        let parent = record.node(node).parent;
        let is_turn = self.turns.last().is_some_and(|turn| turn.node == parent);
        if is_turn && self.calls.last().is_none_or(|call| call.node != parent) {
            self.call(parent, true);
        }
        self.in_call(record, node, true, set);
    }
}

/// The shared value of a node, by name or by number.
fn shared_value(record: Record<'_>, node: NodeId, shared: &SharedField) -> Option<SharedValue> {
    match record.string(node) {
        Some(name) => shared.named(&name),
        None => shared.numbered(record.raw(record.span(node))),
    }
}

/// Whether a documented type agrees with the extension of a URI.
fn agrees(mime: &str, uri: &str) -> bool {
    mime::agrees(mime, uri.rsplit('.').next().unwrap_or_default()) == Some(true)
}

/// The time of an offset, if it is well-formed and not negative.
fn time(text: &str) -> Option<Duration> {
    parse_duration(text).ok().filter(|_| !text.starts_with('-'))
}

fn inside(record: Record<'_>, node: NodeId, ancestor: NodeId) -> bool {
    node > ancestor && node < record.node(ancestor).next
}
