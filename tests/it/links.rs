//! Every relative link and every anchor in the Markdown files of the repository leads somewhere.

use crate::support::generated::{read, root};
use ignore::WalkBuilder;
use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

/// Files that are also published without the rest of the repository, and the folder that goes with them.
const PUBLISHED_ALONE: [(&str, Option<&str>); 2] =
    [("editors/vscode/README.md", Some("editors/vscode/images")), ("CHANGELOG.md", None)];

/// What a Markdown file has that links go to and come from.
#[derive(Default)]
struct Page {
    anchors: HashSet<String>,
    /// Each link, with its line.
    links: Vec<(usize, String)>,
    /// References such as `[text][name]` that nothing defines.
    undefined: Vec<(usize, String)>,
}

impl Page {
    fn of(text: &str) -> Self {
        let line_of = |at: usize| text[..at].matches('\n').count() + 1;
        let undefined = RefCell::new(Vec::new());
        let broken = |link: BrokenLink<'_>| {
            // `[text]` alone is text.
            if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
                undefined.borrow_mut().push((line_of(link.span.start), link.reference.to_string()));
            }
            None
        };
        let (mut anchors, mut links) = (Vec::new(), Vec::new());
        let mut heading = None;
        let options = Options::ENABLE_TABLES | Options::ENABLE_GFM;
        for (event, span) in Parser::new_with_broken_link_callback(text, options, Some(broken)).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    links.push((line_of(span.start), dest_url.to_string()));
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => anchors.extend(heading.take().map(|heading| anchor(&heading))),
                Event::Text(text) | Event::Code(text) => heading.iter_mut().for_each(|heading| *heading += &text),
                _ => {}
            }
        }
        Self { anchors: numbered(anchors), links, undefined: undefined.into_inner() }
    }
}

/// The anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

/// Anchors of which each is unique: the second of a kind ends in `-1`.
fn numbered(anchors: Vec<String>) -> HashSet<String> {
    let mut times: HashMap<String, usize> = HashMap::new();
    let number = |anchor: String| {
        let before = times.entry(anchor.clone()).or_default();
        *before += 1;
        if *before == 1 { anchor } else { format!("{anchor}-{}", *before - 1) }
    };
    anchors.into_iter().map(number).collect()
}

/// The Markdown files of the repository, by their paths from its root.
fn pages() -> HashMap<PathBuf, Page> {
    let files =
        WalkBuilder::new(root()).hidden(false).require_git(false).build().map(|entry| entry.unwrap().into_path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let files = files.map(|path| path.strip_prefix(root()).unwrap().to_path_buf());
    files.map(|path| (path.clone(), Page::of(&read(path.to_str().unwrap())))).collect()
}

/// What is wrong with the links of the pages, given which other paths exist.
fn problems(pages: &HashMap<PathBuf, Page>, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, page) in pages {
        let mut report = |line: usize, link: &str, problem: &str| {
            problems.push(format!("{}:{line}: `{link}` {problem}", path.display()));
        };
        page.undefined.iter().for_each(|(line, name)| report(*line, name, "is not defined"));
        for (line, link) in page.links.iter().filter(|(_, link)| !is_absolute(link)) {
            let (file, anchor) = link.split_once('#').map_or((&**link, None), |(file, anchor)| (file, Some(anchor)));
            let target = if file.is_empty() { Some(path.clone()) } else { joined(path, file) };
            let Some(target) = target else {
                report(*line, link, "leaves the repository");
                continue;
            };
            let alone = PUBLISHED_ALONE.into_iter().find(|(published, _)| path == Path::new(published));
            if let Some((_, folder)) = alone
                && !file.is_empty()
                && !folder.is_some_and(|folder| target.starts_with(folder))
            {
                report(*line, link, "is not published together with the page");
            }
            if !exists(&target) {
                report(*line, link, "does not exist");
            } else if let Some(anchor) = anchor
                && !pages.get(&target).is_some_and(|page| page.anchors.contains(anchor))
            {
                report(*line, link, "has no such heading");
            }
        }
    }
    problems.sort();
    problems
}

/// Whether a link has a scheme, such as `https:`.
fn is_absolute(link: &str) -> bool {
    let scheme = link.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| !scheme.is_empty() && scheme.chars().all(|letter| letter.is_ascii_alphanumeric()))
}

/// The path from the root of what a page links to; `None` if it is outside.
fn joined(page: &Path, link: &str) -> Option<PathBuf> {
    let mut joined = page.parent()?.to_path_buf();
    for component in Path::new(link).components() {
        match component {
            Component::Normal(name) => joined.push(name),
            Component::CurDir => {}
            Component::ParentDir if joined.pop() => {}
            _ => return None,
        }
    }
    Some(joined)
}

#[test]
fn every_relative_link_and_anchor_leads_somewhere() {
    let pages = pages();
    for known in ["README.md", "CHANGELOG.md", "docs/rules.md", "editors/zed/README.md", "fixtures/rules/bad-uri.md"] {
        assert!(pages.contains_key(Path::new(known)), "{known} is not looked at");
    }
    let problems = problems(&pages, |path| root().join(path).exists());
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn links_that_lead_nowhere_are_found() {
    let other = "# `tuning-ls check`: a *title*\n\n## Twice\n\n## Twice\n\n```md\n# no heading\n```\n";
    let text = "[a](other.md#tuning-ls-check-a-title) [b](#here) ![c](../images/a.png) [d](https://example.com/#x)\n\
                [e](other.md#twice-1) [f][name] [g]\n\n# Here\n\n[name]: other.md\n\n\
                | [h](gone.md) | [i](#gone) |\n|---|---|\n| [j](other.md#no-heading) | [k][gone] |\n\n\
                [l](../../a.md) [m](/docs/a.md) [n](../images/a.png#a)\n\n`[o](gone.md)`\n";
    let pages = [("docs/a.md", text), ("docs/other.md", other)];
    let pages: HashMap<_, _> = pages.into_iter().map(|(path, text)| (path.into(), Page::of(text))).collect();
    let exists = |path: &Path| pages.contains_key(path) || path == Path::new("images/a.png");
    assert_eq!(
        problems(&pages, exists),
        [
            "docs/a.md:10: `gone` is not defined",
            "docs/a.md:10: `other.md#no-heading` has no such heading",
            "docs/a.md:12: `../../a.md` leaves the repository",
            "docs/a.md:12: `../images/a.png#a` has no such heading",
            "docs/a.md:12: `/docs/a.md` leaves the repository",
            "docs/a.md:8: `#gone` has no such heading",
            "docs/a.md:8: `gone.md` does not exist",
        ]
    );
}

#[test]
fn a_page_that_is_published_alone_links_to_nothing_else() {
    let pages = [("CHANGELOG.md", "[a](README.md) [b](https://example.com)"), ("README.md", "")];
    let pages: HashMap<_, _> = pages.into_iter().map(|(path, text)| (path.into(), Page::of(text))).collect();
    let problem = "CHANGELOG.md:1: `README.md` is not published together with the page";
    assert_eq!(problems(&pages, |path| pages.contains_key(path)), [problem]);
}
