//! The contents of strings and numbers.

use crate::json::{NodeId, Record, lexer};
use crate::schema::Shape;
use crate::schema::misfit::Misfit;
use crate::schema::scalar::is_base64;

/// The misfit in the contents of a string or number.
pub(super) fn misfit_of_value(record: Record<'_>, node: NodeId, shape: Shape, lenient: bool) -> Option<Misfit> {
    let raw = record.raw(record.span(node));
    let wrong_type = |accepted| Some(Misfit::WrongType { node, shape, accepted: accepted && lenient });
    match (shape, record.string(node)) {
        (Shape::Number, Some(text)) => {
            let number = lexer::is_number(text.as_bytes());
            wrong_type(number || matches!(&*text, "NaN" | "Infinity" | "-Infinity"))
        }
        (Shape::Integer, Some(text)) => wrong_type(lexer::is_number(text.as_bytes()) && is_whole(&text)),
        (Shape::Integer, None) if raw.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) => {
            wrong_type(is_whole(raw))
        }
        (Shape::Enum(choices), Some(text)) => {
            choices.named(&text).is_none().then_some(Misfit::UnknownValue { node, choices })
        }
        (Shape::Enum(_), None) if !lenient => wrong_type(false),
        (Shape::Enum(choices), None) => Some(
            choices
                .numbered(raw)
                .map_or(Misfit::UnknownValue { node, choices }, |choice| Misfit::EnumNumber { node, choice }),
        ),
        (Shape::Base64, Some(text)) => (!is_base64(&text)).then_some(Misfit::NotBase64 { node }),
        (Shape::JsonText, Some(text)) => (!holds_object(&text)).then_some(Misfit::NotJson { node }),
        _ => None,
    }
}

/// Whether a text is one JSON object.
fn holds_object(text: &str) -> bool {
    text.trim_start().starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Whether a JSON number is whole: `1.0` and `1e2` are, `1.5` is not.
fn is_whole(number: &str) -> bool {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (_, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = fraction.trim_end_matches('0').len();
    let exponent = exponent.parse::<i64>().unwrap_or(i64::MAX);
    let zeros = mantissa.len() - mantissa.trim_end_matches('0').len();
    let zeros = if fraction.is_empty() { i64::try_from(zeros).unwrap_or(0) } else { 0 };
    if exponent >= 0 { i64::try_from(digits).unwrap_or(i64::MAX) <= exponent } else { -exponent <= zeros }
}
