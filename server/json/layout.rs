//! One layout: the tree of a record, and how it becomes that of another that is laid out alike.

use crate::json::tree::{Kind, Node, NodeId, Tree};

/// A string or number of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    /// The byte behind it.
    pub end: u32,
    /// As [`Node::escapes`] says it.
    pub escapes: u32,
    /// Whether it is of ASCII alone.
    pub ascii: bool,
}

/// A layout.
#[derive(Debug)]
pub(super) struct Layout<K> {
    /// The tree of the last record that was laid out so.
    pub tree: Tree,
    /// Its strings and numbers that may differ.
    values: Vec<Place>,
    /// The other nodes that end behind the first of these, in the order of their ends.
    ended: Vec<NodeId>,
    /// Whether all keys, and all strings that do not differ, are of ASCII alone.
    rest_is_ascii: bool,
    /// What is known of all records that are laid out so.
    pub known: K,
}

/// Where a string or number stands among the nodes.
#[derive(Clone, Copy, Debug)]
struct Place {
    node: usize,
    /// Behind the last of the nodes that begin before the next string or number.
    begun: usize,
    /// Behind the last of those in [`Layout::ended`] that end before it.
    ended: usize,
    /// Whether its key is of ASCII alone.
    key_is_ascii: bool,
}

impl<K: Default> Layout<K> {
    /// That of a record without faults, whose strings and numbers may differ where `are_values` says so.
    pub fn of(tree: &Tree, text: &str, are_values: &[bool]) -> Self {
        let key_is_ascii = |node: &Node| text.as_bytes()[node.key().range()].is_ascii();
        let (mut values, mut rest_is_ascii) = (Vec::<Place>::new(), true);
        // How many strings and numbers that may differ there are before each node.
        let mut before = Vec::with_capacity(are_values.len() + 1);
        for (at, (node, is_value)) in tree.nodes.iter().zip(are_values).enumerate() {
            before.push(values.len());
            rest_is_ascii &= key_is_ascii(node) && (*is_value || node.ascii);
            if *is_value {
                values.push(Place { node: at, begun: at + 1, ended: 0, key_is_ascii: key_is_ascii(node) });
            } else if let Some(last) = values.last_mut() {
                last.begun = at + 1;
            }
        }
        before.push(values.len());
        let behind = |id: NodeId| before[tree.nodes[id as usize].next as usize];
        let others = (0..).zip(are_values).filter(|(_, is_value)| !**is_value).map(|(id, _)| id);
        let mut ended: Vec<NodeId> = others.filter(|id| behind(*id) > 0).collect();
        ended.sort_by_key(|id| behind(*id));
        for (place, count) in values.iter_mut().zip(1..) {
            place.ended = ended.partition_point(|id| behind(*id) <= count);
        }
        Self { tree: tree.clone(), values, ended, rest_is_ascii, known: K::default() }
    }

    /// Makes the tree that of a record with these strings and numbers.
    pub fn move_to(&mut self, values: &[Value]) {
        let Tree { nodes, ascii } = &mut self.tree;
        *ascii = self.rest_is_ascii;
        let (mut by, mut moved) = (0, 0);
        for (value, place) in values.iter().zip(&self.values) {
            let node = &mut nodes[place.node];
            node.span.start = node.span.start.wrapping_add(by);
            by = value.end.wrapping_sub(node.span.end);
            node.span.end = value.end;
            node.escapes = value.escapes;
            node.escaped = node.kind == Kind::String && value.escapes > 0;
            node.ascii = value.ascii && place.key_is_ascii;
            *ascii &= value.ascii;
            // What begins or ends from here to the next one moves as far; keys move with their values.
            for node in &mut nodes[place.node + 1..place.begun] {
                node.span.start = node.span.start.wrapping_add(by);
            }
            for id in &self.ended[moved..place.ended] {
                let end = &mut nodes[*id as usize].span.end;
                *end = end.wrapping_add(by);
            }
            moved = place.ended;
        }
    }
}
