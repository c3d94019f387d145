//! Settings of an example: `generationConfig` with the media resolution, and the safety settings.
//!
//! `google/cloud/aiplatform/v1/content.proto` of 2026-08-22. Only `mediaResolution` is documented for tuning ("Video
//! tuning", 2025-09 and 2026; "Image tuning", 2026).

use super::tools::SCHEMA;
use crate::schema::{Choice, Choices, Extra, Field, Means, Object, Shape, Union};

const UNSPECIFIED: Choice = Choice {
    doc: "Not set: the same as no value. No page says what a video then gets; an image gets HIGH.",
    ..Choice::unset("MEDIA_RESOLUTION_UNSPECIFIED")
};
const LOW: Choice = Choice::numbered(
    "MEDIA_RESOLUTION_LOW",
    1,
    "The fewest tokens a frame, and the longest videos. Training is about 4 times faster than at MEDIUM or HIGH.",
);
const MEDIUM: Choice =
    Choice::numbered("MEDIA_RESOLUTION_MEDIUM", 2, "More tokens a frame than LOW, and shorter videos.");
const HIGH: Choice = Choice::numbered(
    "MEDIA_RESOLUTION_HIGH",
    3,
    "For video on 2.5 models, the same as MEDIUM. The video page of 2025 names only LOW and MEDIUM.",
);

/// The values of `generationConfig.mediaResolution`.
pub(super) static MEDIA_RESOLUTION: Choices =
    Choices { name: "MediaResolution", values: &[LOW, MEDIUM, HIGH, UNSPECIFIED] };

static PART_MEDIA_RESOLUTION_LEVEL: Choices = Choices {
    name: "MediaResolution.Level",
    values: &[
        LOW,
        MEDIUM,
        HIGH,
        Choice::numbered("MEDIA_RESOLUTION_ULTRA_HIGH", 4, "For images only, on Gemini 3 and later."),
        UNSPECIFIED,
    ],
};

/// The resolution of one part.
pub(super) static PART_MEDIA_RESOLUTION: Object = Object {
    name: "MediaResolution",
    doc: "The resolution of one part, on Gemini 3 and later.",
    fields: &[
        Field::documented(
            "level",
            Shape::Enum(&PART_MEDIA_RESOLUTION_LEVEL),
            "How many tokens the media of this part gets. It overrides `generationConfig.mediaResolution`.",
        )
        .example(r#""MEDIA_RESOLUTION_LOW""#)
        .means(Means::PartSharedValue),
        Field::legal("numTokens", Shape::Integer, "A number of tokens; only the Python SDK has it.").example("64"),
    ],
    ..Object::PROTO_JSON
};

/// Settings of the example.
pub(super) static GENERATION_CONFIG: Object = Object {
    name: "GenerationConfig",
    extra: Extra::Rejected,
    doc: "Settings of the example. Only `mediaResolution` is documented for tuning; sampling is set at inference.",
    fields: &[
        Field::documented(
            "mediaResolution",
            Shape::Enum(&MEDIA_RESOLUTION),
            "How many tokens a frame of video (or an image) gets, and how long a video may be.\n\n\
             Every example of the training and validation files must have the same value.",
        )
        .example(r#""MEDIA_RESOLUTION_LOW""#)
        .means(Means::Shared),
        Field::legal("temperature", Shape::Number, "The randomness of sampling.").example("1.0"),
        Field::legal("topP", Shape::Number, "Nucleus sampling.").example("0.95"),
        Field::legal("topK", Shape::Number, "Top-k sampling.").example("40"),
        Field::legal("candidateCount", Shape::Integer, "The number of answers.").example("1"),
        Field::legal("maxOutputTokens", Shape::Integer, "The longest answer, in tokens.").example("1024"),
        Field::legal("stopSequences", Shape::List(&Shape::String), "Texts that end the answer."),
        Field::legal("responseLogprobs", Shape::Boolean, "Whether to return probabilities."),
        Field::legal("logprobs", Shape::Integer, "How many probabilities to return.").example("1"),
        Field::legal("presencePenalty", Shape::Number, "The penalty on tokens that occurred.").example("0.0"),
        Field::legal("frequencyPenalty", Shape::Number, "The penalty on repetition.").example("0.0"),
        Field::legal("seed", Shape::Integer, "The seed of sampling."),
        Field::legal(
            "responseMimeType",
            Shape::String,
            "The answer's media type. Controlled generation is not applied during tuning.",
        )
        .example(r#""application/json""#),
        Field::legal(
            "responseSchema",
            Shape::Object(&SCHEMA),
            "The answer's schema. Controlled generation is not applied during tuning.",
        )
        .example(r#"{"type":"OBJECT"}"#)
        .means(Means::AnswerSchema),
        Field::legal(
            "responseJsonSchema",
            Shape::Any,
            "The answer's JSON Schema. Controlled generation is not applied during tuning.",
        )
        .example(r#"{"type":"object"}"#),
        Field::legal("routingConfig", Shape::Object(&ROUTING_CONFIG), "Which model answers.")
            .example(r#"{"autoMode":{}}"#),
        Field::legal("audioTimestamp", Shape::Boolean, "Whether to add timestamps to audio.").example("true"),
        Field::legal("responseModalities", Shape::List(&Shape::Enum(&MODALITY)), "The modalities of the answer.")
            .example(r#"["TEXT"]"#),
        Field::legal("speechConfig", Shape::Object(&SPEECH_CONFIG), "How speech sounds."),
        Field::legal(
            "thinkingConfig",
            Shape::Object(&THINKING_CONFIG),
            "How much the model thinks. The documentation advises the least thinking when using a tuned model.",
        )
        .example(r#"{"thinkingBudget":0}"#),
        Field::legal("imageConfig", Shape::Object(&IMAGE_CONFIG), "How images look."),
        Field::legal("modelConfig", Shape::Struct, "Which model is preferred (v1beta1)."),
    ],
    ..Object::PROTO_JSON
};

static ROUTING_CONFIG: Object = Object {
    name: "RoutingConfig",
    doc: "Which model answers: chosen by the service or by name.",
    fields: &[
        Field::documented("autoMode", Shape::Object(&AUTO_ROUTING_MODE), "The service chooses."),
        Field::documented("manualMode", Shape::Object(&MANUAL_ROUTING_MODE), "A model by name.")
            .example(r#"{"modelName":""}"#),
    ],
    unions: &[Union::at_most_one(&["autoMode", "manualMode"])],
    ..Object::PROTO_JSON
};

static AUTO_ROUTING_MODE: Object = Object {
    name: "AutoRoutingMode",
    doc: "The service chooses the model.",
    fields: &[Field::documented("modelRoutingPreference", Shape::Enum(&MODEL_ROUTING_PREFERENCE), "What to prefer.")
        .example(r#""BALANCED""#)],
    ..Object::PROTO_JSON
};

static MANUAL_ROUTING_MODE: Object = Object {
    name: "ManualRoutingMode",
    doc: "A model by name.",
    fields: &[Field::documented("modelName", Shape::String, "The model's name.")],
    ..Object::PROTO_JSON
};

static MODEL_ROUTING_PREFERENCE: Choices = Choices {
    name: "ModelRoutingPreference",
    values: &[
        Choice::numbered("UNKNOWN", 0, "Not set."),
        Choice::numbered("PRIORITIZE_QUALITY", 1, "Quality over cost."),
        Choice::numbered("BALANCED", 2, "Quality and cost alike."),
        Choice::numbered("PRIORITIZE_COST", 3, "Cost over quality."),
    ],
};

static MODALITY: Choices = Choices {
    name: "Modality",
    values: &[
        Choice::unset("MODALITY_UNSPECIFIED"),
        Choice::numbered("TEXT", 1, "Text."),
        Choice::numbered("IMAGE", 2, "Images."),
        Choice::numbered("AUDIO", 3, "Audio."),
        Choice::named("VIDEO", "Video; only the Python SDK has it."),
    ],
};

static SPEECH_CONFIG: Object = Object {
    name: "SpeechConfig",
    doc: "How speech sounds.",
    fields: &[
        Field::documented("voiceConfig", Shape::Struct, "One voice."),
        Field::documented("multiSpeakerVoiceConfig", Shape::Struct, "A voice for each speaker."),
        Field::documented("languageCode", Shape::String, "The language, such as `en-US`.").example(r#""en-US""#),
    ],
    unions: &[Union::at_most_one(&["voiceConfig", "multiSpeakerVoiceConfig"])],
    ..Object::PROTO_JSON
};

static THINKING_CONFIG: Object = Object {
    name: "ThinkingConfig",
    doc: "How much the model thinks.",
    fields: &[
        Field::documented("includeThoughts", Shape::Boolean, "Whether to return thoughts."),
        Field::documented("thinkingBudget", Shape::Integer, "The number of tokens for thoughts."),
        Field::documented("thinkingLevel", Shape::Enum(&THINKING_LEVEL), "The amount of thinking.").example(r#""LOW""#),
    ],
    ..Object::PROTO_JSON
};

static THINKING_LEVEL: Choices = Choices {
    name: "ThinkingLevel",
    values: &[
        Choice::unset("THINKING_LEVEL_UNSPECIFIED"),
        Choice::numbered("LOW", 1, "Little."),
        Choice::numbered("MEDIUM", 2, "Some."),
        Choice::numbered("HIGH", 3, "Much."),
        Choice::numbered("MINIMAL", 4, "The least."),
    ],
};

static IMAGE_CONFIG: Object = Object {
    name: "ImageConfig",
    doc: "How images of the answer look.",
    fields: &[
        Field::documented("aspectRatio", Shape::String, "Width to height, such as `16:9`.").example(r#""1:1""#),
        Field::documented("imageSize", Shape::String, "The size, such as `1K`.").example(r#""1K""#),
        Field::documented("personGeneration", Shape::Any, "Whether people may be shown.").example(r#""""#),
        Field::documented("imageOutputOptions", Shape::Struct, "The file format."),
    ],
    ..Object::PROTO_JSON
};

/// What one safety filter blocks.
pub(super) static SAFETY_SETTING: Object = Object {
    name: "SafetySetting",
    doc: "What one safety filter blocks.",
    fields: &[
        Field::required("category", Shape::Enum(&HARM_CATEGORY), "The kind of harm.")
            .example(r#""HARM_CATEGORY_HATE_SPEECH""#),
        Field::required("threshold", Shape::Enum(&HARM_BLOCK_THRESHOLD), "The level from which to block.")
            .example(r#""BLOCK_NONE""#),
        Field::documented("method", Shape::Enum(&HARM_BLOCK_METHOD), "What to compare with the threshold.")
            .example(r#""SEVERITY""#),
    ],
    ..Object::PROTO_JSON
};

static HARM_CATEGORY: Choices = Choices {
    name: "HarmCategory",
    values: &[
        Choice::unset("HARM_CATEGORY_UNSPECIFIED"),
        Choice::numbered("HARM_CATEGORY_HATE_SPEECH", 1, "Hate speech."),
        Choice::numbered("HARM_CATEGORY_DANGEROUS_CONTENT", 2, "Dangerous content."),
        Choice::numbered("HARM_CATEGORY_HARASSMENT", 3, "Harassment."),
        Choice::numbered("HARM_CATEGORY_SEXUALLY_EXPLICIT", 4, "Sexually explicit content."),
        Choice::numbered("HARM_CATEGORY_CIVIC_INTEGRITY", 5, "Civic integrity; deprecated."),
        Choice::numbered("HARM_CATEGORY_JAILBREAK", 6, "Jailbreaking."),
        Choice::named("HARM_CATEGORY_IMAGE_HATE", "Hate in images; only the Python SDK has it."),
        Choice::named("HARM_CATEGORY_IMAGE_DANGEROUS_CONTENT", "Danger in images; only the Python SDK has it."),
        Choice::named("HARM_CATEGORY_IMAGE_HARASSMENT", "Harassment in images; only the Python SDK has it."),
        Choice::named("HARM_CATEGORY_IMAGE_SEXUALLY_EXPLICIT", "Explicit images; only the Python SDK has it."),
    ],
};

static HARM_BLOCK_THRESHOLD: Choices = Choices {
    name: "HarmBlockThreshold",
    values: &[
        Choice::unset("HARM_BLOCK_THRESHOLD_UNSPECIFIED"),
        Choice::numbered("BLOCK_LOW_AND_ABOVE", 1, "Blocks most."),
        Choice::numbered("BLOCK_MEDIUM_AND_ABOVE", 2, "Blocks medium and high."),
        Choice::numbered("BLOCK_ONLY_HIGH", 3, "Blocks only high."),
        Choice::numbered("BLOCK_NONE", 4, "Blocks nothing."),
        Choice::numbered("OFF", 5, "Turns the filter off."),
    ],
};

static HARM_BLOCK_METHOD: Choices = Choices {
    name: "HarmBlockMethod",
    values: &[
        Choice::unset("HARM_BLOCK_METHOD_UNSPECIFIED"),
        Choice::numbered("SEVERITY", 1, "Probability and severity."),
        Choice::numbered("PROBABILITY", 2, "Probability."),
    ],
};

/// Model Armor templates.
pub(super) static MODEL_ARMOR_CONFIG: Object = Object {
    name: "ModelArmorConfig",
    doc: "Model Armor templates for the prompt and the answer.",
    fields: &[
        Field::documented("promptTemplateName", Shape::String, "The template for prompts."),
        Field::documented("responseTemplateName", Shape::String, "The template for answers."),
    ],
    ..Object::PROTO_JSON
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_media_resolution_is_documented_for_tuning() {
        let documented: Vec<_> =
            GENERATION_CONFIG.fields.iter().filter(|field| field.documented).map(|field| field.name).collect();
        assert_eq!(documented, ["mediaResolution"]);
    }
}
