//! Bytes and lines: faults that a file can have before its JSON is looked at.

use crate::json::{Edit, Span};
use crate::rules::context::Form;
use crate::rules::input::{MAX_RECORD, Unreadable};
use crate::rules::{
    Applicability, Check, Context, Fact, Family, FaultKind, Fix, Fixes, Judge, LineEnd, Needs, Operation, Report, Row,
    Scope, Severity, row,
};
use Severity::{Error, Information, Warning};

/// Rules about bytes and lines.
pub static FAMILY: Family = Family {
    name: "text",
    summary: "bytes, line ends and empty lines",
    rules: &[
        line("byte-order-mark", Warning, Fixes::Safe, "a byte order mark at the start of the file", byte_order_mark)
            .scope(Scope::AnyFile)
            .needs(Needs::FIRST)
            .in_arrays(),
        line("invalid-utf8", Error, Fixes::None, "bytes that are not valid UTF-8", invalid_utf8)
            .scope(Scope::AnyFile)
            .needs(Needs::UNUSUAL_LINE)
            .rejects_file()
            .in_arrays(),
        line("record-too-long", Warning, Fixes::None, "a record that is too long to be checked", record_too_long)
            .scope(Scope::AnyFile)
            .needs(Needs::UNUSUAL_LINE)
            .in_arrays(),
        line("blank-line", Information, Fixes::Safe, "a blank line between examples", blank_line)
            .needs(Needs::UNUSUAL_LINE)
            .in_arrays(),
        line("line-ending", Information, Fixes::Both, "mixed CRLF and LF, or a lone CR", line_ending)
            .needs(Needs::LINE_END)
            .judged(judge_line_endings),
        line(
            "unusual-line-terminator",
            Information,
            Fixes::Safe,
            "a raw U+2028, U+2029 or U+0085, which some readers treat as a line break",
            unusual_line_terminator,
        )
        .needs(Needs::UNUSUAL_LETTERS)
        .in_arrays(),
        line("no-final-newline", Information, Fixes::Safe, "no line break after the last example", no_final_newline)
            .needs(Needs::UNUSUAL_LINE),
    ],
};

/// A row of this family: its rule checks every line of a tuning file, whatever format the line is in.
const fn line(code: &'static str, severity: Severity, fixes: Fixes, summary: &'static str, check: Check) -> Row {
    let severities: &[Severity] = match severity {
        Error => &[Error],
        Warning => &[Warning],
        _ => &[Information],
    };
    row(code, severities, fixes, summary, check).scope(Scope::TuningFile).fault(match severity {
        Information => FaultKind::Style,
        _ => FaultKind::Unreadable,
    })
}

fn byte_order_mark(context: &Context<'_>, report: &mut Report<'_>) {
    let is_taken = context.service.takes_byte_order_mark;
    if context.input.first && !is_taken && context.input.text.starts_with('\u{FEFF}') {
        let span = Span::new(0, '\u{FEFF}'.len_utf8());
        report.find(Warning, span, |finding| {
            finding
                .says("the file starts with a byte order mark (U+FEFF); expected UTF-8 without one")
                .effect("Readers that don't expect it fail on line 1")
                .fix(|| Fix::safe("Remove the byte order mark", vec![Edit::delete(span)]));
        });
    }
}

fn invalid_utf8(context: &Context<'_>, report: &mut Report<'_>) {
    match &context.input.invalid {
        None | Some(Unreadable::TooLong { .. }) => {}
        Some(Unreadable::Utf16) => report.find(Error, Span::default(), |finding| {
            finding.says("the file is encoded as UTF-16; expected UTF-8").refuses("the file");
        }),
        Some(Unreadable::Bytes { span, byte, offset, count }) => report.find(Error, *span, |finding| {
            let more = match count {
                1 => String::new(),
                _ => format!(" ({} more in this example)", count - 1),
            };
            finding
                .says(format!("byte 0x{byte:02X} at offset {offset} of the file is not valid UTF-8{more}"))
                .refuses("the file");
        }),
    }
}

fn record_too_long(context: &Context<'_>, report: &mut Report<'_>) {
    if let Some(Unreadable::TooLong { bytes }) = context.input.invalid {
        report.find(Warning, Span::default(), |finding| {
            let most = MAX_RECORD >> 20;
            finding
                .says(format!("the line has {bytes} bytes; a line of more than {most} MiB is not checked"))
                .effect("Fixes leave it as it is");
        });
    }
}

fn blank_line(context: &Context<'_>, report: &mut Report<'_>) {
    let input = context.input;
    // The last line break is followed by the end of the file, not by a blank line.
    let end_of_file = input.text.is_empty() && input.end == LineEnd::Missing;
    if context.form == Form::Blank && !end_of_file && input.invalid.is_none() {
        report.find(Information, Span::new(0, input.text.len()), |finding| {
            finding
                .says("blank line; expected one example on every line")
                .effect("Some programs fail on blank lines")
                .fix(|| Fix::operation("Delete the blank line", Applicability::Safe, Operation::DeleteLine));
        });
    }
}

fn line_ending(context: &Context<'_>, report: &mut Report<'_>) {
    let input = context.input;
    if input.end == LineEnd::Cr {
        let end = input.text.len();
        let last = input.text.char_indices().next_back().map_or(end, |(at, _)| at);
        report.find(Information, Span::new(last, end), |finding| {
            finding
                .says("the line ends with a lone CR; expected LF or CRLF")
                .effect("Most readers treat this line and the next one as a single line")
                .fix(|| {
                    Fix::operation(
                        "Use the line ending of the other lines",
                        Applicability::Suggested,
                        Operation::LineEnds,
                    )
                });
        });
    }
    if input.first {
        report.show_file_findings(context.file_span());
    }
}

fn judge_line_endings(judge: &mut Judge<'_>) {
    let counts = judge.index().counts();
    let (lf, crlf) = (counts.of(Fact::ENDS_LF), counts.of(Fact::ENDS_CRLF));
    if lf == 0 || crlf == 0 || judge.verdict.array.is_some() {
        return;
    }
    // On a tie, the first line's ending wins.
    let is_crlf = crlf < lf || (crlf == lf && judge.index().first(Fact::ENDS_LF) == Some(0));
    let Some(line) = judge.index().first(if is_crlf { Fact::ENDS_CRLF } else { Fact::ENDS_LF }) else { return };
    judge.verdict.odd_line_end = Some((line, is_crlf));
    let (odd, usual) = if is_crlf { ("CRLF", "LF") } else { ("LF", "CRLF") };
    let message = format!("line {} ends with {odd}, but most lines end with {usual}", line + 1);
    if let Some(finding) = judge.on_file(Information, message) {
        finding.effect = Some("Some tools keep stray CRs or join lines in such a file".to_owned());
        finding.related.push((line, format!("ends with {odd}")));
        let title = format!("End every line with {usual}");
        finding.fixes.push(Fix::operation(title, Applicability::Safe, Operation::LineEnds));
    }
}

fn unusual_line_terminator(context: &Context<'_>, report: &mut Report<'_>) {
    if matches!(context.form, Form::MultiLine | Form::Several) {
        return;
    }
    let text = context.input.text;
    // Their UTF-8 forms start with these bytes, which are rare enough to check each one.
    let mut terminators = Vec::new();
    let (mut errors, mut blamed_to) = (context.errors.iter().peekable(), 0);
    for at in memchr::memchr2_iter(0xC2, 0xE2, text.as_bytes()) {
        let terminator = ['\u{85}', '\u{2028}', '\u{2029}'].into_iter().find(|letter| text[at..].starts_with(*letter));
        let Some(letter) = terminator else { continue };
        // Outside a string it is a syntax error, which has its own finding.
        while let Some(error) = errors.next_if(|error| error.span.start() <= at) {
            blamed_to = blamed_to.max(error.span.end());
        }
        if at >= blamed_to {
            terminators.push((at, letter));
        }
    }
    let Some(&(start, letter)) = terminators.first() else { return };
    let span = Span::new(start, start + letter.len_utf8());
    report.find(Information, span, |finding| {
        let count = match terminators.len() {
            1 => String::new(),
            count => format!(" ({count} such characters in this example)"),
        };
        let code = u32::from(letter);
        finding
            .says(format!("raw U+{code:04X} in the line{count}; write it as `\\u{code:04x}`"))
            .effect("Some readers and editors treat it as a line break")
            .fix(|| {
                let edits = terminators.iter().map(|&(at, letter)| {
                    Edit::replace(Span::new(at, at + letter.len_utf8()), format!("\\u{:04x}", u32::from(letter)))
                });
                // An escape is valid only inside a string.
                context.errors.is_empty().then(|| Fix::safe("Escape the character", edits.collect()))
            });
    });
}

fn no_final_newline(context: &Context<'_>, report: &mut Report<'_>) {
    let input = context.input;
    if input.end == LineEnd::Missing && context.form != Form::Blank {
        let end = input.text.len();
        let last = input.text.char_indices().next_back().map_or(end, |(at, _)| at);
        report.find(Information, Span::new(last, end), |finding| {
            finding
                .says("no line break after the last example")
                .effect("Text that is appended to the file would end up on this line")
                .fix(|| Fix::operation("Add the line break", Applicability::Safe, Operation::FinalNewline));
        });
    }
}
