//! The files of a dataset together: what held-out files share with training files, and what must be the same in all
//! files.

use crate::analysis::index::clips::{self, SortedClips};
use crate::analysis::index::duplicates::{Change, LeakOrigin};
use crate::analysis::line::Analyst;
use crate::analysis::lines::file::Lines;
use crate::analysis::lines::source::Source;
use crate::analysis::store::meanings::RecordId;
use crate::example::meaning::Meaning;
use crate::example::shared::SharedValue;
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

/// What was related in a dataset so far. Start with a new one when files join or leave the dataset.
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
            members.iter_mut().for_each(|member| member.lines.table.want_videos());
        }
        let is_first = self.shifts.as_ref().is_none_or(|before| before.len() != shifts.len());
        let changes: Vec<Option<Vec<Change>>> =
            members.iter_mut().map(|member| member.lines.table.take_changes()).collect();
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
        let siblings: Vec<_> = (0..members.len()).map(|own| siblings(members, own, configured, settings)).collect();
        for (place, siblings) in siblings.into_iter().enumerate() {
            changed[place] |= members[place].lines.set_siblings(siblings);
        }
        changed
    }
}

/// Removes everything that depends on other files, for a file that belongs to no dataset. Returns whether its findings
/// may have changed.
pub fn detach(lines: &mut Lines, role: Role) -> bool {
    let leaking: Vec<RecordId> = lines.table.index().leaks.keys().copied().collect();
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
    let index = members[held_out].lines.table.index();
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
    let Some(meaning) = own.lines.table.index().meanings.meaning(record) else { return false };
    let meaning = &meaning;
    let training = members.iter().enumerate().filter(|(_, member)| member.role == Role::Training);
    let mut found: Option<LeakOrigin> = None;
    for (file, member) in training {
        let sorted = sorted.as_deref_mut().map(|all| &mut all[file]);
        let leak = whole_leak(own, member, record, meaning, analyst)
            .or_else(|| clip_leak(own, member, record, meaning, sorted, analyst));
        let Some((theirs, told)) = leak else { continue };
        // A leak of the whole example matters more than that of a piece of video.
        if found.as_ref().is_none_or(|before| before.told.clips.is_some() && told.clips.is_none()) {
            found = Some(LeakOrigin { file, record: theirs, told });
        }
    }
    let before = own.lines.table.index().leaks.get(&record);
    let changes = before.map(|leak| &leak.told) != found.as_ref().map(|leak| &leak.told);
    members[held_out].lines.table.set_leak(record, found);
    changes
}

/// The example in a training file with the same meaning.
fn whole_leak(
    own: &Member<'_>,
    training: &Member<'_>,
    record: RecordId,
    meaning: &Meaning,
    analyst: &mut Analyst,
) -> Option<(RecordId, Leak)> {
    let theirs = *training.lines.table.with_digests(meaning.input, meaning.target).first()?;
    let line = training.lines.line_of(theirs);
    let canonical = own.lines.canonical_at(own.source, analyst, own.lines.line_of(record));
    let same = canonical == training.lines.canonical_at(training.source, analyst, line);
    same.then(|| (theirs, Leak { file: Arc::clone(&training.file), line, clips: None }))
}

/// The example in a training file that shows the same piece of a video.
fn clip_leak(
    own: &Member<'_>,
    training: &Member<'_>,
    record: RecordId,
    meaning: &Meaning,
    mut sorted: Option<&mut SortedClips>,
    analyst: &mut Analyst,
) -> Option<(RecordId, Leak)> {
    let index = training.lines.table.index();
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
    let (line, video) = (line_of(theirs), clips.0.video);
    let location = own.lines.location_at(own.source, analyst, own.lines.line_of(record), video)?;
    let same = training.lines.location_at(training.source, analyst, line, video)? == location;
    same.then(|| (theirs, Leak { file: Arc::clone(&training.file), line, clips: Some(clips) }))
}

/// Updates the lines of the training records that leaks name.
fn update_lines(members: &mut [Member<'_>], held_out: usize, shifted: impl Fn(usize) -> bool) -> bool {
    let leaks = &members[held_out].lines.table.index().leaks;
    let moved = leaks.iter().filter(|(_, leak)| shifted(leak.file)).filter_map(|(&record, leak)| {
        let line = members.get(leak.file)?.lines.line_of(leak.record);
        (line != leak.told.line).then_some((record, line))
    });
    let moved: Vec<_> = moved.collect();
    for &(record, line) in &moved {
        members[held_out].lines.table.set_leak_line(record, line);
    }
    !moved.is_empty()
}

fn siblings(members: &[Member<'_>], own: usize, configured: bool, settings: &Settings) -> Siblings {
    let Member { role, lines, .. } = &members[own];
    let (format, _) = format_of(&**lines, settings);
    let examples = |role: Role| {
        let files = members.iter().filter(|member| member.role == role);
        files.map(|member| member.lines.counts().of(What::EXAMPLE.of(format.id()))).sum()
    };
    let shared_by = |member: &Member<'_>| -> Option<(Arc<OtherFile>, SharedValue, usize)> {
        let value = majority(&*member.lines, format)?;
        let line = first_of_all(&*member.lines, format, What::shared(value))?;
        Some((Arc::clone(&member.file), value, line))
    };
    // The service never sees a test file.
    let others = members.iter().enumerate().filter(|(place, member)| *place != own && member.role != Role::Test);
    let mut others = others.filter_map(|(_, member)| shared_by(member)).filter(|_| *role != Role::Test);
    let value = majority(&**lines, format);
    let other_shared = others.find(|(_, theirs, _)| value != Some(*theirs));
    Siblings {
        role: *role,
        configured,
        other_shared,
        training_examples: Some(examples(Role::Training)),
        validation_examples: Some(examples(Role::Validation)),
    }
}
