//! Names of Cloud Storage buckets.

use std::borrow::Cow;
use std::net::Ipv4Addr;

/// Why a bucket's name is not legal, as a clause; `None` if it is.
///
/// Rules: "About Cloud Storage buckets" and gsutil's help on naming (2026). Names that Google reserves are legal here:
/// its own public buckets have such names.
pub(super) fn fault(name: &str) -> Option<Cow<'static, str>> {
    let is_legal = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '-' | '_' | '.');
    if let Some(letter) = name.chars().find(|letter| !is_legal(*letter)) {
        return Some(if letter.is_ascii_uppercase() {
            "the bucket name contains an upper-case letter".into()
        } else {
            let letter = if letter == ' ' { "a space".to_owned() } else { format!("`{}`", letter.escape_debug()) };
            let allowed = "only lower-case letters, digits, `-`, `_` and `.` are allowed";
            format!("the bucket name contains {letter}; {allowed}").into()
        });
    }
    let is_end = |letter: char| letter.is_ascii_alphanumeric();
    let fault = if name.len() < 3 {
        "the bucket name has fewer than 3 characters"
    } else if name.len() > if name.contains('.') { 222 } else { 63 } {
        "the bucket name is longer than 63 characters (222 with dots)"
    } else if name.split('.').any(|part| part.len() > 63) {
        "a part of the bucket name is longer than 63 characters"
    } else if !name.starts_with(is_end) || !name.ends_with(is_end) {
        "the bucket name does not begin and end with a letter or digit"
    } else if ["..", "-.", ".-"].into_iter().any(|pair| name.contains(pair)) {
        "the bucket name contains `..`, `-.` or `.-`"
    } else if name.parse::<Ipv4Addr>().is_ok() {
        "the bucket name is an IP address"
    } else {
        return None;
    };
    Some(fault.into())
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn legal_names_have_no_fault() {
        let long = "a".repeat(63);
        for name in ["abc", "my-bucket_1", "videos.example.com", "cloud-samples-data", "google-data", "1.2.3", &long] {
            assert_eq!(fault(name), None, "{name}");
        }
    }

    #[test]
    fn each_fault_is_named() {
        let (long, longer) = ("a".repeat(64), format!("{}.b", "a".repeat(64)));
        for (name, expected) in [
            ("ab", "fewer than 3"),
            (long.as_str(), "is longer than 63"),
            (longer.as_str(), "a part of"),
            ("MyBucket", "upper-case"),
            ("my bucket", "a space"),
            ("b\u{fc}cket", "`\u{fc}`"),
            ("-abc", "begin and end"),
            ("abc_", "begin and end"),
            ("a..b", "`..`"),
            ("a-.b", "`-.`"),
            ("10.0.0.1", "IP address"),
        ] {
            assert!(fault(name).is_some_and(|fault| fault.contains(expected)), "{name}");
        }
    }
}
