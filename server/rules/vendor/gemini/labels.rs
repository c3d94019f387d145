//! The keys and values of the author's labels, which the service restricts.

use crate::formats::gemini::GEMINI;
use crate::json::Kind;
use crate::rules::Severity::Information;
use crate::rules::media::uri::shown;
use crate::rules::{Context, Report};
use crate::schema::misfit::Misfit;

const FIELD: &str = "labels";
const MAX_CHARACTERS: usize = 63;

/// Reports keys and values that the service doesn't document for labels. What it does with them in tuning is unknown.
pub fn labels(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    if context.format != &GEMINI || context.structure_is_hidden() {
        return;
    }
    let is_field = |misfit: &Misfit| match *misfit {
        Misfit::Undocumented { node, field } if field.name == FIELD && record.parent(node) == Some(0) => Some(node),
        _ => None,
    };
    let labels = context.fit.misfits.iter().find_map(is_field).filter(|node| record.kind(*node) == Kind::Object);
    let Some(labels) = labels else { return };
    for member in record.children(labels) {
        let key = record.key(member);
        if !is_label(&key) || !key.starts_with(char::is_alphabetic) {
            report.find(Information, record.key_span(member).unwrap_or_default(), |finding| {
                finding.says(format!(
                    "`{}` is not a valid key in `{FIELD}`; expected a lower-case letter first, then lower-case letters, \
                     digits, `_` and `-`, at most {MAX_CHARACTERS} characters",
                    shown(&key)
                ));
            });
        }
        if let Some(value) = record.string(member).filter(|value| !is_label(value)) {
            report.find(Information, record.span(member), |finding| {
                finding.says(format!(
                    "`{}` is not a valid value in `{FIELD}`; expected lower-case letters, digits, `_` and `-`, at most \
                     {MAX_CHARACTERS} characters",
                    shown(&value)
                ));
            });
        }
    }
}

/// Whether a text has the characters of a label, and not too many. Letters of scripts without case count as lower-case.
fn is_label(text: &str) -> bool {
    let is_legal = |letter: char| match letter {
        '_' | '-' => true,
        _ => letter.is_alphanumeric() && !letter.is_uppercase(),
    };
    text.chars().all(is_legal) && text.chars().count() <= MAX_CHARACTERS
}

#[cfg(test)]
mod tests {
    use super::is_label;

    #[test]
    fn a_label_has_63_lower_case_letters_of_any_script_digits_and_dashes() {
        for text in ["", "a", "run-1_b", "größe", "試合", &"x".repeat(63)] {
            assert!(is_label(text), "{text}");
        }
        for text in ["A", "a b", "a.b", "É", &"x".repeat(64)] {
            assert!(!is_label(text), "{text}");
        }
    }
}
