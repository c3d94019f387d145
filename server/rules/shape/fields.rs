//! Fields that a line has and its format does not, and the other way round.

use crate::example::Part;
use crate::json::{Edit, Kind, NodeId, SyntaxError, lexer};
use crate::rules::report::lines_like_it;
use crate::rules::{Context, Fact, Fix, Judge, Report, Severity, Tag, moves};
use crate::schema::misfit::Misfit;
use crate::schema::{Extra, Field, Means, Object};
use Severity::{Error, Information, Warning};

pub(super) fn judge_fields(judge: &mut Judge<'_>, undocumented: bool) {
    let own = judge.verdict.format.id();
    for (fact, _) in judge.index().counts().iter().collect::<Vec<_>>() {
        if fact.as_field().is_some_and(|(format, _, kind)| format == own && kind == undocumented) {
            judge.on_first(fact, Information);
        }
    }
}

pub(super) fn missing_field(context: &Context<'_>, report: &mut Report<'_>) {
    if context.structure_is_hidden() {
        return;
    }
    for misfit in &context.fit.misfits {
        let &Misfit::Missing { node, object, field } = misfit else { continue };
        let holds_part = |member| is_misplaced_into_part(context, member);
        if field.means == Means::Content && context.record.children(node).any(holds_part) {
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
    field.if_missing.map_or_else(|| format!("every {} needs `{}`", object.name, field.name), str::to_owned)
}

/// Gives an object a field with its example value: in the place of null, else at its end.
fn insert_member(context: &Context<'_>, node: NodeId, field: &Field) -> Option<Fix> {
    let edit = match context.record.member(node, field.name) {
        Some(null) => Edit::replace(context.record.span(null), field.example.to_owned()),
        None => moves::append_member(context.record, node, field.name, field.example)?,
    };
    Some(Fix::suggested(format!("Insert `{}`", field.name), vec![edit]))
}

pub(super) fn unknown_field(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::Unknown { node, object, near } = misfit else { continue };
        let is_column = context.service.takes_other_fields && near.is_none() && context.record.parent(node) == Some(0);
        if is_consequence(context, node) || is_column {
            continue;
        }
        let rejected = object.extra == Extra::Rejected;
        let severity = if near.is_some() || rejected { Error } else { Warning };
        let span = context.record.key_span(node).unwrap_or_default();
        report.find(severity, span, |finding| {
            let key = context.record.key(node);
            let place = context.place(context.record.node(node).parent);
            let hint = match near {
                Some(field) => format!("; did you mean `{}`?", field.name),
                None if context.kind.root.extra == Extra::Rejected => "; the service rejects the line".to_owned(),
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

pub(super) fn misplaced_field(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::Misplaced { node, object, home } = misfit else { continue };
        if is_consequence(context, node) || is_weight_of_turn(context, node) {
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

/// Whether it is a weight on a turn that has none, which bad-weight says.
fn is_weight_of_turn(context: &Context<'_>, node: NodeId) -> bool {
    let parent = context.record.node(node).parent;
    let is_weight = context.record.key(node) == context.name_of(Means::Weight);
    is_weight && context.example.turns.iter().any(|turn| turn.node == parent)
}

pub(super) fn snake_case_field(context: &Context<'_>, report: &mut Report<'_>) {
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
        if field.snake_is_dropped {
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
            report.once(Fact::snake_case(context.format.id(), field), Information, span, |finding, count| {
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

pub(super) fn conflicting_fields(context: &Context<'_>, report: &mut Report<'_>) {
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

pub(super) fn empty_part(context: &Context<'_>, report: &mut Report<'_>) {
    if context.structure_is_hidden() {
        return;
    }
    for misfit in &context.fit.misfits {
        let &Misfit::Empty { node, object, union } = misfit else { continue };
        // Metadata without its media is orphan-video-metadata's to say, and only that.
        let has_metadata = |part: &Part| part.node == node && part.segment.is_some();
        let has_data = |child: NodeId| is_misplaced(context, child) || context.example.parts.iter().any(has_metadata);
        if context.record.children(node).any(has_data) {
            continue;
        }
        report.find(Error, context.owner_span(node), |finding| {
            finding
                .says(format!(
                    "the {}{} has no data; it needs one of {}",
                    object.noun,
                    context.place(node),
                    names(union.members)
                ))
                .fix(|| {
                    let alone =
                        context.record.parent(node).is_some_and(|list| context.record.children(list).nth(1).is_none());
                    // A turn without its text is no turn too many.
                    let is_turn = context.example.turns.iter().any(|turn| turn.node == node);
                    let edit = moves::remove_element(context.record, node)?;
                    (!alone && !is_turn)
                        .then(|| Fix::suggested(format!("Remove the empty {}", object.noun), vec![edit]))
                });
        });
    }
}

/// Whether a member belongs into a part.
fn is_misplaced_into_part(context: &Context<'_>, member: NodeId) -> bool {
    let of_part = |name: &str| {
        let field = context.format.field(Means::Content);
        field.is_some_and(|field| field.shape.objects().iter().any(|part| part.name == name))
    };
    context.fit.misfits.iter().any(|misfit| match misfit {
        Misfit::Misplaced { node, home, .. } => *node == member && of_part(home.object),
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

pub(super) fn undocumented_field(context: &Context<'_>, report: &mut Report<'_>) {
    for misfit in &context.fit.misfits {
        let &Misfit::Undocumented { node, field } = misfit else { continue };
        let span = context.record.key_span(node).unwrap_or_default();
        report.once(Fact::undocumented(context.format.id(), field), Information, span, |finding, count| {
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
