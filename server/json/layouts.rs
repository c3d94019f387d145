//! Reading records that are laid out like earlier ones: what stands between their strings and numbers is
//! compared in one piece, instead of being read byte by byte.
//!
//! The lines of a dataset are nearly all laid out in a few ways. What follows from a layout alone needs to
//! be found out once: it is kept with the layout. A record that is laid out in a new way, or has any fault,
//! goes to the [`Parser`], and the tree is the same either way.

use crate::json::layout::{Layout, Value};
use crate::json::lexer;
use crate::json::parse::Parser;
use crate::json::regular_strings::RegularStrings;
use crate::json::tree::{Kind, NodeId, OTHER_ESCAPES, Tree};
use fearless_simd::{Level, Simd, dispatch};

/// A record with more values than this is always parsed: comparing would not pay.
const MOST_NODES: usize = 4 << 10;

/// Nor is it compared when there are more bytes than this around its strings and numbers.
const MOST_BYTES: usize = 32 << 10;

/// About so many values of all layouts together are kept: about a MiB, with what is known of them.
const MOST_NODES_OF_ALL: usize = 8 << 10;

/// So many layouts at most go on in different ways from one place: all of them may have to be tried.
const MOST_WAYS: usize = 64;

/// Once there is no room, so many records may be laid out in another way, and most of all be, before all are
/// forgotten for those to come.
const MOST_MISSES: usize = 1_000;

/// Twice as many each time that this is in vain, but not more than this.
const MOST_PATIENCE: usize = 1 << 20;

/// Layouts of records, each with what is known of all records that are laid out so.
#[derive(Debug)]
pub struct Layouts<K> {
    /// The ways through all layouts; the first is the beginning.
    steps: Vec<Step>,
    layouts: Vec<Layout<K>>,
    nodes: usize,
    /// How many records were laid out as earlier ones since this was looked at last, and for how many there was no
    /// room.
    hits: usize,
    misses: usize,
    /// So many misses are borne.
    patience: usize,
    level: Level,
    strings: RegularStrings,
    /// The strings and numbers of the record that is being read.
    values: Vec<Value>,
    /// Whether what stands under a key belongs to the layout, also when it is a string or number.
    is_fixed: fn(&str) -> bool,
}

/// Bytes that have to be there, and what stands behind them.
#[derive(Debug)]
struct Step {
    /// The bytes; of a string the quote too.
    around: Box<[u8]>,
    behind: Behind,
    /// The step that follows it and was taken last; the beginning stands for none.
    next: u32,
    /// Another step that follows the one before it.
    other: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behind {
    /// The inside of a string.
    String,
    Number,
    /// Nothing: the record ends. With the place of its layout.
    End(u32),
}

impl<K> Default for Layouts<K> {
    fn default() -> Self {
        Self::new(|_| false)
    }
}

impl<K> Layouts<K> {
    /// No layouts yet. Strings and numbers under keys that `is_fixed` takes belong to a layout: it pays where they
    /// are few, and what they say needs to be found out once too.
    #[must_use]
    pub fn new(is_fixed: fn(&str) -> bool) -> Self {
        let beginning = Step { around: Box::default(), behind: Behind::String, next: 0, other: 0 };
        Self {
            steps: vec![beginning],
            layouts: Vec::new(),
            nodes: 0,
            hits: 0,
            misses: 0,
            patience: MOST_MISSES,
            level: Level::new(),
            strings: RegularStrings::default(),
            values: Vec::new(),
            is_fixed,
        }
    }
}

impl<K: Default> Layouts<K> {
    /// Parses a record, and gives its tree and what is known of all that are laid out like it, which is new when
    /// it is the first one. Nothing for a record whose layout is not kept: then the parser has the tree. O(n).
    pub fn parse(&mut self, parser: &mut Parser, text: &str) -> Option<(&Tree, &mut K)> {
        let layout = if let Some(place) = dispatch!(self.level, simd => self.find(simd, text.as_bytes())) {
            parser.start();
            self.hits += 1;
            let layout = &mut self.layouts[place];
            layout.move_to(&self.values);
            layout
        } else {
            let place = self.parse_anew(parser, text)?;
            &mut self.layouts[place]
        };
        Some((&layout.tree, &mut layout.known))
    }

    /// Parses a record that is laid out in a new way, and keeps its layout if there is room; says where.
    #[cold]
    fn parse_anew(&mut self, parser: &mut Parser, text: &str) -> Option<usize> {
        parser.parse(text);
        self.add(parser, text)
    }

    /// The layout of a record, when it is a known one; then its values are in `values`.
    #[inline(always)]
    fn find<S: Simd>(&mut self, simd: S, bytes: &[u8]) -> Option<usize> {
        self.values.clear();
        self.strings.start();
        let (mut at, mut step) = (0, 0);
        loop {
            step = self.next(step, bytes.get(at..)?)?;
            let Step { around, behind, .. } = &self.steps[step];
            at += around.len();
            let (end, escapes, ascii) = match *behind {
                Behind::End(layout) => return Some(layout as usize),
                Behind::String => {
                    let string = self.strings.string(simd, bytes, at)?;
                    (string.end, string.escapes, string.ascii)
                }
                Behind::Number => {
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

    /// The step behind `from` that these bytes take.
    #[inline(always)]
    fn next(&mut self, from: usize, bytes: &[u8]) -> Option<usize> {
        let first = self.steps[from].next as usize;
        if first != 0 && self.steps[first].follows(bytes) { Some(first) } else { self.next_but_first(from, bytes) }
    }

    /// The same when it is not the one that was taken last.
    fn next_but_first(&mut self, from: usize, bytes: &[u8]) -> Option<usize> {
        let first = self.steps[from].next;
        if first == 0 {
            return None;
        }
        let (mut before, mut step) = (first as usize, self.steps[first as usize].other as usize);
        while step != 0 && !self.steps[step].follows(bytes) {
            before = step;
            step = self.steps[step].other as usize;
        }
        if step != 0 {
            // The next record will probably take it too.
            self.steps[before].other = self.steps[step].other;
            self.steps[step].other = first;
            self.steps[from].next = u32::try_from(step).ok()?;
        }
        (step != 0).then_some(step)
    }

    /// Keeps the layout of the record that was parsed, if it has no faults and there is room; says where.
    fn add(&mut self, parser: &Parser, text: &str) -> Option<usize> {
        let nodes = &parser.tree().nodes;
        if parser.fault_count() > 0 || nodes.len() > MOST_NODES {
            return None;
        }
        if self.nodes + nodes.len() > MOST_NODES_OF_ALL {
            return self.miss();
        }
        let record = parser.record(text);
        let is_value =
            |id: NodeId| matches!(record.kind(id), Kind::String | Kind::Number) && !(self.is_fixed)(&record.key(id));
        let are_values: Vec<bool> = (0..).take(nodes.len()).map(is_value).collect();
        let values = || nodes.iter().zip(&are_values).filter(|(_, is_value)| **is_value).map(|(node, _)| node);
        let inside: usize = values().map(|node| node.span.range().len()).sum();
        if text.len() - inside > MOST_BYTES {
            return None;
        }
        let (mut at, mut step) = (0, 0);
        for node in values() {
            let string = node.kind == Kind::String;
            let around = &text.as_bytes()[at..node.span.start() + usize::from(string)];
            let Some(next) = self.step(step, around, if string { Behind::String } else { Behind::Number }) else {
                return self.miss();
            };
            (at, step) = (node.span.end(), next);
        }
        let place = self.layouts.len();
        if self.step(step, &text.as_bytes()[at..], Behind::End(u32::try_from(place).ok()?)).is_none() {
            return self.miss();
        }
        self.nodes += nodes.len();
        self.layouts.push(Layout::of(parser.tree(), text, &are_values));
        Some(place)
    }

    /// There is no room for a layout. After many records for which there was none, room is made for those to come,
    /// unless more were laid out as earlier ones.
    fn miss(&mut self) -> Option<usize> {
        self.misses += 1;
        if self.misses >= self.patience {
            if self.hits < self.misses {
                // Keeping layouts that never come again costs more than it brings.
                let patience = (2 * self.patience).min(MOST_PATIENCE);
                *self = Self { patience, ..Self::new(self.is_fixed) };
            } else {
                self.patience = MOST_MISSES;
            }
            (self.hits, self.misses) = (0, 0);
        }
        None
    }

    /// The step behind `from` with these bytes, perhaps a new one; `None` when there is no room for it.
    fn step(&mut self, from: usize, around: &[u8], behind: Behind) -> Option<usize> {
        let first = self.steps[from].next;
        let (mut step, mut ways) = (first as usize, 0);
        while step != 0 && (self.steps[step].behind != behind || *self.steps[step].around != *around) {
            step = self.steps[step].other as usize;
            ways += 1;
        }
        if step == 0 {
            if ways >= MOST_WAYS {
                return None;
            }
            step = self.steps.len();
            self.steps.push(Step { around: around.into(), behind, next: 0, other: first });
            self.steps[from].next = u32::try_from(step).ok()?;
        }
        Some(step)
    }
}

impl Step {
    /// Whether these bytes begin with its own, and what stands behind can be what has to.
    fn follows(&self, bytes: &[u8]) -> bool {
        bytes.strip_prefix(&*self.around).is_some_and(|behind| match self.behind {
            Behind::String => true,
            Behind::Number => behind.first().is_some_and(|byte| matches!(byte, b'-' | b'0'..=b'9')),
            Behind::End(_) => behind.is_empty(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads each text twice by its layout, and holds the trees to those of the parser. Gives how many layouts
    /// there are.
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
    fn all_that_differs_elsewhere_is_another_layout() {
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
    fn what_is_fixed_belongs_to_the_layout() {
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
    fn what_is_known_stays_with_its_layout() {
        let (mut layouts, mut parser) = (Layouts::<u32>::default(), Parser::default());
        for (text, before) in [("[1]", 0), ("[\"\"]", 0), ("[22]", 1), ("[\"a\"]", 1), ("[3]", 2)] {
            let known = layouts.parse(&mut parser, text).map(|(_, known)| known);
            assert_eq!(known.as_deref(), Some(&before), "{text}");
            known.into_iter().for_each(|known| *known += 1);
        }
    }

    #[test]
    fn layouts_without_end_take_bounded_memory() {
        let (mut layouts, mut parser) = (Layouts::<u32>::default(), Parser::default());
        for count in 0..2_000 {
            let text = format!("[{}1]", "1,".repeat(count));
            let tree = layouts.parse(&mut parser, &text).map(|(tree, _)| tree);
            assert_eq!(tree.unwrap_or(parser.tree()).nodes.len(), count + 2);
            assert!(layouts.nodes <= MOST_NODES_OF_ALL && layouts.steps.len() <= 2 * MOST_NODES_OF_ALL);
        }
    }

    #[test]
    fn a_record_of_too_many_values_or_bytes_between_them_is_not_kept() {
        let mut parser = Parser::default();
        let mut is_kept = |text: &str| Layouts::<u32>::default().parse(&mut parser, text).is_some();
        // Two nodes more than there are commas, and two brackets and a number beside the spaces.
        assert!(is_kept(&format!("[{}1]", "1,".repeat(MOST_NODES - 2))));
        assert!(!is_kept(&format!("[{}1]", "1,".repeat(MOST_NODES - 1))));
        assert!(is_kept(&format!("[{}1]", " ".repeat(MOST_BYTES - 2))));
        assert!(!is_kept(&format!("[{}1]", " ".repeat(MOST_BYTES - 1))));
    }

    #[test]
    fn from_one_place_not_too_many_ways_go_on() {
        let (mut layouts, mut parser) = (Layouts::<u32>::new(|key| key == "kind"), Parser::default());
        let mut kept = |number: usize| layouts.parse(&mut parser, &format!(r#"{{"kind":"{number}"}}"#)).is_some();
        assert_eq!((0..500).filter(|number| kept(*number)).count(), MOST_WAYS);
        assert_eq!((0..500).filter(|number| kept(*number)).count(), MOST_WAYS);
    }

    #[test]
    fn when_all_others_are_new_the_old_ones_are_forgotten() {
        let (mut layouts, mut parser) = (Layouts::<u32>::default(), Parser::default());
        let mut parse = |keys: usize, times: usize| {
            let text = format!("[{}1]", "1,".repeat(keys));
            (0..times).filter(|_| layouts.parse(&mut parser, &text).is_some()).count()
        };
        // These are more nodes than are kept of all.
        (800..=1_000).for_each(|count| {
            parse(count, 1);
        });
        // The record that makes room is not kept yet.
        assert_eq!(parse(200, 2 * MOST_MISSES), 2 * MOST_MISSES - (MOST_MISSES - 191));
    }

    #[test]
    fn where_nothing_comes_again_less_and_less_is_kept() {
        let (mut layouts, mut parser) = (Layouts::<u32>::default(), Parser::default());
        let mut kept = |from: usize| {
            let texts = (from..from + 20_000).map(|key| format!("{{\"{key}\":[{}1]}}", "1,".repeat(100)));
            texts.filter(|text| layouts.parse(&mut parser, text).is_some()).count()
        };
        let (first, second) = (kept(0), kept(20_000));
        assert!(first < 1_000 && second < first, "{first} and {second} of 20,000");
    }

    /// JSON of a few shapes that often meet, and now and then a fault.
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
