//! `tuning-ls media --remote`, with a server on this machine.

use crate::support::generated::root;
use crate::support::program::{stderr, stdout};
use crate::support::range_server::{Reply, Request, Server};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The header of a manifest.
const HEADER: &str = "uri,bytes,duration,mime_type,fps,has_audio,pages,width,height";

/// A dataset that uses these locations, and a folder with media files.
fn project(locations: &[String]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let lines = locations.iter().map(|location| {
        let media = format!(r#"{{"fileData":{{"fileUri":"{location}","mimeType":"video/mp4"}}}}"#);
        let user = format!(r#"{{"role":"user","parts":[{media},{{"text":"Goal?"}}]}}"#);
        format!(r#"{{"contents":[{user},{{"role":"model","parts":[{{"text":"{location}"}}]}}]}}"#) + "\n"
    });
    std::fs::write(folder.path().join("train.jsonl"), lines.collect::<String>()).unwrap();
    folder
}

/// A program without credentials, proxies or servers for credentials.
fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tuning-ls"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy().to_ascii_uppercase();
        if ["GOOGLE_", "AWS_", "SERVICE_ACCOUNT"].iter().any(|start| text.starts_with(start))
            || text.ends_with("_PROXY")
        {
            command.env_remove(&name);
        }
    }
    for (name, value) in [("GCE_METADATA_HOST", "127.0.0.1:9"), ("GCE_METADATA_IP", "127.0.0.1:9")] {
        command.env(name, value);
    }
    command.env("HOME", folder).env("APPDATA", folder).env("XDG_CACHE_HOME", folder.join(".cache")).current_dir(folder);
    command
}

fn media(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).args(["media", "train.jsonl"]).args(arguments).output().unwrap()
}

/// The rows of a manifest in CSV by location.
fn rows(text: &str) -> BTreeMap<String, String> {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(HEADER));
    lines.filter_map(|line| line.split_once(',')).map(|(uri, rest)| (uri.to_owned(), rest.to_owned())).collect()
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(root().join("fixtures/media").join(name)).unwrap()
}

/// The boxes of an MP4 file at the outermost level, with their kinds.
fn boxes(file: &[u8]) -> Vec<(&[u8], Vec<u8>)> {
    let (mut rest, mut boxes) = (file, Vec::new());
    while !rest.is_empty() {
        let (one, others) = rest.split_at(u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize);
        boxes.push((&one[4..8], one.to_vec()));
        rest = others;
    }
    boxes
}

/// An MP4 file with boxes of another one in this order, and this many bytes of pictures after each `mdat`.
fn arranged(name: &str, kinds: &[&[u8]], pictures: usize) -> Vec<u8> {
    let file = fixture(name);
    let boxes = boxes(&file);
    let wanted = kinds.iter().flat_map(|kind| boxes.iter().filter(move |(known, _)| known == kind));
    let filled = wanted.flat_map(|(kind, bytes)| {
        let mut bytes = bytes.clone();
        if *kind == b"mdat" {
            bytes.resize(bytes.len() + pictures, 0);
            let len = bytes.len() as u32;
            bytes[..4].copy_from_slice(&len.to_be_bytes());
        }
        bytes
    });
    filled.collect()
}

/// An MP4 file in long fragments, perhaps with a list of where they are.
fn fragments(are_listed: bool) -> Vec<u8> {
    let source = fixture("fragments.mp4");
    let (mut file, mut last) = (Vec::new(), 0);
    for (kind, mut bytes) in boxes(&source) {
        match kind {
            b"mfra" => continue,
            b"moof" => last = file.len() as u32,
            b"mdat" => {
                bytes.resize(2 << 20, 0);
                bytes[..4].copy_from_slice(&(2_u32 << 20).to_be_bytes());
            }
            _ => {}
        }
        file.append(&mut bytes);
    }
    if are_listed {
        let number = |number: u32| number.to_be_bytes().to_vec();
        let entry = [number(0), number(last), vec![1, 1, 1]].concat();
        let track = [number(35), b"tfra".to_vec(), number(0), number(1), number(0), number(1), entry].concat();
        let end = [number(16), b"mfro".to_vec(), number(0), number(59)].concat();
        file.extend([number(59), b"mfra".to_vec(), track, end].concat());
    }
    file
}

/// A WAV file with a second of silence for each 16,000 bytes.
fn wav(seconds: u32) -> Vec<u8> {
    let len = seconds * 16_000;
    let mut file = [b"RIFF".as_slice(), &(len + 36).to_le_bytes(), b"WAVEfmt ", &16_u32.to_le_bytes()].concat();
    file.extend([1, 0, 1, 0].into_iter().chain(8_000_u32.to_le_bytes()).chain(16_000_u32.to_le_bytes()));
    file.extend([2, 0, 16, 0].into_iter().chain(*b"data").chain(len.to_le_bytes()));
    file.resize(len as usize + 44, 0);
    file
}

/// All shipped media files, and longer ones.
fn files() -> BTreeMap<String, Vec<u8>> {
    let names = std::fs::read_dir(root().join("fixtures/media")).unwrap();
    let mut files: BTreeMap<_, _> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| (name.clone(), fixture(&name)))
        .collect();
    const MANY: usize = 3 << 20;
    let mut add = |name: &str, bytes: Vec<u8>| files.insert(name.to_owned(), bytes);
    add("long-moov-first.mp4", arranged("clip.mp4", &[b"ftyp", b"moov", b"mdat"], MANY));
    add("long-moov-last.mp4", arranged("clip.mp4", &[b"ftyp", b"mdat", b"moov"], MANY));
    add("long.wav", wav(300));
    let mut pages = fixture("pages.pdf");
    let end = pages.windows(4).rposition(|bytes| bytes == b"xref").unwrap();
    pages.splice(end..end, [b"%".to_vec(), vec![b' '; 200_000], b"\n".to_vec()].concat());
    add("long.pdf", pages);
    files
}

/// A server of [`files`], whatever the folder.
fn file_server() -> Server {
    let files = files();
    Server::start(move |request, _| file_of(&files, request))
}

fn file_of(files: &BTreeMap<String, Vec<u8>>, request: &Request) -> Reply {
    let name = request.path.rsplit('/').next().unwrap_or_default();
    files.get(name).map_or(Reply::Status(404), |bytes| Reply::File(bytes.clone(), "application/octet-stream"))
}

/// What is read from local copies of [`files`], by name.
fn facts_of_copies() -> BTreeMap<String, String> {
    let files = files();
    let names: Vec<_> = files.keys().map(|name| format!("gs://copies/{name}")).collect();
    let folder = project(&names);
    let clips = folder.path().join("clips");
    std::fs::create_dir(&clips).unwrap();
    for (name, bytes) in &files {
        std::fs::write(clips.join(name), bytes).unwrap();
    }
    let settings = "[[media.mirror]]\nprefix = \"gs://copies/\"\nfolder = \"clips\"\n";
    std::fs::write(folder.path().join("tuning-ls.toml"), settings).unwrap();
    let read = media(folder.path(), &[]);
    assert_eq!(read.status.code(), Some(0), "{}", stderr(&read));
    let by_name = |(uri, row): (String, String)| (uri.rsplit('/').next().unwrap_or_default().to_owned(), row);
    let facts: BTreeMap<_, _> = rows(&stdout(&read)).into_iter().map(by_name).collect();
    assert_eq!(facts.len(), files.len());
    facts
}

#[test]
fn a_web_server_gives_the_same_facts_as_copies_in_at_most_three_requests_a_file() {
    let (server, copies) = (file_server(), facts_of_copies());
    let locations: Vec<_> = copies.keys().map(|name| format!("{}/a%20folder/{name}", server.url())).collect();
    let folder = project(&locations);
    let read = media(folder.path(), &["--remote"]);
    assert_eq!(read.status.code(), Some(0), "{}", stderr(&read));
    let found = rows(&stdout(&read));
    let requests = server.requests();
    let mut counts = BTreeMap::new();
    for request in &requests {
        let name = request.path.strip_prefix("/a folder/").unwrap_or_default();
        *counts.entry(name.to_owned()).or_insert(0) += 1;
    }
    for (name, row) in &copies {
        assert_eq!(found.get(&format!("{}/a%20folder/{name}", server.url())), Some(row), "{name}");
        // What is shorter than the first part needs one request.
        let most = if name.starts_with("long") { 3 } else { 1 };
        assert!((1..=most).contains(&counts[name]), "{name}: {} requests", counts[name]);
    }
    assert_eq!((counts["long-moov-first.mp4"], counts["long-moov-last.mp4"], counts["long.pdf"]), (1, 2, 3));
    assert!(stderr(&read).ends_with(&format!("; {} requests\n", requests.len())), "{}", stderr(&read));
    let bytes: usize = requests.iter().filter_map(|request| request.range).map(|(first, last)| last + 1 - first).sum();
    assert!(bytes < 4 << 20, "{bytes} bytes were asked for");
}

/// The environment of a store of objects at this server, with a token.
fn with_bucket(command: &mut Command, server: &Server) {
    command.env("GOOGLE_BASE_URL", server.url()).env("GOOGLE_BEARER_TOKEN", "token");
}

#[test]
fn objects_are_asked_for_by_their_exact_names_with_credentials_or_without() {
    let (server, copies) = (file_server(), facts_of_copies());
    let names = ["2026/a b/clip.mp4", "50%25 #1?/clip.mp4", "long-moov-last.mp4"];
    let locations: Vec<_> = names.iter().map(|name| format!("gs://some.bucket/{name}")).collect();
    let folder = project(&locations);
    for token in [Some("Bearer token"), None] {
        let mut command = program(folder.path());
        with_bucket(&mut command, &server);
        if token.is_none() {
            command.env_remove("GOOGLE_BEARER_TOKEN");
        }
        let read = command.args(["media", "train.jsonl", "--remote"]).output().unwrap();
        assert_eq!(read.status.code(), Some(0), "{}", stderr(&read));
        let found = rows(&stdout(&read));
        for (location, name) in locations.iter().zip(["clip.mp4", "clip.mp4", "long-moov-last.mp4"]) {
            assert_eq!(found.get(location), copies.get(name), "{location}");
        }
        let requests = server.requests();
        assert_eq!(requests.len(), 4);
        for request in requests {
            let name = request.path.strip_prefix("/some.bucket/").unwrap();
            assert!(names.contains(&name), "{name}");
            assert_eq!(request.authorization.as_deref(), token, "{request:?}");
        }
    }
}

#[test]
fn objects_of_the_other_store_are_asked_for_with_a_signature() {
    let (files, copies) = (files(), facts_of_copies());
    let server = Server::start(move |request, _| match request.path.starts_with("/elsewhere/") {
        true => Reply::Region("eu-west-1"),
        false => file_of(&files, request),
    });
    let location = "s3://bucket/clips/clip.mp4".to_owned();
    let folder = project(&[location.clone(), "s3://elsewhere/clip.mp4".to_owned()]);
    let mut command = program(folder.path());
    command.env("AWS_ENDPOINT", server.url()).env("AWS_ACCESS_KEY_ID", "key").env("AWS_SECRET_ACCESS_KEY", "hidden");
    let read = command.args(["media", "train.jsonl", "--remote"]).output().unwrap();
    assert_eq!(rows(&stdout(&read)).get(&location), copies.get("clip.mp4"), "{}", stderr(&read));
    let warning = "warning: s3://elsewhere/clip.mp4: its bucket is in the region `eu-west-1`; set AWS_REGION to it\n";
    assert!(stderr(&read).starts_with(warning), "{}", stderr(&read));
    let mut requests = server.requests();
    requests.retain(|request| request.path == "/bucket/clips/clip.mp4");
    assert_eq!(requests.len(), 1);
    assert!(requests[0].authorization.as_ref().is_some_and(|value| value.contains("Credential=key/")), "{requests:?}");
}

#[test]
fn failures_are_told_apart_and_secrets_are_not_shown() {
    let server = Server::start(|request, _| match request.path.as_str() {
        "/lost.mp4" => Reply::Status(404),
        "/private.mp4" => Reply::Status(403),
        "/empty.mp4" => Reply::File(Vec::new(), "video/mp4"),
        "/page.mp4" => Reply::File(b"<!DOCTYPE html><html><body>Log in</body></html>".to_vec(), "text/html"),
        "/unmeasured.mp4" => Reply::Unmeasured(fixture("clip.mp4")),
        "/half.mp4" => Reply::File(fixture("clip.mp4")[..2_000].to_vec(), "video/mp4"),
        _ => Reply::File(fixture("clip.mp4"), "video/mp4"),
    });
    let names = ["lost", "private", "empty", "page", "unmeasured", "half", "fine"];
    let secret = |name: &&str| format!("{}/{name}.mp4?X-Signature=secret", server.url());
    let folder = project(&names.iter().map(secret).collect::<Vec<_>>());
    let mut command = program(folder.path());
    let read = command.env("TUNING_LS_LOG", "trace").args(["media", "train.jsonl", "--remote"]).output().unwrap();
    assert_eq!(read.status.code(), Some(1));
    let problems = stderr(&read);
    for (name, reason) in [
        ("lost", "it does not exist"),
        ("private", "access to it is denied (status 403)"),
        ("empty", "it is empty"),
        ("unmeasured", "its server sends neither its size nor parts of it, or stops sending"),
        ("page", "it is a web page (HTML), perhaps an error message that was saved as the file"),
        ("half", "it is cut off: the file is shorter than its own headers say"),
    ] {
        let line = format!("warning: {}/{name}.mp4?…: {reason}\n", server.url());
        assert!(problems.contains(&line), "{line}{problems}");
    }
    assert!(problems.contains("1 media file; 6 more are missing or unreadable; "), "{problems}");
    assert!(!problems.contains("secret"), "{problems}");
    let found = rows(&stdout(&read));
    assert_eq!(found[&secret(&"fine")], "2494,0.5,video/mp4,10,true,,32,16");
}

#[test]
fn what_fails_at_first_is_asked_again_and_servers_without_ranges_are_stopped_early() {
    let large = arranged("clip.mp4", &[b"ftyp", b"moov", b"mdat"], 30 << 20);
    let server = Server::start(move |request, before| match (request.path.as_str(), before) {
        ("/busy.mp4", 0) => Reply::Status(503),
        ("/reset.mp4", 0) => Reply::HangUp,
        ("/moved.mp4", _) => Reply::Moved("/fine.mp4".to_owned()),
        ("/whole.mp4", _) => Reply::Whole(large.clone()),
        ("/late.mp4", _) => Reply::Whole(arranged("clip.mp4", &[b"ftyp", b"mdat", b"moov"], 2 << 20)),
        ("/fragments.mp4", _) => Reply::File(fragments(true), "video/mp4"),
        ("/unlisted.mp4", _) => Reply::File(fragments(false), "video/mp4"),
        _ => Reply::File(fixture("clip.mp4"), "video/mp4"),
    });
    let names = ["busy", "reset", "moved", "whole", "late", "fragments", "unlisted"];
    let location = |name: &str| format!("{}/{name}.mp4", server.url());
    let folder = project(&names.map(location));
    let read = media(folder.path(), &["--remote"]);
    assert_eq!(read.status.code(), Some(0), "{}", stderr(&read));
    let found = rows(&stdout(&read));
    for name in ["busy", "reset", "moved"] {
        assert_eq!(found[&location(name)], "2494,0.5,video/mp4,10,true,,32,16", "{name}");
    }
    let of_whole = found[&location("whole")].split_once(',').unwrap();
    assert_eq!(of_whole, (&*((30 << 20) + 2486).to_string(), "0.5,video/mp4,10,true,,32,16"));
    let len = fragments(true).len();
    assert_eq!(found[&location("fragments")], format!("{len},0.628027,video/mp4,,true,,32,16"));
    // The index is further away than the parts that are asked for.
    for name in ["late", "unlisted"] {
        assert!(found[&location(name)].ends_with(",,video/mp4,,,,,"), "{name}: {}", found[&location(name)]);
    }
    assert!(server.counts().values().all(|count| *count <= 3));
}

#[test]
fn the_manifest_is_asked_first_and_nothing_is_sent_without_being_asked() {
    let server = file_server();
    let locations = ["clip.mp4", "sound.wav", "sound.aac"].map(|name| format!("{}/{name}", server.url()));
    let folder = project(&locations);
    let settings = "[media]\nmanifest = \"media.csv\"\n";
    std::fs::write(folder.path().join("tuning-ls.toml"), settings).unwrap();
    let manifest = folder.path().join("media.csv");
    std::fs::write(&manifest, format!("{HEADER}\n{},,7,,,,,,\n", locations[2])).unwrap();
    for arguments in [["check", "train.jsonl"].as_slice(), &["media", "train.jsonl"], &["stats", "train.jsonl"]] {
        program(folder.path()).args(arguments).output().unwrap();
        assert_eq!(server.requests().len(), 0, "{arguments:?}");
    }
    let read = media(folder.path(), &["--remote", "-o", "media.csv"]);
    assert_eq!((read.status.code(), server.requests().len()), (Some(0), 3), "{}", stderr(&read));
    let written = std::fs::read_to_string(&manifest).unwrap();
    assert_eq!(rows(&written).len(), 3);
    let again = media(folder.path(), &["--remote", "-o", "media.csv"]);
    assert_eq!(stderr(&again), "3 media files; 0 requests\n");
    assert_eq!((server.requests().len(), std::fs::read_to_string(&manifest).unwrap()), (0, written));
    media(folder.path(), &["--remote", "--refresh", "-o", "media.csv"]);
    assert_eq!(server.requests().len(), 3);
    assert_eq!(media(folder.path(), &["--refresh"]).status.code(), Some(2));
}

#[test]
fn a_server_that_is_down_is_named_once() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let locations: Vec<_> = (0..200).map(|number| format!("http://{closed}/{number}.mp4")).collect();
    let folder = project(&locations);
    let read = media(folder.path(), &["--remote"]);
    assert_eq!(read.status.code(), Some(1));
    let problems = stderr(&read);
    assert!(problems.contains(": its server cannot be reached. The same is true for "), "{problems}");
    assert!(problems.contains("0 media files; 200 are missing or unreadable"), "{problems}");
    assert!(problems.lines().count() <= 3, "{problems}");
}

/// `cargo test --features remote --test it remote -- --nocapture` prints how long it takes.
#[test]
fn a_thousand_clips_need_a_thousand_requests() {
    let server = file_server();
    let locations: Vec<_> = (0..1_000).map(|number| format!("gs://b/{number}/clip.mp4")).collect();
    let folder = project(&locations);
    let mut command = program(folder.path());
    with_bucket(&mut command, &server);
    let start = Instant::now();
    let read = command.args(["media", "train.jsonl", "--remote"]).output().unwrap();
    let took: Duration = start.elapsed();
    assert_eq!(stderr(&read), "1,000 media files; 1,000 requests\n");
    assert_eq!((rows(&stdout(&read)).len(), server.requests().len()), (1_000, 1_000));
    println!("1,000 clips in {:.1} s", took.as_secs_f64());
}
