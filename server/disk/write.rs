//! Replaces a file as a whole, so that it is never half written.

use crate::disk::source::FileText;
use std::fs::{File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Replaces the file at `path` by what `fill` makes of its text `read`, which was read with [`Reading::compare`].
///
/// `fill` writes to a new file in the same folder, which gets the mode and the owner of the old one, and replaces it
/// when it is complete on the disk. A symbolic link stays: the file that it points to is replaced. Other hard links
/// keep the old file.
///
/// # Errors
/// A sentence for the user that begins with the path: the file or its folder cannot be written, or the file has changed.
/// The file stays as it was.
///
/// [`Reading::compare`]: crate::disk::bytes::Reading::compare
pub fn replace(
    path: &Path,
    read: FileText,
    fill: impl FnOnce(&FileText, &mut dyn Write) -> io::Result<()>,
) -> Result<(), String> {
    replaced(path, read, fill).map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
            io::ErrorKind::StorageFull => "no space left on the disk".to_owned(),
            io::ErrorKind::NotFound => "the file no longer exists".to_owned(),
            _ => error.to_string(),
        };
        format!("{}: {why}; nothing was written", path.display())
    })
}

fn replaced(
    path: &Path,
    read: FileText,
    fill: impl FnOnce(&FileText, &mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let path = path.canonicalize()?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let metadata = path.metadata()?;
    // A rename would ignore both.
    if metadata.permissions().readonly() {
        return Err(io::Error::other("the file is read-only"));
    }
    if cfg!(unix) && folder.metadata()?.permissions().readonly() {
        return Err(io::Error::other("the folder is read-only"));
    }
    let new = tempfile::Builder::new().prefix(".tuning-ls-").tempfile_in(folder)?;
    let mut out = BufWriter::new(new.as_file());
    fill(&read, &mut out)?;
    out.flush()?;
    drop(out);
    copy_owner(new.as_file(), &metadata);
    new.as_file().set_permissions(metadata.permissions())?;
    new.as_file().sync_all()?;
    if !read.is_unchanged(&path)? {
        return Err(io::Error::other("another program changed the file"));
    }
    // Windows doesn't replace an open file.
    drop(read);
    new.persist(&path).map_err(|error| match error.error.raw_os_error() {
        // ERROR_ACCESS_DENIED and ERROR_SHARING_VIOLATION
        Some(5 | 32) if cfg!(windows) => io::Error::other("another program has the file open"),
        _ => error.error,
    })?;
    // The new name is on the disk only after the folder is synced.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Sets the owner from the metadata of another file, if allowed: only root can give a file away.
#[cfg(unix)]
fn copy_owner(file: &File, metadata: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let same = file.metadata().is_ok_and(|own| own.uid() == metadata.uid() && own.gid() == metadata.gid());
    if !same {
        let _ = fchown(file, Some(metadata.uid()), Some(metadata.gid()));
    }
}

#[cfg(not(unix))]
fn copy_owner(_: &File, _: &Metadata) {}
