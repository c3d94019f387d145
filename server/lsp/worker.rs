//! Work on a whole file, away from the session: it gets the text as it is (a clone of the rope costs
//! nothing) and hands its edits back to the session, which knows whether the text is still the same.

use super::session::{Message, Reply};
use crate::analysis::{Analyst, Lines};
use crate::ide::edits::TextEdit;
use crate::ide::fixes::{self, File, Task};
use crate::ide::format;
use crate::settings::Settings;
use crate::text::Document;
use lsp_types::Uri;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use tower_lsp::jsonrpc::{Error, Result};

/// What is to be done with a whole file.
#[derive(Clone, Debug)]
pub(super) enum Whole {
    /// Format these lines.
    Format(Range<usize>),
    /// Find the edits of each of these tasks.
    Tasks(Vec<Task>),
}

/// A piece of work, and then its result.
pub struct Job {
    uri: Uri,
    /// The text when the work began.
    document: Document,
    settings: Settings,
    whole: Whole,
    edits: Result<Vec<Vec<TextEdit>>>,
    reply: Box<dyn Answer>,
}

/// Somebody who waits for edits.
trait Answer: Send {
    /// Whether nobody waits any more.
    fn is_cancelled(&self) -> bool;
    /// Gives them, or says why there are none.
    fn send(self: Box<Self>, edits: Result<Vec<Vec<TextEdit>>>, document: &Document);
}

struct Waiting<T, F> {
    reply: Reply<T>,
    answer: F,
}

impl<T: Send, F: FnOnce(Vec<Vec<TextEdit>>, &Document) -> T + Send> Answer for Waiting<T, F> {
    fn is_cancelled(&self) -> bool {
        self.reply.is_closed()
    }

    fn send(self: Box<Self>, edits: Result<Vec<Vec<TextEdit>>>, document: &Document) {
        let Self { reply, answer } = *self;
        let _ = reply.send(edits.map(|edits| answer(edits, document)));
    }
}

impl Job {
    /// Work on a document as it is now; `answer` makes the reply from the edits.
    pub(super) fn new<T: Send + 'static>(
        uri: Uri,
        document: Document,
        settings: Settings,
        whole: Whole,
        reply: Reply<T>,
        answer: impl FnOnce(Vec<Vec<TextEdit>>, &Document) -> T + Send + 'static,
    ) -> Self {
        Self { uri, document, settings, whole, edits: Ok(Vec::new()), reply: Box::new(Waiting { reply, answer }) }
    }

    /// The document it is about.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Answers, if `version` of the document is still the one that was looked at.
    pub fn finish(self, version: Option<i32>) {
        let same = version == Some(self.document.version());
        let edits = if same { self.edits } else { Err(Error::content_modified()) };
        self.reply.send(edits, &self.document);
    }
}

/// The thread that does whole-file work, one piece after the other.
pub(super) struct Worker {
    jobs: Option<Sender<Job>>,
    inbox: Sender<Message>,
}

impl Worker {
    pub fn new(inbox: Sender<Message>) -> Self {
        Self { jobs: None, inbox }
    }

    /// Hands over a piece of work. The thread is started with the first one.
    pub fn give(&mut self, job: Job) {
        let jobs = match self.jobs.take() {
            Some(jobs) => jobs,
            None => {
                let (jobs, work) = channel::<Job>();
                let inbox = self.inbox.clone();
                let started = std::thread::Builder::new().name("worker".to_owned()).spawn(move || {
                    for mut job in work {
                        if job.reply.is_cancelled() {
                            continue;
                        }
                        job.edits = catch_unwind(AssertUnwindSafe(|| run(&job))).map_err(|_| Error::internal_error());
                        if inbox.send(Message::Worked(job)).is_err() {
                            return;
                        }
                    }
                });
                if let Err(error) = started {
                    tracing::error!("the worker's thread cannot be started: {error}");
                }
                jobs
            }
        };
        if jobs.send(job).is_ok() {
            self.jobs = Some(jobs);
        }
    }
}

/// The edits of a job, from the text it was given.
fn run(job: &Job) -> Vec<Vec<TextEdit>> {
    let mut lines = Lines::new(&job.document);
    let tasks = match &job.whole {
        Whole::Format(range) => return vec![format::format(&job.document, &lines, range.clone())],
        Whole::Tasks(tasks) => tasks,
    };
    let mut analyst = Analyst::new(&job.settings);
    lines.step(&job.document, &mut analyst, usize::MAX);
    let verdict = lines.verdict(&job.document, &analyst);
    let file = File { source: &job.document, lines: &lines, verdict: &verdict, settings: &job.settings };
    tasks.iter().map(|task| fixes::edits(&file, &mut analyst, task)).collect()
}
