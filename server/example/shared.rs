//! A value that all examples of a dataset share.

use crate::schema::{Choice, Choices};
use serde::{Deserialize, Serialize};

/// The number of values that a shared field has, not counting the unset one.
pub const MAX_SHARED_VALUES: usize = 3;

/// A field that must have the same value in all examples of a dataset.
#[derive(Debug)]
pub struct SharedField {
    /// Its name.
    pub name: &'static str,
    /// Its name with its parent's, for a sentence.
    pub path: &'static str,
    /// The member of the top level that contains it.
    pub parent: &'static str,
    /// Its values, the lowest first, and the unset one.
    pub choices: &'static Choices,
    /// The prefix of all names, which people leave out.
    pub prefix: &'static str,
    /// What a summary says of a file whose examples have different values.
    pub mixed: &'static str,
    /// The documentation of the setting that fixes the value, begun in lower case.
    pub setting: &'static str,
    /// The documentation of each value of that setting, the unset one first.
    pub summaries: &'static [(&'static str, &'static str)],
    /// How each value affects the training time, in a few words, the lowest first.
    pub training: [&'static str; MAX_SHARED_VALUES],
    /// The values to suggest if no example sets any.
    pub advised: &'static [SharedValue],
    /// The end of a sentence about a file where no example sets a value.
    pub advice: &'static str,
}

impl PartialEq for SharedField {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for SharedField {}

/// A value of a [`SharedField`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SharedValue(u8);

impl SharedValue {
    /// The value that means the same as an absent one.
    pub const UNSET: SharedValue = SharedValue(0);

    /// All other values, the lowest first.
    pub const ALL: [SharedValue; MAX_SHARED_VALUES] = [SharedValue(1), SharedValue(2), SharedValue(3)];

    /// 0 for the unset value; the others count from 1, the lowest first.
    #[must_use]
    pub fn number(self) -> usize {
        usize::from(self.0)
    }

    /// Whether it is another value than [`Self::UNSET`].
    #[must_use]
    pub fn is_set(self) -> bool {
        self != Self::UNSET
    }
}

impl SharedField {
    /// The names of all values in the order of their [numbers](SharedValue::number).
    fn names(&self) -> impl Iterator<Item = &'static str> {
        let of = |is_unset| self.choices.values.iter().filter(move |choice: &&Choice| choice.is_unset == is_unset);
        of(true).chain(of(false)).map(|choice| choice.name)
    }

    /// The value with exactly this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<SharedValue> {
        (0..).zip(self.names()).find(|(_, known)| *known == name).map(|(number, _)| SharedValue(number))
    }

    /// The value with this number on the wire.
    #[must_use]
    pub fn numbered(&self, text: &str) -> Option<SharedValue> {
        let choice = self.choices.numbered(text)?;
        self.named(choice.name).filter(|_| choice.number.is_some_and(|number| number.to_string() == text))
    }

    /// The value that a setting means: its name or its label, in any case.
    #[must_use]
    pub fn from_setting(&self, name: &str) -> Option<SharedValue> {
        let meant = |value: &SharedValue| {
            name.eq_ignore_ascii_case(self.name(*value)) || name.eq_ignore_ascii_case(self.label(*value))
        };
        SharedValue::ALL.into_iter().find(meant)
    }

    /// The value's name in JSON.
    #[must_use]
    pub fn name(&self, value: SharedValue) -> &'static str {
        self.names().nth(value.number()).unwrap_or_default()
    }

    /// The value's name as people say it: `LOW`.
    #[must_use]
    pub fn label(&self, value: SharedValue) -> &'static str {
        let name = self.name(value);
        name.strip_prefix(self.prefix).unwrap_or(name)
    }
}
