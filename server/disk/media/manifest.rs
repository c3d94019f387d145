//! Manifests: files that list facts about media files, as CSV or JSON Lines.

use crate::disk::input::sentence;
use crate::schema::scalar::{Duration, parse_duration};
use crate::settings::media::Facts;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

/// A larger manifest is probably another file.
const MAX_BYTES: u64 = 256 << 20;

/// The columns, in the order in which they are written.
const COLUMNS: [&str; 9] = ["uri", "bytes", "duration", "mime_type", "fps", "has_audio", "pages", "width", "height"];

/// The facts of a manifest, and what is wrong in it.
#[derive(Debug, Default)]
pub struct Manifest {
    /// The facts by location, each with its line, 1-based.
    pub rows: HashMap<String, (usize, Facts)>,
    /// A sentence for each invalid value, with its line and column. Valid ones still count.
    pub problems: Vec<String>,
}

/// Whether a file with this name has JSON Lines instead of CSV.
#[must_use]
pub fn is_json(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|it| ["jsonl", "ndjson"].iter().any(|known| it.eq_ignore_ascii_case(known)))
}

/// Reads a manifest file.
///
/// # Errors
/// A sentence for the user: the file can't be read, or isn't a manifest.
pub fn read(path: &Path) -> Result<Manifest, String> {
    let wrong = |problem: &str| format!("{}: the manifest cannot be read: {problem}", path.display());
    let metadata = path.metadata().map_err(|error| wrong(&sentence(&error)))?;
    // Reading a named pipe would block.
    if !metadata.is_file() {
        return Err(wrong("this is not a file"));
    }
    if metadata.len() > MAX_BYTES {
        return Err(wrong("it is larger than 256 MiB"));
    }
    let bytes = std::fs::read(path).map_err(|error| wrong(&sentence(&error)))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8"))?;
    let text = text.trim_start_matches('\u{FEFF}');
    let origin = path.display().to_string();
    if is_json(path) { Ok(read_json(text, origin)) } else { read_csv(text, origin) }
}

fn read_csv(text: &str, origin: String) -> Result<Manifest, String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let invalid = |error: csv::Error| format!("{origin}: the manifest is not valid CSV: {error}");
    let names: Vec<String> = reader.headers().map_err(invalid)?.iter().map(str::to_owned).collect();
    if !names.iter().any(|name| name == COLUMNS[0]) {
        return Err(format!(
            "{origin}, line 1: the column `uri` is missing; expected the names of columns, such as `{}`",
            COLUMNS[..3].join(",")
        ));
    }
    let mut table = Table::new(origin);
    for name in names.iter().filter(|name| !COLUMNS.contains(&name.as_str())) {
        table.problem(1, name, &format!("is not a column of a manifest; expected {}", COLUMNS.join(", ")));
    }
    for record in reader.into_records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                table.manifest.problems.push(format!("{}: the manifest is not valid CSV: {error}", table.origin));
                continue;
            }
        };
        let line = record.position().map_or(0, |position| position.line() as usize);
        if record.len() > names.len() {
            let extra = format!("has {} values, but there are {} columns", record.len(), names.len());
            table.manifest.problems.push(format!("{}, line {line}: the line {extra}", table.origin));
        }
        let values = names.iter().zip(&record).filter(|(_, value)| !value.is_empty());
        table.row(line, values.map(|(name, value)| (name.as_str(), value.to_owned())));
    }
    Ok(table.manifest)
}

fn read_json(text: &str, origin: String) -> Manifest {
    let mut table = Table::new(origin);
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let object: Map<String, Value> = match serde_json::from_str(text) {
            Ok(object) => object,
            Err(error) => {
                let column = error.column();
                let problem = format!("line {line}, character {column}: expected a JSON object: {error}");
                table.manifest.problems.push(format!("{}, {problem}", table.origin));
                continue;
            }
        };
        for name in object.keys().filter(|name| !COLUMNS.contains(&name.as_str())) {
            table.problem(line, name, &format!("is not a key of a manifest; expected {}", COLUMNS.join(", ")));
        }
        let values = object.iter().filter(|(_, value)| !value.is_null());
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        table.row(line, values.map(|(name, value)| (name.as_str(), text(value))));
    }
    table.manifest
}

/// A manifest while it is read.
struct Table {
    origin: String,
    manifest: Manifest,
}

impl Table {
    fn new(origin: String) -> Self {
        Self { origin, manifest: Manifest::default() }
    }

    fn problem(&mut self, line: usize, column: &str, problem: &str) {
        self.manifest.problems.push(format!("{}, line {line}: `{column}` {problem}", self.origin));
    }

    /// Takes the values of a row that are not empty.
    fn row<'a>(&mut self, line: usize, values: impl Iterator<Item = (&'a str, String)>) {
        let mut facts = Facts { origin: self.origin.clone(), ..Facts::default() };
        let (mut uri, mut width, mut height) = (None, None, None);
        for (name, value) in values {
            let expected = match name {
                "uri" => set(&mut uri, Some(value.clone()), "a location"),
                "bytes" => set(&mut facts.bytes, value.parse().ok(), "a whole number"),
                "duration" => set(&mut facts.duration, duration(&value), "seconds, such as `400.2`"),
                "mime_type" => {
                    let mime_type = value.contains('/').then(|| value.clone());
                    set(&mut facts.mime_type, mime_type, "a MIME type")
                }
                "fps" => {
                    let rate = value.parse().ok().filter(|rate: &f64| rate.is_finite() && *rate > 0.0);
                    set(&mut facts.frame_rate, rate, "a number above 0")
                }
                "has_audio" => set(&mut facts.has_audio, boolean(&value), "`true` or `false`"),
                "pages" => set(&mut facts.pages, value.parse().ok(), "a whole number"),
                "width" => set(&mut width, value.parse().ok(), "a whole number"),
                "height" => set(&mut height, value.parse().ok(), "a whole number"),
                _ => None,
            };
            if let Some(expected) = expected {
                self.problem(line, name, &format!("must be {expected}, not `{}`", shortened(&value)));
            }
        }
        facts.size = width.zip(height);
        match uri {
            None => self.problem(line, COLUMNS[0], "is missing; the line is ignored"),
            Some(uri) => match self.manifest.rows.get(&uri) {
                Some((first, _)) => {
                    let problem = format!("is the same as on line {first}, which counts");
                    self.problem(line, COLUMNS[0], &problem);
                }
                None => {
                    self.manifest.rows.insert(uri, (line, facts));
                }
            },
        }
    }
}

/// Sets a fact, or returns what was expected.
fn set<T>(fact: &mut Option<T>, value: Option<T>, expected: &'static str) -> Option<&'static str> {
    let is_valid = value.is_some();
    *fact = value;
    (!is_valid).then_some(expected)
}

/// Seconds, with or without `s`.
fn duration(text: &str) -> Option<Duration> {
    let text = format!("{}s", text.strip_suffix('s').unwrap_or(text));
    parse_duration(&text).ok().filter(|duration| !duration.is_negative())
}

fn boolean(text: &str) -> Option<bool> {
    // Spreadsheets write capitals.
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn shortened(text: &str) -> String {
    const MAX: usize = 60;
    if text.chars().count() <= MAX { text.to_owned() } else { text.chars().take(MAX).chain(['…']).collect() }
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

/// Writes a manifest.
///
/// # Errors
/// Those of `out`.
pub fn write<'a>(
    out: &mut dyn Write,
    json: bool,
    rows: impl IntoIterator<Item = (&'a str, &'a Facts)>,
) -> io::Result<()> {
    if !json {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(COLUMNS)?;
        rows.into_iter().try_for_each(|(uri, facts)| writer.write_record(values(uri, facts)))?;
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
        writeln!(out, "{{{}}}", members.collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(text: &str) -> Manifest {
        read_csv(text, "media.csv".to_owned()).unwrap()
    }

    fn problems(text: &str) -> Vec<String> {
        csv(text).problems
    }

    #[test]
    fn a_written_manifest_is_read_back() {
        let text = "uri,bytes,duration,mime_type,fps,has_audio,pages,width,height\n\
                    \"gs://b/a, \"\"1\"\".mp4\",1000,400.2,video/mp4,29.97,true,,1920,1080\n\
                    gs://b/b.pdf,,,,,,12,,\n";
        let read = csv(text);
        assert_eq!(read.problems, [""; 0]);
        let mut rows: Vec<_> = read.rows.iter().map(|(uri, (_, facts))| (uri.as_str(), facts)).collect();
        rows.sort_by_key(|(uri, _)| *uri);
        let mut out = Vec::new();
        write(&mut out, false, rows.clone()).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), text);
        let mut out = Vec::new();
        write(&mut out, true, rows).unwrap();
        let text = String::from_utf8(out).unwrap();
        let json = read_json(&text, "media.csv".to_owned());
        assert_eq!(json.problems, [""; 0], "{text}");
        assert_eq!(json.rows.len(), 2);
        assert!(read.rows.iter().all(|(uri, (_, facts))| json.rows[uri].1 == *facts));
    }

    #[test]
    fn lengths_have_an_s_or_none_and_only_locations_are_required() {
        let rows = csv("duration,uri\n400.2s,a\n400.2,b\n,c\n").rows;
        assert_eq!(rows["a"].1.duration, rows["b"].1.duration);
        assert_eq!(rows["a"].1.duration.map(Duration::canonical).as_deref(), Some("400.2s"));
        assert_eq!(rows["c"].1.duration, None);
    }

    #[test]
    fn a_wrong_value_is_reported_with_its_line_and_column_and_the_rest_counts() {
        let wrong = "uri,bytes,duration,fps,has_audio,size\n\
                     a,many,1:30,0,yes,1\n\
                     ,1,,,,\n\
                     b,5,,,TRUE,,7\n\
                     b,6\n";
        let read = csv(wrong);
        assert_eq!(
            read.problems,
            [
                "media.csv, line 1: `size` is not a column of a manifest; expected uri, bytes, duration, mime_type, fps, has_audio, pages, width, height",
                "media.csv, line 2: `bytes` must be a whole number, not `many`",
                "media.csv, line 2: `duration` must be seconds, such as `400.2`, not `1:30`",
                "media.csv, line 2: `fps` must be a number above 0, not `0`",
                "media.csv, line 2: `has_audio` must be `true` or `false`, not `yes`",
                "media.csv, line 3: `uri` is missing; the line is ignored",
                "media.csv, line 4: the line has 7 values, but there are 6 columns",
                "media.csv, line 5: `uri` is the same as on line 4, which counts",
            ]
        );
        assert_eq!(read.rows.len(), 2);
        assert_eq!(read.rows["b"].1.bytes, Some(5));
        assert!(problems("uri\na\n").is_empty());
        assert!(read_csv("uri;bytes\n", "m.csv".to_owned()).is_err_and(|error| error.contains("line 1")));
        let json = read_json(
            "{\"uri\": \"a\", \"duration\": 1.5}\n[]\n{\"uri\": \"b\", \"bytes\": -1}\n",
            "m.jsonl".to_owned(),
        );
        assert_eq!(json.rows.len(), 2);
        assert_eq!(json.problems.len(), 2, "{:?}", json.problems);
        assert!(json.problems[0].starts_with("m.jsonl, line 2, "), "{:?}", json.problems);
        assert_eq!(json.problems[1], "m.jsonl, line 3: `bytes` must be a whole number, not `-1`");
    }
}
