//! One layout: the tree of a record, and its adaptation to another record with the same layout.

use crate::json::tree::{Kind, Node, NodeId, Tree};

/// A string or number of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    /// The byte after it.
    pub end: u32,
    /// As in [`Node::escapes`].
    pub escapes: u32,
    /// Whether it is all ASCII.
    pub ascii: bool,
}

/// A layout.
#[derive(Debug)]
pub(super) struct Layout<K> {
    /// The tree of the last record with this layout.
    pub tree: Tree,
    /// Its strings and numbers that may differ between records.
    values: Vec<Place>,
    /// The other nodes that end after the first of these, in the order of their ends.
    ended: Vec<NodeId>,
    /// Whether all keys, and all strings that do not differ, are ASCII.
    rest_is_ascii: bool,
    /// What is known about all records with this layout.
    pub known: K,
}

/// The place of a string or number among the nodes.
#[derive(Clone, Copy, Debug)]
struct Place {
    node: usize,
    /// The end of the range of nodes that begin before the next string or number.
    begun: usize,
    /// The end of the range in [`Layout::ended`] of nodes that end before the next string or number.
    ended: usize,
    /// Whether its key is ASCII.
    key_is_ascii: bool,
}

impl<K: Default> Layout<K> {
    /// The layout of a record without faults. `are_values` marks the strings and numbers that may differ.
    pub fn of(tree: &Tree, text: &str, are_values: &[bool]) -> Self {
        let key_is_ascii = |node: &Node| text.as_bytes()[node.key().range()].is_ascii();
        let (mut values, mut rest_is_ascii) = (Vec::<Place>::new(), true);
        // The number of values before each node.
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
        let before_end = |id: NodeId| before[tree.nodes[id as usize].next as usize];
        let others = (0..).zip(are_values).filter(|(_, is_value)| !**is_value).map(|(id, _)| id);
        let mut ended: Vec<NodeId> = others.filter(|id| before_end(*id) > 0).collect();
        ended.sort_by_key(|id| before_end(*id));
        for (place, count) in values.iter_mut().zip(1..) {
            place.ended = ended.partition_point(|id| before_end(*id) <= count);
        }
        Self { tree: tree.clone(), values, ended, rest_is_ascii, known: K::default() }
    }

    /// Changes the tree to that of a record with these strings and numbers.
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
            // Whatever begins or ends between this value and the next one moves as far; keys move with their values.
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
