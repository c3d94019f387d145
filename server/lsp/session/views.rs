//! Examples that the client shows as documents of their own: the view of each, and the record in its file.
//!
//! The client edits a view under a URI of its own scheme. Under the same URI, the session keeps a document with the one line
//! that the view stands for. All requests are answered for that line, and their places are [translated](super::translate).

use super::convert::name_of;
use super::document::Origin;
use super::message::Reply;
use super::state::State;
use super::view::{MAX_CLOSED, View, follow, header, is_there, record_text};
use crate::ide::view::Example;
use crate::text::{Change, Document, Splice};
use lsp_types::{Position, Range, Uri};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// Gives the line of a view the settings and the verdict of its file.
pub fn borrow(state: &mut State, number: u64, uri: &Uri) {
    let Some(view) = state.views.get(&number) else { return };
    let Some(source) = state.documents.get_mut(&view.source) else { return };
    // White space and the first line make no difference.
    let is_same = is_there(view, source) && (!view.is_edited() || view.now.text == view.example.record());
    let origin = Origin {
        uri: view.source.clone(),
        path: source.path().map(std::path::Path::to_path_buf),
        verdict: source.judge(),
        line: view.line,
        relations: is_same.then(|| source.relations_at(view.line)),
    };
    let settings = source.settings().clone();
    if let Some(open) = state.documents.get_mut(uri) {
        open.set_settings(settings);
        open.be_view(origin, view.shown.clone(), view.now.clone());
    }
}

/// The client has opened a view. Returns the document of its line, or `None` if the view isn't known.
pub fn opened(state: &mut State, number: u64, uri: &Uri, text: Document) -> Option<Document> {
    let view = state.views.get_mut(&number)?;
    view.uri = Some(uri.clone());
    Some(view.set_text(text))
}

/// The client has edited a view. `stamp` is the new version and the new revision.
pub fn changed(state: &mut State, number: u64, uri: &Uri, changes: &[Change], stamp: (i32, u64)) {
    let encoding = state.client.encoding();
    let Some(view) = state.views.get_mut(&number) else { return };
    let mut shown = view.shown.clone();
    for change in changes {
        shown.apply(change, encoding);
    }
    shown.set_version(stamp.0);
    let document = view.set_text(shown);
    if let Some(open) = state.documents.get_mut(uri) {
        let all = Change { range: None, text: document.rope().to_string() };
        open.change(&[all], encoding, stamp.0, stamp.1);
    }
    borrow(state, number, uri);
}

/// Follows an edit of a file: finds the records of its views again, and offers their new text where the view wasn't edited.
pub fn source_changed(state: &mut State, source: &Uri, splices: &[Splice]) {
    let State { views, documents, client, .. } = state;
    let Some(open) = documents.get(source) else { return };
    for view in views.values_mut().filter(|view| view.source == *source) {
        follow(view, splices, open);
        if view.is_gone {
            continue;
        }
        let (text, first) = record_text(open, view.line);
        view.line = first;
        if text == view.example.record() {
            view.offered = None;
        } else if text == view.now.text {
            view.example = view.example.written(&text, &view.shown.rope().to_string());
            view.offered = None;
        } else if !view.is_edited() {
            let example = Example::new(&text, &header(&name_of(source), open, first));
            if let Some(uri) = &view.uri {
                client.notify("tuning-ls/exampleChanged", json!({ "uri": uri, "text": example.text() }));
            }
            view.offered = Some(example);
        }
    }
}

/// Gives the views of a file its verdict, after that was published.
pub fn source_judged(state: &mut State, source: &Uri) {
    let views = state.views.iter().filter(|(_, view)| view.source == *source);
    let views: Vec<_> = views.filter_map(|(number, view)| Some((*number, view.uri.clone()?))).collect();
    for (number, uri) in views {
        borrow(state, number, &uri);
    }
}

/// Forgets the oldest views that the client has closed, if there are many.
pub fn forget(state: &mut State) {
    let is_closed = |view: &View| view.uri.as_ref().is_none_or(|uri| !state.documents.contains_key(uri));
    let closed: Vec<u64> = state.views.iter().filter(|(_, view)| is_closed(view)).map(|(number, _)| *number).collect();
    for number in closed.iter().take(closed.len().saturating_sub(MAX_CLOSED)) {
        state.views.remove(number);
    }
}

/// Answers a request with `answer`. If it is about a view, its places are translated, and those of the answer back.
pub fn through_view<P, T>(state: &mut State, params: P, reply: Reply<T>, answer: impl FnOnce(&mut State, P, Reply<T>))
where
    P: Serialize + DeserializeOwned,
    T: Serialize + DeserializeOwned + Send + 'static,
{
    if state.views.is_empty() {
        return answer(state, params, reply);
    }
    let translated = serde_json::to_value(&params).ok().and_then(|mut value| {
        let uri: Uri = (value.pointer("/textDocument/uri").or(value.pointer("/data/uri")))?.as_str()?.parse().ok()?;
        let mut translation = state.documents.get(&uri)?.translation(&uri, state.client.encoding())?;
        let asked = value.get("position").and_then(|place| serde_json::from_value(place.clone()).ok());
        let of_view = |place: Position| translation.of_view(place);
        let range = |range: Range| Range { start: of_view(range.start), end: of_view(range.end) };
        translation.translate(&mut value, &of_view, &range);
        translation.asked = asked.map(|place| (place, translation.of_view(place)));
        Some((serde_json::from_value(value).ok()?, translation))
    });
    match translated {
        None => answer(state, params, reply),
        Some((params, translation)) => {
            answer(state, params, reply.map(move |answer| translation.answer(answer)));
        }
    }
}
