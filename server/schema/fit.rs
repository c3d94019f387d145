//! The one walk of a record along the schema: which shape each value has to have, and what does not
//! fit. Rules, completion and hover all read its result.

use crate::json::{Kind, NodeId, Record, lexer};
use crate::schema::Home;
use crate::schema::misfit::Misfit;
use crate::schema::{Extra, Field, Object, Shape, Spelling, Union};
use std::borrow::Cow;
use std::collections::HashMap;

/// A value and the shape it has to have.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The value.
    pub node: NodeId,
    /// Its shape.
    pub shape: Shape,
    /// The field it is the value of; `None` for the root, elements, and members with free keys.
    pub field: Option<&'static Field>,
    /// The place of that field in its object.
    pub place: u8,
}

/// The result of the walk.
#[derive(Clone, Debug, Default)]
pub struct Fit {
    /// Each value with its shape, in document order; values below [`Shape::Any`] are not in it.
    pub pairs: Vec<Pair>,
    /// What does not fit: first what the layout of the record says, then what its other strings and numbers
    /// say, each in the order of the walk.
    pub misfits: Vec<Misfit>,
    /// How many of them the layout says.
    of_layout: usize,
    /// The places in `pairs` of strings and numbers that may not fit for what they say.
    checked: Vec<u32>,
    /// By node: behind the place of its pair in `pairs`; 0 where it has none.
    by_node: Vec<u32>,
    /// Where keys were found before among the fields of their objects: most lines have the same keys.
    found_before: Vec<u8>,
    /// Whether the format takes what ProtoJSON takes.
    lenient: bool,
}

impl Fit {
    /// Forgets the last record; keeps the memory.
    pub fn clear(&mut self) {
        self.pairs.clear();
        self.misfits.clear();
        self.by_node.clear();
        self.checked.clear();
        self.of_layout = 0;
    }

    /// Walks the record from its root along `root`. O(n); the recursion is as deep as the tree.
    pub fn walk(&mut self, record: Record<'_>, root: &'static Object) {
        self.walk_layout(record, root);
        self.check_values(record);
    }

    /// Walks all of the record but what its strings and numbers say, except those of [few
    /// values](Field::has_few_values): it is the same for all records of one layout. [`Fit::check_values`] does
    /// the rest.
    pub fn walk_layout(&mut self, record: Record<'_>, root: &'static Object) {
        self.clear();
        self.by_node.resize(record.tree.nodes.len(), 0);
        self.found_before.resize(KEY_SLOTS, 0);
        self.lenient = root.spelling == Spelling::ProtoJson;
        if record.root().is_some_and(|id| record.kind(id) == Kind::Object) {
            Walk { record, homes: root.homes, out: self }.value(0, Shape::Object(root), None, 0);
        }
        self.of_layout = self.misfits.len();
    }

    /// Finds what does not fit for what strings and numbers say, in a record of the layout that was walked.
    pub fn check_values(&mut self, record: Record<'_>) {
        self.misfits.truncate(self.of_layout);
        let pairs = self.checked.iter().filter_map(|&place| self.pairs.get(place as usize));
        self.misfits.extend(pairs.filter_map(|pair| misfit_of_value(record, pair.node, pair.shape, self.lenient)));
    }

    /// The innermost shape that was asked of a node.
    #[must_use]
    pub fn shape(&self, node: NodeId) -> Option<&Pair> {
        let behind = *self.by_node.get(node as usize)?;
        self.pairs.get((behind as usize).checked_sub(1)?)
    }
}

/// A power of two, well above the number of keys that a dataset has.
const KEY_SLOTS: usize = 256;

struct Walk<'a, 'f> {
    record: Record<'a>,
    homes: &'static [Home],
    out: &'f mut Fit,
}

impl Walk<'_, '_> {
    fn value(&mut self, node: NodeId, shape: Shape, field: Option<&'static Field>, place: u8) {
        let shape = self.chosen(node, shape);
        self.out.pairs.push(Pair { node, shape, field, place });
        self.out.by_node[node as usize] = u32::try_from(self.out.pairs.len()).unwrap_or(0);
        let kind = self.record.kind(node);
        if matches!(kind, Kind::Null | Kind::Missing | Kind::Word | Kind::TooDeep) {
            return;
        }
        match shape {
            Shape::Object(object) if kind == Kind::Object => self.object(node, object),
            Shape::List(element) => self.list(node, kind, element, field),
            Shape::Map(value) if kind == Kind::Object => {
                self.duplicates(node);
                for child in self.record.children(node) {
                    self.value(child, *value, None, 0);
                }
            }
            Shape::Struct if kind == Kind::Object => self.free(node),
            Shape::Any => self.free(node),
            Shape::String if kind == Kind::String => {}
            Shape::Boolean if matches!(kind, Kind::True | Kind::False) => {}
            Shape::Number if kind == Kind::Number => {}
            Shape::Number | Shape::Integer if matches!(kind, Kind::String | Kind::Number) => self.check_later(),
            Shape::Enum(_) if matches!(kind, Kind::String | Kind::Number) => {
                if field.is_some_and(Field::has_few_values) {
                    self.out.misfits.extend(misfit_of_value(self.record, node, shape, self.out.lenient));
                } else {
                    self.check_later();
                }
            }
            Shape::Base64 | Shape::JsonText if kind == Kind::String => self.check_later(),
            // What is no duration is the offset rules' to say, whatever its type.
            Shape::Duration => {}
            _ => {
                self.out.misfits.push(Misfit::WrongType { node, shape, accepted: false });
                self.free(node);
            }
        }
    }

    /// The shape that a value is held to: of several the one for its JSON kind, or for its tag.
    fn chosen(&self, node: NodeId, shape: Shape) -> Shape {
        let record = self.record;
        match shape {
            Shape::OneOf(shapes) => {
                let kind = record.kind(node);
                let chosen = shapes.iter().find(|shape| shape.takes(kind));
                chosen.map_or(shape, |chosen| self.chosen(node, *chosen))
            }
            Shape::Tagged(tagged) => {
                let tag = record.member(node, tagged.tag).and_then(|tag| record.string(tag));
                Shape::Object(tagged.case(tag.as_deref()))
            }
            _ => shape,
        }
    }

    /// Has the value of the last pair looked at once its record is walked.
    fn check_later(&mut self) {
        let place = self.out.pairs.len().saturating_sub(1);
        self.out.checked.extend(u32::try_from(place));
    }

    fn list(&mut self, node: NodeId, kind: Kind, element: &'static Shape, field: Option<&'static Field>) {
        if kind != Kind::Array {
            self.out.misfits.push(Misfit::WrongType { node, shape: Shape::List(element), accepted: false });
            // One element without its brackets is still judged as that element.
            if kind == Kind::Object && matches!(element, Shape::Object(_) | Shape::Tagged(_)) {
                self.value(node, *element, None, 0);
            }
            return;
        }
        let mut empty = true;
        for child in self.record.children(node) {
            empty = false;
            if self.record.kind(child) == Kind::Null {
                self.out.misfits.push(Misfit::NullInList { node: child });
            } else {
                self.value(child, *element, None, 0);
            }
        }
        if let Some(field) = field.filter(|field| empty && field.required) {
            self.out.misfits.push(Misfit::EmptyList { node, field });
        }
    }

    fn object(&mut self, node: NodeId, object: &'static Object) {
        let mut present = 0u64;
        let mut seen = 0u64;
        let mut unknown = false;
        for child in self.record.children(node) {
            let key = self.record.key(child);
            let exact = self.exact_place(object, &key);
            let place = exact.or_else(|| object.field_place(&key));
            let Some(place) = place else {
                unknown = true;
                self.free(child);
                continue;
            };
            let field = &object.fields[place];
            let bit = 1 << place;
            if seen & bit != 0 {
                self.duplicate(node, object, child, place);
            } else {
                seen |= bit;
                if exact.is_none() {
                    self.out.misfits.push(Misfit::SnakeCase { node: child, field });
                }
                if !field.documented {
                    self.out.misfits.push(Misfit::Undocumented { node: child, field });
                }
            }
            if self.record.kind(child) != Kind::Null {
                present |= bit;
            }
            self.value(child, field.shape, Some(field), u8::try_from(place).unwrap_or(u8::MAX));
        }
        let near = if unknown { self.unknown_members(node, object, present) } else { 0 };
        for (place, field) in object.fields.iter().enumerate() {
            if field.required && (present | near) & (1 << place) == 0 {
                self.out.misfits.push(Misfit::Missing { node, object, field });
            }
        }
        for union in object.unions {
            self.union(node, object, union, present | near);
        }
    }

    /// The place of the field of this very name.
    fn exact_place(&mut self, object: &'static Object, key: &str) -> Option<usize> {
        let (first, last) = (key.as_bytes().first()?, key.as_bytes().last()?);
        let letters = usize::from(*first) * 7 + usize::from(*last) * 31 + key.len();
        let slot = (object.fields.as_ptr().addr() / 16 + letters) % KEY_SLOTS;
        let before = usize::from(self.out.found_before[slot]);
        if object.fields.get(before).is_some_and(|field| field.name == key) {
            return Some(before);
        }
        let place = object.fields.iter().position(|field| field.name == key)?;
        self.out.found_before[slot] = u8::try_from(place).unwrap_or(0);
        Some(place)
    }

    fn union(&mut self, node: NodeId, object: &'static Object, union: &'static Union, present: u64) {
        let of_union =
            |key: &str| object.field_place(key).is_some_and(|place| union.members.contains(&object.fields[place].name));
        // Of the few fields that are there it is asked whether they are members: this is run for every part.
        let mut rest = present;
        let mut members = 0;
        while rest != 0 {
            let place = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            members += usize::from(object.fields.get(place).is_some_and(|it| union.members.contains(&it.name)));
        }
        match members {
            0 if union.required => self.out.misfits.push(Misfit::Empty { node, object, union }),
            0 | 1 => {}
            _ if !union.exclusive => {}
            _ => {
                let record = self.record;
                let mut members = record
                    .children(node)
                    .filter(|&child| record.kind(child) != Kind::Null && of_union(&record.key(child)));
                if let Some(first) = members.next() {
                    let later = members.find(|&child| {
                        object.field_place(&record.key(child)) != object.field_place(&record.key(first))
                    });
                    if let Some(node) = later {
                        self.out.misfits.push(Misfit::Conflict { node, first });
                    }
                }
            }
        }
    }

    /// Reports the members that are no field of the object; gives the absent fields they stand for.
    fn unknown_members(&mut self, node: NodeId, object: &'static Object, present: u64) -> u64 {
        let mut stands_for = 0;
        let mut unknown: HashMap<Cow<'_, str>, NodeId> = HashMap::new();
        for child in self.record.children(node) {
            let key = self.record.key(child);
            if object.field_place(&key).is_some() {
                continue;
            }
            if let Some(&first) = unknown.get(&key) {
                self.out.misfits.push(Misfit::Duplicate { node: child, first });
                continue;
            }
            if matches!(object.extra, Extra::Data | Extra::Ignored) {
                unknown.insert(key, child);
                continue;
            }
            let near = nearest_field(object, &key);
            let home = self.homes.iter().find(|home| {
                home.object != object.name && (home.field == key || crate::schema::snake_case(home.field) == key)
            });
            match (home, near) {
                (Some(home), _) => {
                    self.out.misfits.push(Misfit::Misplaced { node: child, object, home });
                }
                (None, near) => {
                    let free = near.filter(|&place| present & (1 << place) == 0);
                    stands_for |= free.map_or(0, |place| 1 << place);
                    let near = near.map(|place| &object.fields[place]);
                    self.out.misfits.push(Misfit::Unknown { node: child, object, near });
                }
            }
            unknown.insert(key, child);
        }
        stands_for
    }

    fn duplicate(&mut self, node: NodeId, object: &'static Object, child: NodeId, place: usize) {
        let record = self.record;
        let first = record.children(node).find(|&other| object.field_place(&record.key(other)) == Some(place));
        if let Some(first) = first {
            self.out.misfits.push(Misfit::Duplicate { node: child, first });
        }
    }

    /// A value with free content: only its keys are looked at, for duplicates.
    fn free(&mut self, node: NodeId) {
        let nodes = &self.record.tree.nodes;
        for id in node..self.record.node(node).next {
            if nodes[id as usize].kind == Kind::Object {
                self.duplicates(id);
            }
        }
    }

    /// The members of one object that repeat a key.
    fn duplicates(&mut self, node: NodeId) {
        const FEW: usize = 16;
        let record = self.record;
        let mut seen: Vec<(std::borrow::Cow<'_, str>, NodeId)> = Vec::new();
        let mut index = std::collections::HashMap::new();
        for child in record.children(node) {
            let key = record.key(child);
            let first = match seen.len() {
                0..FEW => seen.iter().find(|(known, _)| *known == key).map(|(_, id)| *id),
                _ => {
                    if index.is_empty() {
                        index.extend(seen.iter().map(|(key, id)| (key.clone().into_owned(), *id)));
                    }
                    index.get(&*key).copied()
                }
            };
            match first {
                Some(first) => self.out.misfits.push(Misfit::Duplicate { node: child, first }),
                None => {
                    if !index.is_empty() {
                        index.insert(key.clone().into_owned(), child);
                    }
                    seen.push((key, child));
                }
            }
        }
    }
}

/// In what a string or number does not fit its shape, for what it says.
fn misfit_of_value(record: Record<'_>, node: NodeId, shape: Shape, lenient: bool) -> Option<Misfit> {
    let raw = record.raw(record.span(node));
    let wrong_type = |accepted| Some(Misfit::WrongType { node, shape, accepted: accepted && lenient });
    match (shape, record.string(node)) {
        (Shape::Number, Some(text)) => {
            let number = lexer::is_number(text.as_bytes());
            wrong_type(number || matches!(&*text, "NaN" | "Infinity" | "-Infinity"))
        }
        (Shape::Integer, Some(text)) => wrong_type(lexer::is_number(text.as_bytes()) && is_whole(&text)),
        (Shape::Integer, None) if raw.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) => {
            wrong_type(is_whole(raw))
        }
        (Shape::Enum(choices), Some(text)) => {
            choices.named(&text).is_none().then_some(Misfit::UnknownValue { node, choices })
        }
        (Shape::Enum(_), None) if !lenient => wrong_type(false),
        (Shape::Enum(choices), None) => {
            let number = raw.parse::<i64>().ok();
            let choice = choices.values.iter().find(|choice| number.is_some() && choice.number == number);
            Some(choice.map_or(Misfit::UnknownValue { node, choices }, |choice| Misfit::EnumNumber { node, choice }))
        }
        (Shape::Base64, Some(text)) => (!crate::schema::scalar::is_base64(&text)).then_some(Misfit::NotBase64 { node }),
        (Shape::JsonText, Some(text)) => (!holds_object(&text)).then_some(Misfit::NotJson { node }),
        _ => None,
    }
}

/// Whether a text is one JSON object.
fn holds_object(text: &str) -> bool {
    text.trim_start().starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

impl Shape {
    /// Whether a value of this JSON kind may be of this shape.
    #[must_use]
    pub fn takes(self, kind: Kind) -> bool {
        match self {
            Shape::String | Shape::JsonText | Shape::Duration | Shape::Base64 => kind == Kind::String,
            Shape::Number | Shape::Integer => kind == Kind::Number,
            Shape::Boolean => matches!(kind, Kind::True | Kind::False),
            Shape::Enum(_) => matches!(kind, Kind::String | Kind::Number),
            Shape::Object(_) | Shape::Tagged(_) | Shape::Map(_) | Shape::Struct => kind == Kind::Object,
            Shape::List(_) => kind == Kind::Array,
            Shape::OneOf(shapes) => shapes.iter().any(|shape| shape.takes(kind)),
            Shape::Any => true,
        }
    }
}

/// Whether a JSON number is a whole one: `1.0` and `1e2` are, `1.5` is not.
fn is_whole(number: &str) -> bool {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (_, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = fraction.trim_end_matches('0').len();
    let exponent = exponent.parse::<i64>().unwrap_or(i64::MAX);
    let zeros = mantissa.len() - mantissa.trim_end_matches('0').len();
    let zeros = if fraction.is_empty() { i64::try_from(zeros).unwrap_or(0) } else { 0 };
    if exponent >= 0 { i64::try_from(digits).unwrap_or(i64::MAX) <= exponent } else { -exponent <= zeros }
}

/// The field whose name is most like `key`, when it is near enough to be meant.
fn nearest_field(object: &'static Object, key: &str) -> Option<usize> {
    if let Some(place) = object.fields.iter().position(|field| field.aliases.contains(&key)) {
        return Some(place);
    }
    let plain = |name: &str| name.replace(['_', '-', ' '], "").to_lowercase();
    let key = plain(key);
    let near = |name: &str| {
        let name = plain(name);
        let distance = strsim::damerau_levenshtein(&name, &key);
        let most = if name.len().min(key.len()) >= 6 { 2 } else { 1 };
        (distance <= most && name.len() > 3).then_some(distance)
    };
    let fields = object.fields.iter().enumerate();
    fields.filter_map(|(place, field)| Some((near(field.name)?, place))).min().map(|(_, place)| place)
}
