//! `--select` and `--ignore`: which rules are on.

use crate::rules::{self, Family, Rule};
use crate::settings::{Level, Settings};
use clap::Args;

/// A rule or a family of rules, as a user names it.
#[derive(Clone, Copy, Debug)]
pub enum Selector {
    Rule(&'static Rule),
    Family(&'static Family),
}

impl Selector {
    /// Parses the name of a rule or family. The error is a message for the user.
    pub fn parse(name: &str) -> Result<Self, String> {
        let name = name.trim();
        if let Some(rule) = rules::by_code(name) {
            return Ok(Self::Rule(rule));
        }
        if let Some(family) = rules::FAMILIES.into_iter().find(|family| family.name == name) {
            return Ok(Self::Family(family));
        }
        let families =
            rules::FAMILIES.iter().map(|family| (strsim::damerau_levenshtein(family.name, name), family.name));
        let family = families.min().filter(|(distance, _)| *distance <= 2).map(|(_, family)| family);
        let near = family.or_else(|| rules::nearest_code(name));
        let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        Err(format!("there is no rule or family `{name}`{near}"))
    }

    fn covers(self, rule: &'static Rule) -> bool {
        match self {
            Self::Rule(own) => std::ptr::eq(own, rule),
            Self::Family(family) => family.rules.iter().any(|own| std::ptr::eq(&raw const own.rule, rule)),
        }
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub struct RuleArguments {
    /// Use only these rules: codes or families such as `media`, separated by commas; rules that the settings turn off
    /// stay off
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = Selector::parse)]
    pub select: Vec<Selector>,
    /// Turn off these rules (codes or families, separated by commas); overrides --select
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = Selector::parse)]
    pub ignore: Vec<Selector>,
}

impl RuleArguments {
    /// Turns off the rules that aren't selected. The others keep the level that `settings` give them.
    pub fn apply(&self, settings: &mut Settings) {
        let covered = |selectors: &[Selector], rule| selectors.iter().any(|selector| selector.covers(rule));
        for rule in rules::all() {
            let selected = self.select.is_empty() || covered(&self.select, rule);
            if !selected || covered(&self.ignore, rule) {
                settings.rules.insert(rule.code.to_owned(), Level::Off);
            }
        }
    }
}
