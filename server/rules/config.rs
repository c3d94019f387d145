//! Config: the rule about `tuning-ls.toml`. [`crate::rules::configuration`] checks that file; records never have
//! findings of this rule.

use crate::rules::{Context, Family, FaultKind, Fixes, Needs, Report, Scope, Severity, row};

/// Rules about `tuning-ls.toml`.
pub static FAMILY: Family = Family {
    name: "config",
    summary: "mistakes in `tuning-ls.toml`",
    rules: &[row(
        "bad-config",
        &[Severity::Error],
        Fixes::None,
        "an unknown setting, rule, level or value, an invalid pattern, or invalid TOML",
        find_nothing,
    )
    .fault(FaultKind::Style)
    .needs(Needs::VERDICT)
    .scope(Scope::AnyFile)],
};

fn find_nothing(_: &Context<'_>, _: &mut Report<'_>) {}
