//! `textDocument/documentLink` and `documentLink/resolve`

use crate::ide::links;
use crate::lsp::session::convert;
use crate::lsp::session::message::Reply;
use crate::lsp::session::search::long_records;
use crate::lsp::session::state::State;
use lsp_types::{DocumentLink, DocumentLinkParams, Uri};
use serde::{Deserialize, Serialize};

/// The data of a link whose target is made when it is resolved.
#[derive(Debug, Serialize, Deserialize)]
struct Unresolved {
    document: Uri,
    location: String,
}

/// The links of a document, without their targets.
pub fn answer(state: &mut State, params: DocumentLinkParams, reply: Reply<Option<Vec<DocumentLink>>>) {
    let uri = params.text_document.uri;
    let encoding = state.client.encoding();
    let Some(open) = state.documents.get_mut(&uri) else { return reply.send(Ok(None)) };
    let records = long_records(open.lines());
    let document = open.document().clone();
    let found = links::links(&document, &records, open.analyst()).into_iter().map(|link| {
        let unresolved = Unresolved { document: uri.clone(), location: link.location };
        DocumentLink {
            range: convert::range_in_line(&document, link.line, link.span, encoding)
                .unwrap_or_else(|| convert::span_in_record(&document, link.line, link.span, encoding)),
            target: None,
            tooltip: None,
            data: serde_json::to_value(unresolved).ok(),
        }
    });
    reply.send(Ok(Some(found.collect())));
}

/// Adds the target of a link.
pub fn resolve(state: &mut State, mut link: DocumentLink, reply: Reply<DocumentLink>) {
    let unresolved = link.data.clone().and_then(|data| serde_json::from_value::<Unresolved>(data).ok());
    if let Some(Unresolved { document, location }) = unresolved {
        let path = document.to_file_path().ok();
        if let Some(opened) = links::opened(&location, path.as_deref().and_then(std::path::Path::parent)) {
            link.target = opened.target.parse().ok();
            let shows = state.client.capabilities().link_tooltips && link.target.is_some();
            link.tooltip = shows.then_some(opened.tooltip);
        }
    }
    reply.send(Ok(link));
}
