//! `textDocument/inlayHint`

use crate::ide::hints;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use lsp_types::{InlayHint, InlayHintParams, Position};

pub fn answer(state: &mut State, params: InlayHintParams, reply: Reply<Option<Vec<InlayHint>>>) {
    reply.send(Ok(Some(hints(state, &params).unwrap_or_default())));
}

fn hints(state: &mut State, params: &InlayHintParams) -> Option<Vec<InlayHint>> {
    let State { documents, workspace, .. } = state;
    let open = documents.get_mut(&params.text_document.uri).filter(|open| !open.is_view())?;
    open.given.hints = Some(open.shared());
    if !workspace.inlay_hints(open.path()) {
        return None;
    }
    // The tokens depend on the shared value of the other lines.
    open.settle();
    let lines = params.range.start.line as usize..(params.range.end.line as usize).saturating_add(1);
    let (shared, hints) =
        open.with_fixes(|file, analyst| (hints::shared(file, analyst), hints::hints(file, lines, analyst)));
    open.given.hints = Some(shared);
    let hints = hints.into_iter().map(|hint| InlayHint {
        position: Position { line: u32::try_from(hint.line).unwrap_or(u32::MAX), character: 0 },
        label: hint.text.into(),
        kind: None,
        text_edits: None,
        tooltip: None,
        padding_left: None,
        padding_right: Some(true),
        data: None,
    });
    Some(hints.collect())
}
