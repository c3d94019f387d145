//! Findings that are accepted in the editor: the edit that adds them to the project's baseline.
//!
//! Editors leave the changed files unsaved, so the findings are hidden before they are on disk.

use super::client::Client;
use super::convert;
use super::settings_files;
use super::workspace::{Accepted, Workspace};
use crate::disk::config::read_baseline;
use crate::disk::input::read_text;
use crate::disk::paths::leads_out;
use crate::settings::Baseline;
use crate::settings::baseline::{Entry, FILE_NAME};
use crate::settings::toml::with_baseline;
use lsp_types::*;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The edit that accepts findings in the file at `path`: it adds them to the baseline of its project, and makes the baseline
/// and the settings file if there is none. The error is a message for the user.
pub fn accept(
    workspace: &mut Workspace,
    client: &Client,
    path: &Path,
    new: BTreeSet<Entry>,
) -> Result<(WorkspaceEdit, Accepted), String> {
    let (settings, text) = settings_files::settings_file(workspace, path).ok_or(settings_files::UNREADABLE)?;
    let project = workspace.project_of(path);
    let named = workspace.baseline_file_of(path);
    let earlier = workspace.accepted(&settings);
    let is_named = named.is_some() || earlier.is_some();
    let folder = settings.parent().unwrap_or(&settings);
    let file = earlier.map(|it| it.file.clone()).or(named).unwrap_or_else(|| folder.join(FILE_NAME));
    // The settings of an editor may name a file elsewhere.
    if file.starts_with(folder) && leads_out(&file, folder) {
        return Err(unreplaced(&file, "it leads out of the folder of its `tuning-ls.toml`"));
    }
    let is_new = file.symlink_metadata().is_err();
    let on_disk =
        if is_new { String::new() } else { read_text(&file).map_err(|problem| unreplaced(&file, &problem))? };
    let mut entries = match read_baseline(&file) {
        Ok(read) => read.entries(),
        Err(_) if on_disk.is_empty() => BTreeSet::new(),
        Err(problem) => return Err(format!("{problem}; not replacing it")),
    };
    let before = earlier.map_or_else(|| on_disk.clone(), |earlier| earlier.before.clone());
    // The editor may have these in a file that isn't saved.
    let unsaved = earlier.map(|earlier| earlier.baseline.entries()).unwrap_or_default();
    let lines = on_disk.lines().count().max(Baseline::text(&unsaved).lines().count());
    entries.extend(unsaved);
    entries.extend(new);
    let mut changes = Vec::new();
    if !is_named {
        let changed = with_baseline(&text, FILE_NAME)
            .ok_or_else(|| format!("`baseline` cannot be added to {}", settings.display()))?;
        let uri = uri(&settings)?;
        changes.extend((project.is_none() && !settings.exists()).then(|| create(&uri)));
        changes.push(settings_files::document_change(&uri, &text, &changed, client.encoding()));
    }
    let uri = uri(&file)?;
    changes.extend((!file.exists()).then(|| create(&uri)));
    let end = Position { line: u32::try_from(lines).unwrap_or(u32::MAX), character: 0 };
    let range = Range { start: Position::default(), end };
    changes.push(convert::document_edit(uri, None, vec![TextEdit { range, new_text: Baseline::text(&entries) }]));
    let edit = WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() };
    Ok((edit, Accepted { file, before, baseline: Arc::new(Baseline::of_entries(entries)) }))
}

fn unreplaced(file: &Path, problem: &str) -> String {
    format!("{}: {problem}; not replacing it", file.display())
}

fn uri(path: &Path) -> Result<Uri, String> {
    Uri::from_file_path(path).map_err(|()| format!("{} has no URI", path.display()))
}

fn create(uri: &Uri) -> DocumentChange {
    let options = CreateFileOptions { ignore_if_exists: Some(true), ..CreateFileOptions::default() };
    DocumentChange::CreateFile(CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None })
}
