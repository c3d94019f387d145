//! The samples of the documentation: each ```` ```console ```` block has a command and what it prints.

use crate::support::generated::root;
use crate::support::program::{run, stderr, stdout};

const BEGIN: &str = "```console\n";
const END: &str = "\n```\n";
/// The last line of a sample that shows only the beginning of the output.
const MORE: &str = "…";

/// How many samples a text has.
pub fn count(text: &str) -> usize {
    text.matches(BEGIN).count()
}

/// The text with what the commands of its samples really print.
pub fn with_real_output(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (sample, after) = after.split_once(END).expect("a sample has an end");
        out += &format!("{before}{BEGIN}{}{END}", really_printed(sample));
        rest = after;
    }
    out + rest
}

/// A sample with what its command prints, without the line end of the last line.
fn really_printed(sample: &str) -> String {
    let (command, shown) = sample.split_once('\n').unwrap_or((sample, ""));
    let arguments = command.strip_prefix("$ tuning-ls ").expect("a sample runs tuning-ls");
    let output = run(&arguments.split(' ').collect::<Vec<_>>(), &root());
    let printed = stdout(&output) + &stderr(&output);
    let mut lines: Vec<_> = printed.trim_end().lines().collect();
    if shown.lines().last() == Some(MORE) {
        lines.truncate(shown.lines().count() - 1);
        lines.push(MORE);
    }
    format!("{command}\n{}", lines.join("\n"))
}
