//! Paths in a form that can be compared.

use std::path::{Path, PathBuf};

/// The canonical path of a file or folder, for comparing. A file need not exist, but its folder must.
#[must_use]
pub fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    if let Ok(folder) = std::fs::canonicalize(&path)
        && folder.is_dir()
    {
        return folder;
    }
    // A link to a file stays a link.
    match (path.parent().map(std::fs::canonicalize), path.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => path,
    }
}
