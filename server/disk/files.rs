//! Which files an argument means.

use std::path::{Path, PathBuf};

/// The files that `path` stands for: itself, or the datasets in a folder and below, sorted.
///
/// In a folder, `.gitignore` is honoured, hidden files are passed over and symbolic links to folders
/// are not followed. A file that is named is always meant.
///
/// # Errors
/// A sentence for the user: the path does not exist, or a folder cannot be read.
pub fn dataset_files(path: &Path) -> Result<Vec<PathBuf>, String> {
    let metadata = std::fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?;
    if !metadata.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let walk = ignore::WalkBuilder::new(path)
        .require_git(false)
        .follow_links(false)
        .sort_by_file_path(|a, b| a.cmp(b))
        .build();
    let mut files = Vec::new();
    for entry in walk {
        let entry = entry.map_err(|error| error.to_string())?;
        if is_dataset(entry.path()) && entry.path().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// Whether the name is a dataset's: `.jsonl` or `.ndjson`, in any letter case.
fn is_dataset(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension
        .is_some_and(|extension| extension.eq_ignore_ascii_case("jsonl") || extension.eq_ignore_ascii_case("ndjson"))
}
