//! A small web server on this machine that sends parts of files, as stores of objects do, and notes what it is asked for.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request, without what clients send in addition.
#[derive(Clone, Debug)]
pub struct Request {
    /// The path with its escapes resolved, without the query.
    pub path: String,
    pub range: Option<(usize, usize)>,
    pub authorization: Option<String>,
}

/// How to answer a request.
pub enum Reply {
    /// Sends the part of a file that is asked for, with a type and the headers of a store.
    File(Vec<u8>, &'static str),
    /// Sends the whole file, whatever is asked for.
    Whole(Vec<u8>),
    /// Sends the whole file without saying its length.
    Unmeasured(Vec<u8>),
    Status(u16),
    Moved(String),
    /// Says that the bucket is in another region.
    Region(&'static str),
    /// Closes the connection instead.
    HangUp,
}

/// The server. It runs until the tests end.
pub struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Starts a server that answers like this. The second argument is the number of earlier requests for the same path.
    pub fn start(answer: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::default();
        let (answer, noted) = (Arc::new(answer), Arc::clone(&requests));
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (answer, noted) = (Arc::clone(&answer), Arc::clone(&noted));
                std::thread::spawn(move || {
                    // The client may close the connection at any time.
                    let _ = serve(&connection, &*answer, &noted);
                });
            }
        });
        Self { address, requests }
    }

    /// The URL of the server, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests since the last call.
    pub fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    /// The number of requests for each path since the last call.
    pub fn counts(&self) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for request in self.requests() {
            *counts.entry(request.path).or_default() += 1;
        }
        counts
    }
}

fn serve(
    connection: &TcpStream,
    answer: &(impl Fn(&Request, usize) -> Reply + ?Sized),
    noted: &Mutex<Vec<Request>>,
) -> io::Result<()> {
    let mut reader = BufReader::new(connection);
    while let Some(request) = read(&mut reader)? {
        let before = {
            let mut noted = noted.lock().unwrap();
            let before = noted.iter().filter(|earlier| earlier.path == request.path).count();
            noted.push(request.clone());
            before
        };
        let mut out = connection;
        match answer(&request, before) {
            Reply::HangUp => return connection.shutdown(std::net::Shutdown::Both),
            Reply::Status(status) => write!(out, "HTTP/1.1 {status} Test\r\nContent-Length: 0\r\n\r\n")?,
            Reply::Moved(to) => write!(out, "HTTP/1.1 302 Test\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n")?,
            Reply::Region(region) => {
                write!(out, "HTTP/1.1 301 Test\r\nx-amz-bucket-region: {region}\r\nContent-Length: 0\r\n\r\n")?;
            }
            Reply::Whole(bytes) => {
                write!(out, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", bytes.len())?;
                out.write_all(&bytes)?;
            }
            Reply::Unmeasured(bytes) => {
                write!(out, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
                out.write_all(&bytes)?;
                return connection.shutdown(std::net::Shutdown::Both);
            }
            Reply::File(bytes, mime_type) => send(out, &request, &bytes, mime_type)?,
        }
    }
    Ok(())
}

fn send(mut out: &TcpStream, request: &Request, bytes: &[u8], mime_type: &str) -> io::Result<()> {
    const DATE: &str = "Mon, 02 Mar 2026 10:00:00 GMT";
    let common = format!("Content-Type: {mime_type}\r\nETag: \"1\"\r\nLast-Modified: {DATE}\r\n");
    let len = bytes.len();
    let Some((first, last)) = request.range else {
        write!(out, "HTTP/1.1 200 OK\r\n{common}Content-Length: {len}\r\n\r\n")?;
        return out.write_all(bytes);
    };
    if first >= len {
        return write!(out, "HTTP/1.1 416 Test\r\nContent-Range: bytes */{len}\r\nContent-Length: 0\r\n\r\n");
    }
    let part = &bytes[first..len.min(last + 1)];
    let range = format!("Content-Range: bytes {first}-{}/{len}\r\n", first + part.len() - 1);
    write!(out, "HTTP/1.1 206 Partial Content\r\n{common}{range}Content-Length: {}\r\n\r\n", part.len())?;
    out.write_all(part)
}

/// Reads a request; `None` if there is no other.
fn read(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default();
    let path = tuning_ls::schema::scalar::percent_decoded(path).unwrap_or_default();
    let mut request = Request { path, range: None, authorization: None };
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { return Ok(Some(request)) };
        match &*name.to_ascii_lowercase() {
            "range" => {
                let range = value.strip_prefix("bytes=").and_then(|range| range.split_once('-'));
                request.range = range.and_then(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?)));
            }
            "authorization" => request.authorization = Some(value.to_owned()),
            _ => {}
        }
    }
}
