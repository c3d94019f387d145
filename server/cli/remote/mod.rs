//! Asks stores of objects and web servers about media files, if a person asks for that: `tuning-ls media --remote`.
//!
//! Only the first bytes of a file and its index are read, in at most three requests. Only the command `media` uses this
//! folder: an editor and `check` send nothing anywhere.
//!
//! This folder must not know datasets, settings, or what the facts are for.

mod answers;
#[cfg(feature = "remote")]
mod ask;
#[cfg(feature = "remote")]
mod clip;
#[cfg(feature = "remote")]
mod fragments;
#[cfg(feature = "remote")]
mod location;
#[cfg(feature = "remote")]
mod parts;
#[cfg(feature = "remote")]
mod servers;
#[cfg(feature = "remote")]
mod transport;

pub use answers::Answers;
#[cfg(feature = "remote")]
pub use ask::ask;

use crate::schema::scalar::lower_scheme;

/// Whether a server can be asked for a location.
#[must_use]
pub fn is_askable(location: &str) -> bool {
    let location = lower_scheme(location);
    ["gs://", "s3://", "http://", "https://"].iter().any(|scheme| location.starts_with(scheme))
}

/// Says that this program can't ask servers.
///
/// # Errors
/// Always.
#[cfg(not(feature = "remote"))]
pub fn ask(_: &std::collections::BTreeSet<String>, _: Option<crate::disk::media::Progress>) -> Result<Answers, String> {
    let how = "install it with `cargo install --path . --features remote`, or from a package";
    Err(format!("--remote is not a part of this program, because it was built without it; {how}"))
}
