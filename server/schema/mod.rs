//! The engine behind every format: what a line may hold is data, and one walk reads it.
//!
//! A format is a table of [`Object`]s and [`Field`]s. Each says its shape, its documentation and what it
//! [means](Means); nothing else in the program compares a field's name.
//!
//! This room must not know any vendor, what is wrong with a line (that is a rule's opinion), nor anything of
//! files and editors.

pub mod canonical;
pub mod fit;
mod home;
pub mod json_schema;
mod means;
pub mod misfit;
mod object;
pub mod scalar;

pub use home::{Destination, Home};
pub use means::Means;
pub use object::{Choice, Choices, Extra, Field, Object, Shape, Spelling, Tagged, Union, snake_case};
