//! How many examples there are, how large the file is, and how often each label is taught.

use crate::rules::Severity::{Error, Hint, Information};
use crate::rules::verdict::TooMany;
use crate::rules::{Context, Report};
use crate::schema::media::Profile;

pub(super) fn too_many_examples(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(too_many) = report.verdict().filter(|_| context.input.first).and_then(|verdict| verdict.too_many) else {
        return;
    };
    let Profile {
        multimodal_examples,
        text_examples,
        validation_examples,
        validation_percent,
        free_validation_examples,
        ..
    } = context.profile;
    let message = match too_many {
        TooMany::Multimodal(count) => {
            format!("{count} examples have media, and a training file may have {multimodal_examples} of them at most")
        }
        TooMany::Examples(count) => {
            format!("{count} examples, and a training file may have {text_examples} at most")
        }
        TooMany::Validation(count) => {
            format!("{count} validation examples, and there may be {validation_examples} at most")
        }
        TooMany::ValidationShare { validation, training } => format!(
            "{validation} validation examples beside {training} training examples; above \
             {free_validation_examples} they may be {validation_percent} % of the training examples at most"
        ),
    };
    report.show(Error, context.file_span(), |finding| {
        finding.says(format!("{message}; the service rejects the job"));
    });
}

pub(super) fn too_few_examples(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(examples) = report.verdict().filter(|_| context.input.first).and_then(|verdict| verdict.too_few) else {
        return;
    };
    report.show(Hint, context.file_span(), |finding| {
        let (are, plural) = if examples == 1 { ("is", "") } else { ("are", "s") };
        finding.says(format!(
            "there {are} {examples} example{plural} to learn from; the documentation advises to begin with about {}",
            context.profile.advised_examples
        ));
    });
}

pub(super) fn file_too_large(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(bytes) = report.verdict().filter(|_| context.input.first).and_then(|verdict| verdict.too_large) else {
        return;
    };
    report.show(Error, context.file_span(), |finding| {
        finding.says(format!(
            "the file has {bytes} bytes; the service takes {} ({} GB) at most, and rejects the job",
            context.profile.file_bytes,
            context.profile.file_bytes >> 30
        ));
    });
}

pub(super) fn label_balance(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(verdict) = report.verdict().filter(|verdict| context.input.first && !verdict.unbalanced.is_empty()) else {
        return;
    };
    let (unbalanced, classes, targets) = (verdict.unbalanced.clone(), verdict.classes, verdict.targets);
    report.show(Information, context.file_span(), |finding| {
        let share = |count: u32| f64::from(count) * 100.0 / f64::from(targets.max(1));
        let named: Vec<_> =
            unbalanced.iter().map(|(label, count)| format!("`{label}` {:.1} % ({count})", share(*count))).collect();
        let kinds = if classes == 1 { "one label".to_owned() } else { format!("{classes} labels") };
        finding.says(format!(
            "the {targets} targets are {kinds}, out of balance: {}; a label under 1 % is hardly learned, one over 90 % \
             is what the model will answer to everything",
            named.join(", ")
        ));
    });
}
