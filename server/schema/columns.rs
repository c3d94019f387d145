//! Tables that are written by columns: a whole file in one record, or the elements of a list in one object.

use crate::json::{Kind, NodeId, Record};
use crate::schema::{Field, Object, Shape};

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
fn is_column(record: Record<'_>, node: NodeId) -> bool {
    let is_number = |key: &str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    record.kind(node) == Kind::Object
        && record.children(node).next().is_some()
        && record.children(node).all(|row| is_number(&record.key(row)))
}

/// An object in place of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InPlaceOfList {
    /// The lists of all rows of a table, by the names of the rows.
    Rows,
    /// The elements of the list by columns: each field has a list with its values in all elements.
    Columns,
    /// A single element.
    Element,
    /// Anything else.
    Other,
}

impl InPlaceOfList {
    /// What the object `node` is in place of a list of these elements.
    #[must_use]
    pub fn of(record: Record<'_>, node: NodeId, element: Shape) -> Self {
        if is_column(record, node) {
            return Self::Rows;
        }
        let Some(object) = element.object().filter(|_| record.kind(node) == Kind::Object) else { return Self::Other };
        let is_list_of = |list: NodeId, fits: &dyn Fn(NodeId) -> bool| {
            let mut elements = record.children(list).peekable();
            record.kind(list) == Kind::Array && elements.peek().is_some() && elements.all(fits)
        };
        let is_element = |node: NodeId| {
            record.kind(node) == Kind::Object
                && record.children(node).any(|member| object.field(&record.key(member)).is_some())
        };
        let members = || record.children(node).map(|member| (member, object.field(&record.key(member))));
        let is_row = |(member, field): (NodeId, Option<&Field>)| field.is_none() && is_list_of(member, &is_element);
        // Each element is a value of the field, not an element of it.
        let is_column = |(member, field): (NodeId, Option<&'static Field>)| {
            is_list_of(member, &|value| field.is_some_and(|field| field.shape.takes(record.kind(value))))
        };
        match members().next() {
            Some(_) if members().all(is_row) => Self::Rows,
            Some(_) if members().all(is_column) => Self::Columns,
            _ if is_element(node) => Self::Element,
            _ => Self::Other,
        }
    }
}
