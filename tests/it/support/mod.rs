//! What several tests share.

pub mod broken;
pub mod client;
pub mod commands;
pub mod judge;
pub mod page;
pub mod program;
pub mod promises;
pub mod repair;
pub mod tables;
pub mod typing;
