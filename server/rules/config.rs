//! Config: the rule about `tuning-ls.toml`. It never looks at a record: [`crate::rules::configuration`] looks at the
//! text.

use crate::rules::{Context, Family, Fixes, Report, Scope, Severity, row};

/// Rules about `tuning-ls.toml`.
pub static FAMILY: Family = Family {
    name: "config",
    summary: "`tuning-ls.toml`",
    rules: &[row(
        "bad-config",
        &[Severity::Error],
        Fixes::None,
        "an unknown setting, rule, level or value, an unreadable pattern, or no TOML at all",
        in_no_record,
    )
    .scope(Scope::AnyFile)],
};

fn in_no_record(_: &Context<'_>, _: &mut Report<'_>) {}
