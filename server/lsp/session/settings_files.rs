//! `tuning-ls.toml` in the editor: its diagnostics, and the actions that turn off rules in it.

use super::client::Client;
use super::convert;
use super::diagnostics::Shown;
use super::workspace::Workspace;
use crate::analysis::Listed;
use crate::disk::FileText;
use crate::disk::config::{Project, media_findings};
use crate::disk::media::Loaded;
use crate::disk::paths::real;
use crate::ide::edits::change;
use crate::rules;
use crate::rules::configuration::{self, ConfigFinding};
use crate::rules::{Levels, Severity};
use crate::settings::toml::{FILE_NAME, with_renamed_paths, with_rule_level};
use crate::settings::{Configuration, Level};
use crate::text::{Document, Encoding};
use lsp_types::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a client can't change the settings or the baseline.
pub const CANNOT_CREATE: &str = "the client cannot create files in an edit";

/// Why the settings file isn't changed.
pub const UNREADABLE: &str = "the settings file of this project cannot be read";

/// The settings files that have or had diagnostics.
#[derive(Default)]
pub struct SettingsFiles {
    shown: BTreeMap<PathBuf, Shown>,
}

impl SettingsFiles {
    /// Publishes the diagnostics of these settings files as they are on disk, and removes those of other files. `media` gives
    /// what is known about the media files of a settings file.
    pub fn publish<'a>(
        &mut self,
        client: &mut Client,
        projects: &[Arc<Project>],
        media: impl Fn(&Path) -> Option<&'a Loaded>,
    ) {
        let mut faulty = BTreeSet::new();
        for project in projects {
            let media = media(&project.path);
            let media = media.map_or_else(Vec::new, |media| media_findings(&project.configuration, media));
            if project.findings.is_empty() && project.unread.is_none() && media.is_empty() {
                continue;
            }
            let Ok(uri) = Uri::from_file_path(&project.path) else { continue };
            let text = FileText::new(project.text.clone().into_bytes());
            let unread = project.unread.clone();
            let unread = unread.and_then(|problem| configuration::finding(&project.configuration, 0..0, problem));
            // The spans count from the start of the file.
            let listed = |finding: &ConfigFinding| Listed { line: 0, finding: Arc::new(finding.to_finding()) };
            let listed: Vec<_> = project.findings.iter().chain(&unread).chain(&media).map(listed).collect();
            let diagnostics = client.diagnostics_on_disk(&uri, &text, &listed);
            if self.shown.entry(project.path.clone()).or_default().update(diagnostics.clone()) {
                client.publish(uri, None, diagnostics);
            }
            faulty.insert(&project.path);
        }
        for (path, shown) in self.shown.iter_mut().filter(|(path, _)| !faulty.contains(path)) {
            if shown.update(Vec::new())
                && let Ok(uri) = Uri::from_file_path(path)
            {
                client.clear(uri);
            }
        }
    }

    /// The diagnostics of each settings file that has or had some.
    pub fn shown(&mut self) -> impl Iterator<Item = (&Path, &mut Shown)> {
        self.shown.iter_mut().map(|(path, shown)| (path.as_path(), shown))
    }
}

/// The settings file of the document at `path`, and its text; empty if there is none. `None` if it can't be read.
pub fn settings_file(workspace: &mut Workspace, path: &Path) -> Option<(PathBuf, String)> {
    let file = workspace.settings_file_of(path);
    match workspace.project_of(path) {
        // Never change a file that can't be read.
        Some(project) if project.unread.is_some() => None,
        Some(project) => Some((file, project.text.clone())),
        None => Some((file, String::new())),
    }
}

/// The edit that turns off a rule in the settings file of the document at `path`. If there is no settings file, it creates
/// one. `None` if there is nothing to change. The error is a message for the user.
pub fn turning_off(
    workspace: &mut Workspace,
    client: &Client,
    path: &Path,
    code: &str,
) -> Result<Option<WorkspaceEdit>, String> {
    let is_new = workspace.project_of(path).is_none();
    let able = client.capabilities();
    if !able.document_changes || is_new && !able.create_files {
        return Err(CANNOT_CREATE.to_owned());
    }
    let (file, text) = settings_file(workspace, path).ok_or(UNREADABLE)?;
    let uri = Uri::from_file_path(&file).map_err(|()| format!("{} has no URI", file.display()))?;
    let changed = with_rule_level(&text, code, Level::Off)
        .ok_or_else(|| format!("the rule cannot be turned off in {}: it is not valid", file.display()))?;
    if changed == text {
        return Ok(None);
    }
    if !is_off(&file, &changed, path, code) {
        let place = file.display();
        return Err(format!(
            "an `[[override]]` or `[[dataset]]` of {place} sets rule {code} for this file; change it there"
        ));
    }
    let make = CreateFile { uri: uri.clone(), options: None, annotation_id: None };
    let make = is_new.then_some(DocumentChange::CreateFile(make));
    let edit = document_change(&uri, &text, &changed, client.encoding());
    let changes = make.into_iter().chain([edit]).collect();
    Ok(Some(WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() }))
}

/// Whether a rule is off for the document at `path`, with this text of its settings file.
fn is_off(file: &Path, text: &str, path: &Path, code: &str) -> bool {
    let configuration = Configuration::from_toml(text).0.in_folder(file.parent().unwrap_or(file));
    let settings = configuration.for_file(&real(path));
    rules::by_code(code).is_none_or(|rule| Levels::new(&settings).0.severity(rule.id(), Severity::Error).is_none())
}

/// The edit of the settings files that name renamed files or folders; `None` if none does. Each has its old and its new path.
pub fn following(workspace: &mut Workspace, client: &Client, renamed: &[(PathBuf, PathBuf)]) -> Option<WorkspaceEdit> {
    let mut changes: BTreeMap<PathBuf, (String, Vec<(String, String)>)> = BTreeMap::new();
    for (old, new) in renamed {
        let Some((settings, text)) = settings_file(workspace, old).filter(|(_, text)| !text.is_empty()) else {
            continue;
        };
        let below = |path: &Path| Some(path.strip_prefix(settings.parent()?).ok()?.to_str()?.replace('\\', "/"));
        // A pattern can't name what is outside of its folder.
        if let Some(pair) = below(old).zip(below(new)) {
            changes.entry(settings).or_insert((text, Vec::new())).1.push(pair);
        }
    }
    let files = changes.into_iter().filter_map(|(path, (text, pairs))| {
        let changed = with_renamed_paths(&text, &pairs)?;
        let (uri, document) = (Uri::from_file_path(&path).ok()?, Document::new(&text, 0));
        let edits = change(&document, 0..document.line_count(), &changed).into_iter().collect();
        Some(convert::FileEdits { uri, document, open: false, edits })
    });
    let files: Vec<_> = files.collect();
    let versioned = client.capabilities().document_changes;
    (!files.is_empty()).then(|| convert::workspace_edit(versioned, client.encoding(), files))
}

/// Whether a user may want to keep what this rule reports. Invalid JSON must always be fixed.
pub fn may_be_kept(code: &str) -> bool {
    rules::family_of(code).is_none_or(|family| family.name != "json")
}

/// The actions that turn off the rules of these diagnostics in the settings file of the document at `path`.
pub fn actions(workspace: &mut Workspace, client: &Client, path: &Path, diagnostics: &[Diagnostic]) -> Vec<CodeAction> {
    let mut codes: Vec<&'static str> = Vec::new();
    for diagnostic in diagnostics {
        let Some(Code::String(code)) = &diagnostic.code else { continue };
        let rule = rules::by_code(code).filter(|rule| may_be_kept(code) && !codes.contains(&rule.code));
        codes.extend(rule.map(|rule| rule.code));
    }
    let action = |code: &'static str| {
        let of_code = |diagnostic: &&Diagnostic| diagnostic.code == Some(Code::String(code.to_owned()));
        Some(CodeAction {
            title: format!("Turn off rule {code} in {FILE_NAME}"),
            // Not a quick fix, which editors preselect.
            kind: Some(CodeActionKind::RefactorRewrite),
            diagnostics: Some(diagnostics.iter().filter(of_code).cloned().collect()),
            edit: Some(turning_off(workspace, client, path, code).ok()??),
            ..CodeAction::default()
        })
    };
    codes.into_iter().filter_map(action).collect()
}

/// The change of the text of a file.
pub fn document_change(uri: &Uri, text: &str, changed: &str, encoding: Encoding) -> DocumentChange {
    let document = Document::new(text, 0);
    let edits = change(&document, 0..document.line_count(), changed).into_iter().collect();
    convert::document_edit(uri.clone(), None, convert::text_edits(&document, encoding, edits))
}
