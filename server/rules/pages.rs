//! The rules' pages, compiled in: what `tuning-ls explain` prints and a diagnostic's code opens.
//!
//! A page is documentation and test in one; `tests/it/rules.rs` says how its blocks are read.

use include_dir::{Dir, include_dir};

static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/rules");

/// The page of the rule `code` as it stands in `fixtures/rules/`; `None` when there is none.
#[must_use]
pub fn page(code: &str) -> Option<&'static str> {
    // A code has no dots or slashes, so nothing but a page can be asked for.
    let is_code = code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    PAGES.get_file(is_code.then(|| format!("{code}.md"))?)?.contents_utf8()
}

/// The page of a rule as a person reads it, in a terminal or an editor: without the words behind the
/// fences of its examples that only the test needs. The marks under the examples stay.
#[must_use]
pub fn reading(code: &str) -> Option<String> {
    let mut text = String::new();
    for line in page(code)?.lines() {
        let fence = ["```jsonl ", "```json ", "```toml "].into_iter().find(|fence| line.starts_with(fence));
        text.push_str(fence.unwrap_or(line).trim_end());
        text.push('\n');
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_sees_the_examples_and_their_marks_without_the_tests_words() {
        let text = reading("trailing-comma").expect("the page is there");
        assert!(text.starts_with("# trailing-comma\n\n"));
        assert!(text.contains("\n```jsonl\n") && !text.contains("```jsonl clean"));
        assert!(text.contains("^ [trailing-comma]"));
    }

    #[test]
    fn what_is_no_code_has_no_page() {
        assert_eq!(page("no-such-rule"), None);
        assert_eq!(page("../rules/trailing-comma"), None);
        assert_eq!(page(""), None);
    }
}
