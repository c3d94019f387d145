//! Completion in a record: the items at a cursor, and the line after one is accepted.

use tuning_ls::analysis::Analyst;
use tuning_ls::example::shared::SharedValue;
use tuning_ls::ide::completion::{Asked, Item, complete};
use tuning_ls::settings::Settings;

/// Splits a text at its `▮`.
pub fn cursor(marked: &str) -> (String, usize) {
    let at = marked.find('▮').expect("a cursor");
    (marked.replace('▮', ""), at)
}

pub struct Case<'a> {
    pub nearby: &'a [&'a str],
    pub shared: Option<SharedValue>,
    pub snippets: bool,
    pub by_hand: bool,
    /// The service in the settings; empty for none.
    pub service: &'static str,
}

pub const PLAIN: Case<'_> = Case { nearby: &[], shared: None, snippets: false, by_hand: false, service: "" };
pub const SNIPPETS: Case<'_> = Case { nearby: &[], shared: None, snippets: true, by_hand: false, service: "" };

/// The settings with this service, which may be empty.
pub fn of_service(service: &str) -> Settings {
    let settings = if service.is_empty() { serde_json::json!({}) } else { serde_json::json!({ "service": service }) };
    Settings::from_json(&settings).0
}

impl Case<'_> {
    pub fn items(&self, marked: &str) -> Vec<Item> {
        let (text, offset) = cursor(marked);
        let Self { nearby, shared, snippets, by_hand, service } = *self;
        let asked = Asked { text: &text, offset, snippets, by_hand, nearby, shared };
        let mut analyst = Analyst::new(&of_service(service));
        // As for a document, the format is that of most lines.
        let of_file = nearby.iter().find_map(|line| analyst.read(line).mark.format());
        if let Some(format) = of_file {
            analyst.set_fallback(format);
        }
        let items = complete(&asked, &mut analyst);
        for item in &items {
            check_range(&text, offset, item);
        }
        items
    }

    pub fn labels(&self, marked: &str) -> Vec<String> {
        self.items(marked).into_iter().map(|item| item.label).collect()
    }

    /// The line after the item is accepted, without tab stops.
    pub fn take(&self, marked: &str, label: &str) -> String {
        let (text, _) = cursor(marked);
        let items = self.items(marked);
        let Some(item) = items.iter().find(|item| item.label == label) else {
            panic!("no {label} in {:?} at {marked}", self.labels(marked));
        };
        applied(&text, item)
    }
}

pub fn check_range(text: &str, offset: usize, item: &Item) {
    let range = item.replace.range();
    assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end), "{item:?}");
    assert!(item.replace.touches(text.floor_char_boundary(offset)), "{item:?} at {offset} of {text}");
    let quote = |letter: char| matches!(letter, '"' | '\'' | '“' | '”');
    if let Some(first) = text[range].chars().next().filter(|first| quote(*first)) {
        assert!(item.filter.starts_with(first), "{item:?}");
    }
}

pub fn applied(text: &str, item: &Item) -> String {
    let range = item.replace.range();
    let inserted = if item.snippet { stripped(&item.text) } else { item.text.clone() };
    format!("{}{inserted}{}", &text[..range.start], &text[range.end..])
}

/// The text that an editor first shows for a snippet.
pub fn stripped(snippet: &str) -> String {
    let mut out = String::new();
    let mut letters = snippet.chars().peekable();
    let mut open = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.extend(letters.next()),
            '$' => {
                let braces = letters.next_if_eq(&'{').is_some();
                while letters.next_if(char::is_ascii_digit).is_some() {}
                if braces && letters.next_if_eq(&'|').is_some() {
                    let choices: String = letters.by_ref().take_while(|letter| *letter != '}').collect();
                    let choices = choices.strip_suffix('|').expect("the end of the choices");
                    out.push_str(choices.split(',').next().unwrap_or_default());
                } else if braces {
                    assert_eq!(letters.next(), Some(':'), "{snippet}");
                    open = true;
                }
            }
            '}' if open => open = false,
            other => out.push(other),
        }
    }
    assert!(!open, "{snippet}");
    out
}

/// The records near the cursor.
pub const NEARBY: [&str; 3] = [
    r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://clips/day1/a.mp4","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"10s","endOffset":"25s"}},{"text":"What sport is it?"}]},{"role":"model","parts":[{"text":"football"}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#,
    r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://clips/day2/b.mp4","mimeType":"video/mp4"},"videoMetadata":{"startOffset":"0s","endOffset":"15s"}},{"text":"What sport is it?"}]},{"role":"model","parts":[{"text":"tennis"}]}]}"#,
    r#"{"system_instruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"Say \"hi\"\n{now}"}]},{"role":"model","parts":[{"text":"tennis"}]}]}"#,
];
