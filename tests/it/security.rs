//! What `SECURITY.md` promises.

use crate::support::commands::run;
use crate::support::features;
use crate::support::generated::{read, root};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[test]
fn each_promise_names_tests_that_exist() {
    let page = read("SECURITY.md");
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| promise")).collect();
    assert!(rows.len() > 10);
    assert_eq!(features::without_test(rows.into_iter().flat_map(tests)), [""; 0]);
}

/// The names in the last cell of a row.
fn tests(row: &str) -> impl Iterator<Item = &str> {
    let cell = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
    cell.split(", ").map(|name| name.trim_matches('`'))
}

/// The files in a folder and below, with their bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            found.insert(path, bytes);
        }
    }
    found
}

#[test]
fn commands_that_only_read_change_no_file() {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(root().join("fixtures/datasets")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    let before = files(folder.path());
    assert!(before.len() > 5);
    for arguments in [
        &["check", "."][..],
        &["check", "--diff", "--unsafe-fixes", "."],
        &["format", "--check", "."],
        &["normalize", "--check", "."],
        &["stats", "."],
        &["report", "."],
        &["schema"],
    ] {
        run(arguments, folder.path());
        assert!(files(folder.path()) == before, "{arguments:?}");
    }
}
