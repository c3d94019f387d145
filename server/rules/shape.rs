//! Shape: what a line has that the format does not, and the other way round.

use crate::json::{Edit, Kind, NodeId, Span, SyntaxError, lexer};
use crate::rules::report::Form;
use crate::rules::{Context, Fact, Family, Fix, Fixes, Needs, Report, Rule, Scope, Severity, Tag, moves, row};
use crate::schema::detect::{Foreign, Mark};
use crate::schema::example::Part;
use crate::schema::fit::Misfit;
use crate::schema::{Choices, Field, Object};
use Severity::{Error, Information, Warning};

/// Rules about shape.
pub static FAMILY: Family = Family {
    name: "shape",
    summary: "against the format's fields and types",
    rules: &[
        Rule {
            scope: Scope::AnyFile,
            ..row("foreign-format", &[Error, Information], Fixes::None, "a line in another format", foreign_format)
                .needs(Needs::UNUSUAL_LINE)
        },
        row("missing-field", &[Error], Fixes::Suggested, "a required field is absent or null", missing_field)
            .needs(Needs::MISFITS),
        row(
            "unknown-field",
            &[Error, Warning],
            Fixes::Suggested,
            "a field that the format does not have",
            unknown_field,
        )
        .needs(Needs::MISFITS),
        row("misplaced-field", &[Error], Fixes::Safe, "a known field in the wrong object", misplaced_field)
            .needs(Needs::MISFITS),
        row(
            "snake-case-field",
            &[Warning, Information],
            Fixes::Safe,
            "a field under its snake_case name",
            snake_case_field,
        )
        .needs(Needs::MISFITS),
        row("wrong-type", &[Error, Information], Fixes::Safe, "a value of another type", wrong_type)
            .needs(Needs::MISFITS),
        row("unknown-value", &[Error], Fixes::Both, "not a value of the enum", unknown_value).needs(Needs::MISFITS),
        row("enum-number", &[Warning], Fixes::Safe, "a value of an enum by its number", enum_number)
            .needs(Needs::MISFITS),
        row("conflicting-fields", &[Error], Fixes::None, "two fields that exclude each other", conflicting_fields)
            .needs(Needs::MISFITS),
        row("empty-part", &[Error], Fixes::Suggested, "a part without any data", empty_part).needs(Needs::MISFITS),
        row("empty-list", &[Error], Fixes::None, "`contents` or `parts` without an element", empty_list)
            .needs(Needs::MISFITS),
        row("null-in-list", &[Error], Fixes::Suggested, "null in a list", null_in_list).needs(Needs::MISFITS),
        row("bad-base64", &[Error], Fixes::None, "data that is not base64", bad_base64).needs(Needs::MISFITS),
        row(
            "undocumented-field",
            &[Information],
            Fixes::None,
            "a field that the tuning documentation does not name",
            undocumented_field,
        )
        .needs(Needs::MISFITS),
        row("inline-data", &[Warning], Fixes::None, "media by `inlineData`; tuning documents `fileUri`", inline_data)
            .needs(Needs::UNUSUAL_MEDIA),
    ],
};

fn foreign_format(context: &Context<'_>, report: &mut Report<'_>) {
    let Mark::Foreign(format) = context.mark else { return };
    if context.form != Form::Single {
        return;
    }
    let tuning = report.verdict().is_some_and(|verdict| verdict.tuning);
    let severity = if tuning { Error } else { Information };
    report.once(Fact::foreign(format), severity, context.file_span(), |finding, count| {
        let lines = lines_like_it(count);
        let article = if format.name().starts_with(['A', 'O', 'I']) { "an" } else { "a" };
        finding.says(format!(
            "{article} {} line{lines}; tuning Gemini needs `contents` with turns and parts{}",
            format.name(),
            if format == Foreign::GeminiBatch { ", which here stand inside `request`" } else { "" }
        ));
    });
}

/// How many other places a finding that is told once stands for.
fn lines_like_it(count: u32) -> String {
    match count {
        0 | 1 => String::new(),
        count => format!(" ({count} in this file)"),
    }
}

fn missing_field(context: &Context<'_>, report: &mut Report<'_>) {
    if context.structure_is_hidden() {
        return;
    }
    for misfit in &context.fit.misfits {
        let &Misfit::Missing { node, object, field } = misfit else { continue };
        let holds_part = |member| is_misplaced_into(context, member, "Part");
        if field.name == "parts" && context.record.children(node).any(holds_part) {
            continue;
        }
        // An object that only holds what belongs elsewhere is itself in the wrong place.
        let mut members = context.record.children(node).peekable();
        if members.peek().is_some() && members.all(|member| is_misplaced(context, member)) {
            continue;
        }
        report.find(Error, context.owner_span(node), |finding| {
            let place = context.place(node);
            finding.says(format!("`{}` is missing{place}; {}", field.name, requirement(object, field)));
            finding.fix(|| insert_member(context, node, field));
        });
    }
}

/// Why a field is needed.
fn requirement(object: &Object, field: &Field) -> String {
    match field.name {
        "contents" => "the service answers \"Missing required `contents` field.\"".to_owned(),
        name => format!("every {} needs `{name}`", object.name),
    }
}

/// Puts a field with its example value at the end of an object.
fn insert_member(context: &Context<'_>, node: NodeId, field: &Field) -> Option<Fix> {
    let edit = moves::append_member(context.record, node, field.name, field.example)?;
    Some(Fix::suggested(format!("Insert `{}`", field.name), vec![edit]))
}

fn unknown_field(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::Unknown { node, object, near } = misfit else { continue };
        if is_consequence(context, node) {
            continue;
        }
        let strict = matches!(object.name, "FileData" | "Blob" | "VideoMetadata" | "GenerationConfig");
        let severity = if near.is_some() || strict { Error } else { Warning };
        let span = context.record.key_span(node).unwrap_or_default();
        report.find(severity, span, |finding| {
            let key = context.record.key(node);
            let place = context.place(context.record.node(node).parent);
            let hint = match near {
                Some(field) => format!("; did you mean `{}`?", field.name),
                None => "; the service does not know it, and rejects the line or passes over it".to_owned(),
            };
            finding.says(format!("{} has no field `{key}`{place}{hint}", object.name)).tag(Tag::Unnecessary);
            finding.fix(|| {
                let field = near?;
                // Only where no member has that name already.
                let parent = context.record.node(node).parent;
                let taken = context.record.children(parent).any(|child| {
                    child != node
                        && object.field(&context.record.key(child)).is_some_and(|other| std::ptr::eq(other, field))
                });
                let edit = Edit::replace(span, lexer::quote(field.name));
                (!taken).then(|| Fix::suggested(format!("Rename to `{}`", field.name), vec![edit]))
            });
        });
    }
}

/// Whether a member is where it is, or called what it is, only because of a fault that is said already: of
/// grammar before it in its object, in its key, or of its bytes.
fn is_consequence(context: &Context<'_>, node: NodeId) -> bool {
    let record = context.record;
    let key = record.key_span(node).unwrap_or_default();
    let from = record.span(record.node(node).parent).start();
    let hides =
        |error: &SyntaxError| error.fault.hides_structure() && (from..=key.start()).contains(&error.span.start());
    record.kind(node) == Kind::Missing
        || context.errors.iter().any(hides)
        || (context.input.invalid.is_some() && record.raw(key).contains('\u{FFFD}'))
}

fn misplaced_field(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::Misplaced { node, object, home } = misfit else { continue };
        if is_consequence(context, node) {
            continue;
        }
        let span = context.record.key_span(node).unwrap_or_default();
        report.find(Error, span, |finding| {
            let key = context.record.key(node);
            finding
                .says(format!(
                    "`{key}` does not belong into {}{}, but into {}",
                    object.name,
                    context.place(context.record.node(node).parent),
                    home.place
                ))
                .fix(|| moves::to_its_home(context, node, home));
        });
    }
}

fn snake_case_field(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::SnakeCase { node, field } = misfit else { continue };
        let span = context.record.key_span(node).unwrap_or_default();
        let parent = context.record.node(node).parent;
        // Of two members with one name, readers take one and pass over the other without a word.
        let is_free = || context.record.member(parent, field.name).is_none();
        let rename =
            || Fix::safe(format!("Rename to `{}`", field.name), vec![Edit::replace(span, lexer::quote(field.name))]);
        let fix = || is_free().then(rename);
        let key = context.record.key(node);
        if is_dropped_in_silence(field.name) {
            report.find(Warning, span, |finding| {
                finding
                    .says(format!(
                        "`{key}`{} is the snake_case name of `{}`; the service is reported to drop it without a word",
                        context.place(parent),
                        field.name
                    ))
                    .fix(fix);
            });
        } else {
            report.once(Fact::snake_case(field), Information, span, |finding, count| {
                finding
                    .says(format!(
                        "`{key}` is the snake_case name of `{}`, which the documentation uses{}",
                        field.name,
                        lines_like_it(count)
                    ))
                    .fix(fix);
            });
        }
    }
}

/// The fields whose snake_case names a user reported to be passed over by the service.
fn is_dropped_in_silence(name: &str) -> bool {
    matches!(name, "fileData" | "fileUri" | "mimeType" | "videoMetadata" | "startOffset" | "endOffset")
}

fn wrong_type(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::WrongType { node, shape, accepted } = misfit else { continue };
        let severity = if accepted { Information } else { Error };
        report.find(severity, context.record.span(node), |finding| {
            let found = context.record.kind(node).name();
            let end = if accepted {
                "; the service's parser accepts this form, the documentation does not show it"
            } else {
                "; the service rejects the line"
            };
            finding.says(format!(
                "{}{} has to be {}, not {found}{end}",
                name_of(context, node),
                context.place(node),
                shape.name()
            ));
            finding.fix(|| {
                // Where grammar hides the value's end, wrapping would put a bracket in the wrong place.
                let span = context.record.span(node);
                let hidden = context.errors.iter().any(|error| error.fault.hides_structure() && error.span.meets(span));
                if hidden { None } else { moves::wrapped(context.record, node, shape) }
            });
        });
    }
}

/// The key of a value, for the beginning of a sentence.
fn name_of(context: &Context<'_>, node: NodeId) -> String {
    match context.record.key(node) {
        key if key.is_empty() => "this element".to_owned(),
        key => format!("`{key}`"),
    }
}

fn unknown_value(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::UnknownValue { node, choices } = misfit else { continue };
        let span = context.record.span(node);
        report.find(Error, span, |finding| {
            let text = context.record.string(node).unwrap_or_else(|| context.raw(span).into());
            let near = choices.nearest(&text);
            let hint = near.map_or_else(|| known(choices), |(name, _)| format!("; did you mean `{name}`?"));
            finding.says(format!("`{text}`{} is no {}{hint}", context.place(node), choices.name)).fix(|| {
                let (name, safe) = near?;
                let edits = vec![Edit::replace(span, lexer::quote(name))];
                let title = format!("Change to `{name}`");
                Some(if safe { Fix::safe(title, edits) } else { Fix::suggested(title, edits) })
            });
        });
    }
}

fn known(choices: &Choices) -> String {
    let names: Vec<_> = choices.values.iter().take(6).map(|choice| choice.name).collect();
    format!("; it has to be one of {}", names.join(", "))
}

fn enum_number(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::EnumNumber { node, choice } = misfit else { continue };
        let span = context.record.span(node);
        report.find(Warning, span, |finding| {
            finding
                .says(format!(
                    "{}{} is given by its number, which no documentation shows; its name is `{}`",
                    name_of(context, node),
                    context.place(node),
                    choice.name
                ))
                .fix(|| {
                    Fix::safe(
                        format!("Change to `{}`", choice.name),
                        vec![Edit::replace(span, lexer::quote(choice.name))],
                    )
                });
        });
    }
}

fn conflicting_fields(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::Conflict { node, first } = misfit else { continue };
        let span = |node| context.record.key_span(node).unwrap_or_default();
        report.find(Error, span(node), |finding| {
            finding
                .says(format!(
                    "`{}` and `{}` exclude each other{}; the service rejects the line",
                    context.record.key(first),
                    context.record.key(node),
                    context.place(context.record.node(node).parent)
                ))
                .related(span(first), "the other one");
        });
    }
}

fn empty_part(context: &Context<'_>, report: &mut Report<'_>) {
    if context.structure_is_hidden() {
        return;
    }
    for misfit in &context.fit.misfits {
        let &Misfit::Empty { node, union } = misfit else { continue };
        // Metadata without its media is orphan-video-metadata's to say, and only that.
        let has_metadata = |part: &Part| part.node == node && part.video_metadata.is_some();
        let has_data = |child: NodeId| is_misplaced(context, child) || context.example.parts.iter().any(has_metadata);
        if context.record.children(node).any(has_data) {
            continue;
        }
        report.find(Error, context.owner_span(node), |finding| {
            finding
                .says(format!("the part{} has no data; it needs one of {}", context.place(node), names(union.members)))
                .fix(|| {
                    let alone =
                        context.record.parent(node).is_some_and(|list| context.record.children(list).nth(1).is_none());
                    let edit = moves::remove_element(context.record, node)?;
                    (!alone).then(|| Fix::suggested("Remove the empty part", vec![edit]))
                });
        });
    }
}

/// Whether a member belongs into an object of this name.
fn is_misplaced_into(context: &Context<'_>, member: NodeId, object: &str) -> bool {
    context.fit.misfits.iter().any(|misfit| match misfit {
        Misfit::Misplaced { node, home, .. } => *node == member && home.object == object,
        _ => false,
    })
}

fn is_misplaced(context: &Context<'_>, child: NodeId) -> bool {
    context.fit.misfits.iter().any(|misfit| match misfit {
        Misfit::Misplaced { node, .. } => *node == child,
        Misfit::Unknown { node, near, .. } => *node == child && near.is_some(),
        _ => false,
    })
}

fn names(members: &[&str]) -> String {
    let quoted: Vec<_> = members.iter().take(4).map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn empty_list(context: &Context<'_>, report: &mut Report<'_>) {
    if context.structure_is_hidden() {
        return;
    }
    for misfit in &context.fit.misfits {
        let &Misfit::EmptyList { node, field } = misfit else { continue };
        report.find(Error, context.record.span(node), |finding| {
            finding.says(format!("`{}`{} is empty; the service rejects the line", field.name, context.place(node)));
        });
    }
}

fn null_in_list(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::NullInList { node } = misfit else { continue };
        report.find(Error, context.record.span(node), |finding| {
            finding.says(format!("null{} in a list; the service rejects the line", context.place(node))).fix(|| {
                let edit = moves::remove_element(context.record, node)?;
                Some(Fix::suggested("Remove the null", vec![edit]))
            });
        });
    }
}

fn bad_base64(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::NotBase64 { node } = misfit else { continue };
        report.find(Error, short(context, context.record.span(node)), |finding| {
            finding.says(format!(
                "{}{} is not base64; the service rejects the line",
                name_of(context, node),
                context.place(node)
            ));
        });
    }
}

/// A span of a value that may be very long, cut to what fits on a screen.
fn short(context: &Context<'_>, span: Span) -> Span {
    const LONGEST: usize = 200;
    let end = context.record.text.floor_char_boundary((span.start() + LONGEST).min(span.end()));
    Span::new(span.start(), end)
}

fn undocumented_field(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::Undocumented { node, field } = misfit else { continue };
        let span = context.record.key_span(node).unwrap_or_default();
        report.once(Fact::undocumented(field), Information, span, |finding, count| {
            finding
                .says(format!(
                    "`{}` is legal, but the tuning documentation does not name it; whether it has an effect is not \
                     known{}",
                    field.name,
                    lines_like_it(count)
                ))
                .tag(Tag::Unnecessary);
        });
    }
}

fn inline_data(context: &Context<'_>, report: &mut Report<'_>) {
    for media in context.example.media.iter().filter(|media| media.inline) {
        let span = context.record.key_span(media.node).unwrap_or_default();
        report.once(Fact::INLINE_DATA, Warning, span, |finding, count| {
            finding.says(format!(
                "media inside the line{}; the tuning documentation shows `fileData` with a `fileUri` only",
                lines_like_it(count)
            ));
        });
    }
}
