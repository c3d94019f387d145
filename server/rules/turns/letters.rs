//! Letters that a wrong encoding left in texts.

use crate::json::places::span_in_string;
use crate::json::search;
use crate::json::tree::OTHER_ESCAPES;
use crate::json::{Kind, NodeId};
use crate::rules::Severity::Information;
use crate::rules::{Context, FaultKind, Fixes, Needs, Report, Row, row};

/// Reports replacement characters, and UTF-8 that was read as another encoding.
pub(super) const REPLACEMENT_CHARACTER: Row = row(
    "replacement-character",
    &[Information],
    Fixes::None,
    "letters that were lost or garbled by a wrong encoding",
    replacement_character,
)
.fault(FaultKind::Meaning)
.needs(Needs::UNUSUAL_LETTERS);

fn replacement_character(context: &Context<'_>, report: &mut Report<'_>) {
    if context.input.invalid.is_some() {
        return;
    }
    let record = context.record;
    let mut first: Option<(NodeId, usize, usize)> = None;
    let mut count = 0;
    for &node in &context.example.texts {
        let is_plain = record.node(node).ascii && record.node(node).escapes != OTHER_ESCAPES;
        if is_plain || record.kind(node) != Kind::String {
            continue;
        }
        // Without escapes of letters, the raw text shows whether it has any of these.
        if record.node(node).escapes != OTHER_ESCAPES && garbled(record.raw(record.span(node))).next().is_none() {
            continue;
        }
        let Some(text) = record.string(node) else { continue };
        for (start, end) in garbled(&text) {
            first = first.or(Some((node, start, end)));
            count += 1;
        }
    }
    let Some((node, start, end)) = first else { return };
    let Some(text) = record.string(node) else { return };
    report.find(Information, span_in_string(record, node, start, end), |finding| {
        let more = if count == 1 { String::new() } else { format!(" ({} more in this line)", count - 1) };
        let found = &text[start..end];
        if found == "\u{FFFD}" {
            finding.says(format!("the text has a replacement character (U+FFFD){more}; the original letter is lost"));
        } else {
            finding.says(format!("`{found}` looks like UTF-8 that was read as Windows-1252{more}"));
        }
        finding.effect("Read the source with its own encoding, usually UTF-8");
    });
}

/// The places of replacement characters, and of pairs that UTF-8 gives when it is read as Windows-1252.
fn garbled(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let bytes = text.as_bytes();
    // The first bytes of the letters to look for: U+FFFD; Ã, Â, â, ð.
    search::places((0xC3, 0xEF), bytes).filter_map(move |at| {
        let is_one = match (bytes[at], bytes.get(at + 1)?) {
            (0xEF, 0xBF) => bytes.get(at + 2) == Some(&0xBD),
            (0xC3, 0x82 | 0x83 | 0xA2 | 0xB0) => true,
            _ => false,
        };
        if !is_one {
            return None;
        }
        let mut letters = text.get(at..)?.chars();
        let letter = letters.next()?;
        if letter == char::REPLACEMENT_CHARACTER {
            return Some((at, at + letter.len_utf8()));
        }
        let next = letters.next()?;
        let is_pair = match letter {
            // Quotation marks may follow a word that ends with this letter.
            'Ã' => matches!(next, '\u{A1}'..='\u{BF}') && !matches!(next, '«' | '»'),
            'Â' => matches!(next, '\u{A0}'..='\u{BF}') && !matches!(next, '«' | '»'),
            'â' => matches!(next, '€' | '\u{80}'),
            'ð' => matches!(next, 'Ÿ' | '\u{9F}'),
            _ => false,
        };
        is_pair.then(|| (at, at + letter.len_utf8() + next.len_utf8()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn garbled_letters_are_found() {
        let found = |text: &str| garbled(text).count();
        assert_eq!(found("cafÃ© isnâ€™t 20 Â°C \u{FFFD}"), 4);
        assert_eq!(found("«IRMÃ» NÃO â ð Â é ’"), 0);
    }
}
