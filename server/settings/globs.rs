//! Glob patterns for files below a folder.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::ops::Range;
use std::path::Path;

/// A pattern as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The pattern, with `/` between folders.
    pub text: String,
    /// The bytes it stands at in `tuning-ls.toml`; empty for the client's.
    pub span: Range<usize>,
}

/// Patterns, of which a file has to match one. `*` and `?` stay inside a folder's name, `**` goes through
/// any number of folders.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    patterns: Vec<Pattern>,
    set: GlobSet,
}

impl PartialEq for Globs {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns
    }
}

impl Eq for Globs {}

impl Globs {
    /// Those of the patterns that can be read, and the place of and a sentence about each that cannot.
    #[must_use]
    pub fn new(patterns: Vec<Pattern>) -> (Self, Vec<(Range<usize>, String)>) {
        let (mut builder, mut kept, mut problems) = (GlobSetBuilder::new(), Vec::new(), Vec::new());
        for pattern in patterns {
            match glob(&pattern.text) {
                Ok(glob) => {
                    builder.add(glob);
                    kept.push(pattern);
                }
                Err(problem) => problems.push((pattern.span, format!("the pattern `{}` {problem}", pattern.text))),
            }
        }
        match builder.build() {
            Ok(set) => (Self { patterns: kept, set }, problems),
            Err(error) => {
                let span = kept.first().map_or(0..0, |pattern| pattern.span.clone());
                problems.push((span, format!("the patterns cannot be used together: {error}")));
                (Self::default(), problems)
            }
        }
    }

    /// The patterns as they were written.
    #[must_use]
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Whether there is no pattern.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// How exactly the file at this path is meant: a name goes before a pattern, and a longer pattern before
    /// a shorter one. `None` when it is not meant.
    #[must_use]
    pub fn exactness(&self, path: &Path) -> Option<(bool, usize)> {
        let matching = self.set.matches(path).into_iter().filter_map(|place| self.patterns.get(place));
        matching.map(|pattern| (!pattern.text.contains(['*', '?', '[', '{']), pattern.text.len())).max()
    }

    /// Whether the file at this path, relative to the folder of the patterns, is meant.
    #[must_use]
    pub fn matches(&self, path: &Path) -> bool {
        self.set.is_match(path)
    }
}

/// The pattern read, or what is wrong with it, as the end of a sentence.
fn glob(text: &str) -> Result<globset::Glob, String> {
    let text = text.strip_prefix("./").unwrap_or(text);
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    if Path::new(text).has_root() || text.split('/').any(|step| step == "..") {
        return Err("leaves its folder; only files below can be meant".to_owned());
    }
    GlobBuilder::new(text).literal_separator(true).build().map_err(|error| format!("cannot be read: {}", error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(texts: &[&str]) -> (Globs, usize) {
        let pattern = |text: &&str| Pattern { text: (*text).to_owned(), span: 0..0 };
        let (globs, problems) = Globs::new(texts.iter().map(pattern).collect());
        (globs, problems.len())
    }

    #[test]
    fn a_star_stays_in_its_folder_and_two_go_through_all() {
        let (one, _) = globs(&["*.jsonl", "./data/train.jsonl"]);
        let matches = |path: &str| one.matches(Path::new(path));
        assert!(matches("a.jsonl") && matches("data/train.jsonl") && !matches("data/a.jsonl"));
        let (all, _) = globs(&["**/*.{jsonl,ndjson}"]);
        assert!(all.matches(Path::new("a.jsonl")) && all.matches(Path::new("a/b/c.ndjson")));
    }

    #[test]
    fn a_pattern_that_cannot_be_read_is_said_and_the_others_hold() {
        for wrong in ["a[", "{a", "../a.jsonl", "/a.jsonl", ""] {
            let (globs, problems) = globs(&[wrong, "b.jsonl"]);
            assert_eq!((globs.patterns().len(), problems), (1, 1), "{wrong}");
            assert!(globs.matches(Path::new("b.jsonl")));
        }
    }
}
