//! Examples that the client shows as documents of their own: the view of each, and the record in its file.
//!
//! A view is a document with a URI of its own scheme. Behind it, the session keeps a document of one line: the line that the
//! view stands for. All requests are answered for that line, and their places are [translated](super::translate).

use super::message::Reply;
use super::requests::dataset_summary::name_of;
use super::state::State;
use super::view::{follow, header, record_text};
use crate::ide::view::Example;
use crate::text::{Change, Document, Splice};
use lsp_types::Uri;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// Gives the document behind a view what it takes from its file: the settings and the verdict.
pub fn borrow(state: &mut State, number: u64, uri: &Uri) {
    let Some(view) = state.views.get(&number) else { return };
    let Some(source) = state.documents.get(&view.source) else { return };
    let (verdict, settings) = ((source.judge(), view.line), source.settings().clone());
    let path = source.path().map(std::path::Path::to_path_buf);
    if let Some(open) = state.documents.get_mut(uri) {
        open.set_settings(settings);
        open.be_view(path, verdict, view.shown.clone(), view.now.clone());
    }
}

/// The client has opened a view. Returns the document behind it, or `None` if the view isn't known.
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
    let behind = view.set_text(shown);
    if let Some(open) = state.documents.get_mut(uri) {
        let all = Change { range: None, text: behind.rope().to_string() };
        open.change(&[all], encoding, stamp.0, stamp.1);
    }
    borrow(state, number, uri);
}

/// Follows an edit of a file: finds the records of its views again, and shows their new text where the view wasn't edited.
pub fn source_changed(state: &mut State, source: &Uri, splices: &[Splice]) {
    if state.views.is_empty() {
        return;
    }
    let State { views, documents, client, .. } = state;
    let Some(open) = documents.get(source) else { return };
    for view in views.values_mut().filter(|view| view.source == *source) {
        for splice in splices {
            follow(view, *splice, open);
        }
        let (text, first) = record_text(open, view.line);
        view.line = first;
        if view.is_gone || text == view.example.record() {
            continue;
        }
        if text == view.now.text {
            let shown = view.shown.rope().to_string();
            view.refresh(Example::written(&text, &shown));
        } else if !view.is_edited() {
            let name = name_of(source);
            view.refresh(Example::new(&text, &header(&name, open, first)));
            if let Some(uri) = &view.uri {
                client.notify("tuning-ls/exampleChanged", json!({ "uri": uri, "text": view.example.text() }));
            }
        }
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
        let translation = state.documents.get(&uri)?.translation(&uri, state.client.encoding())?;
        translation.translate(&mut value, &|place| translation.of_view(place));
        Some((serde_json::from_value(value).ok()?, translation))
    });
    match translated {
        None => answer(state, params, reply),
        Some((params, translation)) => {
            answer(state, params, reply.map(move |answer| translation.answer(answer)));
        }
    }
}
