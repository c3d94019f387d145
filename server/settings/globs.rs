//! Glob patterns for files below a folder.

use super::given::shortened;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::ops::Range;
use std::path::{Component, Path};

/// The most patterns of a list.
const MAX_PATTERNS: usize = 1_000;

/// The most wildcards, classes and alternatives of a pattern. More of them can take seconds to compile.
const MAX_WILDCARDS: usize = 30;

/// The most bytes of a pattern.
const MAX_LENGTH: usize = 4_096;

/// Patterns, of which a file must match one. `*` and `?` match inside one folder, `**` matches any number of folders.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    patterns: Vec<String>,
    /// The place of each pattern in the settings.
    places: Vec<Range<usize>>,
    set: GlobSet,
}

impl PartialEq for Globs {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns
    }
}

impl Eq for Globs {}

impl Globs {
    /// The valid patterns of these, and a place and a sentence for each invalid one.
    #[must_use]
    pub fn new(patterns: Vec<(String, Range<usize>)>) -> (Self, Vec<(Range<usize>, String)>) {
        let (mut builder, mut valid, mut problems) = (GlobSetBuilder::new(), Vec::new(), Vec::new());
        let mut places = Vec::new();
        let first = patterns.first().map_or(0..0, |(_, span)| span.clone());
        if patterns.len() > MAX_PATTERNS {
            problems
                .push((first.clone(), format!("there are {} patterns; the limit is {MAX_PATTERNS}", patterns.len())));
        }
        for (pattern, span) in patterns.into_iter().take(MAX_PATTERNS) {
            match glob(&pattern) {
                Ok(glob) => {
                    builder.add(glob);
                    valid.push(pattern);
                    places.push(span);
                }
                Err(problem) => problems.push((span, format!("the pattern `{}` {problem}", shortened(&pattern)))),
            }
        }
        match builder.build() {
            Ok(set) => (Self { patterns: valid, places, set }, problems),
            Err(error) => {
                problems.push((first, format!("the patterns cannot be used together: {error}")));
                (Self::default(), problems)
            }
        }
    }

    /// The patterns as written, with `/` between folders.
    #[must_use]
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// The patterns, each with its place in the settings.
    pub fn placed(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.patterns.iter().map(String::as_str).zip(self.places.iter().cloned())
    }

    /// Whether there is no pattern.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// How exactly the patterns match the path, for comparing: a file name is more exact than a pattern with wildcards,
    /// and a longer pattern is more exact than a shorter one. `None` if none matches.
    #[must_use]
    pub fn exactness(&self, path: &Path) -> Option<(bool, usize)> {
        let matching = self.set.matches(path).into_iter().filter_map(|place| self.patterns.get(place));
        matching.map(|pattern| (!pattern.contains(['*', '?', '[', '{']), pattern.len())).max()
    }

    /// Whether a pattern matches the path, which is relative to the folder of the patterns.
    #[must_use]
    pub fn matches(&self, path: &Path) -> bool {
        self.set.is_match(path)
    }
}

/// A pattern that takes little time to compile. The error is the end of a sentence.
///
/// # Errors
/// The pattern is too long, or has too many wildcards.
pub fn bounded(text: &str) -> Result<GlobBuilder<'_>, String> {
    let wildcards = text.bytes().filter(|byte| matches!(byte, b'*' | b'?' | b'[' | b'{' | b',')).count();
    if wildcards > MAX_WILDCARDS {
        return Err(format!("has {wildcards} wildcards and alternatives; the limit is {MAX_WILDCARDS}"));
    }
    if text.len() > MAX_LENGTH {
        return Err(format!("has {} bytes; the limit is {MAX_LENGTH}", text.len()));
    }
    Ok(GlobBuilder::new(text))
}

/// Reads a pattern. The error is the end of a sentence.
fn glob(text: &str) -> Result<globset::Glob, String> {
    let is_separator = std::path::is_separator;
    let text = text.strip_prefix('.').and_then(|rest| rest.strip_prefix(is_separator)).unwrap_or(text);
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    let is_drive = |part| matches!(part, Component::Prefix(_));
    let path = Path::new(text);
    if path.has_root() || path.components().any(is_drive) || text.split(is_separator).any(|step| step == "..") {
        return Err("leaves its folder; a pattern matches only files in the folder and below".to_owned());
    }
    bounded(text)?.literal_separator(true).build().map_err(|error| format!("is invalid: {}", error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(texts: &[&str]) -> (Globs, usize) {
        let (globs, problems) = Globs::new(texts.iter().map(|text| ((*text).to_owned(), 0..0)).collect());
        (globs, problems.len())
    }

    #[test]
    fn one_star_matches_one_folder_and_two_match_all() {
        let (one, _) = globs(&["*.jsonl", "./data/train.jsonl"]);
        let matches = |path: &str| one.matches(Path::new(path));
        assert!(matches("a.jsonl") && matches("data/train.jsonl") && !matches("data/a.jsonl"));
        let (all, _) = globs(&["**/*.{jsonl,ndjson}"]);
        assert!(all.matches(Path::new("a.jsonl")) && all.matches(Path::new("a/b/c.ndjson")));
    }

    #[test]
    fn patterns_that_would_take_long_are_reported() {
        let slow = ["*a".repeat(31), "**/".repeat(20), "{a,b}".repeat(20), "a".repeat(5_000)];
        for slow in &slow {
            let (globs, problems) = globs(&[slow, "b.jsonl"]);
            assert_eq!((globs.patterns().len(), problems), (1, 1), "{slow}");
        }
        let many: Vec<String> = (0..2_000).map(|number| format!("{number}/**/*.jsonl")).collect();
        let (globs, problems) = globs(&many.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!((globs.patterns().len(), problems), (MAX_PATTERNS, 1));
        assert!(globs.matches(Path::new("999/a/b.jsonl")) && !globs.matches(Path::new("1000/a.jsonl")));
    }

    #[test]
    fn an_invalid_pattern_is_reported_and_the_others_apply() {
        for wrong in ["a[", "{a", "../a.jsonl", "/a.jsonl", ""] {
            let (globs, problems) = globs(&[wrong, "b.jsonl"]);
            assert_eq!((globs.patterns().len(), problems), (1, 1), "{wrong}");
            assert!(globs.matches(Path::new("b.jsonl")));
        }
    }
}
