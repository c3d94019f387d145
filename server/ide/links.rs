//! Links from the media locations of a file to pages and files.

use crate::analysis::{Analyst, Source};
use crate::formats::service::Locations;
use crate::ide::edits::without_mark;
use crate::ide::mentions::inside_quotes;
use crate::ide::records::visit_records;
use crate::json::Span;
use crate::schema::scalar::{CONSOLE, Location, LocationFault, console_page, parse_location, placeholder};
use memchr::memmem;
use std::ops::Range;
use std::path::Path;
use url::Url;

/// The most links of a file. The records after them have none.
pub const MAX_LINKS: usize = 2_000;

/// The most bytes of records to parse. The records after them have no links.
const MAX_BYTES: usize = 8 << 20;

/// A location that can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The first line of its record.
    pub line: usize,
    /// The bytes of the location, inside the quotes.
    pub span: Span,
    /// The location.
    pub location: String,
}

/// The links of a file: the first [`MAX_LINKS`]. `records` are its records of more than one line.
pub fn links(source: &dyn Source, records: &[Range<usize>], analyst: &mut Analyst) -> Vec<Link> {
    let mut links = Vec::new();
    let mut left = MAX_BYTES;
    let settings = analyst.settings().clone();
    let reads_paths = crate::formats::FORMATS.iter().any(|format| settings.service(format).reads.paths);
    visit_records(source, 0..source.line_count(), records, &mut |line, input| {
        let bytes = input.text.as_bytes();
        if !reads_paths && memmem::find(bytes, b"://").is_none() && memmem::find(bytes, b":\\/").is_none() {
            return true;
        }
        let text = without_mark(input.text);
        let Some(rest) = left.checked_sub(text.len()) else { return false };
        left = rest;
        let reading = analyst.read(&text);
        let reads = settings.service(reading.kind.format).reads;
        for node in reading.example.media.iter().filter_map(|media| media.uri) {
            let location = reading.record.string(node).filter(|location| can_be_opened(location, reads));
            if let Some(location) = location.filter(|_| links.len() < MAX_LINKS) {
                let span = inside_quotes(reading.record, node);
                links.push(Link { line, span, location: location.into_owned() });
            }
        }
        links.len() < MAX_LINKS
    });
    links
}

fn can_be_opened(location: &str, reads: Locations) -> bool {
    placeholder(location).is_none()
        && match parse_location(location) {
            Ok(_) => true,
            Err(LocationFault::LocalPath | LocationFault::FileUrl) => reads.paths,
            Err(_) => false,
        }
}

/// What a link opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The URL.
    pub target: String,
    /// What it is, in a few words.
    pub tooltip: String,
}

/// What the link to a location opens. `folder` is the folder of the file that names it.
#[must_use]
pub fn opened(location: &str, folder: Option<&Path>) -> Option<Opened> {
    let of = |target: String, tooltip: &str| Some(Opened { target, tooltip: tooltip.to_owned() });
    match parse_location(location) {
        Ok(Location::Object { bucket, object }) => {
            of(console_page(bucket, object)?, &format!("Open the page of the object in the {CONSOLE}"))
        }
        Ok(Location::Web(_)) => of(location.to_owned(), "Open the URL"),
        Err(LocationFault::FileUrl) => of(Url::parse(location).ok()?.into(), "Open the file"),
        Err(LocationFault::LocalPath) => {
            let path = folder.map_or_else(|| Path::new(location).to_path_buf(), |folder| folder.join(location));
            of(Url::from_file_path(path).ok()?.into(), "Open the file")
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use crate::text::Document;

    fn locations(text: &str, service: &str) -> Vec<(usize, String)> {
        let document = Document::new(text, 0);
        let settings = Settings::from_json(&serde_json::json!({ "service": service })).0;
        let links = links(&document, &[], &mut Analyst::new(&settings));
        links.into_iter().map(|link| (link.line, link.location)).collect()
    }

    fn chat(url: &str) -> String {
        format!(
            r#"{{"messages":[{{"role":"user","content":[{{"type":"image_url","image_url":{{"url":"{url}"}}}}]}}]}}"#
        )
    }

    #[test]
    fn locations_are_links_and_paths_only_where_a_service_reads_them() {
        let lines = [
            "https://a.org/b.png",
            "images/a.png",
            "gs://abc/<name>",
            "data:image/png;base64,aGk=",
            "gs:\\/\\/abc\\/c",
        ];
        let text = lines.map(chat).join("\n");
        let of = |line, location: &str| (line, location.to_owned());
        assert_eq!(locations(&text, "openai"), [of(0, "https://a.org/b.png"), of(4, "gs://abc/c")]);
        let paths = [of(0, "https://a.org/b.png"), of(1, "images/a.png"), of(4, "gs://abc/c")];
        assert_eq!(locations(&text, "trl"), paths);
    }

    #[test]
    fn a_link_opens_a_page_a_url_or_a_file() {
        let target = |location: &str| opened(location, Some(Path::new("/data"))).map(|opened| opened.target);
        let console = "https://console.cloud.google.com/storage/browser/_details";
        assert_eq!(target("gs://abc/a b.mp4"), Some(format!("{console}/abc/a%20b.mp4")));
        assert_eq!(target("https://a.org/b?c=%20"), Some("https://a.org/b?c=%20".to_owned()));
        if cfg!(unix) {
            assert_eq!(target("images/a b.png"), Some("file:///data/images/a%20b.png".to_owned()));
            assert_eq!(target("file:///a.png"), Some("file:///a.png".to_owned()));
        }
        assert_eq!(target("s3://abc/a"), None);
    }

    #[test]
    fn the_links_of_a_large_file_are_bounded() {
        let text = [chat("https://a.org/b.png").as_str(), "\n"].concat().repeat(MAX_LINKS + 10);
        assert_eq!(locations(&text, "openai").len(), MAX_LINKS);
    }
}
