//! Fields that were written into the object around their own: the name of a function next to `type`, say.

use crate::json::{Edit, Kind, NodeId};
use crate::rules::vendor;
use crate::rules::wording::{ObjectName, listed};
use crate::rules::{Context, Fix, Report, Severity::Error};
use crate::schema::misfit::Misfit;
use crate::schema::{Field, Means, Object, Shape};

/// An object that has the fields of a required object, or of the elements of its only list, in place of that field.
pub(super) struct Flat {
    /// The object around.
    pub node: NodeId,
    /// Its table.
    object: &'static Object,
    /// The field around which is missing.
    pub field: &'static Field,
    /// The members that belong into the field, with their right names.
    pub members: Vec<(NodeId, &'static str)>,
}

/// All of them in a record.
pub(super) fn flats(context: &Context<'_>) -> Vec<Flat> {
    let flat = |misfit: &Misfit| match *misfit {
        Misfit::Missing { node, object, field } => flat(context, node, object, field),
        Misfit::Unknown { node, object, .. } => flat_element(context, node, object),
        _ => None,
    };
    context.fit.misfits.iter().filter_map(flat).collect()
}

fn flat(context: &Context<'_>, node: NodeId, object: &'static Object, field: &'static Field) -> Option<Flat> {
    let Shape::Object(inner) = field.shape else { return None };
    let record = context.record;
    let of_inner = |member: NodeId| {
        let key = record.key(member);
        let is_it = |field: &&Field| field.name == key || field.aliases.contains(&&*key);
        let field = inner.fields.iter().find(is_it).filter(|_| object.field(&key).is_none())?;
        Some((member, field.name))
    };
    let members: Vec<_> = record.children(node).filter_map(of_inner).collect();
    let has = |field: &Field| members.iter().any(|(_, name)| *name == field.name);
    let is_whole = inner.fields.iter().filter(|field| field.required).all(has);
    (is_whole && !members.is_empty() && !vendor::is_flat_completion(context, node)).then_some(Flat {
        node,
        object,
        field,
        members,
    })
}

/// The object of an unknown member, if all of its members are fields of the elements of one of its lists.
fn flat_element(context: &Context<'_>, unknown: NodeId, object: &'static Object) -> Option<Flat> {
    let record = context.record;
    let node = record.parent(unknown)?;
    if record.children(node).next() != Some(unknown) {
        return None;
    }
    let members_of = |inner: &'static Object| {
        let member = |member: NodeId| {
            let key = record.key(member);
            Some((member, inner.field(&key).filter(|_| object.field(&key).is_none())?.name))
        };
        record.children(node).map(member).collect::<Option<Vec<_>>>()
    };
    object.fields.iter().find_map(|field| {
        let Shape::List(Shape::Object(inner)) = field.shape else { return None };
        let members = members_of(inner)?;
        let has = |field: &Field| members.iter().any(|(_, name)| *name == field.name);
        let is_whole = members.len() > 1 && inner.fields.iter().filter(|field| field.required).all(has);
        is_whole.then_some(Flat { node, object, field, members })
    })
}

impl Flat {
    pub fn has(&self, member: NodeId) -> bool {
        self.members.iter().any(|(known, _)| *known == member)
    }

    /// Moves the members into the field, in the place of the first one.
    fn edit(&self, context: &Context<'_>) -> Option<Edit> {
        let record = context.record;
        let names = self.members.iter().map(|(_, name)| *name);
        let is_double =
            names.clone().enumerate().any(|(place, name)| names.clone().skip(place + 1).any(|it| it == name));
        if context.structure_is_hidden() || is_double {
            return None;
        }
        let member = |key: &str, value: &str| format!("\"{key}\":{value}");
        let inner: Vec<_> =
            self.members.iter().map(|(node, name)| member(name, record.raw(record.span(*node)))).collect();
        let inner = match self.field.shape {
            Shape::List(_) => format!("[{{{}}}]", inner.join(",")),
            _ => format!("{{{}}}", inner.join(",")),
        };
        let mut inner = Some(member(self.field.name, &inner));
        let is_missing = |tag: &&Field| tag.required && record.member(self.node, tag.name).is_none();
        let tag = self.object.meaning(Means::Tag).filter(is_missing).map(|tag| member(tag.name, tag.example));
        let mut all: Vec<String> = tag.into_iter().collect();
        for child in record.children(self.node) {
            if self.has(child) {
                all.extend(inner.take());
            } else if record.key(child) != self.field.name || record.kind(child) != Kind::Null {
                let (key, value) = (record.raw(record.key_span(child)?), record.raw(record.span(child)));
                all.push(format!("{key}:{value}"));
            }
        }
        Some(Edit::replace(record.span(self.node), format!("{{{}}}", all.join(","))))
    }
}

/// Reports the objects that have the fields of another one in place of it, once for each such field of a record.
pub(super) fn flat_objects(context: &Context<'_>, report: &mut Report<'_>, flats: &[Flat]) {
    for (place, flat) in flats.iter().enumerate() {
        let is_like_it = |other: &&Flat| std::ptr::eq(other.field, flat.field);
        let Some((first, _)) = flat.members.first() else { continue };
        if flats[..place].iter().any(|other| is_like_it(&other)) {
            continue;
        }
        report.find(Error, context.record.key_span(*first).unwrap_or_default(), |finding| {
            let keys: Vec<_> =
                flat.members.iter().map(|(node, _)| format!("`{}`", context.record.key(*node))).collect();
            let holder = ObjectName::of(context, flat.node);
            let (is_not, object) = match keys.len() {
                1 => (format!("is not {}", holder.field()), "it"),
                _ => (format!("are not fields of {holder}"), "them"),
            };
            let all: Vec<_> = flats[place..].iter().filter(is_like_it).collect();
            let times = if all.len() > 1 { format!(" ({} on this line)", all.len()) } else { String::new() };
            let name = flat.field.name;
            finding.says(format!("{} {is_not}{times}; move {object} into `{name}`", listed(&keys))).fix(|| {
                let edits = all.iter().map(|flat| flat.edit(context)).collect::<Option<Vec<_>>>()?;
                Some(Fix::suggested(format!("Move into `{name}`"), edits))
            });
        });
    }
}
