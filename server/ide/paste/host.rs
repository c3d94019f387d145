//! The file that takes the lines.

use crate::example::Speaker;
use crate::example::shared::SharedValue;
use crate::formats::{Format, Service};
use crate::rules::Verdict;

/// What the lines of a file are like.
#[derive(Clone, Copy, Debug)]
pub struct Host {
    /// The format.
    pub format: &'static Format,
    /// The service that reads it.
    pub service: &'static Service,
    /// The shared value of its examples.
    pub shared: Option<SharedValue>,
    /// Whether its examples are prompts without answers; `None` if it has no examples yet.
    pub is_prompts_only: Option<bool>,
}

impl Host {
    /// A file with this verdict. `None` if pasted examples don't belong into it: it holds other data, or is one array.
    /// `is_blank` says whether the file has no text but the pasted one.
    #[must_use]
    pub fn new(verdict: &Verdict, is_blank: bool) -> Option<Self> {
        if verdict.array.is_some() || !(verdict.tuning || is_blank) {
            return None;
        }
        Some(Self {
            format: verdict.format,
            service: verdict.service,
            shared: verdict.shared,
            is_prompts_only: (verdict.examples > 0).then_some(verdict.targets == 0),
        })
    }

    /// The service's role for the turns of the model.
    pub(super) fn model_role(&self) -> Option<&'static str> {
        self.service.role(&self.format.words, Speaker::Model)
    }
}
