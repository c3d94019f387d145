//! Converts places and edits between the protocol's types and ours.

use super::plain::plain;
use crate::analysis::Source;
use crate::disk::{FileText, check};
use crate::ide::edits::{Place, TextEdit};
use crate::ide::semantic_tokens::{Token, TokenKind};
use crate::json::Span;
use crate::text::{Change, Document, Encoding, Position, position};
use lsp_types::{
    DocumentChange, Edit, FileOperationFilter, FileOperationPattern, FileOperationPatternKind,
    FileOperationRegistrationOptions, MarkupContent, MarkupKind, OptionalVersionedTextDocumentIdentifier,
    PositionEncodingKind, SemanticToken, SemanticTokensLegend, TextDocumentContentChangeEvent, TextDocumentEdit,
    TextDocumentIdentifier, Uri, WorkspaceEdit,
};
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

pub fn encoding(kind: &PositionEncodingKind) -> Option<Encoding> {
    [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32].into_iter().find(|known| encoding_kind(*known) == *kind)
}

pub fn encoding_kind(encoding: Encoding) -> PositionEncodingKind {
    match encoding {
        Encoding::Utf8 => PositionEncodingKind::UTF8,
        Encoding::Utf16 => PositionEncodingKind::UTF16,
        Encoding::Utf32 => PositionEncodingKind::UTF32,
    }
}

pub fn position(position: lsp_types::Position) -> Position {
    Position { line: position.line, character: position.character }
}

pub fn change(event: TextDocumentContentChangeEvent) -> Change {
    let (range, text) = match event {
        TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => (Some(part.range), part.text),
        TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => (None, whole.text),
    };
    Change { range: range.map(|range| position(range.start)..position(range.end)), text }
}

/// The position of `byte` in the record that starts on line `first_line`. A byte inside a line ending gives the end of
/// its line. A byte after the document gives the end of the document. O(log n).
pub fn place_in_record(document: &Document, first_line: usize, byte: usize, encoding: Encoding) -> lsp_types::Position {
    let rope = document.rope();
    let start = rope.line_to_byte(first_line.min(document.line_count()));
    let byte = start.saturating_add(byte).min(rope.len_bytes());
    let line = rope.byte_to_line(byte);
    let in_line = byte - rope.line_to_byte(line);
    let character = position::column_of_byte(document.line(line), in_line, encoding);
    lsp_types::Position { line: u32::try_from(line).unwrap_or(u32::MAX), character }
}

/// The range of a span in the record that starts on line `first_line`.
pub fn span_in_record(document: &Document, first_line: usize, span: Span, encoding: Encoding) -> lsp_types::Range {
    lsp_types::Range {
        start: place_in_record(document, first_line, span.start(), encoding),
        end: place_in_record(document, first_line, span.end(), encoding),
    }
}

/// The range of a span that is on the first line of its record. Much faster than [`span_in_record`],
/// unless the line is very long.
pub fn range_in_line(text: &impl Source, line: usize, span: Span, encoding: Encoding) -> Option<lsp_types::Range> {
    let mut buffer = String::new();
    let own = text.line(line, &mut buffer);
    let (before, inside) = (own.get(..span.start())?, own.get(span.range())?);
    let columns = |text: &str| match text.is_ascii() {
        true => u32::try_from(text.len()).unwrap_or(u32::MAX),
        false => position::column_in_text(text, text.len(), encoding),
    };
    let (line, start) = (u32::try_from(line).unwrap_or(u32::MAX), columns(before));
    let place = |character| lsp_types::Position { line, character };
    Some(lsp_types::Range { start: place(start), end: place(start + columns(inside)) })
}

/// The range of some lines, without the end of the last one.
pub fn lines(document: &Document, lines: Range<usize>, encoding: Encoding) -> lsp_types::Range {
    let number = |line: usize| u32::try_from(line).unwrap_or(u32::MAX);
    let last = document.line(lines.end.saturating_sub(1));
    let character = position::column_of_byte(last, last.len_bytes(), encoding);
    lsp_types::Range {
        start: lsp_types::Position { line: number(lines.start), character: 0 },
        end: lsp_types::Position { line: number(lines.end.saturating_sub(1)), character },
    }
}

/// The byte of the client's position in the record that starts on line `first_line`; 0 if the position is before the
/// record. The inverse of [`place_in_record`].
pub fn byte_in_record(document: &Document, first_line: usize, place: lsp_types::Position, encoding: Encoding) -> usize {
    let rope = document.rope();
    let (line, byte) = document.byte_in_line(position(place), encoding);
    let start = rope.line_to_byte(first_line.min(document.line_count()));
    (rope.line_to_byte(line) + byte).saturating_sub(start)
}

/// The position of `byte` in the record that starts on line `first` of a file that isn't open.
pub fn place_on_disk(source: &FileText, first: usize, byte: usize, encoding: Encoding) -> lsp_types::Position {
    let (line, byte) = check::place_in_record(source, first, byte);
    let mut buffer = String::new();
    let text = source.line(line, &mut buffer);
    // Editors hide the byte order mark, so it doesn't count.
    let mark = if line == 0 && text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let character = position::column_in_text(&text[mark..], byte.saturating_sub(mark), encoding);
    lsp_types::Position { line: u32::try_from(line).unwrap_or(u32::MAX), character }
}

/// The type and the modifier of each kind of token. They are standard, so that themes color them.
fn token_type(kind: TokenKind) -> (&'static str, Option<&'static str>) {
    match kind {
        TokenKind::Role => ("keyword", None),
        TokenKind::Location => ("namespace", None),
        TokenKind::Placeholder => ("macro", None),
        TokenKind::MediaType => ("type", None),
        TokenKind::Offset => ("number", None),
        TokenKind::Function => ("function", None),
        TokenKind::Label => ("enumMember", Some(TARGET)),
        TokenKind::Target => ("string", Some(TARGET)),
    }
}

/// The modifier of what the model learns.
const TARGET: &str = "definition";

/// The files and folders that a settings file may name.
pub fn renamed_files() -> FileOperationRegistrationOptions {
    let filter = |glob: &str, kind| FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: FileOperationPattern { glob: glob.to_owned(), matches: Some(kind), options: None },
    };
    let kinds = [FileOperationPatternKind::File, FileOperationPatternKind::Folder];
    FileOperationRegistrationOptions { filters: kinds.map(|kind| filter("**", kind)).to_vec() }
}

/// The types and modifiers of all tokens.
pub fn legend() -> SemanticTokensLegend {
    let types = TokenKind::ALL.map(|kind| token_type(kind).0.to_owned());
    SemanticTokensLegend { token_types: types.to_vec(), token_modifiers: vec![TARGET.to_owned()] }
}

/// The tokens, each relative to the one before. One that spans several lines is left out, because few clients support it.
pub fn semantic_tokens(document: &Document, encoding: Encoding, tokens: &[Token]) -> Vec<SemanticToken> {
    let (mut line, mut character) = (0, 0);
    let encoded = tokens.iter().filter_map(|token| {
        let range = span_in_record(document, token.line, token.span, encoding);
        let length = range.end.character.checked_sub(range.start.character).filter(|length| *length > 0)?;
        let delta_line = range.start.line.checked_sub(line).filter(|_| range.start.line == range.end.line)?;
        let delta_start =
            if delta_line == 0 { range.start.character.checked_sub(character)? } else { range.start.character };
        (line, character) = (range.start.line, range.start.character);
        let token_modifiers_bitset = u32::from(token_type(token.kind).1.is_some());
        let token_type = u32::try_from(token.kind as usize).unwrap_or_default();
        Some(SemanticToken { delta_line, delta_start, length, token_type, token_modifiers_bitset })
    });
    encoded.collect()
}

/// Wraps Markdown for the client, which may only show plain text.
pub fn markup(markdown: bool, value: String) -> MarkupContent {
    match markdown {
        true => MarkupContent { kind: MarkupKind::Markdown, value },
        false => MarkupContent { kind: MarkupKind::PlainText, value: plain(&value) },
    }
}

/// Whether the message of a diagnostic is this one, perhaps with more after it.
pub fn says(shown: &lsp_types::Diagnostic, message: &str) -> bool {
    match &shown.message {
        lsp_types::Message::String(text) => text.starts_with(message),
        lsp_types::Message::MarkupContent(text) => text.value.starts_with(message),
    }
}

/// The name of the file at the end of a URI.
pub fn name_of(uri: &Uri) -> String {
    let path = uri.to_file_path().ok();
    let name = path.as_ref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| uri.path().rsplit('/').next().unwrap_or_default().to_owned())
}

/// The URI of a file as this server writes it. Clients write the same file in other ways, such as `file:///c%3A/a%281%29`
/// instead of `file:///C:/a(1)`.
pub fn normal(uri: &Uri) -> Uri {
    let normal = uri.to_file_path().ok().and_then(|path| Uri::from_file_path(path).ok());
    let normal = normal.unwrap_or_else(|| uri.clone());
    let mut path = normal.path().to_owned();
    // The standard library writes the letters of drives in upper case.
    match path.get_mut(1..3) {
        Some(drive) if cfg!(windows) && drive.ends_with(':') => drive.make_ascii_uppercase(),
        _ => return normal,
    }
    let mut upper = normal;
    upper.set_path(&path);
    upper
}

pub fn location(path: &Path) -> String {
    Uri::from_file_path(path).map(|uri| uri.to_string()).unwrap_or_default()
}

pub fn text_edits(document: &Document, encoding: Encoding, edits: Vec<TextEdit>) -> Vec<lsp_types::TextEdit> {
    let place = |place: Place| lsp_types::Position {
        line: u32::try_from(place.line).unwrap_or(u32::MAX),
        character: position::column_of_byte(document.line(place.line), place.byte, encoding),
    };
    let edits = edits.into_iter().map(|edit| lsp_types::TextEdit {
        range: lsp_types::Range { start: place(edit.start), end: place(edit.end) },
        new_text: edit.text,
    });
    edits.collect()
}

/// The edits of one file.
pub struct FileEdits {
    pub uri: Uri,
    pub document: Document,
    /// Whether the file is open in the client.
    pub open: bool,
    pub edits: Vec<TextEdit>,
}

/// The edits of several files. `versioned`: the client supports document versions in edits.
pub fn workspace_edit(versioned: bool, encoding: Encoding, files: Vec<FileEdits>) -> WorkspaceEdit {
    let edits = |file: FileEdits| text_edits(&file.document, encoding, file.edits);
    if !versioned {
        let changes: HashMap<_, _> = files.into_iter().map(|file| (file.uri.clone(), edits(file))).collect();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let changes = files.into_iter().map(|file| {
        // A file on disk has no version.
        let version = file.open.then(|| file.document.version());
        document_edit(file.uri.clone(), version, edits(file))
    });
    WorkspaceEdit { document_changes: Some(changes.collect()), ..WorkspaceEdit::default() }
}

/// The edits of a file, for [`WorkspaceEdit::document_changes`].
pub fn document_edit(uri: Uri, version: Option<i32>, edits: Vec<lsp_types::TextEdit>) -> DocumentChange {
    let text_document_identifier = TextDocumentIdentifier { uri };
    let text_document = OptionalVersionedTextDocumentIdentifier { version, text_document_identifier };
    let edits = edits.into_iter().map(Edit::TextEdit).collect();
    DocumentChange::TextDocumentEdit(TextDocumentEdit { text_document, edits })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, character: u32) -> lsp_types::Position {
        lsp_types::Position { line, character }
    }

    #[test]
    fn a_span_of_a_record_of_several_lines_is_found_in_every_encoding() {
        let document = Document::new("x\r\n{\"é\":\r\n \"😀\"}\r\ny", 0);
        let record = document.lines_text(1..3);
        let (key, value) = (record.find("\"é").unwrap(), record.find("\"😀").unwrap());
        for (encoding, key_end, value_end) in [(Encoding::Utf8, 5, 7), (Encoding::Utf16, 4, 5), (Encoding::Utf32, 4, 4)]
        {
            let span = Span::new(key, key + 4);
            let range = span_in_record(&document, 1, span, encoding);
            assert_eq!((range.start, range.end), (at(1, 1), at(1, key_end)));
            let range = span_in_record(&document, 1, Span::new(value, value + 6), encoding);
            assert_eq!((range.start, range.end), (at(2, 1), at(2, value_end)));
            assert_eq!(byte_in_record(&document, 1, range.end, encoding), value + 6);
        }
    }

    #[test]
    fn a_span_on_the_first_line_is_found_without_looking_for_its_line() {
        let document = Document::new("x\r\n{\"é😀\":\"😀b\"}\r\ny", 0);
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            for (start, end) in [(0, 1), (1, 9), (10, 16), (11, 15), (15, 18)] {
                let span = Span::new(start, end);
                let range = range_in_line(&document, 1, span, encoding);
                assert_eq!(range, Some(span_in_record(&document, 1, span, encoding)), "{start}");
            }
            assert_eq!(range_in_line(&document, 1, Span::new(17, 21), encoding), None);
        }
    }

    #[test]
    fn places_outside_clamp() {
        let document = Document::new("ab\r\ncd", 0);
        // Between CR and LF, and after the end.
        assert_eq!(place_in_record(&document, 0, 3, Encoding::Utf16), at(0, 2));
        assert_eq!(place_in_record(&document, 0, 99, Encoding::Utf16), at(1, 2));
        assert_eq!(place_in_record(&document, 99, usize::MAX, Encoding::Utf16), at(1, 2));
        assert_eq!(byte_in_record(&document, 1, at(0, 1), Encoding::Utf16), 0);
        assert_eq!(byte_in_record(&document, 1, at(9, 9), Encoding::Utf16), 2);
    }

    #[test]
    fn a_file_has_one_normal_uri() {
        let of = |uri: &str| normal(&uri.parse().unwrap()).to_string();
        if cfg!(windows) {
            for uri in ["file:///c%3A/a%20b.jsonl", "file:///c:/a b.jsonl", "file:///C%3a/a b.jsonl"] {
                assert_eq!(of(uri), "file:///C:/a%20b.jsonl");
            }
            assert_eq!(of("file://server/share/a%281%29.jsonl"), "file://server/share/a(1).jsonl");
        } else {
            assert_eq!(of("file:///c%3A/a%281%29.jsonl"), "file:///c:/a(1).jsonl");
        }
        assert_eq!(of("untitled:Untitled%2D1"), "untitled:Untitled%2D1");
        assert_eq!(of("vscode-remote://wsl%2Bubuntu/a%28"), "vscode-remote://wsl%2Bubuntu/a%28");
    }
}
