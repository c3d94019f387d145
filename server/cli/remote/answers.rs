//! What servers say about locations.

use crate::settings::media::Facts;
use std::collections::BTreeMap;

/// Up to so many locations with the same failure are named one by one.
#[cfg(feature = "remote")]
const FEW: usize = 3;

/// What servers say about locations.
#[derive(Debug, Default)]
pub struct Answers {
    /// The facts by location.
    pub facts: BTreeMap<String, Facts>,
    /// The number of locations without facts.
    pub failed: usize,
    /// Why there are no facts: a line for each location, or one for all locations of a server.
    pub warnings: Vec<String>,
    /// The number of requests that were sent; `None` if no server was to be asked.
    pub requests: Option<usize>,
}

/// Why there are no facts about a location.
#[cfg(feature = "remote")]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Failure {
    /// A clause about "it", the media file.
    pub reason: String,
    /// Whether it says nothing about the file, only about its server.
    pub is_of_server: bool,
}

#[cfg(feature = "remote")]
impl Answers {
    /// Adds the failures of a server: locations as a person may see them, and why there are no facts. `asked` is the number
    /// of all locations of this server. A reason that all locations share is given once.
    pub(super) fn fail(&mut self, server: &str, asked: usize, failures: Vec<(String, Failure)>) {
        self.failed += failures.len();
        let mut groups: BTreeMap<Failure, Vec<String>> = BTreeMap::new();
        for (shown, failure) in failures {
            groups.entry(failure).or_default().push(shown);
        }
        for (Failure { reason, is_of_server }, shown) in groups {
            let count = shown.len();
            match shown.first() {
                Some(first) if count > FEW && (is_of_server || count == asked) => {
                    let others = count - 1;
                    self.warnings
                        .push(format!("{first}: {reason}. The same is true for {others} more locations at {server}"));
                }
                _ => self.warnings.extend(shown.iter().map(|shown| format!("{shown}: {reason}"))),
            }
        }
    }
}

#[cfg(all(test, feature = "remote"))]
mod tests {
    use super::*;

    fn failures(count: usize, reason: &str, is_of_server: bool) -> Vec<(String, Failure)> {
        let failure = Failure { reason: reason.to_owned(), is_of_server };
        (1..=count).map(|number| (format!("gs://b/{reason}/{number}"), failure.clone())).collect()
    }

    #[test]
    fn what_is_true_of_a_server_is_said_once_and_missing_files_are_all_named() {
        let lines = |asked, failures| {
            let mut answers = Answers::default();
            answers.fail("gs://b", asked, failures);
            answers.warnings
        };
        assert_eq!(lines(9, failures(4, "lost", false)).len(), 4);
        assert_eq!(
            lines(4, failures(4, "lost", false)),
            ["gs://b/lost/1: lost. The same is true for 3 more locations at gs://b"]
        );
        assert_eq!(
            lines(9, failures(4, "down", true)),
            ["gs://b/down/1: down. The same is true for 3 more locations at gs://b"]
        );
        assert_eq!(lines(3, failures(3, "down", true)).len(), 3);
        let mixed = [failures(5, "down", true), failures(2, "lost", false)].concat();
        assert_eq!(lines(7, mixed).len(), 3);
    }
}
