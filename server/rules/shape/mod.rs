//! Shape: what a line has that the format does not, and the other way round.
//!
//! This folder must not know what a line means: it reads the walk along the schema.

mod fields;
mod foreign;
mod values;

use crate::rules::vendor;
use crate::rules::{Family, Fixes, Needs, Scope, Severity, row};
use Severity::{Error, Information, Warning};

/// Rules about shape.
pub static FAMILY: Family = Family {
    name: "shape",
    summary: "against the format's fields and types",
    rules: &[
        row("foreign-format", &[Error, Information], Fixes::None, "a line in another format", foreign::foreign_format)
            .scope(Scope::AnyFile)
            .judged(foreign::judge_foreign_format),
        row("missing-field", &[Error], Fixes::Suggested, "a required field is absent or null", fields::missing_field)
            .needs(Needs::MISFITS),
        row(
            "unknown-field",
            &[Error, Warning],
            Fixes::Suggested,
            "a field that the format does not have",
            fields::unknown_field,
        )
        .needs(Needs::MISFITS),
        row("misplaced-field", &[Error], Fixes::Safe, "a known field in the wrong object", fields::misplaced_field)
            .needs(Needs::MISFITS),
        row(
            "snake-case-field",
            &[Warning, Information],
            Fixes::Safe,
            "a field under its snake_case name",
            fields::snake_case_field,
        )
        .needs(Needs::MISFITS)
        .judged(|judge| fields::judge_fields(judge, false)),
        row("wrong-type", &[Error, Information], Fixes::Safe, "a value of another type", values::wrong_type)
            .needs(Needs::MISFITS),
        row("unknown-value", &[Error], Fixes::Both, "not a value of the enum", values::unknown_value)
            .needs(Needs::MISFITS),
        row("enum-number", &[Warning], Fixes::Safe, "a value of an enum by its number", values::enum_number)
            .needs(Needs::MISFITS),
        row(
            "conflicting-fields",
            &[Error],
            Fixes::None,
            "two fields that exclude each other",
            fields::conflicting_fields,
        )
        .needs(Needs::MISFITS),
        row("empty-part", &[Error], Fixes::Suggested, "a part without any data", fields::empty_part)
            .needs(Needs::MISFITS),
        row("empty-list", &[Error], Fixes::None, "a list that needs an element and has none", values::empty_list)
            .needs(Needs::MISFITS),
        row("null-in-list", &[Error], Fixes::Suggested, "null in a list", values::null_in_list).needs(Needs::MISFITS),
        row("bad-base64", &[Error], Fixes::None, "data that is not base64", values::bad_base64).needs(Needs::MISFITS),
        row(
            "undocumented-field",
            &[Information],
            Fixes::None,
            "a field that the tuning documentation does not name",
            fields::undocumented_field,
        )
        .needs(Needs::MISFITS)
        .judged(|judge| fields::judge_fields(judge, true)),
        vendor::INLINE_DATA,
    ],
};
