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
    /// The other nodes, and how many of those end before the end of each.
    ended: Vec<(NodeId, u32)>,
    /// How far all moves behind each string and number, the beginning first.
    moves: Vec<u32>,
    /// Whether all keys, and all strings that do not differ, are of ASCII alone.
    rest_is_ascii: bool,
    /// What is known of all records that are laid out so.
    pub known: K,
}

/// Where a string or number stands among the nodes.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// How many nodes begin behind the one before it, itself the last.
    begun: usize,
    /// Whether its key is of ASCII alone.
    key_is_ascii: bool,
}

impl<K: Default> Layout<K> {
    /// That of a record without faults, whose strings and numbers may differ where `are_values` says so.
    pub fn of(tree: &Tree, text: &str, are_values: &[bool]) -> Self {
        let key_is_ascii = |node: &Node| text.as_bytes()[node.key().range()].is_ascii();
        let (mut values, mut ended, mut begun) = (Vec::new(), Vec::new(), 0);
        // How many strings and numbers that may differ there are before each node.
        let mut before = vec![0u32];
        before.extend(are_values.iter().scan(0, |count, is_value| {
            *count += u32::from(*is_value);
            Some(*count)
        }));
        let mut rest_is_ascii = true;
        for ((id, node), is_value) in (0..).zip(&tree.nodes).zip(are_values) {
            begun += 1;
            rest_is_ascii &= key_is_ascii(node) && (*is_value || node.ascii);
            if *is_value {
                values.push(Place { begun, key_is_ascii: key_is_ascii(node) });
                begun = 0;
            } else {
                ended.push((id, before[node.next as usize]));
            }
        }
        Self { tree: tree.clone(), values, ended, moves: Vec::new(), rest_is_ascii, known: K::default() }
    }

    /// Makes the tree that of a record with these strings and numbers.
    pub fn move_to(&mut self, values: &[Value]) {
        let Self { tree, moves, .. } = self;
        let mut rest = &mut tree.nodes[..];
        tree.ascii = self.rest_is_ascii;
        let mut by = 0;
        moves.clear();
        moves.push(by);
        for (value, place) in values.iter().zip(&self.values) {
            let Some((begun, behind)) = rest.split_at_mut_checked(place.begun) else { return };
            rest = behind;
            move_starts(begun, by);
            let Some(node) = begun.last_mut() else { return };
            by = value.end.wrapping_sub(node.span.end);
            moves.push(by);
            node.span.end = value.end;
            node.escapes = value.escapes;
            node.escaped = node.kind == Kind::String && value.escapes > 0;
            node.ascii = value.ascii && place.key_is_ascii;
            tree.ascii &= value.ascii;
        }
        move_starts(rest, by);
        for &(id, before) in &self.ended {
            let by = moves.get(before as usize).copied().unwrap_or_default();
            let end = &mut tree.nodes[id as usize].span.end;
            *end = end.wrapping_add(by);
        }
    }
}

/// Moves where these begin, and their keys with them.
fn move_starts(nodes: &mut [Node], by: u32) {
    nodes.iter_mut().for_each(|node| node.span.start = node.span.start.wrapping_add(by));
}
