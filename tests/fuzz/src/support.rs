//! The support of the integration tests, as far as the properties need it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../../it/support/broken.rs"]
pub mod broken;
#[path = "../../it/support/dataset.rs"]
pub mod dataset;
#[path = "../../it/support/frames.rs"]
pub mod frames;
#[path = "../../it/support/judge.rs"]
pub mod judge;
#[path = "../../it/support/manifest.rs"]
pub mod manifest;
#[path = "../../it/support/mutations.rs"]
pub mod mutations;
#[path = "../../it/support/page.rs"]
pub mod page;
#[path = "../../it/support/properties/mod.rs"]
pub mod properties;
#[path = "../../it/support/repair.rs"]
pub mod repair;
#[path = "../../it/support/values.rs"]
pub mod values;

pub mod generated {
    use std::path::PathBuf;

    /// The folder of the product.
    pub fn root() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
    }
}
