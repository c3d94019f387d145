//! Checks a file together with the other files of its dataset.

use crate::analysis::index::dataset::{DatasetState, Member, detach};
use crate::analysis::{Analyst, Lines, Source, fold};
use crate::disk::bytes::Reading;
use crate::disk::check::{Checked, analyze};
use crate::disk::datasets::{Dataset, role_of_path};
use crate::disk::input::Input;
use crate::disk::source::FileText;
use crate::rules::OtherFile;
use crate::settings::Settings;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Checks files one after the other, each together with the other files of its dataset. An analyzed file is reused for
/// the next file of the same dataset.
pub struct Checker {
    located: fn(&Path) -> String,
    dataset: Option<Arc<Dataset>>,
    analyzed: BTreeMap<PathBuf, (FileText, Lines)>,
    /// The settings for which the files were related to each other, if their texts are still the same.
    related: Option<Settings>,
    /// How often all files of a dataset were related to each other.
    pub relations: usize,
}

impl Checker {
    /// A checker whose findings give the location of another file as `located` returns it.
    #[must_use]
    pub fn new(located: fn(&Path) -> String) -> Self {
        Self { located, dataset: None, analyzed: BTreeMap::new(), related: None, relations: 0 }
    }

    /// Checks the text of the file at `path`, and lists at most `max` findings. `dataset` is the dataset of the file,
    /// and `settings_of` returns the settings of its other files. Files that cannot be read are left out.
    pub fn check(
        &mut self,
        path: &Path,
        text: &FileText,
        settings: &Settings,
        dataset: Option<Arc<Dataset>>,
        mut settings_of: impl FnMut(&Path) -> Settings,
        max: usize,
    ) -> Checked {
        if self.dataset != dataset {
            (self.dataset, self.analyzed, self.related) = (dataset, BTreeMap::new(), None);
        }
        let before = self.analyzed.remove(path).filter(|(before, _)| before.is_same(text));
        // The settings decide which format a file has.
        let is_known = before.is_some() && self.related.as_ref().is_some_and(|related| related.is_read_alike(settings));
        let mut lines = before.map_or_else(|| analyze(text, settings).0, |(_, lines)| lines);
        let mut analyst = Analyst::new(settings);
        match &self.dataset {
            None => drop(detach(&mut lines, role_of_path(path))),
            Some(_) if is_known => {}
            Some(dataset) => {
                for (other, _) in dataset.files.iter().filter(|(other, _)| other != path) {
                    if !self.analyzed.contains_key(other)
                        && let Ok(text) = Input::File(other.clone()).read(&Reading::TO_READ)
                    {
                        let lines = analyze(&text, &settings_of(other)).0;
                        if text.problem().is_none() {
                            self.analyzed.insert(other.clone(), (text, lines));
                        }
                    }
                }
                let mut files: BTreeMap<&Path, (&mut Lines, &dyn Source)> = self
                    .analyzed
                    .iter_mut()
                    .map(|(path, (text, lines))| (path.as_path(), (lines, text as _)))
                    .collect();
                files.insert(path, (&mut lines, text));
                let name_of = dataset.names();
                let members = dataset.files.iter().filter_map(|(path, role)| {
                    let (lines, source) = files.remove(path.as_path())?;
                    let file = OtherFile { name: name_of(path), location: (self.located)(path) };
                    Some(Member { lines, source, file: Arc::new(file), role: *role })
                });
                let mut members: Vec<_> = members.collect();
                DatasetState::default().relate(&mut members, dataset.configured, &mut analyst);
                self.related = Some(settings.clone());
                self.relations += 1;
            }
        }
        let verdict = lines.judge(text, &analyst);
        let listed = fold(lines.list(text, &mut analyst, &verdict, max), &verdict);
        Checked { lines, verdict, listed }
    }

    /// Keeps an analyzed file for the next file of its dataset.
    pub fn keep(&mut self, path: &Path, text: FileText, lines: Lines) {
        if self.dataset.as_ref().is_some_and(|dataset| dataset.role(path).is_some()) {
            self.analyzed.insert(path.to_path_buf(), (text, lines));
        }
    }
}
