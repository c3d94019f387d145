//! The media resolution, which all examples of a dataset share.

use super::generation::MEDIA_RESOLUTION;
use crate::example::shared::{SharedField, SharedValue};

/// `generationConfig.mediaResolution`: "Video tuning" (2025-09 and 2026).
pub static MEDIA_RESOLUTION_FIELD: SharedField = SharedField {
    name: "mediaResolution",
    path: "generationConfig.mediaResolution",
    parent: "generationConfig",
    choices: &MEDIA_RESOLUTION,
    prefix: "MEDIA_RESOLUTION_",
    mixed: "mixed resolutions",
    setting: "the `mediaResolution` that every Gemini example should have",
    summaries: &[
        ("", "the value that most examples of the file have"),
        ("MEDIA_RESOLUTION_LOW", "64 tokens a frame; segments of up to 20 minutes"),
        ("MEDIA_RESOLUTION_MEDIUM", "256 tokens a frame; segments of up to 5 minutes"),
        ("MEDIA_RESOLUTION_HIGH", "as MEDIUM for video under Gemini 2.5; more for images"),
    ],
    training: ["about 4 times faster", "", ""],
    advised: &[LOW, MEDIUM],
    advice: "set it in every example. LOW allows videos of up to 20 minutes, MEDIUM of up to 5",
};

/// The fewest tokens a frame.
pub const LOW: SharedValue = SharedValue::ALL[0];
/// More tokens a frame than [`LOW`].
pub const MEDIUM: SharedValue = SharedValue::ALL[1];
/// For video on 2.5 models, the same as [`MEDIUM`].
pub const HIGH: SharedValue = SharedValue::ALL[2];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resolution_is_known_by_its_exact_name_or_number() {
        let field = &MEDIA_RESOLUTION_FIELD;
        assert_eq!(field.named("MEDIA_RESOLUTION_LOW"), Some(LOW));
        assert_eq!(field.named("media_resolution_low"), None);
        assert_eq!((field.numbered("0"), field.numbered("3")), (Some(SharedValue::UNSET), Some(HIGH)));
        assert_eq!((field.numbered("4"), field.numbered("01")), (None, None));
        assert_eq!(field.label(HIGH), "HIGH");
    }

    #[test]
    fn a_setting_may_be_short_and_in_any_case() {
        let field = &MEDIA_RESOLUTION_FIELD;
        assert_eq!(field.from_setting("low"), Some(LOW));
        assert_eq!(field.from_setting("MEDIA_RESOLUTION_HIGH"), Some(HIGH));
        assert_eq!(field.from_setting("UNSPECIFIED"), None);
    }
}
