//! Settings: reading them from a client and from `tuning-ls.toml`, applying them to a file, and changing the
//! settings file.

use crate::support::generated::read;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::Path;
use tuning_ls::formats::gemini::{GEMINI, LOW, MEDIUM};
use tuning_ls::rules::configuration::read_configuration;
use tuning_ls::settings::toml::with_rule_level;
use tuning_ls::settings::{Configuration, Detection, DiagnosticMode, Level, Role, SETTINGS, Setting, Settings, Values};

/// A valid value of a setting, other than its default, and some invalid ones.
fn examples(setting: &Setting) -> (Value, Vec<Value>) {
    match &setting.values {
        Values::Levels => (json!({"bad-uri": "off"}), vec![json!({"bad-uri": 1}), json!(1), json!([1])]),
        Values::Count { default } => (json!(default + 1), vec![json!(0), json!(-1), json!("1"), json!(1.5)]),
        Values::Choice(choices) | Values::Model(choices) => {
            (json!(choices[1].0), vec![json!("no such choice"), json!(1), json!({})])
        }
        Values::Shared(field) => (json!(field.name(MEDIUM)), vec![json!("no such choice"), json!(1), json!({})]),
        Values::Text => (json!("some text"), vec![json!(1), json!(["a"])]),
        Values::Globs => (json!(["*.jsonl"]), vec![json!(1), json!([]), json!("a["), json!("../a")]),
        Values::Table(settings) => {
            let table: Value = settings.iter().map(|setting| (setting.name, examples(setting).0)).collect();
            let wrong = settings.iter().flat_map(|setting| {
                let (name, (_, wrong)) = (setting.name, examples(setting));
                wrong.into_iter().map(move |wrong| json!({ name: wrong }))
            });
            let wrong: Vec<_> = wrong.chain([json!(1), json!(["a"]), json!({"no such": 1})]).collect();
            (table, wrong)
        }
        Values::Tables(settings) => {
            let table: Value = settings.iter().map(|setting| (setting.name, examples(setting).0)).collect();
            let mut lacking = table.clone();
            let required = settings.iter().find(|setting| setting.required).unwrap();
            lacking.as_object_mut().unwrap().remove(required.name);
            (json!([table]), vec![json!(1), json!(["a"]), json!([lacking])])
        }
    }
}

#[test]
fn every_declared_setting_is_read_and_a_wrong_value_of_it_is_said() {
    for setting in SETTINGS.iter() {
        let name = setting.name;
        let (value, wrong) = examples(setting);
        let (set, problems) = Configuration::from_json(&json!({ name: value }));
        assert!(set != Configuration::from_json(&json!({})).0 && problems.is_empty(), "{name}: {problems:?}");
        for wrong in wrong {
            let (set, problems) = Configuration::from_json(&json!({ name: wrong }));
            assert_eq!(problems.len(), 1, "{name} {wrong}: {problems:?}");
            assert_eq!(set.for_file(Path::new("a.jsonl")), Settings::default(), "{name} {wrong}");
        }
        assert_eq!(Configuration::from_json(&json!({ name: null })), Configuration::from_json(&json!({})));
    }
}

#[test]
fn the_file_and_the_client_say_the_same_in_their_own_names() {
    for setting in SETTINGS.iter() {
        let value = kebab(&examples(setting).0);
        let (from_file, problems) = Configuration::from_toml(&format!("{} = {}\n", setting.key(), inline(&value)));
        assert_eq!(problems, [], "{}", setting.name);
        let (from_client, _) = Configuration::from_json(&json!({ setting.name: examples(setting).0 }));
        for path in ["a.jsonl", "b/c.jsonl"] {
            assert_eq!(from_file.for_file(Path::new(path)), from_client.for_file(Path::new(path)));
        }
        let path = |configuration: &Configuration| configuration.baseline().map(|(path, _)| path);
        assert_eq!(path(&from_file), path(&from_client));
        let media = |configuration: &Configuration| {
            let media = configuration.media();
            (
                media.manifest.map(|(path, _)| path),
                media.mirrors.into_iter().map(|it| (it.prefix, it.folder)).collect::<Vec<_>>(),
            )
        };
        assert_eq!(media(&from_file), media(&from_client));
        assert_eq!(from_file.diagnostic_mode(), from_client.diagnostic_mode());
        assert_eq!(from_file.datasets().len(), from_client.datasets().len());
    }
}

/// The value with the setting names of the file (kebab-case).
fn kebab(value: &Value) -> Value {
    let key = |name: &str| Setting { name: name.to_owned().leak(), ..SETTINGS[0].clone() }.key();
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (key(name), kebab(value))).collect(),
        Value::Array(items) => items.iter().map(kebab).collect(),
        other => other.clone(),
    }
}

/// A value in TOML, on one line.
fn inline(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<_> = members.iter().map(|(key, value)| format!("{key} = {}", inline(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

#[test]
fn an_empty_list_is_an_empty_object() {
    for value in [json!([]), json!({ "rules": [] }), json!({ "dataset": {} })] {
        assert_eq!(Settings::from_json(&value), (Settings::default(), Vec::new()), "{value}");
    }
}

#[test]
fn a_wrong_value_is_said_and_the_rest_applies() {
    let (settings, problems) = Settings::from_json(&json!({
        "maxDiagnostics": "many",
        "rules": {"blank-line": "off", "bad-uri": "loud"},
        "mediaResolution": "LOW",
        "serverPath": "/somewhere",
    }));
    assert_eq!(settings.max_diagnostics, Settings::MAX_DIAGNOSTICS);
    assert_eq!(settings.rules.get("blank-line"), Some(&Level::Off));
    assert_eq!(settings.rules.get("bad-uri"), None);
    assert_eq!(settings.shared(&GEMINI), Some(LOW));
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn of_a_file_with_a_fault_the_rest_applies_and_the_fault_is_said_once() {
    for fault in ["model =", "model = gemini", "[rules", "= 1", "\"open", "model = \"a\" x"] {
        let text = format!("max-diagnostics = 7\n{fault}\n");
        let (configuration, problems) = Configuration::from_toml(&text);
        assert_eq!(problems.len(), 1, "{fault}: {problems:?}");
        assert!(problems[0].message.starts_with("this is not valid TOML: "), "{problems:?}");
        assert_eq!(configuration.base().max_diagnostics, 7, "{fault}");
    }
}

#[test]
fn a_project_finds_media_below_its_folder_only_and_a_client_anywhere() {
    for path in ["../clips", "/clips", "a/../../clips"] {
        let text = format!("[media]\nmanifest = {path:?}\n[[media.mirror]]\nprefix = \"\"\nfolder = {path:?}\n");
        let (project, problems) = Configuration::from_toml(&text);
        assert!(project.media().is_empty(), "{path}");
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems.iter().all(|problem| problem.message.contains("leaves the folder")), "{problems:?}");
        let mirror = json!([{ "prefix": "", "folder": path }]);
        let (client, problems) = Configuration::from_json(&json!({ "media": { "manifest": path, "mirror": mirror } }));
        assert_eq!(problems, [""; 0]);
        let media = client.in_folder(Path::new("/home")).media();
        assert_eq!(media.mirrors[0].folder, Path::new("/home").join(path));
    }
    let (project, problems) = Configuration::from_toml("[media]\nmanifest = \"./media.csv\"\n");
    assert_eq!(problems, []);
    assert!(project.media().manifest.is_some());
}

fn project() -> Configuration {
    let text = r#"
        max-diagnostics = 50
        diagnostic-mode = "workspace"
        baseline = "known.json"
        [rules]
        bad-uri = "off"
        blank-line = "hint"
        [[override]]
        files = ["old/**"]
        rules = { blank-line = "error" }
        format = "other"
        [[override]]
        files = "old/new/*.jsonl"
        rules = { blank-line = "warning" }
        format = ""
        [[dataset]]
        train = "clips/*.train.jsonl"
        validation = "clips/*.jsonl"
        model = "gemini-2.5-pro"
        media-resolution = "low"
    "#;
    let (configuration, problems) = Configuration::from_toml(text);
    assert_eq!(problems, []);
    configuration.in_folder(Path::new("/project"))
}

#[test]
fn the_projects_file_goes_before_the_client_key_by_key_and_rule_by_rule() {
    let client = json!({
        "maxDiagnostics": 10,
        "model": "gemini-2.5-flash-lite",
        "rules": {"bad-uri": "error", "bad-fps": "hint"},
        "override": [{ "files": "*.jsonl", "rules": {"blank-line": "off", "trailing-comma": "off"} }],
        "baseline": "mine.json",
        "dataset": [{ "train": "mine.jsonl" }],
    });
    let client = Configuration::from_json(&client).0.in_folder(Path::new("/project"));
    let merged = project().merge(client.clone());
    let settings = merged.for_file(Path::new("/project/a.jsonl"));
    assert_eq!(settings.max_diagnostics, 50);
    assert_eq!(settings.model.as_deref(), Some("gemini-2.5-flash-lite"));
    let rules: Vec<_> = settings.rules.iter().map(|(code, level)| (code.as_str(), *level)).collect();
    let expected = [
        ("bad-fps", Level::Hint),
        ("bad-uri", Level::Off),
        ("blank-line", Level::Hint),
        ("trailing-comma", Level::Off),
    ];
    assert_eq!(rules, expected);
    assert_eq!(merged.baseline().unwrap().0, Path::new("/project/known.json"));
    assert_eq!(merged.diagnostic_mode(), DiagnosticMode::Workspace);
    assert_eq!(merged.datasets().len(), 1);
    assert!(merged.dataset_of(Path::new("/project/mine.jsonl")).is_none());
    assert_eq!(client.diagnostic_mode(), DiagnosticMode::OpenFilesOnly);
    assert!(client.dataset_of(Path::new("/project/mine.jsonl")).is_some());
}

#[test]
fn the_last_override_of_a_file_goes_before_the_others() {
    let of = |path: &str| {
        let settings = project().for_file(Path::new(path));
        (settings.rules.get("blank-line").copied(), settings.format)
    };
    assert_eq!(of("/project/a.jsonl"), (Some(Level::Hint), Detection::ByContent));
    assert_eq!(of("/project/old/a.jsonl"), (Some(Level::Error), Detection::Other));
    assert_eq!(of("/project/old/new/a.jsonl"), (Some(Level::Warning), Detection::ByContent));
    // The patterns apply only below the folder of the settings file.
    assert_eq!(of("/elsewhere/old/a.jsonl"), (Some(Level::Hint), Detection::ByContent));
}

#[test]
fn a_file_of_a_dataset_is_a_tuning_file_of_its_model_and_resolution() {
    let project = project();
    let role = |path: &str| project.dataset_of(Path::new(path)).map(|(_, role)| role);
    assert_eq!(role("/project/clips/a.train.jsonl"), Some(Role::Training));
    assert_eq!(role("/project/clips/a.jsonl"), Some(Role::Validation));
    assert_eq!(role("/project/a.jsonl"), None);
    let settings = project.for_file(Path::new("/project/clips/a.jsonl"));
    assert_eq!(settings.model.as_deref(), Some("gemini-2.5-pro"));
    assert_eq!((settings.shared(&GEMINI), settings.format), (Some(LOW), Detection::Is(&GEMINI)));
    assert!(settings.in_dataset);
}

#[test]
fn setting_a_level_keeps_all_else_and_makes_what_is_missing() {
    let off = |text: &str| with_rule_level(text, "bad-uri", Level::Off);
    let cases = [
        ("", "[rules]\nbad-uri = \"off\"\n"),
        ("# mine\r\nmodel = \"\" # why\r\n", "# mine\r\nmodel = \"\" # why\r\n\r\n[rules]\r\nbad-uri = \"off\"\r\n"),
        ("[rules]\nbad-uri  =  'error' # so\n# end", "[rules]\nbad-uri  =  \"off\" # so\n# end"),
        (
            "[rules]\r\nbad-fps = \"off\"\r\n\r\n# next\r\n[[dataset]]\r\ntrain = \"a\"\r\n",
            "[rules]\r\nbad-fps = \"off\"\r\nbad-uri = \"off\"\r\n\r\n# next\r\n[[dataset]]\r\ntrain = \"a\"\r\n",
        ),
        ("rules = { bad-fps = \"off\" }\n", "rules = { bad-fps = \"off\" , bad-uri = \"off\" }\n"),
        ("rules.bad-fps = \"off\"\n", "rules.bad-fps = \"off\"\nrules.bad-uri = \"off\"\n"),
        ("[rules]\nbad-uri = 3\n", "[rules]\nbad-uri = \"off\"\n"),
    ];
    for (text, expected) in cases {
        assert_eq!(off(text).as_deref(), Some(expected), "{text}");
        assert_eq!(off(expected).as_deref(), Some(expected));
    }
    for broken in ["[rules", "rules = 1\n", "a = \n"] {
        assert_eq!(off(broken), None, "{broken}");
    }
}

proptest! {
    #[test]
    fn setting_a_level_adds_or_changes_one_place_and_is_read_back(
        lines in prop::collection::vec(
            prop::sample::select(vec![
                "# a comment", "", "   ", "max-diagnostics = 5 # why", "model = 'gemini-2.5-pro'", "[rules]",
                "bad-uri = \"hint\"  # mine", "blank-line = 'off'", "[[override]]", "files = [ 'a' , ]",
                "[[dataset]]", "train = \"ä🙂.jsonl\"", "\tformat = \"\"",
            ]),
            0..12,
        ),
        crlf in prop::collection::vec(any::<bool>(), 12),
        ends in any::<bool>(),
    ) {
        let mut text = String::new();
        for (line, crlf) in lines.iter().zip(&crlf) {
            text.push_str(line);
            text.push_str(if *crlf { "\r\n" } else { "\n" });
        }
        if !ends {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        if let Some(changed) = with_rule_level(&text, "bad-uri", Level::Error) {
            let (before, _) = Configuration::from_toml(&text);
            let (after, _) = Configuration::from_toml(&changed);
            let mut expected = before.base();
            expected.rules.insert("bad-uri".to_owned(), Level::Error);
            prop_assert_eq!(after.base(), expected);
            // Exactly one contiguous part of the text was replaced.
            let start = text.bytes().zip(changed.bytes()).take_while(|(a, b)| a == b).count();
            let end = text.bytes().skip(start).collect::<Vec<_>>().into_iter().rev()
                .zip(changed.bytes().skip(start).collect::<Vec<_>>().into_iter().rev())
                .take_while(|(a, b)| a == b).count();
            let gone = &text.as_bytes()[start..text.len() - end];
            prop_assert!(b"\"hint\"".windows(gone.len().max(1)).any(|part| part == gone) || gone.is_empty());
        } else {
            prop_assert!(!Configuration::from_toml(&text).1.is_empty(), "{}", text);
        }
    }

    #[test]
    fn no_text_makes_reading_fail(text in "[\\[\\]{}=\"'a-z.# \n,0-9é]{0,60}") {
        for finding in read_configuration(&text).1 {
            prop_assert!(text.get(finding.span.clone()).is_some(), "{:?}", finding);
            prop_assert!(!finding.message.contains('\n'));
        }
        let _ = with_rule_level(&text, "bad-uri", Level::Off);
    }
}

fn schema() -> jsonschema::Validator {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/editors/tuning-ls.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::draft7::new(&schema).unwrap()
}

/// The text of a settings file as JSON.
fn as_json(text: &str) -> Value {
    fn value(item: &toml::de::DeValue<'_>) -> Value {
        match item {
            toml::de::DeValue::String(text) => json!(text),
            toml::de::DeValue::Integer(number) => json!(number.as_str().parse::<i64>().unwrap()),
            toml::de::DeValue::Boolean(is) => json!(is),
            toml::de::DeValue::Array(items) => items.iter().map(|item| value(item.get_ref())).collect(),
            toml::de::DeValue::Table(table) => {
                table.iter().map(|(key, item)| (key.get_ref().to_string(), value(item.get_ref()))).collect()
            }
            _ => Value::Null,
        }
    }
    value(&toml::de::DeValue::Table(toml::de::DeTable::parse(text).unwrap().into_inner()))
}

/// The `tuning-ls.toml` files that a page shows, in whole or in part.
fn samples(page: &str) -> Vec<String> {
    let page = read(page);
    let samples = page.split("```toml\n").skip(1);
    samples.map(|rest| rest.split_once("```").unwrap().0.to_owned()).collect()
}

#[test]
fn the_samples_of_the_documentation_have_no_finding() {
    for sample in ["README.md", "docs/settings.md"].into_iter().flat_map(samples) {
        let findings: Vec<_> = read_configuration(&sample).1.into_iter().map(|finding| finding.message).collect();
        assert_eq!(findings, Vec::<String>::new(), "{sample}");
        let errors: Vec<_> = schema().iter_errors(&as_json(&sample)).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{sample}");
    }
}

#[test]
fn the_first_sample_of_the_settings_page_has_every_setting() {
    let json = as_json(&samples("docs/settings.md")[0]);
    for setting in SETTINGS.iter() {
        assert!(json.get(setting.key()).is_some(), "{} is not in the sample", setting.key());
    }
}

#[test]
fn the_schema_takes_what_is_read_and_refuses_what_is_a_finding() {
    let schema = schema();
    let texts = [
        "",
        "model = \"gemini-3.5-flash\"",
        "media-resolution = \"LOW\"",
        "rules = { bad-uri = \"info\" }",
        "[[override]]\nfiles = \"a\"",
        "[[dataset]]\ntrain = [\"a\", \"b\"]\nvalidation = \"c\"",
        "[media]\nmanifest = \"a.csv\"\n[[media.mirror]]\nprefix = \"\"\nfolder = \"b\"",
        "[media]\nmanifests = \"a\"",
        "[[media.mirror]]\nprefix = \"a\"",
        "max-diagnostic = 1",
        "max-diagnostics = 0",
        "max-diagnostics = \"1\"",
        "maxDiagnostics = 1",
        "model = \"gemini-1.5-pro\"",
        "media-resolution = \"MIDDLE\"",
        "rules = { bad-urri = \"off\" }",
        "rules = { bad-uri = \"loud\" }",
        "diagnostic-mode = \"all\"",
        "format = \"openai\"",
        "format = \"claude\"",
        "service = \"together\"",
        "service = \"togehter\"",
        "override = 1",
        "[[override]]\nformat = \"other\"",
        "[[override]]\nfiles = []",
        "[[dataset]]\nvalidation = \"a\"",
        "[[dataset]]\ntrain = \"a\"\ntest = \"b\"",
    ];
    let mut refused = 0;
    for text in texts {
        let finds = !read_configuration(text).1.is_empty();
        assert_eq!(schema.is_valid(&as_json(text)), !finds, "{text}");
        refused += usize::from(finds);
    }
    assert_eq!(refused, 18);
}
