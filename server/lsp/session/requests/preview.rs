//! `tuning-ls/preview` and `tuning-ls/setOffsets`

use crate::analysis::Source;
use crate::ide::edits::{Excerpt, without_mark};
use crate::ide::{offsets, preview};
use crate::lsp::session::convert::{self, FileEdits, workspace_edit};
use crate::lsp::session::document::OpenDocument;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use crate::lsp::session::{translate, view};
use crate::schema::scalar::Duration;
use crate::settings::Settings;
use crate::settings::media::Lookup;
use lsp_types::{Position, Range, TextDocumentIdentifier, Uri, WorkspaceEdit};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Which example to show.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PreviewParams {
    /// A file, or a view of an example in it.
    pub text_document: TextDocumentIdentifier,
    /// A place in the file. A view needs none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

/// An example as a conversation.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PreviewAnswer {
    /// The few words by which a person recognizes it.
    pub title: String,
    /// The file.
    pub uri: Uri,
    /// The first line of its record there, 0-based.
    pub line: usize,
    /// The number of the example in the file, counted from 1.
    pub number: usize,
    /// The number of examples in the file.
    pub count: usize,
    /// Whether segments of its recordings can be set.
    pub has_segments: bool,
    /// Its turns, in the order of the line.
    pub turns: Vec<TurnAnswer>,
}

/// A turn.
#[derive(Debug, Serialize)]
pub struct TurnAnswer {
    /// `user`, `model`, `system`, `tool`, or null.
    pub speaker: Option<&'static str>,
    /// The role as it is written.
    pub role: String,
    /// What sets it apart, such as `score 0`, or null.
    pub note: Option<String>,
    /// What it says.
    pub parts: Vec<PartAnswer>,
}

/// A part of a turn.
#[derive(Debug, Serialize)]
pub struct PartAnswer {
    /// Its place in the file, to show the diagnostics there.
    pub range: Range,
    /// The `file:` URI of the local copy of a media file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<Uri>,
    /// What it holds.
    #[serde(flatten)]
    pub content: preview::Content,
}

/// The segment to set.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OffsetsParams {
    /// A file, or a view of an example in it.
    pub text_document: TextDocumentIdentifier,
    /// A place in the file. A view needs none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// The index of the media file in the example, as `tuning-ls/preview` gives it.
    pub media: usize,
    /// The start of the segment in seconds. If absent, it stays as it is.
    #[serde(default)]
    pub start: Option<f64>,
    /// The end of the segment in seconds. If absent, it stays as it is.
    #[serde(default)]
    pub end: Option<f64>,
}

/// Answers with an example as a conversation; `None` where there is none.
pub fn answer(state: &mut State, params: PreviewParams, reply: Reply<Option<PreviewAnswer>>) {
    reply.send(Ok(shown(state, &params.text_document.uri, params.position)));
}

fn shown(state: &mut State, uri: &Uri, position: Option<Position>) -> Option<PreviewAnswer> {
    let encoding = state.client.encoding();
    let (source, open, first, text) = record(state, uri, position)?;
    let (number, count) = view::place_among_examples(open, first);
    let reading = open.analyst().read(&text);
    let has_segments = !reading.kind.format.words.segment_end.is_empty();
    let preview::Preview { title, turns } = preview::preview(&reading);
    let range = |part: preview::ShownPart| PartAnswer {
        range: convert::span_in_record(open.document(), first, part.span, encoding),
        file: copy(open.settings(), &part.content),
        content: part.content,
    };
    let turns = turns.into_iter().map(|turn| TurnAnswer {
        speaker: turn.speaker,
        role: turn.role,
        note: turn.note,
        parts: turn.parts.into_iter().map(range).collect(),
    });
    let turns: Vec<_> = turns.collect();
    Some(PreviewAnswer { title, uri: source, line: first, number, count, has_segments, turns })
}

/// The local copy of a media file.
fn copy(settings: &Settings, content: &preview::Content) -> Option<Uri> {
    let preview::Content::Media(media) = content else { return None };
    match settings.media.as_ref()?.of(media.location.as_deref()?) {
        Lookup::Known(facts) if facts.is_copy => convert::location(Path::new(&facts.origin)).parse().ok(),
        _ => None,
    }
}

/// Answers with the edit of the file that sets a segment; `None` if it cannot be set.
pub fn set_offsets(state: &mut State, params: OffsetsParams, reply: Reply<Option<WorkspaceEdit>>) {
    reply.send(Ok(offsets_edit(state, &params)));
}

fn offsets_edit(state: &mut State, params: &OffsetsParams) -> Option<WorkspaceEdit> {
    let client = state.client.capabilities();
    let (versioned, encoding) = (client.document_changes, client.encoding);
    let (source, open, first, text) = record(state, &params.text_document.uri, params.position)?;
    let times = (time(params.start)?, time(params.end)?);
    let edits = offsets::set(&text, params.media, times, open.analyst())?;
    let excerpt = Excerpt::new(open.document(), open.lines().record_at(first));
    let edits = edits.iter().map(|edit| excerpt.edit(edit)).collect::<Option<Vec<_>>>()?;
    let file = FileEdits { uri: source, document: open.document().clone(), open: true, edits };
    Some(workspace_edit(versioned, encoding, vec![file]))
}

/// A time that a player gives, in milliseconds: `Some(None)` if it is absent, `None` if it is not a time.
fn time(seconds: Option<f64>) -> Option<Option<Duration>> {
    let Some(seconds) = seconds else { return Some(None) };
    // A file of more than a year is none.
    let is_time = (0.0..=4e7).contains(&seconds);
    #[allow(clippy::cast_possible_truncation)]
    let millis = is_time.then(|| (seconds * 1e3).round() as i128)?;
    Duration::from_nanos(millis * 1_000_000).map(Some)
}

/// The file of an example, its first line there and its text, in which a byte order mark is white space.
fn record<'a>(
    state: &'a mut State,
    uri: &Uri,
    position: Option<Position>,
) -> Option<(Uri, &'a mut OpenDocument, usize, String)> {
    let (source, line) = match translate::number(uri) {
        Some(number) => {
            let view = state.views.get(&number)?;
            (view.source.clone(), view.line)
        }
        None => (uri.clone(), position?.line as usize),
    };
    let open = state.documents.get_mut(&source)?;
    open.settle();
    let record = open.lines().record_at(line);
    let (mut buffer, first) = (String::new(), record.start);
    let text = without_mark(Source::record(open.document(), record, &mut buffer).text).into_owned();
    if text.trim().is_empty() || (open.judge().array.is_some() && view::is_bracket(open, first)) {
        return None;
    }
    Some((source, open, first, text))
}
