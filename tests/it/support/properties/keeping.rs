//! Fixes never lose or invent what a person wrote: what `check --fix` and `check --fix --unsafe-fixes` write keeps every
//! string value.

use crate::support::values::{Holding, Leaf, difference, is_respelled};
use std::collections::BTreeSet;
use tuning_ls::disk::{FileText, edited, repair};
use tuning_ls::json::lexer;
use tuning_ls::rules::{Change, Fix, Operation};
use tuning_ls::settings::Settings;

/// Fields whose value changes training, or what a model is shown of a recording.
const TRAINING: &[&str] = &[
    "mediaResolution",
    "level",
    "weight",
    "temperature",
    "topP",
    "topK",
    "top_p",
    "score",
    "seed",
    "maxOutputTokens",
    "candidateCount",
    "presencePenalty",
    "frequencyPenalty",
    "thinkingBudget",
    "fps",
    "startOffset",
    "endOffset",
    "role",
    "preferred_output",
    "detail",
    "parallel_tool_calls",
    "threshold",
    "mode",
];

/// The text after the fixes that `check --fix` applies, or `check --fix --unsafe-fixes`, and what the fixes say.
fn repaired(text: &str, suggested: bool) -> (String, Said) {
    let source = FileText::new(text.as_bytes().to_vec());
    let (settings, mut said) = (Settings::default(), Said::default());
    let changes = repair::repair_and_tell(&source, &settings, suggested, &mut |fix, record| said.add(fix, record));
    let mut out = Vec::new();
    edited::write(&source, &changes.unwrap(), &mut out).unwrap();
    (String::from_utf8(out).unwrap(), said)
}

/// What suggested fixes say in their titles.
#[derive(Default)]
struct Said {
    /// What they remove.
    removed: Vec<String>,
    removes_copies: bool,
    sets_roles: bool,
}

impl Said {
    fn add(&mut self, fix: &Fix, record: &str) {
        self.sets_roles |= fix.title.starts_with("Set the role");
        // What is empty has no text.
        let removes =
            fix.title.starts_with("Remove") && !fix.title.contains("empty") || fix.title.contains(" and remove");
        match &fix.change {
            Change::Edits(edits) if removes => {
                self.removed.extend(edits.iter().filter_map(|edit| record.get(edit.span.range()).map(str::to_owned)));
            }
            Change::Operation(Operation::DeleteCopies) => self.removes_copies = true,
            // An example that was taken out is a person's to delete.
            Change::Operation(Operation::DeleteLine) if !lexer::holds_object(record) => {
                self.removed.push(record.to_owned());
            }
            _ => {}
        }
    }
}

/// The words of a line's texts, which must be kept even where broken grammar hides its strings.
pub fn words(line: &str) -> BTreeSet<String> {
    let found = Holding::of(line).all;
    let texts = found.iter().filter(|leaf| leaf.is_string && leaf.text.contains(' '));
    let words = texts.flat_map(|leaf| leaf.text.split(|letter: char| !letter.is_alphanumeric()));
    // Words that are also keys or names change their number for other reasons.
    const NAMES: &[&str] = &["None", "True", "False", "role", "text", "image", "user", "model", "video", "name"];
    words.filter(|word| word.len() > 3 && !NAMES.contains(word)).map(str::to_owned).collect()
}

/// How often a value is in a text, in JSON's spelling or as it is.
fn times(text: &str, value: &str) -> usize {
    let quoted = serde_json::to_string(value).unwrap_or_default();
    let quoted = &quoted[1..quoted.len() - 1];
    let escaped = quoted.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    [quoted, &escaped, value].map(|value| text.matches(value).count()).into_iter().max().unwrap_or_default()
}

/// How often a value is in a text, but not as a piece of a longer word.
fn times_alone(text: &str, value: &str) -> usize {
    let quoted = serde_json::to_string(value).unwrap_or_default();
    let is_end = |letter: Option<char>| !letter.is_some_and(char::is_alphanumeric);
    let count = |value: &str| {
        let places = text.match_indices(value).map(|(at, _)| (&text[..at], &text[at + value.len()..]));
        places.filter(|(before, after)| is_end(before.chars().next_back()) && is_end(after.chars().next())).count()
    };
    count(&quoted[1..quoted.len() - 1]).max(count(value))
}

/// What is wrong with the fixes of a file; `words` must be kept.
pub fn problem(text: &str, words: &BTreeSet<String>) -> Option<String> {
    let before = Holding::of(text);
    // Where broken grammar hides where strings end, a value counts as kept if it is in the text.
    let is_certain = before.certain.len() == before.all.len();
    let mut source = text.to_owned();
    for suggested in [false, true] {
        let (after, said) = repaired(&source, suggested);
        let name = if suggested { "--unsafe-fixes" } else { "--fix" };
        let tell = |what: String| Some(format!("{name}: {what}\n  before: {text:?}\n  after:  {after:?}"));
        if after == source {
            continue;
        }
        let again = repaired(&after, suggested).0;
        if again != after {
            return tell(format!("a second run changes it again to {again:?}"));
        }
        let found = Holding::of(&after);
        let is_there = |value: &str| !is_certain && times(&after, value) >= times(text, value);
        let is_removed = |value: &str| said.removed.iter().any(|removed| times(removed, value) > 0);
        let has_copy = |value: &str| {
            said.removes_copies
                && (times(&after, value) > 0
                    || found.all.iter().any(|leaf| leaf.text.contains(value) || is_respelled(value, &leaf.text)))
        };
        let is_excused = |value: &str| is_there(value) || is_removed(value) || has_copy(value);
        let (lost, _) = difference(&before.certain, &found.all);
        if let Some(leaf) = lost.iter().find(|leaf| !is_excused(&leaf.text)) {
            return tell(format!("loses {leaf:?}"));
        }
        let is_less = |word: &&String| after.matches(word.as_str()).count() < text.matches(word.as_str()).count();
        if let Some(word) = words.iter().filter(is_less).find(|word| !is_removed(word) && !has_copy(word)) {
            return tell(format!("loses the word `{word}`"));
        }
        // In an array, lines are no records.
        let is_array = text.trim_start_matches('\u{FEFF}').trim_start().starts_with('[');
        if !said.removes_copies && !is_array && found.objects < before.objects {
            return tell("a line no longer parses".to_owned());
        }
        let pieces: BTreeSet<&str> = text.split(['"', '\'', '“', '”']).collect();
        // Python's escapes are other spellings.
        let plain = |old: &str| old.replace("\\\\x41", "A").replace("\\x41", "A").trim_end_matches('\\').to_owned();
        // A number that stands for a name.
        let was_number = |new: &Leaf| (0..10).any(|number| text.contains(&format!("{}\":{number}", new.key)));
        let was_respelled = |new: &str| {
            pieces.iter().any(|old| is_respelled(&plain(old), new) && times(&after, old) < times(text, old))
        };
        let is_new =
            |new: &Leaf| times_alone(&after, &new.text) > times_alone(text, &new.text) && !was_respelled(&new.text);
        let by_position = |new: &Leaf| new.key == "role" && said.sets_roles;
        // Where broken grammar hid a string, it is no new value.
        // The names of the answers say which one is better.
        let is_score = |new: &Leaf| new.key == "score" && text.contains("chosen") && text.contains("rejected");
        let was_there = |new: &Leaf| before.all.contains(new) || new.text.contains(['"', '\'', '{']);
        let is_set = |new: &&Leaf| {
            TRAINING.contains(&new.key.as_str())
                && is_new(new)
                && !by_position(new)
                && !was_there(new)
                && !is_score(new)
                && !was_number(new)
        };
        let (_, gained) = difference(&before.all, &found.certain);
        if let Some(leaf) = gained.iter().find(is_set) {
            return tell(format!("sets {leaf:?}"));
        }
        source = after;
    }
    None
}
