//! Time grows with the size: of a record, of a file, and of a dataset. What is counted exactly is compared exactly. Where
//! there are no counters, four times as much input may take at most ten times as long, and quadratic work takes sixteen
//! times.

use std::time::{Duration, Instant};
use tuning_ls::analysis::{Analyst, Lines};
use tuning_ls::disk::check::analyze;
use tuning_ls::disk::checker::Checker;
use tuning_ls::disk::config::Projects;
use tuning_ls::disk::{FileText, Reading, repair};
use tuning_ls::settings::Settings;

/// A record that is made of many pieces.
type Made = fn(usize) -> String;

fn joined(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect::<Vec<_>>().join(",")
}

/// An example whose user turn has these parts.
fn parts(parts: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{parts}]}},{{"role":"model","parts":[{{"text":"A goal at 0:05."}}]}}]}}"#
    )
}

/// An example with these members after `contents`.
fn members(members: &str) -> String {
    let example = parts(r#"{"text":"a"}"#);
    format!("{},{members}}}", &example[..example.len() - 1])
}

const RECORDS: &[(&str, Made)] = &[
    ("undeclared calls", |count| {
        let calls = joined(count, |it| format!(r#"{{"functionCall":{{"name":"call_{it}","args":{{}}}}}}"#));
        let declared = joined(count, |it| format!(r#"{{"name":"declared_{it}","description":"d"}}"#));
        format!(
            r#"{{"contents":[{{"role":"user","parts":[{{"text":"a"}}]}},{{"role":"model","parts":[{calls}]}}],"tools":[{{"functionDeclarations":[{declared}]}}]}}"#
        )
    }),
    ("tool calls without results", |count| {
        let function = r#"{"name":"f","arguments":"{}"}"#;
        let calls = joined(count, |it| format!(r#"{{"id":"c{it}","type":"function","function":{function}}}"#));
        let results = joined(count, |it| format!(r#"{{"role":"tool","tool_call_id":"r{it}","content":"x"}}"#));
        format!(
            r#"{{"messages":[{{"role":"user","content":"a"}},{{"role":"assistant","tool_calls":[{calls}]}},{results},{{"role":"assistant","content":"b"}}]}}"#
        )
    }),
    ("required names that are no properties", |count| {
        let properties = joined(count, |it| format!(r#""property_{it}":{{"type":"STRING"}}"#));
        let required = joined(count, |it| format!(r#""other_{it}""#));
        members(&format!(
            r#""tools":[{{"functionDeclarations":[{{"name":"f","parameters":{{"type":"OBJECT","properties":{{{properties}}},"required":[{required}]}}}}]}}]"#
        ))
    }),
    ("segments", |count| {
        parts(&joined(count, |it| {
            format!(
                r#"{{"fileData":{{"fileUri":"gs://b/v.mp4","mimeType":"video/mp4"}},"videoMetadata":{{"startOffset":"{}s","endOffset":"{}s"}}}}"#,
                it * 10,
                it * 10 + 5
            )
        }))
    }),
    ("misspelled fields", |count| parts(&joined(count, |_| r#"{"txt":"a"}"#.to_owned()))),
    ("misplaced fields", |count| {
        let media =
            r#"{"fileData":{"fileUri":"gs://b/v.mp4","mimeType":"video/mp4","videoMetadata":{"startOffset":"1s"}}}"#;
        parts(&joined(count, |_| media.to_owned()))
    }),
    ("unknown keys", |count| members(&joined(count, |it| format!("\"key {it}\":1")))),
    ("one key many times", |count| members(&joined(count, |_| r#""labels":{}"#.to_owned()))),
    ("turns of one speaker", |count| {
        format!(
            r#"{{"contents":[{}]}}"#,
            joined(count, |it| format!(r#"{{"role":"usr","parts":[{{"text":"a{it}"}}]}}"#))
        )
    }),
    ("keys without quotes", |count| members(&joined(count, |it| format!("key{it}:'v'")))),
    ("brackets of the wrong kind", |count| {
        members(&format!("\"x\":[{}]", joined(count, |_| r#"{"a":[1}"#.to_owned())))
    }),
    ("open brackets", |count| format!("{{\"contents\":{}", "[".repeat(10 * count))),
    ("quotes", |count| format!("{{\"contents\":{}", "\"".repeat(10 * count))),
    ("commas", |count| members(&format!("\"x\":[{}]", ",,1".repeat(count)))),
    ("comments", |count| members(&joined(count, |_| "/* x */\"k\":1".to_owned()))),
    ("missing commas", |count| members(&format!("\"x\":[{}]", "1 ".repeat(count)))),
    ("bad escapes", |count| parts(&joined(count, |_| r#"{"text":"\q"}"#.to_owned()))),
    ("quotes in strings", |count| parts(&joined(count, |_| r#"{"text":"a "b" c"}"#.to_owned()))),
    ("keys that exist twice", |count| members(&joined(count, |it| format!("\"key {}\":1", it / 2)))),
];

fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// Asserts that four times as much takes at most ten times as long. A slow moment of the machine must not fail the test, so
/// it has several tries.
fn is_linear(name: &str, count: usize, mut run: impl FnMut(usize)) {
    let mut measured = Vec::new();
    for _ in 0..4 {
        let (few, many) = (time(|| run(count)), time(|| run(4 * count)));
        if many < few * 10 + Duration::from_millis(20) {
            return;
        }
        measured.push((few, many));
    }
    panic!("{name}: {measured:?}");
}

#[test]
fn a_record_takes_time_in_proportion_to_its_size() {
    let settings = Settings { max_diagnostics: usize::MAX, ..Settings::default() };
    for (name, made) in RECORDS {
        is_linear(name, 50, |count| {
            let source = FileText::new(format!("{}\n", made(count)).into_bytes());
            let (lines, verdict) = analyze(&source, &settings);
            let mut analyst = Analyst::new(&settings);
            lines.list(&source, &mut analyst, &verdict, usize::MAX);
            lines.findings_at(0, &source, &mut analyst, &verdict, true);
        });
        is_linear(&format!("{name}, fixed"), 100, |count| {
            let source = FileText::new(format!("{}\n", made(count)).into_bytes());
            repair::repair(&source, &settings, false).unwrap();
        });
    }
}

#[test]
fn a_key_costs_its_record_in_a_file_of_lines_that_are_alike_or_contradict_each_other() {
    use tuning_ls::text::{Change, Document, Encoding, Position};
    let line = |prompt: &str, answer: &str, clip: &str| {
        format!(
            r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"gs://b/v.mp4","mimeType":"video/mp4"}},"videoMetadata":{{{clip}}}}},{{"text":"{prompt}"}}]}},{{"role":"model","parts":[{{"text":"{answer}"}}]}}],"generationConfig":{{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}}}"#
        ) + "\n"
    };
    let kinds: [(&str, &dyn Fn(usize) -> String); 3] = [
        ("alike", &|_| line("a", "b", r#""startOffset":"1s","endOffset":"5s""#)),
        ("contradicting", &|it| line("a", &format!("b{it}"), r#""startOffset":"1s","endOffset":"5s""#)),
        ("clips of one video", &|it| {
            line("a", "b", &format!(r#""startOffset":"{}s","endOffset":"{}s""#, it, it + 1_000))
        }),
    ];
    for (name, made) in kinds {
        let run = |count: usize| {
            let mut document = Document::new(&(0..count).map(made).collect::<String>(), 1);
            let (mut analyst, mut lines) = (Analyst::new(&Settings::default()), Lines::new(&document));
            lines.analyze(&document, &mut analyst, usize::MAX);
            let _ = lines.judge(&document, &analyst);
            let before = lines.work();
            let start = Instant::now();
            for key in 0..20 {
                let place = Position { line: 5, character: 200 };
                let change = Change { range: Some(place..place), text: format!("{key}") };
                let splice = document.apply(&change, Encoding::Utf8);
                lines.splice(splice, &document);
                lines.analyze(&document, &mut analyst, usize::MAX);
                let verdict = lines.judge(&document, &analyst);
                lines.list(&document, &mut analyst, &verdict, 900);
            }
            let after = lines.work();
            let counted =
                (after.records_analyzed - before.records_analyzed, after.lines_scanned - before.lines_scanned);
            (counted, start.elapsed())
        };
        let (few, many) = (run(200), run(800));
        assert_eq!((few.0, many.0), ((20, 20), (20, 20)), "{name}: a key costs one record");
        // The time of a key may grow with the lines that its finding is about, but not faster.
        assert!(many.1 < few.1 * 12 + Duration::from_millis(500), "{name}: {few:?} {many:?}");
    }
}

#[test]
fn files_of_a_dataset_are_found_and_related_once() {
    for configured in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let good = parts(r#"{"text":"a"}"#) + "\n";
        let mut paths = Vec::new();
        for number in 0..40 {
            for role in ["train", "val"] {
                let name = if configured { format!("{role}-{number}.jsonl") } else { format!("{number}_{role}.jsonl") };
                paths.push(folder.path().join(name));
                std::fs::write(paths.last().unwrap(), &good).unwrap();
            }
        }
        std::fs::write(folder.path().join(".gitignore"), "x\n".repeat(1_000)).unwrap();
        if configured {
            let settings = "[[dataset]]\ntrain = \"train-*.jsonl\"\nvalidation = \"val-*.jsonl\"\n";
            std::fs::write(folder.path().join("tuning-ls.toml"), settings).unwrap();
        }
        let (mut projects, mut checker) = (Projects::default(), Checker::new(|path| path.display().to_string()));
        let mut leaks = 0;
        for path in &paths {
            let path = tuning_ls::disk::paths::real(path);
            let source = FileText::open(&path, &Reading::TO_READ).unwrap();
            let (settings, dataset) = (projects.settings_of(&path), projects.dataset_of(&path));
            assert_eq!(dataset.as_ref().map(|it| it.files.len()), Some(if configured { 80 } else { 2 }));
            let checked =
                checker.check(&path, &source, &settings, dataset, |other| projects.settings_of(other), usize::MAX);
            leaks += checked.listed.iter().filter(|it| it.finding.rule.code == "train-validation-overlap").count();
            checker.keep(&path, source, checked.lines);
        }
        assert_eq!(leaks, 40, "each held-out file leaks");
        assert_eq!(projects.dataset_reads(), 1, "the folder is read once");
        assert_eq!(checker.relations, if configured { 1 } else { 40 }, "once for each dataset");
    }
}
