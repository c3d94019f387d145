//! The files of a dataset beside each other: what a held-out file shares with a training file, and what
//! has to be the same in all of them.

use crate::analysis::clips::{self, Clips};
use crate::analysis::groups::RecordId;
use crate::analysis::index::{Changes, Source as LeakSource};
use crate::analysis::line::Analyst;
use crate::analysis::lines::{Lines, Source};
use crate::rules::judge::{first_of_all, majority};
use crate::rules::relations::Leak;
use crate::rules::{Fact, FileIndex, OtherFile, Role, Siblings};
use crate::schema::meaning::{Clip, Meaning};
use crate::schema::media::Resolution;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A file of a dataset, all of its lines looked at.
pub struct Member<'a> {
    /// Its lines.
    pub lines: &'a mut Lines,
    /// Their text.
    pub source: &'a dyn Source,
    /// What it is called.
    pub file: Arc<OtherFile>,
    /// What it is to the training.
    pub role: Role,
}

/// What has been done for a dataset so far: kept by who owns its files, and begun anew when other files
/// belong to it.
#[derive(Debug, Default)]
pub struct Relating {
    /// How often lines came or went in each file.
    shifts: Option<Vec<u64>>,
    /// How many held-out records were compared with the training files: what tests hold edits to.
    pub compared: u64,
}

impl Relating {
    /// Relates the files to each other as they are now, and says of each whether its findings may be
    /// others than before. Costs what has changed since the last time, whatever the size of the files.
    pub fn relate(&mut self, members: &mut [Member<'_>], configured: bool, analyst: &mut Analyst) -> Vec<bool> {
        let shifts: Vec<u64> = members.iter().map(|member| member.lines.shifts()).collect();
        if members.iter().any(|member| member.role != Role::Training) {
            members.iter_mut().for_each(|member| member.lines.chunks.want_videos());
        }
        let anew = self.shifts.as_ref().is_none_or(|before| before.len() != shifts.len());
        let changes: Vec<Changes> = members.iter_mut().map(|member| member.lines.chunks.take_changes()).collect();
        let mut changed = vec![false; members.len()];
        for held_out in 0..members.len() {
            if members[held_out].role == Role::Training {
                continue;
            }
            let due = records_due(members, held_out, &changes, anew);
            self.compared += due.len() as u64;
            // Many are looked up in what was put in order for all of them.
            let mut in_order = (due.len() > clips::FEW).then(|| vec![Clips::default(); members.len()]);
            for record in due {
                changed[held_out] |= compare(members, held_out, record, in_order.as_deref_mut(), analyst);
            }
            let shifted = |file: usize| self.shifts.as_ref().is_none_or(|before| before.get(file) != shifts.get(file));
            changed[held_out] |= find_lines_again(members, held_out, shifted);
        }
        self.shifts = Some(shifts);
        let siblings: Vec<_> = (0..members.len()).map(|own| siblings(members, own, configured)).collect();
        for (place, siblings) in siblings.into_iter().enumerate() {
            changed[place] |= members[place].lines.set_siblings(siblings);
        }
        changed
    }
}

/// Takes all that other files said about a file from it: it belongs to no dataset any more. True when
/// that changes what there is to say.
pub fn set_alone(lines: &mut Lines, role: Role) -> bool {
    let leaking: Vec<RecordId> = lines.chunks.index().leaks.keys().copied().collect();
    for &record in &leaking {
        lines.chunks.set_leak(record, None);
    }
    lines.set_siblings(Siblings { role, ..Siblings::default() }) || !leaking.is_empty()
}

/// The held-out records that have to be compared with the training files.
fn records_due(members: &[Member<'_>], held_out: usize, changes: &[Changes], anew: bool) -> BTreeSet<RecordId> {
    let index = members[held_out].lines.chunks.index();
    let training = || (0..members.len()).filter(|&file| members[file].role == Role::Training);
    if anew || changes[held_out].all || training().any(|file| changes[file].all) {
        return index.known.records().collect();
    }
    let came = changes[held_out].records.iter().filter_map(|(_, record)| *record);
    let mut due: BTreeSet<RecordId> = came.filter(|&record| index.known.has(record)).collect();
    for (meaning, _) in training().flat_map(|file| &changes[file].records) {
        due.extend(index.meaning_the_same(meaning.input, meaning.target));
        let shares = |clip: &Clip, record: RecordId| index.known.clips(record).any(|own| own.overlaps(*clip));
        let overlapping =
            |clip: &Clip| index.showing(clip.video).iter().filter(|&&record| shares(clip, record)).collect();
        due.extend(meaning.clips.iter().flat_map(|clip| -> Vec<&RecordId> { overlapping(clip) }));
    }
    due
}

/// Compares a held-out record with the training files; true when what is told of it changes.
fn compare(
    members: &mut [Member<'_>],
    held_out: usize,
    record: RecordId,
    mut in_order: Option<&mut [Clips]>,
    analyst: &mut Analyst,
) -> bool {
    let own = &members[held_out];
    let Some(meaning) = own.lines.chunks.index().known.meaning(record) else { return false };
    let meaning = &meaning;
    let training = members.iter().enumerate().filter(|(_, member)| member.role == Role::Training);
    let mut found: Option<LeakSource> = None;
    for (file, member) in training {
        let in_order = in_order.as_deref_mut().map(|all| &mut all[file]);
        let leak = whole_leak(own, member, record, meaning, analyst)
            .or_else(|| clip_leak(own, member, record, meaning, in_order, analyst));
        let Some((theirs, told)) = leak else { continue };
        // The whole example says more than a piece of it.
        if found.as_ref().is_none_or(|before| before.told.clips.is_some() && told.clips.is_none()) {
            found = Some(LeakSource { file, record: theirs, told });
        }
    }
    let before = own.lines.chunks.index().leaks.get(&record);
    let changes = before.map(|leak| &leak.told) != found.as_ref().map(|leak| &leak.told);
    members[held_out].lines.chunks.set_leak(record, found);
    changes
}

/// The example in a training file that means the same.
fn whole_leak(
    own: &Member<'_>,
    training: &Member<'_>,
    record: RecordId,
    meaning: &Meaning,
    analyst: &mut Analyst,
) -> Option<(RecordId, Leak)> {
    let theirs = *training.lines.chunks.meaning_the_same(meaning.input, meaning.target).first()?;
    let line = training.lines.line_of(theirs);
    let canonical = own.lines.canonical_at(own.source, analyst, own.lines.line_of(record));
    let same = canonical == training.lines.canonical_at(training.source, analyst, line);
    same.then(|| (theirs, Leak { file: Arc::clone(&training.file), line, clips: None }))
}

/// The example in a training file that shows a piece of the same video.
fn clip_leak(
    own: &Member<'_>,
    training: &Member<'_>,
    record: RecordId,
    meaning: &Meaning,
    mut in_order: Option<&mut Clips>,
    analyst: &mut Analyst,
) -> Option<(RecordId, Leak)> {
    let index = training.lines.chunks.index();
    let line_of = |record| training.lines.line_of(record);
    let mut shared = meaning.clips.iter().filter_map(|&clip| {
        let found = match in_order.as_deref_mut() {
            Some(in_order) => in_order.overlapping(index, clip, line_of),
            None => clips::overlapping(index, clip, line_of),
        };
        found.map(|(theirs, record)| (record, (clip, theirs)))
    });
    let (theirs, clips) = shared.next()?;
    let (line, video) = (line_of(theirs), clips.0.video);
    let location = own.lines.location_at(own.source, analyst, own.lines.line_of(record), video)?;
    let same = training.lines.location_at(training.source, analyst, line, video)? == location;
    same.then(|| (theirs, Leak { file: Arc::clone(&training.file), line, clips: Some(clips) }))
}

/// Follows the training records that are told of to the lines they stand on now.
fn find_lines_again(members: &mut [Member<'_>], held_out: usize, shifted: impl Fn(usize) -> bool) -> bool {
    let leaks = &members[held_out].lines.chunks.index().leaks;
    let moved = leaks.iter().filter(|(_, leak)| shifted(leak.file)).filter_map(|(&record, leak)| {
        let line = members.get(leak.file)?.lines.line_of(leak.record);
        (line != leak.told.line).then_some((record, line))
    });
    let moved: Vec<_> = moved.collect();
    for &(record, line) in &moved {
        members[held_out].lines.chunks.set_leak_line(record, line);
    }
    !moved.is_empty()
}

fn siblings(members: &[Member<'_>], own: usize, configured: bool) -> Siblings {
    let Member { role, lines, .. } = &members[own];
    let examples = |role: Role| {
        let files = members.iter().filter(|member| member.role == role);
        files.map(|member| member.lines.counts().of(Fact::EXAMPLE)).sum()
    };
    let resolution_of = |member: &Member<'_>| {
        let resolution: Resolution = majority(&*member.lines)?;
        let line = first_of_all(&*member.lines, Fact::resolution(resolution)?)?;
        Some((Arc::clone(&member.file), resolution, line))
    };
    // What is held out for later is never seen by the service.
    let others = members.iter().enumerate().filter(|(place, member)| *place != own && member.role != Role::Test);
    let mut others = others.filter_map(|(_, member)| resolution_of(member)).filter(|_| *role != Role::Test);
    let resolution = majority(&**lines);
    let other_resolution = others.find(|(_, theirs, _)| resolution != Some(*theirs));
    Siblings {
        role: *role,
        configured,
        other_resolution,
        training_examples: Some(examples(Role::Training)),
        validation_examples: Some(examples(Role::Validation)),
    }
}
