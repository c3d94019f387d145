//! The instructions or prompts of a file's records, counted. In most files, nearly all records have the same text.

use std::sync::Arc;

/// The most different texts that are told apart. A file with more has no usual text.
const MAX_TEXTS: usize = 64;

/// Instead of the number of a text: one that isn't told apart, and none at all.
const OTHER: u8 = u8::MAX - 1;
const NONE: u8 = u8::MAX;

/// The texts of records by their ids, at one byte for each record.
#[derive(Debug, Default)]
pub struct FixedTexts {
    /// The number of each record's text.
    numbers: Vec<u8>,
    /// Each text, by its number, and how many records have it.
    texts: Vec<(Arc<str>, u32)>,
    /// How many records have a text that isn't told apart.
    others: u32,
}

impl FixedTexts {
    /// Sets the text of a record that has none. O(texts).
    pub fn add(&mut self, record: u32, text: Option<&Arc<str>>) {
        let number = text.map_or(NONE, |text| self.count(text));
        let place = record as usize;
        if number != NONE && self.numbers.len() <= place {
            self.numbers.resize(place + 1, NONE);
        }
        if let Some(own) = self.numbers.get_mut(place) {
            *own = number;
        }
    }

    fn count(&mut self, text: &Arc<str>) -> u8 {
        let known = self.texts.iter().position(|(known, count)| *count > 0 && known == text);
        let free = || self.texts.iter().position(|(_, count)| *count == 0);
        let place = known.or_else(free).unwrap_or(self.texts.len());
        match self.texts.get_mut(place) {
            Some((_, count)) if known.is_some() => *count += 1,
            Some(free) => *free = (Arc::clone(text), 1),
            None if place < MAX_TEXTS => self.texts.push((Arc::clone(text), 1)),
            None => {
                self.others += 1;
                return OTHER;
            }
        }
        u8::try_from(place).unwrap_or(OTHER)
    }

    /// Removes the text of a record.
    pub fn remove(&mut self, record: u32) {
        let Some(own) = self.numbers.get_mut(record as usize) else { return };
        match std::mem::replace(own, NONE) {
            NONE => {}
            OTHER => self.others -= 1,
            number => {
                if let Some((_, count)) = self.texts.get_mut(usize::from(number)) {
                    *count -= 1;
                }
            }
        }
    }

    /// The text of a record, if it is one of those that are told apart.
    pub fn of(&self, record: u32) -> Option<&Arc<str>> {
        let number = *self.numbers.get(record as usize)?;
        self.texts.get(usize::from(number)).map(|(text, _)| text)
    }

    /// Each text and how many records have it; none if there are too many.
    pub fn all(&self) -> impl Iterator<Item = &(Arc<str>, u32)> {
        let known = if self.others == 0 { &*self.texts } else { &[] };
        known.iter().filter(|(_, count)| *count > 0)
    }

    /// The records with this text. O(records).
    pub fn with(&self, text: &str) -> impl Iterator<Item = u32> {
        let number = self.texts.iter().position(|(known, count)| *count > 0 && **known == *text);
        let is_it = move |own: u8| number == Some(usize::from(own));
        (0..).zip(&self.numbers).filter(move |(_, own)| is_it(**own)).map(|(record, _)| record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(texts: &FixedTexts) -> Vec<(&str, u32)> {
        texts.all().map(|(text, count)| (&**text, *count)).collect()
    }

    #[test]
    fn texts_are_counted_until_there_are_too_many() {
        let mut texts = FixedTexts::default();
        let text = |number: u32| Arc::<str>::from(number.to_string());
        texts.add(1, Some(&text(0)));
        texts.add(2, None);
        texts.add(3, Some(&text(0)));
        texts.add(4, Some(&text(1)));
        assert_eq!(all(&texts), [("0", 2), ("1", 1)]);
        assert_eq!((texts.of(1).map(|text| &**text), texts.of(2), texts.of(9)), (Some("0"), None, None));
        assert_eq!(texts.with("0").collect::<Vec<_>>(), [1, 3]);
        texts.remove(4);
        texts.remove(4);
        assert_eq!((all(&texts), texts.with("1").count()), (vec![("0", 2)], 0));
        let most = u32::try_from(MAX_TEXTS).unwrap();
        (1..=most).for_each(|number| texts.add(10 + number, Some(&text(number))));
        assert_eq!((texts.all().count(), texts.of(10 + most)), (0, None), "one is too many");
        texts.remove(10 + most);
        assert_eq!(texts.all().count(), MAX_TEXTS);
        (1..most).for_each(|number| texts.remove(10 + number));
        assert_eq!(all(&texts), [("0", 2)]);
    }
}
