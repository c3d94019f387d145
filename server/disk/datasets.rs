//! Finds the files of a dataset, which is configured or guessed from the file names.

use crate::disk::files;
use crate::disk::paths::{leads_out, real};
use crate::rules::Role;
use crate::settings::{self, Configuration};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    /// The files and their roles, training files first, each role sorted by path.
    pub files: Vec<(PathBuf, Role)>,
}

impl Dataset {
    fn sort(&mut self) {
        self.files.sort_by(|(a, role), (b, other)| role.cmp(other).then_with(|| a.cmp(b)));
    }

    /// The name of a file in messages: its path relative to the folder that all files have in common.
    #[must_use]
    pub fn name_of(&self, path: &Path) -> String {
        self.names()(path)
    }

    /// Names files as [`name_of`](Self::name_of) does.
    pub fn names(&self) -> impl Fn(&Path) -> String {
        let first = self.files.first().and_then(|(path, _)| path.parent());
        let mut common = first.map(Path::to_path_buf).unwrap_or_default();
        for (file, _) in &self.files {
            while !file.starts_with(&common) && common.pop() {}
        }
        move |path| path.strip_prefix(&common).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }

    /// The files, and how they were found, in one line.
    #[must_use]
    pub fn described(&self) -> String {
        let name_of = self.names();
        let of = |role: Role| -> Vec<String> {
            let files = self.files.iter().filter(|(_, other)| *other == role);
            files.map(|(path, _)| format!("`{}`", name_of(path).replace('`', "'"))).collect()
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
        let of_role = self.files.chunk_by(|(_, one), (_, next)| one == next);
        let found = of_role.filter_map(|files| {
            let place = files.binary_search_by(|(file, _)| file.as_path().cmp(path)).ok()?;
            Some(files[place].1)
        });
        found.into_iter().next()
    }
}

/// Finds the datasets of files. Each folder and each configured dataset is read once.
#[derive(Debug, Default)]
pub struct Finder {
    /// By the settings file and the dataset's place in it.
    configured: HashMap<(PathBuf, usize), Arc<Dataset>>,
    /// By the settings file and the folder.
    guessed: HashMap<(PathBuf, PathBuf), Guesses>,
    /// The files that belong to datasets even if they don't exist: those that an editor has open.
    pub open: BTreeSet<PathBuf>,
    /// How many folders were read.
    pub reads: usize,
}

impl Finder {
    /// Reads the folders again.
    pub fn forget(&mut self) {
        *self = Self { open: std::mem::take(&mut self.open), ..Self::default() };
    }

    /// The dataset of the file at `path`: the first configured one that has it, else the one guessed from its name. Reads
    /// folders, and leaves out those that cannot be read. The path must be [`real`]. `configuration` is that of the
    /// `settings` file.
    pub fn find(&mut self, path: &Path, configuration: &Configuration, settings: &Path) -> Option<Arc<Dataset>> {
        let Some(place) = configuration.place_of_dataset(path) else {
            return self.guess(path, configuration, settings);
        };
        let configured = &configuration.datasets()[place];
        let key = (settings.to_path_buf(), place);
        let Self { reads, open, .. } = self;
        let found = self.configured.entry(key).or_insert_with(|| {
            *reads += 1;
            Arc::new(expand(path, configured, configuration, open))
        });
        if found.role(path).is_none() {
            // It is ignored, or does not exist: its own dataset has it all the same.
            let mut own = Dataset::clone(found);
            own.files.extend(configured.role_of(path).map(|role| (path.to_path_buf(), role)));
            own.sort();
            return Some(Arc::new(own));
        }
        Some(Arc::clone(found))
    }

    fn guess(&mut self, path: &Path, configuration: &Configuration, settings: &Path) -> Option<Arc<Dataset>> {
        let name = path.file_name()?.to_string_lossy().into_owned();
        // Without a role in the name, no other file can belong to it.
        roles(&name).first()?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let key = (settings.to_path_buf(), folder.to_path_buf());
        let Self { reads, open, .. } = self;
        let guesses = self.guessed.entry(key).or_insert_with(|| {
            *reads += 1;
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            let files = entries.map(|entry| entry.path()).filter(|path| path.is_file());
            let files = files.chain(open.iter().filter(|path| path.parent() == Some(folder)).cloned());
            Guesses::new(files.filter(|file| configuration.dataset_of(file).is_none()))
        });
        if !guesses.files.contains(path) {
            return Guesses::new(guesses.files.iter().cloned().chain([path.to_path_buf()])).of(path).map(Arc::new);
        }
        guesses.of(path).map(Arc::new)
    }
}

/// The files of a configured dataset, with the one at `path` and those of the `open` ones that belong to it.
fn expand(
    path: &Path,
    configured: &settings::Dataset,
    configuration: &Configuration,
    open: &BTreeSet<PathBuf>,
) -> Dataset {
    let patterns = configured.train.patterns().iter().chain(configured.validation.patterns());
    let (found, _) = matches(configured, patterns.map(String::as_str));
    let mut paths: BTreeSet<PathBuf> = found.iter().map(|path| real(path)).collect();
    paths.insert(path.to_path_buf());
    paths.retain(|path| path.is_file());
    paths.extend(open.iter().cloned());
    let role = |path: PathBuf| {
        let (dataset, role) = configuration.dataset_of(&path)?;
        (dataset == configured).then_some((path, role))
    };
    let files = paths.into_iter().filter_map(role).collect();
    let mut dataset = Dataset { name: configured.name.clone(), configured: true, files };
    dataset.sort();
    dataset
}

/// The files that patterns of a dataset match, and the links that lead out of its folder although they must not. The targets
/// of such links are not read: they may belong to others, or be large folders.
pub fn matches<'a>(
    dataset: &settings::Dataset,
    patterns: impl Iterator<Item = &'a str>,
) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let folder = dataset.folder.clone().unwrap_or_default();
    let is_refused = |path: &Path| dataset.is_confined && leads_out(path, &folder);
    let mut refused = Vec::new();
    let mut patterns: Vec<PathBuf> = patterns.map(|pattern| folder.join(pattern)).collect();
    patterns.retain(|pattern| {
        let fixed = files::fixed_part(pattern);
        let keeps = !is_refused(&fixed);
        refused.extend((!keeps).then_some(fixed));
        keeps
    });
    let found = files::find(&patterns, None).inputs.into_iter().map(|input| input.path().to_path_buf());
    // Folders that are links are not followed, so only the files themselves can be links.
    let (links, found) = found.partition(|path| path.is_symlink() && is_refused(path));
    refused.extend::<Vec<_>>(links);
    (found, refused)
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

/// A name without the word for a role: what is before and after it.
type Rest = (String, String);

/// The files of a folder, to guess which of them belong together.
#[derive(Debug, Default)]
struct Guesses {
    files: BTreeSet<PathBuf>,
    /// The files whose names differ only in the word for the role, each with that role.
    by_rest: HashMap<Rest, Vec<(PathBuf, Role)>>,
}

impl Guesses {
    fn new(files: impl Iterator<Item = PathBuf>) -> Self {
        let files: BTreeSet<PathBuf> = files.collect();
        let mut by_rest: HashMap<Rest, Vec<(PathBuf, Role)>> = HashMap::new();
        for file in &files {
            for (role, rest) in file.file_name().map(|name| roles(&name.to_string_lossy())).unwrap_or_default() {
                let members = by_rest.entry(rest).or_default();
                // The first role of a name counts.
                if members.last().is_none_or(|(last, _)| last != file) {
                    members.push((file.clone(), role));
                }
            }
        }
        Self { files, by_rest }
    }

    /// The files whose names differ from that of `path` only in the word for the role. `None` unless there are a training
    /// file and a held-out file.
    fn of(&self, path: &Path) -> Option<Dataset> {
        let own = roles(&path.file_name()?.to_string_lossy());
        // The last role in the name counts, as in `test-clips-train.jsonl`, unless only an earlier one has a pair.
        own.into_iter().rev().find_map(|(_, rest)| {
            let files = self.by_rest.get(&rest)?.clone();
            let held_out = files.iter().any(|(_, role)| *role != Role::Training);
            let training = files.iter().any(|(_, role)| *role == Role::Training);
            let mut dataset = Dataset { name: None, configured: false, files };
            dataset.sort();
            (held_out && training && dataset.role(path).is_some()).then_some(dataset)
        })
    }
}

/// The roles that the words of a name stand for, each with the rest of the name before and after the word.
fn roles(name: &str) -> Vec<(Role, Rest)> {
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
        let dataset = Guesses::new(files.iter().map(PathBuf::from)).of(Path::new(path))?;
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
        let guessed = Guesses::new(files.iter().cloned()).of(&files[0]).map(|dataset| dataset.described());
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
