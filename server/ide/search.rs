//! Finding examples by a few typed characters.

use crate::analysis::line::Reading;
use crate::ide::title::{Title, location};

/// What a person typed to find an example.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// In lower case, without white space around it.
    text: String,
}

/// How well an example matches, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The title contains the query.
    Title,
    /// The location of its media file contains the query.
    Location,
    /// The title contains the characters of the query, in order.
    Characters,
}

impl Query {
    /// A query. An empty one matches every example.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.trim().to_lowercase() }
    }

    /// Whether it matches every example.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The numbered title of an example, and how well it matches; `None` if it doesn't.
    #[must_use]
    pub fn find(&self, number: usize, reading: &Reading<'_>) -> Option<(Rank, String)> {
        let title = Title::of(reading).numbered(number);
        let lower = title.to_lowercase();
        let in_location = || {
            let location = location(reading.record, reading.example)?;
            location.to_lowercase().contains(&self.text).then_some(Rank::Location)
        };
        let in_order = || {
            let mut letters = lower.chars();
            self.text.chars().all(|wanted| wanted == ' ' || letters.any(|letter| letter == wanted))
        };
        let rank = if lower.contains(&self.text) {
            Rank::Title
        } else if let Some(rank) = in_location() {
            rank
        } else if in_order() {
            Rank::Characters
        } else {
            return None;
        };
        Some((rank, title))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analyst;

    const LINE: &str = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://Clips/day1/clip_0012.mp4","mimeType":"video/mp4"}}]},{"role":"model","parts":[{"text":"Großes Tor"}]}]}"#;

    fn rank(query: &str) -> Option<Rank> {
        Some(Query::new(query).find(7, &Analyst::default().read(LINE))?.0)
    }

    #[test]
    fn a_title_matches_whatever_the_case() {
        for query in ["", "  ", "clip_0012", "CLIP", " mp4 → großes", "GROẞES tor", "#7"] {
            assert_eq!(rank(query), Some(Rank::Title), "{query}");
        }
    }

    #[test]
    fn a_location_matches_as_it_is_written_and_a_title_by_its_characters() {
        assert_eq!(rank("gs://clips/DAY1"), Some(Rank::Location));
        assert_eq!(rank("c12tor"), Some(Rank::Characters));
        assert_eq!(rank("0012 tor"), Some(Rank::Characters));
        assert_eq!(rank("tor c12"), None, "another order");
        assert_eq!(rank("goal"), None);
    }
}
