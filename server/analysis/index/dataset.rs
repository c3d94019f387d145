//! The files of a dataset together: what held-out files share with training files, and what must be the same in all
//! files.

use crate::analysis::index::clips::{self, SortedClips};
use crate::analysis::index::duplicates::{Change, LeakOrigin};
use crate::analysis::line::Analyst;
use crate::analysis::lines::file::Lines;
use crate::analysis::lines::source::Source;
use crate::analysis::store::meanings::RecordId;
use crate::example::meaning::{self, Clip, Meaning};
use crate::example::shared::SharedValue;
use crate::formats::Format;
use crate::rules::format_of;
use crate::rules::judge::{first_of_all, majority};
use crate::rules::relations::Leak;
use crate::rules::{FileIndex, OtherFile, Role, Siblings, What};
use crate::settings::Settings;
use std::collections::BTreeSet;
use std::sync::Arc;

/// For more records than this, the clips of the training files are sorted first.
const MAX_UNSORTED: usize = 64;

/// A file of a dataset. All of its records must be analyzed.
pub struct Member<'a> {
    /// Its lines.
    pub lines: &'a mut Lines,
    /// Their text.
    pub source: &'a dyn Source,
    /// Its name and location.
    pub file: Arc<OtherFile>,
    /// Its role in the training.
    pub role: Role,
}

/// The state of a dataset between calls of [`relate`](Self::relate). Start with a new one when files join or leave the
/// dataset.
#[derive(Debug, Default)]
pub struct DatasetState {
    /// How often the number of lines changed in each file.
    shifts: Option<Vec<u64>>,
    /// How many held-out records were compared with the training files. Tests bound the work of an edit by it.
    pub compared: u64,
}

impl DatasetState {
    /// Relates the files to each other, and returns for each whether its findings may have changed. The cost depends
    /// on the changes since the last call, not on the size of the files.
    pub fn relate(&mut self, members: &mut [Member<'_>], configured: bool, analyst: &mut Analyst) -> Vec<bool> {
        let shifts: Vec<u64> = members.iter().map(|member| member.lines.table.shifts).collect();
        if members.iter().any(|member| member.role != Role::Training) {
            members.iter_mut().for_each(|member| member.lines.table.index.want_videos());
        }
        let is_first = self.shifts.as_ref().is_none_or(|before| before.len() != shifts.len());
        let take_changes = |member: &mut Member<'_>| member.lines.table.index.changes.replace(Vec::new());
        let changes: Vec<_> = members.iter_mut().map(take_changes).collect();
        let mut changed = vec![false; members.len()];
        for held_out in 0..members.len() {
            if members[held_out].role == Role::Training {
                continue;
            }
            let due = records_due(members, held_out, &changes, is_first);
            self.compared += due.len() as u64;
            let mut sorted = (due.len() > MAX_UNSORTED).then(|| vec![SortedClips::default(); members.len()]);
            for record in due {
                changed[held_out] |= compare(members, held_out, record, sorted.as_deref_mut(), analyst);
            }
            let shifted = |file: usize| self.shifts.as_ref().is_none_or(|before| before.get(file) != shifts.get(file));
            changed[held_out] |= update_lines(members, held_out, shifted);
        }
        self.shifts = Some(shifts);
        let settings = analyst.settings();
        for (place, siblings) in siblings(members, configured, settings).into_iter().enumerate() {
            changed[place] |= members[place].lines.set_siblings(siblings);
        }
        changed
    }
}

/// Removes everything that depends on other files, for a file that belongs to no dataset. Returns whether its findings
/// may have changed.
pub fn detach(lines: &mut Lines, role: Role) -> bool {
    let leaking: Vec<RecordId> = lines.table.index.leaks.keys().copied().collect();
    for &record in &leaking {
        lines.table.set_leak(record, None);
    }
    lines.set_siblings(Siblings { role, ..Siblings::default() }) || !leaking.is_empty()
}

/// The held-out records to compare with the training files.
fn records_due(
    members: &[Member<'_>],
    held_out: usize,
    changes: &[Option<Vec<Change>>],
    is_first: bool,
) -> BTreeSet<RecordId> {
    let index = &members[held_out].lines.table.index;
    let training = members.iter().zip(changes).filter(|(member, _)| member.role == Role::Training);
    let training: Option<Vec<_>> = training.map(|(_, changes)| changes.as_ref()).collect();
    let (false, Some(own), Some(training)) = (is_first, &changes[held_out], training) else {
        return index.meanings.records().collect();
    };
    let added = own.iter().filter_map(|(_, record)| *record);
    let mut due: BTreeSet<RecordId> = added.filter(|&record| index.meanings.contains(record)).collect();
    for (meaning, _) in training.into_iter().flatten() {
        due.extend(index.with_digests(meaning.input, meaning.target));
        for &clip in &meaning.clips {
            let overlapping = index.pieces(clip.video).filter(|(own, _)| own.overlaps(clip));
            due.extend(overlapping.map(|(_, record)| record));
        }
    }
    due
}

/// Compares a held-out record with the training files, and returns whether its findings change.
fn compare(
    members: &mut [Member<'_>],
    held_out: usize,
    record: RecordId,
    mut sorted: Option<&mut [SortedClips]>,
    analyst: &mut Analyst,
) -> bool {
    let own = &members[held_out];
    let index = &own.lines.table.index;
    let Some(meaning) = index.meanings.meaning(record) else { return false };
    let training = members.iter().enumerate().filter(|(_, member)| member.role == Role::Training);
    let mut found: Option<LeakOrigin> = None;
    for (file, member) in training {
        let sorted = sorted.as_deref_mut().map(|all| &mut all[file]);
        let (theirs, clips) = if let Some(theirs) = same_example(own, member, record, &meaning, analyst) {
            (theirs, None)
        } else if let Some((theirs, clips)) = same_clip(own, member, record, &meaning, sorted, analyst) {
            (theirs, Some(clips))
        } else {
            continue;
        };
        // A leak of the whole example matters more than that of a piece of video.
        if found.as_ref().is_none_or(|before| before.leak.clips.is_some() && clips.is_none()) {
            let leak = Leak { file: Arc::clone(&member.file), line: member.lines.line_of(theirs), clips };
            found = Some(LeakOrigin { file, record: theirs, leak });
        }
    }
    let before = index.leaks.get(&record);
    let changes = before.map(|leak| &leak.leak) != found.as_ref().map(|leak| &leak.leak);
    members[held_out].lines.table.set_leak(record, found);
    changes
}

/// The record of a training file with the same example.
fn same_example(
    own: &Member<'_>,
    training: &Member<'_>,
    record: RecordId,
    meaning: &Meaning,
    analyst: &mut Analyst,
) -> Option<RecordId> {
    let theirs = *training.lines.table.index.with_digests(meaning.input, meaning.target).first()?;
    let canonical = own.lines.canonical(record, own.source, analyst);
    (canonical == training.lines.canonical(theirs, training.source, analyst)).then_some(theirs)
}

/// The record of a training file that shows the same piece of a video, and the overlapping clips, the held-out
/// record's first.
fn same_clip(
    own: &Member<'_>,
    training: &Member<'_>,
    record: RecordId,
    meaning: &Meaning,
    mut sorted: Option<&mut SortedClips>,
    analyst: &mut Analyst,
) -> Option<(RecordId, (Clip, Clip))> {
    let index = &training.lines.table.index;
    let line_of = |record| training.lines.line_of(record);
    let mut shared = meaning.clips.iter().filter_map(|&clip| {
        let pieces = index.pieces(clip.video);
        let found = match sorted.as_deref_mut() {
            Some(sorted) => sorted.overlapping(clip, pieces, line_of),
            None => clips::overlapping(clip, pieces, line_of),
        };
        found.map(|(theirs, record)| (record, (clip, theirs)))
    });
    let (theirs, clips) = shared.next()?;
    let location = location(own, record, clips.0.video, analyst)?;
    (location == self::location(training, theirs, clips.0.video, analyst)?).then_some((theirs, clips))
}

/// The location of the video with this digest in a record.
fn location(member: &Member<'_>, record: RecordId, video: u64, analyst: &mut Analyst) -> Option<String> {
    let mut buffer = String::new();
    let lines = member.lines.record_at(member.lines.line_of(record));
    let reading = analyst.read(member.source.record(lines, &mut buffer).text);
    let locations = reading.example.media.iter().filter_map(|media| reading.record.string(media.uri?));
    locations.map(String::from).find(|location| meaning::video(location) == video)
}

/// Updates the lines of the training records that leaks name, and returns whether any changed.
fn update_lines(members: &mut [Member<'_>], held_out: usize, shifted: impl Fn(usize) -> bool) -> bool {
    let mut leaks = std::mem::take(&mut members[held_out].lines.table.index.leaks);
    let mut changed = false;
    for LeakOrigin { file, record, leak } in leaks.values_mut().filter(|leak| shifted(leak.file)) {
        if let Some(training) = members.get(*file) {
            let before = std::mem::replace(&mut leak.line, training.lines.line_of(*record));
            changed |= before != leak.line;
        }
    }
    members[held_out].lines.table.index.leaks = leaks;
    changed
}

/// What the files of a dataset have in common, for one format.
struct Common {
    training: u32,
    validation: u32,
    /// For each value that most examples of a file share, the first such file and the line there, in the order of the
    /// files. The service never sees a test file.
    shared: Vec<(SharedValue, Arc<OtherFile>, usize)>,
}

impl Common {
    fn new(members: &[Member<'_>], format: &'static Format) -> Self {
        let examples = |role: Role| -> u32 {
            let files = members.iter().filter(|member| member.role == role);
            files.map(|member| member.lines.counts().of(What::EXAMPLE.of(format.id()))).sum()
        };
        let mut shared: Vec<(SharedValue, Arc<OtherFile>, usize)> = Vec::new();
        for member in members.iter().filter(|member| member.role != Role::Test) {
            let Some(value) = majority(&*member.lines, format) else { continue };
            if shared.iter().all(|(other, ..)| *other != value)
                && let Some(line) = first_of_all(&*member.lines, format, What::shared(value))
            {
                shared.push((value, Arc::clone(&member.file), line));
            }
        }
        Self { training: examples(Role::Training), validation: examples(Role::Validation), shared }
    }

    fn siblings(&self, own: &Member<'_>, configured: bool, format: &'static Format) -> Siblings {
        let value = majority(&*own.lines, format);
        let mut others = self.shared.iter().filter(|_| own.role != Role::Test);
        let other = others.find(|(theirs, ..)| value != Some(*theirs));
        Siblings {
            role: own.role,
            configured,
            other_shared: other.map(|(value, file, line)| (Arc::clone(file), *value, *line)),
            training_examples: Some(self.training),
            validation_examples: Some(self.validation),
        }
    }
}

/// What each file has in common with the others. O(files).
fn siblings(members: &[Member<'_>], configured: bool, settings: &Settings) -> Vec<Siblings> {
    let mut common: Vec<(&'static Format, Common)> = Vec::new();
    let of = |own: &Member<'_>| {
        let (format, _) = format_of(&*own.lines, settings);
        let place = common.iter().position(|(known, _)| std::ptr::eq(*known, format)).unwrap_or_else(|| {
            common.push((format, Common::new(members, format)));
            common.len() - 1
        });
        common[place].1.siblings(own, configured, format)
    };
    members.iter().map(of).collect()
}
