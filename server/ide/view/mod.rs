//! One example as a document of its own: indented, with the line breaks in its texts as line breaks. What is edited in it
//! becomes one line again, in which everything else keeps its bytes.
//!
//! This folder must not know the protocol, nor what a field means.

mod layout;
mod line;
mod tokens;

pub use line::{Example, Line};

use tokens::{Syntax, tokens};

/// A record on several indented lines, with the same values: line breaks in texts stay escaped.
#[must_use]
pub fn expanded(record: &str) -> String {
    let text = layout::layout(record, &tokens(record, 0, Syntax { single: true, comments: false }), false);
    text.trim_end().to_owned()
}

/// A record on one line, with the same values.
#[must_use]
pub fn joined(record: &str) -> String {
    let view = Example::new(record, "");
    view.line(view.text()).text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_expanded_and_joined_without_a_change_of_its_values() {
        let record = r#"{"a":[{"text":"one\ntwo\n","n":1.50},"a text of some length, so that it does not fit on one line with the rest"],"b":{}}"#;
        let lines = expanded(record);
        assert_eq!(
            lines,
            "{\n  \"a\": [\n    {\"text\": \"one\\ntwo\\n\", \"n\": 1.50},\n    \
             \"a text of some length, so that it does not fit on one line with the rest\"\n  ],\n  \"b\": {}\n}"
        );
        let values = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(values(&lines), values(record));
        let line = joined(&lines);
        assert!(!line.contains('\n'), "{line}");
        assert_eq!(values(&line), values(record));
    }
}
