//! The inputs of the command line: files, folders, patterns, stdin, pipes and compressed files.

use crate::support::commands::{fed, piped, printed, run, said, write};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::tempdir;

const BROKEN: &str = "{\"contents\":[,]}\n";

fn dataset(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/datasets").join(name)).unwrap()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The files with findings in the order of the output, each once, with `/` between folders.
fn files(output: &Output) -> Vec<String> {
    let path = |line: &str| {
        // The second character of an absolute path of Windows is a colon too.
        let end = line.match_indices(':').map(|(at, _)| at).find(|at| *at > 1).unwrap();
        line[..end].replace('\\', "/")
    };
    let mut files: Vec<_> = printed(output).lines().map(path).collect();
    files.dedup();
    files
}

#[test]
fn a_pattern_means_the_files_it_matches_without_what_folders_leave_out() {
    let folder = tempdir().unwrap();
    for name in [
        "data/a.jsonl",
        "data/b.txt",
        "data/deep/er/c.jsonl",
        "data/deep/d.jsonl",
        "data/.hidden/e.jsonl",
        "data/node_modules/f.jsonl",
        "data/out/g.jsonl",
        "h.jsonl",
    ] {
        write(folder.path(), name, BROKEN);
    }
    write(folder.path(), ".gitignore", "out/\n");
    let found = |pattern: &str| files(&run(&["check", pattern], folder.path())).join(" ");
    assert_eq!(found("data/**/*.jsonl"), "data/a.jsonl data/deep/d.jsonl data/deep/er/c.jsonl");
    assert_eq!(found("data/*.jsonl"), "data/a.jsonl");
    assert_eq!(found("data/*.{jsonl,txt}"), "data/a.jsonl data/b.txt");
    assert_eq!(found("*.jsonl"), "h.jsonl");
    assert_eq!(found("./da?a/*.jsonl"), "data/a.jsonl");
    // A file that is named explicitly is always checked.
    assert_eq!(found("data/out/g.jsonl"), "data/out/g.jsonl");
    assert_eq!(found("data/.hidden/*.jsonl"), "data/.hidden/e.jsonl");
    let absolute = folder.path().join("data/*.jsonl");
    let file = folder.path().join("data/a.jsonl").to_str().unwrap().replace('\\', "/");
    assert_eq!(found(absolute.to_str().unwrap()), file);
}

#[test]
fn a_file_that_is_named_like_a_pattern_is_that_file() {
    let folder = tempdir().unwrap();
    write(folder.path(), "[a].jsonl", BROKEN);
    write(folder.path(), "a.jsonl", BROKEN);
    assert_eq!(files(&run(&["check", "[a].jsonl"], folder.path())), ["[a].jsonl"]);
}

#[test]
fn a_folder_means_compressed_datasets_too_and_no_installed_packages() {
    let folder = tempdir().unwrap();
    write(folder.path(), "a.jsonl.gz", packed(BROKEN.as_bytes()));
    write(folder.path(), "b.ndjson.GZ", packed(BROKEN.as_bytes()));
    write(folder.path(), "c.txt.gz", packed(BROKEN.as_bytes()));
    write(folder.path(), "node_modules/x/d.jsonl", BROKEN);
    write(folder.path(), ".cache/e.jsonl", BROKEN);
    assert_eq!(files(&run(&["check", "."], folder.path())), ["a.jsonl.gz", "b.ndjson.GZ"]);
}

#[test]
fn stdin_and_compressed_files_give_what_the_file_itself_gives() {
    for name in ["video-broken.jsonl", "video-pretty.jsonl", "images-crlf.jsonl"] {
        let folder = tempdir().unwrap();
        let bytes = dataset(name);
        write(folder.path(), "x.jsonl", &bytes);
        // Two gzip members, as in two concatenated files.
        let (a, b) = bytes.split_at(bytes.len() / 3);
        write(folder.path(), "x.jsonl.gz", [packed(a), packed(b)].concat());
        let plain = run(&["check", "x.jsonl"], folder.path());
        let unpacked = fed(Command::new("gzip").args(["-dc", "x.jsonl.gz"]).current_dir(folder.path()), b"");
        let stdin = piped(&["check", "-", "--stdin-filename", "x.jsonl"], folder.path(), &unpacked.stdout);
        assert_eq!((printed(&stdin), stdin.status), (printed(&plain), plain.status), "{name}");
        let compressed = run(&["check", "x.jsonl.gz"], folder.path());
        assert_eq!(printed(&compressed).replace("x.jsonl.gz:", "x.jsonl:"), printed(&plain), "{name}");
        assert_eq!(compressed.status, plain.status);
    }
    assert!(printed(&piped(&["check", "-"], Path::new("."), BROKEN.as_bytes())).starts_with("<stdin>:1:"));
}

#[test]
fn a_file_too_large_for_memory_is_read_from_disk() {
    let folder = tempdir().unwrap();
    let line = format!("{{\"contents\":[],\"note\":\"{}\"}}\r\n", "x".repeat(100_000));
    let text = [line.repeat(170), "{\"contents\":[],}\r\n".to_owned(), line].concat();
    assert!(text.len() > 16 << 20);
    write(folder.path(), "a.jsonl", &text);
    let file = run(&["check", "a.jsonl"], folder.path());
    assert!(printed(&file).contains("a.jsonl:171:15: error[trailing-comma]"), "{}", printed(&file));
    let stdin = piped(&["check", "-", "--stdin-filename", "a.jsonl"], folder.path(), text.as_bytes());
    assert_eq!(printed(&stdin), printed(&file));
    let packed = write(folder.path(), "a.jsonl.gz", packed(text.as_bytes()));
    assert!(packed.metadata().unwrap().len() < 1 << 20);
    let compressed = run(&["check", "a.jsonl.gz"], folder.path());
    assert_eq!(printed(&compressed).replace(".gz:", ":"), printed(&file));
}

/// The command fails and prints exactly these sentences.
#[track_caller]
fn fails(arguments: &[&str], folder: &Path, sentences: &[&str]) {
    let output = run(arguments, folder);
    assert_eq!(said(&output).lines().collect::<Vec<_>>(), sentences);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
}

#[test]
fn what_cannot_be_read_is_said_in_a_sentence() {
    let folder = tempdir().unwrap();
    let whole = packed(BROKEN.repeat(100).as_bytes());
    write(folder.path(), "short.jsonl.gz", &whole[..whole.len() - 10]);
    write(folder.path(), "no.jsonl.gz", BROKEN);
    let mut bad = whole.clone();
    let checksum = bad.len() - 6;
    bad[checksum] ^= 1;
    write(folder.path(), "bad.jsonl.gz", bad);
    write(folder.path(), "empty/readme.md", "");
    let folder = folder.path();
    fails(&["check", "short.jsonl.gz"], folder, &["error: short.jsonl.gz: the gzip file is incomplete"]);
    fails(
        &["check", "no.jsonl.gz"],
        folder,
        &["error: no.jsonl.gz: the name ends in .gz, but the file is not compressed with gzip"],
    );
    fails(
        &["check", "bad.jsonl.gz"],
        folder,
        &["error: bad.jsonl.gz: the gzip file is invalid: corrupt gzip stream does not have a matching checksum"],
    );
    for command in ["check", "format"] {
        fails(&[command, "none.jsonl"], folder, &["error: none.jsonl: no such file or folder"]);
        fails(&[command, "empty"], folder, &["error: empty: no .jsonl or .ndjson file in this folder"]);
        let none = "error: none/**/*.jsonl: no file matches this pattern; hidden files, `node_modules` and what .gitignore excludes are skipped";
        fails(&[command, "none/**/*.jsonl"], folder, &[none]);
        fails(&[command, "-", "-"], folder, &["error: -: stdin can be read only once"]);
    }
    let unclosed = run(&["check", "a[.jsonl"], folder);
    assert!(said(&unclosed).starts_with("error: a[.jsonl: no such file, and not a valid pattern: "));
    // What can be read is checked all the same.
    write(folder, "b.jsonl", BROKEN);
    let output = run(&["check", "none.jsonl", "b.jsonl"], folder);
    assert_eq!((files(&output), output.status.code()), (vec!["b.jsonl".to_owned()], Some(2)));
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_read_like_stdin_and_a_device_is_not_read() {
    let folder = tempdir().unwrap();
    let pipe = folder.path().join("pipe.jsonl");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let bytes = dataset("video-broken.jsonl");
    let output = std::thread::scope(|scope| {
        scope.spawn(|| std::fs::write(&pipe, &bytes).unwrap());
        run(&["check", "pipe.jsonl"], folder.path())
    });
    let stdin = piped(&["check", "-", "--stdin-filename", "pipe.jsonl"], folder.path(), &bytes);
    assert_eq!((printed(&output), output.status), (printed(&stdin), stdin.status));
    // A folder check skips pipes.
    write(folder.path(), "a.jsonl", BROKEN);
    assert_eq!(files(&run(&["check", "."], folder.path())), ["a.jsonl"]);
    fails(&["check", "/dev/zero"], folder.path(), &["error: /dev/zero: this is a device, not a file"]);
}
