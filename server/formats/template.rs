//! What an editor offers to start from: whole lines, turns and parts, and the roles with their meaning.

use crate::example::Speaker;
use crate::example::mime::MediaKind;

/// JSON to start from.
#[derive(Debug)]
pub struct Template {
    /// Its name in the list.
    pub label: &'static str,
    /// The piece that it is a template of.
    pub of: Piece,
    /// What it is; only for whole lines.
    pub doc: &'static str,
    /// The JSON. In a whole line, the strings `"PROMPT"` and `"SHARED"` are placeholders for the prompt and for the
    /// value that all examples share.
    pub json: &'static str,
    /// The prompt of a line, unless the nearby lines have a common one.
    pub prompt: &'static str,
    /// The media in a line.
    pub media: Option<MediaKind>,
}

/// The kind of piece that a template is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A whole line.
    Line,
    /// A turn of this speaker.
    Turn(Speaker),
    /// A part of a turn.
    Part {
        /// The speakers whose turns take it.
        of: &'static [Speaker],
        /// Whether a text-only line takes it too.
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
    /// A whole line.
    #[must_use]
    pub const fn example(label: &'static str, doc: &'static str, prompt: &'static str, json: &'static str) -> Self {
        Self { label, of: Piece::Line, doc, json, prompt, media: None }
    }

    /// The same line, with media of this kind.
    #[must_use]
    pub const fn with(self, kind: MediaKind) -> Self {
        Self { media: Some(kind), ..self }
    }

    /// A turn of this speaker.
    #[must_use]
    pub const fn turn(label: &'static str, speaker: Speaker, json: &'static str) -> Self {
        Self { of: Piece::Turn(speaker), ..Self::example(label, "", "", json) }
    }

    /// A part; `is_text` if a text-only line takes it too.
    #[must_use]
    pub const fn part(label: &'static str, of: &'static [Speaker], is_text: bool, json: &'static str) -> Self {
        Self { of: Piece::Part { of, is_text }, ..Self::example(label, "", "", json) }
    }
}
