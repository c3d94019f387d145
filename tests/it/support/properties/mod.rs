//! What must hold for any input. Each property takes bytes, and panics if it doesn't hold. `tests/it/properties.rs` tries
//! a bounded number of inputs; the targets of `tests/fuzz` try inputs for as long as wanted.

pub mod editing;
pub mod keeping;
pub mod media;
pub mod messages;
pub mod outputs;
pub mod parsing;
pub mod rewriting;
mod seeds;
pub mod settings;

/// A property.
pub struct Property {
    /// The name of its fuzz target, and of the folder of its inputs in `fixtures/fuzz`.
    pub name: &'static str,
    /// Panics if the property doesn't hold for these bytes.
    pub check: fn(&[u8]),
    seeds: fn() -> Vec<Vec<u8>>,
}

/// All properties.
pub const ALL: [Property; 7] = [
    Property { name: "parsing", check: parsing::any_bytes, seeds: seeds::texts },
    Property { name: "editing", check: editing::any_edits, seeds: seeds::decisions },
    Property { name: "rewriting", check: rewriting::any_file, seeds: seeds::decisions_and_texts },
    Property { name: "settings", check: settings::any_settings, seeds: seeds::settings },
    Property { name: "outputs", check: outputs::any_file, seeds: seeds::named_texts },
    Property { name: "messages", check: messages::any_messages, seeds: seeds::conversations },
    Property { name: "media", check: media::any_file, seeds: seeds::media },
];

impl Property {
    /// The property with this name.
    pub fn named(name: &str) -> &'static Self {
        ALL.iter().find(|property| property.name == name).expect("the name of a property")
    }

    /// Inputs that once broke the property.
    pub fn found(&self) -> Vec<Vec<u8>> {
        seeds::files(&format!("fuzz/{}", self.name)).into_iter().map(|(_, bytes)| bytes).collect()
    }

    /// Inputs to start from.
    pub fn seeds(&self) -> Vec<Vec<u8>> {
        [(self.seeds)(), self.found()].concat()
    }
}
