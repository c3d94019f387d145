//! Words that messages share: the name of an object of the record, and what the service answers to a fault.

use crate::formats::Format;
use crate::json::NodeId;
use crate::rules::Context;
use crate::schema::Shape;
use std::fmt;

/// What a line needs in each of these formats, for a sentence, each with a `hint`.
#[must_use]
pub fn needs_of(formats: &[&Format], hint: impl Fn(&Format) -> &'static str) -> String {
    let needs = |format: &&Format| format!("{} for {}{}", format.needs, format.title, hint(format));
    formats.iter().map(needs).collect::<Vec<_>>().join(", or ")
}

/// What a message calls an object of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectName {
    /// The key whose value it is.
    Key(String),
    /// A noun, for the line itself and for elements of lists, which have no key.
    Noun(String),
}

impl ObjectName {
    /// The name of object `node`.
    #[must_use]
    pub fn of(context: &Context<'_>, node: NodeId) -> Self {
        let record = context.record;
        let Some(parent) = record.parent(node) else { return Self::Noun("line".to_owned()) };
        let shape_of = |node| context.fit.shape(node).map(|pair| pair.shape);
        let key = record.key(node);
        if !key.is_empty() {
            return match shape_of(parent) {
                Some(Shape::Map(_)) => Self::Noun(format!("entry of `{}`", record.key(parent))),
                _ => Self::Key(key.into_owned()),
            };
        }
        // An object of a kind that its tag names, such as a message with its role.
        let tag = match shape_of(parent) {
            Some(Shape::List(Shape::Tagged(tagged))) => {
                let tag = record.member(node, tagged.tag).and_then(|tag| record.string(tag));
                tag.filter(|tag| tagged.cases.iter().any(|(case, _)| *case == &**tag))
            }
            _ => None,
        };
        Self::Noun(match (shape_of(node).and_then(Shape::object), tag) {
            (Some(object), Some(tag)) => format!("`{tag}` {}", object.noun),
            (Some(object), None) if object.noun != "object" => object.noun.to_owned(),
            _ => format!("element of `{}`", record.key(parent)),
        })
    }

    /// The name after `this`: `` `settings` `` or `this part`.
    #[must_use]
    pub fn this(&self) -> String {
        match self {
            Self::Key(key) => format!("`{key}`"),
            Self::Noun(noun) => format!("this {noun}"),
        }
    }

    /// The name after `one`: `` `settings` `` or `one part`.
    #[must_use]
    pub fn one(&self) -> String {
        match self {
            Self::Key(key) => format!("`{key}`"),
            Self::Noun(noun) => format!("one {noun}"),
        }
    }

    /// What a field of it is: `` a field of `settings` ``, or `a known top-level field` for the line.
    #[must_use]
    pub fn field(&self) -> String {
        match self {
            Self::Noun(noun) if noun == "line" => "a known top-level field".to_owned(),
            name => format!("a field of {name}"),
        }
    }
}

impl fmt::Display for ObjectName {
    /// The name with its article: `` `settings` `` or `a part`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(formatter, "`{key}`"),
            Self::Noun(noun) => write!(formatter, "{} {noun}", article(noun)),
        }
    }
}

/// `a` or `an`, by the first letter of a word, which may be quoted.
#[must_use]
pub fn article(word: &str) -> &'static str {
    let vowels = ['A', 'E', 'I', 'O', 'a', 'e', 'i', 'o'];
    if word.trim_start_matches('`').starts_with(vowels) { "an" } else { "a" }
}

/// What the service answers to a fault, as a sentence; `None` for services other than the format's default one, whose
/// answers are not known. `clause` begins with "the service".
#[must_use]
pub fn answer(context: &Context<'_>, clause: &str) -> Option<String> {
    let is_known = !clause.is_empty() && context.service == context.format.default_service();
    is_known.then(|| clause.replacen("the service", context.service.title, 1))
}

/// The names that were expected, as the end of a message: a clause, or a sentence of its own if they are long.
#[must_use]
pub fn expected(names: &[&str]) -> String {
    const MAX_CLAUSE_LEN: usize = 50;
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let list = match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    };
    if list.len() > MAX_CLAUSE_LEN { format!(". Expected {list}") } else { format!("; expected {list}") }
}

/// Names in a sentence: `a, b and c`.
#[must_use]
pub fn listed(names: &[String]) -> String {
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// A count with its noun, which is in the plural unless the count is 1.
#[must_use]
pub fn count_of(count: impl fmt::Display, noun: &str) -> String {
    let count = count.to_string();
    let plural = if count == "1" { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// A verb after a format's title, such as "uses": in the plural after "models".
#[must_use]
pub fn verb_after(title: &str, verb: &str) -> String {
    if title.ends_with('s') { verb.to_owned() } else { format!("{verb}s") }
}

/// The size of a file such as `12.5 MB`, rounded up so that it never looks smaller than it is.
#[must_use]
pub fn size(bytes: u64) -> String {
    let (unit, name) = if bytes < 1 << 20 { (1 << 10, "KB") } else { (1 << 20, "MB") };
    let tenths = (u128::from(bytes) * 10).div_ceil(unit);
    let decimal = if tenths.is_multiple_of(10) { String::new() } else { format!(".{}", tenths % 10) };
    format!("{}{decimal} {name}", tenths / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_fits_its_word() {
        let named = |noun: &str| ObjectName::Noun(noun.to_owned()).to_string();
        assert_eq!(named("`agent` message"), "an `agent` message");
        assert_eq!(named("`user` message"), "a `user` message");
        assert_eq!(named("element of `tools`"), "an element of `tools`");
        assert_eq!(article("Alpaca"), "an");
    }

    #[test]
    fn a_count_has_its_noun() {
        assert_eq!((count_of(1, "file"), count_of("1,000", "file")), ("1 file".to_owned(), "1,000 files".to_owned()));
    }

    #[test]
    fn expected_names_are_a_clause_or_a_sentence() {
        assert_eq!(expected(&["a"]), "; expected `a`");
        assert_eq!(expected(&["a", "b", "c"]), "; expected `a`, `b` or `c`");
        let long = "n".repeat(30);
        assert_eq!(expected(&[&long, &long]), format!(". Expected `{long}` or `{long}`"));
    }
}
