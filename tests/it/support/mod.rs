//! Helpers that several tests share.

pub mod broken;
pub mod client;
pub mod code;
pub mod commands;
pub mod dataset;
pub mod features;
pub mod formats;
pub mod frames;
pub mod generated;
pub mod imports;
pub mod judge;
pub mod manifest;
pub mod mutations;
pub mod page;
pub mod program;
pub mod promises;
pub mod properties;
#[cfg(feature = "remote")]
pub mod range_server;
pub mod reference;
pub mod repair;
pub mod samples;
pub mod tables;
pub mod typing;
pub mod values;
