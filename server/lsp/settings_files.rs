//! `tuning-ls.toml` in the editor: what is wrong in it, and switching a rule off in it.

use super::answers::text_edits;
use super::publish::{self, Publication};
use super::session::Session;
use crate::analysis::listing::Listed;
use crate::disk::FileText;
use crate::disk::config::Project;
use crate::ide::edits::change;
use crate::rules::{self, config};
use crate::settings::Level;
use crate::settings::toml::{FILE_NAME, with_rule_level};
use crate::text::Document;
use lsp_types::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Publishes what is wrong in these settings files as they are on disk, and takes back what was published
/// of others.
pub(super) fn publish(session: &mut Session, projects: &[Arc<Project>]) {
    let Session { client, pages, listener, datasets, .. } = session;
    let mut faulty = BTreeMap::new();
    for project in projects.iter().filter(|project| !project.findings.is_empty() || project.unread.is_some()) {
        let Ok(uri) = Uri::from_file_path(&project.path) else { continue };
        let text = FileText::new(project.text.clone().into_bytes());
        let unread = project.unread.clone().and_then(|problem| config::finding(&project.configuration, 0..0, problem));
        let diagnostics = project.findings.iter().chain(&unread).map(|finding| {
            // Its spans count from the beginning of the file.
            let listed = Listed { line: 0, finding: Arc::new(finding.to_finding()) };
            let place = |line, byte| super::extensions::place_on_disk(&text, line, byte, client.encoding);
            publish::diagnostic(&uri, client, pages, &listed, &place)
        });
        let diagnostics: Vec<_> = diagnostics.collect();
        if datasets.faulty.get(&project.path) != Some(&diagnostics) {
            listener.publish(Publication { uri, version: None, diagnostics: diagnostics.clone() });
        }
        faulty.insert(project.path.clone(), diagnostics);
    }
    for path in datasets.faulty.keys().filter(|path| !faulty.contains_key(*path)) {
        if let Ok(uri) = Uri::from_file_path(path) {
            listener.publish(publish::nothing(uri));
        }
    }
    datasets.faulty = faulty;
}

/// The actions that switch the rules of these diagnostics off in the settings file of the document at
/// `path`; it is made where there is none, in the folder that the client has open, else beside the document.
pub(super) fn actions(session: &mut Session, path: &Path, diagnostics: &[Diagnostic]) -> Vec<CodeAction> {
    let project = session.projects.project_of(path);
    // What cannot be read is not changed.
    if !session.client.document_changes || project.as_ref().is_some_and(|project| project.unread.is_some()) {
        return Vec::new();
    }
    let is_new = project.is_none();
    if is_new && !session.client.create_files {
        return Vec::new();
    }
    let (file, text) = match project {
        Some(project) => (project.path.clone(), project.text.clone()),
        None => (new_file(session, path), String::new()),
    };
    let Ok(uri) = Uri::from_file_path(&file) else { return Vec::new() };
    let mut codes: Vec<&'static str> = Vec::new();
    for diagnostic in diagnostics {
        let Some(Code::String(code)) = &diagnostic.code else { continue };
        let rule = rules::by_code(code).filter(|rule| !codes.contains(&rule.code));
        codes.extend(rule.map(|rule| rule.code));
    }
    let action = |code: &'static str| {
        let changed = with_rule_level(&text, code, Level::Off).filter(|changed| *changed != text)?;
        let of_code = |diagnostic: &&Diagnostic| diagnostic.code == Some(Code::String(code.to_owned()));
        Some(CodeAction {
            title: format!("Turn off rule {code} in {FILE_NAME}"),
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(diagnostics.iter().filter(of_code).cloned().collect()),
            edit: Some(edit(&uri, is_new, &text, &changed, session.client.encoding)),
            ..CodeAction::default()
        })
    };
    codes.into_iter().filter_map(action).collect()
}

/// Where the settings of a document go that has none yet.
fn new_file(session: &Session, path: &Path) -> PathBuf {
    let around = session.folders.iter().find(|folder| path.starts_with(folder));
    let folder = around.map(PathBuf::as_path).or(path.parent()).unwrap_or(path);
    folder.join(FILE_NAME)
}

/// What makes of a file, which may be new, another text.
fn edit(uri: &Uri, is_new: bool, text: &str, changed: &str, encoding: crate::text::Encoding) -> WorkspaceEdit {
    let document = Document::new(text, 0);
    let edits = change(&document, 0..document.line_count(), changed).into_iter().collect();
    let text_document = OptionalVersionedTextDocumentIdentifier {
        version: None,
        text_document_identifier: TextDocumentIdentifier { uri: uri.clone() },
    };
    let edits = text_edits(&document, encoding, edits).into_iter().map(Edit::TextEdit).collect();
    let make = CreateFile { uri: uri.clone(), options: None, annotation_id: None };
    let make = is_new.then_some(DocumentChange::CreateFile(make));
    let edit = DocumentChange::TextDocumentEdit(TextDocumentEdit { text_document, edits });
    WorkspaceEdit { document_changes: Some(make.into_iter().chain([edit]).collect()), ..WorkspaceEdit::default() }
}
