use super::*;
use crate::analysis::reader::LONG;
use crate::rules::verdict::FileFinding;
use crate::rules::{Severity, by_code};
use crate::schema::scalar::Duration;
use crate::settings::MediaFacts;
use crate::settings::media::Facts;
use std::path::Path;
use std::sync::Arc;

/// The verdict on a tuning file that has findings on the whole file.
fn verdict_with_findings() -> Verdict {
    let mut verdict = Verdict::default();
    (verdict.tuning, verdict.dropped, verdict.examples) = (true, 1, 3);
    for code in ["too-few-examples", "drop-rate"] {
        let rule = by_code(code).expect("a rule").id();
        let (message, related, fixes) = (code.to_owned(), Vec::new(), Vec::new());
        verdict.findings.push(FileFinding {
            rule,
            severity: Severity::Hint,
            own_severity: Severity::Hint,
            message,
            effect: None,
            related,
            fixes,
        });
    }
    verdict
}

/// Facts about some media files of the fixtures.
fn settings_with_media() -> Settings {
    let facts = |content: &str| {
        let (bytes, pages) = (Some(200 << 20), Some(301));
        let mime_type = Some(content.to_owned());
        Ok(Facts { duration: Some(Duration::from_seconds(4_000)), bytes, pages, mime_type, ..Facts::default() })
    };
    let known = [
        ("gs://clips/match-1.mp4", facts("video/mp4")),
        ("gs://clips/1.mp4", facts("video/quicktime")),
        ("gs://clips/a.mp4", Err("the file is empty".to_owned())),
        ("gs://talks/1.mp3", facts("audio/mpeg")),
        ("gs://papers/1.pdf", facts("application/pdf")),
    ];
    let by_location = known.into_iter().map(|(location, facts)| (location.to_owned(), facts)).collect();
    let media = MediaFacts { by_location, complete: vec!["gs://clips/".to_owned()], ..MediaFacts::default() };
    Settings { media: Some(Arc::new(media)), ..Settings::default() }
}

/// Appends the lines of all files below a folder.
fn lines_below(folder: &Path, lines: &mut Vec<String>) {
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            lines_below(&entry.path(), lines);
        } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
            lines.extend(text.lines().map(str::to_owned));
        }
    }
}

#[test]
fn a_layout_is_walked_again_for_another_kind_of_line() {
    // An editor's question reads a line by its mark, even in a file of another kind.
    let settings = Settings { format: Detection::Other, ..Settings::default() };
    let text = r#"{"contents":[],"completions":[{"score":1,"completion":{"role":"model","parts":[]}}]}"#;
    let input = Input { text, lines: 1, ..Input::default() };
    let mut analyst = Analyst::new(&settings);
    let contribution = analyst.contribution(&input);
    let pairs = analyst.read(text).fit.pairs.len();
    assert_eq!(pairs, Analyst::new(&settings).read(text).fit.pairs.len());
    assert_eq!(analyst.contribution(&input), contribution);
}

#[test]
fn a_long_record_is_shown_without_parsing_it_again() {
    let (settings, verdict) = (Settings::default(), verdict_with_findings());
    let mut lines = Vec::new();
    lines_below(Path::new("fixtures"), &mut lines);
    let mut lines: Vec<_> = lines.into_iter().filter(|line| !line.trim().is_empty()).step_by(24).collect();
    // More values than a kept layout may have.
    let part = r#"{"text":"a","videoMetadata":{"startOffset":"5","endOffset":"2s"}},"#;
    lines.push(format!(r#"{{"contents":[{{"role":"usr","parts":[{}{{}}]}}]}}"#, part.repeat(900)));
    lines.iter_mut().for_each(|line| line.push_str(&" ".repeat(LONG)));
    let input = |line: usize| Input { text: &lines[line], lines: 1, first: line == 0, ..Input::default() };
    let show = |analyst: &mut Analyst, line: usize| {
        let shown = Shown { verdict: &verdict, line, relations: Relations::NONE, fixes: true, all: false };
        let findings = analyst.findings(&input(line), shown).into_iter();
        findings.map(|finding| (finding.span, finding.message, finding.fixes)).collect::<Vec<_>>()
    };
    let (mut analyst, mut other, mut found) = (Analyst::new(&settings), Analyst::new(&settings), 0);
    let mut counted = 0;
    for line in 0..lines.len() {
        let expected = show(&mut other, line);
        let contribution = analyst.contribution(&input(line));
        let (short, is_counted) = (Input { text: "{}", lines: 1, ..Input::default() }, analyst.reader.is_single);
        analyst.contribution(&short);
        let parsed = analyst.reader.parsed;
        assert_eq!(show(&mut analyst, line), expected, "{}", lines[line]);
        assert_eq!(analyst.reader.parsed == parsed, is_counted, "{}", lines[line]);
        counted += usize::from(is_counted);
        // That changes no result, and no result is taken for another record's.
        assert_eq!(show(&mut analyst, line), expected);
        let before = line.saturating_sub(1);
        assert_eq!(show(&mut analyst, before), show(&mut other, before));
        assert_eq!(analyst.contribution(&input(line)), contribution);
        analyst.read(&lines[before]);
        assert_eq!(show(&mut analyst, line), expected);
        found += expected.len();
    }
    assert!(found > 50 && counted > 12, "{found}, {counted}");
}

#[test]
fn a_mark_that_depends_on_values_is_found_for_each_record() {
    let conversation = r#"{"messages":"[{\"role\":\"user\",\"content\":\"a\"}]"}"#;
    let mut analyst = Analyst::new(&Settings::default());
    let mut is_known = |line: &str| matches!(analyst.read(line).mark, Mark::Known(_));
    assert!(is_known(conversation) && !is_known(r#"{"messages":"3 new"}"#) && is_known(conversation));
}

#[test]
fn results_do_not_depend_on_earlier_records() {
    let (settings, mut verdict) = (settings_with_media(), Verdict::default());
    verdict.tuning = true;
    let mut lines = vec![String::new(), r#"{"messages":[{"role":"user","content":"a"}]}"#.to_owned(), "[1]".to_owned()];
    lines_below(Path::new("fixtures"), &mut lines);
    let results = |analyst: &mut Analyst, text: &str| {
        let input = Input { text, lines: 1, ..Input::default() };
        let shown = Shown { verdict: &verdict, line: 0, relations: Relations::NONE, fixes: false, all: true };
        let contribution = analyst.contribution(&input);
        let findings = analyst.findings(&input, shown).into_iter();
        (contribution, findings.map(|finding| (finding.rule.code, finding.span)).collect::<Vec<_>>())
    };
    // A syntax error, so that its layout is not kept, and several misfits.
    let before =
        r#"{"contents":[{"role":"usr","parts":[{"text":1,"fileData":{"fileUri":"gs://a","mimeType":"x"}},]}]}"#;
    let mut analyst = Analyst::new(&settings);
    for text in lines.iter().take(3).chain(lines.iter().skip(3).step_by(6)) {
        let expected = results(&mut Analyst::new(&settings), text);
        // The second time, its layout is kept.
        for _ in 0..2 {
            assert!(results(&mut analyst, before).1.len() > 2);
            assert_eq!(results(&mut analyst, text), expected, "{text}");
        }
    }
}

#[test]
fn rules_that_are_not_asked_would_report_nothing() {
    would_report_nothing(&Settings::default());
    would_report_nothing(&settings_with_media());
}

fn would_report_nothing(settings: &Settings) {
    let (mut analyst, mut thorough) = (Analyst::new(settings), Analyst::new(settings));
    thorough.asked.about_everything = true;
    let mut lines = Vec::new();
    lines_below(Path::new("fixtures"), &mut lines);
    assert!(lines.len() > 1_000);
    let verdict = verdict_with_findings();
    let (mut counted, mut shown) = (0, 0);
    for (place, text) in lines.iter().enumerate() {
        let input = Input { text, lines: 1, first: place % 2 == 0, ..Input::default() };
        let contribution = analyst.contribution(&input);
        assert_eq!(contribution, thorough.contribution(&input), "{text}");
        counted += contribution.facts.iter().filter(|(fact, _)| fact.as_finding().is_some()).count();
        let how = Shown { verdict: &verdict, line: place, relations: Relations::NONE, fixes: false, all: true };
        let [findings, all] = [&mut analyst, &mut thorough].map(|analyst| {
            let findings = analyst.findings(&input, how).into_iter();
            findings.map(|finding| (finding.rule.code, finding.span, finding.message)).collect::<Vec<_>>()
        });
        assert_eq!(findings, all, "{text}");
        shown += findings.len();
    }
    assert!(counted > 500 && shown > counted, "{counted} counted, {shown} shown");
}
