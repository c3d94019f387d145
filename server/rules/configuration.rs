//! Findings on a `tuning-ls.toml`.

use crate::json::Span;
use crate::json::lexer::escape_control;
use crate::rules::{Finding, Levels, Rule, Severity, by_code, config, no_such_rule};
use crate::settings::Configuration;
use std::ops::Range;

/// A finding on a `tuning-ls.toml`.
#[derive(Clone, Debug)]
pub struct ConfigFinding {
    /// The rule, `bad-config`.
    pub rule: &'static Rule,
    /// The severity, according to the levels in the same file.
    pub severity: Severity,
    /// The bytes of the text that it is about.
    pub span: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
}

impl ConfigFinding {
    /// Converts it to a [`Finding`] whose span counts from the start of the file.
    #[must_use]
    pub fn to_finding(&self) -> Finding {
        let mut finding = Finding::on_file(self.rule, self.severity, Span::new(self.span.start, self.span.end));
        finding.says(self.message.clone());
        finding
    }
}

/// Reads the text of a `tuning-ls.toml`; also returns the findings on it, by place. Doesn't check whether the files it names
/// exist. O(n log n).
#[must_use]
pub fn read_configuration(text: &str) -> (Configuration, Vec<ConfigFinding>) {
    let (configuration, problems) = Configuration::from_toml(text);
    let mut found: Vec<_> = problems.into_iter().map(|problem| (problem.span, problem.message)).collect();
    found.extend(unknown_rules(&configuration));
    found.sort_by_key(|(span, _)| (span.start, span.end));
    let findings = found.into_iter().filter_map(|(span, message)| finding(&configuration, span, message)).collect();
    (configuration, findings)
}

/// Makes a finding on the file that `configuration` was read from; `None` if that file turns the rule off. In the message,
/// control characters of names and paths are escaped.
#[must_use]
pub fn finding(configuration: &Configuration, span: Range<usize>, message: String) -> Option<ConfigFinding> {
    let rule = &config::FAMILY.rules[0].rule;
    let severity = Levels::new(&configuration.base()).0.severity(rule.id(), Severity::Error)?;
    let escaped = |letter: char| if letter.is_control() { escape_control(letter) } else { letter.to_string() };
    let message = message.chars().map(escaped).collect();
    Some(ConfigFinding { rule, severity, span, message })
}

/// The unknown rule codes, each with its place and a message.
#[must_use]
pub fn unknown_rules(configuration: &Configuration) -> Vec<(Range<usize>, String)> {
    let unknown = configuration.named_rules().filter(|(code, _)| by_code(code).is_none());
    unknown.map(|(code, span)| (span, no_such_rule(code))).collect()
}
