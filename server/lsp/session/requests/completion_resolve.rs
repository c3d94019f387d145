//! `completionItem/resolve`

use crate::ide::completion::{self, DocumentationKey};
use crate::lsp::session::convert;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use lsp_types::{CompletionItem, Documentation};

pub fn answer(state: &mut State, mut item: CompletionItem, reply: Reply<CompletionItem>) {
    let key = item.data.clone().and_then(|data| serde_json::from_value::<DocumentationKey>(data).ok());
    if let Some(text) = key.and_then(|key| completion::documentation(&key)) {
        let markdown = state.client.capabilities().completion_markdown;
        item.documentation = Some(Documentation::MarkupContent(convert::markup(markdown, text)));
    }
    reply.send(Ok(item));
}
