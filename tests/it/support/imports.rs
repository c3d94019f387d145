//! Finds which file of a crate uses which other file.

use super::code::{Code, Path};
use std::collections::{BTreeMap, BTreeSet};

/// The maximum number of re-exports to follow for one name.
const MAX_NAMES: usize = 20;

/// The files of a crate by their modules.
#[derive(Default)]
pub struct Crate(BTreeMap<Vec<String>, Module>);

struct Module {
    path: String,
    paths: Vec<Path>,
}

/// One file uses another: both paths, and the line of the use.
pub type Edge = (String, String, usize);

impl Crate {
    /// Reads the files under the folder `root`, given as path and text. Their unit tests are ignored.
    pub fn new<'a>(root: &str, files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut modules = BTreeMap::new();
        for (path, text) in files {
            let inside = path.strip_prefix(root).unwrap_or(path).trim_matches('/').trim_end_matches(".rs");
            let name = inside.strip_suffix("/mod").unwrap_or(inside);
            let name = if name == "lib" { Vec::new() } else { name.split('/').map(str::to_owned).collect() };
            let paths = Code::new(text).without_tests().paths();
            modules.insert(name, Module { path: path.to_owned(), paths });
        }
        Self(modules)
    }

    /// All uses between files. A re-export alone is not a use.
    pub fn edges(&self) -> BTreeSet<Edge> {
        let mut edges = BTreeMap::new();
        for (name, module) in &self.0 {
            let used = module.paths.iter().filter(|path| path.import.as_ref().is_none_or(|import| !import.public));
            for path in used {
                let definer =
                    self.absolute(name, &path.segments, MAX_NAMES).and_then(|path| self.definer(&path, MAX_NAMES));
                if let Some(definer) = definer.filter(|definer| *definer != module.path) {
                    edges.entry((module.path.clone(), definer.to_owned())).or_insert(path.line);
                }
            }
        }
        edges.into_iter().map(|((from, to), line)| (from, to, line)).collect()
    }

    /// Resolves a path in a module to a path from the crate's root. `None` if it leads to another crate or nowhere.
    fn absolute(&self, module: &[String], path: &[String], names: usize) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let joined = |start: &[String]| [start, rest].concat();
        match first.as_str() {
            _ if names == 0 => None,
            "crate" => Some(rest.to_vec()),
            "self" => Some(joined(module)),
            "super" => {
                let parent = module.split_last()?.1;
                match rest.first() {
                    Some(next) if next == "super" => self.absolute(parent, rest, names),
                    _ => Some(joined(parent)),
                }
            }
            _ if self.has(module, first) => Some([module, path].concat()),
            _ => match self.import(module, first) {
                // Following `use a::a` would never end.
                Some(import) if import.first() != Some(first) => self.absolute(module, &joined(import), names - 1),
                Some(_) => None,
                // An item that the module itself defines.
                None => None,
            },
        }
    }

    /// The file that defines the item at a path from the root; `None` if the path is a module.
    fn definer(&self, path: &[String], names: usize) -> Option<&str> {
        let mut module = Vec::new();
        for (place, segment) in path.iter().enumerate() {
            let is_last = place + 1 == path.len();
            // A function can have the same name as a module.
            if self.has(&module, segment) && !(is_last && self.import(&module, segment).is_some()) {
                module.push(segment.clone());
                continue;
            }
            let followed = self.import(&module, segment).and_then(|import| {
                let path = [import, &path[place + 1..]].concat();
                let absolute = match self.has(&module, path.first()?) {
                    true => Some([&module[..], &path].concat()),
                    false => self.absolute(&module, &path, names),
                };
                self.definer(&absolute?, names.checked_sub(1)?)
            });
            return followed.or_else(|| self.0.get(&module).map(|module| module.path.as_str()));
        }
        None
    }

    fn has(&self, module: &[String], child: &str) -> bool {
        self.0.contains_key(&[module, &[child.to_owned()]].concat())
    }

    /// The path that a module imports under a name.
    fn import(&self, module: &[String], name: &str) -> Option<&[String]> {
        let imports = |path: &&Path| path.import.as_ref().is_some_and(|import| import.name == name);
        self.0.get(module)?.paths.iter().find(imports).map(|path| &path.segments[..])
    }
}

/// The groups of files in which every file uses every other one, directly or indirectly.
pub fn circles(edges: &BTreeSet<Edge>) -> Vec<BTreeSet<String>> {
    let mut reached: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to, _) in edges {
        reached.entry(from).or_default().insert(to);
    }
    loop {
        let more: Vec<_> = reached
            .iter()
            .map(|(&from, to)| (from, to.iter().filter_map(|next| reached.get(next)).flatten().copied().collect()))
            .collect::<Vec<(&str, BTreeSet<&str>)>>();
        let before: usize = reached.values().map(BTreeSet::len).sum();
        for (from, to) in more {
            reached.entry(from).or_default().extend(to);
        }
        if reached.values().map(BTreeSet::len).sum::<usize>() == before {
            break;
        }
    }
    let reaches = |from: &str, to: &str| reached.get(from).is_some_and(|reached| reached.contains(to));
    let group = |file: &str| -> BTreeSet<String> {
        reached
            .keys()
            .filter(|other| reaches(file, other) && reaches(other, file))
            .map(|&file| file.to_owned())
            .collect()
    };
    let groups: BTreeSet<_> = reached.keys().map(|file| group(file)).filter(|group| group.len() > 1).collect();
    groups.into_iter().collect()
}

/// The uses between these files, as `from:line -> to`.
fn edges_of(files: &[(&str, &str)]) -> Vec<String> {
    let edges = Crate::new("server", files.iter().copied()).edges();
    edges.into_iter().map(|(from, to, line)| format!("{from}:{line} -> {to}")).collect()
}

#[test]
fn a_name_leads_to_the_file_that_defines_it() {
    let files = [
        ("server/lib.rs", "pub mod a;\npub mod b;\n"),
        ("server/a/mod.rs", "mod x;\nmod y;\npub use x::X;\npub(crate) use self::y::{Y as Why, made};\n"),
        ("server/a/x.rs", "use super::Why;\npub struct X(Why);\n"),
        ("server/a/y.rs", "pub struct Y;\npub fn made() {}\n"),
        ("server/b.rs", "use crate::a::{self, X};\nfn f(_: X) { a::made(); crate::a::Why::new(); }\n"),
    ];
    let expected =
        ["server/a/x.rs:1 -> server/a/y.rs", "server/b.rs:1 -> server/a/x.rs", "server/b.rs:2 -> server/a/y.rs"];
    assert_eq!(edges_of(&files), expected);
}

#[test]
fn a_facade_is_used_only_for_what_it_defines() {
    let files = [
        ("server/a/mod.rs", "mod x;\nmod y;\npub use x::X;\npub struct Row;\nstatic T: [fn(); 1] = [y::check];\n"),
        ("server/a/x.rs", "use crate::a::{X as Same, y::Y};\n"),
        ("server/a/y.rs", "use super::{Row, X};\npub fn check() {}\n"),
    ];
    let expected = [
        "server/a/mod.rs:5 -> server/a/y.rs",
        "server/a/x.rs:1 -> server/a/y.rs",
        "server/a/y.rs:1 -> server/a/mod.rs",
        "server/a/y.rs:1 -> server/a/x.rs",
    ];
    assert_eq!(edges_of(&files), expected);
    let all = Crate::new("server", files).edges();
    assert_eq!(circles(&all), [["server/a/mod.rs", "server/a/x.rs", "server/a/y.rs"].map(str::to_owned).into()]);
}

#[test]
fn what_is_exported_again_counts_where_it_is_used() {
    let of = |rest: &str| {
        edges_of(&[("server/a/mod.rs", &format!("mod x;\npub use x::X;\n{rest}")), ("server/a/x.rs", "pub struct X;")])
    };
    assert_eq!(of(""), [""; 0]);
    assert_eq!(of("// X\nfn f() { \"X\"; self.X; }"), [""; 0]);
    assert_eq!(of("fn f(x: X) {}"), ["server/a/mod.rs:3 -> server/a/x.rs"]);
}

#[test]
fn a_function_may_have_the_name_of_its_module() {
    let files = [
        ("server/a/mod.rs", "pub mod count;\npub use count::count;\n"),
        ("server/a/count.rs", "pub fn count() {}\n"),
        ("server/a/z.rs", "use crate::a::count;\nfn f() { count(); crate::a::count(); }\n"),
    ];
    assert_eq!(edges_of(&files), ["server/a/z.rs:1 -> server/a/count.rs"]);
}

#[test]
fn comments_strings_and_tests_use_nothing() {
    let quoted = "/* /* crate::b::B */ crate::b::B */ fn f<'a>() { '\"'; \"crate::b::B \\\" \"; r#\"crate::b::\"B\"#; b'\\''; }\n";
    let tests =
        "#[cfg(test)]\nuse crate::b::B;\n#[cfg(test)]\nmod tests { use crate::b::{B}; fn f() { crate::b::B; } }\n";
    let code = [quoted, tests, "fn g() { crate::b::B::<u8>::new(); }\n"].concat();
    assert_eq!(edges_of(&[("server/a.rs", &code), ("server/b.rs", "pub struct B;")]), ["server/a.rs:6 -> server/b.rs"]);
}
