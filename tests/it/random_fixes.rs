//! Fixes on randomly broken files: every value is restored, and a second run changes nothing.

use crate::support::broken::broken_file;
use crate::support::repair::{Open, applied, fixed, lines_of, normalized};
use proptest::prelude::*;
use serde_json::Value;
use tuning_ls::ide::edits::Place;
use tuning_ls::ide::fixes;
use tuning_ls::ide::format::format;

/// The values of the lines.
fn values(text: &str) -> Result<Vec<Value>, String> {
    let lines = text.lines().map(|line| serde_json::from_str(line).map_err(|error| format!("{error}: {line}")));
    lines.collect()
}

/// The text of every token of a line, without white space.
fn tokens(line: &str) -> Vec<String> {
    let (mut tokens, mut rest) = (Vec::new(), line.trim());
    while !rest.is_empty() {
        let len = match rest.as_bytes()[0] {
            b'"' => {
                let mut escaped = false;
                let end = rest[1..].find(|letter| {
                    let ends = letter == '"' && !escaped;
                    escaped = letter == '\\' && !escaped;
                    ends
                });
                end.map_or(rest.len(), |end| end + 2)
            }
            _ => rest.find(['"', ' ', '\t']).filter(|&len| len > 0).unwrap_or(rest.len()),
        };
        tokens.push(rest[..len].to_owned());
        rest = rest[len..].trim_start();
    }
    tokens
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn fixing_everything_gives_back_every_value(seed in any::<u64>()) {
        let (text, expected) = broken_file(seed);
        let after = fixed(&text);
        prop_assert_eq!(values(&after), Ok(expected), "{}\nbecame\n{}", text, after);
        let codes = Open::new(&after).codes();
        let fixable = ["trailing-comma", "quote-style", "unquoted-key", "comment", "control-character", "bad-literal",
            "several-values-on-line", "multi-line-example", "array-file", "blank-line", "no-final-newline",
            "byte-order-mark", "snake-case-field", "misplaced-field", "wrong-type", "unknown-value", "enum-number",
            "malformed-offset", "bad-uri", "unknown-role", "unreachable-uri", "unusual-line-terminator"];
        for code in codes {
            prop_assert!(!fixable.contains(&code), "{} is left in\n{}", code, after);
        }
    }

    #[test]
    fn normalizing_keeps_every_value_and_comes_to_rest(seed in any::<u64>()) {
        let (text, expected) = broken_file(seed);
        let array = Open::new(&text).codes().contains(&"array-file");
        let canonical = normalized(&text);
        if array {
            prop_assert_eq!(canonical, text);
        } else {
            prop_assert_eq!(values(&canonical), Ok(expected), "{}\nbecame\n{}", text, canonical);
            prop_assert_eq!(fixed(&canonical), canonical);
        }
    }

    #[test]
    fn formatting_keeps_tokens_records_and_lines(seed in any::<u64>()) {
        let (text, _) = broken_file(seed);
        let after = fixed(&text);
        let text = if seed % 2 == 0 { text } else {
            after.lines().map(|line| tokens(line).join(" ") + "\n").collect()
        };
        let mut open = Open::new(&text);
        let formatted = applied(&text, &format(&open.document, &open.lines, 0..open.document.line_count()));
        prop_assert_eq!(lines_of(&formatted).len(), lines_of(&text).len());
        let before = open.codes();
        let mut after = Open::new(&formatted);
        prop_assert_eq!(after.codes(), before);
        prop_assert_eq!(after.lines.records().count(), open.lines.records().count());
        prop_assert_eq!(format(&after.document, &after.lines, 0..after.document.line_count()), []);
        if seed % 2 == 1 {
            let all = |text: &str| text.lines().flat_map(tokens).collect::<String>();
            prop_assert_eq!(all(&formatted), all(&text));
            prop_assert_eq!(formatted.lines().map(|line| tokens(line).concat() + "\n").collect::<String>(), formatted);
        }
    }

    #[test]
    fn each_quick_fix_keeps_to_its_record_and_safe_ones_end(seed in any::<u64>()) {
        let (mut text, _) = broken_file(seed);
        // Apply the first safe fix that is offered, until there is none.
        let mut has_ended = false;
        for _ in 0..400 {
            let mut open = Open::new(&text);
            let end = Place { line: open.document.line_count(), byte: 0 };
            let actions = open.with(|file, analyst| fixes::actions(file, analyst, Place::default(), end));
            let safe = actions.iter().find(|action| action.preferred);
            let Some(action) = safe else {
                has_ended = true;
                break;
            };
            let edits = open.edits(&action.task);
            prop_assert!(!edits.is_empty(), "{} does nothing in\n{}", action.title, text);
            text = applied(&text, &edits);
        }
        prop_assert!(has_ended, "there is no end of safe fixes in\n{}", text);
        prop_assert_eq!(Open::new(&text).codes().iter().filter(|&&code| code == "trailing-comma").count(), 0);
    }

    #[test]
    fn any_text_comes_to_rest(text in "[\\[\\]{}\",:'#/*a1 \r\n\u{FEFF}\\\\]{0,60}", tail in 0..3usize) {
        let text = text + ["", "\n{\"contents\":[]}\n", "]"][tail];
        fixed(&text);
        normalized(&text);
    }
}
