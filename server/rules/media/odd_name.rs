//! Names of objects that Cloud Storage takes literally, and that are rarely meant so.

use super::uri::{Judgement, judge, possible_effect, replacement, shown, uris};
use crate::rules::Severity::{Information, Warning};
use crate::rules::{Context, FaultKind, Fix, Fixes, Needs, Report, Row, row};
use crate::schema::scalar::{self, Oddity, STORE, is_object};

/// A percent escape, outer white space, `//` or `..` in the name of an object.
pub(super) const ODD_OBJECT_NAME: Row = row(
    "odd-object-name",
    &[Warning, Information],
    Fixes::Suggested,
    "`%20`, white space at an end, `//` or `..` in the name of an object",
    odd_object_name,
)
.fault(FaultKind::Media)
.needs(Needs::UNUSUAL_MEDIA);

fn odd_object_name(context: &Context<'_>, report: &mut Report<'_>) {
    let reads = context.service.reads;
    for (node, uri) in uris(context).filter(|(_, uri)| is_object(uri)) {
        let Judgement::OddName(oddity) = judge(&uri, reads) else { continue };
        let severity = match oddity {
            Oddity::Escape(_) | Oddity::OuterSpace { .. } => Warning,
            Oddity::DoubleSlash | Oddity::Dots(_) => Information,
        };
        report.find(severity, context.record.span(node), |finding| {
            let name = shown(&uri);
            finding.says(match oddity {
                Oddity::Escape(escape) => {
                    format!("`{name}` contains `{escape}`, but {STORE} doesn't decode the names of objects")
                }
                Oddity::OuterSpace { segment, at_end } => {
                    let edge = if at_end { "ends" } else { "begins" };
                    format!("`{}` {edge} with white space, which is part of the object's name", shown(segment))
                }
                Oddity::DoubleSlash => {
                    format!("`{name}` contains `//`; write `/` unless the object's name really has two slashes")
                }
                Oddity::Dots(dots) => format!("`{name}` contains `{dots}`, which {STORE} doesn't resolve"),
            });
            finding.effect(match severity {
                Warning => possible_effect(context, FaultKind::Media),
                _ => format!("{} only finds an object with exactly this name", context.service.title),
            });
            finding.fix(|| {
                let (bucket, object) = scalar::object(&uri)?;
                let meant = scalar::object_uri(bucket, &scalar::plain_name(object)?);
                // What is left may only be information.
                let is_plain = match judge(&meant, reads) {
                    Judgement::Good => true,
                    Judgement::OddName(left) => matches!(left, Oddity::DoubleSlash | Oddity::Dots(_)),
                    _ => false,
                };
                let edits = replacement(context, node, &meant).filter(|_| is_plain)?;
                Some(Fix::suggested(format!("Change to `{meant}`"), edits))
            });
        });
    }
}
