//! Fast reading of records with the layout of an earlier record: the bytes between strings and numbers are compared in
//! one piece instead of being parsed.
//!
//! Nearly all lines of a dataset have one of a few layouts. Results that depend only on the layout are computed once
//! and stored with it. A record with a new layout, or with any fault, goes to the [`Parser`]; the tree is the same
//! either way.

use crate::json::layout::{Layout, Value};
use crate::json::lexer;
use crate::json::parse::Parser;
use crate::json::regular_strings::RegularStrings;
use crate::json::tree::{Kind, NodeId, OTHER_ESCAPES, Tree};
use fearless_simd::{Level, Simd, dispatch};

/// The maximum number of values of a layout: comparing longer records is not worthwhile.
const MAX_NODES: usize = 4 << 10;

/// The maximum number of bytes around the strings and numbers of a layout.
const MAX_BYTES: usize = 32 << 10;

/// The approximate maximum number of values of all layouts together: about 1 MiB, with what is known about them.
const MAX_TOTAL_NODES: usize = 8 << 10;

/// The maximum number of different steps after one step: a search may have to try all of them.
const MAX_BRANCHES: usize = 64;

/// Once the layouts are full, they are cleared after this many misses, unless there are more hits.
const MAX_MISSES: usize = 1_000;

/// The limit of misses doubles each time the layouts are cleared, up to this.
const MAX_PATIENCE: usize = 1 << 20;

/// Layouts of records, each with what is known about all records with this layout.
#[derive(Debug)]
pub struct Layouts<K> {
    /// All layouts as a tree of steps; the first is the root.
    steps: Vec<Step>,
    layouts: Vec<Layout<K>>,
    nodes: usize,
    /// How many records had a known layout, and how many had a new one without room for it.
    hits: usize,
    misses: usize,
    /// The current limit of misses.
    patience: usize,
    level: Level,
    strings: RegularStrings,
    /// The strings and numbers of the current record.
    values: Vec<Value>,
    /// Whether a string or number under this key belongs to the layout.
    is_fixed: fn(&str) -> bool,
}

/// Expected bytes, and what follows them.
#[derive(Debug)]
struct Step {
    /// The bytes, including the opening quote of a string.
    around: Box<[u8]>,
    then: Then,
    /// The child that was taken last; 0 for none.
    next: u32,
    /// The next sibling; 0 for none.
    other: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    /// The inside of a string.
    String,
    Number,
    /// The end of the record, with the index of its layout.
    End(u32),
}

impl<K> Default for Layouts<K> {
    fn default() -> Self {
        Self::new(|_| false)
    }
}

impl<K> Layouts<K> {
    /// No layouts yet. Strings and numbers under keys that `is_fixed` accepts belong to the layout: useful for keys
    /// with few values, so that results that depend on them are computed once too.
    #[must_use]
    pub fn new(is_fixed: fn(&str) -> bool) -> Self {
        let root = Step { around: Box::default(), then: Then::String, next: 0, other: 0 };
        Self {
            steps: vec![root],
            layouts: Vec::new(),
            nodes: 0,
            hits: 0,
            misses: 0,
            patience: MAX_MISSES,
            level: Level::new(),
            strings: RegularStrings::default(),
            values: Vec::new(),
            is_fixed,
        }
    }
}

impl<K: Default> Layouts<K> {
    /// Parses a record. Returns its tree and what is known about its layout, which is the default for a new layout;
    /// `None` if the layout is not stored: then the parser has the tree. O(n).
    pub fn parse(&mut self, parser: &mut Parser, text: &str) -> Option<(&Tree, &mut K)> {
        let layout = if let Some(place) = dispatch!(self.level, simd => self.find(simd, text.as_bytes())) {
            parser.start();
            self.hits += 1;
            let layout = &mut self.layouts[place];
            layout.move_to(&self.values);
            layout
        } else {
            let place = self.parse_new(parser, text)?;
            &mut self.layouts[place]
        };
        Some((&layout.tree, &mut layout.known))
    }

    /// Parses a record with a new layout. Returns the index of the layout, if it is stored.
    #[cold]
    fn parse_new(&mut self, parser: &mut Parser, text: &str) -> Option<usize> {
        parser.parse(text);
        self.add(parser, text)
    }

    /// The index of the layout of a record, if it is known; then `values` has the record's values.
    #[inline(always)]
    fn find<S: Simd>(&mut self, simd: S, bytes: &[u8]) -> Option<usize> {
        self.values.clear();
        self.strings.start();
        let (mut at, mut step) = (0, 0);
        loop {
            step = self.next(step, bytes.get(at..)?)?;
            let Step { around, then, .. } = &self.steps[step];
            at += around.len();
            let (end, escapes, ascii) = match *then {
                Then::End(layout) => return Some(layout as usize),
                Then::String => {
                    let string = self.strings.string(simd, bytes, at)?;
                    (string.end, string.escapes, string.ascii)
                }
                Then::Number => {
                    let end = lexer::number_end(bytes, at);
                    if !lexer::is_number(&bytes[at..end]) {
                        return None;
                    }
                    (end, OTHER_ESCAPES, true)
                }
            };
            self.values.push(Value { end: u32::try_from(end).ok()?, escapes, ascii });
            at = end;
        }
    }

    /// The child of `from` that matches these bytes.
    #[inline(always)]
    fn next(&mut self, from: usize, bytes: &[u8]) -> Option<usize> {
        let first = self.steps[from].next as usize;
        if first != 0 && self.steps[first].matches(bytes) { Some(first) } else { self.next_after_first(from, bytes) }
    }

    /// The same, for any child but the first.
    fn next_after_first(&mut self, from: usize, bytes: &[u8]) -> Option<usize> {
        let first = self.steps[from].next;
        if first == 0 {
            return None;
        }
        let (mut before, mut step) = (first as usize, self.steps[first as usize].other as usize);
        while step != 0 && !self.steps[step].matches(bytes) {
            before = step;
            step = self.steps[step].other as usize;
        }
        if step != 0 {
            // Move it to the front: the next record will probably take it too.
            self.steps[before].other = self.steps[step].other;
            self.steps[step].other = first;
            self.steps[from].next = u32::try_from(step).ok()?;
        }
        (step != 0).then_some(step)
    }

    /// Stores the layout of the parsed record, if it has no faults and there is room. Returns its index.
    fn add(&mut self, parser: &Parser, text: &str) -> Option<usize> {
        let nodes = &parser.tree().nodes;
        if parser.fault_count() > 0 || nodes.len() > MAX_NODES {
            return None;
        }
        if self.nodes + nodes.len() > MAX_TOTAL_NODES {
            return self.miss();
        }
        let record = parser.record(text);
        let is_value =
            |id: NodeId| matches!(record.kind(id), Kind::String | Kind::Number) && !(self.is_fixed)(&record.key(id));
        let are_values: Vec<bool> = (0..).take(nodes.len()).map(is_value).collect();
        let values = || nodes.iter().zip(&are_values).filter(|(_, is_value)| **is_value).map(|(node, _)| node);
        let inside: usize = values().map(|node| node.span.range().len()).sum();
        if text.len() - inside > MAX_BYTES {
            return None;
        }
        let (mut at, mut step) = (0, 0);
        for node in values() {
            let string = node.kind == Kind::String;
            let around = &text.as_bytes()[at..node.span.start() + usize::from(string)];
            let Some(next) = self.step(step, around, if string { Then::String } else { Then::Number }) else {
                return self.miss();
            };
            (at, step) = (node.span.end(), next);
        }
        let place = self.layouts.len();
        if self.step(step, &text.as_bytes()[at..], Then::End(u32::try_from(place).ok()?)).is_none() {
            return self.miss();
        }
        self.nodes += nodes.len();
        self.layouts.push(Layout::of(parser.tree(), text, &are_values));
        Some(place)
    }

    /// Counts a layout without room. After many of them, clears the layouts, unless there were more hits.
    fn miss(&mut self) -> Option<usize> {
        self.misses += 1;
        if self.misses >= self.patience {
            if self.hits < self.misses {
                // Storing layouts that never recur costs more than it gains.
                let patience = (2 * self.patience).min(MAX_PATIENCE);
                *self = Self { patience, ..Self::new(self.is_fixed) };
            } else {
                self.patience = MAX_MISSES;
            }
            (self.hits, self.misses) = (0, 0);
        }
        None
    }

    /// The child of `from` with these bytes, added if necessary; `None` if there is no room for it.
    fn step(&mut self, from: usize, around: &[u8], then: Then) -> Option<usize> {
        let first = self.steps[from].next;
        let (mut step, mut branches) = (first as usize, 0);
        while step != 0 && (self.steps[step].then != then || *self.steps[step].around != *around) {
            step = self.steps[step].other as usize;
            branches += 1;
        }
        if step == 0 {
            if branches >= MAX_BRANCHES {
                return None;
            }
            step = self.steps.len();
            self.steps.push(Step { around: around.into(), then, next: 0, other: first });
            self.steps[from].next = u32::try_from(step).ok()?;
        }
        Some(step)
    }
}

impl Step {
    /// Whether these bytes begin with its own, and can continue as expected.
    fn matches(&self, bytes: &[u8]) -> bool {
        bytes.strip_prefix(&*self.around).is_some_and(|rest| match self.then {
            Then::String => true,
            Then::Number => rest.first().is_some_and(|byte| matches!(byte, b'-' | b'0'..=b'9')),
            Then::End(_) => rest.is_empty(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads each text twice by its layout, and compares the trees with the parser's. Returns the number of layouts.
    fn read(texts: &[&str]) -> usize {
        let (mut layouts, mut parser, mut plain) = (Layouts::<u32>::default(), Parser::default(), Parser::default());
        for text in texts.iter().chain(texts) {
            let kept = layouts.parse(&mut parser, text);
            plain.parse(text);
            assert_eq!(kept.is_some(), plain.fault_count() == 0, "{text}");
            assert_eq!(kept.map_or(parser.tree(), |(tree, _)| tree), plain.tree(), "{text}");
            assert_eq!(parser.errors(), plain.errors(), "{text}");
            assert_eq!((parser.cuts(), parser.is_complete()), (plain.cuts(), plain.is_complete()), "{text}");
        }
        layouts.layouts.len()
    }

    #[test]
    fn records_that_differ_in_strings_and_numbers_have_one_layout() {
        assert_eq!(
            read(&[r#"{"a":"b","c":[1,true]}"#, r#"{"a":"","c":[-1.5e3,true]}"#, r#"{"a":"\n\u00e9\/","c":[0,true]}"#]),
            1
        );
        assert_eq!(read(&["1", "2.5", "\"a\"", "\"\"", "[]", "{}", "null"]), 5);
    }

    #[test]
    fn other_differences_make_another_layout() {
        let texts = [
            r#"{"a":"b"}"#,
            r#"{"a": "b"}"#,
            r#"{"\u0061":"b"}"#,
            r#"{"a":1}"#,
            r#"{"a":1 }"#,
            r#"{"a":1,"b":2}"#,
            r#"{"a":true}"#,
            r#"[{"a":"b"}]"#,
            r#"[{"a":"b"},"#,
            r#"{"a":"b"#,
            r#"{"a":"b"}}"#,
            r#"{"a":01}"#,
            r#"{"a":1.}"#,
            r#"{"a":"\x"}"#,
            "{\"a\":\"\t\"}",
            r#"{"a":"b"} {"a":"b"}"#,
            "",
        ];
        assert_eq!(read(&texts), 8);
    }

    #[test]
    fn fixed_values_belong_to_the_layout() {
        let (mut layouts, mut parser) = (Layouts::<u32>::new(|key| key == "kind"), Parser::default());
        for (text, before) in [
            (r#"{"kind":"a","n":1}"#, 0),
            (r#"{"kind":"b","n":1}"#, 0),
            (r#"{"k\u0069nd":"b","n":1}"#, 0),
            (r#"{"kind":"a","n":22}"#, 1),
            (r#"{"kind":3,"n":1}"#, 0),
            (r#"{"kind":"b","n":4}"#, 1),
            (r#"{"kind":3,"n":5}"#, 1),
        ] {
            let Some((tree, known)) = layouts.parse(&mut parser, text) else { panic!("{text}") };
            let mut plain = Parser::default();
            plain.parse(text);
            assert_eq!((tree, *known), (plain.tree(), before), "{text}");
            *known += 1;
        }
    }

    #[test]
    fn what_is_known_is_stored_with_the_layout() {
        let (mut layouts, mut parser) = (Layouts::<u32>::default(), Parser::default());
        for (text, before) in [("[1]", 0), ("[\"\"]", 0), ("[22]", 1), ("[\"a\"]", 1), ("[3]", 2)] {
            let known = layouts.parse(&mut parser, text).map(|(_, known)| known);
            assert_eq!(known.as_deref(), Some(&before), "{text}");
            known.into_iter().for_each(|known| *known += 1);
        }
    }

    #[test]
    fn memory_is_bounded() {
        let (mut layouts, mut parser) = (Layouts::<u32>::default(), Parser::default());
        for count in 0..2_000 {
            let text = format!("[{}1]", "1,".repeat(count));
            let tree = layouts.parse(&mut parser, &text).map(|(tree, _)| tree);
            assert_eq!(tree.unwrap_or(parser.tree()).nodes.len(), count + 2);
            assert!(layouts.nodes <= MAX_TOTAL_NODES && layouts.steps.len() <= 2 * MAX_TOTAL_NODES);
        }
    }

    #[test]
    fn a_record_with_too_many_values_or_bytes_between_them_is_not_stored() {
        let mut parser = Parser::default();
        let mut is_kept = |text: &str| Layouts::<u32>::default().parse(&mut parser, text).is_some();
        // Two nodes more than there are commas, and two brackets and a number next to the spaces.
        assert!(is_kept(&format!("[{}1]", "1,".repeat(MAX_NODES - 2))));
        assert!(!is_kept(&format!("[{}1]", "1,".repeat(MAX_NODES - 1))));
        assert!(is_kept(&format!("[{}1]", " ".repeat(MAX_BYTES - 2))));
        assert!(!is_kept(&format!("[{}1]", " ".repeat(MAX_BYTES - 1))));
    }

    #[test]
    fn a_step_has_a_limited_number_of_children() {
        let (mut layouts, mut parser) = (Layouts::<u32>::new(|key| key == "kind"), Parser::default());
        let mut kept = |number: usize| layouts.parse(&mut parser, &format!(r#"{{"kind":"{number}"}}"#)).is_some();
        assert_eq!((0..500).filter(|number| kept(*number)).count(), MAX_BRANCHES);
        assert_eq!((0..500).filter(|number| kept(*number)).count(), MAX_BRANCHES);
    }

    #[test]
    fn when_all_layouts_are_new_the_old_ones_are_cleared() {
        let (mut layouts, mut parser) = (Layouts::<u32>::default(), Parser::default());
        let mut parse = |keys: usize, times: usize| {
            let text = format!("[{}1]", "1,".repeat(keys));
            (0..times).filter(|_| layouts.parse(&mut parser, &text).is_some()).count()
        };
        // These are more nodes than the limit.
        (800..=1_000).for_each(|count| {
            parse(count, 1);
        });
        // The record that clears the layouts is not stored yet.
        assert_eq!(parse(200, 2 * MAX_MISSES), 2 * MAX_MISSES - (MAX_MISSES - 191));
    }

    #[test]
    fn if_no_layout_recurs_fewer_and_fewer_are_stored() {
        let (mut layouts, mut parser) = (Layouts::<u32>::default(), Parser::default());
        let mut kept = |from: usize| {
            let texts = (from..from + 20_000).map(|key| format!("{{\"{key}\":[{}1]}}", "1,".repeat(100)));
            texts.filter(|text| layouts.parse(&mut parser, text).is_some()).count()
        };
        let (first, second) = (kept(0), kept(20_000));
        assert!(first < 1_000 && second < first, "{first} and {second} of 20,000");
    }

    /// JSON of a few shapes that often recur, and occasionally a fault.
    fn json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "\"[a-b\\\\n\"]{0,3}\"",
            "-?[0-9]{1,2}(\\.[0-9])?",
            Just("true".to_owned()),
            Just("null".to_owned()),
            Just("\"\\u00e9\"".to_owned()),
            Just("\" long enough for sixteen bytes, and more \"".to_owned()),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(|all| format!("[{}]", all.join(","))),
                prop::collection::vec(inner, 0..3).prop_map(|all| {
                    let members: Vec<_> = all.iter().map(|value| format!("\"k\": {value}")).collect();
                    format!("{{{}}}", members.join(","))
                }),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn a_tree_is_the_same_by_its_layout(texts in prop::collection::vec(json(), 1..12)) {
            read(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}
