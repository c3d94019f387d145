//! JUnit XML: each file is a test suite, and each finding is a test case.

use crate::cli::output::diagnostic::CheckedFile;
use crate::cli::output::format::Format;
use crate::cli::output::printable::printable;
use crate::cli::output::printer::{Printer, Problem, TOOL};
use crate::cli::output::totals::Totals;
use crate::rules::Severity;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::io::{self, Write};

pub(super) const FORMAT: Format = Format {
    name: "junit",
    help: "JUnit XML: a test suite for each file",
    shows_fixes: false,
    for_people: false,
    summed_up: false,
    printer: |options| Box::new(Junit { report: Report::new(TOOL), fail_on: options.fail_on }),
    statistics: None,
};

/// Collects the findings and prints one report.
#[derive(Debug)]
struct Junit {
    report: Report,
    /// Findings of at least this severity are failures; other test cases pass.
    fail_on: Severity,
}

impl Printer for Junit {
    fn file(&mut self, file: &CheckedFile<'_>, _out: &mut dyn Write) -> io::Result<()> {
        let path = file.path.display().to_string();
        let path = printable(&path);
        let mut suite = TestSuite::new(&path);
        for diagnostic in file.diagnostics() {
            let (place, severity, code) = (diagnostic.range.start, diagnostic.severity, diagnostic.rule.code);
            let place = format!("{}:{}", place.line, place.column);
            let message = printable(&diagnostic.message);
            let text = format!("{path}:{place}: {severity}[{code}] {message}");
            let fails = severity <= self.fail_on;
            let status = if fails {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message(message).set_type(severity.to_string()).set_description(text.as_str());
                status
            } else {
                TestCaseStatus::success()
            };
            let mut case = TestCase::new(format!("{code} at {place}"), status);
            case.set_classname(&path);
            if !fails {
                case.set_system_out(text);
            }
            suite.add_test_case(case);
        }
        if suite.test_cases.is_empty() {
            let mut case = TestCase::new("no findings", TestCaseStatus::success());
            case.set_classname(&path);
            suite.add_test_case(case);
        }
        self.report.add_test_suite(suite);
        Ok(())
    }

    fn problem(&mut self, problem: &Problem, _out: &mut dyn Write) -> io::Result<()> {
        let path = problem.path.display().to_string();
        let path = printable(&path);
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(printable(&problem.message)).set_type("unreadable");
        let mut case = TestCase::new("readable", status);
        case.set_classname(&path);
        let mut suite = TestSuite::new(&path);
        suite.add_test_case(case);
        self.report.add_test_suite(suite);
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals, out: &mut dyn Write) -> io::Result<()> {
        self.report.serialize(&mut *out).map_err(io::Error::other)
    }
}
