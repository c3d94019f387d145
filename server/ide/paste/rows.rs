//! Rows of named values, as examples.

use super::columns::{Column, meaning};
use super::host::Host;
use super::leftovers::Leftovers;
use crate::example::Speaker;
use crate::example::mime::MediaKind;
use crate::formats::Service;
use crate::formats::draft::{Draft, DraftMedia, DraftPart};
use crate::json::lexer;
use crate::schema::scalar::{Location, LocationFault, parse_location, repair_duration, unreachable};

/// A table with more columns is not read: the names of columns are compared with each other.
pub(super) const MAX_COLUMNS: usize = 100;

/// A table.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    /// The names of the columns.
    pub names: Vec<String>,
    /// The values of each row, as many as there are names. An empty value is an absent one.
    pub rows: Vec<Vec<String>>,
}

impl Rows {
    /// A table of rows that name their values. The columns are in the order in which their names appear. `None` if a row
    /// has a name twice, or if there are too many columns.
    pub(super) fn of_named(named: Vec<Vec<(String, String)>>) -> Option<Self> {
        let mut names: Vec<String> = Vec::new();
        for row in &named {
            for (place, (name, _)) in row.iter().enumerate() {
                if place >= MAX_COLUMNS || row[..place].iter().any(|(known, _)| known == name) {
                    return None;
                }
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
            if names.len() > MAX_COLUMNS {
                return None;
            }
        }
        let row = |values: Vec<(String, String)>| {
            let mut row = vec![String::new(); names.len()];
            for (name, value) in values {
                if let Some(place) = names.iter().position(|known| *known == name) {
                    row[place] = value;
                }
            }
            row
        };
        let rows = named.into_iter().map(row).collect();
        Some(Self { names, rows })
    }

    /// The lines of the examples. `None` if the columns don't make examples.
    pub(super) fn lines(&self, host: &Host, left: &mut Leftovers) -> Option<Vec<String>> {
        let columns = Columns::new(&self.names, host)?;
        columns.report(self, left);
        let needs_answer = host.is_prompts_only.map_or(columns.answer.is_some(), |it| !it);
        let mut lines = Vec::with_capacity(self.rows.len());
        for (number, row) in (1..).zip(&self.rows) {
            if row.iter().all(|value| value.trim().is_empty()) {
                continue;
            }
            let mut entry = Entry { columns: &columns, row, number, host, left: &mut *left };
            lines.extend(entry.line(needs_answer));
        }
        Some(lines)
    }
}

/// The columns by meaning.
#[derive(Debug, Default)]
struct Columns {
    media: Vec<(usize, Option<MediaKind>)>,
    mime: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    prompts: Vec<usize>,
    answer: Option<usize>,
    system: Vec<usize>,
    /// Columns without a place, each with the column that has its place instead.
    others: Vec<(usize, Option<usize>)>,
}

impl Columns {
    /// `None` if the names don't say that rows are examples: they have an input and an answer, or several inputs.
    fn new(names: &[String], host: &Host) -> Option<Self> {
        let mut columns = Self::default();
        let known: Vec<_> = names.iter().map(|name| meaning(name)).collect();
        let is_named = |column: &Column| matches!(column, Column::Media(Some(_)));
        let has_media = known.iter().flatten().any(|(column, _)| is_named(column));
        // A column of the meaning, the one with the best name.
        let best = |wanted: Column| {
            let places = known.iter().zip(0..).filter_map(|(known, place)| Some(((*known)?, place)));
            let ranks = places.filter_map(|((column, rank), place)| (column == wanted).then_some((rank, place)));
            ranks.min().map(|(_, place)| place)
        };
        for (known, place) in known.iter().zip(0..) {
            match known.map(|(column, _)| column) {
                Some(Column::Media(kind)) if kind.is_some() || !has_media => columns.media.push((place, kind)),
                Some(Column::Prompt) => columns.prompts.push(place),
                Some(Column::System) => columns.system.push(place),
                Some(column) if !has_media || column != Column::Media(None) => match best(column) {
                    Some(winner) if winner != place => columns.others.push((place, Some(winner))),
                    winner => *columns.single(column) = winner,
                },
                Some(_) | None => columns.others.push((place, None)),
            }
        }
        let inputs = columns.media.len() + columns.prompts.len();
        let is_enough = columns.answer.is_some() || inputs > 1 || host.is_prompts_only == Some(true);
        (inputs > 0 && is_enough).then_some(columns)
    }

    /// The place of a column that only one can have.
    fn single(&mut self, column: Column) -> &mut Option<usize> {
        match column {
            Column::Mime => &mut self.mime,
            Column::Start => &mut self.start,
            Column::End => &mut self.end,
            _ => &mut self.answer,
        }
    }

    /// Lists the columns without a place that have a value.
    fn report(&self, table: &Rows, left: &mut Leftovers) {
        let name = |place: usize| match table.names.get(place).map(String::as_str) {
            Some("") | None => format!("column {}", place + 1),
            Some(name) => format!("column `{name}`"),
        };
        let has_value = |place: usize| table.rows.iter().any(|row| row.get(place).is_some_and(|it| !it.is_empty()));
        for (place, instead) in self.others.iter().filter(|(place, _)| has_value(*place)) {
            let why = match instead {
                Some(instead) => format!("the {} is used instead", name(*instead)),
                None => "its name does not say which part of an example it is".to_owned(),
            };
            left.add(name(*place), why);
        }
    }
}

/// A row on its way to a line.
struct Entry<'a> {
    columns: &'a Columns,
    row: &'a [String],
    /// Counted from 1.
    number: usize,
    host: &'a Host,
    left: &'a mut Leftovers,
}

impl Entry<'_> {
    fn line(&mut self, needs_answer: bool) -> Option<String> {
        let columns = self.columns;
        let answer = self.value(columns.answer);
        let media = self.media();
        let uris: Vec<_> = media.iter().map(|media| media.uri.clone()).collect();
        let mut parts: Vec<_> = media.into_iter().map(DraftPart::Media).collect();
        parts.extend(columns.prompts.iter().filter_map(|place| self.value(Some(*place))).map(DraftPart::Text));
        let missing = match answer {
            _ if parts.is_empty() => Some("it has neither a prompt nor media, so it is not an example"),
            None if needs_answer => Some("it has no answer, so it is not an example"),
            _ => None,
        };
        if let Some(missing) = missing {
            self.left.add_in_row(self.number, "", missing);
            return None;
        }
        let mut turns = vec![(Speaker::User, parts)];
        turns.extend(answer.map(|answer| (Speaker::Model, vec![DraftPart::Text(answer)])));
        let instructions = columns.system.iter().filter_map(|place| self.value(Some(*place))).collect();
        let draft = Draft { instructions, turns, shared: self.host.shared, model_role: self.host.model_role() };
        let mut values = Vec::new();
        let line = (self.host.format.write)(&draft, &mut values);
        for uri in uris.iter().filter(|uri| values.iter().all(|left| left.value != **uri)) {
            if let Some(why) = unreadable(uri, self.host.service) {
                self.left.add_kept(self.number, uri, why);
            }
        }
        for value in values {
            self.left.add_in_row(self.number, &value.value, value.why);
        }
        Some(line)
    }

    /// The value of a column, unless it is blank.
    fn value(&self, place: Option<usize>) -> Option<String> {
        self.row.get(place?).filter(|value| !value.trim().is_empty()).cloned()
    }

    fn media(&mut self) -> Vec<DraftMedia> {
        let columns = self.columns;
        let (start, end) = (self.time(columns.start), self.time(columns.end));
        let mime = self.value(columns.mime);
        let of_row = columns.media.iter().filter_map(|(place, kind)| Some((self.value(Some(*place))?, *kind)));
        let mut media: Vec<_> = of_row.map(|(uri, kind)| DraftMedia { uri, kind, ..DraftMedia::default() }).collect();
        let is_image = |media: &DraftMedia| media.kind() == Some(MediaKind::Image);
        let owner = media.iter().position(|media| !is_image(media)).or((!media.is_empty()).then_some(0));
        match owner.and_then(|owner| media.get_mut(owner)) {
            Some(owner) => (owner.start, owner.end, owner.mime) = (start, end, mime),
            None => {
                for value in [start, end, mime].into_iter().flatten() {
                    self.left.add_in_row(self.number, &value, "the row has no media that it could belong to");
                }
            }
        }
        media
    }

    /// The time of a column in seconds with an `s`.
    fn time(&mut self, place: Option<usize>) -> Option<String> {
        let value = self.value(place)?;
        let time = repair_duration(&lexer::quote(&value)).map(|(time, _)| time).filter(|time| !time.starts_with('-'));
        if time.is_none() {
            self.left.add_in_row(self.number, &value, "it is not a time");
        }
        time
    }
}

/// Why a service can't read a location.
fn unreadable(uri: &str, service: &Service) -> Option<String> {
    let reads = service.reads;
    let reason = match parse_location(uri) {
        Ok(Location::Object { .. }) if reads.objects => None,
        Ok(location @ Location::Web(_)) if reads.web => {
            unreachable(&location).map(|found| found.obstacle.message().to_owned())
        }
        Ok(_) => Some(format!("it reads {}", reads.names())),
        Err(LocationFault::LocalPath) if reads.paths => None,
        Err(LocationFault::DataUrl) if reads.data => None,
        Err(fault) => Some(fault.message()),
    };
    reason.map(|reason| format!("{} can't read it: {reason}", service.title))
}
