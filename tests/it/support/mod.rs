//! What several tests share.

pub mod broken;
pub mod client;
pub mod code;
pub mod commands;
pub mod imports;
pub mod judge;
pub mod page;
pub mod program;
pub mod promises;
pub mod repair;
pub mod tables;
pub mod typing;
