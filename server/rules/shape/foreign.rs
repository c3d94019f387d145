//! A line in another format than its file.

use crate::formats::Mark;
use crate::rules::context::Form;
use crate::rules::report::lines_like_it;
use crate::rules::wording::{article, verb_after};
use crate::rules::{Context, Fact, Judge, Report, Severity};
use Severity::{Error, Information};

/// The rule's own count: lines of a known format that the baseline accepts in files of another format.
const ACCEPTED: u16 = 0;

pub(super) fn foreign_format(context: &Context<'_>, report: &mut Report<'_>) {
    // Lines of known formats are counted in every file.
    if report.verdict().is_none() && context.mark.format().is_some() {
        if report.has_baseline() && report.is_accepted(context.file_span()) {
            report.fact(report.own(ACCEPTED));
        }
        return;
    }
    let Some(fact) = Fact::mark(context.mark) else { return };
    let (name, hint) = match context.mark {
        // Counted, but not reported.
        Mark::Foreign(format) if format.is_other_data() => return report.fact(fact),
        Mark::Foreign(format) if context.form == Form::Single => (format.name(), format.hint()),
        Mark::Known(kind) => (kind.title, ""),
        Mark::Foreign(_) | Mark::Unmarked => return,
    };
    let verdict = report.verdict();
    if context.mark.format().is_some_and(|format| verdict.is_some_and(|verdict| verdict.format == format)) {
        return;
    }
    let tuning = verdict.is_some_and(|verdict| verdict.tuning);
    let format = verdict.map_or(context.format, |verdict| verdict.format);
    let severity = if tuning { Error } else { Information };
    report.once(fact, severity, context.file_span(), |finding, count| {
        let lines = lines_like_it(count);
        let (article, title, fields) = (article(name), format.title, format.needs);
        let needs = verb_after(title, "need");
        finding.says(format!("this is {article} {name} line{lines}; {title} {needs} {fields}{hint}"));
    });
}

pub(super) fn judge_foreign_format(judge: &mut Judge<'_>) {
    let severity = if judge.verdict.tuning { Error } else { Information };
    for (fact, _) in judge.index().counts().iter().collect::<Vec<_>>() {
        let Some(mark) = fact.as_mark() else { continue };
        match mark.format() {
            Some(format) if format == judge.verdict.format => {}
            Some(format) => {
                let accepted = judge.index().lines(judge.own(ACCEPTED).of(format.id()), usize::MAX);
                judge.on_first_but(fact, &accepted, severity);
            }
            None if matches!(mark, Mark::Foreign(foreign) if foreign.is_other_data()) => {}
            None => judge.on_first(fact, severity),
        }
    }
}
