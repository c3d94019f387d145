//! `textDocument/semanticTokens/range`, and `full` and `full/delta` for small files

use crate::ide::semantic_tokens;
use crate::lsp::session::convert;
use crate::lsp::session::document::OpenDocument;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use crate::text::Encoding;
use lsp_types::*;
use std::ops::Range;

/// The largest file, in bytes, whose tokens can be requested at once. Editors have other requests for large files.
const SMALL: usize = 1 << 20;

pub fn range(state: &mut State, params: SemanticTokensRangeParams, reply: Reply<Option<SemanticTokens>>) {
    let encoding = state.client.encoding();
    let lines = params.range.start.line as usize..(params.range.end.line as usize).saturating_add(1);
    let open = state.documents.get_mut(&params.text_document.uri).filter(|open| !open.is_view());
    let tokens = open.map(|open| SemanticTokens { result_id: None, data: tokens(open, lines, encoding) });
    reply.send(Ok(tokens));
}

pub fn full(state: &mut State, params: SemanticTokensParams, reply: Reply<Option<SemanticTokens>>) {
    reply.send(Ok(whole(state, &params.text_document.uri)));
}

pub fn delta(state: &mut State, params: SemanticTokensDeltaParams, reply: Reply<Option<SemanticTokensDeltaResponse>>) {
    let uri = params.text_document.uri;
    let before = state.documents.get_mut(&uri).filter(|open| !open.is_view()).and_then(|open| open.given.tokens.take());
    let before = before.filter(|(id, _)| *id == params.previous_result_id);
    let answer = whole(state, &uri).map(|now| match before {
        Some((_, before)) => SemanticTokensDelta { result_id: now.result_id, edits: edits(&before, &now.data) }.into(),
        None => now.into(),
    });
    reply.send(Ok(answer));
}

/// The tokens of a small file; `None` if it isn't small.
fn whole(state: &mut State, uri: &Uri) -> Option<SemanticTokens> {
    let (encoding, id) = (state.client.encoding(), state.next_number().to_string());
    let open =
        state.documents.get_mut(uri).filter(|open| !open.is_view() && open.document().rope().len_bytes() <= SMALL)?;
    let data = tokens(open, 0..open.document().line_count(), encoding);
    open.given.tokens = Some((id.clone(), data.clone()));
    Some(SemanticTokens { result_id: Some(id), data })
}

fn tokens(open: &mut OpenDocument, lines: Range<usize>, encoding: Encoding) -> Vec<SemanticToken> {
    let tokens = open.with_fixes(|file, analyst| semantic_tokens::tokens(file, lines, analyst));
    convert::semantic_tokens(open.document(), encoding, &tokens)
}

/// The smallest edit between two lists of tokens, each of which is five numbers.
fn edits(before: &[SemanticToken], now: &[SemanticToken]) -> Vec<SemanticTokensEdit> {
    let start = before.iter().zip(now).take_while(|(one, other)| one == other).count();
    let (old, new) = (&before[start..], &now[start..]);
    let same = old.iter().rev().zip(new.iter().rev()).take_while(|(one, other)| one == other).count();
    let (old, new) = (&old[..old.len() - same], &new[..new.len() - same]);
    if old.is_empty() && new.is_empty() {
        return Vec::new();
    }
    let numbers = |count: usize| u32::try_from(count * 5).unwrap_or(u32::MAX);
    let data = new.iter().flat_map(|token| {
        [token.delta_line, token.delta_start, token.length, token.token_type, token.token_modifiers_bitset]
    });
    vec![SemanticTokensEdit { start: numbers(start), delete_count: numbers(old.len()), data: Some(data.collect()) }]
}
