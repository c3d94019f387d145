//! Generates files with faults that can be fixed without loss.

use serde_json::{Map, Value, json};

/// Random choices that depend only on the seed, or on given bytes.
pub struct Choices {
    pub seed: u64,
    /// The bytes that decide before the seed does, from the last one on.
    given: Vec<u8>,
}

impl Choices {
    pub fn new(seed: u64) -> Self {
        Self { seed, given: Vec::new() }
    }

    /// Choices that a fuzzer makes: a changed byte changes one of them.
    pub fn given(bytes: &[u8]) -> Self {
        Self { seed: 0, given: bytes.iter().rev().copied().collect() }
    }

    /// Whether given bytes are left.
    pub fn is_given(&self) -> bool {
        !self.given.is_empty()
    }

    /// Up to `len` of the given bytes, as text.
    pub fn given_text(&mut self, len: usize) -> String {
        let bytes: Vec<u8> = (0..len).map_while(|_| self.given.pop()).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        if let Some(byte) = self.given.pop() {
            let high = if bound > 256 { self.given.pop().unwrap_or_default() } else { 0 };
            return (usize::from(high) << 8 | usize::from(byte)) % bound;
        }
        self.seed = self.seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    /// Whether a chance of one in `bound` comes true.
    pub fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    /// One of these.
    pub fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A text. A plain one has no characters with a meaning outside strings.
    fn text(&mut self, plain: bool) -> String {
        let pieces: &[&str] = if plain {
            &["dog", " ", "ä😀", "1:30", "\n", "\t", "x,", "it's"]
        } else {
            &[
                "dog",
                " ",
                "\"",
                "\\",
                "it's",
                "\n",
                "\t",
                "{",
                "}",
                "[",
                "]",
                ",",
                ": ",
                "// x",
                "# y",
                "/*",
                "é\u{2028}",
                "\u{1}",
            ]
        };
        let count = self.below(6);
        let text = (0..count).map(|_| self.of(pieces)).collect::<String>() + ".";
        // A line that begins like a record may be one, so such a text is left to a person.
        let plain =
            |line: &str| if line.trim_start().starts_with('{') { line.replacen('{', "(", 1) } else { line.to_owned() };
        let (first, rest) = text.split_once('\n').map_or((&*text, None), |(first, rest)| (first, Some(rest)));
        let rest = rest.map(|rest| rest.split('\n').map(|line| format!("\n{}", plain(line))).collect::<String>());
        format!("{first}{}", rest.unwrap_or_default())
    }

    /// An example without faults.
    fn example(&mut self, plain: bool) -> Value {
        let name = self.of(&["a", "b", "long name"]);
        let mut media = json!({"fileData": {"fileUri": format!("gs://films/{name}.mp4"), "mimeType": "video/mp4"}});
        if self.one_in(2) {
            media["videoMetadata"] = json!({"startOffset": "5s", "endOffset": "25.5s"});
        }
        let mut example = json!({
            "contents": [
                {"role": "user", "parts": [media, {"text": self.text(plain)}]},
                {"role": "model", "parts": [{"text": self.text(plain)}]},
            ],
            "generationConfig": {"mediaResolution": "MEDIA_RESOLUTION_LOW"},
        });
        if self.one_in(3) {
            example["systemInstruction"] = json!({"parts": [{"text": self.text(plain)}]});
        }
        if self.one_in(3) {
            let args = json!({"flag": true, "off": false, "none": null, "n": [1.5, -2, 1e30], "t_u": self.text(plain)});
            example["contents"][1]["parts"] = json!([{"functionCall": {"name": "f", "args": args}}]);
        }
        example
    }

    /// The example with faults of its shape that can be fixed without loss.
    fn misshapen(&mut self, example: &Value) -> Value {
        let mut example = example.clone();
        let uri = example["contents"][0]["parts"][0]["fileData"]["fileUri"].as_str().unwrap_or_default().to_owned();
        let object = uri.trim_start_matches("gs://").to_owned();
        let uris =
            [format!("gs:/{object}"), format!("GS://{object}"), format!("https://storage.cloud.google.com/{object}")];
        if self.one_in(4) && !object.contains(' ') {
            example["contents"][0]["parts"][0]["fileData"]["fileUri"] = json!(uris[self.below(uris.len())]);
        }
        if self.one_in(4) {
            example["contents"][1]["role"] = json!(self.of(&["assistant", "Model", "MODEL"]));
        }
        let part = &mut example["contents"][0]["parts"][0];
        if part["videoMetadata"].is_object() && self.one_in(3) {
            let metadata = removed(part, "videoMetadata");
            part["fileData"]["videoMetadata"] = metadata;
        } else if part["videoMetadata"].is_object() && self.one_in(3) {
            let start = [json!(5), json!("5"), json!("5 s"), json!({"seconds": 5}), json!("5.0s "), json!("PT5S")];
            part["videoMetadata"]["startOffset"] = start[self.below(start.len())].clone();
        }
        if self.one_in(4) {
            example["generationConfig"]["mediaResolution"] = json!("media_resolution_low");
        } else if self.one_in(4) {
            example["generationConfig"]["mediaResolution"] = json!(1);
        } else if self.one_in(4) {
            let config = removed(&mut example, "generationConfig");
            example["mediaResolution"] = config["mediaResolution"].clone();
        }
        if self.one_in(4) {
            let part = example["contents"][1]["parts"][0].take();
            example["contents"][1]["parts"] = part;
        }
        if let Some(text) = example.get("systemInstruction").map(|system| system["parts"][0]["text"].clone())
            && self.one_in(2)
        {
            example["systemInstruction"] = text;
        }
        if self.one_in(3) {
            example = snake_case(&example, false);
        }
        example
    }
}

/// Removes a member of an object and returns its value.
fn removed(object: &mut Value, key: &str) -> Value {
    object.as_object_mut().and_then(|members| members.remove(key)).unwrap_or_default()
}

/// The value with all field names in snake_case. Free-form JSON stays as it is.
fn snake_case(value: &Value, free: bool) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(|element| snake_case(element, free)).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                let name = if free { key.clone() } else { tuning_ls::schema::snake_case(key) };
                (name, snake_case(value, free || key == "args"))
            });
            Value::Object(members.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// How to print a value, faults included.
struct Style {
    pretty: bool,
    spaces: bool,
    commas: bool,
    literals: bool,
    single: bool,
    bare: bool,
    comments: bool,
    raw: bool,
}

impl Style {
    fn choose(choices: &mut Choices, pretty: bool) -> Self {
        let mut some = || choices.one_in(3);
        let (spaces, commas, literals, single) = (some(), some(), some(), some());
        Self { pretty, spaces, commas, literals, single, bare: some(), comments: some(), raw: some() }
    }

    fn print(&self, choices: &mut Choices, value: &Value, depth: usize, out: &mut String) {
        let (open, close, members): (_, _, Vec<(Option<&String>, &Value)>) = match value {
            Value::Array(elements) => ('[', ']', elements.iter().map(|element| (None, element)).collect()),
            Value::Object(members) => ('{', '}', members.iter().map(|(key, value)| (Some(key), value)).collect()),
            Value::String(text) => return self.string(choices, text, out),
            Value::Bool(true) if self.literals => return out.push_str("True"),
            Value::Bool(false) if self.literals => return out.push_str("False"),
            Value::Null if self.literals => return out.push_str("None"),
            scalar => return out.push_str(&scalar.to_string()),
        };
        out.push(open);
        let count = members.len();
        for (place, (key, value)) in members.into_iter().enumerate() {
            self.break_line(choices, depth + 1, out);
            if let Some(key) = key {
                match key {
                    key if self.bare && choices.one_in(2) => out.push_str(key),
                    key => self.string(choices, key, out),
                }
                out.push_str(if self.spaces { " : " } else { ":" });
            }
            self.print(choices, value, depth + 1, out);
            if place + 1 < count || (self.commas && choices.one_in(2)) {
                out.push(',');
            }
            // The parser needs the text after a single-quoted string to find its end.
            if self.comments && !out.ends_with('\'') && choices.one_in(4) {
                out.push_str("/* why */");
            }
        }
        self.break_line(choices, depth, out);
        out.push(close);
    }

    fn break_line(&self, choices: &mut Choices, depth: usize, out: &mut String) {
        if self.pretty {
            if self.comments && !out.ends_with('\'') && choices.one_in(6) {
                out.push_str(choices.of(&[" // note", " # it"]));
            }
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        } else if self.spaces {
            out.push(' ');
        }
    }

    fn string(&self, choices: &mut Choices, text: &str, out: &mut String) {
        let mut quoted = Value::from(text).to_string();
        if self.raw && choices.one_in(2) {
            quoted = quoted.replace("\\t", "\t").replace("\\u0001", "\u{1}");
            // A backslash before it would change its meaning.
            if self.pretty && !text.contains('\\') {
                quoted = quoted.replace("\\n", "\n");
            }
            if text.contains('\\') {
                quoted = Value::from(text).to_string();
            }
        }
        if self.single && choices.one_in(2) {
            let inner = quoted[1..quoted.len() - 1].replace("\\\"", "\"").replace('\'', "\\'");
            // Only double-quoted strings get backslashes next to quotes.
            if !text.contains('\\') && !quoted.contains('\n') {
                quoted = format!("'{inner}'");
            }
        }
        out.push_str(&quoted);
    }
}

/// A file of broken examples, and the examples without faults.
pub fn broken_file(seed: u64) -> (String, Vec<Value>) {
    let mut choices = Choices::new(seed);
    let count = 1 + choices.below(5);
    let array = choices.one_in(6);
    let (mut text, mut values) = (String::new(), Vec::new());
    if choices.one_in(5) {
        text.push('\u{FEFF}');
    }
    text.push_str(if array { "[\n" } else { "" });
    let ends: &[&str] = choices.of(&[&["\n"], &["\r\n"], &["\n", "\r\n"]]);
    let pretties: Vec<bool> = (0..count).map(|_| choices.one_in(3)).collect();
    for (place, &pretty) in pretties.iter().enumerate() {
        let style = Style::choose(&mut choices, pretty);
        // The search for record starts knows only JSON's own quotes.
        let plain = pretty && (style.single || style.comments) || array;
        let example = choices.example(plain);
        let broken = choices.misshapen(&example);
        let mut record = String::new();
        style.print(&mut choices, &broken, 0, &mut record);
        text.push_str(&record.replace('\n', choices.of(ends)));
        values.push(example);
        let last = place + 1 == count;
        if array {
            text.push_str(if last && choices.one_in(2) { "" } else { "," });
            text.push_str(choices.of(ends));
        } else if !last && !pretty && !pretties[place + 1] && choices.one_in(8) {
            text.push_str(choices.of(&["", " ", ", "]));
        } else if !last || choices.one_in(2) {
            text.push_str(choices.of(ends));
            if choices.one_in(5) {
                text.push_str(choices.of(&["", "  "]));
                text.push_str(choices.of(ends));
            }
        }
    }
    text.push_str(if array { "]" } else { "" });
    (text, values)
}
