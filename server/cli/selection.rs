//! `--select` and `--ignore`: which rules are on.

use crate::rules::{self, Family, Rule};
use crate::settings::{Level, Settings};
use clap::Args;
use clap::builder::{PossibleValue, TypedValueParser};
use std::ffi::OsStr;

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
        let near = family.or_else(|| rules::nearest_code(name)).or_else(|| containing(name));
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

/// The shortest code with `name` in it, if `name` is long enough to mean something.
fn containing(name: &str) -> Option<&'static str> {
    let codes = rules::all().map(|rule| rule.code).filter(|code| name.len() > 3 && code.contains(name));
    codes.min_by_key(|code| code.len())
}

/// Parses an argument as `P` does. Shells complete it with the codes of all rules and the names of all families.
#[derive(Clone, Debug)]
pub struct RuleName<P>(pub P);

impl<P: TypedValueParser> TypedValueParser for RuleName<P> {
    type Value = P::Value;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        self.0.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let families = rules::FAMILIES.into_iter().map(|family| PossibleValue::new(family.name).help(family.summary));
        let codes = rules::all().map(|rule| PossibleValue::new(rule.code).help(rule.summary));
        Some(Box::new(codes.chain(families)))
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub struct RuleArguments {
    /// Use only these rules: codes or families such as `media`, separated by commas; rules that the settings turn off
    /// stay off
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = RuleName(Selector::parse), hide_possible_values = true)]
    pub select: Vec<Selector>,
    /// Turn off these rules (codes or families, separated by commas); overrides --select
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = RuleName(Selector::parse), hide_possible_values = true)]
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
