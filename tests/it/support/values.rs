//! The string values of a file, and what fixes may do to them.

use std::collections::HashMap;
use tuning_ls::analysis::Source;
use tuning_ls::disk::{FileText, check};
use tuning_ls::formats::gemini::GEMINI;
use tuning_ls::json::{Fault, Kind, Parser, Record, SyntaxError};
use tuning_ls::settings::Settings;

/// A string, number or boolean, with the key that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Leaf {
    /// The nearest key above it.
    pub key: String,
    /// The decoded text, or the text of a number or literal.
    pub text: String,
    pub is_string: bool,
}

/// What a file holds, as the tolerant parser reads it.
#[derive(Debug, Default)]
pub struct Holding {
    /// The values of records whose structure is certain. After other syntax errors, where a string ends is a guess.
    pub certain: Vec<Leaf>,
    /// The values of all records.
    pub all: Vec<Leaf>,
    /// How many records are examples in valid JSON, on one line or several.
    pub objects: usize,
}

impl Holding {
    pub fn of(text: &str) -> Self {
        let source = FileText::new(text.as_bytes().to_vec());
        let (lines, verdict) = check::analyze(&source, &Settings::default());
        let mut holding = Self::default();
        if verdict.array.is_some() {
            holding.add(text);
            return holding;
        }
        let mut buffer = String::new();
        for record in lines.records() {
            let text = source.record(record, &mut buffer).text.trim_start_matches('\u{FEFF}');
            // A broken line may be taken together with those after it.
            let of_lines = || text.lines().filter(|line| is_example(line)).count();
            holding.objects += if is_example(text) { 1 } else { of_lines() };
            holding.add(text);
        }
        holding
    }

    /// Adds the values of a line, which may have several records.
    fn add(&mut self, text: &str) {
        let text = text.trim_start_matches('\u{FEFF}');
        // A cell of a CSV file has the values of its content.
        if let Some(inner) = text.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))
            && inner.trim_start().starts_with('{')
            && inner.contains("\"\"")
            && !inner.replace("\"\"", "").contains('"')
        {
            return self.add(&inner.replace("\"\"", "\""));
        }
        let mut parser = Parser::default();
        parser.parse(text);
        let second = parser.errors().iter().find(|error| error.fault == Fault::SeveralValues).map(|it| it.span.start());
        let is_guess = |it: &SyntaxError| match it.fault {
            Fault::SeveralValues => false,
            Fault::QuoteStyle => it.repair.as_ref().is_none_or(|repair| !repair.safe),
            fault => fault.hides_structure(),
        };
        let hidden = parser.errors().iter().any(is_guess);
        let record = parser.record(text);
        if let Some(root) = record.root() {
            let mut found = Vec::new();
            add_leaves(record, root, "", &mut found);
            // A string alone on a line is a piece of a broken record.
            if !hidden && matches!(record.kind(root), Kind::Object | Kind::Array) {
                self.certain.extend(found.iter().cloned());
            }
            // Full-width punctuation used as JSON's hides everything.
            let half = text.replace('：', ":").replace('，', ",");
            parser.parse(&half);
            if hidden && parser.fault_count() == 0 {
                found.clear();
                add_leaves(parser.record(&half), 0, "", &mut found);
            }
            self.all.append(&mut found);
        }
        if let Some(second) = second.filter(|second| *second > 0) {
            self.add(&text[second..]);
        }
    }
}

/// Whether a record is an example in valid JSON. Other objects may be pieces of a broken record.
fn is_example(text: &str) -> bool {
    let object: Result<serde_json::Map<String, serde_json::Value>, _> = serde_json::from_str(text);
    object
        .is_ok_and(|object| ["contents", "messages", "input"].iter().any(|key| object.get(*key).is_some_and(is_nested)))
}

fn is_nested(value: &serde_json::Value) -> bool {
    value.is_array() || value.is_object()
}

/// Adds the values in a value. JSON in a string counts as what it holds, because some fields take it either way.
fn add_leaves(record: Record<'_>, node: u32, above: &str, found: &mut Vec<Leaf>) {
    let own = record.key(node);
    let key = if own.is_empty() { above } else { &own };
    // Python's escapes are other spellings.
    let plain = |text: &str| text.replace("\\'", "'").replace("\\x41", "A").replace("\\\t", "\t");
    let leaf = |text: &str, is_string| Leaf { key: key.to_owned(), text: plain(text), is_string };
    match record.kind(node) {
        Kind::Object | Kind::Array => record.children(node).for_each(|child| add_leaves(record, child, key, found)),
        Kind::String => {
            let mut text = record.string(node).unwrap_or_default();
            // A line break that is not escaped stands for `\n`, whichever ends the lines of the file. In such a string, an
            // escaped `\r` counts as one, too.
            if record.raw(record.span(node)).contains('\r') {
                text = text.replace("\r\n", "\n").replace('\r', "\n").into();
            }
            let mut parser = Parser::default();
            if text.trim_start().starts_with(['{', '[']) {
                parser.parse(&text);
                if parser.fault_count() == 0 {
                    return add_leaves(parser.record(&text), 0, key, found);
                }
            }
            found.push(leaf(&text, true));
        }
        Kind::Null | Kind::Missing => {}
        Kind::Word => match record.raw(record.span(node)) {
            word @ ("True" | "TRUE" | "False" | "FALSE") => found.push(leaf(&word.to_lowercase(), false)),
            "None" | "NULL" | "Null" => {}
            word => found.push(leaf(word, false)),
        },
        Kind::Number | Kind::True | Kind::False | Kind::TooDeep => {
            found.push(leaf(record.raw(record.span(node)), false));
        }
    }
}

/// The strings that are only in `before`, or more often than in `after`, and the values that are only in `after`. Both count
/// by text alone: a value may move to another field, and a number may get quotes.
pub fn difference(before: &[Leaf], after: &[Leaf]) -> (Vec<Leaf>, Vec<Leaf>) {
    let count = |leaves: &[Leaf]| {
        let mut counts: HashMap<String, isize> = HashMap::new();
        leaves.iter().for_each(|leaf| *counts.entry(leaf.text.clone()).or_default() += 1);
        counts
    };
    let only = |own: &[Leaf], other: &[Leaf]| -> Vec<Leaf> {
        let mut counts = count(other);
        let is_more = |leaf: &&Leaf| {
            let left = counts.entry(leaf.text.clone()).or_default();
            *left -= 1;
            *left < 0
        };
        own.iter().filter(is_more).cloned().collect()
    };
    let mut lost = only(before, after);
    let mut gained = only(after, before);
    // Under the same key first: a name under another one may look like another spelling, too.
    for same_key in [true, false] {
        lost.retain(|old| {
            let is_it = |new: &Leaf| (!same_key || new.key == old.key) && is_respelled(&old.text, &new.text);
            let place = gained.iter().position(is_it);
            place.map(|place| gained.remove(place)).is_none()
        });
    }
    lost.retain(|old| old.is_string && !old.text.trim().is_empty());
    (lost, gained)
}

/// Whether a fix may write `new` for `old`: it is the same name, type, location or time in the spelling of its format.
/// Other texts are never changed.
pub fn is_respelled(old: &str, new: &str) -> bool {
    let bare = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    // Half of a surrogate pair stands for no letter.
    if new.contains('\u{FFFD}') && old.contains("\\ud") {
        return true;
    }
    let (plain_old, plain_new) = (bare(old), bare(new));
    let is_name = |text: &str| text.trim().len() <= 64 && !text.trim().contains(' ') && !text.contains('\n');
    if is_name(new) && !plain_new.is_empty() && plain_old == plain_new {
        return true;
    }
    // The type of a declared value, for any one word in its place.
    if is_name(old) && matches!(new, "OBJECT" | "ARRAY") {
        return true;
    }
    // Letter case, separators and outer space of a name, or a typo in it.
    if is_name(old)
        && is_name(new)
        && (plain_old == plain_new || strsim::osa_distance(&plain_old, &plain_new) <= 2.max(plain_new.len() / 4))
    {
        return true;
    }
    // `LOW` for `MEDIA_RESOLUTION_LOW`.
    let is_constant =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    if is_constant(new) && old.len() == 1 && old.parse::<u8>().is_ok() {
        return true;
    }
    if is_constant(new) && !plain_old.is_empty() && (plain_new.ends_with(&plain_old) || plain_old.ends_with(&plain_new))
    {
        return true;
    }
    const ROLES: &[&[&str]] = &[
        &["user", "human"],
        &["model", "assistant", "gpt", "bot", "ai", "chatbot"],
        &["tool", "function"],
        &["system", "developer"],
    ];
    let is_one = |words: &&&[&str]| words.contains(&&*plain_new);
    let mut synonyms = ROLES.iter().filter(is_one).flat_map(|words| words.iter());
    if synonyms.any(|word| strsim::osa_distance(&plain_old, word) <= 1) {
        return true;
    }
    // A media type, for any one word in its place.
    if is_name(old.trim()) && GEMINI.words.media_types.contains(&new) {
        return true;
    }
    // An offset: the same digits with `s`, or a time on the clock.
    let number = |text: &str| text.trim().trim_end_matches('s').trim().parse::<f64>().ok();
    if new.ends_with('s') && number(new).is_some() && (old.contains(|it: char| it.is_ascii_digit()) && old.len() < 16) {
        return true;
    }
    // A location: the same object.
    let object = |text: &str| {
        let last = text.trim().rsplit(['/', '\\']).next().unwrap_or_default().replace("%20", " ");
        bare(last.split(['?', '#']).next().unwrap_or_default())
    };
    (new.contains("://") && !object(new).is_empty() && object(old) == object(new))
        || (new.contains("://") && old.contains("://"))
}
