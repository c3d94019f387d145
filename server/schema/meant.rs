//! What a member probably means that its object doesn't have.

use crate::json::{Kind, NodeId, Record};
use crate::schema::{Destination, Home, Object, snake_case};

/// The index of the field that `key` probably means: by an alias, else the most similar name.
pub(super) fn nearest_field(object: &'static Object, key: &str) -> Option<usize> {
    if let Some(place) = object.fields.iter().position(|field| field.aliases.contains(&key)) {
        return Some(place);
    }
    let plain = |name: &str| name.replace(['_', '-', ' '], "").to_lowercase();
    let key = plain(key);
    let length = key.chars().count();
    let near = |name: &str| {
        let name = plain(name);
        let most = if name.len().min(key.len()) >= 6 { 2 } else { 1 };
        // The lengths say of most names that they are too different.
        if name.len() <= 3 || name.chars().count().abs_diff(length) > most {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&name, &key);
        (distance <= most).then_some(distance)
    };
    let fields = object.fields.iter().enumerate();
    fields.filter_map(|(place, field)| Some((near(field.name)?, place))).min().map(|(_, place)| place)
}

/// The home of a member that its object doesn't have. Of several, an object belongs next to the object that contains it,
/// if that is possible.
pub(super) fn home_of(
    record: Record<'_>,
    member: NodeId,
    object: &Object,
    homes: &'static [Home],
) -> Option<&'static Home> {
    let is_named = |key: &str, field: &str| key == field || key.contains('_') && key == snake_case(field);
    let key = record.key(member);
    let mut homes = homes.iter().filter(|home| home.object != object.name && is_named(&key, home.field));
    let first = homes.next()?;
    let around = record.key(record.node(member).parent);
    let is_next_to = |home: &&Home| matches!(home.to, Destination::BesideParent(field) if is_named(&around, field));
    let other = homes.find(|home| record.kind(member) == Kind::Object && is_next_to(home));
    Some(other.unwrap_or(first))
}
