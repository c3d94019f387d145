//! The pull requests that wait for their findings.

use super::message::Reply;
use lsp_types::{DocumentDiagnosticReport, ProgressToken, Uri, WorkspaceDiagnosticReport};
use std::collections::HashMap;

/// A request for diagnostics.
pub enum Pull {
    /// Those of one file. The client may have an earlier result.
    Document { uri: Uri, previous: Option<String>, reply: Reply<DocumentDiagnosticReport> },
    /// Those of all files.
    Workspace {
        /// The earlier results that the client has.
        previous: HashMap<Uri, String>,
        /// For an answer in several parts.
        token: Option<ProgressToken>,
        reply: Reply<WorkspaceDiagnosticReport>,
    },
}

impl Pull {
    pub fn is_cancelled(&self) -> bool {
        match self {
            Self::Document { reply, .. } => reply.is_cancelled(),
            Self::Workspace { reply, .. } => reply.is_cancelled(),
        }
    }
}

/// The requests, in the order of their arrival.
#[derive(Default)]
pub struct Waiting(Vec<Pull>);

impl Waiting {
    pub fn add(&mut self, pull: Pull) {
        self.0.push(pull);
    }

    /// Whether no request waits, not counting cancelled ones.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Pull::is_cancelled)
    }

    /// Removes the requests that are `ready`, and drops cancelled ones.
    pub fn take(&mut self, mut ready: impl FnMut(&Pull) -> bool) -> Vec<Pull> {
        self.0.retain(|pull| !pull.is_cancelled());
        self.0.extract_if(.., |pull| ready(pull)).collect()
    }
}
