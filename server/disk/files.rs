//! Finds the files that arguments name.

use crate::disk::input::{Input, sentence};
use crate::disk::paths::{canonical, real};
use crate::settings::globs::bounded;
use globset::GlobMatcher;
use ignore::{DirEntry, WalkBuilder};
use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

/// The inputs that arguments name, in order.
#[derive(Debug, Default)]
pub struct Found {
    /// The inputs to read.
    pub inputs: Vec<Input>,
    /// Those of the inputs that are arguments themselves.
    pub named: Vec<Input>,
    /// The arguments that name no file, and the folders that cannot be read.
    pub problems: Vec<Problem>,
}

/// An argument that names no file, or a folder that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The path as given or found.
    pub path: PathBuf,
    /// A sentence for the user, without the path.
    why: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.path.display(), self.why)
    }
}

/// Finds the inputs that the arguments name: a file, `-` for stdin, a folder for all datasets in it and below, sorted, or
/// a pattern such as `data/**/*.jsonl` for the files that match. A file with the name of a pattern overrides the pattern.
///
/// Folders leave out files that are ignored by `.gitignore`, hidden or in `node_modules`. Symbolic links to folders are
/// not followed. A file that is named itself is never left out. `stdin_name` is the name of stdin in messages.
#[must_use]
pub fn find(arguments: &[PathBuf], stdin_name: Option<&str>) -> Found {
    let mut found = Found::default();
    for path in arguments {
        if path.as_os_str() == "-" {
            let stdin = Input::Stdin { name: stdin_name.unwrap_or("<stdin>").to_owned() };
            if found.inputs.contains(&stdin) {
                found.problem(path, "stdin can be read only once");
            } else {
                found.named.push(stdin.clone());
                found.inputs.push(stdin);
            }
            continue;
        }
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let before = (found.inputs.len(), found.problems.len());
                found.walk(path, is_dataset);
                if before == (found.inputs.len(), found.problems.len()) {
                    found.problem(path, "no .jsonl or .ndjson file in this folder");
                }
            }
            Ok(_) => {
                let file = Input::File(plain(path.clone()));
                found.named.push(file.clone());
                found.inputs.push(file);
            }
            Err(error) => match path.to_str().filter(|text| text.contains(['*', '?', '[', '{'])) {
                Some(pattern) => found.glob(pattern),
                None => found.problem(path, &sentence(&error)),
            },
        }
    }
    found.remove_duplicates();
    found
}

/// The uncompressed datasets in a folder and below, sorted. Folders that cannot be read are left out.
#[must_use]
pub fn dataset_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Found::default();
    found.walk(folder, is_dataset);
    let plain = found.inputs.into_iter().filter(|input| !input.is_compressed());
    plain.map(|input| input.path().to_path_buf()).collect()
}

impl Found {
    /// Removes files that an earlier input names in another way.
    fn remove_duplicates(&mut self) {
        let mut seen = HashSet::new();
        self.inputs.retain(|input| match input {
            // Two links to a file are one: a command that changes it must not do it twice.
            Input::File(path) => seen.insert(canonical(path).unwrap_or_else(|_| real(path))),
            Input::Stdin { .. } => true,
        });
    }

    fn problem(&mut self, path: &Path, why: &str) {
        self.problems.push(Problem { path: plain(path.to_path_buf()), why: why.to_owned() });
    }

    /// Adds an error of a walk, at `path` or below.
    fn problem_of_walk(&mut self, path: &Path, error: &ignore::Error) {
        match error {
            ignore::Error::WithPath { path, err } => self.problem_of_walk(path, err),
            ignore::Error::WithDepth { err, .. } => self.problem_of_walk(path, err),
            error => {
                let why = error.io_error().map_or_else(|| error.to_string(), sentence);
                self.problem(path, &why);
            }
        }
    }

    /// Adds the files below `folder` for which `wanted` returns true, sorted.
    fn walk(&mut self, folder: &Path, wanted: impl Fn(&Path) -> bool) {
        let walk = WalkBuilder::new(folder)
            .require_git(false)
            .follow_links(false)
            .filter_entry(|entry: &DirEntry| entry.depth() == 0 || entry.file_name() != "node_modules")
            .sort_by_file_path(|a, b| a.cmp(b))
            .build();
        for entry in walk {
            match entry {
                Ok(entry) if wanted(entry.path()) && entry.path().is_file() => {
                    self.inputs.push(Input::File(plain(entry.into_path())));
                }
                Ok(_) => {}
                Err(error) => self.problem_of_walk(folder, &error),
            }
        }
    }

    /// Adds the files that match a pattern.
    fn glob(&mut self, pattern: &str) {
        let matcher = match matcher(pattern) {
            Ok(matcher) => matcher,
            Err(error) => {
                let why = format!("no such file, and not a valid pattern: {error}");
                self.problem(Path::new(pattern), &why);
                return;
            }
        };
        let folder = fixed_part(Path::new(pattern));
        let before = (self.inputs.len(), self.problems.len());
        if folder.as_os_str().is_empty() {
            self.walk(Path::new("."), |path| matcher.is_match(path.strip_prefix(".").unwrap_or(path)));
        } else if folder.is_dir() {
            self.walk(&folder, |path| matcher.is_match(path));
        }
        if before == (self.inputs.len(), self.problems.len()) {
            self.problem(
                Path::new(pattern),
                "no file matches this pattern; hidden files, `node_modules` and what .gitignore excludes are skipped",
            );
        }
    }
}

/// The path without a leading `./`, unless the rest is empty or looks like an option.
fn plain(path: PathBuf) -> PathBuf {
    match path.strip_prefix(".") {
        Ok(rest) if !rest.as_os_str().is_empty() && !rest.as_os_str().as_encoded_bytes().starts_with(b"-") => {
            rest.to_path_buf()
        }
        _ => path,
    }
}

/// The error is a clause.
fn matcher(pattern: &str) -> Result<GlobMatcher, String> {
    let glob = bounded(pattern).map_err(|problem| format!("it {problem}"))?.literal_separator(true).build();
    glob.map(|glob| glob.compile_matcher()).map_err(|error| error.kind().to_string())
}

/// The folders at the beginning of a pattern that have no wildcards.
pub fn fixed_part(pattern: &Path) -> PathBuf {
    let mut fixed = PathBuf::new();
    for component in pattern.components() {
        if let Component::Normal(name) = component
            && name.to_string_lossy().contains(['*', '?', '[', '{'])
        {
            break;
        }
        fixed.push(component);
    }
    fixed
}

/// Whether the file name is that of a dataset: `.jsonl` or `.ndjson` in any case, perhaps compressed.
fn is_dataset(path: &Path) -> bool {
    let extension =
        |path: &Path| path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    let extension = match extension(path).as_deref() {
        Some("gz") => path.file_stem().and_then(|stem| extension(Path::new(stem))),
        other => other.map(str::to_owned),
    };
    matches!(extension.as_deref(), Some("jsonl" | "ndjson"))
}
