//! Locations that are well-formed, but that the service cannot read.

use super::location::{Location, extension, parse_location};
use std::net::{Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Why the service cannot read a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// A page of the Google Cloud console.
    ConsolePage,
    /// A page of storage.cloud.google.com, for people who are logged in.
    LoginPage,
    /// The own computer.
    Localhost,
    /// An address, or a name, of a private network.
    PrivateNetwork,
    /// A user's name or password is part of the URL.
    Credentials,
    /// A signed URL.
    Signed,
    /// A file of the Files API of Google AI Studio.
    FilesApi,
}

impl Obstacle {
    /// The reason, to be read after "the service cannot read it: ".
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Obstacle::ConsolePage => "it is a page of the Google Cloud console, not the object itself",
            Obstacle::LoginPage => "storage.cloud.google.com asks for a login; name the object as `gs://`",
            Obstacle::Localhost => "it is on this computer",
            Obstacle::PrivateNetwork => "it is in a private network",
            Obstacle::Credentials => "it needs the user name or password that is in the URL; it must be public",
            Obstacle::Signed => "it is a signed URL, which expires",
            Obstacle::FilesApi => "it is a file of the Files API, which needs a key",
        }
    }
}

/// A location that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable {
    /// Why not.
    pub obstacle: Obstacle,
    /// The location that is certainly meant, when there is one.
    pub repair: Option<String>,
}

/// Why the service cannot read this location, as far as its text shows.
#[must_use]
pub fn unreachable(location: &Location<'_>) -> Option<Unreachable> {
    let Location::Web(url) = location else { return None };
    let found = |obstacle| Some(Unreachable { obstacle, repair: None });
    match url.host()? {
        Host::Domain("console.cloud.google.com" | "console.developers.google.com") => {
            return Some(Unreachable { obstacle: Obstacle::ConsolePage, repair: console_object(url) });
        }
        Host::Domain("storage.cloud.google.com") => {
            let object = decoded(url.path().trim_start_matches('/'));
            return Some(Unreachable { obstacle: Obstacle::LoginPage, repair: object.and_then(as_object) });
        }
        Host::Domain("generativelanguage.googleapis.com") if url.path().contains("/files/") => {
            return found(Obstacle::FilesApi);
        }
        Host::Domain(name) if is_local_name(name) => return found(Obstacle::Localhost),
        Host::Domain(name) if is_private_name(name) => return found(Obstacle::PrivateNetwork),
        Host::Domain(_) => {}
        Host::Ipv4(address) => {
            if let Some(obstacle) = address_obstacle(address) {
                return found(obstacle);
            }
        }
        Host::Ipv6(address) => {
            if let Some(obstacle) = address_obstacle6(address) {
                return found(obstacle);
            }
        }
    }
    if !url.username().is_empty() || url.password().is_some() {
        return found(Obstacle::Credentials);
    }
    if is_signed(url) {
        return found(Obstacle::Signed);
    }
    None
}

/// Whether it is a page of YouTube, which is documented for inference only.
#[must_use]
pub fn is_video_page(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    ["youtube.com", "youtu.be", "youtube-nocookie.com"]
        .into_iter()
        .any(|site| host.strip_suffix(site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// The object that a page of the console shows: `/storage/browser/_details/BUCKET/OBJECT;tab=...`. Without `_details`
/// it may be a page of a folder, which has no extension.
fn console_object(url: &Url) -> Option<String> {
    let path = url.path().strip_prefix("/storage/browser/")?;
    let details = path.strip_prefix("_details/");
    // The page's own settings follow a semicolon; one of the object's name would be escaped.
    let object = as_object(decoded(details.unwrap_or(path).split(';').next()?)?)?;
    let has_extension = parse_location(&object).is_ok_and(|location| extension(&location).is_some());
    (details.is_some() || has_extension).then_some(object)
}

/// `BUCKET/OBJECT` as a location, when it is one.
fn as_object(path: String) -> Option<String> {
    let location = format!("gs://{path}");
    parse_location(&location).is_ok().then_some(location)
}

/// The text behind percent escapes; `None` when it is not UTF-8 or an escape is broken.
fn decoded(text: &str) -> Option<String> {
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

fn is_local_name(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

/// Names that no public server has: of one part, or below a domain that is kept for private use.
fn is_private_name(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    !name.contains('.') || [".local", ".internal", ".home.arpa"].into_iter().any(|end| name.ends_with(end))
}

fn address_obstacle(address: Ipv4Addr) -> Option<Obstacle> {
    let [first, second, ..] = address.octets();
    if address.is_loopback() || address.is_unspecified() {
        return Some(Obstacle::Localhost);
    }
    // 100.64.0.0/10 lies behind a provider's address translation (RFC 6598).
    let shared = first == 100 && (64..128).contains(&second);
    (address.is_private() || address.is_link_local() || shared).then_some(Obstacle::PrivateNetwork)
}

fn address_obstacle6(address: Ipv6Addr) -> Option<Obstacle> {
    if let Some(address) = address.to_ipv4_mapped() {
        return address_obstacle(address);
    }
    if address.is_loopback() || address.is_unspecified() {
        return Some(Obstacle::Localhost);
    }
    (address.is_unique_local() || address.is_unicast_link_local()).then_some(Obstacle::PrivateNetwork)
}

/// Whether the query carries a signature: of Cloud Storage, of S3, or the older kind of both.
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
            ("https://console.cloud.google.com/storage/browser/abc", Obstacle::ConsolePage),
            ("https://storage.cloud.google.com/abc/o", Obstacle::LoginPage),
            ("http://localhost:8000/o", Obstacle::Localhost),
            ("http://127.0.0.1/o", Obstacle::Localhost),
            ("http://[::1]/o", Obstacle::Localhost),
            ("http://192.168.0.1/o", Obstacle::PrivateNetwork),
            ("http://169.254.1.1/o", Obstacle::PrivateNetwork),
            ("http://100.64.0.1/o", Obstacle::PrivateNetwork),
            ("http://[fe80::1]/o", Obstacle::PrivateNetwork),
            ("http://[fd00::1]/o", Obstacle::PrivateNetwork),
            ("http://[::ffff:10.0.0.1]/o", Obstacle::PrivateNetwork),
            ("http://nas/o.mp4", Obstacle::PrivateNetwork),
            ("http://nas.local/o.mp4", Obstacle::PrivateNetwork),
            ("https://me:secret@example.com/o", Obstacle::Credentials),
            ("https://storage.googleapis.com/abc/o?X-Goog-Signature=1", Obstacle::Signed),
            ("https://abc.s3.amazonaws.com/o?x-amz-signature=1", Obstacle::Signed),
            ("https://abc.s3.amazonaws.com/o?Signature=1&Expires=2", Obstacle::Signed),
            ("https://generativelanguage.googleapis.com/v1beta/files/abc", Obstacle::FilesApi),
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
    fn only_youtube_is_a_video_page() {
        let page = |text: &str| is_video_page(&Url::parse(text).unwrap());
        assert!(page("https://www.youtube.com/watch?v=1") && page("https://youtu.be/1"));
        assert!(!page("https://notyoutube.com/1") && !page("https://youtube.com.example.org/1"));
    }
}
