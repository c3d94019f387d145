//! What an editor can fold: neighboring examples of the same media file, and records over several lines.

use crate::ide::title::file_name;
use std::ops::Range;

/// Lines to fold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The lines.
    pub lines: Range<usize>,
    /// What they are, if they are a run with the same media file: `3 examples of clip.mp4`.
    pub text: Option<String>,
}

/// The folds of a file, by their first lines, a run before its records. Each has at least two lines. `records` are the
/// lines of each record that isn't blank with the location of its media file, in order.
#[must_use]
pub fn folds(records: &[(Range<usize>, Option<String>)]) -> Vec<Fold> {
    let mut folds = Vec::new();
    for run in records.chunk_by(|(_, one), (_, next)| one.is_some() && one == next) {
        if let [(first, Some(location)), .., (last, _)] = run {
            let text = format!("{} examples of {}", run.len(), file_name(location));
            folds.push(Fold { lines: first.start..last.end, text: Some(text) });
        }
        let long = run.iter().filter(|(lines, _)| lines.len() > 1);
        folds.extend(long.map(|(lines, _)| Fold { lines: lines.clone(), text: None }));
    }
    folds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_a_media_file_and_long_records_fold() {
        let records = [(0..1, "gs://b/a"), (1..2, "gs://b/a"), (3..4, "gs://b/a"), (4..5, "gs://c/a"), (5..6, "")];
        let more = [(6..7, ""), (7..9, "b"), (9..10, "b")];
        let located = |location: &str| (!location.is_empty()).then(|| location.to_owned());
        let records: Vec<_> = records.into_iter().chain(more).map(|(lines, it)| (lines, located(it))).collect();
        let folds: Vec<_> = folds(&records).into_iter().map(|fold| (fold.lines, fold.text)).collect();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(folds, [(0..4, text("3 examples of a")), (7..10, text("2 examples of b")), (7..9, None)]);
    }

    #[test]
    fn single_lines_do_not_fold() {
        let located = |location: &str| Some(location.to_owned());
        assert!(folds(&[]).is_empty());
        assert!(folds(&[(0..1, located("a")), (1..2, located("b")), (2..3, None)]).is_empty());
    }
}
