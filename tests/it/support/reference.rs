//! The reference tables of the documentation: rules, and options of the commands.

use clap::Arg;
use std::fmt::Write;
use tuning_ls::rules::{FAMILIES, Family, Fixes, Rule, Severity};

fn families() -> impl Iterator<Item = &'static Family> {
    FAMILIES.into_iter().filter(|family| !family.rules.is_empty())
}

/// The families as one table, each with a link to its rules in `page`.
pub fn families_table(page: &str) -> String {
    let mut out = "| family | what it covers | rules |\n|---|---|---:|\n".to_owned();
    for Family { name, summary, rules } in families() {
        let _ = writeln!(out, "| [`{name}`]({page}#{name}) | {} | {} |", escaped(summary), rules.len());
    }
    out
}

/// The rules as tables, one for each family; `pages` is the path of the folder with their pages.
pub fn rule_tables(pages: &str) -> String {
    let mut out = String::new();
    for Family { name, summary, rules } in families() {
        let _ = write!(
            out,
            "## {name}\n\n{}\n\n| rule | severity | fix | fires on |\n|---|---|---|---|\n",
            sentence(summary)
        );
        for Rule { code, severities, fixes, summary, .. } in rules.iter().map(|row| &row.rule) {
            let letters: Vec<_> = severities.iter().map(|severity| letter(*severity)).collect();
            let fix = match fixes {
                Fixes::None => "",
                Fixes::Safe => "safe",
                Fixes::Suggested => "suggested",
                Fixes::Both => "safe, suggested",
                Fixes::Manual => "manual",
            };
            let (letters, summary) = (letters.join(" "), escaped(summary));
            let _ = writeln!(out, "| [`{code}`]({pages}/{code}.md) | {letters} | {fix} | {summary} |");
        }
        out.push('\n');
    }
    out
}

fn letter(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "E",
        Severity::Warning => "W",
        Severity::Information => "I",
        Severity::Hint => "H",
    }
}

/// The options of a command, as a table; `None` if it has none.
pub fn options_table(command: &clap::Command) -> Option<String> {
    let mut out = "| option | what it does | default |\n|---|---|---|\n".to_owned();
    let options: Vec<_> = command.get_arguments().filter(|option| !option.is_positional()).collect();
    for option in &options {
        let help = option.get_help().map(ToString::to_string).unwrap_or_default();
        let (names, choices, default) = (names(option), choices(option), default(option));
        let _ = writeln!(out, "| `{names}` | {}{choices} | {default} |", escaped(&help));
    }
    (!options.is_empty()).then_some(out)
}

/// How an option is written, its short name first.
fn names(option: &Arg) -> String {
    let short = option.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
    let values: Vec<_> = option.get_value_names().unwrap_or_default().iter().map(ToString::to_string).collect();
    let value = if option.get_action().takes_values() { format!(" {}", values.join(" ")) } else { String::new() };
    format!("{short}--{}{value}", option.get_long().unwrap_or_default())
}

fn choices(option: &Arg) -> String {
    let choices: Vec<_> =
        option.get_possible_values().iter().map(|choice| format!("`{}`", choice.get_name())).collect();
    let takes_values = option.get_action().takes_values();
    let shown = takes_values && !choices.is_empty() && !option.is_hide_possible_values_set();
    if shown { format!(": {}", choices.join(", ")) } else { String::new() }
}

fn default(option: &Arg) -> String {
    let default = option.get_default_values().first().filter(|_| option.get_action().takes_values());
    default.map(|default| format!("`{}`", default.display())).unwrap_or_default()
}

/// A text for a cell of a table.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}

/// With a capital and a full stop.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}
