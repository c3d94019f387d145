//! Media of a tuning line: their resolutions.
//!
//! Media types and their extensions are in [`super::mime`], the figures of a model in
//! [`super::profile`].

use serde::{Deserialize, Serialize};

pub use super::mime::{
    MediaKind, agrees, documented_types, extensions_of, for_extension, is_documented, kind_of, nearest,
};
pub use super::profile::{GEMINI_2_5, GEMINI_3, Profile};

/// How many tokens a frame or an image gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Resolution {
    /// Not said, which is the same as no value.
    Unspecified,
    /// The lowest.
    Low,
    /// The middle one.
    Medium,
    /// The highest for video. (ULTRA_HIGH is for the images of Gemini 3 alone, part by part.)
    High,
}

impl Resolution {
    /// All of them, the lowest first.
    pub const ALL: [Resolution; 4] = [Resolution::Unspecified, Resolution::Low, Resolution::Medium, Resolution::High];

    /// The resolution of this enum name, letter for letter.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resolution| resolution.name() == name)
    }

    /// The resolution a user means in the settings: `LOW` or the whole name, in any case.
    #[must_use]
    pub fn from_setting(name: &str) -> Option<Self> {
        let meant = |resolution: &Self| {
            name.eq_ignore_ascii_case(resolution.name()) || name.eq_ignore_ascii_case(resolution.label())
        };
        Self::ALL.into_iter().filter(|resolution| *resolution != Self::Unspecified).find(meant)
    }

    /// The name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Resolution::Unspecified => "MEDIA_RESOLUTION_UNSPECIFIED",
            Resolution::Low => "MEDIA_RESOLUTION_LOW",
            Resolution::Medium => "MEDIA_RESOLUTION_MEDIUM",
            Resolution::High => "MEDIA_RESOLUTION_HIGH",
        }
    }

    /// The name as people say it: `LOW`.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.name().trim_start_matches("MEDIA_RESOLUTION_")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resolution_is_known_by_its_exact_name() {
        assert_eq!(Resolution::from_name("MEDIA_RESOLUTION_LOW"), Some(Resolution::Low));
        assert_eq!(Resolution::from_name("media_resolution_low"), None);
        assert_eq!(Resolution::High.label(), "HIGH");
    }

    #[test]
    fn a_setting_may_be_short_and_in_any_case() {
        assert_eq!(Resolution::from_setting("low"), Some(Resolution::Low));
        assert_eq!(Resolution::from_setting("MEDIA_RESOLUTION_HIGH"), Some(Resolution::High));
        assert_eq!(Resolution::from_setting("UNSPECIFIED"), None);
    }
}
