//! Requests about a whole document. The worker answers those about long documents.

use super::document::OpenDocument;
use super::message::Reply;
use super::state::State;
use crate::disk::Snapshot;
use crate::text::Document;
use lsp_types::Uri;
use tower_lsp::jsonrpc::Error;

/// The most bytes of a document that the session's thread reads itself, in about 1 ms.
const FEW_BYTES: usize = 512 << 10;

/// Replies with what `answer` returns for an open document, or with null if it isn't open. If the document changes
/// meanwhile, the reply is an error, because the places in the answer would be wrong.
pub fn answer_whole<T: Send + 'static>(
    state: &mut State,
    uri: Uri,
    reply: Reply<Option<T>>,
    answer: impl FnOnce(&Uri, &Snapshot<Document>) -> T + Send + 'static,
) {
    let Some(open) = state.documents.get(&uri) else { return reply.send(Ok(None)) };
    let (revision, snapshot) = (open.revision(), open.snapshot());
    if snapshot.source.rope().len_bytes() <= FEW_BYTES {
        return reply.send(Ok(Some(answer(&uri, &snapshot))));
    }
    let work = move || (!reply.is_cancelled()).then(|| (answer(&uri, &snapshot), uri, reply));
    state.work(work, move |state, done| {
        let Some((answer, uri, reply)) = done else { return };
        let same = state.documents.get(&uri).map(OpenDocument::revision) == Some(revision);
        reply.send(if same { Ok(Some(answer)) } else { Err(Error::content_modified()) });
    });
}
