//! Each property of `tests/fuzz` for the inputs that once broke it, and for a bounded number of others.
//!
//! `PROPERTIES` in the environment sets another number, and `PROPERTIES_FROM` the first seed.

use crate::support::broken::Choices;
use crate::support::properties::Property;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// An input with at most four changes: bytes that are removed, repeated, replaced or taken from another input.
fn changed(seeds: &[Vec<u8>], choices: &mut Choices) -> Vec<u8> {
    let mut bytes = seeds[choices.below(seeds.len())].clone();
    for _ in 0..choices.below(5) {
        let at = choices.below(bytes.len() + 1);
        let end = (at + choices.below(12)).min(bytes.len());
        match choices.below(4) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            2 => {
                let byte = [0, 0xFF, b'"', b'{', b'\n', b'\\', u8::try_from(choices.below(256)).unwrap()];
                bytes.splice(at..(at + 1).min(end), [choices.of(&byte)]);
            }
            _ => {
                let other = &seeds[choices.below(seeds.len())];
                let from = choices.below(other.len() + 1);
                let to = (from + choices.below(60)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
        }
    }
    bytes
}

/// Checks a property for all inputs that once broke it, and for `count` others.
fn holds(name: &str, count: u64) {
    let property = Property::named(name);
    let number = |name: &str| std::env::var(name).ok().and_then(|count| count.parse::<u64>().ok());
    let (count, from) = (number("PROPERTIES").unwrap_or(count), number("PROPERTIES_FROM").unwrap_or(0));
    let try_out = |bytes: &[u8], which: String| {
        let result = catch_unwind(AssertUnwindSafe(|| (property.check)(bytes)));
        assert!(result.is_ok(), "{name} does not hold for {which}: {:?}", String::from_utf8_lossy(bytes));
    };
    for (place, found) in property.found().iter().enumerate() {
        try_out(found, format!("found input {place}"));
    }
    let seeds = property.seeds();
    for number in from..from + count {
        let mut choices = Choices::new(number * 1_000_003);
        try_out(&changed(&seeds, &mut choices), format!("seed {number}"));
    }
}

#[test]
fn any_bytes_give_a_sound_tree_and_the_same_findings_everywhere() {
    holds("parsing", 1_000);
}

#[test]
fn any_edits_give_what_their_final_text_gives() {
    holds("editing", 300);
}

#[test]
fn any_text_is_rewritten_without_a_loss() {
    holds("rewriting", 40);
}

#[test]
fn any_settings_are_read_and_written() {
    holds("settings", 1_000);
}

#[test]
fn any_file_is_printed_for_programs_and_people() {
    holds("outputs", 50);
}

#[test]
fn any_messages_are_answered_or_skipped() {
    holds("messages", 100);
}

#[test]
fn any_media_file_is_read_or_refused() {
    holds("media", 1_000);
}
