//! A large file is read in blocks and gives the same findings as the same bytes in memory.

use proptest::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::fs::{File, OpenOptions};
use std::io::{Seek, Write};
use std::path::Path;
use std::sync::LazyLock;
use tempfile::NamedTempFile;
use tuning_ls::analysis::Listed;
use tuning_ls::analysis::Source;
use tuning_ls::disk::check::place_in_record;
use tuning_ls::disk::{Checker, FileText, Reading, write};
use tuning_ls::settings::Settings;

/// Thread pools: one thread, and one more than there are processors.
static POOLS: LazyLock<[ThreadPool; 2]> = LazyLock::new(|| {
    let all = std::thread::available_parallelism().unwrap().get();
    [1, all + 1].map(|threads| ThreadPoolBuilder::new().num_threads(threads).build().unwrap())
});

/// Read from disk in blocks of this size, never as a whole.
fn on_disk(block: usize) -> Reading {
    Reading { max_in_memory: 0, block, compare: true, ..Reading::TO_READ }
}

fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// The findings of a file without a dataset.
fn found(text: &FileText) -> Vec<Listed> {
    let mut alone = Checker::new(|_| unreachable!("there is no other file"));
    alone.check(Path::new("a"), text, &Settings::default(), None, |_| Settings::default(), usize::MAX).listed
}

/// Everything that can be read from a file.
fn told(text: &FileText) -> Vec<String> {
    // First, while the line starts are still unknown.
    let found = found(text);
    let count = text.line_count();
    let mut buffer = String::new();
    let mut told = vec![format!("{count} lines, {} bytes", text.len())];
    told.extend((0..count).map(|line| format!("{:?}", text.line(line, &mut buffer))));
    for lines in [0..count, 1..count, 0..count / 2, count / 2..count + 3, 0..0] {
        text.read(lines.clone(), &mut |line, input| {
            told.push(format!("{line} {input:?}"));
            true
        });
        if !lines.is_empty() {
            told.push(format!("{:?}", text.record(lines.start..lines.end.min(count).max(lines.start), &mut buffer)));
        }
    }
    for listed in found {
        let place = place_in_record(text, listed.line, listed.finding.span.start());
        told.push(format!("{place:?} {listed:?}"));
    }
    told
}

/// Building blocks of lines, line endings and faults.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        &b"{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]},{\"role\":\"model\",\"parts\":[,]}]}"[..],
        b"{\"contents\":[",
        b"]}",
        b"{\n",
        b"\n",
        b"\n",
        b"\r\n",
        b"\r",
        b"[",
        b"\"",
        b" ",
        b"\xEF\xBB\xBF",
        "é😀\u{2028}".as_bytes(),
        b"\xFF",
        b"\xC3",
        b"\x00",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn reading_from_disk_finds_what_is_found_in_memory(bytes in pieces(), block in 1..70usize) {
        let file = file(&bytes);
        let text = FileText::open(file.path(), &on_disk(block)).unwrap();
        let expected = told(&FileText::new(bytes));
        prop_assert_eq!(told(&text), &expected[..]);
        // With a spare thread that reads ahead, and without one.
        for pool in &*POOLS {
            let text = FileText::open(file.path(), &on_disk(block)).unwrap();
            prop_assert_eq!(pool.install(|| told(&text)), &expected[..]);
        }
        prop_assert!(text.problem().is_none());
        prop_assert!(text.is_unchanged(file.path()).unwrap());
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_breaks_nothing(before in pieces(), after in pieces(), block in 1..70usize) {
        let mut file = file(&before);
        let text = FileText::open(file.path(), &on_disk(block)).unwrap();
        file.rewind().unwrap();
        file.write_all(&after).unwrap();
        file.as_file().set_len(after.len() as u64).unwrap();
        told(&text);
        // The rest of a UTF-16 file is never read.
        let unread = text.line_count() == 1 && text.start_of(1) == 0;
        prop_assert_eq!(text.problem().is_some(), after.len() < before.len() && !unread);
        if before != after {
            prop_assert!(!text.is_unchanged(file.path()).unwrap());
        }
    }
}

#[test]
fn a_line_end_on_the_border_of_a_block_is_one_line_end() {
    let bytes = b"abc\r\n\r\nd\r\re\n\n".repeat(5);
    let file = file(&bytes);
    for block in 1..bytes.len() + 2 {
        let text = FileText::open(file.path(), &on_disk(block)).unwrap();
        assert_eq!(told(&text), told(&FileText::new(bytes.clone())), "blocks of {block} bytes");
    }
}

#[test]
fn utf_16_is_told_from_disk_as_well() {
    for bytes in [&b"\xFF\xFE{\0}\0\n\0"[..], b"{\0}\0\n\0", b"\0{\0}\0\n"] {
        let file = file(bytes);
        let text = FileText::open(file.path(), &on_disk(3)).unwrap();
        let told = told(&text);
        assert_eq!(told, self::told(&FileText::new(bytes.to_vec())));
        assert!(told.last().unwrap().contains("UTF-16"), "{told:?}");
    }
}

#[test]
fn a_file_that_becomes_shorter_is_said_to() {
    let file = file(&b"{\"contents\":[]}\n".repeat(100));
    let text = FileText::open(file.path(), &on_disk(64)).unwrap();
    OpenOptions::new().write(true).open(file.path()).unwrap().set_len(200).unwrap();
    found(&text);
    assert_eq!(text.problem().unwrap().to_string(), "the file became shorter while it was read");
}

#[test]
fn the_same_length_and_time_do_not_hide_that_a_file_was_changed() {
    let mut file = file(&b"{\"contents\":[]}\n".repeat(100));
    for reading in [on_disk(64), Reading::TO_READ] {
        let text = FileText::open(file.path(), &reading).unwrap();
        let time = file.as_file().metadata().unwrap().modified().unwrap();
        assert!(text.is_unchanged(file.path()).unwrap());
        file.as_file_mut().seek(std::io::SeekFrom::Start(700)).unwrap();
        file.write_all(if reading.compare { b"x" } else { b"y" }).unwrap();
        File::options().write(true).open(file.path()).unwrap().set_modified(time).unwrap();
        assert_eq!(file.as_file().metadata().unwrap().modified().unwrap(), time);
        assert!(!text.is_unchanged(file.path()).unwrap());
    }
}

#[test]
fn a_file_that_is_read_from_disk_can_be_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    std::fs::write(&path, "before\n").unwrap();
    let text = FileText::open(&path, &on_disk(4)).unwrap();
    let replaced = write::replace(&path, text, |text, out| {
        out.write_all(b"after\n")?;
        text.copy(0..7, out)
    });
    assert_eq!(replaced, Ok(()));
    assert_eq!(std::fs::read(&path).unwrap(), b"after\nbefore\n");
}
