//! Media as other formats write them, turned into `fileData`.

use crate::example::mime;
use crate::json::{NodeId, Record, lexer};

/// The value of `fileData` for a location, or an object with its location; `None` if it isn't clear.
pub fn file_of(record: Record<'_>, node: NodeId) -> Option<String> {
    let location =
        ["url", "uri", "fileUri", "file_uri"].iter().find_map(|key| record.member(node, key)).unwrap_or(node);
    let uri = record.string(location)?;
    let is_known = ["gs://", "https://", "http://"].iter().any(|scheme| uri.starts_with(scheme));
    let name = uri.rsplit('/').next()?;
    let mime = mime::for_extension(&name.rsplit_once('.')?.1.to_lowercase()).first()?;
    let (uri, mime) = (lexer::quote(&uri), lexer::quote(mime));
    is_known.then(|| format!(r#"{{"fileUri":{uri},"mimeType":{mime}}}"#))
}
