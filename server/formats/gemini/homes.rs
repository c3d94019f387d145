//! Fields of Gemini's lines that people put into the wrong object.

use crate::schema::{Destination, Home};

/// Fields that people put into the wrong object, with the object that has them.
pub(super) static HOMES: [Home; 40] = [
    home("videoMetadata", "Part", "the part, next to `fileData`", Destination::BesideParent("fileData")),
    setting("mediaResolution"),
    setting("temperature"),
    setting("topP"),
    setting("topK"),
    setting("candidateCount"),
    setting("maxOutputTokens"),
    setting("stopSequences"),
    setting("responseLogprobs"),
    setting("logprobs"),
    setting("presencePenalty"),
    setting("frequencyPenalty"),
    setting("seed"),
    setting("responseMimeType"),
    setting("responseSchema"),
    setting("responseJsonSchema"),
    setting("routingConfig"),
    setting("audioTimestamp"),
    setting("responseModalities"),
    setting("speechConfig"),
    setting("thinkingConfig"),
    setting("imageConfig"),
    setting("modelConfig"),
    home("systemInstruction", "Example", TOP, Destination::Root),
    home("generationConfig", "Example", TOP, Destination::Root),
    home("contents", "Example", TOP, Destination::Root),
    home("tools", "Example", TOP, Destination::Root),
    home("role", "Content", "the turn, next to `parts`", Destination::Unclear),
    home("parts", "Content", "a turn of `contents`", Destination::Unclear),
    home("startOffset", "VideoMetadata", "`videoMetadata` next to `fileData`", Destination::Unclear),
    home("endOffset", "VideoMetadata", "`videoMetadata` next to `fileData`", Destination::Unclear),
    home("fileUri", "FileData", "`fileData` of the part", Destination::Unclear),
    home("mimeType", "FileData", "`fileData` of the part", Destination::Unclear),
    home("fileData", "Part", "a part of a turn's `parts`", Destination::Unclear),
    home("thoughtSignature", "Part", "the part, next to `functionCall`", Destination::BesideParent("functionCall")),
    home("chosen", "Completion", CHOSEN, Destination::Unclear),
    home("rejected", "Completion", REJECTED, Destination::Unclear),
    home("preferred_output", "Completion", CHOSEN, Destination::Unclear),
    home("non_preferred_output", "Completion", REJECTED, Destination::Unclear),
    home("mediaResolution", "Part", "the part, next to `fileData`", Destination::BesideParent("fileData")),
];

const CHOSEN: &str = "`completions`, as the answer with score 1";
const REJECTED: &str = "`completions`, as the answer with score 0";
const TOP: &str = "the top level of the line";

const fn home(field: &'static str, object: &'static str, place: &'static str, to: Destination) -> Home {
    Home { field, object, place, to }
}

/// A setting of the example outside `generationConfig`.
const fn setting(field: &'static str) -> Home {
    let to = Destination::MemberOfRoot("generationConfig");
    home(field, "GenerationConfig", "`generationConfig` at the top level", to)
}
