//! A whole table in one record, by columns.

use crate::json::{Kind, NodeId, Record};
use crate::schema::{Object, Shape};

/// The first required list of a record that is a whole table written by columns: each field is an object with the
/// values of all rows by their numbers.
pub(super) fn columns(record: Record<'_>, root: &'static Object) -> Option<(NodeId, Shape)> {
    record.children(0).next().filter(|first| is_column(record, *first))?;
    if !record.children(0).all(|child| is_column(record, child)) {
        return None;
    }
    let list_of = |child: NodeId| {
        let field = root.field(&record.key(child))?;
        (field.required && matches!(field.shape, Shape::List(_))).then_some((child, field.shape))
    };
    record.children(0).find_map(list_of)
}

/// Whether a value is an object whose keys are the numbers of rows.
#[must_use]
pub fn is_column(record: Record<'_>, node: NodeId) -> bool {
    let is_number = |key: &str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    record.kind(node) == Kind::Object
        && record.children(node).next().is_some()
        && record.children(node).all(|row| is_number(&record.key(row)))
}
