//! A language client that talks to the real binary over its standard input and output.

use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Time limit for each wait. It is generous because test machines can be slow.
const PATIENCE: Duration = Duration::from_secs(60);

const PROGRAM: &str = env!("CARGO_BIN_EXE_tuning-ls");

pub struct Client {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    next_id: i64,
    /// Messages from the server that were received while waiting for something else.
    pub notifications: Vec<Value>,
}

impl Client {
    /// Starts the server.
    pub fn start() -> Self {
        Self::of(Command::new(PROGRAM).stderr(Stdio::null()))
    }

    /// Starts the server, which logs as much as it can to a file.
    pub fn logging_to(file: File) -> Self {
        Self::of(Command::new(PROGRAM).env("TUNING_LS_LOG", "debug").stderr(file))
    }

    fn of(command: &mut Command) -> Self {
        let mut child = command
            .args(["serve", "--stdio"])
            .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take();
        let output = child.stdout.take().unwrap();
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self { child, input, messages, next_id: 0, notifications: Vec::new() }
    }

    /// Starts the server and initializes it with these capabilities and settings.
    pub fn initialized(capabilities: &Value, settings: &Value) -> Self {
        Self::in_folder(None, capabilities, settings)
    }

    /// The same, with a workspace folder.
    pub fn in_folder(root: Option<&str>, capabilities: &Value, settings: &Value) -> Self {
        let mut client = Self::start();
        let params = json!({ "processId": null, "rootUri": root, "capabilities": capabilities, "initializationOptions": settings });
        client.request("initialize", params).unwrap();
        client.notify("initialized", json!({}));
        client
    }

    pub fn send_raw(&mut self, body: &[u8]) {
        let input = self.input.as_mut().unwrap();
        write!(input, "Content-Length: {}\r\n\r\n", body.len()).unwrap();
        input.write_all(body).unwrap();
        input.flush().unwrap();
    }

    /// Sends bytes that need not be a message.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    pub fn send(&mut self, message: &Value) {
        self.send_raw(&serde_json::to_vec(message).unwrap());
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request without waiting; returns its id.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// Waits for the response to a request: its result or error.
    pub fn answer(&mut self, id: i64) -> Result<Value, Value> {
        loop {
            let message = self.receive();
            if message.get("method").is_some() {
                self.notifications.push(message);
            } else if message["id"] == json!(id) {
                return match message.get("error") {
                    Some(error) => Err(error.clone()),
                    None => Ok(message["result"].clone()),
                };
            }
        }
    }

    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Waits for the next answer to any request.
    pub fn next_answer(&mut self) -> Value {
        loop {
            let message = self.receive();
            if message.get("method").is_none() {
                return message;
            }
            self.notifications.push(message);
        }
    }

    /// Waits for the next message of any kind; `None` at the end of the output.
    pub fn receive_or_end(&mut self) -> Option<Value> {
        match self.messages.recv_timeout(PATIENCE) {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("the server neither sends anything nor ends"),
        }
    }

    /// Waits for the next message of any kind.
    pub fn receive(&mut self) -> Value {
        self.messages.recv_timeout(PATIENCE).expect("the server sends nothing")
    }

    pub fn open(&mut self, uri: &str, version: i32, text: &str) {
        let document = json!({ "uri": uri, "languageId": "jsonl", "version": version, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// Waits for the diagnostics of this version of a document.
    pub fn diagnostics(&mut self, uri: &str, version: i32) -> Vec<Value> {
        let wanted = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
                && message["params"]["version"] == version
        };
        loop {
            if let Some(place) = self.notifications.iter().position(wanted) {
                let message = self.notifications.remove(place);
                return message["params"]["diagnostics"].as_array().unwrap().clone();
            }
            let message = self.receive();
            self.notifications.push(message);
        }
    }

    /// Waits until the latest diagnostics of a file, whatever its version, have exactly these codes. Earlier ones are
    /// ignored.
    #[allow(clippy::panic)]
    pub fn wait_for(&mut self, uri: &str, codes: &[&str]) -> Vec<Value> {
        let codes_of = |diagnostics: &[Value]| -> Vec<String> {
            diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap().to_owned()).collect()
        };
        self.wait_until(uri, |diagnostics| codes_of(diagnostics) == codes)
            .unwrap_or_else(|last| panic!("{uri}: expected {codes:?}, last got {:?}", last.as_deref().map(codes_of)))
    }

    /// Waits until the latest diagnostics of a file, whatever its version, satisfy `wanted`. On a timeout, the error has the
    /// last diagnostics, if any.
    pub fn wait_until(
        &mut self,
        uri: &str,
        wanted: impl Fn(&[Value]) -> bool,
    ) -> Result<Vec<Value>, Option<Vec<Value>>> {
        let published =
            |message: &Value| message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri;
        let mut last: Option<Vec<Value>> = None;
        loop {
            for message in std::mem::take(&mut self.notifications) {
                if published(&message) {
                    last = Some(message["params"]["diagnostics"].as_array().unwrap().clone());
                } else {
                    self.notifications.push(message);
                }
            }
            if let Some(last) = last.take_if(|last| wanted(last)) {
                return Ok(last);
            }
            let Ok(message) = self.messages.recv_timeout(PATIENCE) else { return Err(last) };
            self.notifications.push(message);
        }
    }

    /// Waits for a notification; returns its parameters.
    pub fn wait_for_notification(&mut self, method: &str) -> Value {
        loop {
            if let Some(place) = self.notifications.iter().position(|message| message["method"] == method) {
                return self.notifications.remove(place)["params"].clone();
            }
            let message = self.receive();
            self.notifications.push(message);
        }
    }

    /// Waits for the next request from the server.
    pub fn next_request(&mut self) -> Value {
        let is_request = |message: &Value| message.get("method").is_some() && message.get("id").is_some();
        loop {
            if let Some(place) = self.notifications.iter().position(is_request) {
                return self.notifications.remove(place);
            }
            let message = self.receive();
            self.notifications.push(message);
        }
    }

    /// Waits for the next request of this method from the server.
    pub fn next_request_named(&mut self, method: &str) -> Value {
        let is_wanted = |message: &Value| message["method"] == method && message.get("id").is_some();
        loop {
            if let Some(place) = self.notifications.iter().position(is_wanted) {
                return self.notifications.remove(place);
            }
            let message = self.receive();
            self.notifications.push(message);
        }
    }

    /// Responds to a request from the server.
    pub fn reply(&mut self, request: &Value, result: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": request["id"], "result": result }));
    }

    /// The memory of the server, in bytes.
    #[cfg(target_os = "linux")]
    pub fn memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        kilobytes.trim().trim_end_matches(" kB").parse::<usize>().unwrap() << 10
    }

    /// Closes the server's input.
    pub fn close_input(&mut self) {
        self.input = None;
    }

    /// Waits for the end of the process.
    pub fn wait(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "the server does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Shuts the server down and asserts that it exits with 0.
    pub fn finish(mut self) {
        self.request("shutdown", Value::Null).unwrap();
        self.notify("exit", Value::Null);
        assert_eq!(self.wait().code(), Some(0));
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut header = String::new();
        if output.read_line(&mut header).ok()? == 0 {
            return None;
        }
        match header.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
