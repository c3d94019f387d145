//! Each finding with its place in the line, related places and fixes.

use crate::cli::output::concise::write_line;
use crate::cli::output::diagnostic::{CheckedFile, Diagnostic};
use crate::cli::output::format::Format;
use crate::cli::output::printable::printable;
use crate::cli::output::printer::{Printer, Styles};
use crate::cli::output::statistics::write_table;
use crate::cli::output::window::Window;
use crate::rules::{Applicability, Severity};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::io::{self, Write};

pub(super) const FORMAT: Format = Format {
    name: "full",
    help: "Each finding with its place in the line, and how to fix it",
    shows_fixes: true,
    for_people: true,
    summed_up: true,
    printer: |options| Box::new(Full { styles: options.styles, columns: options.columns }),
    statistics: Some(write_table),
};

/// The minimum width of the text, in columns.
const FEWEST_COLUMNS: usize = 40;

/// Prints each finding with its place in the line.
#[derive(Debug)]
struct Full {
    styles: Styles,
    columns: usize,
}

impl Printer for Full {
    fn file(&mut self, file: &CheckedFile<'_>, out: &mut dyn Write) -> io::Result<()> {
        for diagnostic in file.diagnostics() {
            write_line(&diagnostic, self.styles, out)?;
            let snippet = file.with_line(diagnostic.range.start.line, |line| self.snippet(&diagnostic, line));
            writeln!(out, "{snippet}\n")?;
        }
        Ok(())
    }
}

impl Full {
    /// Renders the line with the place of the finding, related places and fixes.
    fn snippet(&self, diagnostic: &Diagnostic<'_>, line: &str) -> String {
        let Diagnostic { range, .. } = diagnostic;
        // Only the first line of a longer range is shown.
        let end = if range.end.line > range.start.line { line.len() } else { range.end.byte };
        let gutter = range.start.line.to_string().len() + " | ".len();
        // A caret after the end of the line takes one more column.
        let columns = self.columns.max(FEWEST_COLUMNS) - gutter - 1;
        let window = Window::new(line, range.start.byte..end, columns);

        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Information => Level::INFO,
            Severity::Hint => Level::HELP,
        };
        let annotation = AnnotationKind::Primary.span(window.span);
        let snippet = Snippet::source(window.text).line_start(range.start.line).annotation(annotation);
        let mut group = Group::with_level(level).element(snippet);
        for related in &diagnostic.related {
            let (path, place) = (related.path(diagnostic.path).display().to_string(), related.range.start);
            let (path, message) = (printable(&path), printable(&related.message));
            group = group.element(Level::NOTE.message(format!("{path}:{}:{}: {message}", place.line, place.column)));
        }
        for fix in &diagnostic.fixes {
            let kind = match fix.applicability {
                Applicability::Safe => "safe fix",
                Applicability::Suggested => "suggested fix",
                Applicability::Manual => "manual fix: no option applies it",
            };
            group = group.element(Level::HELP.message(format!("{} ({kind})", printable(&fix.title))));
        }
        let renderer = if self.styles.colored { Renderer::styled() } else { Renderer::plain() };
        // The text is already cut to fit.
        renderer.term_width(self.columns.saturating_mul(8)).render(&[group])
    }
}
