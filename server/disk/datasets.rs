//! Finds the files of a dataset, which is configured or guessed from the file names.

use crate::disk::files;
use crate::disk::paths::real;
use crate::rules::Role;
use crate::settings::{self, Configuration};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The roles that words in a file name stand for.
const WORDS: [(&str, Role); 10] = [
    ("train", Role::Training),
    ("training", Role::Training),
    ("val", Role::Validation),
    ("valid", Role::Validation),
    ("validation", Role::Validation),
    ("eval", Role::Test),
    ("evaluation", Role::Test),
    ("test", Role::Test),
    ("testing", Role::Test),
    ("holdout", Role::Test),
];

/// The files of a dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dataset {
    /// The configured name.
    pub name: Option<String>,
    /// Whether it is configured, and not guessed.
    pub configured: bool,
    /// The files and their roles, training files first.
    pub files: Vec<(PathBuf, Role)>,
}

impl Dataset {
    /// The name of a file in messages: its path relative to the folder that all files have in common.
    #[must_use]
    pub fn name_of(&self, path: &Path) -> String {
        let folder_of = |path: &Path| path.parent().map(Path::to_path_buf);
        let mut common = folder_of(path).unwrap_or_default();
        for (file, _) in &self.files {
            while !file.starts_with(&common) && common.pop() {}
        }
        path.strip_prefix(&common).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }

    /// The files, and how they were found, in one line.
    #[must_use]
    pub fn described(&self) -> String {
        let of = |role: Role| -> Vec<String> {
            let files = self.files.iter().filter(|(_, other)| *other == role);
            files.map(|(path, _)| format!("`{}`", self.name_of(path).replace('`', "'"))).collect()
        };
        let parts = [(Role::Training, "training"), (Role::Validation, "validation"), (Role::Test, "test")];
        let parts = parts.map(|(role, what)| (what, of(role))).into_iter().filter(|(_, names)| !names.is_empty());
        let files: Vec<_> = parts.map(|(what, names)| format!("{what} {}", names.join(", "))).collect();
        let decided = match (&self.name, self.configured) {
            (_, false) => "paired by name".to_owned(),
            (Some(name), true) => format!("configured in tuning-ls.toml as {name}"),
            (None, true) => "configured in tuning-ls.toml".to_owned(),
        };
        format!("{}; {decided}", files.join("; "))
    }

    /// The role of a file; `None` if it is not in the dataset.
    #[must_use]
    pub fn role(&self, path: &Path) -> Option<Role> {
        self.files.iter().find(|(file, _)| file == path).map(|(_, role)| *role)
    }
}

/// The dataset of the file at `path`: the first configured one that has it, else the one guessed from its name. Reads
/// folders, and leaves out those that cannot be read. The path must be [`real`].
#[must_use]
pub fn find(path: &Path, configuration: &Configuration) -> Option<Dataset> {
    match configuration.dataset_of(path) {
        Some((configured, _)) => Some(expand(path, configured, configuration)),
        None => guess_in_folder(path, configuration),
    }
}

/// The files of a configured dataset, with the one at `path`.
fn expand(path: &Path, configured: &settings::Dataset, configuration: &Configuration) -> Dataset {
    let patterns = configured.train.patterns().iter().chain(configured.validation.patterns());
    let folder = configured.folder.clone().unwrap_or_default();
    let patterns: Vec<PathBuf> = patterns.map(|pattern| folder.join(pattern)).collect();
    let found = files::find(&patterns, None).inputs;
    let mut paths: BTreeSet<PathBuf> = found.iter().map(|input| real(input.path())).collect();
    paths.insert(path.to_path_buf());
    let role = |path: PathBuf| {
        let (dataset, role) = configuration.dataset_of(&path)?;
        (dataset == configured).then_some((path, role))
    };
    let mut files: Vec<_> = paths.into_iter().filter_map(role).collect();
    files.sort_by_key(|(_, role)| *role);
    Dataset { name: configured.name.clone(), configured: true, files }
}

fn guess_in_folder(path: &Path, configuration: &Configuration) -> Option<Dataset> {
    // Without a role in the name, no other file can belong to it.
    roles(&path.file_name()?.to_string_lossy()).first()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let mut files: Vec<PathBuf> =
        entries.filter(|entry| entry.path().is_file()).map(|entry| path.with_file_name(entry.file_name())).collect();
    if !files.iter().any(|file| file == path) {
        files.push(path.to_path_buf());
    }
    files.retain(|file| configuration.dataset_of(file).is_none());
    guess(path, &files)
}

/// The role that a file name states.
#[must_use]
pub fn role_of(name: &str) -> Option<Role> {
    roles(name).last().map(|(role, _)| *role)
}

/// The role that the name of the file at `path` states; training if it states none.
#[must_use]
pub fn role_of_path(path: &Path) -> Role {
    path.file_name().and_then(|name| role_of(&name.to_string_lossy())).unwrap_or_default()
}

/// Guesses the dataset of `path` among the files of its folder: those whose names differ only in the word for the role.
/// `None` unless there are a training file and a held-out file, and `path` is one of the files.
fn guess(path: &Path, files: &[PathBuf]) -> Option<Dataset> {
    let name_of = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let own = roles(&name_of(path)?);
    // The last role in the name counts, as in `test-clips-train.jsonl`, unless only an earlier one has a pair.
    own.into_iter().rev().find_map(|(_, rest)| {
        let same_rest = |file: &PathBuf| {
            let roles = roles(&name_of(file)?);
            roles.into_iter().find(|(_, other)| *other == rest).map(|(role, _)| (file.clone(), role))
        };
        let mut members: Vec<_> = files.iter().filter_map(same_rest).collect();
        members.sort_by(|(a, role), (b, other)| role.cmp(other).then_with(|| a.cmp(b)));
        let held_out = members.iter().any(|(_, role)| *role != Role::Training);
        let training = members.iter().any(|(_, role)| *role == Role::Training);
        let found = held_out && training && members.iter().any(|(file, _)| file == path);
        found.then_some(Dataset { name: None, configured: false, files: members })
    })
}

/// The roles that the words of a name stand for, each with the rest of the name before and after the word.
fn roles(name: &str) -> Vec<(Role, (String, String))> {
    let lower = name.to_lowercase();
    let mut found = Vec::new();
    let mut start = 0;
    for (at, letter) in lower.char_indices().chain([(lower.len(), '.')]) {
        if letter.is_alphanumeric() {
            continue;
        }
        let word = &lower[start..at];
        if let Some((_, role)) = WORDS.iter().find(|(other, _)| *other == word) {
            found.push((*role, (lower[..start].to_owned(), lower[at..].to_owned())));
        }
        start = at + letter.len_utf8();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(path: &str, files: &[&str]) -> Option<Vec<(String, Role)>> {
        let files: Vec<_> = files.iter().map(PathBuf::from).collect();
        let dataset = guess(Path::new(path), &files)?;
        Some(dataset.files.into_iter().map(|(path, role)| (path.display().to_string(), role)).collect())
    }

    #[test]
    fn names_that_differ_in_the_role_form_a_dataset() {
        let files =
            ["clips_train_v2.jsonl", "clips_validation_v2.jsonl", "clips_train_v1.jsonl", "clips_test_v2.jsonl"];
        let expected = vec![
            ("clips_train_v2.jsonl".to_owned(), Role::Training),
            ("clips_validation_v2.jsonl".to_owned(), Role::Validation),
            ("clips_test_v2.jsonl".to_owned(), Role::Test),
        ];
        assert_eq!(guessed("clips_train_v2.jsonl", &files), Some(expected.clone()));
        assert_eq!(guessed("clips_test_v2.jsonl", &files), Some(expected));
        assert_eq!(guessed("clips_train_v1.jsonl", &files), None);
        assert!(guessed("Train.jsonl", &["Train.jsonl", "VAL.jsonl"]).is_some());
    }

    #[test]
    fn a_description_says_how_the_dataset_was_found() {
        let files = ["train.jsonl", "val.jsonl"].map(PathBuf::from);
        let guessed = guess(&files[0], &files).map(|dataset| dataset.described());
        assert_eq!(guessed.as_deref(), Some("training `train.jsonl`; validation `val.jsonl`; paired by name"));
        let written = Dataset { name: None, configured: true, files: vec![(files[0].clone(), Role::Training)] };
        assert_eq!(written.described(), "training `train.jsonl`; configured in tuning-ls.toml");
    }

    #[test]
    fn other_names_form_no_dataset() {
        for files in [
            ["train.jsonl", "validation.ndjson"],
            ["trained.jsonl", "validation.jsonl"],
            ["train-1.jsonl", "validation-2.jsonl"],
            ["training.jsonl", "train.jsonl"],
            ["validation.jsonl", "test.jsonl"],
        ] {
            assert_eq!(guessed(files[0], &files), None, "{files:?}");
        }
    }

    #[test]
    fn a_name_with_two_roles_pairs_by_either() {
        let files = ["test_set_train.jsonl", "test_set_val.jsonl"];
        assert!(guessed(files[0], &files).is_some());
        let files = ["test_train_clips.jsonl", "train_train_clips.jsonl"];
        assert_eq!(guessed(files[0], &files).map(|files| files.len()), Some(2));
        assert_eq!(role_of("test_set_train.jsonl"), Some(Role::Training));
        assert_eq!(role_of("clips.jsonl"), None);
    }
}
