//! What is wrong in a `tuning-ls.toml`, shown on that file.

use crate::json::Span;
use crate::rules::{Finding, Levels, Rule, Severity, by_code, config, no_such_rule};
use crate::settings::Configuration;
use std::ops::Range;

/// Something that is wrong in a `tuning-ls.toml`.
#[derive(Clone, Debug)]
pub struct ConfigFinding {
    /// The rule, `bad-config`.
    pub rule: &'static Rule,
    /// How bad it is, by the file's own levels.
    pub severity: Severity,
    /// The bytes of the text at fault.
    pub span: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
}

impl ConfigFinding {
    /// The same as a finding on the file, whose span counts from its beginning.
    #[must_use]
    pub fn to_finding(&self) -> Finding {
        let mut finding = Finding::on_file(self.rule, self.severity, Span::new(self.span.start, self.span.end));
        finding.says(self.message.clone());
        finding
    }
}

/// The findings on the text of a `tuning-ls.toml`, in its order. Whether the files that it names exist is
/// not looked at. O(n log n).
#[must_use]
pub fn check_configuration(text: &str) -> Vec<ConfigFinding> {
    read_configuration(text).1
}

/// What a `tuning-ls.toml` says, and the findings on it.
#[must_use]
pub fn read_configuration(text: &str) -> (Configuration, Vec<ConfigFinding>) {
    let (configuration, problems) = Configuration::from_toml(text);
    let mut found: Vec<_> = problems.into_iter().map(|problem| (problem.span, problem.message)).collect();
    found.extend(unknown_rules(&configuration));
    found.sort_by_key(|(span, _)| (span.start, span.end));
    let findings = found.into_iter().filter_map(|(span, message)| finding(&configuration, span, message)).collect();
    (configuration, findings)
}

/// A finding on the file of `configuration`; `None` when the file turns the rule off.
#[must_use]
pub fn finding(configuration: &Configuration, span: Range<usize>, message: String) -> Option<ConfigFinding> {
    let rule = &config::FAMILY.rules[0].rule;
    let severity = Levels::new(&configuration.base()).0.severity(rule.id(), Severity::Error)?;
    Some(ConfigFinding { rule, severity, span, message })
}

/// The codes that are no rule's, each with its place and a sentence.
#[must_use]
pub fn unknown_rules(configuration: &Configuration) -> Vec<(Range<usize>, String)> {
    let unknown = configuration.named_rules().filter(|(code, _)| by_code(code).is_none());
    unknown.map(|(code, span)| (span, no_such_rule(code))).collect()
}
