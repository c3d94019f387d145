//! Files, and parts of files, that are generated. A test compares them with what they should be; with `UPDATE_TABLES`
//! in the environment it writes them instead.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Several tests write parts of one file, at the same time.
static WRITING: Mutex<()> = Mutex::new(());

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the package, given by its path from the root.
#[track_caller]
pub fn read(file: &str) -> String {
    let text = std::fs::read_to_string(root().join(file));
    text.unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Checks the part of `file` between the markers `<!-- name:begin -->` and `<!-- name:end -->`.
#[track_caller]
pub fn section(file: &str, name: &str, text: &str) {
    let (begin, end) = (format!("<!-- {name}:begin -->\n"), format!("<!-- {name}:end -->"));
    between(file, &begin, &end, &format!("\n{}\n\n", text.trim()));
}

/// Checks the part of `file` between `begin` and `end`.
#[track_caller]
pub fn between(file: &str, begin: &str, end: &str, wanted: &str) {
    rewritten(file, |text| {
        let parts = text.split_once(begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?)));
        let Some((before, (_, after))) = parts else { panic!("{file} has no place for generated text: {begin}{end}") };
        format!("{before}{begin}{wanted}{end}{after}")
    });
}

/// Checks all of `file`.
#[track_caller]
pub fn whole(file: &str, wanted: &str) {
    rewritten(file, |_| wanted.to_owned());
}

/// Checks that `rewrite` changes nothing in `file`.
#[track_caller]
pub fn rewritten(file: &str, rewrite: impl FnOnce(&str) -> String) {
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let text = std::fs::read_to_string(root().join(file)).unwrap_or_default();
    let wanted = rewrite(&text);
    if std::env::var_os("UPDATE_TABLES").is_some() {
        let written = std::fs::write(root().join(file), wanted);
        assert!(written.is_ok(), "{file} cannot be written: {written:?}");
        return;
    }
    let different = text.lines().zip(wanted.lines()).find(|(is, wanted)| is != wanted);
    let different = different.map_or_else(String::new, |(is, wanted)| format!("\n  is:     {is}\n  wanted: {wanted}"));
    assert!(
        text == wanted,
        "{file} is out of date; `UPDATE_TABLES=1 cargo test --test it tidy` writes its generated parts{different}"
    );
}
