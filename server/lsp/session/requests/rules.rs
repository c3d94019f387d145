//! `tuning-ls/rules`

use crate::lsp::session::message::Reply;
use crate::lsp::session::state::State;
use crate::rules;
use lsp_types::Uri;
use serde::Serialize;

/// A rule, for a list to choose from.
#[derive(Debug, Serialize)]
pub struct RuleDescription {
    pub code: &'static str,
    pub family: &'static str,
    /// What it reports, in one line.
    pub summary: &'static str,
    /// The `file:` URI of its page, as in the `codeDescription` of a diagnostic; null if the page can't be written.
    pub page: Option<Uri>,
}

/// Answers with all rules, and writes their pages.
pub fn answer(state: &mut State, reply: Reply<Vec<RuleDescription>>) {
    let families = rules::FAMILIES.iter().flat_map(|family| family.rules.iter().map(|row| (family.name, &row.rule)));
    let described = families.map(|(family, rule)| RuleDescription {
        code: rule.code,
        family,
        summary: rule.summary,
        page: state.client.page(rule.code),
    });
    reply.send(Ok(described.collect()));
}
