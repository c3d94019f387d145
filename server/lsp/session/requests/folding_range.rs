//! `textDocument/foldingRange`

use crate::disk::Snapshot;
use crate::ide::folding::{self, Fold};
use crate::ide::title;
use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use crate::lsp::session::whole::answer_whole;
use crate::text::Document;
use lsp_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};

/// The most folds in an answer, which is then under 1 MB.
const MAX_FOLDS: usize = 10_000;

pub fn answer(state: &mut State, params: FoldingRangeParams, reply: Reply<Option<Vec<FoldingRange>>>) {
    let client = state.client.capabilities();
    let limit = client.fold_limit.map_or(MAX_FOLDS, |limit| MAX_FOLDS.min(limit as usize));
    let (regions, texts) = (client.fold_regions, client.fold_texts);
    answer_whole(state, params.text_document.uri, reply, move |_, snapshot| {
        let folds = folds(snapshot, limit);
        folds.into_iter().map(|fold| range(fold, regions, texts)).collect()
    });
}

fn folds(snapshot: &Snapshot<Document>, limit: usize) -> Vec<Fold> {
    let records = &snapshot.records;
    let located = snapshot.read(0..records.len(), |index, reading| {
        let location = title::location(reading.record, reading.example);
        Some((records[index].clone(), location.map(|location| location.into_owned())))
    });
    let mut folds = folding::folds(&located);
    if folds.len() > limit {
        // The longest ones are the most useful.
        folds.sort_by_key(|fold| std::cmp::Reverse(fold.lines.len()));
        folds.truncate(limit);
        folds.sort_by_key(|fold| (fold.lines.start, std::cmp::Reverse(fold.lines.end)));
    }
    folds
}

/// Folds whole lines. Without characters, a fold starts and ends at the ends of its lines, for every client.
fn range(fold: Fold, regions: bool, texts: bool) -> FoldingRange {
    let line = |line: usize| u32::try_from(line).unwrap_or(u32::MAX);
    FoldingRange {
        start_line: line(fold.lines.start),
        start_character: None,
        end_line: line(fold.lines.end - 1),
        end_character: None,
        kind: (regions && fold.text.is_some()).then_some(FoldingRangeKind::Region),
        collapsed_text: fold.text.filter(|_| texts),
    }
}
