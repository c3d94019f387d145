//! Links of media locations, as an editor asks for them.

use crate::support::client::Client;
use serde_json::{Value, json};

fn client(tooltips: bool, service: &str) -> Client {
    let capabilities = json!({ "textDocument": { "documentLink": { "tooltipSupport": tooltips } } });
    Client::initialized(&capabilities, &json!({ "service": service }))
}

fn links(client: &mut Client, document: &str) -> Vec<Value> {
    let found = client.request("textDocument/documentLink", json!({ "textDocument": { "uri": document } })).unwrap();
    found.as_array().unwrap().clone()
}

const VIDEO: &str = r#"{"contents":[{"role":"user","parts":[{"text":"😀 https://a.org/"},{"fileData":{"fileUri":"gs://clips/a b.mp4","mimeType":"video/mp4"}}]},{"role":"model","parts":[{"text":"Goal"}]}]}"#;

fn image(url: &str) -> String {
    format!(
        r#"{{"messages":[{{"role":"user","content":[{{"type":"image_url","image_url":{{"url":"{url}"}}}}]}},{{"role":"assistant","content":"Goal"}}]}}"#
    )
}

#[test]
fn a_cloud_storage_object_opens_its_page_when_the_link_is_resolved() {
    for tooltips in [true, false] {
        let mut client = client(tooltips, "");
        let document = "file:///data/a.jsonl";
        client.open(document, 1, &format!("{{\"broken\n{VIDEO}"));
        let found = links(&mut client, document);
        assert_eq!(found.len(), 1, "{found:?}");
        let start = VIDEO[..VIDEO.find("gs:").unwrap()].encode_utf16().count();
        let place = |character| json!({ "line": 1, "character": character });
        assert_eq!(found[0]["range"], json!({ "start": place(start), "end": place(start + 18) }));
        assert_eq!(found[0].get("target"), None);
        let resolved = client.request("documentLink/resolve", found[0].clone()).unwrap();
        let page = "https://console.cloud.google.com/storage/browser/_details/clips/a%20b.mp4";
        assert_eq!(resolved["target"], page);
        assert_eq!(resolved.get("tooltip").is_some(), tooltips);
        client.finish();
    }
}

#[test]
fn urls_open_as_they_are_and_paths_only_where_they_are_read() {
    let drive = if cfg!(windows) { "/C:" } else { "" };
    let (document, image_file) =
        (&format!("file://{drive}/data/a.jsonl"), &*format!("file://{drive}/data/images/a.png"));
    let text =
        [image("https://a.org/b.png?c=%20"), image("images/a.png"), image("data:image/png;base64,aGk=")].join("\n");
    for (service, expected) in
        [("openai", &["https://a.org/b.png?c=%20"][..]), ("trl", &["https://a.org/b.png?c=%20", image_file])]
    {
        let mut client = client(true, service);
        client.open(document, 1, &text);
        let found = links(&mut client, document);
        let mut target = |link: Value| client.request("documentLink/resolve", link).unwrap()["target"].clone();
        let targets: Vec<_> = found.into_iter().map(&mut target).collect();
        assert_eq!(targets, expected, "{service}");
        client.finish();
    }
}
