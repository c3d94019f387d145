//! Bytes and lines: what is wrong with a file before it is JSON.

use crate::json::{Edit, Span};
use crate::rules::context::Form;
use crate::rules::input::InvalidUtf8;
use crate::rules::{
    Check, Context, Fact, Family, Fix, Fixes, Judge, LineEnd, Needs, Operation, Report, Row, Scope, Severity, row,
};
use Severity::{Error, Information, Warning};

/// Rules about bytes and lines.
pub static FAMILY: Family = Family {
    name: "text",
    summary: "bytes and lines",
    rules: &[
        line("byte-order-mark", Warning, Fixes::Safe, "the file begins with a byte order mark", byte_order_mark)
            .needs(Needs::FIRST)
            .in_arrays(),
        line("invalid-utf8", Error, Fixes::None, "bytes that are not UTF-8", invalid_utf8)
            .scope(Scope::AnyFile)
            .needs(Needs::UNUSUAL_LINE)
            .in_arrays(),
        line("blank-line", Information, Fixes::Safe, "an empty or white line between records", blank_line)
            .needs(Needs::UNUSUAL_LINE)
            .in_arrays(),
        line("line-ending", Information, Fixes::Both, "CRLF and LF mixed, or a CR alone", line_ending)
            .judged(judge_line_endings),
        line(
            "unusual-line-terminator",
            Information,
            Fixes::Safe,
            "a raw U+2028, U+2029 or U+0085, which some readers take for a line end",
            unusual_line_terminator,
        )
        .needs(Needs::FAULTS)
        .in_arrays(),
        line("no-final-newline", Information, Fixes::Safe, "the last record does not end its line", no_final_newline)
            .needs(Needs::UNUSUAL_LINE),
    ],
};

/// A row of this family: it speaks on every line of a tuning file, whatever format the line is in.
const fn line(code: &'static str, severity: Severity, fixes: Fixes, summary: &'static str, check: Check) -> Row {
    let severities: &[Severity] = match severity {
        Error => &[Error],
        Warning => &[Warning],
        _ => &[Information],
    };
    row(code, severities, fixes, summary, check).scope(Scope::TuningFile)
}

fn byte_order_mark(context: &Context<'_>, report: &mut Report<'_>) {
    if context.input.first && context.input.text.starts_with('\u{FEFF}') {
        let span = Span::new(0, '\u{FEFF}'.len_utf8());
        report.find(Warning, span, |finding| {
            finding
                .says("the file begins with a byte order mark (U+FEFF); readers that do not expect it fail on line 1")
                .fix(|| Fix::safe("Remove the byte order mark", vec![Edit::delete(span)]));
        });
    }
}

fn invalid_utf8(context: &Context<'_>, report: &mut Report<'_>) {
    match &context.input.invalid {
        None => {}
        Some(InvalidUtf8::Utf16) => report.find(Error, Span::default(), |finding| {
            finding.says("the file is UTF-16; a tuning file has to be UTF-8: save it with that encoding");
        }),
        Some(InvalidUtf8::Bytes { span, byte, offset, count }) => report.find(Error, *span, |finding| {
            let more = match count {
                1 => String::new(),
                _ => format!(", and {} more such bytes in this record", count - 1),
            };
            finding.says(format!(
                "byte 0x{byte:02X} at offset {offset} of the file is not UTF-8{more}; the service rejects the file"
            ));
        }),
    }
}

fn blank_line(context: &Context<'_>, report: &mut Report<'_>) {
    let input = context.input;
    // Behind the last line end there is no line, only the end of the file.
    let end_of_file = input.text.is_empty() && input.end == LineEnd::Missing;
    if context.form == Form::Blank && !end_of_file && input.invalid.is_none() {
        report.find(Information, Span::new(0, input.text.len()), |finding| {
            finding
                .says("a blank line; every line has to be a record, and not every reader passes over blank ones")
                .fix(|| Fix::operation("Delete the blank line", true, Operation::DeleteLine));
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
                .says("the line ends with a CR alone; most readers take this line and the next for one")
                .fix(|| Fix::operation("End the line like the others", false, Operation::LineEnds));
        });
    }
    if input.first {
        report.show_file_findings(context.file_span());
    }
}

fn judge_line_endings(judge: &mut Judge<'_>) {
    let counts = judge.index().counts();
    let (lf, crlf) = (counts.of(Fact::ENDS_LF), counts.of(Fact::ENDS_CRLF));
    if lf == 0 || crlf == 0 || judge.verdict.array {
        return;
    }
    // On a tie, the ends unlike the first line's are the odd ones.
    let is_crlf = crlf < lf || (crlf == lf && judge.index().first(Fact::ENDS_LF) == Some(0));
    let Some(line) = judge.index().first(if is_crlf { Fact::ENDS_CRLF } else { Fact::ENDS_LF }) else { return };
    judge.verdict.odd_line_end = Some((line, is_crlf));
    let (odd, usual) = if is_crlf { ("CRLF", "LF") } else { ("LF", "CRLF") };
    let message = format!("most lines end with {usual}, but line {} ends with {odd}", line + 1);
    if let Some(finding) = judge.on_file(Information, message) {
        finding.related.push((line, format!("this line ends with {odd}")));
        let title = format!("End every line with {usual}");
        finding.fixes.push(Fix::operation(title, true, Operation::LineEnds));
    }
}

fn unusual_line_terminator(context: &Context<'_>, report: &mut Report<'_>) {
    if matches!(context.form, Form::MultiLine | Form::Several) {
        return;
    }
    let text = context.input.text;
    // The first bytes of their UTF-8 forms; rare enough to look closer at each.
    let mut terminators = Vec::new();
    for at in memchr::memchr2_iter(0xC2, 0xE2, text.as_bytes()) {
        let terminator = ['\u{85}', '\u{2028}', '\u{2029}'].into_iter().find(|letter| text[at..].starts_with(*letter));
        let terminator = terminator.map(|letter| (at, letter));
        // Outside a string it is a fault of grammar, which is said already.
        let blamed =
            |&(start, _): &(usize, char)| context.errors.iter().any(|error| error.span.range().contains(&start));
        terminators.extend(terminator.filter(|found| !blamed(found)));
    }
    let Some(&(start, letter)) = terminators.first() else { return };
    let span = Span::new(start, start + letter.len_utf8());
    report.find(Information, span, |finding| {
        let count = match terminators.len() {
            1 => String::new(),
            count => format!(" ({count} such characters in this record)"),
        };
        finding
            .says(format!(
                "a raw U+{:04X}, which some readers and editors take for a line end{count}; its escape is safe",
                u32::from(letter)
            ))
            .fix(|| {
                let edits = terminators.iter().map(|&(at, letter)| {
                    Edit::replace(Span::new(at, at + letter.len_utf8()), format!("\\u{:04x}", u32::from(letter)))
                });
                // Outside a string an escape would be no white space but a fault.
                context.errors.is_empty().then(|| Fix::safe("Escape it", edits.collect()))
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
                .says("the last record does not end its line; what is appended to the file would join it")
                .fix(|| Fix::operation("End the last line", true, Operation::FinalNewline));
        });
    }
}
