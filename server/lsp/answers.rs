//! Answers to requests: the engine's, in the protocol's terms.

use super::capabilities::{FIX_ALL, NORMALIZE, SET_MEDIA_RESOLUTION};
use super::convert;
use super::extensions;
use super::message::{Ask, Reply};
use super::session::{Open, Session};
use super::settings_files;
use super::whole::{FileEdits, Whole, give};
use crate::analysis::Source;
use crate::ide::completion::{self, Asked, DocumentationKey, ItemKind};
use crate::ide::edits::{Place, TextEdit};
use crate::ide::fixes::{self, ActionKind, File, Task};
use crate::ide::{format, hover};
use crate::rules::{Extent, Operation};
use crate::text::{Document, Encoding, position};
use lsp_types::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use tower_lsp::jsonrpc::{Error, Result};

/// Formatting a range of more lines than this is the worker's.
const FEW_LINES: usize = 100;

/// Records around the cursor whose values are offered: so many on either side, and so many bytes.
const NEARBY_RECORDS: usize = 40;
const NEARBY_BYTES: usize = 24 << 10;

/// Answers a request, or has the worker answer it.
pub(super) fn answer(session: &mut Session, ask: Ask) {
    match ask {
        Ask::Completion { uri, position, reply } => send(reply, || Ok(complete(session, &uri, position))),
        Ask::ResolveCompletion { item, reply } => send(reply, || Ok(resolve_completion(session, *item))),
        Ask::Hover { uri, position, reply } => send(reply, || Ok(hover_at(session, &uri, position))),
        Ask::CodeAction { uri, range, context, reply } => code_actions(session, uri, range, &context, reply),
        Ask::ResolveCodeAction { action, reply } => resolve_code_action(session, *action, reply),
        Ask::Format { uri, range, reply } => format_document(session, uri, range, reply),
        Ask::CheckFromDisk { uri, reply } => extensions::check_from_disk(session, uri, reply),
        Ask::DatasetSummary { uri, reply } => send(reply, || Ok(extensions::dataset_summary(session, &uri))),
        Ask::Rules { reply } => send(reply, || Ok(extensions::rules(session))),
    }
}

/// Answers, unless the request has been cancelled.
fn send<T>(reply: Reply<T>, answer: impl FnOnce() -> Result<T>) {
    if !reply.is_closed() {
        let _ = reply.send(answer());
    }
}

/// The text of the record at a place, its first line, and the byte in it.
fn record_at(open: &Open, place: Position, encoding: Encoding) -> (String, usize, usize) {
    let (line, _) = open.document.byte_in_line(convert::position(place), encoding);
    let record = open.lines.record_at(line);
    let mut buffer = String::new();
    let text = Source::record(&open.document, record.clone(), &mut buffer).text.to_owned();
    let byte = convert::byte_in_record(&open.document, record.start, place, encoding).min(text.len());
    (text, record.start, byte)
}

fn complete(session: &Session, uri: &Uri, place: Position) -> Option<CompletionResponse> {
    let open = session.documents.get(uri)?;
    let encoding = session.client.encoding;
    let (text, first, offset) = record_at(open, place, encoding);
    let nearby = nearby(open, first);
    let nearby: Vec<&str> = nearby.iter().map(String::as_str).collect();
    let resolution = open.settings.media_resolution.or(open.verdict.resolution);
    let profile = open.settings.profile();
    let asked = Asked { text: &text, offset, snippets: session.client.snippets, nearby: &nearby, resolution, profile };
    let items = completion::complete(&asked).into_iter().map(|item| {
        let range = convert::span_in_record(&open.document, first, item.replace, encoding);
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
            insert_text_format: Some(if item.snippet {
                InsertTextFormat::Snippet
            } else {
                InsertTextFormat::PlainText
            }),
            text_edit: Some(CompletionItemTextEdit::TextEdit(lsp_types::TextEdit { range, new_text: item.text })),
            data: serde_json::to_value(&item.documentation).ok(),
            ..CompletionItem::default()
        }
    });
    Some(CompletionResponse::CompletionItemList(items.collect()))
}

/// Texts of the records around one, nearest first.
fn nearby(open: &Open, first: usize) -> Vec<String> {
    let mut texts = Vec::new();
    let mut bytes = 0;
    let mut buffer = String::new();
    let mut add = |line: usize, texts: &mut Vec<String>| {
        let record = open.lines.record_at(line);
        if bytes > NEARBY_BYTES || record.contains(&first) || record.len() > 1 {
            return record;
        }
        let text = Source::line(&open.document, line, &mut buffer);
        bytes += text.len();
        if bytes <= NEARBY_BYTES {
            texts.push(text.to_owned());
        }
        record
    };
    let (mut before, mut after) = (first, open.lines.record_at(first).end);
    for _ in 0..NEARBY_RECORDS {
        if before > 0 {
            before = add(before - 1, &mut texts).start;
        }
        if after < open.document.line_count() {
            after = add(after, &mut texts).end;
        }
    }
    texts
}

fn resolve_completion(session: &Session, mut item: CompletionItem) -> CompletionItem {
    let key = item.data.clone().and_then(|data| serde_json::from_value::<DocumentationKey>(data).ok());
    if let Some(text) = key.and_then(|key| completion::documentation(&key)) {
        let kind = if session.client.completion_markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
        item.documentation = Some(Documentation::MarkupContent(MarkupContent { kind, value: text }));
    }
    item
}

fn hover_at(session: &Session, uri: &Uri, place: Position) -> Option<Hover> {
    let open = session.documents.get(uri)?;
    let (text, first, offset) = record_at(open, place, session.client.encoding);
    let resolution = open.settings.media_resolution.or(open.verdict.resolution);
    let found = hover::hover(&text, offset, resolution, open.settings.profile())?;
    let kind = if session.client.hover_markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    Some(Hover {
        contents: Contents::MarkupContent(MarkupContent { kind, value: found.markdown }),
        range: Some(convert::span_in_record(&open.document, first, found.span, session.client.encoding)),
    })
}

/// A code action whose edit is made when it is resolved.
#[derive(Debug, Serialize, Deserialize)]
struct Deferred {
    uri: Uri,
    revision: u64,
    what: DeferredTask,
}

#[derive(Debug, Serialize, Deserialize)]
enum DeferredTask {
    Operation { line: usize, operation: Operation },
    NormalizeAll,
    FixAll,
}

impl DeferredTask {
    /// A task whose edits are made only when they are wanted: one that looks at the whole file.
    fn of(task: &Task) -> Option<Self> {
        match task {
            Task::NormalizeAll => Some(Self::NormalizeAll),
            Task::FixAll => Some(Self::FixAll),
            &Task::Operation { line, operation } if is_whole(operation) => Some(Self::Operation { line, operation }),
            _ => None,
        }
    }

    fn task(self) -> Task {
        match self {
            Self::Operation { line, operation } => Task::Operation { line, operation },
            Self::NormalizeAll => Task::NormalizeAll,
            Self::FixAll => Task::FixAll,
        }
    }
}

fn is_whole(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Unwrap
            | Operation::LineEnds
            | Operation::DeleteCopies
            | Operation::SetResolution { extent: Extent::File | Extent::Dataset, .. }
    )
}

/// Whether an action of kind `kind` is wanted: kinds are hierarchical, `source` wants `source.fixAll`.
/// What changes the whole source has to be asked for.
fn is_wanted(kind: &CodeActionKind, only: Option<&[CodeActionKind]>) -> bool {
    let kind = kind.as_str();
    match only {
        None => !kind.starts_with("source"),
        Some(only) => only.iter().any(|wanted| {
            let wanted = wanted.as_str();
            kind == wanted || wanted.is_empty() || kind.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
        }),
    }
}

fn code_actions(
    session: &mut Session,
    uri: Uri,
    range: Range,
    context: &CodeActionContext,
    reply: Reply<Option<Vec<CodeActionResponse>>>,
) {
    if reply.is_closed() {
        return;
    }
    // Whether a line is judged, and which resolution it should have, hangs on the others.
    session.settle(&uri);
    let path = session.documents.get(&uri).and_then(|open| open.path.clone());
    let wants_quick_fixes = is_wanted(&CodeActionKind::QuickFix, context.only.as_deref());
    let silencing = match path.filter(|_| wants_quick_fixes) {
        Some(path) => settings_files::actions(session, &path, &context.diagnostics),
        None => Vec::new(),
    };
    let Session { client, documents, .. } = session;
    let Some(Open { document, lines, settings, analyst, revision, .. }) = documents.get_mut(&uri) else {
        return send(reply, || Ok(Some(Vec::new())));
    };
    let encoding = client.encoding;
    let verdict = lines.verdict(document, analyst);
    let file = File { source: &*document, lines, verdict: &verdict, settings };
    let place = |position| {
        let (line, byte) = document.byte_in_line(convert::position(position), encoding);
        Place { line, byte }
    };
    let mut found = fixes::actions(&file, analyst, place(range.start), place(range.end));
    found.extend(fixes::file_actions(&file));
    found.retain(|action| is_wanted(&lsp_kind(action.kind), context.only.as_deref()));
    let mut actions = Vec::new();
    let mut tasks = Vec::new();
    for action in found {
        let deferred = DeferredTask::of(&action.task);
        let mended = action.fixes.map(|(code, span, line)| {
            let place = convert::span_in_record(document, line, span, encoding);
            let same = |shown: &&Diagnostic| shown.range == place && shown.code == Some(Code::String(code.to_owned()));
            context.diagnostics.iter().filter(same).cloned().collect::<Vec<_>>()
        });
        let mut answer = CodeAction {
            title: action.title,
            diagnostics: mended.filter(|mended| !mended.is_empty()),
            kind: Some(lsp_kind(action.kind)),
            is_preferred: (action.preferred && client.code_action_preferred).then_some(true),
            ..CodeAction::default()
        };
        match deferred {
            Some(what) if client.code_action_resolve_edit => {
                let deferred = Deferred { uri: uri.clone(), revision: *revision, what };
                answer.data = serde_json::to_value(deferred).ok();
            }
            Some(_) => tasks.push((actions.len(), action.task)),
            None => {
                let edits = fixes::edits(&file, analyst, &action.task);
                let file = FileEdits { uri: uri.clone(), document: document.clone(), open: true, edits };
                answer.edit = Some(workspace_edit(client.document_changes, encoding, vec![file]));
            }
        }
        actions.push(answer);
    }
    actions.extend(silencing);
    if tasks.is_empty() {
        return send(reply, || Ok(Some(actions.into_iter().map(CodeActionResponse::CodeAction).collect())));
    }
    // A client that cannot resolve gets all edits with the list.
    let versioned = client.document_changes;
    let (places, tasks): (Vec<_>, Vec<_>) = tasks.into_iter().unzip();
    give(session, uri, Whole::Tasks(tasks), reply, move |edits| {
        for (place, files) in places.into_iter().zip(edits) {
            actions[place].edit = Some(workspace_edit(versioned, encoding, files));
        }
        actions.retain(|action| action.edit.as_ref().is_some_and(|edit| !is_empty(edit)));
        Some(actions.into_iter().map(CodeActionResponse::CodeAction).collect())
    });
}

fn lsp_kind(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::QuickFix => CodeActionKind::QuickFix,
        ActionKind::Rewrite => CodeActionKind::RefactorRewrite,
        ActionKind::FixAll => FIX_ALL,
        ActionKind::NormalizeAll => NORMALIZE,
        ActionKind::SetMediaResolution => SET_MEDIA_RESOLUTION,
    }
}

fn resolve_code_action(session: &mut Session, mut action: CodeAction, reply: Reply<CodeAction>) {
    let deferred = action.data.clone().and_then(|data| serde_json::from_value::<Deferred>(data).ok());
    let Some(deferred) = deferred else { return send(reply, || Ok(action)) };
    let revision = session.documents.get(&deferred.uri).map(|open| open.revision);
    if revision != Some(deferred.revision) {
        return send(reply, || Err(Error::content_modified()));
    }
    let (versioned, encoding) = (session.client.document_changes, session.client.encoding);
    give(session, deferred.uri, Whole::Tasks(vec![deferred.what.task()]), reply, move |edits| {
        action.edit = Some(workspace_edit(versioned, encoding, edits.into_iter().flatten().collect()));
        action
    });
}

fn format_document(
    session: &mut Session,
    uri: Uri,
    range: Option<Range>,
    reply: Reply<Option<Vec<lsp_types::TextEdit>>>,
) {
    let encoding = session.client.encoding;
    let Some(open) = session.documents.get(&uri) else { return send(reply, || Ok(None)) };
    let all = 0..open.document.line_count();
    let lines = range.map_or(all.clone(), |range| {
        // A range that ends at the start of a line does not touch that line.
        let end = range.end.line as usize + usize::from(range.end.character > 0 || range.end == range.start);
        (range.start.line as usize).min(all.end)..end.clamp(range.start.line as usize, all.end)
    });
    if lines.len() <= FEW_LINES {
        let edits = format::format(&open.document, &open.lines, lines);
        return send(reply, || Ok(Some(text_edits(&open.document, encoding, edits))));
    }
    give(session, uri, Whole::Format(lines), reply, move |edits| {
        let files = edits.into_iter().flatten();
        Some(files.flat_map(|file| text_edits(&file.document, encoding, file.edits)).collect())
    });
}

fn is_empty(edit: &WorkspaceEdit) -> bool {
    let changes = edit.changes.as_ref().is_none_or(|changes| changes.values().all(Vec::is_empty));
    let documents = edit.document_changes.as_ref().is_none_or(|changes| {
        changes.iter().all(|change| matches!(change, DocumentChange::TextDocumentEdit(edit) if edit.edits.is_empty()))
    });
    changes && documents
}

/// Edits in the protocol's terms.
pub(super) fn text_edits(document: &Document, encoding: Encoding, edits: Vec<TextEdit>) -> Vec<lsp_types::TextEdit> {
    let place = |place: Place| Position {
        line: u32::try_from(place.line).unwrap_or(u32::MAX),
        character: position::column_of_byte(document.line(place.line), place.byte, encoding),
    };
    let edits = edits.into_iter().map(|edit| lsp_types::TextEdit {
        range: Range { start: place(edit.start), end: place(edit.end) },
        new_text: edit.text,
    });
    edits.collect()
}

fn workspace_edit(versioned: bool, encoding: Encoding, files: Vec<FileEdits>) -> WorkspaceEdit {
    let edits = |file: FileEdits| text_edits(&file.document, encoding, file.edits);
    if !versioned {
        let changes: HashMap<_, _> = files.into_iter().map(|file| (file.uri.clone(), edits(file))).collect();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let changes = files.into_iter().map(|file| {
        let text_document = OptionalVersionedTextDocumentIdentifier {
            // What is on disk has no version.
            version: file.open.then(|| file.document.version()),
            text_document_identifier: TextDocumentIdentifier { uri: file.uri.clone() },
        };
        let edits = edits(file).into_iter().map(Edit::TextEdit).collect();
        DocumentChange::TextDocumentEdit(TextDocumentEdit { text_document, edits })
    });
    WorkspaceEdit { document_changes: Some(changes.collect()), ..WorkspaceEdit::default() }
}
