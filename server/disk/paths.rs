//! Paths in a form that can be compared.

use std::io;
use std::path::{Path, PathBuf};

/// The canonical path of a file or folder, for comparing. A file need not exist, but its folder must.
#[must_use]
pub fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    if let Ok(folder) = canonical(&path)
        && folder.is_dir()
    {
        return folder;
    }
    // A link to a file stays a link.
    match (path.parent().map(canonical), path.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => path,
    }
}

/// Whether a path below a folder leads out of it, by a symbolic link. If there is no such file yet, the place where it would be
/// made counts.
#[must_use]
pub fn leads_out(path: &Path, folder: &Path) -> bool {
    /// The most links that one can lead to after another.
    const MAX_LINKS: usize = 40;
    std::fs::canonicalize(folder).is_ok_and(|folder| is_outside(path, &folder, MAX_LINKS))
}

/// `folder` must be what [`std::fs::canonicalize`] gives.
fn is_outside(path: &Path, folder: &Path, links: usize) -> bool {
    if let Ok(target) = std::fs::canonicalize(path) {
        return !target.starts_with(folder);
    }
    let Some(parent) = path.parent() else { return false };
    match path.read_link() {
        // Links in a circle lead nowhere.
        Ok(_) if links == 0 => false,
        Ok(target) => is_outside(&parent.join(target), folder, links - 1),
        Err(_) => is_outside(parent, folder, links),
    }
}

/// The canonical path of an existing file or folder, as people write it: on Windows without `\\?\`, which the standard
/// library adds by itself to a path that is too long.
///
/// # Errors
/// The path leads nowhere, or can't be read.
pub fn canonical(path: &Path) -> io::Result<PathBuf> {
    std::fs::canonicalize(path).map(|path| ordinary(&path).unwrap_or(path))
}

/// A path of Windows without `\\?\`; `None` if it has none, or if it would lead elsewhere without it.
fn ordinary(path: &Path) -> Option<PathBuf> {
    let text = path.to_str()?.strip_prefix(r"\\?\")?;
    let ordinary = PathBuf::from(match text.strip_prefix(r"UNC\") {
        Some(share) => format!(r"\\{share}"),
        None => text.to_owned(),
    });
    // `NUL` would be a device, and `C:\a.` would be `C:\a`.
    (std::path::absolute(&ordinary).ok()? == ordinary).then_some(ordinary)
}

#[cfg(all(test, windows))]
mod tests {
    use super::*;

    #[test]
    fn a_canonical_path_is_one_that_people_write() {
        let of = |path: &str| ordinary(Path::new(path)).map(|path| path.display().to_string());
        assert_eq!(of(r"\\?\C:\data\train.jsonl"), Some(r"C:\data\train.jsonl".to_owned()));
        assert_eq!(of(r"\\?\UNC\server\share\é.jsonl"), Some(r"\\server\share\é.jsonl".to_owned()));
        assert_eq!(of(r"C:\data"), None);
        assert_eq!(of(r"\\?\Volume{0}\data"), None);
        for other in [r"\\?\C:\data\a.", r"\\?\C:\data\b ", r"\\?\C:\data\..\c"] {
            assert_eq!(of(other), None);
        }
        let folder = tempfile::tempdir().expect("it can be made");
        assert!(!real(folder.path()).display().to_string().starts_with(r"\\?\"));
    }
}
