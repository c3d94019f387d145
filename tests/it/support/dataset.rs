//! Several files of a dataset, as an editor has them open.

use std::sync::Arc;
use tuning_ls::analysis::index::dataset::{DatasetState, Member};
use tuning_ls::analysis::{Analyst, Lines};
use tuning_ls::rules::{OtherFile, Role};
use tuning_ls::settings::Settings;
use tuning_ls::text::{Change, Document, Encoding, Position};

/// An example about a segment of a video.
pub fn line(video: char, start: u32, end: u32, label: &str, resolution: &str) -> String {
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"gs://clips/{video}.mp4","mimeType":"video/mp4"}},"videoMetadata":{{"startOffset":"{start}s","endOffset":"{end}s"}}}},{{"text":"What?"}}]}},{{"role":"model","parts":[{{"text":"{label}"}}]}}],"generationConfig":{{"mediaResolution":"MEDIA_RESOLUTION_{resolution}"}}}}"#
    )
}

/// Building blocks of texts and edits.
pub fn pieces() -> Vec<String> {
    let mut pieces = Vec::new();
    for (video, start, end, label, resolution) in [
        ('a', 0, 10, "goal", "LOW"),
        ('a', 5, 15, "goal", "LOW"),
        ('a', 10, 20, "foul", "MEDIUM"),
        ('b', 0, 10, "goal", "LOW"),
        ('b', 0, 10, "foul", "LOW"),
        ('b', 0, 9, "goal", "MEDIUM"),
    ] {
        pieces.push(line(video, start, end, label, resolution) + "\n");
    }
    pieces.push(line('a', 0, 10, "goal", "LOW").replace(':', " : ") + "\n");
    pieces.push(line('a', 0, 10, "goal", "LOW"));
    pieces.extend(["\n", "{\"contents\":[]}\n", "x", "{"].map(str::to_owned));
    pieces
}

/// The files of a dataset, as an editor has them open.
pub struct Files {
    pub files: Vec<(Document, Lines)>,
    pub relating: DatasetState,
    pub analyst: Analyst,
}

const NAMES: [(&str, Role); 3] =
    [("train.jsonl", Role::Training), ("validation.jsonl", Role::Validation), ("test.jsonl", Role::Test)];

impl Files {
    pub fn open(texts: &[String]) -> Self {
        let open = |text: &String| {
            let document = Document::new(text, 0);
            let lines = Lines::new(&document);
            (document, lines)
        };
        let analyst = Analyst::new(&Settings { max_diagnostics: usize::MAX, ..Settings::default() });
        Self { files: texts.iter().map(open).collect(), relating: DatasetState::default(), analyst }
    }

    pub fn edit(&mut self, file: usize, from: usize, len: usize, text: &str) {
        let (document, lines) = &mut self.files[file];
        let from = from.min(document.rope().len_chars());
        let to = (from + len).min(document.rope().len_chars());
        let place = |char: usize| {
            let line = document.rope().char_to_line(char);
            let start = document.rope().line_to_char(line);
            Position { line: u32::try_from(line).unwrap(), character: u32::try_from(char - start).unwrap() }
        };
        let change = Change { range: Some(place(from)..place(to)), text: text.to_owned() };
        let splice = document.apply(&change, Encoding::Utf32);
        lines.splice(splice, document);
    }

    pub fn relate(&mut self) -> Vec<bool> {
        for (document, lines) in &mut self.files {
            lines.analyze(document, &mut self.analyst, usize::MAX);
        }
        let mut members: Vec<_> = self
            .files
            .iter_mut()
            .zip(NAMES)
            .map(|((document, lines), (name, role))| {
                let file = Arc::new(OtherFile { name: name.to_owned(), location: name.to_owned() });
                Member { lines, source: document, file, role }
            })
            .collect();
        self.relating.relate(&mut members, false, &mut self.analyst)
    }

    /// All findings of each file.
    pub fn found(&mut self) -> Vec<Vec<String>> {
        let Self { files, analyst, .. } = self;
        files
            .iter()
            .map(|(document, lines)| {
                let verdict = lines.judge(document, analyst);
                let listed = lines.list(document, analyst, &verdict, usize::MAX);
                assert_eq!(verdict.total(), listed.len(), "what is counted is what is listed");
                let shown = listed.into_iter().map(|listed| {
                    let finding = listed.finding;
                    format!("{} {} {} {:?}", listed.line, finding.rule.code, finding.message, finding.related)
                });
                shown.collect()
            })
            .collect()
    }

    pub fn codes(&mut self, file: usize, code: &str) -> Vec<String> {
        self.found().swap_remove(file).into_iter().filter(|found| found.contains(code)).collect()
    }
}
