//! The session without threads or pipes. Each test runs it until no work is left.

use lsp_types::{DidChangeConfigurationParams, Uri};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use tuning_ls::lsp::session::{Encoded, Listener, Message, Publication, Session};

const GOOD: &str = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://clips/a.mp4","mimeType":"video/mp4"}},{"text":"What?"}]},{"role":"model","parts":[{"text":"A dog."}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#;

/// Settings that turn off the findings about the number and likeness of examples, and the rules in `off`.
fn only_lines(off: &[&str]) -> Value {
    let of_the_whole = ["too-few-examples", "duplicate-example", "label-balance"];
    let rules: serde_json::Map<_, _> =
        of_the_whole.iter().chain(off).map(|code| ((*code).to_owned(), "off".into())).collect();
    json!({ "rules": rules })
}

/// Records what the session publishes.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<Publication>>>);

impl Listener for Heard {
    fn notify(&self, _: &str, _: Value) {}

    fn publish(&self, publication: Publication) {
        self.0.lock().unwrap().push(publication);
    }
}

/// Deserializes the parameters of a message.
fn params<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// A session with one open document. A publication that the test does not read is a failure.
struct Driven {
    session: Session,
    heard: Heard,
    uri: Uri,
    version: i32,
}

impl Driven {
    fn open(text: &str) -> Self {
        let heard = Heard::default();
        let session = Session::new(Box::new(heard.clone()), channel().0);
        let uri: Uri = "file:///data/train.jsonl".parse().unwrap();
        let mut driven = Self { session, heard, uri: uri.clone(), version: 0 };
        driven.configure(only_lines(&[]));
        let document = json!({ "uri": uri, "languageId": "jsonl", "version": 0, "text": text });
        driven.session.take(Message::DidOpen(params(json!({ "textDocument": document }))));
        driven
    }

    fn edit(&mut self, line: u32, from: u32, to: u32, text: &str) {
        self.version += 1;
        let at = |character| json!({ "line": line, "character": character });
        let change = json!({ "range": { "start": at(from), "end": at(to) }, "text": text });
        let document = json!({ "uri": self.uri, "version": self.version });
        let edit = json!({ "textDocument": document, "contentChanges": [change] });
        self.session.take(Message::DidChange(params(edit)));
    }

    fn configure(&mut self, settings: Value) {
        self.session.take(Message::DidChangeConfiguration(DidChangeConfigurationParams { settings }));
    }

    /// Runs until no work is left; returns the publications.
    fn settle(&mut self) -> Vec<Publication> {
        while self.session.turn() {}
        std::mem::take(&mut self.heard.0.lock().unwrap())
    }

    /// Runs until no work is left. The current version must have been published exactly once, and no other.
    fn diagnostics(&mut self) -> Vec<Arc<Encoded>> {
        let mut published = self.settle();
        let versions: Vec<_> = published.iter().map(|params| params.version).collect();
        assert_eq!(versions, [Some(self.version)]);
        published.remove(0).diagnostics
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(self.settle().is_empty(), "something was published that nobody looked at");
        }
    }
}

fn codes(diagnostics: &[Arc<Encoded>]) -> Vec<String> {
    let code = |diagnostic: &Arc<Encoded>| serde_json::to_value(&diagnostic.code).unwrap().as_str().unwrap().to_owned();
    diagnostics.iter().map(code).collect()
}

#[test]
fn a_burst_is_published_once_and_a_keystroke_at_once() {
    let mut driven = Driven::open(&format!("{GOOD}\n").repeat(500));
    assert!(driven.diagnostics().is_empty());
    for _ in 0..100 {
        driven.edit(250, 1, 1, "x");
    }
    assert_eq!(codes(&driven.diagnostics()), ["json-syntax"]);
    driven.edit(250, 1, 101, "");
    assert!(driven.diagnostics().is_empty());
    assert!(driven.settle().is_empty(), "a settled version is not published again");
}

#[test]
fn nothing_goes_out_while_records_are_pending() {
    let mut driven = Driven::open(&format!("{GOOD}\n").repeat(30_000));
    driven.diagnostics();
    // With other settings, all records are analyzed again, which takes more than one turn.
    driven.configure(only_lines(&["blank-line"]));
    assert!(driven.session.turn());
    driven.edit(0, 0, 0, "x");
    assert_eq!(codes(&driven.diagnostics()), ["json-syntax"], "only the version that settled");
}

#[test]
fn an_edit_looks_at_one_record_of_fifty_thousand() {
    let mut driven = Driven::open(&format!("{GOOD}\n").repeat(50_000));
    driven.diagnostics();
    let before = driven.session.work(&driven.uri).unwrap();
    let column = u32::try_from(GOOD.find("_LOW").unwrap()).unwrap();
    driven.edit(49_000, column, column + 4, "_HIGH");
    let found = codes(&driven.diagnostics());
    assert!(found.contains(&"mixed-media-resolution".to_owned()), "{found:?}");
    let after = driven.session.work(&driven.uri).unwrap();
    assert_eq!(after.records_analyzed - before.records_analyzed, 1);
    assert_eq!(after.lines_scanned - before.lines_scanned, 1);
    // The line is read once to find where records begin, and once to analyze it.
    let length = (GOOD.len() + 1) as u64;
    assert_eq!(after.bytes_read - before.bytes_read, 2 * length);
}

#[test]
fn of_a_burst_of_keys_only_the_last_text_is_judged() {
    let mut driven = Driven::open(&format!("{GOOD}\n").repeat(1_000));
    driven.diagnostics();
    let before = driven.session.work(&driven.uri).unwrap();
    for _ in 0..50 {
        driven.edit(500, 0, 0, " ");
    }
    // `diagnostics` asserts that only the last version was published.
    driven.diagnostics();
    let after = driven.session.work(&driven.uri).unwrap();
    assert_eq!(after.lines_scanned - before.lines_scanned, 50);
    assert_eq!(after.records_analyzed - before.records_analyzed, 1);
}

#[test]
fn too_many_findings_are_capped_and_the_rest_is_said_first() {
    let broken = GOOD.replace("]}],", "],}],");
    let mut driven = Driven::open(&(format!("{broken}\n").repeat(2_000) + GOOD + "\n"));
    let diagnostics = driven.diagnostics();
    assert_eq!(diagnostics.len(), 900);
    let found = codes(&diagnostics);
    assert_eq!(found[0], "findings-capped");
    assert!(found[1..].iter().all(|code| code != "findings-capped"));
    let message = serde_json::to_value(&diagnostics[0].message).unwrap();
    assert!(message.as_str().unwrap().contains("more findings"), "{message}");
}

#[test]
fn settings_that_change_nothing_publish_nothing_again() {
    let mut driven = Driven::open(GOOD);
    assert_eq!(codes(&driven.diagnostics()), ["no-final-newline"]);
    driven.configure(only_lines(&["blank-line"]));
    assert!(driven.settle().is_empty(), "the findings are the same");
    driven.configure(only_lines(&["no-final-newline"]));
    assert!(driven.diagnostics().is_empty());
    // Settings for other programs, and missing ones, change nothing.
    for other in [json!({ "python": {} }), json!({}), Value::Null] {
        driven.configure(other);
    }
    assert!(driven.settle().is_empty());
}

#[test]
fn a_version_that_does_not_grow_is_applied_all_the_same() {
    let mut driven = Driven::open(&format!("{GOOD}\n"));
    driven.diagnostics();
    driven.version = -1;
    driven.edit(0, 0, 0, "\n");
    assert_eq!(codes(&driven.diagnostics()), ["blank-line"]);
}

#[test]
fn a_place_on_another_line_stays_when_the_finding_moves() {
    let other = GOOD.replace("_LOW", "_MEDIUM");
    let mut driven = Driven::open("");
    driven.diagnostics();
    let capabilities = json!({ "textDocument": { "publishDiagnostics": { "relatedInformation": true } } });
    let client = json!({ "capabilities": capabilities, "initializationOptions": only_lines(&[]) });
    driven.session.take(Message::Initialize(Box::new(params(client))));
    driven.edit(0, 0, 0, &format!("{GOOD}\n{GOOD}\n{other}\n"));
    let places = |driven: &mut Driven| {
        let diagnostics = driven.diagnostics();
        let related = diagnostics.iter().flat_map(|one| one.related_information.iter().flatten());
        let related: Vec<_> = related.map(|related| related.location.range.start.line).collect();
        (diagnostics.iter().map(|one| one.range.start.line).max(), related)
    };
    let before = places(&mut driven);
    assert_eq!(before, (Some(2), vec![0]));
    driven.edit(1, 0, 0, &format!("{GOOD}\n"));
    assert_eq!(places(&mut driven), (Some(3), vec![0]));
}
