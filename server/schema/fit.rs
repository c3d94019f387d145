//! The walk of a record along the schema: the expected shape of each value, and the misfits. Rules, completion and
//! hover all read its result.

use crate::json::{Kind, NodeId, Record};
use crate::schema::columns::{InPlaceOfList, columns};
use crate::schema::demand;
use crate::schema::meant::{home_of, nearest_field};
use crate::schema::misfit::Misfit;
use crate::schema::value::misfit_of_value;
use crate::schema::{Allowed, Demand, Extra, Field, Home, Object, Shape, Spelling, Union};
use foldhash::fast::RandomState;
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

/// A value and its expected shape.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The value.
    pub node: NodeId,
    /// Its shape.
    pub shape: Shape,
    /// The field it is the value of; `None` for the root, elements, and members with free keys.
    pub field: Option<&'static Field>,
    /// The index of that field in its object.
    pub place: u8,
}

/// The result of the walk.
#[derive(Clone, Debug, Default)]
pub struct Fit {
    /// Each value with its shape, in document order, except values inside [`Shape::Any`].
    pub pairs: Vec<Pair>,
    /// What does not fit: first the misfits of the record's layout, then those of its other strings and numbers, each
    /// in the order of the walk.
    pub misfits: Vec<Misfit>,
    /// The number of misfits of the layout.
    of_layout: usize,
    /// The nodes of the misfits, with their indexes in `misfits`, in ascending order.
    nodes: Vec<(NodeId, u32)>,
    /// The indexes in `pairs` of strings and numbers whose contents must be checked.
    checked: Vec<u32>,
    /// By node: the index of its pair in `pairs` plus one; 0 if it has none.
    by_node: Vec<u32>,
    /// A cache of the indexes of fields in their objects, by key: most lines have the same keys.
    found_before: Vec<u8>,
    /// Whether the format accepts what ProtoJSON accepts.
    lenient: bool,
    /// What the reader of the record accepts besides.
    pub allowed: &'static [Allowed],
    /// What it demands besides.
    pub demands: &'static [Demand],
}

impl Fit {
    /// Clears it for another record and keeps the memory.
    pub fn clear(&mut self) {
        self.pairs.clear();
        self.misfits.clear();
        self.nodes.clear();
        self.by_node.clear();
        self.checked.clear();
        self.of_layout = 0;
    }

    /// The first phase: walks the record along the table of its root. The result is the same for all records of one
    /// layout: it includes no contents of strings and numbers, except those of [few
    /// values](crate::schema::Means::has_few_values). O(n); the recursion is as deep as the tree.
    pub fn walk_layout(&mut self, record: Record<'_>, root: &'static Object) {
        self.clear();
        self.by_node.resize(record.tree.nodes.len(), 0);
        self.found_before.resize(KEY_SLOTS, 0);
        self.lenient = root.spelling == Spelling::ProtoJson;
        if record.root().is_some_and(|id| record.kind(id) == Kind::Object) {
            match columns(record, root) {
                Some((node, shape)) => self.misfits.push(Misfit::WrongType { node, shape, accepted: false }),
                None => {
                    let homes = root.homes;
                    Walk { record, homes, out: self, first_of: HashMap::default() }.value(
                        0,
                        Shape::Object(root),
                        None,
                        0,
                    );
                }
            }
        }
        if !self.demands.is_empty() {
            let values = self.pairs.iter().map(|pair| (pair.node, pair.shape));
            self.misfits.extend(demand::misfits(record, values, self.demands));
        }
        self.accept(record, 0);
        self.of_layout = self.misfits.len();
    }

    /// The second phase: checks the contents of strings and numbers in a record of the layout that was walked.
    pub fn check_values(&mut self, record: Record<'_>) {
        self.misfits.truncate(self.of_layout);
        let pairs = self.checked.iter().filter_map(|&place| self.pairs.get(place as usize));
        self.misfits.extend(pairs.filter_map(|pair| misfit_of_value(record, pair.node, pair.shape, self.lenient)));
        self.accept(record, self.of_layout);
        self.nodes.clear();
        if !self.misfits.is_empty() {
            self.nodes.extend(self.misfits.iter().map(Misfit::node).zip(0..));
            self.nodes.sort_unstable();
        }
    }

    /// Removes the misfits from an index on that the reader accepts.
    fn accept(&mut self, record: Record<'_>, from: usize) {
        if self.misfits.len() > from && !self.allowed.is_empty() {
            let found = self.misfits.split_off(from);
            let is_accepted = |misfit: &Misfit| self.allowed.iter().any(|it| self.accepts(it, record, misfit));
            let left: Vec<_> = found.into_iter().filter(|misfit| !is_accepted(misfit)).collect();
            self.misfits.extend(left);
        }
    }

    /// Whether a reader accepts a misfit.
    fn accepts(&self, allowed: &Allowed, record: Record<'_>, misfit: &Misfit) -> bool {
        let is_it = |object: &str, key: &str| object == allowed.object && key == allowed.field;
        match *misfit {
            Misfit::Missing { object, field, .. } => is_it(object.name, field.name),
            Misfit::Unknown { node, object, .. } => is_it(object.name, &record.key(node)),
            Misfit::Undocumented { node, .. } | Misfit::WrongType { node, .. } | Misfit::UnknownValue { node, .. } => {
                let object = record.parent(node).and_then(|parent| self.shape(parent));
                let value = || record.string(node).is_some_and(|value| value == allowed.value);
                matches!(object.map(|pair| pair.shape), Some(Shape::Object(object)) if is_it(object.name, &record.key(node)))
                    && (allowed.value.is_empty() || value())
            }
            _ => false,
        }
    }

    /// The misfits [of](Misfit::node) these nodes, in the order of the nodes. O(log n) plus their number.
    pub fn misfits_of(&self, nodes: Range<NodeId>) -> impl Iterator<Item = &Misfit> {
        let first = self.nodes.partition_point(|(node, _)| *node < nodes.start);
        let found = self.nodes[first..].iter().take_while(move |(node, _)| *node < nodes.end);
        found.filter_map(|(_, place)| self.misfits.get(*place as usize))
    }

    /// The misfits [of](Misfit::node) a node. O(log n).
    pub fn misfits_at(&self, node: NodeId) -> impl Iterator<Item = &Misfit> {
        self.misfits_of(node..node.saturating_add(1))
    }

    /// The innermost shape expected of a node.
    #[must_use]
    pub fn shape(&self, node: NodeId) -> Option<&Pair> {
        let end = *self.by_node.get(node as usize)?;
        self.pairs.get((end as usize).checked_sub(1)?)
    }
}

/// A power of two, well above the number of different keys in a dataset.
const KEY_SLOTS: usize = 256;

/// Members by their keys.
type Members<'a> = HashMap<Cow<'a, str>, NodeId, RandomState>;

struct Walk<'a, 'f> {
    record: Record<'a>,
    homes: &'static [Home],
    out: &'f mut Fit,
    /// The first member for each object and field that has several.
    first_of: HashMap<(NodeId, usize), NodeId, RandomState>,
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
                    if self.record.kind(child) == Kind::Null {
                        self.out.misfits.push(Misfit::WrongType { node: child, shape: *value, accepted: false });
                    }
                }
            }
            Shape::Struct if kind == Kind::Object => self.free(node),
            Shape::Any => self.free(node),
            Shape::String if kind == Kind::String => {}
            Shape::Boolean if matches!(kind, Kind::True | Kind::False) => {}
            Shape::Number if kind == Kind::Number => {}
            Shape::Number | Shape::Integer if matches!(kind, Kind::String | Kind::Number) => self.check_later(),
            Shape::Enum(_) if matches!(kind, Kind::String | Kind::Number) => {
                if field.is_some_and(|field| field.means.has_few_values()) {
                    self.out.misfits.extend(misfit_of_value(self.record, node, shape, self.out.lenient));
                } else {
                    self.check_later();
                }
            }
            Shape::Base64 | Shape::JsonText if kind == Kind::String => self.check_later(),
            // The rules on offsets report what is not a duration, whatever its type.
            Shape::Duration => {}
            _ => {
                self.out.misfits.push(Misfit::WrongType { node, shape, accepted: false });
                self.free(node);
            }
        }
    }

    /// The shape to check a value against: of several, the one for its JSON kind or its tag.
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

    /// Leaves the value of the last pair to [`Fit::check_values`].
    fn check_later(&mut self) {
        let place = self.out.pairs.len().saturating_sub(1);
        self.out.checked.extend(u32::try_from(place));
    }

    fn list(&mut self, node: NodeId, kind: Kind, element: &'static Shape, field: Option<&'static Field>) {
        if kind != Kind::Array {
            self.out.misfits.push(Misfit::WrongType { node, shape: Shape::List(element), accepted: false });
            // An element without its brackets is still checked as an element.
            if kind == Kind::Object && InPlaceOfList::of(self.record, node, *element) == InPlaceOfList::Element {
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
                if !field.documented && self.record.kind(child) != Kind::Null {
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

    /// The index of the field with exactly this name.
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
        // This runs for every part, so it iterates over the few fields that are present.
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

    /// Reports the members that are not fields of the object, and returns the absent fields that they probably mean.
    fn unknown_members(&mut self, node: NodeId, object: &'static Object, present: u64) -> u64 {
        let mut meant = 0;
        let mut unknown = Members::default();
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
            if let Some(home) = home_of(self.record, child, object, self.homes) {
                self.out.misfits.push(Misfit::Misplaced { node: child, object, home });
            } else {
                // A field that is there already is not the one that is meant.
                let near = nearest_field(object, &key).filter(|&place| present & (1 << place) == 0);
                meant |= near.map_or(0, |place| 1 << place);
                let near = near.map(|place| &object.fields[place]);
                self.out.misfits.push(Misfit::Unknown { node: child, object, near });
            }
            unknown.insert(key, child);
        }
        meant
    }

    fn duplicate(&mut self, node: NodeId, object: &'static Object, child: NodeId, place: usize) {
        let record = self.record;
        let is_it = |other: &NodeId| object.field_place(&record.key(*other)) == Some(place);
        let first = self.first_of.entry((node, place));
        let first = *first.or_insert_with(|| record.children(node).find(is_it).unwrap_or(child));
        self.out.misfits.push(Misfit::Duplicate { node: child, first });
    }

    /// Checks a value with free content: only its keys, for duplicates.
    fn free(&mut self, node: NodeId) {
        let nodes = &self.record.tree.nodes;
        for id in node..self.record.node(node).next {
            if nodes[id as usize].kind == Kind::Object {
                self.duplicates(id);
            }
        }
    }

    /// Reports the members of one object that repeat a key.
    fn duplicates(&mut self, node: NodeId) {
        let mut seen = Members::default();
        for child in self.record.children(node) {
            match seen.entry(self.record.key(child)) {
                Entry::Occupied(first) => {
                    self.out.misfits.push(Misfit::Duplicate { node: child, first: *first.get() });
                }
                Entry::Vacant(free) => _ = free.insert(child),
            }
        }
    }
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
