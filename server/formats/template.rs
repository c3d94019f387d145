//! What an editor offers to start from: whole lines, turns and parts, and the roles with their meaning.

use crate::example::Speaker;
use crate::example::mime::MediaKind;

/// JSON to start from.
#[derive(Debug)]
pub struct Template {
    /// What the list shows.
    pub label: &'static str,
    /// What it is a template of.
    pub of: Piece,
    /// What it is, for a whole line.
    pub doc: &'static str,
    /// The JSON. In a whole line the strings `"PROMPT"` and `"SHARED"` stand for the prompt and the value that all
    /// examples share.
    pub json: &'static str,
    /// The prompt of a line, unless the lines around have a usual one.
    pub prompt: &'static str,
    /// The media that a line has.
    pub media: Option<MediaKind>,
}

/// What a template is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A whole line.
    Line,
    /// A turn of this speaker.
    Turn(Speaker),
    /// A part of a turn.
    Part {
        /// Whose turns take it.
        of: &'static [Speaker],
        /// Whether a line that takes text alone has it, too.
        is_text: bool,
    },
}

/// A role, for a person.
#[derive(Debug)]
pub struct RoleDoc {
    /// The role.
    pub role: &'static str,
    /// What it means, in Markdown.
    pub doc: &'static str,
}

impl Template {
    /// A turn of this speaker.
    #[must_use]
    pub const fn turn(label: &'static str, speaker: Speaker, json: &'static str) -> Self {
        Self { label, of: Piece::Turn(speaker), doc: "", json, prompt: "", media: None }
    }

    /// A part that is text, or that a turn may have next to text.
    #[must_use]
    pub const fn part(label: &'static str, of: &'static [Speaker], is_text: bool, json: &'static str) -> Self {
        Self { label, of: Piece::Part { of, is_text }, doc: "", json, prompt: "", media: None }
    }
}
