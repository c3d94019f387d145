//! Selects the rules that run on a record.

use crate::rules::catalogue::rows;
use crate::rules::needs::Needs;
use crate::rules::row::Row;
use crate::rules::rule::RuleId;

/// The rules to run for each combination of [`Needs`]; a list is built when it is first used. Files have few
/// combinations.
#[derive(Debug, Default)]
pub struct Asked {
    lists: Vec<(Needs, Vec<(RuleId, &'static Row)>)>,
    /// Whether every rule runs on every record: a test shows with it that skipped rules would find nothing.
    #[cfg(test)]
    pub(crate) about_everything: bool,
}

impl Asked {
    /// The rules that can find something in a record with these properties, in the order of the catalogue.
    pub fn rules(&mut self, has: Needs) -> &[(RuleId, &'static Row)] {
        #[cfg(test)]
        let has = if self.about_everything { Needs::ALL } else { has };
        let place = self.lists.iter().position(|(needs, _)| *needs == has).unwrap_or_else(|| {
            self.lists.push((has, rows().filter(|(_, row)| has.cover(row.needs)).collect()));
            self.lists.len() - 1
        });
        &self.lists[place].1
    }
}
