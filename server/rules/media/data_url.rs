//! Media inside a `data:` URL: whether it can be read.

use super::uri::{DATA_SCHEME, shown};
use crate::example::mime::for_extension;
use crate::formats::service::Locations;
use crate::json::NodeId;
use crate::rules::Severity::Error;
use crate::rules::wording::expected;
use crate::rules::{Context, Report};
use crate::schema::scalar::is_base64;

const MEGABYTE: u64 = 1 << 20;

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
                let (size, most) = (megabytes(bytes(data)), most / MEGABYTE);
                format!("holds {size} MB; the limit for an image is {most} MB")
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
    let is_usual = lower.split_once('/').is_some_and(|(class, subtype)| {
        let is_same = |name: &&&str| name.split('/').next() == Some(class);
        for_extension(subtype).iter().filter(is_same).any(|name| reads.images.contains(name))
    });
    reads.images.is_empty() || reads.images.contains(&lower.as_str()) || is_usual
}

/// The number of bytes that base64 stands for.
fn bytes(data: &str) -> u64 {
    data.trim_end_matches('=').len() as u64 * 3 / 4
}

/// A size in megabytes, rounded up to a tenth, so that it is never shown as the limit that it exceeds.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10).div_ceil(MEGABYTE);
    format!("{}.{}", tenths / 10, tenths % 10)
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
        assert_eq!([10 * MEGABYTE, 10 * MEGABYTE + 1].map(megabytes), ["10.0", "10.1"]);
        assert_eq!([bytes("QQ=="), bytes("QUI="), bytes("QUJD")], [1, 2, 3]);
    }

    #[test]
    fn a_usual_name_of_an_image_type_counts() {
        let reads = Locations { images: &["image/jpeg", "image/png"], ..Locations::NONE };
        for mime in ["image/png", "IMAGE/PNG", "image/jpg", "image/jpeg"] {
            assert!(is_taken(mime, reads), "{mime}");
        }
        for mime in ["application/png", "video/png", "image/gif", "png", ""] {
            assert!(!is_taken(mime, reads), "{mime}");
        }
    }
}
