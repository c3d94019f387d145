//! Edits give what analyzing the final text gives, in one file and in several files of a dataset.

use crate::support::broken::Choices;
use crate::support::dataset::{self, Files};
use std::collections::BTreeMap;
use tuning_ls::analysis::{Analyst, Lines, Listed, analyze};
use tuning_ls::settings::Settings;
use tuning_ls::text::{Change, Document, Encoding, Position};

pub const LOW: &str = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://clips/a.mp4","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"0s","endOffset":"600s"}},{"text":"What?"}]},{"role":"model","parts":[{"text":"A dog."}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#;

/// An edit of a file.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The number of the file.
    pub file: usize,
    /// Where it starts, as a number of characters. Counted from the start again after the end.
    pub at: usize,
    /// How many characters it replaces.
    pub len: usize,
    pub text: String,
    /// Whether everything is analyzed after it, before the next one.
    pub settles: bool,
}

/// Texts and edits that the bytes decide.
pub fn any_edits(bytes: &[u8]) {
    let mut choices = Choices::given(bytes);
    let several = choices.one_in(2);
    let pieces = if several { dataset::pieces() } else { pieces() };
    let text = |most: usize, choices: &mut Choices| -> String {
        let count = choices.below(most);
        let piece = |choices: &mut Choices| match choices.below(pieces.len() + 2) {
            place if place < pieces.len() => pieces[place].clone(),
            _ => {
                let len = choices.below(40);
                choices.given_text(len)
            }
        };
        (0..count).map(|_| piece(choices)).collect()
    };
    let files = if several { 3 } else { 1 };
    let start: Vec<_> = (0..files).map(|_| text(8, &mut choices)).collect();
    let most = if choices.one_in(3) { 3 } else { 900 };
    let mut edits = Vec::new();
    while choices.is_given() && edits.len() < 20 {
        let (file, at, len) = (choices.below(files), choices.below(10_000), choices.below(400));
        edits.push(Edit { file, at, len, text: text(3, &mut choices), settles: choices.one_in(2) });
    }
    match several {
        true => several_files(&start, &edits),
        false => one_file(&start[0], &edits, most),
    }
}

/// Building blocks of texts and edits: whole lines, fragments, line endings, and characters that break JSON.
pub fn pieces() -> Vec<String> {
    let medium = LOW.replace("_LOW", "_MEDIUM");
    let bare = LOW.replace(r#","generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}"#, "");
    let pretty = "{\n\"contents\": [\n{\"role\": \"user\",\n\"parts\": [{\"text\": \"a\nb\"}]}\n]\n}\n";
    let snake = LOW.replace("contents", "system_instruction\":{\"parts\":[{\"text\":\"x\"}]},\"contents");
    [
        &format!("{LOW}\n"),
        LOW,
        &format!("{medium}\n"),
        &format!("{medium}\r\n"),
        &format!("{}\n", LOW.replace("A dog.", "A cat.")),
        &format!("{}\n", LOW.replace(':', " : ")),
        &format!("{bare}\n"),
        &snake,
        pretty,
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}\n",
        "{\"a\":1}\n",
        "{\"a\":1}",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "\n",
        "\n\n",
        "\r",
        "\r\n",
        ",",
        ":",
        "x",
        "é😀",
        "\u{2028}",
        "\u{feff}",
        "\\",
        "//",
        "{\"contents\":[",
        "[{}\n,{}]",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Everything about a file that a user can see.
pub fn seen(document: &Document, lines: &mut Lines, settings: &Settings) -> (Vec<std::ops::Range<usize>>, Vec<String>) {
    let mut analyst = Analyst::new(settings);
    assert!(lines.analyze(document, &mut analyst, usize::MAX));
    assert!(lines.is_analyzed());
    let verdict = lines.judge(document, &analyst);
    let listed = lines.list(document, &mut analyst, &verdict, settings.max_diagnostics);
    if verdict.total() <= settings.max_diagnostics {
        let mut counted = BTreeMap::new();
        for (rule, severity, count) in &verdict.totals {
            *counted.entry((rule.rule().code, *severity)).or_insert(0) += i64::from(*count);
        }
        for Listed { finding, .. } in &listed {
            *counted.entry((finding.rule.code, finding.severity)).or_insert(0) -= 1;
        }
        counted.retain(|_, count| *count != 0);
        assert!(
            counted.is_empty(),
            "what is counted is what is listed: {counted:?} in {:?}",
            document.rope().to_string()
        );
    }
    assert_eq!(verdict.total().min(settings.max_diagnostics), listed.len());
    let shown = listed.into_iter().map(|Listed { line, finding }| {
        format!(
            "{line} {} {} {:?} {} {:?}",
            finding.rule.code, finding.severity, finding.span, finding.message, finding.related
        )
    });
    let shown = shown.collect();
    (lines.records().collect(), shown)
}

/// Edits of one file, of which at most `most` findings are listed.
pub fn one_file(start: &str, edits: &[Edit], most: usize) {
    let settings = Settings { max_diagnostics: most, ..Settings::default() };
    let mut document = Document::new(start, 0);
    let mut lines = Lines::new(&document);
    let mut analyst = Analyst::new(&settings);
    for Edit { at, len, text, settles, .. } in edits {
        let chars = document.rope().len_chars();
        let from = at % (chars + 1);
        let to = (from + len).min(chars);
        let place = |char: usize| {
            let line = document.rope().char_to_line(char);
            let character = document.rope().slice(document.rope().line_to_char(line)..char).len_utf16_cu();
            Position { line: u32::try_from(line).unwrap(), character: u32::try_from(character).unwrap() }
        };
        let change = Change { range: Some(place(from)..place(to)), text: text.clone() };
        let splice = document.apply(&change, Encoding::Utf16);
        // Sometimes the new lines are analyzed first, as for a large paste.
        if *settles {
            let new = splice.start..splice.start + splice.new;
            lines.splice_batch(splice, analyze(&document, &mut analyst, new));
            seen(&document, &mut lines, &settings);
        } else {
            lines.splice(splice, &document);
        }
    }
    let (half, end) = (document.line_count() / 2, document.line_count());
    let mut analyst = Analyst::new(&settings);
    let mut fresh = Lines::from_batches([0..half, half..end].map(|lines| analyze(&document, &mut analyst, lines)));
    let found = seen(&document, &mut lines, &settings);
    assert_eq!(found, seen(&document, &mut fresh, &settings), "{:?}", document.rope().to_string());
}

/// Edits of the files of a dataset.
pub fn several_files(start: &[String], edits: &[Edit]) {
    let mut files = Files::open(start);
    let mut before: Option<(usize, Vec<Vec<String>>)> = None;
    for Edit { file, at, len, text, settles } in edits {
        let chars = files.files[*file].0.rope().len_chars();
        files.edit(*file, at % (chars + 1), *len, text);
        if *settles {
            let changed = files.relate();
            let found = files.found();
            // A file reported as unchanged has the same findings as before.
            if let Some((edited, before)) = before.replace((*file, found.clone())) {
                let same = |other: &usize| other != file && *other != edited && !changed[*other];
                for other in (0..start.len()).filter(same) {
                    assert_eq!(found[other], before[other]);
                }
            }
        } else {
            before = None;
        }
    }
    files.relate();
    let texts: Vec<_> = files.files.iter().map(|(document, _)| document.rope().to_string()).collect();
    let mut fresh = Files::open(&texts);
    fresh.relate();
    assert_eq!(files.found(), fresh.found(), "{texts:?}");
}
