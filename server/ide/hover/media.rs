//! What is known about a media file, for its hover.

use super::about::About;
use super::code;
use crate::example::Media;
use crate::example::mime::MediaKind;
use crate::example::shared::SharedValue;
use crate::example::tokens::grouped;
use crate::rules::wording::size;
use crate::schema::scalar::Duration;
use crate::settings::media::{Facts, Lookup};

impl About<'_> {
    /// What is known about the file at a location; `None` if nothing is.
    pub(super) fn facts(&self, media: &Media, uri: &str) -> Option<String> {
        let facts = match self.media?.of(uri) {
            Lookup::Unknown => return None,
            Lookup::Known(facts) => facts,
            Lookup::Unreadable(reason) => return Some(format!("The local copy can't be read: {reason}.")),
            Lookup::Unopened(reason) => {
                return Some(format!("Nothing is known about the file: the local copy can't be opened: {reason}."));
            }
            Lookup::Missing(near) => {
                let near = near.map_or(String::new(), |near| format!(" Did you mean {}?", code(near)));
                return Some(format!("There is no such file among the local copies.{near}"));
            }
        };
        let figures = figures(facts, media.known.length);
        let verdict = self.fitting(media).map_or(String::new(), |verdict| format!("\n\n{verdict}"));
        let origin = code(&facts.origin);
        (!figures.is_empty()).then(|| format!("{}. Known from {origin}.{verdict}", figures.join(" · ")))
    }

    /// The resolutions that a video, or the piece of it that is used, is short enough for.
    fn fitting(&self, media: &Media) -> Option<String> {
        let field = self.format.words.shared.filter(|_| media.kind == Some(MediaKind::Video))?;
        let length = self.example.length_of(self.record, media)?;
        let what = if self.example.segment_of(media.part).is_some() { "The segment" } else { "The video" };
        let limits =
            SharedValue::ALL.into_iter().filter_map(|value| Some((value, self.limits.longest_segment(value)?)));
        let (fits, dropped): (Vec<_>, Vec<_>) =
            limits.partition(|(_, longest)| length <= Duration::from_seconds(*longest));
        let names = |values: &[(SharedValue, u32)]| {
            let names: Vec<_> = values.iter().map(|(value, _)| format!("`{}`", field.label(*value))).collect();
            names.join(" and ")
        };
        Some(match (fits.is_empty(), dropped.is_empty()) {
            (true, true) => return None,
            (false, true) => format!("{what} ({}) fits every resolution.", length.clock()),
            (true, false) => format!("{what} ({}) would be dropped at every resolution.", length.clock()),
            (false, false) => format!(
                "{what} ({}) would be dropped at {}, and fits {}.",
                length.clock(),
                names(&dropped),
                names(&fits)
            ),
        })
    }
}

/// The facts in a few words each, the length first.
fn figures(facts: &Facts, length: Option<Duration>) -> Vec<String> {
    let plural = |count: u32| if count == 1 { "" } else { "s" };
    let figures = [
        length.map(|length| format!("**{}** long", length.clock())),
        facts.bytes.map(size),
        facts.content().map(code),
        facts.size.map(|(width, height)| format!("{width} × {height} pixels")),
        facts.frame_rate.map(|rate| format!("{} frames per second", (rate * 100.0).round() / 100.0)),
        facts.has_audio.map(|sound| if sound { "with sound" } else { "without sound" }.to_owned()),
        facts.pages.map(|pages| format!("{} page{}", grouped(pages.into()), plural(pages))),
    ];
    figures.into_iter().flatten().collect()
}
