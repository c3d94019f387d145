//! Reads the facts about media files, on a thread of its own.

use super::state::State;
use crate::disk::bytes::Stamp;
use crate::disk::config::Project;
use crate::disk::media::{Loaded, Options, load};
use crate::settings::MediaSources;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Reads the facts of these projects and of the client's settings, unless they have been read lately. Calls `then` if they
/// have changed: files that are not open have to be read again, and settings files may have other findings.
pub fn refresh(state: &mut State, projects: &[Arc<Project>], then: fn(&mut State)) {
    let of_projects = projects.iter().map(|project| (project.path.clone(), project.configuration.media()));
    let mut sources: BTreeMap<_, _> = of_projects.collect();
    sources.insert(PathBuf::new(), state.workspace.client_media());
    sources.retain(|_, sources| !sources.is_empty());
    state.readings.keep(|key| sources.contains_key(key));
    if state.workspace.keep_media(|key| sources.contains_key(key)) {
        state.apply_settings();
    }
    for (key, sources) in sources {
        let metadata = sources.manifest.as_ref().and_then(|(path, _)| path.metadata().ok());
        let manifest = metadata.as_ref().map(Stamp::of);
        if state.readings.is_due(&key, &sources, manifest) {
            read(state, (key, sources), manifest, then);
        }
    }
}

fn read(state: &mut State, (key, sources): (PathBuf, MediaSources), manifest: Option<Stamp>, then: fn(&mut State)) {
    let mut options = Options::default();
    let stop = Arc::clone(&options.stop);
    let is_first = state.readings.start(&key, &sources, manifest, Arc::clone(&stop)) && !sources.mirrors.is_empty();
    let number = state.next_number();
    let title = || "Reading media files".to_owned();
    if is_first && let Some((progress, token)) = state.client.cancellable_progress(number, title()) {
        state.running.add(token, &stop);
        options.progress = Some(Arc::new(move |done, all| progress.report(done, all)));
    }
    let work = move || {
        // Reading must end even if it panics.
        let loaded = catch_unwind(AssertUnwindSafe(|| load(&sources, &options)));
        drop(options);
        loaded.unwrap_or_else(|_| {
            tracing::error!("reading media files panicked");
            Loaded::default()
        })
    };
    state.media_work(work, move |state, loaded| {
        // The settings name other sources now, or the user has cancelled it: then nothing is known until they do.
        if stop.load(Ordering::Relaxed) {
            return;
        }
        state.readings.end(&key);
        if key.as_os_str().is_empty() && state.workspace.media(&key).is_none_or(|it| it.problems != loaded.problems) {
            for (_, problem) in &loaded.problems {
                state.client.warn(&format!("tuning-ls settings: {problem}"));
            }
        }
        if state.workspace.set_media(key, loaded) {
            state.apply_settings();
            then(state);
        }
    });
}
