//! Turns: who speaks when, and what the model is to learn from it.
//!
//! This folder must not know where media are or how long they are, nor anything of other records.

mod content;
mod functions;
mod json_target;
mod places;
mod preference;
mod roles;
mod speaker;
mod targets;

use crate::rules::{Family, Fixes, Needs, Severity, row};
use Severity::{Error, Information, Warning};
pub(super) use targets::what_targets_have;

/// Rules about the conversation: `contents` and the `completion` of a preference line.
pub static FAMILY: Family = Family {
    name: "turns",
    summary: "the conversation and its target",
    rules: &[
        row(
            "unknown-role",
            &[Error, Warning],
            Fixes::Both,
            "a role other than `user` and `model`",
            roles::unknown_role,
        )
        .needs(Needs::UNUSUAL_TURNS),
        row("missing-role", &[Warning], Fixes::Suggested, "a turn without a role", roles::missing_role)
            .needs(Needs::UNUSUAL_TURNS),
        row(
            "role-order",
            &[Warning],
            Fixes::None,
            "the model speaks first, or one side speaks twice in a row",
            roles::role_order,
        )
        .needs(Needs::UNUSUAL_TURNS),
        row(
            "missing-model-turn",
            &[Error],
            Fixes::None,
            "the last turn is not the model's: nothing to learn",
            roles::missing_model_turn,
        )
        .needs(Needs::UNUSUAL_TURNS),
        row("empty-target", &[Warning], Fixes::None, "the model's answer is empty", targets::empty_target)
            .needs(Needs::UNUSUAL_TARGET),
        row(
            "suspicious-target",
            &[Warning, Information],
            Fixes::None,
            "the model's answer is only `nan`, `None`, `TODO` or the like",
            targets::suspicious_target,
        )
        .needs(Needs::SHORT_TARGET),
        row(
            "broken-json-target",
            &[Warning],
            Fixes::None,
            "the model's answer is meant to be JSON and is not",
            json_target::broken_json_target,
        )
        .needs(Needs::JSON_TARGET),
        row("media-in-target", &[Warning], Fixes::None, "media in a turn of the model", content::media_in_target)
            .needs(Needs::MEDIA_ELSEWHERE),
        row(
            "media-in-system",
            &[Error],
            Fixes::None,
            "`systemInstruction` with a part other than text",
            content::media_in_system,
        )
        .needs(Needs::SYSTEM),
        row(
            "preference-completions",
            &[Error],
            Fixes::None,
            "a preference line without its two scored answers to a user's text",
            preference::preference_completions,
        )
        .needs(Needs::PREFERENCE),
        row(
            "unmatched-function",
            &[Warning],
            Fixes::None,
            "a call of an undeclared function, or a response without its call",
            functions::unmatched_function,
        )
        .needs(Needs::FUNCTIONS),
        row(
            "timestamp-outside-segment",
            &[Information],
            Fixes::None,
            "the model's answer names a time behind the end of the segment",
            targets::timestamp_outside_segment,
        )
        .needs(Needs::TIMED_TARGET),
    ],
};
