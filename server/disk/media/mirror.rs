//! Lists the files of a folder with local copies.

use crate::disk::input::sentence;
use crate::disk::paths::canonical;
use crate::settings::Mirror;
use ignore::WalkBuilder;
use std::path::{Component, Path, PathBuf};

/// More files than this are not listed.
const MAX_FILES: usize = 500_000;

/// The files of a mirror.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// The canonical path of the folder.
    pub root: PathBuf,
    /// The path of each file in the folder with `/` between folders, and what to read, or why not. Sorted.
    pub files: Vec<(String, Result<PathBuf, String>)>,
    /// Why some files are not listed.
    pub problem: Option<String>,
}

/// A path for a message: without `.`, and without `..` where another folder is before it.
pub(super) fn shown(path: &Path) -> String {
    let mut short = PathBuf::new();
    for part in path.components() {
        match (part, short.components().next_back()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                short.pop();
            }
            _ => short.push(part),
        }
    }
    if short.as_os_str().is_empty() { ".".to_owned() } else { short.display().to_string() }
}

/// Lists the files in the folder of a mirror and below.
///
/// A symbolic link to a file is followed if it stays in the folder. Links to folders, hidden files, and files that are
/// neither files nor folders are left out. The folder itself may be a link to anywhere.
///
/// # Errors
/// A sentence for the user: the folder can't be read.
pub(super) fn list(mirror: &Mirror) -> Result<Listing, String> {
    let folder = &mirror.folder;
    let wrong = |why: &str| format!("{}: the folder cannot be read: {why}", shown(folder));
    let root = canonical(folder).map_err(|error| wrong(&sentence(&error)))?;
    if !root.is_dir() {
        return Err(wrong("this is not a folder"));
    }
    let mut listing = Listing { root, ..Listing::default() };
    // Copies are large, so they are usually ignored by Git.
    let walk = WalkBuilder::new(&listing.root)
        .standard_filters(false)
        .hidden(true)
        .follow_links(false)
        .sort_by_file_name(|a, b| a.cmp(b))
        .build();
    for entry in walk {
        if listing.files.len() == MAX_FILES {
            listing.problem = Some(format!("{}: only the first {MAX_FILES} files are used", shown(folder)));
            break;
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let why = error.io_error().map_or_else(|| "one of its folders cannot be listed".to_owned(), sentence);
                listing.problem = Some(wrong(&why));
                continue;
            }
        };
        let Some(name) = name(entry.path(), &listing.root) else { continue };
        let Some(kind) = entry.file_type() else { continue };
        if kind.is_symlink() {
            match linked(entry.path(), &listing.root) {
                Linked::File(file) => listing.files.push((name, file)),
                Linked::Folder => {
                    let link = shown(&folder.join(&name));
                    listing.problem =
                        Some(format!("{link}: this is a symbolic link to a folder, which is not followed"));
                }
                Linked::Other => {}
            }
        } else if kind.is_file() {
            listing.files.push((name, Ok(entry.into_path())));
        }
    }
    Ok(listing)
}

/// The path of a file relative to the folder; `None` if it can't be a part of a location.
fn name(path: &Path, root: &Path) -> Option<String> {
    let parts: Option<Vec<_>> =
        path.strip_prefix(root).ok()?.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/")).filter(|name| !name.is_empty())
}

enum Linked {
    File(Result<PathBuf, String>),
    Folder,
    Other,
}

fn linked(link: &Path, root: &Path) -> Linked {
    match canonical(link) {
        Err(error) => Linked::File(Err(format!("it is a symbolic link that leads nowhere: {}", sentence(&error)))),
        Ok(target) if target.is_dir() => Linked::Folder,
        Ok(target) if !target.starts_with(root) => {
            Linked::File(Err("it is a symbolic link to a file outside of the folder".to_owned()))
        }
        Ok(target) if target.is_file() => Linked::File(Ok(target)),
        Ok(_) => Linked::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_without_detours() {
        for (path, expected) in
            [("a/./b", "a/b"), ("/p/clips/../c", "/p/c"), ("../c", "../c"), ("a/..", "."), ("./../a/../b", "../b")]
        {
            assert_eq!(shown(Path::new(path)), expected.replace('/', std::path::MAIN_SEPARATOR_STR), "{path}");
        }
    }
}
