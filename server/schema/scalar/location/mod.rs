//! Locations of media files: URL schemes, Cloud Storage and its console, and sites that share files.
//!
//! A URL means the same in the lines of every vendor, so this is known once, here. Which locations a service reads is data
//! of the service.
//!
//! This folder must not know formats, or which locations a service reads.

mod bucket;
mod examples;
mod names;
mod object_name;
mod parse;
mod reach;
mod store;
mod web_page;

pub use examples::example_bucket;
pub use names::{is_real_bucket, named_buckets};
pub use object_name::{Oddity, oddity, plain_name};
pub use parse::{
    Location, LocationFault, Placeholder, extension, is_plain_object, parse_location, placeholder, wildcards,
};
pub use reach::{Unreachable, console_page, is_of_site, percent_decoded, percent_encoded, unreachable};
pub use store::{CONSOLE, OBJECT_SCHEME, STORE, is_object, lower_scheme, object, object_uri};
pub use web_page::{WebPage, web_page};
