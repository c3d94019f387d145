//! The page about formats and services, from their tables.

use std::fmt::Write;
use tuning_ls::example::limits::Limits;
use tuning_ls::example::shared::{SharedField, SharedValue};
use tuning_ls::example::tokens::grouped;
use tuning_ls::formats::service::{Alternation, Consequence, FaultKind, SameData, Service};
use tuning_ls::formats::{FORMATS, Foreign, Format, LineKind, Target};
use tuning_ls::schema::Demand;

/// The formats with their kinds of lines and their services, as one table.
pub fn overview() -> String {
    let mut out = "| format | kinds of lines | services and trainers |\n|---|---|---|\n".to_owned();
    for format in FORMATS {
        let kinds: Vec<_> = format.kinds.iter().map(|kind| kind.id).collect();
        let services: Vec<_> = format.services.iter().map(|service| format!("`{}`", service.id)).collect();
        let (kinds, services) = (kinds.join(", "), services.join(", "));
        let _ = writeln!(out, "| {} (`{}`) | {kinds} | {services} |", format.title, format.id);
    }
    out
}

/// All formats, each with its kinds of lines, its services and their figures.
pub fn details() -> String {
    FORMATS.into_iter().map(|format| format!("{}\n", of_format(format))).collect()
}

/// The names of the formats that are recognized and not checked, as a list.
pub fn recognized() -> String {
    Foreign::ALL.into_iter().map(|(_, name)| format!("- {name}\n")).collect()
}

fn of_format(format: &Format) -> String {
    let mut out = format!("## Format `{}`: {}\n\n", format.id, format.title);
    let _ = writeln!(out, "A line has {}. {}\n", format.needs, format.schema_description);
    out += "| kind of line | key that marks it | the model learns from | media |\n|---|---|---|---|\n";
    for LineKind { id, told_by, target, text_only, .. } in format.kinds {
        let told_by = if told_by.is_empty() { "none".to_owned() } else { format!("`{told_by}`") };
        let media = if *text_only { "text only" } else { "text and media" };
        let _ = writeln!(out, "| {id} | {told_by} | {} | {media} |", learned(*target));
    }
    out += &format!("\n### Services for `{}`\n\n", format.id);
    out += "| service | in settings | kinds of lines | reads media from | what else it requires |\n";
    out += "|---|---|---|---|---|\n";
    for service in format.services {
        let Service { id, title, reads, .. } = service;
        let default = if *service == format.default_service() { " (default)" } else { "" };
        let requires = requirements(service);
        let requires = if requires.is_empty() { "–".to_owned() } else { requires.join("; ") };
        let kinds = kinds_of(format, service);
        let _ = writeln!(out, "| {title} | `{id}`{default} | {kinds} | {} | {requires} |", reads.names());
    }
    out += &format!("\n### Faulty lines in `{}` files\n\n", format.id);
    out += &consequences(format.services);
    out += &format!("\n### Limits for `{}`\n\n", format.id);
    out += &limits(format);
    out
}

/// The kinds of lines that a service trains, and the other formats that it reads.
fn kinds_of(format: &Format, service: &Service) -> String {
    let all = format.kinds.iter().map(|kind| kind.id).filter(|id| service.takes_kind(id));
    let kinds = all.collect::<Vec<_>>().join(", ");
    match service.also_reads {
        [] => kinds,
        others => format!("{kinds}; not checked: {}", others.join(", ")),
    }
}

fn learned(target: Target) -> &'static str {
    match target {
        Target::LastTurn => "the last turn, which is the model's",
        Target::ByWeight => "every model answer whose weight is not 0",
        Target::ScoredAnswers => "the difference between two answers with scores",
        Target::TwoAnswers => "the difference between a preferred and a rejected answer",
        Target::Nothing => "its own answers, which a grader scores",
    }
}

fn requirements(service: &Service) -> Vec<String> {
    let alternation = match service.alternation {
        Alternation::Free => None,
        Alternation::Advised => Some("user and model should take turns"),
        Alternation::Required => Some("user and model must take turns"),
    };
    let arguments = match service.arguments_as_text {
        None => None,
        Some(true) => Some("call arguments must be a string that holds JSON"),
        Some(false) => Some("call arguments must be a JSON object"),
    };
    let flags = [
        (service.one_kind_per_file, "all lines of a file must be of one kind"),
        (service.one_modality_per_file, "either all lines of a file have media, or none has"),
        (service.loads_columns, "a field must have the same JSON type in all lines"),
        (service.answers_with_tools, "an answer in a preference line may include calls and their results"),
        (service.checks_function_names, "names of functions should be valid and unique"),
        (service.same_data == SameData::Checked, "data for a grader should have the same keys in all lines"),
        (service.writes_snake_case, "fields may be in snake_case, and the model's role is `assistant`"),
        (service.takes_other_fields, "other fields at the top level are allowed"),
        (service.checks_user, "a conversation should have a user message"),
        (!service.media_lists.is_empty(), "lists of media must have as many entries as there are parts for them"),
    ];
    let flags = flags.into_iter().filter(|(set, _)| *set).map(|(_, text)| text);
    let mut all: Vec<_> = alternation.into_iter().chain(arguments).chain(flags).map(str::to_owned).collect();
    all.extend(service.demands.iter().map(|demand| match demand {
        Demand::Field { object, field } => format!("`{object}` must have `{field}`"),
        Demand::AtMostOne { fields: [one, other], .. } => format!("only one of `{one}` and `{other}` is allowed"),
    }));
    all.extend(service.call_id_length.map(|length| format!("call ids must have {length} characters")));
    let token = service.refused_texts.first().map(|token| token.replace('|', "\\|"));
    all.extend(token.map(|token| format!("no control tokens such as `{token}`")));
    all
}

/// What each service does to a line with each kind of fault.
fn consequences(services: &[&Service]) -> String {
    let mut faults: Vec<FaultKind> = Vec::new();
    for (fault, _) in services.iter().flat_map(|service| service.consequences) {
        if !faults.contains(fault) {
            faults.push(*fault);
        }
    }
    let row = |name: &str, cell: &dyn Fn(&Service) -> &'static str| {
        let cells = services.iter().map(|service| cell(service).to_owned());
        [name.to_owned()].into_iter().chain(cells).collect()
    };
    let rows = faults.into_iter().flat_map(|fault| {
        let turns = (fault == FaultKind::Turns).then(|| row("user and model don't take turns", &without_turns));
        [row(fault_name(fault), &|service| what_happens(fault, service))].into_iter().chain(turns)
    });
    let head = ["fault"].into_iter().chain(services.iter().map(|service| service.title));
    table(head, rows)
}

fn fault_name(fault: FaultKind) -> &'static str {
    match fault {
        FaultKind::Unreadable => "invalid JSON or UTF-8",
        FaultKind::Shape => "a wrong or missing field or value",
        FaultKind::Turns => "a wrong or missing role",
        FaultKind::Media => "media that cannot be read",
        FaultKind::Limit => "too many media files in an example",
        FaultKind::TooLong => "a video segment that is too long",
        FaultKind::File => "a file that exceeds a limit",
        FaultKind::Meaning => "a target that is probably wrong",
        FaultKind::Repeated => "repeated examples",
        FaultKind::Tokens => "an example with too many tokens",
        FaultKind::Untaught => "an example that teaches nothing",
        FaultKind::Style => "unusual style",
    }
}

fn what_happens(fault: FaultKind, service: &Service) -> &'static str {
    match service.consequence(fault) {
        Consequence::TrainedWrongly if fault == FaultKind::Tokens => "dropped, or cut and trained wrongly",
        Consequence::Rejected => "rejected",
        Consequence::JobFails => "job fails",
        Consequence::Dropped => "dropped",
        Consequence::Replaced => "replaced",
        Consequence::TrainedWrongly => "trained wrongly",
        Consequence::Wasted => "wasted",
        Consequence::None => "–",
    }
}

fn without_turns(service: &Service) -> &'static str {
    match service.alternation {
        Alternation::Free => "allowed",
        Alternation::Advised => "may be rejected",
        Alternation::Required => what_happens(FaultKind::Turns, service),
    }
}

/// The figures of the models of all services of a format.
fn limits(format: &Format) -> String {
    let of_service = |service: &&'static Service| service.limits.iter().map(|limits| (service.title, *limits));
    let all: Vec<(&str, &Limits)> = format.services.iter().flat_map(of_service).collect();
    let shared = format.words.shared;
    let rows: Vec<Vec<(String, String)>> =
        all.iter().map(|(_, limits)| figures(limits, shared, !format.words.segment_end.is_empty())).collect();
    let labels = rows.iter().max_by_key(|row| row.len()).into_iter().flatten();
    let kept = labels.enumerate().filter(|(place, _)| rows.iter().any(|row| !row[*place].1.is_empty()));
    let rows = kept.map(|(place, (label, _))| {
        let cells = rows.iter().map(|row| if row[place].1.is_empty() { "–".to_owned() } else { row[place].1.clone() });
        [label.clone()].into_iter().chain(cells).collect()
    });
    let several = |service: &str| all.iter().filter(|(other, _)| *other == service).count() > 1;
    let heads: Vec<String> = all
        .iter()
        .map(
            |(service, limits)| {
                if several(service) { format!("{service}, {}", limits.name) } else { (*service).to_owned() }
            },
        )
        .collect();
    let mut out = table(["limit"].into_iter().chain(heads.iter().map(String::as_str)), rows);
    out += "\nModels and sources:\n\n";
    for (head, (_, limits)) in heads.iter().zip(&all).filter(|(_, (_, limits))| !limits.source.is_empty()) {
        let _ = writeln!(out, "- **{head}**: {}{}.", models(limits), limits.source);
    }
    out
}

/// The models that have these figures, as the begin of a sentence about their source.
fn models(limits: &Limits) -> String {
    let listed = limits.listed_models.iter().map(|(name, _)| *name);
    let others =
        limits.models.iter().copied().filter(|name| !limits.listed_models.iter().any(|(other, _)| other == name));
    let family = limits.family.map(|family| format!("other models whose names begin with `{family}`"));
    let models: Vec<_> = listed.chain(others).map(|name| format!("`{name}`")).chain(family).collect();
    if models.is_empty() { String::new() } else { format!("{}. Source: ", models.join(", ")) }
}

/// Each figure, with its label; empty where there is none. `has_segments` says whether a line can use a part of a video.
fn figures(limits: &Limits, shared: Option<&SharedField>, has_segments: bool) -> Vec<(String, String)> {
    // A new figure has to be shown.
    let Limits {
        name: _,
        source: _,
        models: _,
        listed_models: _,
        family: _,
        frame_tokens: _,
        unset_on_image: _,
        cropped_at: _,
        longest_video: _,
        video_lengths_add_up: _,
        frames_per_second,
        max_frame_rate,
        audio_tokens_per_second,
        longest_audio,
        videos,
        audio_files,
        images,
        documents,
        document_pages,
        video_bytes,
        audio_bytes,
        image_bytes,
        example_tokens,
        file_bytes,
        multimodal_examples,
        examples,
        validation_examples,
        free_validation_examples,
        validation_percent,
        drop_percent,
        fewest_examples,
        advised_examples,
        shared_by_part: _,
        doubtful_on_video: _,
    } = limits;
    let number = |figure: Option<u64>| figure.map(grouped).unwrap_or_default();
    let count = |figure: &Option<usize>| number(figure.map(|figure| figure as u64));
    let bytes = |figure: &Option<u64>| figure.map(bytes).unwrap_or_default();
    let percent = |figure: &Option<u64>| figure.map(|figure| format!("{figure}%")).unwrap_or_default();
    let with_video = |figure: u32| if has_segments && figure > 0 { figure.to_string() } else { String::new() };
    let mut rows: Vec<(String, String)> = Vec::new();
    for value in SharedValue::ALL.into_iter().filter(|_| shared.is_some()) {
        let label = shared.map(|field| field.label(value)).unwrap_or_default();
        let longest = limits.longest_segment(value).map(minutes).unwrap_or_default();
        rows.push((format!("longest video segment at `{label}`"), longest));
        let tokens = limits.frame_tokens(value).map(|tokens| tokens.to_string()).unwrap_or_default();
        rows.push((format!("tokens per frame at `{label}`"), tokens));
    }
    let share = validation_percent.map(|percent| {
        format!("{percent}% of the training examples, if more than {}", grouped(*free_validation_examples))
    });
    let rest = [
        ("frames per second of video", with_video(*frames_per_second)),
        ("highest `fps`", with_video(*max_frame_rate)),
        ("tokens per second of audio", with_video(*audio_tokens_per_second)),
        ("videos per example", count(videos)),
        ("audio files per example", count(audio_files)),
        ("images per example", count(images)),
        ("PDF files per example", count(documents)),
        ("tokens per example", number(*example_tokens)),
        ("required minimum of examples", number(*fewest_examples)),
        ("recommended minimum of examples", number(*advised_examples)),
        ("training examples", number(*examples)),
        ("training examples, in a file with media", number(*multimodal_examples)),
        ("validation examples", number(*validation_examples)),
        ("validation examples, by share", share.unwrap_or_default()),
        ("share of examples with an overlong video segment above which the job fails", percent(drop_percent)),
        ("size of a dataset file", bytes(file_bytes)),
        ("length of audio per example ¹", longest_audio.map(minutes).unwrap_or_default()),
        ("PDF pages per example ¹", count(document_pages)),
        ("size of a video ¹", bytes(video_bytes)),
        ("size of an audio file ¹", bytes(audio_bytes)),
        ("size of an image or PDF file ¹", bytes(image_bytes)),
    ];
    rows.extend(rest.map(|(label, figure)| (label.to_owned(), figure)));
    rows
}

fn minutes(seconds: u32) -> String {
    format!("{} minutes", seconds / 60)
}

fn bytes(bytes: u64) -> String {
    if bytes >= 1 << 30 { format!("{} GB", bytes >> 30) } else { format!("{} MB", bytes >> 20) }
}

fn table<'a>(head: impl Iterator<Item = &'a str>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let head: Vec<_> = head.collect();
    let mut out = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out
}
