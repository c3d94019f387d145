//! A record that was read, to speak about.

use crate::example::Example;
use crate::example::limits::Limits;
use crate::example::shared::SharedValue;
use crate::formats::service::Locations;
use crate::formats::{Format, LineKind};
use crate::json::Record;
use crate::schema::fit::Fit;

pub(super) struct About<'a> {
    pub(super) record: Record<'a>,
    /// Nothing for a record that is none of ours.
    pub(super) fit: Option<&'a Fit>,
    pub(super) example: &'a Example,
    pub(super) kind: &'static LineKind,
    pub(super) format: &'static Format,
    /// The shared value of the file.
    pub(super) shared: Option<SharedValue>,
    pub(super) limits: &'static Limits,
    /// Where the service reads media.
    pub(super) reads: Locations,
}
