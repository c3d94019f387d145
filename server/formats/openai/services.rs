//! The services and trainers that read OpenAI's format, and the limits of each.
//!
//! OpenAI: developer guides, copies of 2026-06. Azure: its documentation and the validators of microsoft/azure-skills
//! (2026-08). Together: together-python `files.py` (2025-12) and documentation of 2026-06. Fireworks: documentation of
//! 2026. Mistral: mistral-finetune and mistral-common (2026-06). Vertex AI: the page on open models (2026-09). TRL:
//! `dataset_formats.md` and `data_utils.py` (2026-07).

use crate::example::limits::Limits;
use crate::formats::open_models::OPEN_MODELS;
use crate::formats::service::{Alternation, Consequence, FaultKind, Instructions, Locations, SameData, Service};
use crate::schema::{Allowed, Demand};

/// The consequences on services that validate a file at upload.
const REJECTING: &[(FaultKind, Consequence)] = &rejecting(Consequence::Dropped);

/// The same, on services that only read images inside the line.
const REJECTING_WITH_MEDIA: &[(FaultKind, Consequence)] = &rejecting(Consequence::Rejected);

const fn rejecting(media: Consequence) -> [(FaultKind, Consequence); 10] {
    [
        (FaultKind::Unreadable, Consequence::Rejected),
        (FaultKind::Shape, Consequence::Rejected),
        (FaultKind::Turns, Consequence::Rejected),
        (FaultKind::Media, media),
        (FaultKind::Limit, Consequence::Rejected),
        (FaultKind::Tokens, Consequence::TrainedWrongly),
        (FaultKind::File, Consequence::Rejected),
        (FaultKind::Meaning, Consequence::TrainedWrongly),
        (FaultKind::Repeated, Consequence::Wasted),
        (FaultKind::Untaught, Consequence::Wasted),
    ]
}

/// Control tokens of OpenAI's models.
const CONTROL_TOKENS: &[&str] = &[
    "<|im_start|>",
    "<|im_end|>",
    "<|im_sep|>",
    "<|endoftext|>",
    "<|endofprompt|>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
];

/// The types of images that most services read.
const IMAGES: &[&str] = &["image/jpeg", "image/png", "image/webp"];

const DATA_ONLY: Locations = Locations { data: true, images: IMAGES, ..Locations::NONE };
const WEB_AND_DATA: Locations = Locations { web: true, ..DATA_ONLY };

/// OpenAI's own service.
pub static OPENAI: Service = Service {
    id: "openai",
    title: "OpenAI",
    limits: &[&GPT_4_1, &GPT_3_5, &GPT_3_5_OF_2023],
    reads: WEB_AND_DATA,
    consequences: REJECTING,
    refused_texts: CONTROL_TOKENS,
    arguments_as_text: Some(true),
    one_kind_per_file: true,
    checks_function_names: true,
    ..Service::PLAIN
};

static GPT_4_1: Limits = Limits {
    name: "OpenAI models",
    source: "developer guides on supervised, vision and preference fine-tuning, copies of 2026-06",
    listed_models: &[
        ("gpt-4.1-2025-04-14", "the limits of OpenAI"),
        ("gpt-4.1-mini-2025-04-14", "the limits of OpenAI"),
        ("gpt-4.1-nano-2025-04-14", "the limits of OpenAI"),
        ("gpt-4o-2024-08-06", "the limits of OpenAI"),
        ("gpt-4o-mini-2024-07-18", "the limits of OpenAI"),
    ],
    images: Some(10),
    image_bytes: Some(10 << 20),
    example_tokens: Some(65_536),
    file_bytes: Some(8 << 30),
    multimodal_examples: Some(50_000),
    fewest_examples: Some(10),
    ..Limits::NONE
};

static GPT_3_5: Limits = Limits {
    name: "GPT-3.5 Turbo",
    source: "developer guide on supervised fine-tuning, copy of 2026-06",
    models: &["gpt-3.5-turbo-0125", "gpt-3.5-turbo-1106"],
    listed_models: &[
        ("gpt-3.5-turbo-0125", "the limits of GPT-3.5 Turbo"),
        ("gpt-3.5-turbo-1106", "the limits of GPT-3.5 Turbo"),
    ],
    example_tokens: Some(16_385),
    ..GPT_4_1
};

static GPT_3_5_OF_2023: Limits = Limits {
    name: "GPT-3.5 Turbo of 2023-06",
    models: &["gpt-3.5-turbo-0613"],
    listed_models: &[("gpt-3.5-turbo-0613", "the limits of GPT-3.5 Turbo of 2023-06")],
    example_tokens: Some(4_096),
    ..GPT_3_5
};

/// Azure OpenAI.
pub static AZURE_OPENAI: Service = Service {
    id: "azure-openai",
    title: "Azure OpenAI",
    limits: &[&AZURE],
    answers_with_tools: true,
    takes_byte_order_mark: true,
    roles: &["system", "user", "assistant", "tool"],
    prompts_end_with_user: true,
    same_data: SameData::Checked,
    checks_user: true,
    ..OPENAI
};

static AZURE: Limits = Limits {
    name: "Azure OpenAI models",
    source: "documentation and validators, copies of 2026",
    listed_models: &[],
    images: Some(64),
    file_bytes: Some(5 << 30),
    ..GPT_4_1
};

/// Together AI.
pub static TOGETHER: Service = Service {
    id: "together",
    title: "Together AI",
    limits: &[&TOGETHER_LIMITS],
    reads: DATA_ONLY,
    consequences: REJECTING_WITH_MEDIA,
    alternation: Alternation::Required,
    one_kind_per_file: true,
    one_modality_per_file: true,
    kinds: &["chat", "preference"],
    also_reads: &["prompt and completion", "plain text"],
    roles: &["system", "user", "assistant", "tool"],
    instructions: Instructions::First,
    allowed: &[Allowed::any("AssistantMessage", "reasoning"), Allowed::any("AssistantMessage", "reasoning_content")],
    ..Service::PLAIN
};

static TOGETHER_LIMITS: Limits = Limits {
    name: "models on Together AI",
    source: "together-python of 2025-12 and documentation of 2026-06",
    images: Some(10),
    image_bytes: Some(10 << 20),
    ..Limits::NONE
};

/// Fireworks AI.
pub static FIREWORKS: Service = Service {
    id: "fireworks",
    title: "Fireworks AI",
    limits: &[&FIREWORKS_LIMITS],
    reads: Locations { images: &["image/jpeg", "image/png"], ..DATA_ONLY },
    consequences: REJECTING_WITH_MEDIA,
    one_kind_per_file: true,
    instructions: Instructions::First,
    ..Service::PLAIN
};

static FIREWORKS_LIMITS: Limits = Limits {
    name: "Fireworks AI",
    source: "documentation of 2026",
    examples: Some(3_000_000),
    fewest_examples: Some(3),
    ..Limits::NONE
};

/// Mistral's trainer.
pub static MISTRAL: Service = Service {
    id: "mistral",
    title: "Mistral",
    limits: &[&MISTRAL_LIMITS],
    reads: Locations { images: &[], ..WEB_AND_DATA },
    consequences: REJECTING,
    arguments_as_text: Some(true),
    call_id_length: Some(9),
    one_kind_per_file: true,
    kinds: &["chat"],
    also_reads: &["Mistral chat", "plain text", "Mistral plain text"],
    roles: &["system", "user", "assistant", "tool"],
    instructions: Instructions::Once,
    instruction_field: "system_prompt",
    allowed: &[
        Allowed::any("ChatExample", "system_prompt"),
        Allowed::any("ChatExample", "only_last"),
        Allowed::any("ChatExample", "available_tools"),
        Allowed::any("ImagePart", "image_url"),
    ],
    demands: &[
        Demand::Field { object: "Function", field: "description" },
        Demand::Field { object: "Function", field: "parameters" },
        Demand::AtMostOne { object: "ChatExample", fields: ["tools", "available_tools"] },
    ],
    ..Service::PLAIN
};

static MISTRAL_LIMITS: Limits =
    Limits { name: "Mistral", source: "mistral-finetune of 2026-06", file_bytes: Some(512 << 20), ..Limits::NONE };

/// Open models on Vertex AI, for lines with messages.
pub static VERTEX_OPEN_MODELS: Service = Service {
    reads: Locations { objects: true, ..DATA_ONLY },
    kinds: &["chat"],
    roles: &["system", "user", "assistant"],
    ..OPEN_MODELS
};

/// Hugging Face TRL.
pub static TRL: Service = Service {
    id: "trl",
    title: "Hugging Face TRL",
    reads: Locations { web: true, data: true, paths: true, ..Locations::NONE },
    consequences: &[
        (FaultKind::Unreadable, Consequence::JobFails),
        (FaultKind::Shape, Consequence::TrainedWrongly),
        (FaultKind::Turns, Consequence::JobFails),
        (FaultKind::Media, Consequence::JobFails),
        (FaultKind::Tokens, Consequence::TrainedWrongly),
        (FaultKind::File, Consequence::JobFails),
        (FaultKind::Meaning, Consequence::TrainedWrongly),
        (FaultKind::Repeated, Consequence::Wasted),
        (FaultKind::Untaught, Consequence::Wasted),
    ],
    arguments_as_text: Some(false),
    loads_columns: true,
    takes_other_fields: true,
    kinds: &["chat", "reinforcement"],
    also_reads: &["prompt and completion", "prompt-only", "TRL preference", "TRL stepwise", "plain text"],
    media_lists: &[("images", "image"), ("image", "image")],
    media_path: "path",
    allowed: &[
        Allowed::any("ToolCall", "id"),
        Allowed::any("ToolMessage", "tool_call_id"),
        Allowed::any("ToolMessage", "content"),
        Allowed::any("AssistantMessage", "thinking"),
        Allowed::any("AssistantMessage", "reasoning_content"),
        Allowed::any("ChatExample", "tools"),
        Allowed::any("ReinforcementExample", "tools"),
        Allowed { object: "Part", field: "type", value: "image" },
    ],
    ..Service::PLAIN
};
