//! The schema engine, common to all formats: tables describe what a line may contain, and one walk reads a line.
//!
//! A format is a table of [`Object`]s and [`Field`]s. Each row has its shape, its documentation and its
//! [meaning](Means): outside the detection of formats and the rules of a vendor, the program finds a field by its meaning,
//! not by its name.
//!
//! This room must not know any vendor, any rule, files or editors.

mod allowed;
pub mod canonical;
pub mod columns;
mod demand;
pub mod fit;
mod home;
pub mod json_schema;
mod means;
mod meant;
pub mod misfit;
mod object;
pub mod scalar;
mod value;

pub use allowed::{Allowed, Demand};
pub use home::{Destination, Home};
pub use means::Means;
pub use object::{Choice, Choices, Extra, Field, Object, Shape, Spelling, Tagged, Union, snake_case};
