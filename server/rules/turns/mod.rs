//! Turns: who speaks when, and what the model is to learn from it.
//!
//! This folder must not know where media are or how long they are, nor anything of other records.

mod answers;
mod calls;
pub(super) mod content;
mod functions;
mod json_target;
pub(super) mod places;
mod roles;
pub(super) mod speaker;
mod special;
pub(super) mod targets;
mod weights;

use crate::rules::{Family, Fixes, Needs, Severity, row};
use Severity::{Error, Information, Warning};

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
        row("missing-role", &[Warning, Error], Fixes::Suggested, "a turn without a role", roles::missing_role)
            .needs(Needs::UNUSUAL_TURNS),
        row(
            "role-order",
            &[Warning, Error],
            Fixes::None,
            "the model speaks first, or one side speaks twice in a row",
            roles::role_order,
        )
        .needs(Needs::UNUSUAL_TURNS),
        row(
            "missing-model-turn",
            &[Error, Warning],
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
        .needs(Needs::UNUSUAL_TARGET),
        row(
            "broken-json-target",
            &[Warning],
            Fixes::None,
            "the model's answer is meant to be JSON and is not",
            json_target::broken_json_target,
        )
        .needs(Needs::UNUSUAL_TARGET),
        row("media-in-target", &[Warning], Fixes::None, "media in a turn of the model", content::media_in_target)
            .needs(Needs::UNUSUAL_MEDIA),
        row(
            "media-in-system",
            &[Error],
            Fixes::None,
            "a system instruction with a part other than text",
            content::media_in_system,
        )
        .needs(Needs::UNUSUAL_TURNS),
        answers::PREFERENCE_COMPLETIONS,
        answers::ANSWER_IN_PROMPT,
        row(
            "bad-weight",
            &[Error],
            Fixes::None,
            "a weight that is not 0 or 1, or not on an answer",
            weights::bad_weight,
        )
        .needs(Needs::UNUSUAL_TURNS),
        row(
            "arguments-not-json",
            &[Error],
            Fixes::Safe,
            "the arguments of a call are not in the form that the service reads",
            calls::arguments_not_json,
        )
        .needs(Needs::UNUSUAL_TURNS),
        row(
            "unmatched-tool-call",
            &[Error],
            Fixes::None,
            "a result without its call, a call without its result, or an id that is used twice",
            calls::unmatched_tool_call,
        )
        .needs(Needs::UNUSUAL_TURNS),
        row("special-token", &[Error], Fixes::None, "a control token that the service refuses", special::special_token),
        row(
            "unmatched-function",
            &[Warning],
            Fixes::None,
            "a call of an undeclared function, or a response without its call",
            functions::unmatched_function,
        )
        .needs(Needs::UNUSUAL_TURNS),
        row(
            "timestamp-outside-segment",
            &[Information],
            Fixes::None,
            "the model's answer names a time behind the end of the segment",
            targets::timestamp_outside_segment,
        )
        .needs(Needs::UNUSUAL_TARGET),
    ],
};
