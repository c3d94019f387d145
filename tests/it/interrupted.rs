//! Files are whole whatever happens while they are written: the old one or the new one, and nothing next to it.

use crate::segments::{line, offsets, project};
use crate::support::commands::{printed, run, said, write};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::tempdir;

const BROKEN: &str = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\",}]},{\"role\":\"model\",\"parts\":[{\"text\":\"b\"}]}]}\n";

const PROGRAM: &str = env!("CARGO_BIN_EXE_tuning-ls");

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// Runs a command in a shell, in which `tuning-ls` is the program.
fn shell(script: &str, folder: &Path) -> Output {
    let script = format!("tuning-ls() {{ {PROGRAM:?} \"$@\"; }}\n{script}");
    Command::new("bash").args(["-c", &script]).current_dir(folder).output().unwrap()
}

/// Starts a check that writes to `out.txt` and waits for its input; returns when its temporary file is there.
fn writing(script: &str, folder: &Path) -> Child {
    let mut command = Command::new("bash");
    command.args(["-c", script]).current_dir(folder);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let start = Instant::now();
    while !names(folder).iter().any(|name| name.starts_with(".tuning-ls-")) {
        assert!(start.elapsed() < Duration::from_secs(60) && child.try_wait().unwrap().is_none(), "no file is written");
        std::thread::sleep(Duration::from_millis(2));
    }
    child
}

/// Runs a program that Ctrl+C ends, even if the tests run in the background, where shells ignore it.
const WITH_CTRL_C: &str = "exec python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])'";

fn kill(child: &Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn a_signal_leaves_the_old_file_and_no_other() {
    for (signal, number) in [("-INT", 2), ("-TERM", 15), ("-HUP", 1)] {
        let folder = tempdir().unwrap();
        write(folder.path(), "out.txt", "old");
        let mut child = writing(&format!("{WITH_CTRL_C} {PROGRAM:?} check - -o out.txt"), folder.path());
        // `wait` would close it, and the check would end by itself.
        let mut input = child.stdin.take().unwrap();
        input.write_all(BROKEN.as_bytes()).unwrap();
        kill(&child, signal);
        let status = child.wait().unwrap();
        assert_eq!(status.signal(), Some(number), "{status}");
        assert_eq!(names(folder.path()), ["out.txt"]);
        assert_eq!(std::fs::read_to_string(folder.path().join("out.txt")).unwrap(), "old");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_is_ignored_stays_so() {
    let folder = tempdir().unwrap();
    let mut child = writing(&format!("trap '' HUP; exec {PROGRAM:?} check - -o out.txt"), folder.path());
    kill(&child, "-HUP");
    let mut input = child.stdin.take().unwrap();
    input.write_all(BROKEN.as_bytes()).unwrap();
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(names(folder.path()), ["out.txt"]);
}

/// Each way of writing a file, and the file.
const WRITERS: [(&str, &str); 7] = [
    ("check a.jsonl -o out.txt", "out.txt"),
    ("check --output-format json a.jsonl -o out.json", "out.json"),
    ("check a.jsonl --write-baseline base.txt", "base.txt"),
    ("report a.jsonl -o out.html", "out.html"),
    ("check --fix a.jsonl", "a.jsonl"),
    ("format a.jsonl", "a.jsonl"),
    ("normalize a.jsonl", "a.jsonl"),
];

/// A folder with the file that a command writes, and a dataset with many findings.
fn before(file: &str) -> (tempfile::TempDir, Vec<u8>) {
    let folder = tempdir().unwrap();
    let good = BROKEN.replace(",}", "}").replace(":[{", ": [ {");
    let number = |number: usize| BROKEN.replace(":[{", &format!(": [ {{\"n{number}\":1,")) + &good;
    write(folder.path(), "a.jsonl", (0..100).map(number).collect::<String>());
    if file == "base.txt" {
        write(folder.path(), "clean.jsonl", BROKEN.replace(",}", "}"));
        run(&["check", "clean.jsonl", "--write-baseline", file], folder.path());
        std::fs::remove_file(folder.path().join("clean.jsonl")).unwrap();
    } else if file != "a.jsonl" {
        write(folder.path(), file, "old");
    }
    let old = std::fs::read(folder.path().join(file)).unwrap();
    (folder, old)
}

#[test]
fn a_full_disk_leaves_the_old_file_and_no_other() {
    for (command, file) in WRITERS {
        let (folder, old) = before(file);
        // A write beyond 1 KiB fails, as on a full disk.
        let output = shell(&format!("trap '' XFSZ; ulimit -f 1; tuning-ls {command}"), folder.path());
        assert_eq!(output.status.code(), Some(2), "{command}: {}", said(&output));
        let problem = said(&output).lines().last().unwrap_or_default();
        assert!(problem.starts_with("error: ") && problem.contains(file), "{command}: {problem}");
        assert!(!problem.contains(".tuning-ls-"), "{command} names a temporary file: {problem}");
        assert_eq!(std::fs::read(folder.path().join(file)).unwrap(), old, "{command}");
        let left = names(folder.path());
        assert!(left.iter().all(|name| !name.starts_with('.')), "{command}: {left:?}");
    }
}

#[test]
fn a_link_stays_a_link_and_other_hard_links_keep_the_old_file() {
    for (command, file) in WRITERS {
        let (folder, old) = before(file);
        let at = |name: &str| folder.path().join(name);
        std::fs::rename(at(file), at("real")).unwrap();
        symlink("real", at(file)).unwrap();
        std::fs::hard_link(at("real"), at("other")).unwrap();
        run(&command.split(' ').collect::<Vec<_>>(), folder.path());
        assert!(at(file).symlink_metadata().unwrap().is_symlink(), "{command}");
        assert_ne!(std::fs::read(at("real")).unwrap(), old, "{command}");
        assert_eq!(std::fs::read(at("other")).unwrap(), old, "{command}");
    }
}

#[test]
fn a_read_only_file_is_not_replaced() {
    use std::os::unix::fs::PermissionsExt;
    for (command, file) in WRITERS {
        let (folder, old) = before(file);
        std::fs::set_permissions(folder.path().join(file), PermissionsExt::from_mode(0o444)).unwrap();
        let output = run(&command.split(' ').collect::<Vec<_>>(), folder.path());
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert!(said(&output).contains("the file is read-only"), "{command}: {}", said(&output));
        assert_eq!(std::fs::read(folder.path().join(file)).unwrap(), old, "{command}");
    }
}

#[test]
fn two_at_once_leave_a_whole_file() {
    for (command, file) in WRITERS {
        let (folder, _) = before(file);
        let one = shell(&format!("tuning-ls {command}"), before(file).0.path());
        let alone = one.status.code();
        let both = shell(&format!("tuning-ls {command} & first=$!; tuning-ls {command}; wait $first"), folder.path());
        assert!(both.status.code().is_some());
        let (expected, _) = before(file);
        run(&command.split(' ').collect::<Vec<_>>(), expected.path());
        if !file.ends_with(".html") {
            let [found, wanted] = [&folder, &expected].map(|folder| std::fs::read(folder.path().join(file)).unwrap());
            assert_eq!(found, wanted, "{command}, {alone:?}");
        }
        assert!(names(folder.path()).iter().all(|name| !name.starts_with('.')), "{command}");
    }
}

#[test]
fn an_input_that_cannot_be_read_leaves_the_earlier_script() {
    let folder = project(&["a.mp4"]);
    std::fs::write(folder.path().join("a.jsonl"), line(&offsets("0.1s", "0.3s"), "Goal")).unwrap();
    let script = || std::fs::read_to_string(folder.path().join("cut.sh")).unwrap();
    assert_eq!(run(&["cut-list", "a.jsonl", "-o", "cut.sh"], folder.path()).status.code(), Some(0));
    let earlier = script();
    for inputs in [&["missing.jsonl"][..], &["a.jsonl", "missing.jsonl"]] {
        let output = run(&[&["cut-list", "-o", "cut.sh"], inputs].concat(), folder.path());
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains("nothing was written"), "{}", said(&output));
        assert_eq!(script(), earlier);
        assert_eq!(printed(&run(&[&["cut-list"], inputs].concat(), folder.path())), "");
        let rewriting = ["cut-list", "--rewritten", "cut", "--prefix", "gs://cut", "-o", "cut.sh"];
        assert_eq!(run(&[&rewriting, inputs].concat(), folder.path()).status.code(), Some(2));
        let left = std::fs::read_dir(folder.path().join("cut")).map_or(0, Iterator::count);
        assert_eq!((left, script()), (0, earlier.clone()));
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let folder = tempdir().unwrap();
    // A fault of most lines would be one finding.
    write(folder.path(), "a.jsonl", [BROKEN, &BROKEN.replace(",}", "}").repeat(2)].concat().repeat(1_500));
    let mut child = Command::new(PROGRAM)
        .args(["check", "a.jsonl"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let mut problems = String::new();
    child.stderr.take().unwrap().read_to_string(&mut problems).unwrap();
    assert_eq!((problems.as_str(), child.wait().unwrap().code()), ("", Some(1)));
    assert!(first.starts_with("a.jsonl:1:"), "{first}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_an_error() {
    let folder = tempdir().unwrap();
    write(folder.path(), "a.jsonl", BROKEN);
    for command in ["check a.jsonl > /dev/full", "check a.jsonl -o /dev/full", "rules > /dev/full"] {
        let output = shell(&format!("tuning-ls {command}"), folder.path());
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert!(said(&output).starts_with("error: "), "{command}: {}", said(&output));
    }
}
