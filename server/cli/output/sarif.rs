//! SARIF 2.1.0, a format for the results of static analysis.

use crate::cli::output::diagnostic::{CheckedFile, Diagnostic, Fixable, Range};
use crate::cli::output::fingerprint::Fingerprints;
use crate::cli::output::format::Format;
use crate::cli::output::paths::uri;
use crate::cli::output::printable::PrintableJson;
use crate::cli::output::printer::{Printer, Problem, TOOL, VERSION};
use crate::cli::output::totals::Totals;
use crate::rules::{Rule, Severity, pages};
use serde_json::json;
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Location, Message, MultiformatMessageString, Notification, PhysicalLocation,
    PropertyBag, Region, ReportingConfiguration, ReportingDescriptor, Result as SarifResult, ResultColumnKind,
    ResultLevel, Run, Sarif, Tool, ToolComponent,
};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

pub(super) const FORMAT: Format = Format {
    name: "sarif",
    help: "SARIF 2.1.0, for code scanning",
    shows_fixes: true,
    for_people: false,
    summed_up: false,
    printer: |_| Box::<SarifLog>::default(),
    statistics: None,
};

/// The schema that the log refers to.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The key of our fingerprints. Its version changes with their algorithm.
const FINGERPRINT: &str = "findingHash/v1";

/// Collects the findings and prints one log with one run.
#[derive(Debug, Default)]
struct SarifLog {
    rules: Vec<&'static Rule>,
    results: Vec<SarifResult>,
    problems: Vec<Notification>,
    fingerprints: Fingerprints,
}

impl Printer for SarifLog {
    fn file(&mut self, file: &CheckedFile<'_>, _out: &mut dyn Write) -> io::Result<()> {
        for diagnostic in file.diagnostics() {
            let fingerprint = self.fingerprints.of(file, &diagnostic);
            let result = self.result(file, diagnostic, fingerprint);
            self.results.push(result);
        }
        Ok(())
    }

    fn problem(&mut self, problem: &Problem, _out: &mut dyn Write) -> io::Result<()> {
        let place = PhysicalLocation::builder().artifact_location(artifact(&problem.path)).build();
        let location = Location::builder().physical_location(place).build();
        let message = Message::from(problem.message.as_str());
        let notification =
            Notification::builder().message(message).level(json!("error")).locations(vec![location]).build();
        self.problems.push(notification);
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals, out: &mut dyn Write) -> io::Result<()> {
        let problems = std::mem::take(&mut self.problems);
        let invocation = Invocation::builder().execution_successful(problems.is_empty());
        let invocation = invocation.tool_execution_notifications(problems).build();
        let driver = ToolComponent::builder()
            .name(TOOL)
            .version(VERSION)
            .semantic_version(VERSION)
            .rules(self.rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>())
            .build();
        let run = Run::builder()
            .tool(Tool::from(driver))
            .column_kind(json!(ResultColumnKind::UnicodeCodePoints))
            .invocations(vec![invocation])
            .results(std::mem::take(&mut self.results))
            .build();
        let log = Sarif::builder().schema(SCHEMA).version(json!("2.1.0")).runs(vec![run]).build();
        serde_json::to_writer_pretty(PrintableJson(&mut *out), &log)?;
        writeln!(out)
    }
}

impl SarifLog {
    fn result(&mut self, file: &CheckedFile<'_>, diagnostic: Diagnostic<'_>, fingerprint: String) -> SarifResult {
        let known = self.rules.iter().position(|rule| std::ptr::eq(*rule, diagnostic.rule));
        let index = known.unwrap_or_else(|| {
            self.rules.push(diagnostic.rule);
            self.rules.len() - 1
        });
        let mut related = Vec::new();
        for (id, other) in (0i64..).zip(diagnostic.related) {
            let message = Message::from(other.message.as_str());
            let place =
                other.file.as_ref().map_or_else(|| physical(file, other.range), |path| elsewhere(path, other.range));
            related.push(Location::builder().id(id).message(message).physical_location(place).build());
        }
        let place = physical(file, diagnostic.range);
        let mut result = SarifResult::builder()
            .rule_id(diagnostic.rule.code)
            .rule_index(number(index))
            .level(level(diagnostic.severity))
            .message(Message::from(diagnostic.message.as_str()))
            .locations(vec![Location::builder().physical_location(place).build()])
            .partial_fingerprints(BTreeMap::from([(FINGERPRINT.to_owned(), fingerprint)]))
            .build();
        if !related.is_empty() {
            result.related_locations = Some(related);
        }
        if let Some(fixable) = Fixable::best(&diagnostic.fixes) {
            let more = BTreeMap::from([("fix".to_owned(), json!(fixable))]);
            result.properties = Some(PropertyBag::builder().additional_properties(more).build());
        }
        result
    }
}

/// Describes a rule, with its page.
fn descriptor(rule: &Rule) -> ReportingDescriptor {
    let usual = rule.severities.first().copied().unwrap_or(Severity::Warning);
    let mut descriptor = ReportingDescriptor::builder()
        .id(rule.code)
        .short_description(&rule.summary.to_owned())
        .default_configuration(ReportingConfiguration::builder().level(json!(level(usual))).build())
        .build();
    if let Some(page) = pages::reading(rule.code) {
        descriptor.help = Some(MultiformatMessageString::builder().text(page.clone()).markdown(page).build());
    }
    let repository = env!("CARGO_PKG_REPOSITORY");
    if !repository.is_empty() {
        descriptor.help_uri = Some(format!("{repository}/blob/main/fixtures/rules/{}.md", rule.code));
    }
    descriptor
}

fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Error => ResultLevel::Error,
        Severity::Warning => ResultLevel::Warning,
        Severity::Information | Severity::Hint => ResultLevel::Note,
    }
}

/// A range in `file`.
fn physical(file: &CheckedFile<'_>, range: Range) -> PhysicalLocation {
    let (start, end) = (file.offset(range.start), file.offset(range.end));
    let mut region = region(range);
    region.byte_offset = Some(number(start));
    region.byte_length = Some(number(end.saturating_sub(start)));
    PhysicalLocation::builder().artifact_location(artifact(file.path)).region(region).build()
}

/// A range in a file whose text isn't available.
fn elsewhere(path: &Path, range: Range) -> PhysicalLocation {
    PhysicalLocation::builder().artifact_location(artifact(path)).region(region(range)).build()
}

fn region(range: Range) -> Region {
    Region::builder()
        .start_line(number(range.start.line))
        .start_column(number(range.start.column))
        .end_line(number(range.end.line))
        .end_column(number(range.end.column))
        .build()
}

fn artifact(path: &Path) -> ArtifactLocation {
    ArtifactLocation::builder().uri(uri(path)).build()
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
