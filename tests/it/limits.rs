//! What is too large or never ends is refused or read up to a limit.

use crate::support::commands::{printed, run, said, write};
use crate::support::program::findings;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::tempdir;
use tuning_ls::disk::{FileText, Reading};
use tuning_ls::settings::Settings;

const GOOD: &str = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"}]},{\"role\":\"model\",\"parts\":[{\"text\":\"b\"}]}]}\n";

/// Runs `tuning-ls` with at most this much memory, which includes the program's own code.
fn limited(megabytes: usize, arguments: &str, folder: &Path) -> Output {
    let script = format!("ulimit -v {}; exec {:?} {arguments}", megabytes << 10, env!("CARGO_BIN_EXE_tuning-ls"));
    Command::new("bash").args(["-c", &script]).env("RAYON_NUM_THREADS", "2").current_dir(folder).output().unwrap()
}

fn fifo(folder: &Path, name: &str) {
    assert!(Command::new("mkfifo").arg(folder.join(name)).status().unwrap().success());
}

#[test]
fn a_line_over_the_limit_is_one_finding_and_the_others_are_checked() {
    let folder = tempdir().unwrap();
    let broken = GOOD.replace("}]}\n", ",}]}\n");
    let mut file = File::create(folder.path().join("a.jsonl")).unwrap();
    write!(file, "{broken}").unwrap();
    // A hole of 65 MiB.
    file.seek(SeekFrom::Current(65 << 20)).unwrap();
    write!(file, "\n{broken}").unwrap();
    let output = limited(700, "check a.jsonl", folder.path());
    let lines: Vec<&str> = printed(&output).lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?} {}", said(&output));
    assert!(lines[0].starts_with("a.jsonl:1:") && lines[2].starts_with("a.jsonl:3:"), "{lines:?}");
    assert!(lines[1].starts_with("a.jsonl:2:1: warning[record-too-long] the line has 68157441 bytes"), "{lines:?}");
    assert!(said(&output).contains("0 of 3 examples"), "{}", said(&output));
}

#[test]
fn long_lines_are_skipped_alike_however_a_file_is_read() {
    let folder = tempdir().unwrap();
    let long = format!("{{\"contents\":[],\"x\":\"{}\"}}", "y".repeat(300));
    for end in ["\n", "\r\n", "\r", ""] {
        let text = format!("{long}\n{GOOD}{long}\r\n{GOOD}{long}{end}");
        let path = write(folder.path(), "a.jsonl", &text);
        let mut expected = None;
        for (block, max_in_memory) in [(1, 0), (7, 0), (64, 0), (200, 0), (250, 0), (250, 1 << 20)] {
            let reading = Reading { max_in_memory, block, max_record: 250, compare: false };
            let source = FileText::open(&path, &reading).unwrap();
            let (lines, verdict) = tuning_ls::disk::check::analyze(&source, &Settings::default());
            let mut analyst = tuning_ls::analysis::Analyst::new(&Settings::default());
            let listed = lines.list(&source, &mut analyst, &verdict, usize::MAX);
            let found: Vec<_> = listed.iter().map(|it| (it.line, it.finding.message.clone())).collect();
            let too_long = listed.iter().filter(|it| it.finding.rule.code == "record-too-long");
            assert_eq!(too_long.map(|it| it.line).collect::<Vec<_>>(), [0, 2, 4], "{block} {end:?} {found:?}");
            assert_eq!(*expected.get_or_insert_with(|| found.clone()), found, "{block} {end:?}");
        }
    }
}

#[test]
fn a_sparse_file_of_a_terabyte_is_refused() {
    let folder = tempdir().unwrap();
    let file = File::create(folder.path().join("a.jsonl")).unwrap();
    // Some file systems have no files of this length.
    if file.set_len(1 << 40).is_err() {
        return;
    }
    for command in ["check", "format", "stats"] {
        let output = run(&[command, "a.jsonl"], folder.path());
        assert_eq!(said(&output), "error: a.jsonl: the file has 1099511627776 bytes; expected at most 256 GiB\n");
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn pipes_and_devices_that_settings_name_are_refused_with_a_finding() {
    let folder = tempdir().unwrap();
    write(folder.path(), "a.jsonl", GOOD);
    write(folder.path(), "b.jsonl", GOOD);
    fifo(folder.path(), "pipe.jsonl");
    symlink("/dev/zero", folder.path().join("zero.jsonl")).unwrap();
    for special in ["pipe.jsonl", "zero.jsonl"] {
        for settings in [
            format!("baseline = \"{special}\"\n"),
            format!("[media]\nmanifest = \"{special}\"\n"),
            format!("[[dataset]]\ntrain = [\"a.jsonl\", \"{special}\"]\nvalidation = \"b.jsonl\"\n"),
            format!("[[dataset]]\ntrain = \"a.jsonl\"\nvalidation = \"{special}\"\n"),
        ] {
            write(folder.path(), "tuning-ls.toml", &settings);
            let found = findings(&["a.jsonl"], folder.path());
            let of_settings: Vec<_> = found.iter().filter(|finding| finding["code"] == "bad-config").collect();
            assert_eq!(of_settings.len(), 1, "{settings}: {found:?}");
            assert!(of_settings[0]["message"].as_str().unwrap().contains("not"), "{of_settings:?}");
        }
        std::fs::remove_file(folder.path().join("tuning-ls.toml")).unwrap();
        for arguments in [["--baseline", special], ["--config", special], ["--write-baseline", special]] {
            let output = run(&["check", "a.jsonl", arguments[0], arguments[1]], folder.path());
            assert_eq!(output.status.code(), Some(2), "{arguments:?}");
            assert!(said(&output).contains("not a file"), "{}", said(&output));
        }
    }
    // A pattern matches no pipe.
    write(folder.path(), "tuning-ls.toml", "[[dataset]]\ntrain = \"*.jsonl\"\n");
    assert_eq!(findings(&["a.jsonl"], folder.path()).iter().filter(|it| it["severity"] == "error").count(), 0);
}

#[test]
fn special_files_have_clear_errors() {
    let folder = tempdir().unwrap();
    std::fs::create_dir(folder.path().join("folder.jsonl")).unwrap();
    symlink("loop.jsonl", folder.path().join("loop.jsonl")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket.jsonl")).unwrap();
    for (name, problem) in [
        ("folder.jsonl", "no .jsonl or .ndjson file in this folder"),
        ("loop.jsonl", "symbolic links"),
        ("socket.jsonl", ""),
        ("/dev/zero", "this is a device, not a file"),
    ] {
        let output = run(&["check", name], folder.path());
        assert_eq!(output.status.code(), Some(2), "{name}");
        let said = said(&output);
        assert!(said.starts_with(&format!("error: {name}: ")) && said.contains(problem), "{said}");
    }
    // A check of the folder leaves them out.
    write(folder.path(), "a.jsonl", GOOD);
    let output = run(&["check", "."], folder.path());
    assert!(output.status.code() != Some(2), "{}", said(&output));
}

#[test]
fn what_the_user_may_not_read_or_write_is_an_error_and_the_rest_is_checked() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let allow = |path: &Path, mode| std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    let folder = tempdir().unwrap();
    let folder = folder.path();
    let broken = GOOD.replace("}]}\n", ",}]}\n");
    let open = write(folder, "open.jsonl", &broken);
    allow(&write(folder, "closed.jsonl", GOOD), 0o000);
    allow(write(folder, "sub/a.jsonl", GOOD).parent().unwrap(), 0o000);
    // Root can read everything, so the program runs as another user. A copy that this process makes may be busy: others that it
    // starts hold it open for a moment.
    let program = folder.join("program");
    assert!(Command::new("cp").arg(env!("CARGO_BIN_EXE_tuning-ls")).arg(&program).status().unwrap().success());
    let is_root = std::fs::metadata(&program).unwrap().uid() == 0;
    allow(folder, if is_root { 0o755 } else { 0o555 });
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        if is_root {
            command.uid(65_534).gid(65_534);
        }
        command.args(arguments).current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache")).output().unwrap()
    };
    let output = run(&["check", "open.jsonl", "closed.jsonl"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("error: closed.jsonl: permission denied"), "{}", said(&output));
    assert!(printed(&output).starts_with("open.jsonl:1:"), "{}", printed(&output));
    let output = run(&["check", "."]);
    assert_eq!(output.status.code(), Some(2));
    for name in ["closed.jsonl", "sub"] {
        let error = format!("error: {name}: permission denied");
        assert!(said(&output).to_lowercase().contains(&error), "{}", said(&output));
    }
    let output = run(&["check", "--fix", "open.jsonl"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert_eq!(std::fs::read_to_string(open).unwrap(), broken);
    allow(folder, 0o755);
    allow(&folder.join("sub"), 0o755);
}

#[test]
fn compressed_files_of_several_members_are_read_and_broken_ones_refused() {
    let folder = tempdir().unwrap();
    let packed = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let broken = GOOD.replace("}]}\n", ",}]}\n");
    write(folder.path(), "two.jsonl.gz", [packed(GOOD), packed(&broken)].concat());
    assert!(printed(&run(&["check", "two.jsonl.gz"], folder.path())).contains("two.jsonl.gz:2:"));
    let cut = packed(&broken);
    write(folder.path(), "cut.jsonl.gz", &cut[..cut.len() / 2]);
    let output = run(&["check", "cut.jsonl.gz"], folder.path());
    assert_eq!(said(&output), "error: cut.jsonl.gz: the gzip file is incomplete\n");
}

#[test]
fn odd_texts_are_checked_with_bounded_memory() {
    let folder = tempdir().unwrap();
    let surrogate = GOOD.replace("\"a\"", "\"\\ud800 \\udc00\\ud83d\"");
    let texts: [(&str, Vec<u8>, &str); 8] = [
        ("short lines", "{}\n".repeat(30_000).into_bytes(), "no-examples"),
        ("open brackets", format!("{{\"contents\":{}\n", "[".repeat(50_000)).into_bytes(), "unclosed"),
        ("open objects", "{\"contents\":".repeat(10_000).into_bytes(), "unclosed"),
        ("quotes", format!("{{\"contents\":{}\n", "\"".repeat(100_000)).into_bytes(), "error["),
        ("NULs", [b"{\"contents\":", &vec![0; 50_000][..], b"}\n"].concat(), "error["),
        ("UTF-16", GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect(), "invalid-utf8"),
        ("invalid UTF-8", [GOOD.as_bytes(), b"{\"contents\":[\"\xFF\xC0\x80\"]}\n"].concat(), "invalid-utf8"),
        ("lone surrogates", surrogate.into_bytes(), "bad-escape"),
    ];
    for (name, text, code) in texts {
        write(folder.path(), "a.jsonl", text);
        for arguments in ["check a.jsonl", "check --diff a.jsonl"] {
            let output = limited(900, arguments, folder.path());
            assert!(matches!(output.status.code(), Some(0 | 1)), "{name}: {arguments}: {}", said(&output));
            if arguments == "check a.jsonl" {
                assert!(printed(&output).contains(code), "{name}: {:.300}", printed(&output));
            }
        }
    }
}
