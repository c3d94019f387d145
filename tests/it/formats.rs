//! The output formats of `check`: each follows its published schema or documentation, and all give the same findings.

use crate::support::program::{findings, run, stderr, stdout};
use roxmltree::{Document, Node};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const FORMATS: [&str; 8] = ["concise", "full", "json", "json-lines", "sarif", "github", "gitlab", "junit"];

/// A role with every character that some format has to escape. Its finding quotes it.
const NASTY: &str = r#"]]> 'a' \"b\" <c> & 100% ::error::, é😀\u202e \n \u0007 \u001b[31m \u0085"#;

const CLEAN: &str = "clean.jsonl";
const ODD: &str = "sub folder/odd, 50%:é #1.jsonl";
const BYTES: &str = "bytes.jsonl";
const LINES: &str = "lines.jsonl";

/// A folder with a clean file, and files whose findings are hard to print.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let clean = r#"{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]}]}"#;
    let odd = clean.replace("\"model\"", &format!("\"{NASTY}\"")).replacen("\"a\"", "\"a\",", 1);
    std::fs::create_dir(folder.path().join("sub folder")).unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write(CLEAN, format!("{clean}\n").as_bytes());
    write(ODD, format!("{clean}\r\n\r\n{odd}\n{odd}\n").as_bytes());
    write(BYTES, b"{\"contents\":[{\"role\":\"\xF0\x9F\x98\x80\xFF\xEF\xBF\xBD\xFE\",\"parts\":[,]}]}\n");
    write(LINES, format!("{clean}\n{}\n", clean.replace(",{", ",\n  {")).as_bytes());
    folder
}

fn check(format: &str, paths: &[&str], folder: &Path) -> String {
    let output = run(&[&["check", "--output-format", format], paths].concat(), folder);
    stdout(&output)
}

fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn own_schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schemas/findings.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The published schema of SARIF 2.1.0, which ships with the library that writes SARIF.
fn sarif_schema() -> Value {
    let cargo = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = cargo(&["metadata", "--format-version=1", "--locked", "--filter-platform", host]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let schema = std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap();
    // One pattern has an unescaped bracket, which not every regex engine accepts.
    let schema: Value = serde_json::from_str(&schema.replace("{2}]?$", r"{2}\\]?$")).unwrap();
    assert!(schema["$id"].as_str().unwrap().ends_with("/sarif-schema-2.1.0.json"));
    schema
}

/// What all formats must agree on: path, line, column and code.
type Key = (String, u64, u64, String);

fn expected(paths: &[&str], folder: &Path) -> Vec<Key> {
    let key = |finding: &Value| {
        let (start, text) = (&finding["start"], |name: &str| finding[name].as_str().unwrap().to_owned());
        (text("path"), start["line"].as_u64().unwrap(), start["column"].as_u64().unwrap(), text("code"))
    };
    findings(paths, folder).iter().map(key).collect()
}

/// No finding; findings in one file; in several files; and findings together with a file that cannot be read.
const CASES: [&[&str]; 4] = [&[CLEAN], &[ODD], &[CLEAN, ODD, BYTES, LINES], &["missing file.jsonl", BYTES]];

#[test]
fn the_same_findings_make_the_same_exit_code_in_every_format() {
    let folder = folder();
    for (paths, code) in CASES.into_iter().zip([0, 1, 1, 2]) {
        for format in FORMATS {
            let output = run(&[&["check", "--output-format", format], paths].concat(), folder.path());
            assert_eq!(output.status.code(), Some(code), "{format} {paths:?}");
            assert_eq!(stderr(&output).contains("missing file.jsonl"), code == 2, "{format}");
        }
    }
    let all = expected(CASES[2], folder.path());
    let codes: BTreeSet<_> = all.iter().map(|(_, _, _, code)| code.as_str()).collect();
    for code in ["trailing-comma", "unknown-role", "invalid-utf8", "multi-line-example", "blank-line", "line-ending"] {
        assert!(codes.contains(code), "{code} is not in {codes:?}");
    }
}

#[test]
fn json_is_as_its_schema_says_and_its_offsets_are_those_of_the_bytes() {
    let (folder, schema) = (folder(), own_schema());
    for paths in CASES {
        let report: Value = serde_json::from_str(&check("json", paths, folder.path())).unwrap();
        assert_eq!(errors(&schema, &report), [""; 0], "{report}");
        let lines = findings(paths, folder.path());
        assert_eq!(report["findings"], json!(lines));
        let severe = |name: &str| lines.iter().filter(|finding| finding["severity"] == name).count();
        assert_eq!(report["counts"]["errors"], severe("error"));
        assert_eq!(report["counts"]["information"], severe("information"));
        assert_eq!(report["problems"].as_array().unwrap().len(), usize::from(paths[0].contains("missing")));
        for finding in lines {
            assert_eq!(errors(&schema, &finding), [""; 0], "{finding}");
            let bytes = std::fs::read(folder.path().join(finding["path"].as_str().unwrap())).unwrap();
            for end in ["start", "end"] {
                let place = |name: &str| usize::try_from(finding[end][name].as_u64().unwrap()).unwrap();
                let before = &bytes[..place("offset")];
                let line = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                assert_eq!(place("line"), before.iter().filter(|byte| **byte == b'\n').count() + 1, "{finding}");
                let characters: usize = before[line..]
                    .utf8_chunks()
                    .map(|chunk| chunk.valid().chars().count() + chunk.invalid().len())
                    .sum();
                assert_eq!(place("column"), characters + 1, "{end} of {finding}");
            }
        }
    }
    for bad in [json!({}), json!({ "tool": "tuning-ls" }), json!({ "code": "x" })] {
        assert!(!errors(&schema, &bad).is_empty(), "the schema lets {bad} pass");
    }
}

#[test]
fn sarif_validates_against_the_published_schema() {
    let (folder, schema) = (folder(), sarif_schema());
    for paths in CASES {
        let log: Value = serde_json::from_str(&check("sarif", paths, folder.path())).unwrap();
        assert_eq!(errors(&schema, &log), [""; 0], "{log}");
        let run = &log["runs"][0];
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        assert_eq!(run["invocations"][0]["executionSuccessful"], !paths[0].contains("missing"));
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let base = url::Url::from_directory_path(folder.path()).unwrap();
        let mut found = Vec::new();
        let mut fingerprints = BTreeSet::new();
        for result in run["results"].as_array().unwrap() {
            let place = &result["locations"][0]["physicalLocation"];
            let uri = base.join(place["artifactLocation"]["uri"].as_str().unwrap()).unwrap();
            let path = uri.to_file_path().unwrap();
            let path = path.strip_prefix(folder.path()).unwrap().to_str().unwrap().to_owned();
            let region = |name: &str| place["region"][name].as_u64().unwrap();
            let end = (region("endLine"), region("endColumn"));
            assert!((region("startLine"), region("startColumn")) <= end);
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(!rule["shortDescription"]["text"].as_str().unwrap().is_empty());
            assert!(rule["help"]["markdown"].as_str().unwrap().starts_with("# "));
            assert!(["error", "warning", "note"].contains(&rule["defaultConfiguration"]["level"].as_str().unwrap()));
            assert!(fingerprints.insert(result["partialFingerprints"].to_string()), "twice: {result}");
            let code = result["ruleId"].as_str().unwrap().to_owned();
            found.push((path, region("startLine"), region("startColumn"), code));
        }
        assert_eq!(found, expected(paths, folder.path()));
    }
    let broken = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/datasets");
    let log: Value = serde_json::from_str(&check("sarif", &["video-broken.jsonl"], &broken)).unwrap();
    assert_eq!(errors(&schema, &log), [""; 0]);
    let related = log["runs"][0]["results"].as_array().unwrap().iter();
    assert!(related.filter(|result| result["relatedLocations"].is_array()).count() > 1);
}

/// Parses a workflow command as GitHub's runner does: its name, properties and text.
fn workflow_command(line: &str) -> (String, Vec<(String, String)>, String) {
    let (head, data) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
    let (name, properties) = head.split_once(' ').unwrap();
    let data_of = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let property = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        assert!(!value.contains(':'), "{line}");
        (name.to_owned(), data_of(&value.replace("%3A", ":").replace("%2C", ",")))
    };
    (name.to_owned(), properties.split(',').map(property).collect(), data_of(data))
}

#[test]
fn github_reads_every_workflow_command_as_it_was_meant() {
    let folder = folder();
    for paths in CASES {
        let mut found = Vec::new();
        let mut messages = Vec::new();
        for line in check("github", paths, folder.path()).lines() {
            let (name, properties, message) = workflow_command(line);
            assert!(["error", "warning", "notice"].contains(&name.as_str()), "{line}");
            let of = |name: &str| properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
            let known = ["file", "line", "col", "endLine", "endColumn", "title"];
            assert!(properties.iter().all(|(name, _)| known.contains(&name.as_str())), "{line}");
            let Some(row) = of("line") else {
                assert_eq!(of("file").unwrap(), "missing file.jsonl");
                continue;
            };
            assert!(of("endColumn").is_none() || of("endLine") == Some(row.clone()));
            let title = of("title").unwrap();
            let code = title.strip_prefix("tuning-ls (").unwrap().trim_end_matches(')').to_owned();
            found.push((of("file").unwrap(), row.parse().unwrap(), of("col").unwrap().parse().unwrap(), code));
            messages.push(message);
        }
        assert_eq!(found, expected(paths, folder.path()));
        let expected: Vec<_> = findings(paths, folder.path())
            .iter()
            .map(|finding| {
                // A log is shown on a terminal.
                let obeyed = ['\u{7}', '\u{1b}', '\u{85}', '\u{202e}'];
                let message = finding["message"].as_str().unwrap().to_owned();
                obeyed.iter().fold(message, |text, it| text.replace(*it, &it.escape_default().to_string()))
            })
            .collect();
        assert_eq!(messages, expected);
    }
}

fn gitlab(paths: &[&str], folder: &Path) -> Vec<Value> {
    serde_json::from_str(&check("gitlab", paths, folder)).unwrap()
}

#[test]
fn a_gitlab_report_has_the_documented_fields_and_fingerprints_that_last() {
    let folder = folder();
    for paths in CASES {
        let report = gitlab(paths, folder.path());
        let mut fingerprints = BTreeSet::new();
        let mut found = Vec::new();
        for finding in &report {
            assert!(!finding["description"].as_str().unwrap().is_empty());
            let severity = finding["severity"].as_str().unwrap();
            assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
            assert!(fingerprints.insert(finding["fingerprint"].as_str().unwrap()), "twice: {finding}");
            let (path, line) = (&finding["location"]["path"], &finding["location"]["lines"]["begin"]);
            assert!(!path.as_str().unwrap().starts_with("./"));
            found.push(json!([path, line, finding["check_name"]]));
        }
        let expected: Vec<_> =
            expected(paths, folder.path()).into_iter().map(|(path, line, _, code)| json!([path, line, code])).collect();
        assert_eq!(found, expected);
    }

    // A new record at the top moves all findings, but their fingerprints stay.
    let names =
        |report: Vec<Value>| -> BTreeSet<String> { report.iter().map(|f| f["fingerprint"].to_string()).collect() };
    let path = folder.path().join(LINES);
    let text = std::fs::read_to_string(&path).unwrap() + "{\"contents\":[,]}\n{\"contents\":[,]}\n";
    std::fs::write(&path, &text).unwrap();
    let before = names(gitlab(&[LINES], folder.path()));
    assert!(before.len() > 2);
    std::fs::write(&path, format!("{}\n{text}", text.lines().next().unwrap().replace("\"a\"", "\"another\""))).unwrap();
    assert_eq!(names(gitlab(&["./lines.jsonl"], folder.path())), before);
    // Fixing one of two identical records removes one fingerprint.
    std::fs::write(&path, text.trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n").unwrap();
    let fewer = names(gitlab(&[LINES], folder.path()));
    assert!(fewer.is_subset(&before) && fewer.len() < before.len());
}

/// Asserts that a JUnit element has only attributes and children that all readers of such reports know.
fn assert_element(node: Node<'_, '_>, required: &[&str], optional: &[&str], children: &[&str]) {
    for name in required {
        assert!(node.has_attribute(*name), "{node:?} has no {name}");
    }
    for attribute in node.attributes() {
        let name = attribute.name();
        assert!(required.contains(&name) || optional.contains(&name), "{node:?} has {name}");
    }
    for child in node.children().filter(Node::is_element) {
        assert!(children.contains(&child.tag_name().name()), "{node:?} has {child:?}");
    }
}

#[test]
fn a_junit_report_is_as_its_schema_says_with_a_suite_for_each_file() {
    let folder = folder();
    for paths in CASES {
        let text = check("junit", paths, folder.path());
        let document = Document::parse(&text).unwrap();
        let counts = ["tests", "skipped", "failures", "errors"];
        let root = document.root_element();
        assert_eq!(root.tag_name().name(), "testsuites");
        assert_element(root, &["name", "tests", "failures", "errors"], &counts, &["testsuite"]);
        let mut found = Vec::new();
        let suites: Vec<_> = root.children().filter(Node::is_element).collect();
        assert_eq!(suites.len(), paths.len());
        for suite in suites {
            assert_element(suite, &["name", "tests", "failures", "errors"], &counts, &["testcase"]);
            let path = suite.attribute("name").unwrap();
            let cases: Vec<_> = suite.children().filter(Node::is_element).collect();
            let of_kind = |kind: &str| suite.descendants().filter(|node| node.has_tag_name(kind)).count().to_string();
            assert_eq!(suite.attribute("tests").unwrap(), cases.len().to_string());
            assert_eq!(suite.attribute("failures").unwrap(), of_kind("failure"));
            assert_eq!(suite.attribute("errors").unwrap(), of_kind("error"));
            assert!(!cases.is_empty(), "a suite without a test case looks as if nothing had run");
            for case in cases {
                assert_element(case, &["name", "classname"], &[], &["failure", "error", "system-out"]);
                assert_eq!(case.attribute("classname"), Some(path));
                for outcome in case.children().filter(|node| node.has_tag_name("failure")) {
                    assert_element(outcome, &["message", "type"], &[], &[]);
                    assert!(outcome.text().unwrap().starts_with(path));
                }
                if let Some((code, place)) = case.attribute("name").unwrap().split_once(" at ") {
                    let (line, column) = place.split_once(':').unwrap();
                    found.push((path.to_owned(), line.parse().unwrap(), column.parse().unwrap(), code.to_owned()));
                }
            }
        }
        assert_eq!(found, expected(paths, folder.path()));
        assert_eq!(root.descendants().any(|node| node.has_tag_name("error")), paths[0].contains("missing"));
    }
    let clean = check("junit", &[CLEAN], folder.path());
    assert!(clean.contains(r#"tests="1" skipped="0" failures="0" errors="0""#), "{clean}");
    // Only a finding that fails the check is a failure in the report.
    let mild = check("junit", &[ODD, "--fail-on", "hint"], folder.path());
    let usual = check("junit", &[ODD], folder.path());
    let failures = |text: &str| text.matches("<failure").count();
    assert!(failures(&mild) > failures(&usual) && failures(&usual) > 0);
    assert_eq!(mild.matches("<testcase").count(), usual.matches("<testcase").count());
}

#[test]
fn nothing_that_a_terminal_would_obey_comes_out_of_the_data() {
    let folder = folder();
    let harmless =
        |letter: char| letter == '\n' || !(letter.is_control() || ('\u{202A}'..='\u{202E}').contains(&letter));
    for format in ["concise", "full", "github"] {
        let text = check(format, &[ODD, BYTES], folder.path());
        assert!(text.contains("unknown-role"));
        if format != "github" {
            assert!(text.chars().all(harmless), "{format}: {text:?}");
        }
    }
    let lines = check("concise", &[ODD], folder.path());
    assert_eq!(lines.lines().count(), expected(&[ODD], folder.path()).len(), "a finding a line");
}

/// The source lines that `full` shows, each with the columns of the carets under it.
fn snippets(text: &str) -> Vec<(String, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((number, shown)) = line.split_once(" |") else { continue };
        let Some((gutter, carets)) = lines.peek().and_then(|next| next.split_once(" |")) else { continue };
        if number.trim().parse::<usize>().is_ok() && gutter.trim().is_empty() {
            let start = carets.find('^').unwrap() - 1;
            found.push((shown.get(1..).unwrap_or_default().to_owned(), start..carets.trim_end().len() - 1));
        }
    }
    found
}

#[test]
fn carets_stand_under_the_fault_whatever_stands_before_it_and_however_long_the_line_is() {
    use unicode_width::UnicodeWidthChar;
    let folder = tempfile::tempdir().unwrap();
    for (name, before, after) in [
        ("plain", String::new(), String::new()),
        ("wide", "\t日本語\u{1b}\u{202e}é😀".to_owned(), "日本語".repeat(200)),
        ("long", "x語".repeat(300_000), "y".repeat(1_000_000)),
    ] {
        let line =
            format!(r#"{{"contents":[{{"role":"user","parts":[{{"text":"{before}"}},,{{"text":"{after}"}}]}}]}}"#);
        std::fs::write(folder.path().join("a.jsonl"), line + "\n").unwrap();
        let text = check("full", &["a.jsonl", "--select", "json-syntax"], folder.path());
        let [(shown, carets)] = &snippets(&text)[..] else { unreachable!("{name}: {text}") };
        let mut column = 0;
        let mut under = None;
        for letter in shown.chars() {
            if column == carets.start {
                under = Some(letter);
            }
            column += letter.width().unwrap();
        }
        assert_eq!(under, Some(','), "{name}: {text}");
        assert!(column <= 116, "{name}: {column} columns");
        assert_eq!(shown.starts_with('…'), name != "plain");
        assert_eq!(shown.ends_with('…'), name != "plain");
    }
}

#[test]
fn full_shows_the_fix_of_a_finding_and_what_explains_it() {
    let datasets: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/datasets");
    let output = run(&["check", "video-broken.jsonl", "--output-format", "full"], &datasets);
    let text = stdout(&output);
    let concise = check("concise", &["video-broken.jsonl"], &datasets);
    for line in concise.lines() {
        assert!(text.lines().any(|full| full == line), "{line}");
    }
    assert_eq!(snippets(&text).len(), concise.lines().count());
    insta::assert_snapshot!(text + &stderr(&output));
}

#[test]
fn a_finding_that_stands_for_many_lines_counts_once_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let line = |number: usize| {
        let turns = r#"[{"role":"user","content":"QUESTION"},{"role":"assistant","content":"Yes."}]"#;
        let turns = turns.replace("QUESTION", &format!("Goal {number}?"));
        format!("{{\"messages\":{turns},\"summary\":1}}\n")
    };
    std::fs::write(folder.path().join("a.jsonl"), (0..20).map(line).collect::<String>()).unwrap();
    for format in FORMATS {
        let text = check(format, &["a.jsonl"], folder.path());
        let times = text.matches("20 lines of this file have this finding; only the first is shown").count();
        // SARIF repeats no message, JUnit has it as an attribute and as text.
        assert_eq!(times, if format == "junit" { 2 } else { 1 }, "{format}: {text}");
    }
    let json: Value = serde_json::from_str(&check("json", &["a.jsonl"], folder.path())).unwrap();
    assert_eq!((&json["counts"]["errors"], &json["counts"]["examples"]), (&json!(1), &json!(20)));
    assert_eq!(json["findings"].as_array().unwrap().len(), 1);
    let statistics = run(&["check", "--statistics", "a.jsonl"], folder.path());
    assert!(stdout(&statistics).starts_with("1  error        unknown-field  "), "{}", stdout(&statistics));
    assert_eq!(stderr(&statistics), "a.jsonl: 0 of 20 examples would be trained: 20 rejected\n");
    let statistics = run(&["check", "--statistics", "--output-format", "json", "a.jsonl"], folder.path());
    let statistics: Value = serde_json::from_str(&stdout(&statistics)).unwrap();
    assert_eq!(statistics["statistics"][0]["count"], json!(1), "{statistics}");
    let full = run(&["check", "--output-format", "full", "a.jsonl"], folder.path());
    assert!(stderr(&full).contains("Found 1 error in 1 file"), "{}", stderr(&full));
}
