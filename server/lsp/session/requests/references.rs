//! `textDocument/references`

use crate::ide::mentions::{Finder, Mention, Role};
use crate::json::Span;
use crate::lsp::session::message::Reply;
use crate::lsp::session::search::{self, FileMentions, Reach};
use crate::lsp::session::state::State;
use lsp_types::{Location, Range, ReferenceParams};

/// The most references in an answer: about 2 MB. Those in the document come first.
const MAX_REFERENCES: usize = 10_000;

/// The mentions in all files of the dataset.
pub fn answer(state: &mut State, params: ReferenceParams, reply: Reply<Option<Vec<Location>>>) {
    let place = params.text_document_position_params;
    let Some((found, _)) = search::at_cursor(state, &place) else { return reply.send(Ok(None)) };
    let declarations = params.context.include_declaration;
    let convert = move |mention: &Mention, range: &dyn Fn(Span) -> Range| {
        (declarations || mention.role != Role::Declaration).then(|| range(mention.span))
    };
    let work_done = state.work_done(params.work_done_progress_params, "Searching for references");
    let what = (Finder::new(&found.subject), Reach::Dataset, MAX_REFERENCES);
    search::search(state, &place.text_document.uri, what, convert, (reply, work_done), |_, files| {
        let locations = |file: FileMentions<Range>| {
            let FileMentions { uri, found, .. } = file;
            found.into_iter().map(move |range| Location { uri: uri.clone(), range })
        };
        Ok(Some(files.into_iter().flat_map(locations).collect()))
    });
}
