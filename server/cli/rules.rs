//! `tuning-ls rules`: the list of all rules.

use crate::cli::command::{Outcome, Program, Run};
use crate::rules::{FAMILIES, Family, Fixes, Rule};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// The maximum width of the list, in columns.
const COLUMNS: usize = 80;

/// List all rules: codes, severities, fixes, and what each rule reports
///
/// The rules are listed by family. `--select` and `--ignore` of `tuning-ls check` take the codes and the names of families.
/// `tuning-ls explain CODE` prints the page of a rule.
#[derive(Debug, Args)]
pub struct RulesArguments {
    /// Print the list in this format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output_format: ListFormat,
}

/// A format of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A list of at most 80 columns
    #[default]
    Text,
    /// A JSON object: {"rules": [...]} with code, family, severities, fixes and summary of each rule
    Json,
}

/// A rule as JSON.
#[derive(Debug, Serialize)]
struct JsonRule {
    code: &'static str,
    family: &'static str,
    /// The usual severity first.
    severities: Vec<String>,
    fixes: &'static [&'static str],
    summary: &'static str,
}

impl Run for RulesArguments {
    fn run(&self, Program { out, .. }: &mut Program<'_>) -> io::Result<Outcome> {
        match self.output_format {
            ListFormat::Text => write_families(&FAMILIES, *out)?,
            ListFormat::Json => {
                let rules = FAMILIES.iter().flat_map(|family| rules_of(family).map(|rule| json_rule(family, rule)));
                let rules: Vec<_> = rules.collect();
                serde_json::to_writer_pretty(&mut *out, &BTreeMap::from([("rules", rules)]))?;
                writeln!(out)?;
            }
        }
        Ok(Outcome::Clean)
    }
}

fn rules_of(family: &'static Family) -> impl Iterator<Item = &'static Rule> {
    family.rules.iter().map(|row| &row.rule)
}

fn json_rule(family: &Family, rule: &Rule) -> JsonRule {
    let severities = rule.severities.iter().map(ToString::to_string).collect();
    JsonRule { code: rule.code, family: family.name, severities, fixes: fixes(rule), summary: rule.summary }
}

fn fixes(rule: &Rule) -> &'static [&'static str] {
    match rule.fixes {
        Fixes::None => &[],
        Fixes::Safe => &["safe"],
        Fixes::Suggested => &["suggested"],
        Fixes::Manual => &["manual"],
        Fixes::Both => &["safe", "suggested"],
    }
}

/// Writes the rules of these families, each with its summary, severities and fixes.
pub(super) fn write_families(families: &[&'static Family], out: &mut dyn Write) -> io::Result<()> {
    for (place, family) in families.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        let heading = wrapped(&format!("{}: {}", family.name, family.summary), COLUMNS);
        heading.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        let widest = rules_of(family).map(|rule| rule.code.len()).max().unwrap_or_default();
        let indent = widest + 4;
        for rule in rules_of(family) {
            let severities: Vec<_> = rule.severities.iter().map(ToString::to_string).collect();
            let mut about = severities.join(", ");
            if !fixes(rule).is_empty() {
                about = format!("{about}; {} fix", fixes(rule).join(" or "));
            }
            let lines = wrapped(&format!("{} ({about})", rule.summary), COLUMNS - indent);
            write!(out, "  {:<widest$}", rule.code)?;
            for (place, line) in lines.iter().enumerate() {
                let margin = if place > 0 { indent } else { 2 };
                writeln!(out, "{:margin$}{line}", "")?;
            }
        }
    }
    Ok(())
}

/// The words of a text in lines of at most so many columns.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut().filter(|line| line.width() + 1 + word.width() <= columns) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}
