//! The parser compared with `serde_json`, and on arbitrary text.

use crate::support::properties::parsing::{faults, is_json, sound_tree};
use proptest::prelude::*;
use tuning_ls::json::{Fault, Kind, Parser};

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(faults(text), expected, "{text}");
}

#[test]
fn each_kind_of_fault_is_found_at_its_bytes() {
    check(r#"{"a":1,}"#, &["TrailingComma@,"]);
    check(r#"{"a":[1,2,],"b":3}"#, &["TrailingComma@,"]);
    check("[1, // note\n]", &["TrailingComma@,", "Comment@// note"]);
    check(r#"{"a":1 "b":2}"#, &["MissingComma@\""]);
    check(r#"[1 2]"#, &["MissingComma@2"]);
    check(r#"{'a':'b'}"#, &["QuoteStyle@'a'", "QuoteStyle@'b'"]);
    check(
        r#"{"a":'b'/* c */,"d":'e' /* f *//* g */}"#,
        &["QuoteStyle@'b'", "Comment@/* c */", "QuoteStyle@'e'", "Comment@/* f */", "Comment@/* g */"],
    );
    check("{“a”:1}", &["QuoteStyle@“a”"]);
    check(r#"{a:1}"#, &["UnquotedKey@a"]);
    check(r#"{"a":1} // note"#, &["Comment@// note"]);
    check(r#"{/* x */"a":1}"#, &["Comment@/* x */"]);
    check("{\"a\":\"x\ty\"}", &["ControlCharacter@\t"]);
    check(r#"{"a":"\x \u12 \ud800"}"#, &[r"BadEscape@\x", r"BadEscape@\u12", r"BadEscape@\ud800"]);
    for word in ["True", "None", "NaN", "undefined", "+1", "01", ".5", "0x1F", "5s", "2024-01-01", "-Infinity"] {
        check(&format!("{{\"a\":{word},\"b\":1}}"), &[&format!("BadLiteral@{word}")]);
    }
    check(r#"{"a":[1,2"#, &["Unclosed@["]);
    check(r#"{"a":1"#, &["Unclosed@{"]);
    check(r#"{"a":"b"#, &["Unclosed@\""]);
    check(r#"{"a":1,,"b":2}"#, &["Syntax@,"]);
    check(r#"{"a":1}{"b":2}"#, &["SeveralValues@{"]);
    check(r#"{"a":1}, {"b":2}"#, &["SeveralValues@{"]);
    check(r#"{"a":1},"#, &["Syntax@,"]);
    check(r#"{"a":1}}"#, &["Syntax@}"]);
    check("", &["Syntax@"]);
    check("{\"\u{a0}\":\"\u{feff}\u{2028}\"}", &[]);
    for space in ["\u{a0}", "\u{3000}\t\u{a0}", "\u{2028}", "\u{85}", "\u{b}", "\u{200b}", "\u{feff}", "\u{2060}"] {
        let fault = format!("ForeignSpace@{space}");
        for text in
            ["@{\"a\":1}", "{@\"a\":1}", "{\"a\"@:1}", "{\"a\":@1}", "{\"a\":1@}", "{\"a\":1 @ }", "{\"a\":1}@", "@"]
        {
            check(&text.replace('@', space), &[&fault]);
        }
    }
}

#[test]
fn one_mistake_is_one_fault() {
    // A closing quote is missing.
    check(r#"{"c":[{"role":"model,"parts":[{"text":"x"}]}]}"#, &["Unclosed@\""]);
    check(r#"{"c":[{"role":"user},{"role":"model"}]}"#, &["Unclosed@\""]);
    check(r#"{"role:"user","a":1}"#, &["Unclosed@\""]);
    check(r#"{"g":{"mediaResolution":"LOW}}"#, &["Unclosed@\""]);
    // An opening quote is missing.
    check(r#"{"role":user","a":1}"#, &["Syntax@user\""]);
    check(r#"{role":"user","a":1}"#, &["Syntax@role\""]);
    // A quote in the text is not escaped.
    check(r#"{"text":"He said "hi" to me","a":1}"#, &["Syntax@\""]);
    check("{\"text\":\"He said \"\u{a0}hi\" to me\",\"a\":1}", &["Syntax@\""]);
    check(r#"{"text":"He said "/* now */ hi" to me","a":1}"#, &["Syntax@\""]);
    // The end of a single-quoted string is a guess here; it must not split the record into two values.
    check(
        "{'c' [{'r':'u','p':[{'t':'Q'}]}, {'r':'m'}]}",
        &["QuoteStyle@'c' [{'r'", "QuoteStyle@'u'", "QuoteStyle@'p'", "QuoteStyle@'t'", "QuoteStyle@'Q'", "Syntax@,"],
    );
    // A bracket is missing.
    check(r#"{"c":[{"role":"user","p":[{"t":"x"}],{"role":"m"}]}"#, &["Unclosed@{"]);
    check(r#"{"p":[{"t":"x"},"role":"model"}"#, &["Unclosed@["]);
    check(r#"{"a":[{"b":1]}"#, &["Unclosed@{"]);
    check(r#"{"contents": [}"#, &["Unclosed@["]);
    // There is an extra bracket.
    check(r#"{"a":[{"b":1}}],"c":2}"#, &["Syntax@}"]);
    check(r#"{"a":{"b":1}},"c":2}"#, &["Syntax@}"]);
    check(r#"{"a":[1]],"c":2}"#, &["Syntax@]"]);
    check(r#"{"a":[1}]"#, &["Syntax@}]"]);
    // Words without quotes.
    check(r#"{"text":Hello world}"#, &["BadLiteral@Hello world"]);
    check(r#"{x"contents":[]}"#, &["Syntax@x"]);
    check(r#"{"p":["text":"x"}]}"#, &["Syntax@\"text\""]);
    check("hello world", &["Syntax@hello"]);
    // A line being typed.
    check(r#"{""role":"user"}"#, &["Unclosed@\""]);
    check(r#"{"a":{"ro"role":"user"}}"#, &["Unclosed@\""]);
    check(r#"{"c":[{"role":","parts":[{"text":"hi"}]}]}"#, &["Unclosed@\""]);
    check(r#"{"role":}"#, &["Syntax@}"]);
    check(r#"{"role"}"#, &["Syntax@\"role\""]);
}

#[test]
fn where_a_comma_is_missing_none_is_taken_for_a_trailing_one() {
    check(r#"{"a":1;word}"#, &["Syntax@;", "Syntax@word"]);
    check(r#"{"x":0,"a":1;word}"#, &["Syntax@;", "Syntax@word"]);
    check(r#"{"a":1 ; ? }"#, &["Syntax@;", "Syntax@?"]);
    check(r#"{"a":1, word}"#, &["Syntax@word"]);
    let faults = faults(r#"{""]\\ஜ:\"":null}"#);
    assert!(!faults.is_empty() && !faults.iter().any(|fault| fault.starts_with("TrailingComma")), "{faults:?}");
}

#[test]
fn three_faults_give_three_findings() {
    check(r#"{"a":True,"b":[1,2,],'c':3}"#, &["BadLiteral@True", "TrailingComma@,", "QuoteStyle@'c'"]);
    check(
        r#"{"c":[{"role":"user","p":[{"t":"x"}],{"role":'m'}],"g":{"r":"L",}}"#,
        &["Unclosed@{", "QuoteStyle@'m'", "TrailingComma@,"],
    );
}

#[test]
fn the_tree_of_a_broken_record_keeps_its_members() {
    let mut parser = Parser::default();
    let text = r#"{"c":[{"role":"model,"parts":[{"text":"x"}]}],"g":{"r":"#;
    parser.parse(text);
    let record = parser.record(text);
    let turn = record.children(1).next().unwrap();
    assert_eq!(record.children(turn).map(|id| record.key(id).into_owned()).collect::<Vec<_>>(), ["role", "parts"]);
    assert_eq!(record.string(record.member(turn, "role").unwrap()).as_deref(), Some("model"));
    let group = record.member(0, "g").unwrap();
    assert_eq!(record.kind(record.member(group, "r").unwrap()), Kind::Missing);
    assert_eq!(record.pointer(record.member(group, "r").unwrap()), "/g/r");
}

#[test]
fn depth_is_limited_without_a_crash() {
    for depth in [100, 101, 100_000] {
        let text = "[".repeat(depth) + &"]".repeat(depth);
        let faults = faults(&text);
        assert_eq!(faults.is_empty(), depth == 100, "{depth}");
        assert!(faults.len() <= 1);
    }
    faults(&"{\"a\":[".repeat(100_000));
    faults(&"}".repeat(100_000));
    faults(&"[}".repeat(20_000));
    for stray in ["@ ", ": ", "; ", "=", "=@", ":@", "\\", "‘", "\u{a0}@"] {
        for before in ["", "{", "{\"a\"", "{\"a\":", "[", "{\"a\" @"] {
            faults(&(before.to_owned() + &stray.repeat(20_000)));
        }
    }
}

/// JSON text of any form, with white space in odd places.
fn any_json() -> impl Strategy<Value = String> {
    any_json_with(&["", "", "", " ", "\t", "\r\n"])
}

/// JSON text with white space chosen from `spaces`.
fn any_json_with(spaces: &[&'static str]) -> impl Strategy<Value = String> {
    let space = prop::sample::select(spaces.to_vec());
    let scalar = prop_oneof![
        prop::sample::select(vec!["null", "true", "false", "0", "-0.0", "1e999", "12345678901234567890.5E-3"])
            .prop_map(str::to_owned),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
        prop::sample::select(vec![r#""\u00e9\ud83d\ude00""#, r#""\/""#]).prop_map(str::to_owned),
    ];
    scalar.prop_recursive(6, 40, 6, move |inner| {
        let spaced = (space.clone(), inner, space.clone()).prop_map(|(a, b, c)| a.to_owned() + &b + c);
        prop_oneof![
            prop::collection::vec(spaced.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((any::<String>(), spaced), 0..6).prop_map(|items| {
                let members =
                    items.iter().map(|(key, value)| format!("{}:{value}", serde_json::to_string(key).unwrap()));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn well_formed_json_has_no_fault(text in any_json()) {
        prop_assert_eq!(faults(&text), Vec::<String>::new());
    }

    #[test]
    fn what_only_looks_like_white_space_has_a_safe_fix(
        // This character never occurs unescaped in a string.
        text in any_json_with(&["", "", "\u{1}"]),
        space in prop::sample::select(vec!["\u{a0}", " \u{2003} \u{a0}\t", "\u{200b}", "\u{feff}"]),
    ) {
        let mut repaired = text.replace('\u{1}', space);
        let mut parser = Parser::default();
        parser.parse(&repaired);
        for error in parser.errors().iter().rev() {
            let repair = error.repair.as_ref().unwrap();
            prop_assert!(error.fault == Fault::ForeignSpace && repair.safe, "{:?} in {}", error, repaired);
            repair.edits.iter().for_each(|edit| repaired.replace_range(edit.span.range(), &edit.text));
        }
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).map_err(|error| error.to_string());
        prop_assume!(is_json(&repaired).is_some());
        prop_assert_eq!(value(&repaired), value(&text.replace('\u{1}', " ")));
    }

    #[test]
    fn the_verdict_is_serde_jsons(text in any_json(), at in any::<prop::sample::Index>(), junk in "[\\[\\]{},:\"'\\\\a1 \t]{0,2}", cut in 0usize..3) {
        // A small change somewhere, like a typo.
        let at = text.floor_char_boundary(at.index(text.len() + 1));
        let end = text.floor_char_boundary((at + cut).min(text.len())).max(at);
        let changed = format!("{}{junk}{}", &text[..at], &text[end..]);
        let expected = is_json(&changed);
        prop_assume!(expected.is_some());
        prop_assert_eq!(Some(faults(&changed).is_empty()), expected, "{}", changed);
    }

    #[test]
    fn letters_of_json_in_any_order_get_the_verdict_of_serde_json(text in "[\\[\\]{},:\"\\\\ntrue01.eE+\\-/#' \n\u{e9}\u{201c}]{0,40}") {
        let expected = is_json(&text);
        prop_assume!(expected.is_some());
        prop_assert_eq!(Some(faults(&text).is_empty()), expected, "{}", text);
    }

    #[test]
    fn any_text_gives_a_sound_tree(text in prop_oneof![any::<String>(), "[\\[\\]{},:\"'\\\\a1 @]{0,30}", any_json()]) {
        sound_tree(&text);
    }
}

#[test]
#[ignore = "tests/conformance/test gets the suite"]
fn the_public_test_suite() {
    let cases = std::fs::read(std::env::var_os("JSON_TEST_SUITE").unwrap()).unwrap();
    let cases: Vec<serde_json::Value> = serde_json::from_slice(&cases).unwrap();
    let mut counts = [0, 0];
    for case in &cases {
        let [name, text] = ["name", "input"].map(|key| case[key].as_str().unwrap());
        let found = faults(text);
        match name.split_once('_').unwrap().0 {
            "y" => assert!(found.is_empty(), "{name}: {found:?}"),
            "n" => assert!(!found.is_empty(), "{name} has no fault"),
            // Each parser may decide.
            _ => continue,
        }
        counts[usize::from(name.starts_with('n'))] += 1;
    }
    assert!(counts.iter().all(|count| *count > 90), "{counts:?}");
    println!("{} texts that are JSON, and {} that are not", counts[0], counts[1]);
}
