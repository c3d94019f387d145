//! `workspace/willRenameFiles`

use crate::disk::paths::real;
use crate::lsp::session::message::Reply;
use crate::lsp::session::settings_files;
use crate::lsp::session::state::State;
use lsp_types::{FileRename, RenameFilesParams, WorkspaceEdit};

/// The edit of the settings files that name the files or folders.
pub fn answer(state: &mut State, params: RenameFilesParams, reply: Reply<Option<WorkspaceEdit>>) {
    let paths =
        |file: &FileRename| Some((real(&file.old_uri.to_file_path().ok()?), real(&file.new_uri.to_file_path().ok()?)));
    let renamed: Vec<_> = params.files.iter().filter_map(paths).collect();
    reply.send(Ok(settings_files::following(&mut state.workspace, &state.client, &renamed)));
}
