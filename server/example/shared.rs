//! A value that all examples of a dataset have to share.

use crate::schema::Choices;
use serde::{Deserialize, Serialize};

/// How many values of a shared field are told apart, the unset one not counted.
pub const MAX_SHARED_VALUES: usize = 3;

/// A field that must have the same value in all examples of a dataset.
#[derive(Debug)]
pub struct SharedField {
    /// Its name.
    pub name: &'static str,
    /// Its name with the object it stands in, for a sentence.
    pub path: &'static str,
    /// The object it stands in: a member of the top level.
    pub parent: &'static str,
    /// Its values on the wire.
    pub choices: &'static Choices,
    /// The values that count, the lowest first; the place in the list plus one is the [`SharedValue`].
    pub values: [&'static str; MAX_SHARED_VALUES],
    /// The value that says as much as none.
    pub unset: &'static str,
    /// What all names begin with; people leave it out.
    pub prefix: &'static str,
    /// What the setting that fixes the value does, begun in lower case.
    pub setting: &'static str,
    /// What each value means for that setting, the unset one first.
    pub summaries: &'static [(&'static str, &'static str)],
    /// What each value does for the time that training takes, by its place in [`Self::values`]; in a few words.
    pub training: [&'static str; MAX_SHARED_VALUES],
    /// The values to suggest where no example sets any, and what the documentation says of them.
    pub advised: &'static [SharedValue],
    /// The end of a sentence about a file where no example sets it.
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
    /// The value that says as much as none.
    pub const UNSET: SharedValue = SharedValue(0);

    /// All that count, the lowest first.
    pub const ALL: [SharedValue; MAX_SHARED_VALUES] = [SharedValue(1), SharedValue(2), SharedValue(3)];

    /// 0 for the unset one, else its place among [`SharedField::values`] plus one.
    #[must_use]
    pub fn number(self) -> usize {
        usize::from(self.0)
    }

    /// Whether it says something.
    #[must_use]
    pub fn is_set(self) -> bool {
        self != Self::UNSET
    }
}

impl SharedField {
    /// The value of this name, letter for letter.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<SharedValue> {
        if name == self.unset {
            return Some(SharedValue::UNSET);
        }
        SharedValue::ALL.into_iter().zip(self.values).find(|(_, known)| *known == name).map(|(value, _)| value)
    }

    /// The value that this number on the wire stands for.
    #[must_use]
    pub fn numbered(&self, text: &str) -> Option<SharedValue> {
        let number = text.parse::<i64>().ok().filter(|number| number.to_string() == text)?;
        self.choices.values.iter().find(|choice| choice.number == Some(number)).and_then(|it| self.named(it.name))
    }

    /// The value a user means in the settings: its name or its label, in any case.
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
        value.number().checked_sub(1).map_or(self.unset, |place| self.values[place.min(MAX_SHARED_VALUES - 1)])
    }

    /// The value's name as people say it: `LOW`.
    #[must_use]
    pub fn label(&self, value: SharedValue) -> &'static str {
        let name = self.name(value);
        name.strip_prefix(self.prefix).unwrap_or(name)
    }
}
