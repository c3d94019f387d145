//! Paths in the form that other programs expect.

use std::path::{Component, Path};
use url::Url;

/// The path with `/` as the separator and without a leading `.`, as readers of reports look it up in a repository. It
/// is relative if it is in the current folder.
#[must_use]
pub fn in_repository(path: &Path) -> String {
    // On Windows, `C:a` and `\a` depend on the current folder and are not in it.
    let whole = match path.components().next() {
        Some(Component::Prefix(_) | Component::RootDir) => std::path::absolute(path).ok(),
        _ => None,
    };
    let path = whole.as_deref().unwrap_or(path);
    let relative = std::env::current_dir().ok().and_then(|folder| path.strip_prefix(folder).ok()).unwrap_or(path);
    if relative.is_absolute() {
        return relative.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    }
    let names = relative.components().filter(|part| !matches!(part, Component::CurDir));
    names.map(|name| name.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The path as a URI reference: a `file:` URI for an absolute path outside the current folder, otherwise relative.
#[must_use]
pub fn uri(path: &Path) -> String {
    let path = in_repository(path);
    if Path::new(&path).is_absolute() {
        return Url::from_file_path(&path).map_or(path, String::from);
    }
    let mut reference = String::new();
    // Without `./`, the text before a colon would be the scheme.
    if path.split('/').next().is_some_and(|name| name.contains(':')) {
        reference.push_str("./");
    }
    for (place, name) in path.split('/').enumerate() {
        if place > 0 {
            reference.push('/');
        }
        reference.push_str(&encoded(name));
    }
    reference
}

/// Percent-encodes one name of a path.
fn encoded(name: &str) -> String {
    // `Url` would remove these names.
    if matches!(name, "." | "..") {
        return name.to_owned();
    }
    let Ok(mut url) = Url::parse("file:///") else { return name.to_owned() };
    // `Url` drops these characters.
    name.split_inclusive(['\t', '\n', '\r']).fold(String::new(), |mut encoded, piece| {
        let plain = piece.trim_end_matches(['\t', '\n', '\r']);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear().push(plain);
        }
        encoded.push_str(url.path().trim_start_matches('/'));
        piece[plain.len()..].bytes().for_each(|byte| encoded.push_str(&format!("%{byte:02X}")));
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_reference_that_any_reader_understands() {
        let of = |path: &str| uri(Path::new(path));
        assert_eq!(of("./a b/%41#?.jsonl"), "a%20b/%2541%23%3F.jsonl");
        assert_eq!(of("a\n\rb\t.jsonl"), "a%0A%0Db%09.jsonl");
        assert_eq!(of("../é.jsonl"), "../%C3%A9.jsonl");
        if cfg!(windows) {
            let rooted = of(r"\else where\a.jsonl");
            assert!(rooted.starts_with("file:///") && rooted.ends_with(":/else%20where/a.jsonl"), "{rooted}");
            assert!(of("c:d.jsonl").ends_with("d.jsonl") && !of("c:d.jsonl").contains("c:d"));
        } else {
            assert_eq!(of("c:d.jsonl"), "./c:d.jsonl");
        }
        let inside = std::env::current_dir().expect("there is one").join("x").join("y.jsonl");
        assert_eq!(uri(&inside), "x/y.jsonl");
    }

    #[cfg(unix)]
    #[test]
    fn a_path_outside_the_folder_is_a_file_uri() {
        assert_eq!(uri(Path::new("/else where/a.jsonl")), "file:///else%20where/a.jsonl");
    }
}
