//! `workspace/willRenameFiles`
//!
//! Settings files follow renamed files and folders. Datasets follow copies of media files: their lines name the locations.

use crate::disk::files::dataset_files;
use crate::disk::paths::real;
use crate::ide::mentions::{Finder, Mention, Place};
use crate::json::{Span, lexer};
use crate::lsp::session::edits::source_of_path;
use crate::lsp::session::message::Reply;
use crate::lsp::session::search::{FileMentions, search_files};
use crate::lsp::session::state::State;
use crate::lsp::session::{convert, settings_files};
use crate::schema::scalar::{lower_scheme, percent_encoded};
use crate::settings::MediaSources;
use crate::settings::media::plain_name_of_copy;
use lsp_types::*;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use tower_lsp::jsonrpc::{Error, Result};

/// The most places that are changed at once.
const MAX_CHANGED: usize = 50_000;

/// A renamed file or folder: its old path, and its new one.
type Renamed = (PathBuf, PathBuf);

/// The old and the new location of a media file, or the starts of the locations in a folder, with a slash at the end. A new
/// one on the web has percent escapes.
type Moved = (Place, String);

/// The edits of the settings files and the datasets that name the files or folders.
pub fn answer(state: &mut State, params: RenameFilesParams, reply: Reply<Option<WorkspaceEdit>>) {
    let paths =
        |file: &FileRename| Some((real(&file.old_uri.to_file_path().ok()?), real(&file.new_uri.to_file_path().ok()?)));
    let renamed: Vec<Renamed> = params.files.iter().filter_map(paths).collect();
    let settings = settings_files::following(&mut state.workspace, &state.client, &renamed);
    let (moved, folders) = moved_media(state, &renamed);
    if moved.is_empty() {
        return reply.send(Ok(settings));
    }
    let work = move || {
        let files = folders.iter().flat_map(|folder| dataset_files(folder));
        (files.map(|file| real(&file)).collect::<BTreeSet<_>>(), folders)
    };
    state.work(work, move |state, (mut paths, folders)| {
        let open = state.documents.values().filter(|open| !open.is_view()).filter_map(|open| open.path());
        paths.extend(open.filter(|path| folders.iter().any(|it| path.starts_with(it))).map(Path::to_path_buf));
        let sources = paths.into_iter().filter_map(|path| source_of_path(state, path)).collect();
        let (old, new): (Vec<_>, Vec<_>) = moved.into_iter().unzip();
        let is_remote = old.iter().any(|place| place.location.contains("://"));
        let convert = move |mention: &Mention, range: &dyn Fn(Span) -> Range| {
            let new_text = lexer::unquote(&lexer::quote(new.get(mention.which)?)).to_owned();
            // Other quotes would need other escapes.
            let fits = mention.is_quoted || !new_text.contains(['"', '\'', '\\']);
            fits.then(|| TextEdit { range: range(mention.span), new_text })
        };
        let what = (Finder::of_locations(old), MAX_CHANGED + 1);
        let work_done = state.work_done(WorkDoneProgressParams::default(), "");
        search_files(state, (sources, None), what, convert, (reply, work_done), move |state, files| {
            merged(state, settings, files, is_remote)
        });
    });
}

/// The media files whose copies are renamed, and the folders of the datasets that may name them.
fn moved_media(state: &mut State, renamed: &[Renamed]) -> (Vec<Moved>, BTreeSet<PathBuf>) {
    let (mut moved, mut folders) = (Vec::new(), BTreeSet::new());
    for (old, new) in renamed {
        let project = state.workspace.project_of(old);
        let sources = project.as_ref().map_or_else(|| state.workspace.client_media(), |it| it.configuration.media());
        let slash = if old.is_dir() { "/" } else { "" };
        let count = moved.len();
        for mirror in &sources.mirrors {
            let folder = real(&mirror.folder);
            let Some((prefix, name)) = mirror.location_of(&folder, old) else { continue };
            let after = mirror.location_of(&folder, new).or_else(|| location(&sources, new));
            let Some((new_prefix, new_name)) = after else { continue };
            // The objects of a bucket don't move with their copies, so a person has to confirm that they do.
            if prefix.contains("://") && !state.client.capabilities().confirms_edits {
                continue;
            }
            // The rest of a location in a folder would need other escapes.
            if !slash.is_empty() && is_web(&prefix) != is_web(&new_prefix) {
                continue;
            }
            let (name, new_name) = (format!("{name}{slash}"), format!("{new_name}{slash}"));
            let plain = is_web(&prefix).then(|| plain_name_of_copy(&prefix, &name));
            let url = percent_encoded(&new_name).filter(|_| is_web(&new_prefix)).unwrap_or_else(|| new_name.clone());
            let place = Place { location: format!("{prefix}{name}"), plain };
            moved.push((place, format!("{new_prefix}{url}")));
        }
        if moved.len() == count {
            continue;
        }
        let folder = project.as_ref().and_then(|project| project.path.parent());
        folders.extend(folder.or_else(|| state.workspace.folder_of(old)).map(Path::to_path_buf));
    }
    (moved, folders)
}

/// The location of the media file whose copy has this path, or of the folder: its start and its name.
fn location(sources: &MediaSources, path: &Path) -> Option<(String, String)> {
    let locations = sources.mirrors.iter().filter_map(|mirror| mirror.location_of(&real(&mirror.folder), path));
    locations.max_by_key(|(prefix, name)| prefix.len() + name.len())
}

fn is_web(prefix: &str) -> bool {
    let prefix = lower_scheme(prefix);
    prefix.starts_with("https://") || prefix.starts_with("http://")
}

/// The edit of the settings files, and those of datasets.
fn merged(
    state: &State,
    settings: Option<WorkspaceEdit>,
    files: Vec<FileMentions<TextEdit>>,
    is_remote: bool,
) -> Result<Option<WorkspaceEdit>> {
    if files.iter().map(|file| file.found.len()).sum::<usize>() > MAX_CHANGED {
        return Err(Error::invalid_params(format!("More than {MAX_CHANGED} lines name the files.")));
    }
    let (found, left_out): (Vec<_>, Vec<_>) =
        files.into_iter().filter(|file| !file.found.is_empty()).partition(|file| file.is_plain);
    for file in left_out {
        let name = convert::name_of(&file.uri);
        state.client.warn(&format!("{name} is not UTF-8 text, so nothing was renamed in it."));
    }
    if found.is_empty() {
        return Ok(settings);
    }
    let mut edit = settings.unwrap_or_default();
    if !state.client.capabilities().document_changes {
        let changes: HashMap<_, _> = found.into_iter().map(|file| (file.uri, file.found)).collect();
        edit.changes.get_or_insert_default().extend(changes);
        return Ok(Some(edit));
    }
    let annotation_id = "moved-media".to_owned();
    let annotated = |text_edit: TextEdit| match is_remote {
        true => Edit::AnnotatedTextEdit(AnnotatedTextEdit { annotation_id: annotation_id.clone(), text_edit }),
        false => Edit::TextEdit(text_edit),
    };
    let changes = found.into_iter().map(|file| {
        let text_document_identifier = TextDocumentIdentifier { uri: file.uri };
        let text_document = OptionalVersionedTextDocumentIdentifier { version: file.version, text_document_identifier };
        let edits = file.found.into_iter().map(annotated).collect();
        DocumentChange::TextDocumentEdit(TextDocumentEdit { text_document, edits })
    });
    edit.document_changes.get_or_insert_default().extend(changes);
    if is_remote {
        let annotation = ChangeAnnotation {
            label: "Change the location in datasets".to_owned(),
            needs_confirmation: Some(true),
            description: Some("Only if the files are renamed where the service reads them, too.".to_owned()),
        };
        edit.change_annotations = Some([(annotation_id, annotation)].into());
    }
    Ok(Some(edit))
}
