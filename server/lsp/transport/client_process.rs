//! The process that started us: when it is gone, so are we, even while someone holds our input open.

use serde_json::Value;
use std::future::pending;
use std::time::Duration;
use tracing::debug;

/// How often we look whether it is still there.
const LOOK_FOR_CLIENT: Duration = Duration::from_secs(1);

/// The process that started us, as it said.
pub struct ClientProcess {
    id: u64,
    /// Another process may get the same id later, but not with the same start.
    started: String,
}

impl ClientProcess {
    /// The process named in the parameters of `initialize`. One that cannot be seen is not watched:
    /// it may live outside our container, and the end of the input will tell.
    pub fn of(params: Option<&Value>) -> Option<Self> {
        let id = params?.get("processId")?.as_u64()?;
        let started = process_start(id);
        if started.is_none() {
            debug!("the client's process {id} cannot be seen from here and is not watched");
        }
        Some(Self { id, started: started? })
    }
}

/// Returns when the client's process is gone, if there is one to watch.
pub async fn gone(client: Option<&ClientProcess>) {
    match client {
        None => pending().await,
        // Starts anew with every message, and who sends messages is there.
        Some(client) => loop {
            tokio::time::sleep(LOOK_FOR_CLIENT).await;
            if process_start(client.id).as_ref() != Some(&client.started) {
                return;
            }
        },
    }
}

/// When a living process started, by whatever clock; `None` where there is no `/proc`.
fn process_start(id: u64) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name stands in brackets and may hold anything, even brackets.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = fields.next()?;
    // A zombie is dead, only nobody has asked after it yet.
    (!matches!(state, "Z" | "X" | "x")).then(|| fields.nth(18).map(str::to_owned))?
}
