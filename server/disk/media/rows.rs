//! Writes a manifest of media files. Columns that a user added stay.

use crate::settings::media::Facts;
use serde_json::Value;
use std::collections::HashMap;
use std::io::{self, Write};

/// The columns, in the order in which they are written.
pub(super) const COLUMNS: [&str; 9] =
    ["uri", "bytes", "duration", "mime_type", "fps", "has_audio", "pages", "width", "height"];

/// Columns of a manifest that we don't know, which stay when it is written again.
#[derive(Debug, Default)]
pub struct Others {
    /// The names of all columns, in their order. Empty for JSON Lines.
    pub(super) columns: Vec<String>,
    /// By location, the places of unknown columns and their values; for JSON Lines, names and values in JSON.
    pub(super) values: HashMap<String, Vec<(String, String)>>,
}

impl Others {
    /// Whether there is such a value for a location.
    #[must_use]
    pub fn has(&self, uri: &str) -> bool {
        self.values.contains_key(uri)
    }
}

/// The values of a row, in the order of the columns; empty if unknown.
fn values(uri: &str, facts: &Facts) -> [String; 9] {
    fn text(value: Option<impl ToString>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    [
        uri.to_owned(),
        text(facts.bytes),
        text(facts.duration),
        facts.mime_type.clone().unwrap_or_default(),
        text(facts.frame_rate),
        text(facts.has_audio),
        text(facts.pages),
        text(facts.size.map(|(width, _)| width)),
        text(facts.size.map(|(_, height)| height)),
    ]
}

/// Writes a manifest, also with other columns of the one that it replaces.
///
/// # Errors
/// Those of `out`.
pub fn write<'a>(
    out: &mut dyn Write,
    json: bool,
    rows: impl IntoIterator<Item = (&'a str, &'a Facts)>,
    others: &Others,
) -> io::Result<()> {
    let others_of = |uri: &str| others.values.get(uri).map_or(&[][..], Vec::as_slice);
    if !json {
        let missing = COLUMNS.into_iter().filter(|name| !others.columns.iter().any(|column| column == name));
        let columns: Vec<_> = others.columns.iter().map(String::as_str).chain(missing).collect();
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(&columns)?;
        for (uri, facts) in rows {
            let (known, more) = (values(uri, facts), others_of(uri));
            let value = |(place, name): (usize, &&str)| {
                let other = || {
                    let place = place.to_string();
                    more.iter().find(|(other, _)| *other == place).map_or("", |(_, value)| value)
                };
                COLUMNS.iter().position(|column| column == name).map_or_else(other, |place| &known[place])
            };
            writer.write_record(columns.iter().enumerate().map(value))?;
        }
        return writer.flush();
    }
    for (uri, facts) in rows {
        let values = values(uri, facts);
        let members = COLUMNS.into_iter().zip(&values).filter(|(_, value)| !value.is_empty());
        let members = members.map(|(name, value)| match name {
            "uri" | "mime_type" => format!("\"{name}\": {}", Value::from(value.as_str())),
            // The others are numbers, true or false.
            _ => format!("\"{name}\": {value}"),
        });
        let others = others_of(uri).iter().map(|(name, value)| format!("{}: {value}", Value::from(name.as_str())));
        writeln!(out, "{{{}}}", members.chain(others).collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}
