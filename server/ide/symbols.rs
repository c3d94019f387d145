//! The outline of an example: its instructions, turns, media files and tools.

use crate::analysis::line::Reading;
use crate::example::{Example, Place, Speaker, Turn};
use crate::ide::title::{first_words, media_name, string_words, turn_words};
use crate::json::{NodeId, Record, Span};

/// A part of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name, such as `user: What happens here?`.
    pub name: String,
    /// Its kind.
    pub kind: SymbolKind,
    /// Its bytes in the record.
    pub span: Span,
    /// The place inside `span` to go to.
    pub target: Span,
    /// Its own parts, in document order.
    pub children: Vec<Symbol>,
}

/// The kind of a [`Symbol`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// Instructions to the model.
    Instruction,
    /// Any other turn, or an answer to compare.
    Turn,
    /// A media file.
    Media,
    /// The declared functions.
    Tools,
}

/// The parts of an example, in document order. O(turns + media).
#[must_use]
pub fn symbols(reading: &Reading<'_>) -> Vec<Symbol> {
    let &Reading { record, example, .. } = reading;
    let mut symbols: Vec<_> = example.turns.iter().map(|turn| turn_symbol(record, example, turn)).collect();
    symbols.extend(tools(record, example));
    symbols.sort_by_key(|symbol| symbol.span.start);
    symbols
}

fn turn_symbol(record: Record<'_>, example: &Example, turn: &Turn) -> Symbol {
    let is_instruction = turn.place == Place::System || turn.speaker == Some(Speaker::System);
    let label = match (turn.place, turn.role.and_then(|role| string_words(record, role))) {
        (Place::Answer, _) => answer_label(record, example, turn).to_owned(),
        (_, Some(role)) => role,
        (Place::System, None) => "system".to_owned(),
        (Place::Conversation, None) => "turn".to_owned(),
    };
    let name = match turn_words(record, example, turn) {
        Some(words) => format!("{label}: {words}"),
        None => label,
    };
    let media = example.media.iter().filter(|media| (turn.first_part..turn.end_part).contains(&media.part));
    let children = media.map(|media| {
        let name = media_name(record, example, media);
        let span = example.parts.get(media.part).map_or(media.node, |part| part.node);
        symbol(record, name, SymbolKind::Media, span, media.uri)
    });
    let kind = if is_instruction { SymbolKind::Instruction } else { SymbolKind::Turn };
    let text = example.parts_of(turn).iter().find_map(|part| part.text);
    Symbol { children: children.collect(), ..symbol(record, name, kind, turn.node, text) }
}

fn answer_label(record: Record<'_>, example: &Example, turn: &Turn) -> &'static str {
    let holds = |node: NodeId| (node..record.node(node).next).contains(&turn.node);
    match example.answers.iter().find(|answer| holds(answer.node)) {
        Some(answer) if answer.is_rejected(record) => "rejected answer",
        Some(answer) if answer.rejected.is_some() || answer.score_of(record).is_some() => "preferred answer",
        _ => "answer",
    }
}

fn tools(record: Record<'_>, example: &Example) -> Option<Symbol> {
    let names: Vec<_> = example.declared.iter().filter_map(|name| string_words(record, *name)).take(10).collect();
    let name = if names.is_empty() { "tools".to_owned() } else { first_words(&format!("tools: {}", names.join(", "))) };
    Some(symbol(record, name, SymbolKind::Tools, example.tools?, None))
}

fn symbol(record: Record<'_>, name: String, kind: SymbolKind, node: NodeId, target: Option<NodeId>) -> Symbol {
    let span = record.span(node);
    let target = target.map_or(span, |target| record.span(target));
    let target = if span.start <= target.start && target.end <= span.end { target } else { span };
    Symbol { name, kind, span, target, children: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analyst;

    /// The names with the texts that they go to, each child after two spaces.
    fn outline(line: &str) -> Vec<String> {
        fn add(line: &str, indent: &str, symbols: &[Symbol], lines: &mut Vec<String>) {
            for symbol in symbols {
                assert!(symbol.span.start <= symbol.target.start && symbol.target.end <= symbol.span.end);
                let target = &line[symbol.target.range()];
                lines.push(format!("{indent}{} ({:?}) {}", symbol.name, symbol.kind, first_words(target)));
                assert!(symbol.children.iter().all(|child| child.span.meets(symbol.span)));
                add(line, &format!("{indent}  "), &symbol.children, lines);
            }
        }
        let mut lines = Vec::new();
        add(line, "", &symbols(&Analyst::default().read(line)), &mut lines);
        lines
    }

    #[test]
    fn an_example_has_its_instruction_turns_media_and_tools() {
        let line = r#"{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://b/a.mp4","mimeType":"video/mp4"},"videoMetadata":{"endOffset":"9s"}},{"text":"What?"}]},{"role":"model","parts":[{"functionCall":{"name":"mark","args":{}}}]}],"tools":[{"functionDeclarations":[{"name":"mark"},{"name":"ask"}]}]}"#;
        assert_eq!(
            outline(line),
            [
                r#"system: Be brief. (Instruction) "Be brief.""#,
                r#"user: What? (Turn) "What?""#,
                r#"  a.mp4 0:00–0:09 (Media) "gs://b/a.mp4""#,
                r#"model: mark() (Turn) {"role":"model","parts":[{"functionCall…"#,
                r#"tools: mark, ask (Tools) [{"functionDeclarations":[{"name":"mark…"#,
            ]
        );
    }

    #[test]
    fn a_chat_has_the_roles_as_they_are_written() {
        let line = r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"User","content":"Hi"},{"content":"😀"}],"tools":[]}"#;
        assert_eq!(
            outline(line),
            [
                r#"system: Be brief. (Instruction) "Be brief.""#,
                r#"User: Hi (Turn) "Hi""#,
                r#"turn: 😀 (Turn) "😀""#,
                "tools (Tools) []",
            ]
        );
    }

    #[test]
    fn answers_to_compare_are_told_apart() {
        let pair = r#"{"input":{"messages":[{"role":"user","content":"Hi"}]},"preferred_output":[{"role":"assistant","content":"Good"}],"non_preferred_output":[{"role":"assistant","content":"Bad"}]}"#;
        let names =
            |line: &str| outline(line).iter().map(|it| it.split(" (").next().unwrap_or("").to_owned()).collect();
        let found: Vec<String> = names(pair);
        assert_eq!(found, ["user: Hi", "preferred answer: Good", "rejected answer: Bad"]);
    }

    #[test]
    fn a_broken_line_has_the_parts_that_are_certain() {
        let line = r#"{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"te"#;
        assert_eq!(outline(line)[0], r#"user: Hi (Turn) "Hi""#);
        for at in 0..line.len() {
            outline(&line[..at]);
            outline(&line[at..]);
        }
    }
}
