//! `docs/dependencies.md` and `Cargo.toml` agree.

use crate::support::generated::read;
use std::collections::BTreeSet;
use toml_edit::{DocumentMut, Item};

#[test]
fn the_page_about_dependencies_has_a_row_for_each() {
    let manifest: DocumentMut = read("Cargo.toml").parse().unwrap();
    let targets = manifest["target"].as_table_like().unwrap().iter();
    let of_targets = targets.filter_map(|(_, target)| target.get("dependencies"));
    let tables = std::iter::once(&manifest["dependencies"]).chain(of_targets);
    let package = |(name, value): (&str, &Item)| {
        let package = value.get("package").and_then(Item::as_str);
        package.unwrap_or(name).to_owned()
    };
    let used: BTreeSet<String> = tables.flat_map(|table| table.as_table_like().unwrap().iter().map(package)).collect();
    let page = read("docs/dependencies.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    let listed: BTreeSet<String> = rows.flat_map(|row| row.split(", ")).map(|name| name.replace('`', "")).collect();
    assert_eq!(used, listed);
}
