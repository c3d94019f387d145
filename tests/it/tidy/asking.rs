//! Nothing is sent anywhere unless a person asks for it: only one command may use the folder that asks servers.

use super::{product, report, words};
use crate::support::code::Code;
use crate::support::imports::Crate;

/// The only folder that asks servers.
pub const FOLDER: &str = "server/cli/remote/";

/// The only file that uses it: a command of the command line.
const USER: &str = "server/cli/media.rs";

/// Crates and types that send something to servers.
const NETWORK: [&str; 7] = ["object_store", "reqwest", "rustls", "hyper", "TcpStream", "UdpSocket", "ToSocketAddrs"];

#[test]
fn only_the_command_media_asks_servers() {
    let sources = product();
    let mut problems = Vec::new();
    for source in sources.iter().filter(|source| !source.path.starts_with(FOLDER)) {
        let code = Code::new(&source.text).without_tests().bare;
        for (line, text) in (1..).zip(code.lines()) {
            let sending = words(text).find(|word| NETWORK.contains(word));
            problems.extend(sending.map(|word| format!("{}:{line}: `{word}` belongs in {FOLDER}", source.path)));
        }
    }
    let edges = Crate::new("server", sources.iter().map(|source| (&*source.path, &*source.text))).edges();
    let into = edges.iter().filter(|(from, to, _)| to.starts_with(FOLDER) && !from.starts_with(FOLDER));
    let users: Vec<_> = into.collect();
    let others = users.iter().filter(|(from, ..)| from != USER);
    problems.extend(others.map(|(from, to, line)| format!("{from}:{line}: only {USER} may use {to}")));
    report(&problems);
    assert!(!users.is_empty(), "{USER} does not use {FOLDER}: has one of them moved?");
}

/// The only file that starts another program.
const STARTER: &str = "server/disk/media/ffprobe.rs";

#[test]
fn only_ffprobe_is_started_as_another_program() {
    let mut starters = Vec::new();
    for source in product() {
        let code = Code::new(&source.text).without_tests();
        // The name is ours, and no folder of a workspace is searched for it.
        let named = code.with_strings.matches("Command::new(\"ffprobe\")").count();
        assert_eq!(code.bare.matches("Command::new(").count(), named, "{}", source.path);
        starters.extend((named > 0).then_some(source.path));
    }
    assert_eq!(starters, [STARTER]);
}
