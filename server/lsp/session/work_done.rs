//! The progress of a request that the client gave a token for, and its cancellation.

use lsp_types::ProgressToken;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

/// Sends a notification with this method and these parameters, from any thread.
pub type Tell = Box<dyn Fn(&str, Value) + Send>;

/// The progress of a request, which ends when this is dropped. Without a token, nothing is shown.
pub struct WorkDone {
    shown: Option<(ProgressToken, Tell)>,
    percent: usize,
    cancelled: Arc<AtomicBool>,
}

impl WorkDone {
    /// Whether the user has cancelled it.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Shows how much is done.
    pub fn report(&mut self, done: usize, all: usize) {
        let percent = done * 100 / all.max(1);
        if percent > self.percent {
            self.percent = percent;
            self.tell(&json!({ "kind": "report", "percentage": percent.min(100) }));
        }
    }

    fn tell(&self, value: &Value) {
        if let Some((token, tell)) = &self.shown {
            tell("$/progress", json!({ "token": token, "value": value }));
        }
    }
}

impl Drop for WorkDone {
    fn drop(&mut self) {
        self.tell(&json!({ "kind": "end" }));
    }
}

/// The work with progress that runs now.
#[derive(Default)]
pub struct Running(Vec<(ProgressToken, Weak<AtomicBool>)>);

impl Running {
    /// Begins to show the progress of a request.
    pub fn begin(&mut self, token: Option<ProgressToken>, title: &str, tell: Tell) -> WorkDone {
        let cancelled = Arc::new(AtomicBool::new(false));
        if let Some(token) = &token {
            self.add(token.clone(), &cancelled);
        }
        let work_done = WorkDone { shown: token.map(|token| (token, tell)), percent: 0, cancelled };
        work_done.tell(&json!({ "kind": "begin", "title": title, "cancellable": true, "percentage": 0 }));
        work_done
    }

    /// Lets the user cancel work that isn't done for a request.
    pub fn add(&mut self, token: ProgressToken, cancelled: &Arc<AtomicBool>) {
        self.0.retain(|(_, cancelled)| cancelled.strong_count() > 0);
        self.0.push((token, Arc::downgrade(cancelled)));
    }

    /// Cancels the work with this token, if it still runs.
    pub fn cancel(&self, token: &ProgressToken) {
        let of_token = self.0.iter().filter(|(running, _)| running == token);
        let cancelled = of_token.filter_map(|(_, cancelled)| cancelled.upgrade());
        cancelled.for_each(|cancelled| cancelled.store(true, Ordering::Relaxed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_is_not_for_a_request_is_cancelled_by_its_token() {
        let mut running = Running::default();
        let (one, other) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        running.add(ProgressToken::String("a".to_owned()), &one);
        running.add(ProgressToken::String("b".to_owned()), &other);
        running.cancel(&ProgressToken::String("b".to_owned()));
        assert!(!one.load(Ordering::Relaxed) && other.load(Ordering::Relaxed));
    }
}
