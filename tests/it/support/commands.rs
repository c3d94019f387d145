//! Runs the real binary, with files and standard input.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Runs `tuning-ls` in a folder.
pub fn run(arguments: &[&str], folder: &Path) -> Output {
    piped(arguments, folder, b"")
}

/// Runs `tuning-ls` in a folder with this standard input.
pub fn piped(arguments: &[&str], folder: &Path, stdin: &[u8]) -> Output {
    fed(Command::new(env!("CARGO_BIN_EXE_tuning-ls")).args(arguments).current_dir(folder), stdin)
}

/// Runs any command with this standard input.
pub fn fed(command: &mut Command, stdin: &[u8]) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    let mut pipe = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // The command may end without reading everything.
            let _ = pipe.write_all(stdin);
        });
        child.wait_with_output().unwrap()
    })
}

/// The text on stdout.
pub fn printed(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

/// The text on stderr.
pub fn said(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// Writes a file into a folder; creates missing folders on the way.
pub fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path
}
