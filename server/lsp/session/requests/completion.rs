//! `textDocument/completion`

use crate::analysis::Source;
use crate::ide::completion::{self, Asked, DocumentationKey, ItemKind};
use crate::lsp::session::convert;
use crate::lsp::session::document::OpenDocument;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use lsp_types::{
    CompletionContext, CompletionItem, CompletionItemKind, CompletionItemTextEdit, CompletionList, CompletionParams,
    CompletionResponse, CompletionTriggerKind, InsertTextFormat, TextEdit,
};

/// The most records on each side of the cursor whose values are offered, and the most bytes of them.
const NEARBY_RECORDS: usize = 40;
const NEARBY_BYTES: usize = 24 << 10;

pub fn answer(state: &mut State, params: CompletionParams, reply: Reply<Option<CompletionResponse>>) {
    reply.send(Ok(complete(state, &params)));
}

fn complete(state: &mut State, params: &CompletionParams) -> Option<CompletionResponse> {
    let place = &params.text_document_position_params;
    let open = state.documents.get_mut(&place.text_document.uri)?;
    let client = state.client.capabilities();
    let (text, first, offset) = open.record_at(place.position, client.encoding);
    let nearby = nearby(open, first);
    let nearby: Vec<&str> = nearby.iter().map(String::as_str).collect();
    let is_by_hand = |context: &CompletionContext| context.trigger_kind != CompletionTriggerKind::TriggerCharacter;
    let by_hand = params.context.as_ref().is_some_and(is_by_hand);
    let snippets = client.snippets;
    let asked = Asked { text: &text, offset, snippets, by_hand, nearby: &nearby, shared: open.shared() };
    let items = completion::complete(&asked, open.analyst());
    let changes = items.iter().any(|item| matches!(item.documentation, DocumentationKey::Offset(_)));
    let items = items.into_iter().map(|item| {
        let range = convert::span_in_record(open.document(), first, item.replace, client.encoding);
        let format = if item.snippet { InsertTextFormat::Snippet } else { InsertTextFormat::PlainText };
        CompletionItem {
            label: item.label,
            kind: Some(match item.kind {
                ItemKind::Field => CompletionItemKind::Field,
                ItemKind::Value => CompletionItemKind::Value,
                ItemKind::Enum => CompletionItemKind::EnumMember,
                ItemKind::File => CompletionItemKind::File,
                ItemKind::Text => CompletionItemKind::Text,
                ItemKind::Template => CompletionItemKind::Snippet,
            }),
            detail: (!item.detail.is_empty()).then_some(item.detail),
            preselect: item.preselect.then_some(true),
            sort_text: Some(item.sort),
            filter_text: Some(item.filter),
            insert_text_format: Some(format),
            text_edit: Some(CompletionItemTextEdit::TextEdit(TextEdit { range, new_text: item.text })),
            data: serde_json::to_value(&item.documentation).ok(),
            ..CompletionItem::default()
        }
    });
    let items: Vec<_> = items.collect();
    // What a time means changes with each letter, so the client must ask again.
    if changes {
        let list = CompletionList { is_incomplete: true, items, ..CompletionList::default() };
        return Some(CompletionResponse::CompletionList(list));
    }
    Some(CompletionResponse::CompletionItemList(items))
}

/// The texts of the records around one, nearest first.
fn nearby(open: &OpenDocument, first: usize) -> Vec<String> {
    let mut texts = Vec::new();
    let mut bytes = 0;
    let mut buffer = String::new();
    let mut add = |line: usize, texts: &mut Vec<String>| {
        let record = open.lines().record_at(line);
        if bytes > NEARBY_BYTES || record.contains(&first) || record.len() > 1 {
            return record;
        }
        let text = Source::line(open.document(), line, &mut buffer);
        bytes += text.len();
        if bytes <= NEARBY_BYTES {
            texts.push(text.to_owned());
        }
        record
    };
    let (mut before, mut after) = (first, open.lines().record_at(first).end);
    for _ in 0..NEARBY_RECORDS {
        if before > 0 {
            before = add(before - 1, &mut texts).start;
        }
        if after < open.document().line_count() {
            after = add(after, &mut texts).end;
        }
    }
    texts
}
