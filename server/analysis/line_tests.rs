use super::*;
use crate::analysis::reader::LONG;
use crate::rules::verdict::FileFinding;
use crate::rules::{Severity, by_code};
use std::path::Path;

/// Makes it the verdict on a tuning file of which there is something to say on its first record.
fn tell_of_file(verdict: &mut Verdict) {
    (verdict.tuning, verdict.dropped, verdict.examples) = (true, 1, 3);
    for code in ["too-few-examples", "drop-rate"] {
        let rule = by_code(code).expect("a rule").id();
        let (message, related, fixes) = (code.to_owned(), Vec::new(), Vec::new());
        verdict.findings.push(FileFinding { rule, severity: Severity::Hint, message, related, fixes });
    }
}

/// All lines of all files below a folder, whatever they are.
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
fn a_layout_is_walked_along_the_format_that_is_asked_for() {
    // Where no line is a tuning line, an editor's question still takes a line for what it says it is.
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
fn a_long_record_that_was_counted_is_shown_like_any_other() {
    let (settings, mut verdict) = (Settings::default(), Verdict::default());
    tell_of_file(&mut verdict);
    let mut lines = Vec::new();
    lines_below(Path::new("fixtures"), &mut lines);
    let mut lines: Vec<_> = lines.into_iter().filter(|line| !line.trim().is_empty()).step_by(6).collect();
    // More values than those of a layout that is kept.
    let part = r#"{"text":"a","videoMetadata":{"startOffset":"5","endOffset":"2s"}},"#;
    lines.push(format!(r#"{{"contents":[{{"role":"usr","parts":[{}{{}}]}}]}}"#, part.repeat(2_000)));
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
        let (short, is_counted) = (Input { text: "{}", lines: 1, ..Input::default() }, analyst.reader.is_unkept);
        analyst.contribution(&short);
        let parsed = analyst.reader.parsed;
        assert_eq!(show(&mut analyst, line), expected, "{}", lines[line]);
        assert_eq!(analyst.reader.parsed == parsed, is_counted, "{}", lines[line]);
        counted += usize::from(is_counted);
        // What is known of it is not changed by that, and not taken for what is known of another one.
        assert_eq!(show(&mut analyst, line), expected);
        let before = line.saturating_sub(1);
        assert_eq!(show(&mut analyst, before), show(&mut other, before));
        assert_eq!(analyst.contribution(&input(line)), contribution);
        analyst.read(&lines[before]);
        assert_eq!(show(&mut analyst, line), expected);
        found += expected.len();
    }
    assert!(found > 200 && counted > 50, "{found}, {counted}");
}

#[test]
fn what_is_said_of_a_record_does_not_hang_on_those_before() {
    let (settings, mut verdict) = (Settings::default(), Verdict::default());
    verdict.tuning = true;
    let mut lines = vec![String::new(), r#"{"messages":[{"role":"user","content":"a"}]}"#.to_owned(), "[1]".to_owned()];
    lines_below(Path::new("fixtures"), &mut lines);
    let say = |analyst: &mut Analyst, text: &str| {
        let input = Input { text, lines: 1, ..Input::default() };
        let shown = Shown { verdict: &verdict, line: 0, relations: Relations::NONE, fixes: false, all: true };
        let contribution = analyst.contribution(&input);
        let findings = analyst.findings(&input, shown).into_iter();
        (contribution, findings.map(|finding| (finding.rule.code, finding.span)).collect::<Vec<_>>())
    };
    // With a fault, so that its layout is not kept, and much that does not fit.
    let before =
        r#"{"contents":[{"role":"usr","parts":[{"text":1,"fileData":{"fileUri":"gs://a","mimeType":"x"}},]}]}"#;
    let mut analyst = Analyst::new(&settings);
    for text in lines.iter().take(3).chain(lines.iter().skip(3).step_by(6)) {
        let expected = say(&mut Analyst::new(&settings), text);
        // The second time its layout is known.
        for _ in 0..2 {
            assert!(say(&mut analyst, before).1.len() > 2);
            assert_eq!(say(&mut analyst, text), expected, "{text}");
        }
    }
}

#[test]
fn rules_that_are_not_asked_have_nothing_to_say() {
    let settings = Settings::default();
    let (mut analyst, mut thorough) = (Analyst::new(&settings), Analyst::new(&settings));
    thorough.asked.about_everything = true;
    let mut lines = Vec::new();
    lines_below(Path::new("fixtures"), &mut lines);
    assert!(lines.len() > 1_000);
    // A file of which there is something to say on its first record.
    let mut verdict = Verdict::default();
    tell_of_file(&mut verdict);
    let (mut found, mut said) = (0, 0);
    for (place, text) in lines.iter().enumerate() {
        let input = Input { text, lines: 1, first: place % 2 == 0, ..Input::default() };
        let contribution = analyst.contribution(&input);
        assert_eq!(contribution, thorough.contribution(&input), "{text}");
        found += contribution.facts.iter().filter(|(fact, _)| fact.as_finding().is_some()).count();
        let shown = Shown { verdict: &verdict, line: place, relations: Relations::NONE, fixes: false, all: true };
        let [findings, all] = [&mut analyst, &mut thorough].map(|analyst| {
            let findings = analyst.findings(&input, shown).into_iter();
            findings.map(|finding| (finding.rule.code, finding.span, finding.message)).collect::<Vec<_>>()
        });
        assert_eq!(findings, all, "{text}");
        said += findings.len();
    }
    assert!(found > 500 && said > found, "{found} counted, {said} shown");
}
