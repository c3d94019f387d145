//! Names of Cloud Storage buckets.

use std::net::Ipv4Addr;

/// What is wrong with a bucket's name.
///
/// Rules: "About Cloud Storage buckets" and gsutil's help on naming (2026). Names that Google
/// keeps for itself are no fault: its own public buckets have such names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BucketFault {
    /// Fewer than 3 characters.
    TooShort,
    /// More than 63 characters, or 222 with dots.
    TooLong,
    /// More than 63 characters between two dots.
    LongPart,
    /// An upper-case letter.
    UpperCase,
    /// A character other than lower-case letters, digits, `-`, `_` and `.`.
    Character(char),
    /// The first or last character is neither letter nor digit.
    Ends,
    /// `..`, `-.` or `.-`.
    Dots,
    /// It reads as an IP address.
    Address,
}

impl BucketFault {
    /// The fault of a bucket's name, if it has one.
    pub(super) fn of(name: &str) -> Option<Self> {
        let legal = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '-' | '_' | '.');
        let most = if name.contains('.') { 222 } else { 63 };
        if let Some(letter) = name.chars().find(|letter| !legal(*letter)) {
            return Some(if letter.is_ascii_uppercase() { Self::UpperCase } else { Self::Character(letter) });
        }
        if name.len() < 3 {
            return Some(Self::TooShort);
        }
        if name.len() > most {
            return Some(Self::TooLong);
        }
        if name.split('.').any(|part| part.len() > 63) {
            return Some(Self::LongPart);
        }
        if !name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
            || !name.ends_with(|letter: char| letter.is_ascii_alphanumeric())
        {
            return Some(Self::Ends);
        }
        if ["..", "-.", ".-"].into_iter().any(|pair| name.contains(pair)) {
            return Some(Self::Dots);
        }
        name.parse::<Ipv4Addr>().is_ok().then_some(Self::Address)
    }

    /// The complaint, to be read after "is no location of a file: ".
    #[must_use]
    pub fn message(self) -> String {
        match self {
            BucketFault::TooShort => "the bucket's name has fewer than 3 characters".to_owned(),
            BucketFault::TooLong => "the bucket's name is longer than 63 characters (222 with dots)".to_owned(),
            BucketFault::LongPart => "a part of the bucket's name is longer than 63 characters".to_owned(),
            BucketFault::UpperCase => "the bucket's name has an upper-case letter".to_owned(),
            BucketFault::Character(letter) => {
                let letter = letter.escape_debug();
                format!("the bucket's name has `{letter}`; it may have lower-case letters, digits, `-`, `_` and `.`")
            }
            BucketFault::Ends => "the bucket's name does not begin and end with a letter or digit".to_owned(),
            BucketFault::Dots => "the bucket's name has `..`, `-.` or `.-`".to_owned(),
            BucketFault::Address => "the bucket's name is an IP address".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::BucketFault;

    #[test]
    fn legal_names_have_no_fault() {
        let long = "a".repeat(63);
        for name in ["abc", "my-bucket_1", "videos.example.com", "cloud-samples-data", "google-data", "1.2.3", &long] {
            assert_eq!(BucketFault::of(name), None, "{name}");
        }
    }

    #[test]
    fn each_fault_is_named() {
        let (long, longer) = ("a".repeat(64), format!("{}.b", "a".repeat(64)));
        for (name, fault) in [
            ("ab", BucketFault::TooShort),
            (long.as_str(), BucketFault::TooLong),
            (longer.as_str(), BucketFault::LongPart),
            ("MyBucket", BucketFault::UpperCase),
            ("my bucket", BucketFault::Character(' ')),
            ("b\u{fc}cket", BucketFault::Character('\u{fc}')),
            ("-abc", BucketFault::Ends),
            ("abc_", BucketFault::Ends),
            ("a..b", BucketFault::Dots),
            ("a-.b", BucketFault::Dots),
            ("10.0.0.1", BucketFault::Address),
        ] {
            assert_eq!(BucketFault::of(name), Some(fault), "{name}");
        }
    }
}
