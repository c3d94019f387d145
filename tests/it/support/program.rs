//! Runs the real program in a folder.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

/// A command without the environment variables that would change its output.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tuning-ls"));
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI"] {
        command.env_remove(name);
    }
    command.current_dir(folder);
    command
}

pub fn run(arguments: &[&str], folder: &Path) -> Output {
    command(folder).args(arguments).output().unwrap()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The findings of `paths` as JSON.
pub fn findings(paths: &[&str], folder: &Path) -> Vec<Value> {
    let output = run(&[&["check", "--output-format", "json-lines"], paths].concat(), folder);
    stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
