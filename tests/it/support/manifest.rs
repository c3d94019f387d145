//! Reads a media manifest on a rule page: a plain CSV table with a header.

use tuning_ls::schema::scalar::Duration;
use tuning_ls::settings::MediaFacts;
use tuning_ls::settings::media::Facts;

/// The facts in these rows. The words after the fence are the prefixes of locations that are listed completely. The column
/// `unreadable`, which real manifests don't have, says why a local copy can't be read.
pub fn read(rows: &[&str], words: &str) -> Result<MediaFacts, String> {
    let prefix = |word: &str| word.strip_prefix("complete=").map(str::to_owned).ok_or(format!("unknown word `{word}`"));
    let mut media =
        MediaFacts { complete: words.split_whitespace().map(prefix).collect::<Result<_, _>>()?, ..Default::default() };
    let (header, rows) = rows.split_first().ok_or("the manifest is empty")?;
    for row in rows {
        let (mut uri, mut facts, mut unreadable, mut size) = ("", Facts::default(), None, (None, None));
        for (column, value) in header.split(',').zip(row.split(',')).filter(|(_, value)| !value.is_empty()) {
            match column {
                "uri" => uri = value,
                "bytes" => facts.bytes = Some(number(value)?),
                "duration" => facts.duration = Duration::from_nanos((number::<f64>(value)? * 1e9) as i128),
                "mime_type" => facts.mime_type = Some(value.to_owned()),
                "fps" => facts.frame_rate = Some(number(value)?),
                "has_audio" => facts.has_audio = Some(number(value)?),
                "pages" => facts.pages = Some(number(value)?),
                "width" => size.0 = Some(number(value)?),
                "height" => size.1 = Some(number(value)?),
                "unreadable" => unreadable = Some(value.to_owned()),
                _ => return Err(format!("`{column}` is not a column of a manifest")),
            }
        }
        facts.size = size.0.zip(size.1);
        facts.origin = "media.csv".to_owned();
        media.by_location.insert(uri.to_owned(), unreadable.map_or(Ok(facts), Err));
    }
    Ok(media)
}

fn number<T: std::str::FromStr>(value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("`{value}` is not valid in a manifest"))
}
