//! Turns: roles, the order of turns, calls, and the answers that the model learns.
//!
//! This folder must not know the location or the length of media, nor other records.

mod allowed;
mod answers;
mod calls;
pub(super) mod content;
mod empty_text;
mod equal;
mod functions;
mod json_target;
mod letters;
mod names;
pub mod review;
mod roles;
pub(super) mod speaker;
mod special;
pub(super) mod targets;
mod weights;

use crate::rules::{Family, FaultKind, Fixes, Needs, Severity, row};
use Severity::{Error, Information, Warning};

/// Rules about the conversation and the answers to it.
pub static FAMILY: Family = Family {
    name: "turns",
    summary: "roles, the order of turns, and the answer to learn",
    rules: &[
        row("unknown-role", &[Error, Warning], Fixes::Both, "a role that the format doesn't have", roles::unknown_role)
            .fault(FaultKind::Turns)
            .needs(Needs::UNUSUAL_TURNS),
        row("missing-role", &[Warning, Error], Fixes::Suggested, "a turn without a role", roles::missing_role)
            .fault(FaultKind::Turns)
            .needs(Needs::UNUSUAL_TURNS)
            .judged(roles::judge_missing_role),
        row(
            "role-order",
            &[Warning, Error],
            Fixes::None,
            "a conversation that the model begins, or two turns of one role in a row",
            roles::role_order,
        )
        .fault(FaultKind::Turns)
        .needs(Needs::UNUSUAL_TURNS),
        row(
            "missing-model-turn",
            &[Error, Warning, Information],
            Fixes::Manual,
            "a conversation without an answer at its end",
            roles::missing_model_turn,
        )
        .fault(FaultKind::Turns)
        .needs(Needs::UNUSUAL_TURNS)
        .judged(roles::judge_missing_model_turn),
        row("empty-target", &[Warning], Fixes::None, "an empty answer", targets::empty_target)
            .fault(FaultKind::Meaning)
            .needs(Needs::EMPTY_TARGET),
        empty_text::EMPTY_TEXT,
        row(
            "suspicious-target",
            &[Warning, Information],
            Fixes::None,
            "an answer that is only `nan`, `None`, `TODO` or the like",
            targets::suspicious_target,
        )
        .fault(FaultKind::Meaning)
        .needs(Needs::UNUSUAL_TARGET),
        row(
            "broken-json-target",
            &[Warning],
            Fixes::None,
            "an answer in JSON that isn't valid",
            json_target::broken_json_target,
        )
        .fault(FaultKind::Meaning)
        .needs(Needs::JSON_TARGET),
        row("media-in-target", &[Warning], Fixes::None, "media in a model turn", content::media_in_target)
            .fault(FaultKind::Meaning)
            .needs(Needs::UNUSUAL_MEDIA),
        row(
            "media-in-system",
            &[Error],
            Fixes::None,
            "a system instruction with a part other than text",
            content::media_in_system,
        )
        .needs(Needs::RICH_INSTRUCTIONS),
        answers::PREFERENCE_COMPLETIONS,
        equal::EQUAL_COMPLETIONS,
        answers::ANSWER_IN_PROMPT,
        row(
            "bad-weight",
            &[Error],
            Fixes::None,
            "a weight other than 0 or 1, or on a message that isn't the model's",
            weights::bad_weight,
        )
        .needs(Needs::UNUSUAL_TURNS),
        row(
            "arguments-not-json",
            &[Error],
            Fixes::Safe,
            "call arguments in a form that the service doesn't read",
            calls::arguments_not_json,
        )
        .needs(Needs::UNUSUAL_TURNS),
        row(
            "unmatched-tool-call",
            &[Error],
            Fixes::None,
            "a tool call without a result, a result without a call, or a repeated id",
            calls::unmatched_tool_call,
        )
        .fault(FaultKind::Turns)
        .needs(Needs::UNUSUAL_TURNS),
        row("special-token", &[Error], Fixes::None, "a control token that the service rejects", special::special_token)
            .needs(Needs::REFUSED_TEXTS)
            .rejects_file(),
        row(
            "unmatched-function",
            &[Warning],
            Fixes::None,
            "a call to an undeclared function, or a response without a call",
            functions::unmatched_function,
        )
        .fault(FaultKind::Turns)
        .needs(Needs::UNUSUAL_TURNS),
        row(
            "timestamp-outside-segment",
            &[Information],
            Fixes::None,
            "a time in the answer after the end of the segment",
            targets::timestamp_outside_segment,
        )
        .fault(FaultKind::Meaning)
        .needs(Needs::TIMED_TARGET),
        letters::REPLACEMENT_CHARACTER,
        names::BAD_FUNCTION_NAME,
    ],
};
