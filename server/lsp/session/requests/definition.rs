//! `textDocument/definition`

use crate::ide::definition::{Definition, Place, definition};
use crate::ide::mentions::{Finder, Mention};
use crate::json::Span;
use crate::lsp::session::convert;
use crate::lsp::session::document::OpenDocument;
use crate::lsp::session::message::Reply;
use crate::lsp::session::search::{self, FileMentions, Reach};
use crate::lsp::session::state::State;
use crate::rules::Role;
use lsp_types::{Definition as Locations, DefinitionParams, DefinitionResponse, Location, LocationLink, Range};

/// The most clips of the training files in an answer.
const MAX_CLIPS: usize = 5_000;

pub fn answer(state: &mut State, params: DefinitionParams, reply: Reply<Option<DefinitionResponse>>) {
    let place = params.text_document_position_params;
    let (encoding, links) = (state.client.encoding(), state.client.capabilities().definition_links);
    let uri = place.text_document.uri;
    let Some(open) = state.documents.get_mut(&uri) else { return reply.send(Ok(None)) };
    let (text, first, offset) = open.record_at(place.position, encoding);
    let found = definition(&text, offset, open.analyst());
    let range = |span| convert::span_in_record(open.document(), first, span, encoding);
    let Some(Definition { origin, place }) = found else { return reply.send(Ok(None)) };
    let origin = range(origin);
    match place {
        Place::Here { around, name } => {
            let link = link(uri, range(around), range(name), origin);
            reply.send(Ok(response(links, vec![link])));
        }
        Place::Training { subject, piece } => {
            let own = state.documents.get(&uri).and_then(OpenDocument::path);
            if own.and_then(|path| search::role_of_path(state, path)).is_none_or(|role| role == Role::Training) {
                return reply.send(Ok(None));
            }
            let overlaps = move |other: (u64, u64)| piece.0 < other.1 && other.0 < piece.1;
            let convert = move |mention: &Mention, range: &dyn Fn(Span) -> Range| {
                overlaps(mention.piece).then(|| (range(mention.around), range(mention.span)))
            };
            let work_done = state.work_done(params.work_done_progress_params, "Searching the training files");
            let what = (Finder::new(&subject), Reach::Training, MAX_CLIPS);
            search::search(state, &uri, what, convert, (reply, work_done), move |_, files| {
                let found = |file: FileMentions<(Range, Range)>| {
                    let FileMentions { uri, found, .. } = file;
                    found.into_iter().map(move |(around, span)| link(uri.clone(), around, span, origin))
                };
                Ok(response(links, files.into_iter().flat_map(found).collect()))
            });
        }
    }
}

fn link(target_uri: lsp_types::Uri, around: Range, name: Range, origin: Range) -> LocationLink {
    LocationLink {
        origin_selection_range: Some(origin),
        target_uri,
        target_range: around,
        target_selection_range: name,
    }
}

/// The answer, in the form that the client supports; `None` if nothing was found.
fn response(links: bool, found: Vec<LocationLink>) -> Option<DefinitionResponse> {
    if found.is_empty() {
        return None;
    }
    if links {
        return Some(DefinitionResponse::DefinitionLinkList(found));
    }
    let location = |link: LocationLink| Location { uri: link.target_uri, range: link.target_selection_range };
    Some(DefinitionResponse::Definition(Locations::LocationList(found.into_iter().map(location).collect())))
}
