//! Paths that can be compared.

use std::path::{Path, PathBuf};

/// The path that a file or folder has whatever way leads to it, so that paths can be compared. Of a file
/// that does not exist its folder has to.
#[must_use]
pub fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    if let Ok(folder) = std::fs::canonicalize(&path)
        && folder.is_dir()
    {
        return folder;
    }
    // A link to a file is meant where it stands.
    match (path.parent().map(std::fs::canonicalize), path.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => path,
    }
}
