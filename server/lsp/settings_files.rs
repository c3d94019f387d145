//! `tuning-ls.toml` in the editor: what is wrong in it, and switching a rule off in it.

use super::publish;
use super::session::Session;
use crate::analysis::listing::Listed;
use crate::disk::FileText;
use crate::disk::config::Project;
use lsp_types::{PublishDiagnosticsParams, Uri};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Publishes what is wrong in these settings files as they are on disk, and takes back what was published
/// of others.
pub(super) fn publish(session: &mut Session, projects: &[Arc<Project>]) {
    let Session { client, pages, listener, datasets, .. } = session;
    let mut faulty = BTreeSet::new();
    for project in projects.iter().filter(|project| !project.findings.is_empty()) {
        let Ok(uri) = Uri::from_file_path(&project.path) else { continue };
        let text = FileText::new(project.text.clone().into_bytes());
        let diagnostics = project.findings.iter().map(|finding| {
            // Its spans count from the beginning of the file.
            let listed = Listed { line: 0, finding: finding.to_finding() };
            let place = |line, byte| super::extensions::place_on_disk(&text, line, byte, client.encoding);
            publish::diagnostic(&uri, client, pages, listed, &place)
        });
        let diagnostics = diagnostics.collect();
        listener.publish(PublishDiagnosticsParams { uri, version: None, diagnostics });
        faulty.insert(project.path.clone());
    }
    for path in datasets.faulty.difference(&faulty) {
        if let Ok(uri) = Uri::from_file_path(path) {
            listener.publish(publish::nothing(uri));
        }
    }
    datasets.faulty = faulty;
}
