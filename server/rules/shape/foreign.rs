//! A line in another format than its file.

use crate::formats::Mark;
use crate::rules::context::Form;
use crate::rules::report::lines_like_it;
use crate::rules::{Context, Fact, Judge, Report, Severity};
use Severity::{Error, Information};

/// What the rule counts for itself: lines of a known format that the baseline accepts in files of another one.
const ACCEPTED: u16 = 0;

pub(super) fn foreign_format(context: &Context<'_>, report: &mut Report<'_>) {
    // Lines of known formats are counted whatever the file is.
    if report.verdict().is_none() && context.mark.format().is_some() {
        if report.is_accepted(context.file_span()) {
            report.fact(report.own(ACCEPTED));
        }
        return;
    }
    let Some(fact) = Fact::mark(context.mark) else { return };
    let (name, hint) = match context.mark {
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
        let article = if name.starts_with(['A', 'O', 'I']) { "an" } else { "a" };
        finding.says(format!("{article} {name} line{lines}; tuning {} needs {}{hint}", format.title, format.needs));
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
            None => judge.on_first(fact, severity),
        }
    }
}
