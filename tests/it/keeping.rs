//! Fixes never lose what a person wrote: every text of a record is still there after fixing it.

use crate::support::judge::judge;
use crate::support::repair::{Open, applied, first_fixes, fixed};
use std::collections::BTreeMap;
use tuning_ls::ide::fixes::Task;
use tuning_ls::rules::Applicability;
use tuning_ls::settings::Settings;

/// How many lines are tried; `KEEPING` in the environment sets another number.
const LINES: u64 = 500;

/// A line of a tuning file with texts that occur only once, and these texts.
fn line(seed: u64) -> (String, Vec<String>) {
    let words: Vec<String> = (0..4).map(|word| format!("word{}x{word}", seed % 1_000)).collect();
    let line = format!(
        r#"{{"systemInstruction": {{"parts": [{{"text": "{}"}}]}}, "contents": [{{"role": "user", "parts": [{{"fileData": {{"mimeType": "video/mp4", "fileUri": "gs://films/{}.mp4"}}}}, {{"text": "Say: {}, \"now\""}}]}}, {{"role": "model", "parts": [{{"text": "{}"}}]}}]}}"#,
        words[0], words[1], words[2], words[3]
    );
    (line, words)
}

/// The next number of a course that follows from its start.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

/// A line with up to three places changed, none of them inside a word that has to be kept.
fn mutated(text: &str, state: &mut u64) -> String {
    const INSERTED: &[&str] = &[
        "'", "\"", ",", "{", "}", "[", "]", ":", "\\n", "\\", "// ", "# ", "/*", "*/", "None", "：", "，", "“",
        "\u{A0}",
    ];
    let mut text = text.to_owned();
    for _ in 0..=next(state) % 3 {
        let places: Vec<usize> =
            text.char_indices().filter(|(_, letter)| !letter.is_alphanumeric()).map(|(place, _)| place).collect();
        let at = places[next(state) % places.len()];
        let len = text[at..].chars().next().map_or(0, char::len_utf8);
        let inserted = INSERTED[next(state) % INSERTED.len()];
        match next(state) % 3 {
            0 => text.replace_range(at..at + len, ""),
            1 => text.insert_str(at, inserted),
            _ => text.replace_range(at..at + len, inserted),
        }
    }
    match next(state) % 8 {
        0 => text.replace('"', "'"),
        1 => format!("\"{}\"", text.replace('"', "\"\"")),
        2 => format!("// {text}"),
        3 => format!("{text}\\n{text}"),
        _ => text,
    }
}

/// How often each word is in a text.
fn counts<'a>(text: &str, words: &'a [String]) -> BTreeMap<&'a str, usize> {
    words.iter().map(|word| (word.as_str(), text.matches(word.as_str()).count())).collect()
}

#[test]
fn fixes_keep_every_text() {
    let lines = std::env::var("KEEPING").ok().and_then(|count| count.parse().ok()).unwrap_or(LINES);
    let settings = Settings::default();
    for seed in 0..lines {
        let (line, words) = line(seed);
        let broken = mutated(&line, &mut (seed + 1)) + "\n";
        let before = counts(&broken, &words);
        let safe = fixed(&broken);
        assert_eq!(counts(&safe, &words), before, "--fix\n{broken}became\n{safe}");
        let judged = judge(safe.as_bytes(), &settings);
        let offered = |found: &&crate::support::judge::Found| {
            let first = found.finding.fixes.first();
            first.is_some_and(|fix| fix.applicability == Applicability::Suggested && !says_so(&fix.title))
        };
        let offered: Vec<_> = judged.found.iter().filter(offered).collect();
        let suggested = first_fixes(&safe, &offered, &settings);
        assert_eq!(counts(&suggested, &words), before, "the suggested fixes\n{safe}became\n{suggested}");
    }
}

/// Whether a title says that something is removed.
fn says_so(title: &str) -> bool {
    title.starts_with("Remove") || title.starts_with("Delete")
}

#[test]
fn fixing_everything_leaves_what_a_person_decides() {
    let text = "// {\"contents\": []}\n";
    assert_eq!(applied(text, &Open::new(text).edits(&Task::FixAll)), text);
}
