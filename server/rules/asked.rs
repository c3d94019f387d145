//! Which rules are asked about a record.

use crate::rules::catalogue::rows;
use crate::rules::needs::Needs;
use crate::rules::row::Row;
use crate::rules::rule::RuleId;

/// The rules that are asked, by what records have; put together once for each kind of record.
#[derive(Debug)]
pub struct Asked {
    kinds: Vec<Option<Vec<(RuleId, &'static Row)>>>,
    /// Whether all rules are asked about everything: for the test that those that are not have nothing to say.
    #[cfg(test)]
    pub(crate) about_everything: bool,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            kinds: vec![None; Needs::KINDS],
            #[cfg(test)]
            about_everything: false,
        }
    }
}

impl Asked {
    /// The rules that may have something to say of a record that has this, in their order.
    pub fn rules(&mut self, has: Needs) -> &[(RuleId, &'static Row)] {
        #[cfg(test)]
        let has = if self.about_everything { Needs::ALL } else { has };
        self.kinds[has.number()].get_or_insert_with(|| rows().filter(|(_, row)| has.cover(row.needs)).collect())
    }
}
