//! A line in another format than its file.

use crate::formats::{Format, Mark};
use crate::rules::context::Form;
use crate::rules::report::lines_like_it;
use crate::rules::wording::{article, needs_of, verb_after};
use crate::rules::{Context, Fact, Judge, Report, Severity};
use crate::settings::{Detection, Settings};
use Severity::{Error, Information};

/// The rule's own count: lines of a known format that the baseline accepts in files of another format.
const ACCEPTED: u16 = 0;

pub(super) fn foreign_format(context: &Context<'_>, report: &mut Report<'_>) {
    // Lines of known formats are counted in every file.
    if report.verdict().is_none() && context.mark.format().is_some() {
        if report.has_baseline() && report.is_accepted(context.file_span()) {
            report.fact(report.own(ACCEPTED));
        }
        if is_untrained(context) {
            report.lose();
        }
        return;
    }
    let Some(fact) = Fact::mark(context.mark) else { return };
    let name = match context.mark {
        // Counted, but only reported in a tuning file.
        Mark::Foreign(format) if format.is_other_data() && report.verdict().is_some_and(|verdict| !verdict.tuning) => {
            return;
        }
        Mark::Foreign(format) if context.form == Form::Single => format.name(),
        Mark::Known(kind) => kind.title,
        Mark::Foreign(_) | Mark::Unmarked => return,
    };
    let verdict = report.verdict();
    let is_own = context.mark.format().is_some_and(|format| verdict.is_some_and(|verdict| verdict.format == format));
    if is_own && !is_untrained(context) {
        return;
    }
    let tuning = verdict.is_some_and(|verdict| verdict.tuning);
    let format = verdict.map_or(context.format, |verdict| verdict.format);
    let service = verdict.map_or(context.service, |verdict| verdict.service);
    let is_read = service.also_reads.contains(&name);
    if is_read && context.mark.format().is_some() {
        return;
    }
    let severity = if tuning && !is_read { Error } else { Information };
    report.once(fact, severity, context.file_span(), |finding, count| {
        let (lines, article) = (lines_like_it(count), article(name));
        let title = if context.settings.service == Some(service) { service.title } else { format.title };
        let expected = context.settings.expected();
        let hint = |wanted: &Format| if let Mark::Foreign(foreign) = context.mark { foreign.hint(wanted) } else { "" };
        finding.says(if is_own {
            format!("this is {article} {name} line{lines}; {title} doesn't train such lines")
        } else if is_read {
            format!("this is {article} {name} line{lines}; {title} reads it, but it isn't checked")
        } else if !tuning && hint(format).is_empty() && expected.len() > 1 {
            format!("this is {article} {name} line{lines}; expected {}", needs_of(&expected, hint))
        } else {
            let needs = verb_after(title, "need");
            let setting = deciding_setting(context.settings, format);
            format!("this is {article} {name} line{lines}{setting}; {title} {needs} {}{}", format.needs, hint(format))
        });
    });
}

/// The setting that gives the file its format, as the end of a clause; empty if its lines do.
fn deciding_setting(settings: &Settings, format: &Format) -> String {
    match settings {
        Settings { service: Some(service), .. } if settings.implied() == Some(format) => {
            format!(", but `service` is `{}`", service.id)
        }
        Settings { model: Some(model), .. } if settings.implied() == Some(format) => {
            format!(", but `model` is `{model}`")
        }
        Settings { format: Detection::Is(set), .. } => format!(", but `format` is `{}`", set.id),
        _ => String::new(),
    }
}

/// Whether the service reads the format of a line, but doesn't train lines of its kind.
fn is_untrained(context: &Context<'_>) -> bool {
    matches!(context.mark, Mark::Known(kind) if kind.format == context.format && !context.service.takes_kind(kind.id))
}

pub(super) fn judge_foreign_format(judge: &mut Judge<'_>) {
    let severity = if judge.verdict.tuning { Error } else { Information };
    for (fact, _) in judge.index().counts().iter().collect::<Vec<_>>() {
        let Some(mark) = fact.as_mark() else { continue };
        let service = judge.verdict.service;
        let is_read = |name: &str| service.also_reads.contains(&name);
        match mark.format() {
            Some(format) if format == judge.verdict.format => {
                if matches!(mark, Mark::Known(kind) if !service.takes_kind(kind.id)) {
                    let accepted = judge.index().lines(judge.own(ACCEPTED).of(format.id()), usize::MAX);
                    judge.on_first_but(fact, &accepted, Error);
                }
            }
            Some(_) if matches!(mark, Mark::Known(kind) if is_read(kind.title)) => {}
            Some(format) => {
                let accepted = judge.index().lines(judge.own(ACCEPTED).of(format.id()), usize::MAX);
                judge.on_first_but(fact, &accepted, severity);
            }
            None if matches!(mark, Mark::Foreign(foreign) if foreign.is_other_data()) && !judge.verdict.tuning => {}
            None if matches!(mark, Mark::Foreign(foreign) if is_read(foreign.name())) => {
                judge.on_first(fact, Information);
            }
            None => judge.on_first(fact, severity),
        }
    }
}
