//! The rules' pages, compiled in: `tuning-ls explain` prints them, and the code of a diagnostic links to them.
//!
//! A page is both documentation and test; `tests/it/rules.rs` describes its format.

use include_dir::{Dir, include_dir};
use std::borrow::Cow;

static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/rules");

/// The page of the rule `code`, as it is in `fixtures/rules/`; `None` if there is no such page.
#[must_use]
pub fn page(code: &str) -> Option<&'static str> {
    // Without dots and slashes, the name can't point outside the folder.
    let is_code = code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    PAGES.get_file(is_code.then(|| format!("{code}.md"))?)?.contents_utf8()
}

/// The page of a rule for reading in a terminal or an editor. Leaves out `## Cases` and the words after the fences of
/// the examples, which only the test needs, and the targets of links to files of the repository. Keeps the marks under
/// the examples.
#[must_use]
pub fn reading(code: &str) -> Option<String> {
    let mut text = String::new();
    for line in page(code)?.lines().take_while(|line| *line != "## Cases") {
        let fence = ["```jsonl ", "```json ", "```toml ", "```csv "].into_iter().find(|fence| line.starts_with(fence));
        text.push_str(without_relative_links(fence.unwrap_or(line).trim_end()).as_ref());
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    Some(text)
}

/// The line with the text of each link to another file in place of the link.
fn without_relative_links(line: &str) -> Cow<'_, str> {
    let link = |line: &str| {
        let (before, rest) = line.split_once("](")?;
        let (target, after) = rest.split_once(')')?;
        let (before, text) = before.rsplit_once('[')?;
        (target.ends_with(".md") && !target.contains(':')).then(|| format!("{before}{text}{after}"))
    };
    match link(line) {
        Some(line) => without_relative_links(&line).into_owned().into(),
        None => line.into(),
    }
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
    fn a_link_to_another_page_is_its_text() {
        let text = reading("bad-config").expect("the page is there");
        assert!(text.contains("`docs/settings.md`") && !text.contains(".md)"), "{text}");
        assert_eq!(
            without_relative_links("a [`b`](b.md), [c](../c.md) and [d](https://e.org/d.md)"),
            "a `b`, c and [d](https://e.org/d.md)"
        );
    }

    #[test]
    fn what_is_no_code_has_no_page() {
        assert_eq!(page("no-such-rule"), None);
        assert_eq!(page("../rules/trailing-comma"), None);
        assert_eq!(page(""), None);
    }
}
