//! Which files an argument means.

use crate::disk::input::{Input, sentence};
use crate::disk::paths::real;
use globset::{GlobBuilder, GlobMatcher};
use ignore::{DirEntry, WalkBuilder};
use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

/// What arguments mean, in order.
#[derive(Debug, Default)]
pub struct Found {
    /// What is to be read.
    pub inputs: Vec<Input>,
    /// What means nothing or cannot be read.
    pub problems: Vec<Problem>,
}

/// An argument, or part of it, that means nothing or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The path, as it was given or found.
    pub path: PathBuf,
    /// A sentence for the user, without the path.
    why: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.path.display(), self.why)
    }
}

/// What these arguments stand for: a file for itself, `-` for stdin, a folder for the datasets in it and
/// below, sorted, and a pattern such as `data/**/*.jsonl` for the files it matches, where none has that
/// name.
///
/// In a folder, what `.gitignore` names, what is hidden and `node_modules` is passed over, and symbolic links
/// to folders are not followed. A file that is named is always meant. `stdin_name` is how stdin is called.
#[must_use]
pub fn find(arguments: &[PathBuf], stdin_name: Option<&str>) -> Found {
    let mut found = Found::default();
    for path in arguments {
        if path.as_os_str() == "-" {
            let stdin = Input::Stdin { name: stdin_name.unwrap_or("<stdin>").to_owned() };
            if found.inputs.contains(&stdin) {
                found.problem(path, "stdin can be read only once");
            } else {
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
            Ok(_) => found.inputs.push(Input::File(path.clone())),
            Err(error) => match path.to_str().filter(|text| text.contains(['*', '?', '[', '{'])) {
                Some(pattern) => found.glob(pattern),
                None => found.problem(path, &sentence(&error)),
            },
        }
    }
    found.once_each();
    found
}

/// The datasets in a folder and below that are not compressed, sorted; what cannot be read is passed over.
#[must_use]
pub fn dataset_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Found::default();
    found.walk(folder, is_dataset);
    let plain = found.inputs.into_iter().filter(|input| !input.is_compressed());
    plain.map(|input| input.path().to_path_buf()).collect()
}

impl Found {
    /// Leaves of each file only the first mention, however it was named later.
    fn once_each(&mut self) {
        let mut seen = HashSet::new();
        self.inputs.retain(|input| match input {
            Input::File(path) => seen.insert(real(path)),
            Input::Stdin { .. } => true,
        });
    }

    fn problem(&mut self, path: &Path, why: &str) {
        self.problems.push(Problem { path: path.to_path_buf(), why: why.to_owned() });
    }

    /// What stopped a walk, at `path` or below.
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

    /// Takes the files below `folder` that are wanted, sorted.
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
                    self.inputs.push(Input::File(entry.into_path()));
                }
                Ok(_) => {}
                Err(error) => self.problem_of_walk(folder, &error),
            }
        }
    }

    /// Takes the files that a pattern matches.
    fn glob(&mut self, pattern: &str) {
        let matcher = match matcher(pattern) {
            Ok(matcher) => matcher,
            Err(error) => {
                let why = format!("there is no such file, and it is no pattern: {}", error.kind());
                self.problem(Path::new(pattern), &why);
                return;
            }
        };
        let folder = fixed_part(pattern);
        let before = (self.inputs.len(), self.problems.len());
        if folder.as_os_str().is_empty() {
            let start = self.inputs.len();
            self.walk(Path::new("."), |path| matcher.is_match(path.strip_prefix(".").unwrap_or(path)));
            for input in &mut self.inputs[start..] {
                if let Input::File(path) = input {
                    *path = path.strip_prefix(".").unwrap_or(path).to_path_buf();
                }
            }
        } else if folder.is_dir() {
            self.walk(&folder, |path| matcher.is_match(path));
        }
        if before == (self.inputs.len(), self.problems.len()) {
            self.problem(Path::new(pattern), "there is no such file, and none matches the pattern");
        }
    }
}

fn matcher(pattern: &str) -> Result<GlobMatcher, globset::Error> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build()?;
    Ok(glob.compile_matcher())
}

/// The folders at the beginning of a pattern that are no pattern themselves.
fn fixed_part(pattern: &str) -> PathBuf {
    let mut fixed = PathBuf::new();
    for component in Path::new(pattern).components() {
        if let Component::Normal(name) = component
            && name.to_string_lossy().contains(['*', '?', '[', '{'])
        {
            break;
        }
        fixed.push(component);
    }
    fixed
}

/// Whether the name is a dataset's: `.jsonl` or `.ndjson`, in any letter case, compressed or not.
fn is_dataset(path: &Path) -> bool {
    let extension =
        |path: &Path| path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    let extension = match extension(path).as_deref() {
        Some("gz") => path.file_stem().and_then(|stem| extension(Path::new(stem))),
        known => known.map(str::to_owned),
    };
    matches!(extension.as_deref(), Some("jsonl" | "ndjson"))
}
