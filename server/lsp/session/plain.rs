//! Markdown as plain text, for clients that don't show Markdown.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The text without marks. A link is followed by its address.
pub fn plain(markdown: &str) -> String {
    let mut out = String::new();
    let mut links = Vec::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push('\n'),
            Event::Rule => out.push_str("\n\n"),
            Event::Start(Tag::Item) => out.push_str("\n- "),
            Event::Start(Tag::Link { dest_url, .. }) => links.push(dest_url),
            Event::End(TagEnd::Link) => {
                out.push_str(&links.pop().map_or_else(String::new, |link| format!(" ({link})")))
            }
            Event::End(TagEnd::TableCell) => out.push_str("  "),
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                out.truncate(out.trim_end().len());
                out.push('\n');
            }
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::Table(_))
                if !out.is_empty() && !out.ends_with("- ") =>
            {
                out.truncate(out.trim_end().len());
                out.push_str("\n\n");
            }
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_gone_and_all_text_is_left() {
        let markdown = "**A `b`**, see [the *page*](https://a.b/c).\n\nNext\\*\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | `2` |\n\n```text\n<x> *y*\n```";
        let expected = "A b, see the page (https://a.b/c).\n\nNext*\n- one\n- two\n\na  b\n1  2\n\n<x> *y*";
        assert_eq!(plain(markdown), expected);
    }
}
