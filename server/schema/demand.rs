//! The misfits of what a reader demands besides the format's tables.

use super::Demand;
use super::misfit::Misfit;
use crate::json::{Kind, NodeId, Record};
use crate::schema::{Object, Shape};

/// The misfits of a walked record: fields that it lacks, and keys that exclude each other. O(values times demands).
pub(super) fn misfits(
    record: Record<'_>,
    values: impl Iterator<Item = (NodeId, Shape)>,
    demands: &[Demand],
) -> Vec<Misfit> {
    let is_set = |node: NodeId, key: &str| record.member(node, key).filter(|value| record.kind(*value) != Kind::Null);
    let mut found = Vec::new();
    for (node, shape) in values.filter(|(node, _)| record.kind(*node) == Kind::Object) {
        let Some(object) = table(shape) else { continue };
        for demand in demands {
            match *demand {
                Demand::Field { object: name, field } if name == object.name => {
                    let field = object.field(field).filter(|field| is_set(node, field.name).is_none());
                    found.extend(field.map(|field| Misfit::Missing { node, object, field }));
                }
                Demand::AtMostOne { object: name, fields: [one, other] } if name == object.name => {
                    let both = is_set(node, one).zip(is_set(node, other));
                    found.extend(both.map(|(a, b)| Misfit::Conflict { node: a.max(b), first: a.min(b) }));
                }
                _ => {}
            }
        }
    }
    found
}

fn table(shape: Shape) -> Option<&'static Object> {
    if let Shape::Object(object) = shape { Some(object) } else { None }
}
