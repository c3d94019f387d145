//! Replaces a file as a whole, so that it is never half written. This is the only way in which files are written.

use crate::disk::paths::canonical;
use crate::disk::source::FileText;
use crate::disk::unfinished::Unfinished;
use std::fs::{File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// A new file that replaces the one at a path when it is complete. Dropped before, it changes nothing.
///
/// It is in the same folder, and gets the mode and the owner of the old file. A symbolic link stays: the file that it
/// points to is replaced. Other hard links keep the old file.
#[derive(Debug)]
pub struct Draft {
    out: BufWriter<File>,
    file: TempPath,
    /// The file to replace, with all links resolved.
    path: PathBuf,
    _unfinished: Unfinished,
}

impl Draft {
    /// A draft of the file at `path`, which need not exist.
    ///
    /// # Errors
    /// The file or its folder cannot be written. See [`reason`] for a sentence.
    pub fn of(path: &Path) -> io::Result<Self> {
        let path = match canonical(path) {
            Ok(path) => path,
            // A file here would take the place of the link.
            Err(_) if path.is_symlink() => return Err(io::Error::other("this is a link that leads nowhere")),
            Err(_) => path.to_path_buf(),
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let old = path.metadata().ok();
        // A rename would ignore all three.
        if old.as_ref().is_some_and(|old| !old.is_file()) {
            return Err(io::Error::other("this is not a file"));
        }
        if old.as_ref().is_some_and(|old| old.permissions().readonly()) {
            return Err(io::Error::other("the file is read-only"));
        }
        // This error names the folder, those of the temporary file would name that one.
        let inside = folder.metadata().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => io::Error::other("no such folder"),
            _ => error,
        })?;
        if cfg!(unix) && inside.permissions().readonly() {
            return Err(io::Error::other("the folder is read-only"));
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".tuning-ls-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As for any new file, the user's mask applies.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let made = Unfinished::make(|| builder.tempfile_in(folder));
        let (file, unfinished) = made.map_err(|error| io::Error::from(error.kind()))?;
        if let Some(old) = old {
            copy_owner(file.as_file(), &old);
            file.as_file().set_permissions(old.permissions())?;
        }
        // The errors of this file don't name it.
        let (out, file) = file.into_parts();
        Ok(Self { out: BufWriter::new(out), file, path, _unfinished: unfinished })
    }

    /// The file that will be replaced, with all links resolved.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces the file.
    ///
    /// # Errors
    /// The disk is full, or the file cannot be replaced. It stays as it was.
    pub fn finish(self) -> io::Result<()> {
        self.finish_if(|_| Ok(()))
    }

    /// Replaces the file if `check` returns no error. It gets the file's path when everything is on the disk.
    ///
    /// # Errors
    /// As [`finish`](Self::finish), or the error of `check`.
    pub fn finish_if(mut self, check: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        check(&self.path)?;
        let folder = self.path.parent().map(Path::to_path_buf);
        self.replace()?;
        // The new name is on the disk only after the folder is synced. The file is replaced even if that fails.
        if let Some(folder) = folder.filter(|folder| cfg!(unix) && !folder.as_os_str().is_empty())
            && let Err(error) = File::open(&folder).and_then(|folder| folder.sync_all())
        {
            tracing::debug!("{}: the folder cannot be synced: {error}", folder.display());
        }
        Ok(())
    }

    /// Replaces a file that can be made again, without waiting for the disk.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub fn replace(mut self) -> io::Result<()> {
        self.out.flush()?;
        // Some systems don't replace an open file.
        drop(self.out);
        self.file.persist(&self.path).map_err(|error| match error.error.raw_os_error() {
            // ERROR_ACCESS_DENIED and ERROR_SHARING_VIOLATION
            Some(5 | 32) if cfg!(windows) => io::Error::other("another program has the file open"),
            _ => io::Error::from(error.error.kind()),
        })
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Replaces the file at `path` by what `fill` makes of its text `read`, which was read with [`Reading::compare`].
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
    let replaced = || {
        if let Err(error) = path.metadata()
            && error.kind() == io::ErrorKind::NotFound
        {
            return Err(io::Error::other("the file no longer exists"));
        }
        let mut draft = Draft::of(path)?;
        fill(&read, &mut draft)?;
        draft.finish_if(|path| {
            let same = read.is_unchanged(path)?;
            // Windows doesn't replace an open file.
            drop(read);
            if same { Ok(()) } else { Err(io::Error::other("another program changed the file")) }
        })
    };
    replaced().map_err(|error| format!("{}: {}; nothing was written", path.display(), reason(&error)))
}

/// Why a file cannot be written, as a sentence for the user.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::StorageFull => "no space left on the disk".to_owned(),
        io::ErrorKind::QuotaExceeded => "the disk quota is used up".to_owned(),
        io::ErrorKind::IsADirectory => "this is a folder, not a file".to_owned(),
        _ => error.to_string(),
    }
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
