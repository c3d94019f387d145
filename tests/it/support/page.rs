//! A rule's page, read into its blocks: the text of each, and what is marked under it.

use std::ops::Range;
use std::path::Path;

/// What is expected of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Exactly the marked findings.
    Firing,
    /// No finding at all.
    Clean,
    /// What the fixes make of the firing block before it.
    Fixed,
}

/// A mark: carets under a line, and the finding they stand for.
#[derive(Clone, Debug)]
pub struct Mark {
    /// The line of the page, 1-based.
    pub line: usize,
    /// What it covers, in bytes of the block's text.
    pub bytes: Range<usize>,
    /// Whether a longer span is meant too: it runs on behind the line of a pretty-printed record.
    pub open: bool,
    /// The code in brackets.
    pub code: String,
    /// What the message has to contain; may be empty.
    pub message: String,
}

/// A line of the page that is text of a block.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line of the page, 1-based.
    pub line: usize,
    /// The byte of the block's text for each character of the line, and for its end.
    pub bytes: Vec<usize>,
    /// How many of the characters are indentation that is left out.
    pub indentation: usize,
}

impl Row {
    /// The column that a byte of the block's text stands at; the line's end when it stands behind it.
    pub fn column(&self, byte: usize) -> usize {
        self.bytes.partition_point(|&at| at < byte).clamp(self.indentation, self.bytes.len() - 1)
    }
}

/// What a block is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// The text of a dataset.
    JsonLines,
    /// The text of a `tuning-ls.toml`.
    Toml,
}

/// A fenced block of the page.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it is written in.
    pub language: Language,
    /// The line of its fence, 1-based.
    pub line: usize,
    /// What is expected of it.
    pub kind: Kind,
    /// The bytes it stands for.
    pub text: Vec<u8>,
    /// Its marks, in the order of the page.
    pub marks: Vec<Mark>,
    /// The lines of the page its text is from.
    pub rows: Vec<Row>,
    /// The bytes of the copies that `repeat` made, which are not on the page.
    pub copies: Range<usize>,
    /// The settings it is judged under, as JSON.
    pub settings: Option<String>,
    /// The name of the file it is, when it is a second one of the dataset.
    pub file: Option<String>,
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The file's name without its extension, which has to be a code.
    pub code: String,
    /// The text.
    pub text: String,
    /// Its blocks of JSON Lines and of settings.
    pub blocks: Vec<Block>,
    /// What could not be read in it.
    pub problems: Vec<String>,
}

/// The words behind ```` ```jsonl ````.
#[derive(Debug, Default)]
struct Words {
    kind: Option<Kind>,
    record: bool,
    escaped: bool,
    no_newline: bool,
    repeat: usize,
    file: Option<String>,
}

impl Page {
    /// Reads a page.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(path: &Path) -> std::io::Result<Self> {
        let code = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let text = std::fs::read_to_string(path)?;
        let mut page = Self { code, text: text.clone(), blocks: Vec::new(), problems: Vec::new() };
        let mut settings = None;
        let mut lines = (1..).zip(text.lines());
        while let Some((line, info)) = lines.next() {
            let Some(info) = info.strip_prefix("```") else { continue };
            let mut inside = Vec::new();
            let closed = loop {
                match lines.next() {
                    Some((_, "```")) => break true,
                    Some(row) => inside.push(row),
                    None => break false,
                }
            };
            if !closed {
                page.problem(line, "the block is not closed");
            }
            let (language, words) = info.split_once(' ').unwrap_or((info, ""));
            match (language, words.trim()) {
                ("json", "settings") => {
                    settings = Some(inside.iter().map(|(_, text)| *text).collect::<Vec<_>>().join("\n"));
                }
                ("jsonl" | "toml", words) => {
                    let language = if language == "toml" { Language::Toml } else { Language::JsonLines };
                    match Words::read(words) {
                        Ok(words) => page.block(language, line, &words, &inside, settings.take()),
                        Err(problem) => page.problem(line, &problem),
                    }
                }
                _ => {}
            }
        }
        if settings.is_some() {
            page.problem(1, "the last settings block has no block behind it");
        }
        Ok(page)
    }

    fn problem(&mut self, line: usize, problem: &str) {
        self.problems.push(format!("fixtures/rules/{}.md:{line}: {problem}", self.code));
    }

    fn block(
        &mut self,
        language: Language,
        line: usize,
        words: &Words,
        inside: &[(usize, &str)],
        settings: Option<String>,
    ) {
        let mut block = Block {
            language,
            line,
            kind: words.kind.unwrap_or(Kind::Firing),
            text: Vec::new(),
            marks: Vec::new(),
            rows: Vec::new(),
            copies: 0..0,
            settings,
            file: words.file.clone(),
        };
        let mut copies_wanted = words.repeat > 1;
        let mut in_record = false;
        for &(line, text) in inside {
            if is_marks(text) {
                match block.rows.last().map(|row| marks(line, text, row, words)) {
                    Some(Ok(mut marks)) => block.marks.append(&mut marks),
                    Some(Err(problem)) => self.problem(line, &problem),
                    None => self.problem(line, "a mark without a line above it"),
                }
                continue;
            }
            let ends_record = words.record && text.trim().is_empty();
            if words.record && in_record && !ends_record {
                // A pretty-printed record goes on: no line end between.
                block.text.pop();
            }
            // The copies are made once the record or line is complete.
            if copies_wanted && !block.rows.is_empty() && (!words.record || ends_record) {
                block.copy(words.repeat);
                copies_wanted = false;
            }
            in_record = !ends_record;
            if !ends_record {
                block.append(line, text, words);
            }
        }
        if copies_wanted {
            block.copy(words.repeat);
        }
        if words.no_newline {
            block.text.pop();
        }
        self.blocks.push(block);
    }
}

impl Block {
    /// Adds a line of the page and a line end.
    fn append(&mut self, line: usize, text: &str, words: &Words) {
        let start = if words.record { text.chars().take_while(|letter| *letter == ' ').count() } else { 0 };
        let mut bytes = vec![self.text.len(); start];
        let mut rest = &text[start..];
        while let Some(letter) = rest.chars().next() {
            let (len, unit) = if words.escaped { unit(rest) } else { None }
                .unwrap_or_else(|| (letter.len_utf8(), letter.to_string().into_bytes()));
            bytes.extend(std::iter::repeat_n(self.text.len(), rest[..len].chars().count()));
            self.text.extend(unit);
            rest = &rest[len..];
        }
        bytes.push(self.text.len());
        self.text.push(b'\n');
        self.rows.push(Row { line, bytes, indentation: start });
    }

    /// Repeats all that is there so far, until it is there `count` times.
    fn copy(&mut self, count: usize) {
        let (start, copy) = (self.text.len(), self.text.clone());
        for _ in 1..count {
            self.text.extend(&copy);
        }
        self.copies = start..self.text.len();
    }
}

impl Words {
    fn read(text: &str) -> Result<Self, String> {
        let mut words = Self { repeat: 1, ..Self::default() };
        for word in text.split_whitespace() {
            match word {
                "clean" => words.kind = Some(Kind::Clean),
                "fixed" => words.kind = Some(Kind::Fixed),
                "record" => words.record = true,
                "escaped" => words.escaped = true,
                "no-newline" => words.no_newline = true,
                _ => match word.split_once('=') {
                    Some(("repeat", count)) => {
                        words.repeat = count.parse().map_err(|_| format!("`{word}` needs a number"))?;
                    }
                    Some(("file", name)) => words.file = Some(name.to_owned()),
                    _ => return Err(format!("`{word}` is no word of a block")),
                },
            }
        }
        Ok(words)
    }
}

/// The escape at the start of `text`: how long it is, and the bytes it stands for. JSON's own escapes
/// are none, but for `\r`.
fn unit(text: &str) -> Option<(usize, Vec<u8>)> {
    if text.starts_with("\\r") {
        return Some((2, vec![b'\r']));
    }
    let (byte, hex) = match text.strip_prefix("\\x{") {
        Some(hex) => (true, hex),
        None => (false, text.strip_prefix("\\u{")?),
    };
    let (hex, _) = hex.split_once('}')?;
    let number = u32::from_str_radix(hex, 16).ok()?;
    let bytes = if byte { vec![u8::try_from(number).ok()?] } else { char::from_u32(number)?.to_string().into_bytes() };
    Some((hex.len() + 4, bytes))
}

/// Whether a line of a block is a line of marks.
fn is_marks(text: &str) -> bool {
    text.trim_start_matches(' ').starts_with('^')
}

/// The marks of a line, which stand under `row`.
fn marks(line: usize, text: &str, row: &Row, words: &Words) -> Result<Vec<Mark>, String> {
    let wrong = "marks are spaces, carets and `[code]`, then what the message has to contain";
    let (carets, rest) = text.split_once('[').ok_or(wrong)?;
    let (code, message) = rest.split_once(']').ok_or(wrong)?;
    if !carets.bytes().all(|byte| matches!(byte, b' ' | b'^')) {
        return Err(wrong.to_owned());
    }
    let end_of_line = row.bytes.len() - 1;
    let mut marks = Vec::new();
    let mut at = 0;
    for run in carets.split(' ') {
        let (start, end) = (at, at + run.len());
        at = end + 1;
        if run.is_empty() {
            continue;
        }
        if start > end_of_line {
            return Err(format!("the carets at column {} stand behind the end of their line", start + 1));
        }
        let byte_at = |column: usize| row.bytes[column.min(end_of_line)];
        marks.push(Mark {
            line,
            bytes: byte_at(start)..byte_at(end),
            open: words.record && end == end_of_line,
            code: code.to_owned(),
            message: message.trim().to_owned(),
        });
    }
    Ok(marks)
}
