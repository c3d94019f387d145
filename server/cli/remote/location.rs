//! Locations that servers can be asked for.

use crate::schema::scalar::lower_scheme;
use object_store::path::Path;
use url::Url;

/// What to ask for a location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// An object in a bucket.
    Object { store: Store, bucket: String, name: Path },
    /// A file on a web server.
    Web(Url),
}

/// A kind of store of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Store {
    Google,
    Amazon,
}

impl Target {
    /// What a location stands for. The error is a clause about "it".
    pub fn of(location: &str) -> Result<Self, String> {
        let location = &*lower_scheme(location);
        for (scheme, store) in [("gs://", Store::Google), ("s3://", Store::Amazon)] {
            let Some(rest) = location.strip_prefix(scheme) else { continue };
            let (bucket, name) = rest.split_once('/').unwrap_or((rest, ""));
            if bucket.is_empty() || name.is_empty() {
                return Err("it is not the location of an object".to_owned());
            }
            // The library would remove these slashes, which are a part of the name.
            let is_changed = name.starts_with('/') || name.ends_with('/');
            let name = Path::parse(name).ok().filter(|_| !is_changed);
            let name =
                name.ok_or("its name has a part that is empty, `.`, `..` or not printable, and can't be asked for")?;
            return Ok(Self::Object { store, bucket: bucket.to_owned(), name });
        }
        let mut url = Url::parse(location).map_err(|error| format!("its URL is malformed: {error}"))?;
        url.set_fragment(None);
        Ok(Self::Web(url))
    }

    /// The server or bucket, for a person.
    pub fn server(&self) -> String {
        match self {
            Self::Object { store: Store::Google, bucket, .. } => format!("gs://{bucket}"),
            Self::Object { store: Store::Amazon, bucket, .. } => format!("s3://{bucket}"),
            Self::Web(url) => url.origin().ascii_serialization(),
        }
    }

    /// The location for a person. A query or password may be secret, as in a signed URL.
    pub fn shown(&self) -> String {
        match self {
            Self::Object { name, .. } => format!("{}/{name}", self.server()),
            Self::Web(url) => {
                let query = if url.query().is_some() { "?…" } else { "" };
                format!("{}{}{query}", self.server(), url.path())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_objects_are_kept_as_they_are() {
        let shown = |location| Target::of(location).map(|target| target.shown());
        for same in ["gs://b/a%20b/ü #1?.mp4", "s3://b.c/a", "https://h.example/a%20b.mp4", "http://127.0.0.1:8000/a"]
        {
            assert_eq!(shown(same).as_deref(), Ok(same));
        }
        assert_eq!(shown("GS://b/a").as_deref(), Ok("gs://b/a"));
        for wrong in
            ["gs://b", "gs://b/", "gs:///a", "gs://b//a", "gs://b/a/", "gs://b/a/../b", "gs://b/a\n", "https://"]
        {
            assert!(shown(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn secrets_of_urls_are_not_shown() {
        let target = Target::of("https://user:password@h.example/a.mp4?Signature=secret#part").unwrap();
        assert_eq!(target.shown(), "https://h.example/a.mp4?…");
        assert_eq!(target.server(), "https://h.example");
    }
}
