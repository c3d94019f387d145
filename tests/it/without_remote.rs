//! `tuning-ls media --remote` in a program that was built without the feature `remote`.

use crate::support::program::{run, stderr, stdout};

#[test]
fn a_program_that_can_not_ask_servers_says_how_to_get_one_that_can() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("train.jsonl"), "").unwrap();
    let asked = run(&["media", "train.jsonl", "--remote"], folder.path());
    assert_eq!((asked.status.code(), stdout(&asked).as_str()), (Some(2), ""));
    assert!(stderr(&asked).contains("`cargo install --path . --features remote`"), "{}", stderr(&asked));
}
