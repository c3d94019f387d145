//! Manifests: files that list facts about media files, as CSV or JSON Lines.

use super::mirror::shown;
use super::rows::COLUMNS;
pub use super::rows::{Others, write};
use crate::disk::input::read_text;
use crate::schema::scalar::{Duration, parse_duration};
use crate::settings::media::Facts;
use crate::settings::shortened;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// The facts of a manifest, and what is wrong in it.
#[derive(Debug, Default)]
pub struct Manifest {
    /// The facts by location, each with its line, 1-based.
    pub rows: HashMap<String, (usize, Facts)>,
    /// A sentence for each invalid value, with its line and column. Valid ones still count.
    pub problems: Vec<String>,
    /// The first of the problems with something that is not kept here.
    pub loss: Option<String>,
    /// The columns that have no facts.
    pub others: Others,
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
    let origin = shown(path);
    let wrong = |problem: &str| format!("{origin}: the manifest cannot be read: {problem}");
    let text = read_text(path).map_err(|problem| wrong(&problem))?;
    let text = text.trim_start_matches('\u{FEFF}');
    if is_json(path) { Ok(read_json(text, origin)) } else { read_csv(text, origin) }
}

/// Reads the manifest that a new one would replace. There is nothing in a new file.
///
/// # Errors
/// A sentence for the user: there is another file at the path, or it can't be read.
pub fn read_earlier(path: &Path) -> Result<Manifest, String> {
    if !path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0) {
        return Ok(Manifest::default());
    }
    let manifest = read(path)?;
    match &manifest.loss {
        Some(problem) if manifest.rows.is_empty() => Err(problem.clone()),
        _ => Ok(manifest),
    }
}

fn read_csv(text: &str, origin: String) -> Result<Manifest, String> {
    let open = quote_without_end(text);
    let whole = open.map_or(text, |at| &text[..line_start(text, at)]);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::Headers).from_reader(whole.as_bytes());
    let invalid = |_| format!("{origin}: the manifest is not valid CSV");
    let names: Vec<String> = reader.headers().map_err(invalid)?.iter().map(str::to_owned).collect();
    if !names.iter().any(|name| name == COLUMNS[0]) {
        return Err(format!(
            "{origin}, line 1: the column `uri` is missing; expected the names of columns, such as `{}`",
            COLUMNS[..3].join(",")
        ));
    }
    let mut table = Table::new(origin);
    for (place, name) in names.iter().enumerate() {
        if !COLUMNS.contains(&name.as_str()) {
            table.unknown(1, name, "is not a column of a manifest");
        } else if let Some(first) = names[..place].iter().position(|other| other == name) {
            let places = format!("columns {} and {}", first + 1, place + 1);
            table.problem(1, name, &format!("is the name of {places}; only the first one counts"));
        }
    }
    let is_first = |place: usize, name: &str| !names[..place].iter().any(|other| other == name);
    let (mut line, mut seen) = (1, 0);
    for record in reader.into_records() {
        let Ok(record) = record else {
            table.lose(format!("{}: the manifest is not valid CSV", table.origin));
            continue;
        };
        // The position is that of the end of the line before, or of blank lines.
        let start = record.position().map_or(0, |position| position.byte() as usize);
        let blank = whole.get(start..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        line += whole.get(seen..start + blank).unwrap_or_default().matches('\n').count();
        seen = start + blank;
        let lines = record.iter().map(|value| value.matches('\n').count()).sum::<usize>();
        if let Some((_, name)) = record.iter().zip(&names).find(|(value, _)| value.contains('\n')) {
            let last = line + lines;
            table.problem(
                line,
                name,
                &format!("goes on to line {last}: a `\"` is probably missing; these lines are ignored"),
            );
            continue;
        }
        if record.len() > names.len() {
            let extra = format!("has {} values, but there are {} columns", record.len(), names.len());
            table.lose(format!("{}, line {line}: the line {extra}", table.origin));
        }
        let values = names.iter().zip(&record).enumerate();
        let values = values.filter(|(_, (_, value))| !value.trim().is_empty());
        let (known, others): (Vec<_>, Vec<_>) = values.partition(|(_, (name, _))| COLUMNS.contains(&name.as_str()));
        let known = known.into_iter().filter(|(place, (name, _))| is_first(*place, name));
        let others = others.into_iter().map(|(place, (_, value))| (place.to_string(), value.to_owned())).collect();
        table.row(line, known.map(|(_, (name, value))| (name.as_str(), value.trim().to_owned())), others);
    }
    if let Some(at) = open {
        let (line, start) = (text[..at].matches('\n').count() + 1, line_start(text, at));
        let name = text[start..at].matches(',').count();
        let column = at - start + 1;
        let what = "the `\"` here has no end; this line and all after it are ignored";
        let name = names.get(name).map_or(String::new(), |name| format!(" (`{name}`)"));
        table.lose(format!("{}, line {line}, character {column}{name}: {what}", table.origin));
    }
    table.manifest.others.columns = names;
    Ok(table.manifest)
}

/// The place of a quote that is never closed. The library would take the rest of the file as one value.
fn quote_without_end(text: &str) -> Option<usize> {
    let (mut open, mut closed, mut is_start) = (None, None, true);
    for (at, byte) in text.bytes().enumerate() {
        (open, closed) = match (byte, open) {
            // Two quotes inside of a value stand for one: they close it and open it again.
            (b'"', None) if is_start || closed.is_some() => (closed.or(Some(at)), None),
            (b'"', Some(_)) => (None, open),
            _ => (open, None),
        };
        is_start = matches!(byte, b',' | b'\n' | b'\r');
    }
    open
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

fn read_json(text: &str, origin: String) -> Manifest {
    let mut table = Table::new(origin);
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let object: Map<String, Value> = match serde_json::from_str(text) {
            Ok(object) => object,
            Err(error) => {
                let column = error.column();
                let problem = format!("line {line}, character {column}: this is not a valid JSON object");
                table.lose(format!("{}, {problem}", table.origin));
                continue;
            }
        };
        for name in object.keys().filter(|name| !COLUMNS.contains(&name.as_str())) {
            table.unknown(line, name, "is not a key of a manifest");
        }
        let values = object.iter().filter(|(_, value)| !value.is_null());
        let text_of = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let others: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).unwrap_or_default();
        let others = others.into_iter().filter(|(name, _)| !COLUMNS.contains(&name.as_str()));
        let others = others.map(|(name, value)| (name, value.get().to_owned())).collect();
        table.row(line, values.map(|(name, value)| (name.as_str(), text_of(value))), others);
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
        self.lose(format!("{}, line {line}: `{column}` {problem}", self.origin));
    }

    /// Notes a problem with something that is not kept.
    fn lose(&mut self, problem: String) {
        self.manifest.loss.get_or_insert_with(|| problem.clone());
        self.manifest.problems.push(problem);
    }

    fn unknown(&mut self, line: usize, column: &str, problem: &str) {
        let expected = COLUMNS.join(", ");
        let problem = format!("{}, line {line}: `{column}` {problem}; expected {expected}", self.origin);
        self.manifest.problems.push(problem);
    }

    /// Takes the values of a row that are not empty, and those of unknown columns.
    fn row<'a>(&mut self, line: usize, values: impl Iterator<Item = (&'a str, String)>, others: Vec<(String, String)>) {
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
                    if !others.is_empty() {
                        self.manifest.others.values.insert(uri.clone(), others);
                    }
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

/// `true` or `false`. Spreadsheets write capitals.
fn boolean(text: &str) -> Option<bool> {
    text.to_ascii_lowercase().parse().ok()
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
        write(&mut out, false, rows.clone(), &Others::default()).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), text);
        let mut out = Vec::new();
        write(&mut out, true, rows, &Others::default()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let json = read_json(&text, "media.csv".to_owned());
        assert_eq!(json.problems, [""; 0], "{text}");
        assert_eq!(json.rows.len(), 2);
        assert!(read.rows.iter().all(|(uri, (_, facts))| json.rows[uri].1 == *facts));
    }

    #[test]
    fn unknown_columns_stay_with_their_values_in_their_order() {
        let again = |read: &Manifest, json| {
            let mut rows: Vec<_> = read.rows.iter().map(|(uri, (_, facts))| (uri.as_str(), facts)).collect();
            rows.sort_by_key(|(uri, _)| *uri);
            let mut out = Vec::new();
            write(&mut out, json, rows, &read.others).unwrap();
            String::from_utf8(out).unwrap()
        };
        let text = "note,uri,bytes,who,duration,mime_type,fps,has_audio,pages,width,height\n\
                    \" 1,5 \",a,10,\"x \"\"y\"\"\",,,,,,,\n,b,,é,,,,,,,\n";
        let read = csv(text);
        assert_eq!((read.problems.len(), read.loss.as_deref()), (2, None));
        assert_eq!(again(&read, false), text);
        let text = "uri,note,note,,,bytes,duration,mime_type,fps,has_audio,pages,width,height\n\
                    a,1,2,3,4,,,,,,,,\n";
        assert_eq!(again(&csv(text), false), text);
        let text = "{\"uri\": \"a\", \"bytes\": 1, \"note\": {\"x\":1.0, \"y\":\"\\u00e9\"}, \"who\": null}\n";
        let read = read_json(text, "m.jsonl".to_owned());
        assert_eq!(read.loss, None);
        assert_eq!(again(&read, true), text);
        assert!(csv("uri,note\na,1\n,2\n").loss.is_some_and(|loss| loss.contains("line 3")));
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
        assert_eq!(
            problems("bytes,uri,bytes\n1,a,2\n"),
            ["media.csv, line 1: `bytes` is the name of columns 1 and 3; only the first one counts"]
        );
        assert_eq!(csv("bytes,uri,bytes\n1,a,2\n").rows["a"].1.bytes, Some(1));
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

    #[test]
    fn a_quote_that_is_not_closed_costs_only_the_lines_after_it() {
        let read = csv("uri,bytes\na,1\n\"b \"\"1\"\"\",2\nc,\"3\nd,4\ne,5\n");
        let expected = "media.csv, line 4, character 3 (`bytes`): the `\"` here has no end; this line and all after it are \
                        ignored";
        assert_eq!(read.problems, [expected]);
        assert_eq!((read.rows.len(), read.rows["b \"1\""].1.bytes), (2, Some(2)));
        // The quote of another value closes it.
        let read = csv("uri,bytes\n\"a,1\nb,2\n\"c\",3\nd,4\n");
        let expected =
            "media.csv, line 2: `uri` goes on to line 4: a `\"` is probably missing; these lines are ignored";
        assert_eq!((read.problems.as_slice(), read.rows.len()), ([expected.to_owned()].as_slice(), 1));
        assert!(problems("uri,bytes\r\n\"a\",1\r\n\"\",\r\nb\"c,1\r\n")[0].contains("line 3: `uri` is missing"));
    }
}
