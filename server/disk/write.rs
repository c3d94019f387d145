//! Writing a file anew, so that it is always either the old one or the new one.

use crate::disk::source::FileText;
use std::fs::{File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Replaces the file at `path`, which was read as `read` with [`Reading::compare`], by what `fill` writes.
///
/// That goes to a new file in the same folder, with the mode and the owner of the old one, which takes its
/// place when all of it is on the disk. A symbolic link stays one: the file it points to is replaced. Other
/// hard links keep the old file.
///
/// # Errors
/// A sentence for the user, which begins with the path. Then the file is as it was: it, or its folder, cannot
/// be written, or it is no longer what was read.
///
/// [`Reading::compare`]: crate::disk::bytes::Reading::compare
pub fn replace(
    path: &Path,
    read: &FileText,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), String> {
    replaced(path, read, fill).map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::PermissionDenied => "there is no permission to write it".to_owned(),
            io::ErrorKind::ReadOnlyFilesystem => "its file system is read-only".to_owned(),
            io::ErrorKind::StorageFull => "there is no room for it on the disk".to_owned(),
            io::ErrorKind::NotFound => "it is gone".to_owned(),
            _ => error.to_string(),
        };
        format!("{}: {why}; nothing was written", path.display())
    })
}

fn replaced(path: &Path, read: &FileText, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let path = path.canonicalize()?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let metadata = path.metadata()?;
    // A rename would go over both.
    if metadata.permissions().readonly() {
        return Err(io::Error::other("it is read-only"));
    }
    if cfg!(unix) && folder.metadata()?.permissions().readonly() {
        return Err(io::Error::other("its folder is read-only"));
    }
    let new = tempfile::Builder::new().prefix(".tuning-ls-").tempfile_in(folder)?;
    let mut out = BufWriter::new(new.as_file());
    fill(&mut out)?;
    out.flush()?;
    drop(out);
    take_owner(new.as_file(), &metadata);
    new.as_file().set_permissions(metadata.permissions())?;
    new.as_file().sync_all()?;
    if !read.is_still(&path)? {
        return Err(io::Error::other("it was changed by someone else meanwhile"));
    }
    new.persist(&path).map_err(|error| error.error)?;
    // The new name is on the disk only when the folder is.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Gives a file the owner of another, where that is allowed: only root can give a file away.
#[cfg(unix)]
fn take_owner(file: &File, metadata: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let same = file.metadata().is_ok_and(|own| own.uid() == metadata.uid() && own.gid() == metadata.gid());
    if !same {
        let _ = fchown(file, Some(metadata.uid()), Some(metadata.gid()));
    }
}

#[cfg(not(unix))]
fn take_owner(_: &File, _: &Metadata) {}
