//! Text from a dataset, a file name or an argument is shown as text: it neither commands a terminal, a browser, an editor or
//! a build, nor shows secrets.

use crate::support::client::Client;
use crate::support::commands::{printed, run, said, write};
use crate::support::properties::outputs::is_harmful;
use serde_json::{Value, json};
use std::path::Path;
use tempfile::tempdir;

/// Texts that some reader would obey.
const HOSTILE: [&str; 18] = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](command:workbench.action.quit)",
    "![x](file:///etc/passwd)",
    "\u{1b}[31mred\u{1b}[2J",
    "\u{1b}]8;;https://evil.example\u{7}link\u{1b}]8;;\u{7}",
    "\u{1b}]52;c;ZXZpbA==\u{7}",
    "::error file=a::b",
    "%0A::warning::x",
    " ::error::x",
    "##[add-mask]x",
    "##vso[task.complete]x",
    "]]><x/>",
    "a\rb",
    "\u{9b}31mred\u{7f}",
    "\u{202e}abc\u{2066}",
    "\u{fffe}\u{ffff}",
    "a\u{2028}b\u{200f}\u{61c}",
];

/// A line whose every text is hostile, and has findings.
fn line(hostile: &str) -> String {
    let text = Value::from(hostile);
    let key = Value::from(format!("k{hostile}"));
    format!(
        r#"{{"contents":[{{"role":{text},"parts":[{{"text":{text},{key}:1}},{{"fileData":{{"fileUri":{text},"mimeType":{text}}}}}]}},{{"role":"model","parts":[{{"functionCall":{{"name":{text},"args":{{}}}}}}]}}],"labels":{{"a":{text}}}}}"#
    ) + "\n"
}

/// Whether the log of a CI service would only show it.
fn commands_nothing(text: &str) -> bool {
    text.lines().all(|line| !line.trim_start().starts_with("::") && !line.contains("##[") && !line.contains("##vso["))
}

/// Whether a terminal would only show it, and XML allows it.
fn is_shown(text: &str) -> bool {
    !text.contains(is_harmful)
}

fn dataset(folder: &Path) {
    write(folder, "a.jsonl", HOSTILE.iter().map(|hostile| line(hostile)).collect::<String>());
}

#[test]
fn nothing_commands_a_terminal_or_a_build() {
    let folder = tempdir().unwrap();
    dataset(folder.path());
    for arguments in [
        &["check", "a.jsonl"][..],
        &["check", "--output-format", "full", "a.jsonl"],
        &["check", "--statistics", "a.jsonl"],
        &["check", "--output-format", "json", "a.jsonl"],
        &["check", "--output-format", "json-lines", "a.jsonl"],
        &["check", "--output-format", "sarif", "a.jsonl"],
        &["check", "--output-format", "gitlab", "a.jsonl"],
        &["check", "--output-format", "junit", "a.jsonl"],
        &["stats", "a.jsonl"],
        &["stats", "--json", "a.jsonl"],
    ] {
        let output = run(arguments, folder.path());
        assert!(output.stdout.len() > 100, "{arguments:?}");
        assert!(is_shown(printed(&output)), "{arguments:?}: {:?}", printed(&output));
        assert!(is_shown(said(&output)), "{arguments:?}: {:?}", said(&output));
        assert!(commands_nothing(printed(&output)), "{arguments:?}: {}", printed(&output));
        assert!(commands_nothing(said(&output)), "{arguments:?}: {}", said(&output));
    }
}

#[cfg(unix)]
#[test]
fn names_of_files_and_arguments_command_no_terminal() {
    let folder = tempdir().unwrap();
    let name = "\u{1b}[31m\u{202e}##[x].jsonl";
    write(folder.path(), name, line("x").replace(":[", ": ["));
    write(folder.path(), &format!("{name}.gz"), "no gzip");
    for arguments in [
        &["check", "."][..],
        &["check", "--fix", "."],
        &["check", "\u{1b}[2J"],
        &["check", "a.jsonl", "--baseline", "\u{1b}[2J"],
        &["check", "a.jsonl", "--config", "\u{1b}[2J"],
        &["check", "a.jsonl", "-o", "\u{1b}[2J/x"],
        &["check", ".", "--output-format", "full"],
        &["format", "--check", "."],
        &["format", "--diff", "."],
        &["stats", "."],
        &["report", ".", "-o", "\u{1b}[2J.html"],
        &["explain", "\u{1b}[2J"],
    ] {
        let output = run(arguments, folder.path());
        assert!(is_shown(printed(&output)), "{arguments:?}: {:?}", printed(&output));
        assert!(is_shown(said(&output)), "{arguments:?}: {:?}", said(&output));
        assert!(commands_nothing(printed(&output)), "{arguments:?}: {}", printed(&output));
        assert!(commands_nothing(said(&output)), "{arguments:?}: {}", said(&output));
        assert!(output.stdout.len() + output.stderr.len() > 10, "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_name_is_on_one_line_and_in_one_command() {
    let folder = tempdir().unwrap();
    write(folder.path(), "a\n\u{1b}[31m.jsonl", line("x"));
    write(folder.path(), "b\n.jsonl", "[1]\n");
    let output = run(&["check", "."], folder.path());
    assert!(said(&output).contains(r"a\n\u{1b}[31m.jsonl: "), "{}", said(&output));
    assert!(said(&output).contains(r"b\n.jsonl"), "{}", said(&output));
    let output = run(&["check", "--output-format", "github", "."], folder.path());
    assert!(is_shown(printed(&output)), "{:?}", printed(&output));
    assert!(printed(&output).contains(r"file=a%0A\u{1b}[31m.jsonl,"), "{}", printed(&output));
    // GitHub runs a command at the start of a line, of stderr, too.
    for name in ["::error::d.jsonl", " ::error::e.jsonl", "f##[error]f.jsonl"] {
        write(folder.path(), name, line("x").replace(":[", ": ["));
    }
    for arguments in [
        &["check", "."][..],
        &["check", ".", "--output-format", "full"],
        &["format", "--check", "."],
        &["normalize", "."],
        &["stats", "."],
    ] {
        let output = run(arguments, folder.path());
        for text in [printed(&output), said(&output)] {
            assert!(commands_nothing(text), "{arguments:?}: {text}");
        }
    }
    let hash = "0".repeat(32);
    let stale = format!(r#"{{"version":1,"findings":[{{"code":"unclosed","pointer":"","hash":"{hash}"}}]}}"#);
    write(folder.path(), "c\n::error::stale", stale);
    let name = "c\n::error::x";
    write(folder.path(), &format!("{name}.jsonl.gz"), "no gzip");
    for arguments in [
        &["check", name][..],
        &["check", "--fix", "."],
        &["check", ".", "--baseline", name],
        &["check", ".", "--baseline", "c\n::error::stale"],
        &["check", ".", "--config", name],
        &["check", ".", "-o", "c\n::error::/x"],
        &["format", "."],
        &["normalize", name],
        &["stats", name],
        &["report", name, "-o", "x.html"],
        &["media", name],
        &["cut-list", name, "--folder", "clips", "-o", "x.sh"],
        &["split-segments", "--longest", "5s", name],
        &["shift-segments", "--by", "5s", name],
        &["explain", name],
        &["check", "a.jsonl", "--select", name],
        &["check", "a.jsonl", "--fix=c\n::error::x"],
        &["check", "a.jsonl", "--output-format", name],
    ] {
        let said = said(&run(arguments, folder.path())).to_owned();
        assert!(said.contains(r"c\n::error::"), "{arguments:?}: {said}");
        assert!(commands_nothing(&said), "{arguments:?}: {said}");
    }
}

#[test]
fn nothing_commands_a_build_or_breaks_its_format() {
    let folder = tempdir().unwrap();
    dataset(folder.path());
    let of = |format: &str| run(&["check", "--output-format", format, "a.jsonl"], folder.path());
    let github = of("github");
    let commands = printed(&github).lines().all(|line| {
        ["::error ", "::warning ", "::notice "]
            .iter()
            .any(|command| line.starts_with(&format!("{command}file=a.jsonl,")))
    });
    assert!(commands, "{}", printed(&github));
    let junit = of("junit");
    roxmltree::Document::parse(printed(&junit)).unwrap();
    for format in ["json", "sarif", "gitlab"] {
        serde_json::from_str::<Value>(printed(&of(format))).unwrap();
    }
    for line in printed(&of("json-lines")).lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
}

#[test]
fn nothing_runs_in_the_report() {
    let folder = tempdir().unwrap();
    dataset(folder.path());
    run(&["report", "a.jsonl", "-o", "a.html"], folder.path());
    let page = std::fs::read_to_string(folder.path().join("a.html")).unwrap();
    for hostile in ["<script", "<img", "onerror=alert(1)>"] {
        assert!(!page.contains(hostile), "{hostile}");
    }
    assert!(is_shown(&page));
}

#[test]
fn hovers_have_no_links_or_html_of_the_dataset() {
    let capabilities = json!({ "textDocument": { "hover": { "contentFormat": ["markdown"] } } });
    let mut client = Client::initialized(&capabilities, &Value::Null);
    let uri = "file:///no/folder/a.jsonl";
    let mut seen = 0;
    for (version, hostile) in (1..).zip(HOSTILE) {
        let text = line(hostile);
        if version == 1 {
            client.open(uri, 1, &text);
        } else {
            client.change(uri, version, json!([{ "text": text }]));
        }
        for (character, _) in text.trim_end().match_indices(['"', ':']).step_by(3) {
            let units = text[..character].encode_utf16().count();
            let position = json!({ "line": 0, "character": units + 1 });
            let params = json!({ "textDocument": { "uri": uri }, "position": position });
            let hover = client.request("textDocument/hover", params).unwrap();
            let Some(shown) = hover["contents"]["value"].as_str() else { continue };
            for event in pulldown_cmark::Parser::new_ext(shown, pulldown_cmark::Options::all()) {
                use pulldown_cmark::{Event, Tag};
                match event {
                    Event::Html(html) | Event::InlineHtml(html) => panic!("{hostile:?}: {html:?} in {shown:?}"),
                    Event::Start(Tag::Link { dest_url: to, .. } | Tag::Image { dest_url: to, .. }) => {
                        assert!(to.starts_with("https://") && !to.contains("evil"), "{hostile:?}: {to:?} in {shown:?}");
                    }
                    _ => {}
                }
            }
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
    client.finish();
}

#[test]
fn secrets_are_masked_in_every_output() {
    let folder = tempdir().unwrap();
    const SECRETS: [&str; 7] = [
        "Zq7hunter2",
        "s3cretPassw0rd",
        "deadbeef01deadbeef02",
        "AKIAABCDEFGHIJKLMNOP",
        "t0psecretsas",
        "AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "sk-abcdefghijklmnopqrstuvwxyz0123",
    ];
    let [long, password, signature, id, sas, key, other] = SECRETS;
    // Messages cut longer texts.
    let long = long.repeat(6);
    let uris = [
        format!("https://user:{long}@a.example/v.mp4"),
        format!("https://{long}@a.example/v.mp4"),
        format!("https://user:{long}@a.example/v w.mp4"),
        format!("s3://user:{long}@b/v.mp4"),
        format!("ftp://user:{long}%40@b/v.mp4"),
        format!("https://user:{password}@a.example/v.mp4"),
        format!("https://storage.googleapis.com/b/v.mp4?X-Goog-Signature={signature}"),
        format!("https://a.b/?AWSAccessKeyId={id}&Signature={signature}&Expires=1"),
        format!("http://a.blob.core.windows.net/c/v.mp4?sig={sas}"),
        format!("ftp://user:{password}@a/b.mp4"),
        format!("{key}/v.mp4"),
        other.to_string(),
    ];
    let keyed = format!(r#"{{"contents":[{{"role":"user","parts":[{{"text":"a","{key}":1}}]}}]}}"#) + "\n";
    let lines = uris.iter().flat_map(|uri| {
        let media = |uri: &str, mime: &str| {
            format!(
                r#"{{"contents":[{{"role":"user","parts":[{{"fileData":{{"fileUri":"{uri}","mimeType":"{mime}"}}}}]}},{{"role":"model","parts":[{{"text":"a"}}]}}]}}"#
            ) + "\n"
        };
        // As other libraries write JSON.
        let escaped = uri.replace('&', r"\u0026").replace('=', r"\u003d").replace('/', r"\/");
        let whole = [media(uri, "video/mp4"), media(uri, uri), media(&escaped, "video/mp4"), media(&escaped, &escaped)];
        let broken = [media(&escaped, "video/mp4").replacen("\"role\"", ",\"role\"", 1)];
        whole.into_iter().chain(broken)
    });
    write(folder.path(), "a.jsonl", lines.collect::<String>() + &keyed);
    let mut findings = 0;
    for format in ["concise", "full", "json", "json-lines", "sarif", "github", "gitlab", "junit"] {
        let output = run(&["check", "--output-format", format, "a.jsonl"], folder.path());
        findings += printed(&output).matches("***").count();
        for secret in SECRETS {
            assert!(!printed(&output).contains(secret), "{format} prints {secret}: {}", printed(&output));
            assert!(!said(&output).contains(secret), "{format}");
        }
    }
    assert!(findings > 20, "{findings}");
    run(&["report", "a.jsonl", "-o", "a.html"], folder.path());
    let page = std::fs::read_to_string(folder.path().join("a.html")).unwrap();
    let stats = run(&["stats", "a.jsonl"], folder.path());
    for secret in SECRETS {
        assert!(!page.contains(secret) && !printed(&stats).contains(secret), "{secret}");
    }
}

#[test]
fn secrets_are_masked_in_the_comments_of_a_script() {
    let folder = tempdir().unwrap();
    let line = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"ftp://user:s3cret@a.example/v.mp4?token=t0ken","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"1s","endOffset":"2s"}},{"text":"a"}]},{"role":"model","parts":[{"text":"a"}]}]}"#;
    write(folder.path(), "a.jsonl", format!("{line}\n"));
    let output = run(&["cut-list", "a.jsonl"], folder.path());
    let comment = printed(&output).lines().find(|line| line.starts_with("# not cut: ")).unwrap();
    assert!(comment.contains("ftp://***@a.example/v.mp4?token=*** from"), "{comment}");
    assert!(!said(&output).contains("s3cret") && !said(&output).contains("t0ken"), "{}", said(&output));
}

#[test]
fn secrets_are_masked_in_hovers_and_logs() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("log");
    let mut client = Client::logging_to(std::fs::File::create(&path).unwrap());
    let params = json!({ "processId": null, "rootUri": null, "capabilities": {} });
    client.request("initialize", params).unwrap();
    client.notify("initialized", json!({}));
    let uri = "file:///no/folder/a.jsonl";
    let text = r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"https:\/\/user:s3cret@a.example\/v.mp4?a=1\u0026token=t0ken","mimeType":"video/mp4"}}]},{"role":"model","parts":[{"text":"a"}]}]}"#;
    client.open(uri, 1, &format!("{text}\n"));
    let position = json!({ "line": 0, "character": text.find("https").unwrap() });
    client.change("https://user:s3cret@a.example/b.jsonl", 2, json!([{ "text": text }]));
    let hover = client.request("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": position }));
    let shown = hover.unwrap()["contents"]["value"].as_str().unwrap().to_owned();
    assert!(shown.contains("https://***@a.example/v.mp4?a=1&token=***"), "{shown}");
    client.finish();
    let log = std::fs::read_to_string(path).unwrap();
    assert!(log.contains("https://***@a.example/b.jsonl was changed, but isn't open"), "{log}");
    assert!(!log.contains("s3cret") && !log.contains("t0ken"), "{log}");
}

#[cfg(unix)]
#[test]
fn a_line_break_in_the_name_of_a_file_is_escaped_in_sarif() {
    let folder = tempdir().unwrap();
    write(folder.path(), "a\nb\r\t.jsonl", line("x"));
    let output = run(&["check", "--output-format", "sarif", "."], folder.path());
    let log: Value = serde_json::from_str(printed(&output)).unwrap();
    let uri = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "a%0Ab%0D%09.jsonl");
}
