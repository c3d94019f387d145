//! Well-formed locations that the service cannot read.

use super::parse::{Location, extension, parse_location};
use super::store::OBJECT_SCHEME;
use std::net::{Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Why the service cannot read a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Obstacle(&'static str);

const CONSOLE_PAGE: Obstacle = Obstacle("it is a page of the Google Cloud console, not the object itself");
const LOGIN_PAGE: Obstacle = Obstacle("storage.cloud.google.com asks for a login");
const LOCALHOST: Obstacle = Obstacle("it is on this computer");
const PRIVATE_NETWORK: Obstacle = Obstacle("it is in a private network");
const CREDENTIALS: Obstacle = Obstacle("it needs the user name or password in the URL");
const SIGNED: Obstacle = Obstacle("it is a signed URL, which expires");
const FILES_API: Obstacle = Obstacle("it is a file of the Files API, which needs a key");

impl Obstacle {
    /// The reason, as a clause about "it".
    #[must_use]
    pub fn message(self) -> &'static str {
        self.0
    }
}

/// A location that the service cannot read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable {
    /// The reason.
    pub obstacle: Obstacle,
    /// The location that is certainly meant, if there is one.
    pub repair: Option<String>,
}

/// Why the service cannot read this location, as far as its text shows.
#[must_use]
pub fn unreachable(location: &Location<'_>) -> Option<Unreachable> {
    let Location::Web(url) = location else { return None };
    let obstacle = match url.host()? {
        Host::Domain("console.cloud.google.com" | "console.developers.google.com") => {
            return Some(Unreachable { obstacle: CONSOLE_PAGE, repair: console_object(url) });
        }
        Host::Domain("storage.cloud.google.com") => {
            let object = percent_decoded(url.path().trim_start_matches('/'));
            return Some(Unreachable { obstacle: LOGIN_PAGE, repair: object.and_then(as_object) });
        }
        Host::Domain("generativelanguage.googleapis.com") if url.path().contains("/files/") => Some(FILES_API),
        Host::Domain(name) if name == "localhost" || name.ends_with(".localhost") => Some(LOCALHOST),
        Host::Domain(name) if is_private_name(name) => Some(PRIVATE_NETWORK),
        Host::Domain(_) => None,
        Host::Ipv4(address) => address_obstacle(address),
        Host::Ipv6(address) => address_obstacle6(address),
    };
    let needs_credentials = !url.username().is_empty() || url.password().is_some();
    let obstacle =
        obstacle.or(needs_credentials.then_some(CREDENTIALS)).or_else(|| is_signed(url).then_some(SIGNED))?;
    Some(Unreachable { obstacle, repair: None })
}

/// Whether a URL is on one of these hosts, or on a host below them.
#[must_use]
pub fn is_of_site(url: &Url, hosts: &[&str]) -> bool {
    let host = url.host_str().unwrap_or_default();
    hosts.iter().any(|site| host.strip_suffix(site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// The object that a page of the console shows: `/storage/browser/_details/BUCKET/OBJECT;tab=...`. Without `_details`
/// it may be the page of a folder, which has no extension.
fn console_object(url: &Url) -> Option<String> {
    let path = url.path().strip_prefix("/storage/browser/")?;
    let details = path.strip_prefix("_details/");
    // The page's settings follow a semicolon; a semicolon in the object's name would be escaped.
    let object = as_object(percent_decoded(details.unwrap_or(path).split(';').next()?)?)?;
    let has_extension = parse_location(&object).is_ok_and(|location| extension(&location).is_some());
    (details.is_some() || has_extension).then_some(object)
}

/// The page of the console that shows an object; `None` if no URL can name it.
#[must_use]
pub fn console_page(bucket: &str, object: &str) -> Option<String> {
    // Browsers remove these parts of a path, however they are escaped.
    if object.split('/').any(|part| matches!(part, "." | "..")) {
        return None;
    }
    let mut page = format!("https://console.cloud.google.com/storage/browser/_details/{bucket}/");
    for byte in object.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => page.push(char::from(byte)),
            byte => page.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(page)
}

/// `BUCKET/OBJECT` as a location, if it is valid.
fn as_object(path: String) -> Option<String> {
    let location = format!("{OBJECT_SCHEME}{path}");
    parse_location(&location).is_ok().then_some(location)
}

/// Decodes percent escapes; `None` if an escape is broken or the text is not UTF-8.
#[must_use]
pub fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// The name of a file as the path of a URL has to write it.
#[must_use]
pub fn percent_encoded(name: &str) -> Option<String> {
    // These would begin something else than a name.
    let name = name.replace('%', "%25").replace('?', "%3F").replace('#', "%23").replace('\\', "%5C");
    let mut url = Url::parse("https://host/").ok()?;
    url.set_path(&name);
    Some(url.path().strip_prefix('/')?.to_owned())
}

/// Whether no public server can have this name: it has one part only, or is in a domain reserved for private use.
fn is_private_name(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    !name.contains('.') || [".local", ".internal", ".home.arpa"].into_iter().any(|end| name.ends_with(end))
}

fn address_obstacle(address: Ipv4Addr) -> Option<Obstacle> {
    let [first, second, ..] = address.octets();
    if address.is_loopback() || address.is_unspecified() {
        return Some(LOCALHOST);
    }
    // 100.64.0.0/10 is for carrier-grade NAT (RFC 6598).
    let shared = first == 100 && (64..128).contains(&second);
    (address.is_private() || address.is_link_local() || shared).then_some(PRIVATE_NETWORK)
}

fn address_obstacle6(address: Ipv6Addr) -> Option<Obstacle> {
    if let Some(address) = address.to_ipv4_mapped() {
        return address_obstacle(address);
    }
    if address.is_loopback() || address.is_unspecified() {
        return Some(LOCALHOST);
    }
    (address.is_unique_local() || address.is_unicast_link_local()).then_some(PRIVATE_NETWORK)
}

/// Whether the query has a signature: of Cloud Storage, of S3, or the older kind of both.
fn is_signed(url: &Url) -> bool {
    let has = |name: &str| url.query_pairs().any(|(key, _)| key.eq_ignore_ascii_case(name));
    url.query().is_some()
        && (has("X-Goog-Signature") || has("X-Amz-Signature") || (has("Signature") && has("Expires"))
        // A shared access signature of Azure.
        || (has("sig") && (has("sv") || has("se"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn obstacle(text: &str) -> Option<Obstacle> {
        unreachable(&parse_location(text).unwrap()).map(|found| found.obstacle)
    }

    #[test]
    fn public_locations_have_no_obstacle() {
        for text in [
            "gs://abc/o",
            "https://example.com/clip.mp4?Expires=1",
            "https://storage.googleapis.com/abc/o",
            "http://8.8.8.8/clip.mp4",
            "https://[2001:4860:4860::8888]/clip.mp4",
        ] {
            assert_eq!(obstacle(text), None, "{text}");
        }
    }

    #[test]
    fn each_obstacle_is_named() {
        for (text, expected) in [
            ("https://console.cloud.google.com/storage/browser/abc", CONSOLE_PAGE),
            ("https://storage.cloud.google.com/abc/o", LOGIN_PAGE),
            ("http://localhost:8000/o", LOCALHOST),
            ("http://127.0.0.1/o", LOCALHOST),
            ("http://[::1]/o", LOCALHOST),
            ("http://192.168.0.1/o", PRIVATE_NETWORK),
            ("http://169.254.1.1/o", PRIVATE_NETWORK),
            ("http://100.64.0.1/o", PRIVATE_NETWORK),
            ("http://[fe80::1]/o", PRIVATE_NETWORK),
            ("http://[fd00::1]/o", PRIVATE_NETWORK),
            ("http://[::ffff:10.0.0.1]/o", PRIVATE_NETWORK),
            ("http://nas/o.mp4", PRIVATE_NETWORK),
            ("http://nas.local/o.mp4", PRIVATE_NETWORK),
            ("https://me:secret@example.com/o", CREDENTIALS),
            ("https://storage.googleapis.com/abc/o?X-Goog-Signature=1", SIGNED),
            ("https://abc.s3.amazonaws.com/o?x-amz-signature=1", SIGNED),
            ("https://abc.s3.amazonaws.com/o?Signature=1&Expires=2", SIGNED),
            ("https://generativelanguage.googleapis.com/v1beta/files/abc", FILES_API),
        ] {
            assert_eq!(obstacle(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn pages_of_an_object_lead_to_the_object() {
        let repair = |text: &str| unreachable(&parse_location(text).unwrap()).and_then(|found| found.repair);
        let console = "https://console.cloud.google.com/storage/browser";
        for (text, expected) in [
            ("https://storage.cloud.google.com/abc/dir/a%20b.mp4?authuser=1", Some("gs://abc/dir/a b.mp4")),
            ("https://storage.cloud.google.com/abc", None),
            (&format!("{console}/_details/abc/dir/o.mp4;tab=live_object?project=p"), Some("gs://abc/dir/o.mp4")),
            (&format!("{console}/_details/abc/a%3Bb.mp4"), Some("gs://abc/a;b.mp4")),
            (&format!("{console}/abc/o.mp4"), Some("gs://abc/o.mp4")),
            (&format!("{console}/abc/dir/"), None),
            (&format!("{console}/abc/dir;tab=objects?project=p"), None),
            (&format!("{console}/_details/abc/dir/o"), Some("gs://abc/dir/o")),
            (&format!("{console}/abc;tab=objects?prefix="), None),
            (&format!("{console}/_details/abc/%FF.mp4"), None),
        ] {
            assert_eq!(repair(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_page_of_an_object_leads_back_to_it() {
        for object in ["dir/o.mp4", "a b;c#d?e%41.mp4", "caf\u{e9}/\u{1F600}.mp4", "a//b.mp4"] {
            let page = console_page("abc", object).unwrap();
            let repair = unreachable(&parse_location(&page).unwrap()).and_then(|found| found.repair);
            assert_eq!(repair, Some(format!("gs://abc/{object}")), "{page}");
        }
        assert_eq!(console_page("abc", "a/../b"), None);
    }

    #[test]
    fn a_site_has_its_hosts_and_those_below_them() {
        let page = |text: &str| is_of_site(&Url::parse(text).unwrap(), &["youtube.com", "youtu.be"]);
        assert!(page("https://www.youtube.com/watch?v=1") && page("https://youtu.be/1"));
        assert!(!page("https://notyoutube.com/1") && !page("https://youtube.com.example.org/1"));
    }
}
