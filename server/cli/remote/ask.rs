//! Asks for many locations at once.

use super::answers::{Answers, Failure};
use super::clip;
use super::location::Target;
use super::servers::{Opener, Server};
use super::transport::{Patience, Transport};
use crate::disk::media::Progress;
use crate::settings::media::Facts;
use futures::{StreamExt, stream};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use tracing::subscriber::{NoSubscriber, with_default};

/// The number of files that are asked for at the same time.
const AT_ONCE: usize = 32;

/// Asks the servers of these locations for facts.
///
/// # Errors
/// A sentence for the user: no server can be asked.
pub fn ask(locations: &BTreeSet<String>, progress: Option<Progress>) -> Result<Answers, String> {
    ask_with(locations, progress, Patience::USUAL)
}

fn ask_with(locations: &BTreeSet<String>, progress: Option<Progress>, patience: Patience) -> Result<Answers, String> {
    if locations.is_empty() {
        return Ok(Answers { requests: Some(0), ..Answers::default() });
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("servers can't be asked: {error}"))?;
    // The libraries would log URLs with their signatures.
    with_default(NoSubscriber::default(), || runtime.block_on(all(locations, progress, patience)))
}

async fn all(locations: &BTreeSet<String>, progress: Option<Progress>, patience: Patience) -> Result<Answers, String> {
    let transport = Transport::new(patience)?;
    let mut answers = Answers::default();
    let mut by_server: BTreeMap<String, Vec<(&String, Target)>> = BTreeMap::new();
    for location in locations {
        match Target::of(location) {
            Ok(target) => by_server.entry(target.server()).or_default().push((location, target)),
            Err(reason) => {
                answers.failed += 1;
                let shown = location.split('?').next().unwrap_or_default();
                answers.warnings.push(format!("{shown}: {reason}"));
            }
        }
    }
    let (mut servers, mut opener) = (Vec::new(), Opener::new(transport.clone(), patience));
    for (name, targets) in by_server {
        let Some((_, first)) = targets.first() else { continue };
        match opener.open(first).await {
            Ok(server) => servers.push((server, targets)),
            Err(reason) => {
                let failure = Failure { reason, is_of_server: true };
                let failures = targets.iter().map(|(_, target)| (target.shown(), failure.clone())).collect();
                answers.fail(&name, targets.len(), failures);
            }
        }
    }
    let (count, done) = (servers.iter().map(|(_, targets)| targets.len()).sum(), Cell::new(0));
    let one = async |(place, server, location, target): (usize, &Server, &String, &Target)| {
        let facts = if server.is_given_up() { Err(given_up()) } else { clip::facts(server, target).await };
        done.set(done.get() + 1);
        if let Some(progress) = &progress {
            progress(done.get(), count);
        }
        (place, location.clone(), target.shown(), facts)
    };
    let every = servers.iter().enumerate().flat_map(|(place, (server, targets))| {
        targets.iter().map(move |(location, target)| (place, server, *location, target))
    });
    type Read = (usize, String, String, Result<Facts, Failure>);
    let read: Vec<Read> = stream::iter(every).map(one).buffer_unordered(AT_ONCE).collect().await;
    let mut failures: BTreeMap<usize, Vec<(String, Failure)>> = BTreeMap::new();
    for (place, location, shown, facts) in read {
        match facts {
            Ok(facts) => {
                answers.facts.insert(location, facts);
            }
            Err(failure) => failures.entry(place).or_default().push((shown, failure)),
        }
    }
    for (place, (server, targets)) in servers.iter().enumerate() {
        let mut failures = failures.remove(&place).unwrap_or_default();
        failures.sort();
        answers.fail(&server.name, targets.len(), failures);
    }
    answers.requests = Some(transport.requests());
    Ok(answers)
}

fn given_up() -> Failure {
    Failure {
        reason: "its server did not answer several times in a row, and is not asked anymore".to_owned(),
        is_of_server: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::time::Duration;

    const SHORT: Duration = Duration::from_millis(200);

    #[test]
    fn a_server_that_never_answers_is_given_up() {
        // Connections wait in the queue of the system.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = format!("http://{}", listener.local_addr().unwrap());
        let locations: BTreeSet<_> = (0..200).map(|number| format!("{host}/{number}.mp4?key=secret")).collect();
        let patience = Patience { connect: SHORT, answer: SHORT, retries: SHORT, max_retries: 0 };
        let answers = ask_with(&locations, None, patience).unwrap();
        assert_eq!((answers.facts.len(), answers.failed), (0, 200));
        assert!(answers.requests.is_some_and(|requests| requests < 60), "{:?} requests", answers.requests);
        assert!(answers.warnings.len() <= 4, "{:?}", answers.warnings);
        assert!(answers.warnings.iter().all(|line| !line.contains("secret")), "{:?}", answers.warnings);
        assert!(answers.warnings.iter().any(|line| line.contains("does not answer in time")), "{:?}", answers.warnings);
    }
}
