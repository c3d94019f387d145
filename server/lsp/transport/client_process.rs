//! The process that started the server. The server ends when it is gone, even if another process keeps the input open.

use serde_json::Value;
use std::future::pending;
use std::time::Duration;
use tracing::debug;

/// How often to check whether the process exists.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// The process that started the server.
pub struct ClientProcess {
    id: u64,
    /// Another process may get the same id later, but with another start time.
    started: String,
}

impl ClientProcess {
    /// The process in the parameters of `initialize`. A process that isn't visible isn't watched: it may be outside our
    /// container, and then the end of the input shows its end.
    pub fn of(params: Option<&Value>) -> Option<Self> {
        let id = params?.get("processId")?.as_u64()?;
        let started = process_start(id);
        if started.is_none() {
            debug!("the client's process {id} isn't visible, so it isn't watched");
        }
        Some(Self { id, started: started? })
    }
}

/// Returns when the client's process is gone, if there is one to watch.
pub async fn gone(client: Option<&ClientProcess>) {
    match client {
        None => pending().await,
        // Every message restarts this wait: a client that sends messages exists.
        Some(client) => loop {
            tokio::time::sleep(CHECK_INTERVAL).await;
            if process_start(client.id).as_ref() != Some(&client.started) {
                return;
            }
        },
    }
}

/// The start time of a living process in any unit; `None` if there is no `/proc`.
fn process_start(id: u64) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name is in parentheses and may contain anything, even parentheses.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = fields.next()?;
    // A zombie has ended, but its parent hasn't waited for it.
    (!matches!(state, "Z" | "X" | "x")).then(|| fields.nth(18).map(str::to_owned))?
}
