//! The list of all rules, in the order in which they run.

use crate::rules::row::{Family, Row};
use crate::rules::rule::{Levels, Rule, RuleId};
use crate::rules::{config, dataset, json, media, segment, shape, text, turns};
use crate::settings::{Settings, shortened};
use std::sync::LazyLock;

/// All families, in the order in which their rules run.
pub static FAMILIES: [&Family; 8] = [
    &text::FAMILY,
    &json::FAMILY,
    &shape::FAMILY,
    &turns::FAMILY,
    &media::FAMILY,
    &segment::FAMILY,
    &dataset::FAMILY,
    &config::FAMILY,
];

/// All rows with their ids, family by family.
pub fn rows() -> impl Iterator<Item = (RuleId, &'static Row)> {
    (0..).map(RuleId).zip(FAMILIES.iter().flat_map(|family| family.rules))
}

/// All rules, family by family.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    rows().map(|(_, row)| &row.rule)
}

/// The rule with this code.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}

/// The family of the rule with this code.
#[must_use]
pub fn family_of(code: &str) -> Option<&'static Family> {
    FAMILIES.iter().find(|family| family.rules.iter().any(|row| row.rule.code == code)).copied()
}

/// The rule code most similar to `code`, if it is similar enough to suggest.
#[must_use]
pub fn nearest_code(code: &str) -> Option<&'static str> {
    all()
        .map(|rule| (strsim::damerau_levenshtein(rule.code, code), rule.code))
        .min()
        .filter(|(distance, _)| *distance <= 3)
        .map(|(_, code)| code)
}

/// The message for an unknown code, with a suggestion if there is one.
#[must_use]
pub fn no_such_rule(code: &str) -> String {
    let shown = shortened(code);
    match nearest_code(code) {
        Some(near) => format!("there is no rule `{shown}`; did you mean `{near}`?"),
        None => format!("there is no rule `{shown}`"),
    }
}

impl RuleId {
    /// The rule with this id.
    #[must_use]
    pub fn rule(self) -> &'static Rule {
        static RULES: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| all().collect());
        RULES[usize::from(self.0)]
    }
}

impl Rule {
    /// The index of the rule in [`all`].
    #[must_use]
    pub fn id(&'static self) -> RuleId {
        let place = all().position(|rule| std::ptr::eq(rule, self)).unwrap_or(0);
        RuleId(u16::try_from(place).unwrap_or(u16::MAX))
    }
}

impl Levels {
    /// The levels that `settings` give, and a message for each unknown code.
    #[must_use]
    pub fn new(settings: &Settings) -> (Self, Vec<String>) {
        let levels = all().map(|rule| settings.rules.get(rule.code).copied()).collect();
        let problems = settings.rules.keys().filter(|code| by_code(code).is_none()).map(|code| no_such_rule(code));
        (Self(levels), problems.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::facts::MAX_RULES;
    use std::collections::HashSet;

    #[test]
    fn there_are_facts_for_every_rule_and_no_code_is_taken_twice() {
        assert!(all().count() <= usize::from(MAX_RULES));
        assert_eq!(all().map(|rule| rule.code).collect::<HashSet<_>>().len(), all().count());
    }
}
