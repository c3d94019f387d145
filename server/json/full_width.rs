//! Full-width punctuation that is used as JSON's.

use crate::json::fault::{Fault, Repair, SyntaxError};
use crate::json::lexer;
use crate::json::parse::Parser;
use crate::json::tree::{Edit, Kind, Span};

/// JSON's character for a full-width one.
fn half_width(letter: char) -> Option<char> {
    Some(match letter {
        '：' => ':',
        '，' | '、' => ',',
        '｛' => '{',
        '｝' => '}',
        '［' | '【' => '[',
        '］' | '】' => ']',
        _ => return None,
    })
}

impl Parser {
    /// Parses a text with faults again, with JSON's punctuation in the place of full-width punctuation between its tokens.
    /// Keeps the result if that explains the faults better.
    pub(super) fn parse_full_width(&mut self, text: &str) {
        let found = punctuation(text);
        let Some(&(first, _)) = found.first() else { return };
        // Each character is replaced by as many bytes, so that all spans stay right.
        let mut halved = String::with_capacity(text.len());
        for (span, half) in &found {
            halved.push_str(&text[halved.len()..span.start()]);
            halved.extend(std::iter::once(*half).chain(std::iter::repeat_n(' ', span.range().len() - 1)));
        }
        halved.push_str(&text[halved.len()..]);
        let mut other = Parser::default();
        other.parse_tokens(&halved);
        let is_container = |parser: &Parser| {
            parser.tree().nodes.first().is_some_and(|root| matches!(root.kind, Kind::Object | Kind::Array))
        };
        let explains_more = other.fault_count() < self.fault_count()
            || (other.is_complete() && !self.is_complete())
            || !is_container(self);
        if !is_container(&other) || !explains_more || other.has_in_text(&found) {
            return;
        }
        let mut edits: Vec<_> = found.iter().map(|(span, half)| Edit::replace(*span, *half)).collect();
        other.snap(text);
        let before = other.errors.len();
        other.errors.retain(|error| {
            let is_quote = error.fault == Fault::QuoteStyle && !text[error.span.range()].starts_with('\'');
            let repair = error.repair.as_ref().filter(|repair| is_quote && repair.safe);
            edits.extend(repair.into_iter().flat_map(|repair| repair.edits.iter().cloned()));
            repair.is_none()
        });
        other.fault_count -= before - other.errors.len();
        edits.sort();
        let safe = !other.guessed && !Parser::has_uncertain_tokens(other.errors());
        let more = match found.len() {
            1 => String::new(),
            count => format!(" ({count} full-width characters in this example)"),
        };
        let message = format!("expected `{}`, found the full-width `{}`{more}", found[0].1, &text[first.range()]);
        let repair = Some(Repair { safe, edits });
        let place = other.errors.partition_point(|error| error.span.start < first.start);
        other
            .errors
            .insert(place, SyntaxError { fault: Fault::FullWidth, span: first, message: message.into(), repair });
        other.fault_count += 1;
        *self = other;
    }

    /// Whether some of these characters are part of a text, a key or a word.
    fn has_in_text(&self, found: &[(Span, char)]) -> bool {
        let nodes = self.tree().nodes.iter();
        let is_text = |kind: Kind| matches!(kind, Kind::String | Kind::Word | Kind::TooDeep);
        let spans = nodes.flat_map(|node| [node.key(), if is_text(node.kind) { node.span } else { Span::default() }]);
        let starts: Vec<_> = found.iter().map(|(span, _)| span.start).collect();
        spans
            .into_iter()
            .any(|span| starts.partition_point(|at| *at < span.start) < starts.partition_point(|at| *at < span.end))
    }

    /// Moves each place inside a character, which was several in the parsed text, to the end of the character.
    fn snap(&mut self, text: &str) {
        let snapped = |at: u32| text.ceil_char_boundary(at as usize);
        let snap = |span: &mut Span| *span = Span::new(snapped(span.start), snapped(span.end));
        self.tree.nodes.iter_mut().for_each(|node| {
            let before = node.span.start;
            snap(&mut node.span);
            if node.key_len > 0 {
                node.key_before += node.span.start - before;
            }
        });
        for error in &mut self.errors {
            snap(&mut error.span);
            let edits = error.repair.iter_mut().flat_map(|repair| &mut repair.edits);
            edits.for_each(|edit| snap(&mut edit.span));
        }
    }
}

/// The full-width punctuation outside strings, with JSON's.
fn punctuation(text: &str) -> Vec<(Span, char)> {
    let half = |letter: char| half_width(letter).unwrap_or(letter);
    let (mut found, mut open, mut last) = (Vec::new(), None, '{');
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        let is_typographic = lexer::is_typographic_quote(letter);
        match open {
            Some(_) if letter == '\\' => drop(letters.next()),
            Some('"') if letter == '"' => open = None,
            Some('"') => {}
            Some(quote) => {
                let closes = if quote == '\'' { letter == '\'' } else { letter == '"' || is_typographic };
                let next = || letters.as_str().trim_start().chars().next();
                if closes && next().is_none_or(|next| matches!(half(next), ',' | ':' | '}' | ']')) {
                    (open, last) = (None, '"');
                }
            }
            None if letter == '"' => (open, last) = (Some(letter), letter),
            None if (letter == '\'' || is_typographic) && matches!(last, '{' | '[' | ',' | ':') => open = Some(letter),
            None if letter.is_whitespace() => {}
            None => {
                last = half(letter);
                if last != letter {
                    found.push((Span::new(at, at + letter.len_utf8()), last));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::tree::edited;
    use proptest::prelude::*;

    /// The faults of a text, and the text with their repairs.
    fn repaired(text: &str) -> (Vec<Fault>, String) {
        let mut parser = Parser::default();
        parser.parse(text);
        let repairs = parser.errors().iter().filter_map(|error| error.repair.as_ref());
        let mut edits: Vec<_> = repairs.flat_map(|repair| repair.edits.iter().cloned()).collect();
        edits.sort();
        let fixed = edited(text, 0..text.len(), &edits).unwrap_or_default();
        (parser.errors().iter().map(|error| error.fault).collect(), fixed)
    }

    #[test]
    fn full_width_punctuation_is_one_fault_next_to_others() {
        for (text, faults, fixed) in [
            ("{\"a\"：1}", vec![Fault::FullWidth], "{\"a\":1}"),
            ("｛'a'： ［“b”］,}", vec![Fault::FullWidth, Fault::QuoteStyle, Fault::TrailingComma], "{\"a\": [\"b\"]}"),
            ("{\"a\"：[1、True]", vec![Fault::Unclosed, Fault::FullWidth, Fault::BadLiteral], "{\"a\":[1,true]}"),
            ("{\"a\": \"b：\" /* ： */}", vec![Fault::Comment], "{\"a\": \"b：\" }"),
        ] {
            let (found, result) = repaired(text);
            assert_eq!((found, result.as_str()), (faults, fixed), "{text}");
        }
    }

    #[test]
    fn full_width_punctuation_in_a_text_stays() {
        for text in ["{\"a\": \"b\"c，d\"e\"}", "{'a': '：'}", "{\"a\": 你好，世界}"] {
            assert!(!repaired(text).0.contains(&Fault::FullWidth), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_place_is_between_characters(text in "([{}\\[\\],:\"'a1 ：，、｛｝［］“”]|\"a\"|\"b\"：|True){0,30}") {
            let mut parser = Parser::default();
            parser.parse(&text);
            let spans = parser.tree().nodes.iter().flat_map(|node| [node.key(), node.span]);
            let errors = parser.errors().iter();
            let edits = errors.clone().filter_map(|error| error.repair.as_ref()).flat_map(|repair| &repair.edits);
            for span in spans.chain(errors.map(|error| error.span)).chain(edits.map(|edit| edit.span)) {
                prop_assert!(text.get(span.range()).is_some(), "{text} {span:?}");
            }
        }
    }
}
