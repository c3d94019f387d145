//! Media inside a `data:` URL: whether it can be read.

use super::uri::{DATA_SCHEME, shown};
use crate::example::mime::for_extension;
use crate::formats::service::Locations;
use crate::json::NodeId;
use crate::rules::Severity::Error;
use crate::rules::wording::expected;
use crate::rules::{Context, Report};
use crate::schema::scalar::is_base64;

/// Reports the first fault of a `data:` URL.
pub(super) fn check(context: &Context<'_>, report: &mut Report<'_>, node: NodeId, uri: &str) {
    let (reads, service) = (context.service.reads, context.service.title);
    let fault = match parts(uri) {
        None => format!("is a `data:` URL without `;base64,`; {service} needs the bytes in base64"),
        Some((_, "")) => "holds no data; expected the bytes in base64 after the comma".to_owned(),
        Some((_, data)) if !is_base64(data) => "holds data that isn't valid base64".to_owned(),
        Some(("", _)) if !reads.images.is_empty() => format!("doesn't say its type{}", expected(reads.images)),
        Some((mime, _)) if !is_taken(mime, reads) => {
            format!("is of the type `{}`, which {service} doesn't read{}", shown(mime), expected(reads.images))
        }
        Some((_, data)) => match context.limits.image_bytes.filter(|most| bytes(data) > *most) {
            Some(most) => {
                let (size, most) = (megabytes(bytes(data)), megabytes(most));
                format!("holds {size:.1} MB; the limit for an image is {most:.0} MB")
            }
            None => return,
        },
    };
    report.find(Error, context.record.span(node), |finding| {
        finding.says(format!("`{}` {fault}", shown(uri)));
    });
}

/// The type and the data of a `data:` URL in base64.
fn parts(uri: &str) -> Option<(&str, &str)> {
    let (head, data) = uri.get(DATA_SCHEME.len()..)?.split_once(',')?;
    let (mime, encoding) = head.rsplit_once(';')?;
    encoding.trim().eq_ignore_ascii_case("base64").then(|| (mime.split(';').next().unwrap_or_default().trim(), data))
}

/// Whether the service reads images of a type. Its documentation names some; a usual name of the same type counts.
fn is_taken(mime: &str, reads: Locations) -> bool {
    let lower = mime.to_ascii_lowercase();
    let usual = lower.split_once('/').map_or(&[][..], |(_, subtype)| for_extension(subtype));
    reads.images.is_empty() || usual.iter().chain([&lower.as_str()]).any(|name| reads.images.contains(name))
}

/// The number of bytes that base64 stands for.
fn bytes(data: &str) -> u64 {
    data.trim_end_matches('=').len() as u64 * 3 / 4
}

#[allow(clippy::cast_precision_loss, reason = "it is shown with one digit")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_url_has_a_type_and_data_in_base64() {
        assert_eq!(parts("data:image/png;base64,QUJD"), Some(("image/png", "QUJD")));
        assert_eq!(parts("DATA:image/png;charset=x;BASE64,QUJD"), Some(("image/png", "QUJD")));
        assert_eq!(parts("data:;base64,"), Some(("", "")));
        assert_eq!(parts("data:image/png,QUJD"), None);
        assert_eq!(parts("data:image/png;base64"), None);
        assert_eq!([bytes("QQ=="), bytes("QUI="), bytes("QUJD")], [1, 2, 3]);
    }
}
