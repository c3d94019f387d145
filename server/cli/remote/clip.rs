//! Asks for one media file: its size, its type, and the parts that hold its length.

use super::answers::Failure;
use super::fragments;
use super::location::Target;
use super::parts::{HEAD, Parts};
use super::servers::Server;
use super::transport::{End, Note};
use crate::disk::media::{read_from, read_start};
use crate::settings::media::Facts;
use futures::StreamExt;
use object_store::client::HttpErrorKind;
use object_store::path::Path;
use object_store::{Attribute, Extensions, GetOptions, GetRange, GetResult, ObjectStore};
use std::io::Cursor;
use std::ops::Range;
use std::sync::Arc;

/// The maximum number of requests for a file, without retries.
const MAX_REQUESTS: usize = 3;

/// A server that sends no parts of a file is stopped after so many bytes.
const MAX_OF_WHOLE: u64 = 1 << 20;

/// Asks for the facts about a location.
pub(super) async fn facts(server: &Server, target: &Target) -> Result<Facts, Failure> {
    let of_file = |reason: String| Failure { reason, is_of_server: false };
    let (store, path) = server.store(target).map_err(of_file)?;
    let mut clip = Clip { server, store, path, note: Note::default(), requests: 0, can_continue: true };
    let (mut parts, content_type) = clip.begin().await?;
    loop {
        let (read, _) = read_from(parts.reader(), parts.len);
        let Some(missing) = parts.missing() else { return read.map_err(of_file) };
        if clip.requests >= MAX_REQUESTS || !clip.can_continue {
            break;
        }
        if let Some(start) = fragments::start(parts.head())
            && parts.is_long(missing)
        {
            match clip.last_fragment(start, parts.len).await? {
                Some(facts) => return Ok(facts),
                None => break,
            }
        }
        let range = parts.next(missing);
        let bytes = clip.part(range.clone(), parts.len).await?;
        parts.add(range.start, bytes);
    }
    // The length stays unknown.
    Ok(read_start(parts.head(), parts.len, content_type))
}

/// A file that is asked for.
struct Clip<'a> {
    server: &'a Server,
    store: Arc<dyn ObjectStore>,
    path: Path,
    note: Note,
    requests: usize,
    /// Whether the server sends parts of the file.
    can_continue: bool,
}

impl Clip<'_> {
    /// Asks for the first bytes, which come with the size and the type that the server knows.
    async fn begin(&mut self) -> Result<(Parts, Option<String>), Failure> {
        let got = match self.get(Some(0..HEAD)).await {
            // The server ignores ranges, or isn't able to say its range.
            Err(_) if matches!(self.note.end(), Some(End::Status(200 | 206, _))) => {
                self.can_continue = false;
                self.get(None).await?
            }
            got => got?,
        };
        let max = if self.can_continue { HEAD } else { MAX_OF_WHOLE };
        let content_type = got.attributes.get(&Attribute::ContentType).map(|value| value.to_string());
        let content_type = content_type.and_then(|value| Some(value.split(';').next()?.trim().to_ascii_lowercase()));
        let mut parts = Parts::new(got.meta.size);
        parts.add(0, self.read(got, max).await?);
        Ok((parts, content_type))
    }

    /// Asks for a part of a file of this length.
    async fn part(&mut self, range: Range<u64>, len: u64) -> Result<Vec<u8>, Failure> {
        let max = range.end - range.start;
        let got = self.get(Some(range)).await?;
        if got.meta.size != len {
            return Err(Failure { reason: "it changed while it was read".to_owned(), is_of_server: false });
        }
        self.read(got, max).await
    }

    /// Reads an MP4 file of this length in fragments, of which the start is known. `None` if it doesn't say where its last
    /// fragment is.
    async fn last_fragment(&mut self, start: &[u8], len: u64) -> Result<Option<Facts>, Failure> {
        let tail = self.part(len.saturating_sub(fragments::PART)..len, len).await?;
        let Some(at) = fragments::last(&tail).filter(|at| *at < len) else { return Ok(None) };
        let fragment = self.part(at..at.saturating_add(fragments::PART).min(len), len).await?;
        let Some(file) = fragments::joined(start, &fragment) else { return Ok(None) };
        let short = file.len() as u64;
        let (read, _) = read_from(Cursor::new(file), short);
        // The frames of the other fragments were not counted.
        Ok(read.ok().map(|facts| Facts { bytes: Some(len), frame_rate: None, ..facts }))
    }

    async fn get(&mut self, range: Option<Range<u64>>) -> Result<GetResult, Failure> {
        self.requests += 1;
        self.note.clear();
        let mut extensions = Extensions::new();
        extensions.insert(self.note.clone());
        let options = GetOptions { range: range.map(GetRange::Bounded), extensions, ..GetOptions::default() };
        let got = self.store.get_opts(&self.path, options).await;
        self.server.note(!matches!(self.note.end(), Some(End::NoAnswer(_)) | None));
        got.map_err(|_| self.failure())
    }

    /// Reads the content of an answer up to a length.
    async fn read(&self, got: GetResult, max: u64) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let mut stream = got.into_stream();
        while (bytes.len() as u64) < max
            && let Some(chunk) = stream.next().await
        {
            let chunk = chunk.map_err(|_| self.failure())?;
            bytes.extend_from_slice(&chunk);
        }
        bytes.truncate(usize::try_from(max).unwrap_or(usize::MAX));
        Ok(bytes)
    }

    /// Why the last request failed.
    fn failure(&self) -> Failure {
        let (reason, is_of_server) = match self.note.end() {
            // There was no request, because there are no credentials anymore.
            None => ("the credentials of its store do not work anymore".to_owned(), true),
            Some(End::Status(404 | 405 | 410, _)) => ("it does not exist".to_owned(), false),
            Some(End::Status(416, _)) => ("it is empty".to_owned(), false),
            Some(End::Status(301 | 307 | 400, Some(region))) => {
                (format!("its bucket is in the region `{region}`; set AWS_REGION to it"), true)
            }
            Some(End::Status(401 | 403, _)) if self.server.is_anonymous => {
                let why = "there are no credentials in the environment that work, and it is not public";
                (format!("access to it is denied: {why}"), false)
            }
            Some(End::Status(status @ (401 | 403), _)) => (format!("access to it is denied (status {status})"), false),
            Some(End::Status(200 | 206, _)) => {
                ("its server sends neither its size nor parts of it, or stops sending".to_owned(), false)
            }
            Some(End::Status(status, _)) => (format!("its server answers with status {status}"), status >= 500),
            Some(End::NoAnswer(HttpErrorKind::Timeout)) => ("its server does not answer in time".to_owned(), true),
            Some(End::NoAnswer(HttpErrorKind::Connect)) => ("its server cannot be reached".to_owned(), true),
            Some(End::NoAnswer(_)) => ("its server closes the connection".to_owned(), true),
        };
        Failure { reason, is_of_server }
    }
}
