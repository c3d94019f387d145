//! Shape: fields and values that don't fit the format's tables.
//!
//! This folder must not know the meaning of a line: it reads the walk along the schema.

mod fields;
mod flat;
mod foreign;
mod rename;
mod values;

use crate::rules::vendor;
use crate::rules::{Family, FaultKind, Fixes, Needs, Scope, Severity, row};
use Severity::{Error, Information, Warning};

/// Rules about shape.
pub static FAMILY: Family = Family {
    name: "shape",
    summary: "fields, types and values of the format",
    rules: &[
        row(
            "foreign-format",
            &[Error, Information],
            Fixes::None,
            "a line in another format than its file",
            foreign::foreign_format,
        )
        .scope(Scope::AnyFile)
        .needs(Needs::UNUSUAL_LINE)
        .judged(foreign::judge_foreign_format),
        row(
            "missing-field",
            &[Error],
            Fixes::Suggested,
            "a required field that is absent or null",
            fields::missing_field,
        )
        .needs(Needs::MISFITS),
        row(
            "unknown-field",
            &[Error, Warning],
            Fixes::Suggested,
            "a field that the format doesn't have",
            fields::unknown_field,
        )
        .needs(Needs::MISFITS),
        row("misplaced-field", &[Error], Fixes::Both, "a known field in the wrong object", fields::misplaced_field)
            .needs(Needs::MISFITS),
        row(
            "snake-case-field",
            &[Warning, Information],
            Fixes::Safe,
            "a field under its snake_case name",
            fields::snake_case_field,
        )
        .fault(FaultKind::Meaning)
        .needs(Needs::MISFITS)
        .judged(|judge| fields::judge_fields(judge, false)),
        row("wrong-type", &[Error, Information], Fixes::Both, "a value of the wrong type", values::wrong_type)
            .needs(Needs::MISFITS),
        row(
            "unknown-value",
            &[Error, Information],
            Fixes::Both,
            "a value that its field doesn't allow",
            values::unknown_value,
        )
        .needs(Needs::MISFITS)
        .judged(values::judge_unknown_value),
        row("enum-number", &[Warning], Fixes::Safe, "a number in place of a named value", values::enum_number)
            .needs(Needs::MISFITS),
        row(
            "conflicting-fields",
            &[Error],
            Fixes::None,
            "two fields that can't be combined",
            fields::conflicting_fields,
        )
        .needs(Needs::MISFITS),
        row("empty-part", &[Error], Fixes::Suggested, "a part without data", fields::empty_part).needs(Needs::MISFITS),
        row("empty-list", &[Error], Fixes::None, "an empty list that needs at least one element", values::empty_list)
            .needs(Needs::MISFITS),
        row("null-in-list", &[Error], Fixes::Suggested, "`null` in a list", values::null_in_list).needs(Needs::MISFITS),
        row("bad-base64", &[Error], Fixes::None, "data that isn't valid base64", values::bad_base64)
            .needs(Needs::MISFITS),
        row(
            "undocumented-field",
            &[Information],
            Fixes::None,
            "a field that the tuning documentation doesn't mention",
            fields::undocumented_field,
        )
        .fault(FaultKind::Style)
        .needs(Needs::MISFITS)
        .judged(|judge| fields::judge_fields(judge, true)),
        vendor::INLINE_DATA,
        vendor::BAD_FUNCTION_SCHEMA,
    ],
};
