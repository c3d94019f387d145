//! `textDocument/hover`

use crate::ide::hover;
use crate::lsp::session::convert;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use lsp_types::{Contents, Hover, HoverParams};

pub fn answer(state: &mut State, params: HoverParams, reply: Reply<Option<Hover>>) {
    reply.send(Ok(hover(state, &params)));
}

fn hover(state: &mut State, params: &HoverParams) -> Option<Hover> {
    let place = &params.text_document_position_params;
    let open = state.documents.get_mut(&place.text_document.uri)?;
    let client = state.client.capabilities();
    let (text, first, offset) = open.record_at(place.position, client.encoding);
    let found = hover::hover(&text, offset, open.shared(), open.analyst())?;
    Some(Hover {
        contents: Contents::MarkupContent(convert::markup(client.hover_markdown, found.markdown)),
        range: Some(convert::span_in_record(open.document(), first, found.span, client.encoding)),
    })
}
