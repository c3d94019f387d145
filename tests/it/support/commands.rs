//! The real binary, and files for it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Runs `tuning-ls` in a folder.
pub fn run(arguments: &[&str], folder: &Path) -> Output {
    piped(arguments, folder, b"")
}

/// The same, with this on stdin.
pub fn piped(arguments: &[&str], folder: &Path, stdin: &[u8]) -> Output {
    fed(Command::new(env!("CARGO_BIN_EXE_tuning-ls")).args(arguments).current_dir(folder), stdin)
}

/// Runs any command with this on stdin.
pub fn fed(command: &mut Command, stdin: &[u8]) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} has to be there: {error}"));
    let mut pipe = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // Who reads no further is not at fault here.
            let _ = pipe.write_all(stdin);
        });
        child.wait_with_output().unwrap()
    })
}

/// What was printed.
pub fn printed(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

/// What was said besides.
pub fn said(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// Writes a file into a folder, with the folders it is in.
pub fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path
}
