//! Pages of sites that share files: they show a file, but serve a web page.

use url::Url;

/// A page that stands for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebPage {
    /// The name of the site.
    pub site: &'static str,
    /// The URL of the file itself, if the page's URL says it.
    pub file: Option<String>,
}

/// A site with pages of files.
struct Site {
    name: &'static str,
    /// Its hosts, without `www.`. One that begins with a dot means all hosts that end with it.
    hosts: &'static [&'static str],
    is_page: fn(&Page<'_>) -> bool,
    file: fn(&Page<'_>) -> Option<String>,
}

/// A URL, taken apart.
struct Page<'a> {
    url: &'a Url,
    path: Vec<&'a str>,
}

impl Page<'_> {
    /// Whether the path begins with one of these.
    fn begins(&self, names: &[&str]) -> bool {
        self.is_at(0, names)
    }

    fn is_at(&self, place: usize, names: &[&str]) -> bool {
        self.path.get(place).is_some_and(|name| names.contains(name))
    }

    fn has(&self, name: &str) -> bool {
        self.path.contains(&name)
    }

    /// Whether the query has this key with one of these values; any value if there are none.
    fn asks(&self, key: &str, values: &[&str]) -> bool {
        self.url.query_pairs().any(|(name, value)| name == key && (values.is_empty() || values.contains(&&*value)))
    }

    fn downloads(&self) -> bool {
        self.asks("download", &["1", "true"]) || self.has("download") || self.has("download.aspx")
    }

    /// The URL with `from` at this place of its path replaced; `None` if it isn't there, or no file can follow it.
    fn with(&self, place: usize, from: &str, to: &str) -> Option<String> {
        if self.path.get(place) != Some(&from) || self.path.len() < place + 3 {
            return None;
        }
        let (mut url, mut path) = (self.url.clone(), self.path.clone());
        path[place] = to;
        url.set_path(&path.join("/"));
        url.set_query(None);
        url.set_fragment(None);
        Some(url.into())
    }
}

const ALL_PAGES: fn(&Page<'_>) -> bool = |_| true;
const NO_FILE: fn(&Page<'_>) -> Option<String> = |_| None;

/// Pages of a repository on GitHub.
const REPOSITORY_PAGES: [&str; 11] =
    ["blob", "tree", "blame", "edit", "commit", "commits", "issues", "pull", "discussions", "wiki", "actions"];

const fn site(name: &'static str, hosts: &'static [&'static str], is_page: fn(&Page<'_>) -> bool) -> Site {
    Site { name, hosts, is_page, file: NO_FILE }
}

static SITES: [Site; 28] = [
    site("Google Drive", &["drive.google.com"], |page| !page.has("uc") && !page.has("thumbnail") && !page.downloads()),
    site("Google Docs", &["docs.google.com", "sheets.google.com", "slides.google.com"], |page| {
        !["export", "uc", "gviz"].into_iter().any(|name| page.has(name)) && !page.asks("output", &[])
    }),
    site("Google Photos", &["photos.google.com", "photos.app.goo.gl"], ALL_PAGES),
    site("Google Photos", &["goo.gl"], |page| page.begins(&["photos"])),
    Site {
        name: "GitHub",
        hosts: &["github.com"],
        is_page: |page| {
            let is_release = page.is_at(2, &["releases"]) && !page.has("download");
            let is_shown = page.is_at(2, &REPOSITORY_PAGES) && !page.asks("raw", &["1", "true"]);
            page.path.len() <= 2 || is_release || is_shown
        },
        file: |page| page.with(2, "blob", "raw"),
    },
    site("GitHub Gist", &["gist.github.com"], |page| !page.has("raw")),
    Site {
        name: "GitLab",
        hosts: &["gitlab.com"],
        is_page: |page| page.path.windows(2).any(|pair| pair[0] == "-" && matches!(pair[1], "blob" | "tree" | "blame")),
        file: |page| page.with(page.path.iter().position(|name| *name == "-")? + 1, "blob", "raw"),
    },
    Site {
        name: "Bitbucket",
        hosts: &["bitbucket.org"],
        is_page: |page| page.is_at(2, &["src"]),
        file: |page| page.with(2, "src", "raw"),
    },
    Site {
        name: "Hugging Face",
        hosts: &["huggingface.co", "hf.co"],
        is_page: |page| {
            [2, 3].into_iter().any(|place| page.is_at(place, &["blob", "tree", "viewer", "commit", "commits"]))
        },
        file: |page| page.with(3, "blob", "resolve").or_else(|| page.with(2, "blob", "resolve")),
    },
    Site {
        name: "Dropbox",
        hosts: &["dropbox.com"],
        is_page: |page| {
            let serves_file = page.asks("dl", &["1"]) || page.asks("raw", &["1"]) || page.is_at(1, &["dl", "raw"]);
            !serves_file
        },
        file: |page| {
            let is_shared = page.begins(&["s"]) || (page.begins(&["scl"]) && page.is_at(1, &["fi"]));
            if !is_shared {
                return None;
            }
            let mut url = page.url.clone();
            let other = page.url.query().unwrap_or_default().split('&');
            let other = other.filter(|pair| !pair.is_empty() && *pair != "dl" && !pair.starts_with("dl="));
            let query: Vec<&str> = other.chain(["dl=1"]).collect();
            url.set_query(Some(&query.join("&")));
            Some(url.into())
        },
    },
    site("OneDrive", &["onedrive.live.com", "photos.onedrive.com", "1drv.ms"], |page| !page.downloads()),
    site("SharePoint", &[".sharepoint.com", ".sharepoint.cn", ".sharepoint.de", ".sharepoint.us"], |page| {
        !page.downloads()
    }),
    site("iCloud", &["icloud.com", "share.icloud.com", "photos.icloud.com"], ALL_PAGES),
    site("WeTransfer", &["wetransfer.com", "we.tl"], ALL_PAGES),
    site("WeTransfer", &[".wetransfer.com"], |page| page.begins(&["downloads"])),
    site("Box", &["box.com", ".box.com"], |page| page.begins(&["s", "v", "file", "folder", "embed", "notes"])),
    site("MEGA", &["mega.nz", "mega.co.nz", "mega.io"], ALL_PAGES),
    site("MediaFire", &["mediafire.com"], ALL_PAGES),
    site("pCloud", &["u.pcloud.link", "e.pcloud.link", "my.pcloud.com"], ALL_PAGES),
    site("Yandex Disk", &["disk.yandex.ru", "disk.yandex.com", "yadi.sk"], ALL_PAGES),
    site("Kaggle", &["kaggle.com"], |page| page.begins(&["datasets", "code", "competitions", "models"])),
    site("the Internet Archive", &["archive.org"], |page| page.begins(&["details"])),
    site("Wikimedia", &["commons.wikimedia.org", ".wikipedia.org"], |page| {
        let serves_file = |name: &&str| name.starts_with("Special:FilePath") || name.starts_with("Special:Redirect");
        page.begins(&["wiki"]) && !page.path.iter().any(serves_file)
    }),
    site("Vimeo", &["vimeo.com"], |page| {
        let is_number = |name: &&str| name.bytes().all(|byte| byte.is_ascii_digit());
        page.path.first().is_some_and(is_number) || page.begins(&["channels", "groups", "album", "showcase", "manage"])
    }),
    site("Vimeo", &["player.vimeo.com"], |page| page.begins(&["video"])),
    site("Dailymotion", &["dailymotion.com", "dai.ly"], ALL_PAGES),
    site(
        "a social network",
        &[
            "tiktok.com",
            "vm.tiktok.com",
            "instagram.com",
            "facebook.com",
            "fb.watch",
            "x.com",
            "twitter.com",
            "reddit.com",
            "linkedin.com",
            "twitch.tv",
            "bilibili.com",
            "b23.tv",
        ],
        ALL_PAGES,
    ),
    site("Loom", &["loom.com"], |page| page.begins(&["share", "embed"])),
];

/// The page of a known site that a URL is, if it is one.
#[must_use]
pub fn web_page(url: &Url) -> Option<WebPage> {
    let host = url.host_str()?.trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let is_at = |known: &&str| if known.starts_with('.') { host.ends_with(*known) } else { host == *known };
    let page = Page { url, path: url.path_segments()?.filter(|name| !name.is_empty()).collect() };
    let mut sites = SITES.iter().filter(|site| site.hosts.iter().any(is_at));
    let site = sites.find(|site| (site.is_page)(&page))?;
    Some(WebPage { site: site.name, file: (site.file)(&page) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Option<WebPage> {
        web_page(&Url::parse(text).unwrap())
    }

    #[test]
    fn pages_of_known_sites_are_recognized() {
        for (url, site) in [
            ("https://drive.google.com/file/d/1abcDEF/view?usp=sharing", "Google Drive"),
            ("https://drive.google.com/open?id=1abcDEF", "Google Drive"),
            ("https://drive.google.com/drive/u/0/folders/1abc", "Google Drive"),
            ("https://docs.google.com/document/d/1abc/edit", "Google Docs"),
            ("https://photos.app.goo.gl/abc", "Google Photos"),
            ("https://goo.gl/photos/abc", "Google Photos"),
            ("https://github.com/acme/clips/tree/main/videos", "GitHub"),
            ("https://github.com/acme/clips", "GitHub"),
            ("https://github.com/acme/clips/releases/tag/v1", "GitHub"),
            ("https://gist.github.com/acme/0a1b", "GitHub Gist"),
            ("https://onedrive.live.com/?cid=1&id=2", "OneDrive"),
            ("https://1drv.ms/v/s!abc", "OneDrive"),
            ("https://acme.sharepoint.com/:v:/s/team/abc?e=1", "SharePoint"),
            ("https://acme-my.sharepoint.com/personal/me/Documents/a.mp4", "SharePoint"),
            ("https://www.icloud.com/iclouddrive/0abc#clip", "iCloud"),
            ("https://share.icloud.com/photos/0abc", "iCloud"),
            ("https://we.tl/t-abc", "WeTransfer"),
            ("https://acme.wetransfer.com/downloads/abc/def", "WeTransfer"),
            ("https://app.box.com/s/abc", "Box"),
            ("https://acme.app.box.com/file/123", "Box"),
            ("https://mega.nz/file/abc#key", "MEGA"),
            ("https://www.mediafire.com/file/abc/a.mp4/file", "MediaFire"),
            ("https://disk.yandex.ru/i/abc", "Yandex Disk"),
            ("https://archive.org/details/clip", "the Internet Archive"),
            ("https://commons.wikimedia.org/wiki/File:A.webm", "Wikimedia"),
            ("https://vimeo.com/123456", "Vimeo"),
            ("https://www.tiktok.com/@acme/video/1", "a social network"),
            ("https://www.loom.com/share/abc", "Loom"),
        ] {
            assert_eq!(page(url), Some(WebPage { site, file: None }), "{url}");
        }
    }

    #[test]
    fn a_page_may_say_where_its_file_is() {
        for (url, file) in [
            ("https://github.com/a/b/blob/main/dir/c%20d.mp4", "https://github.com/a/b/raw/main/dir/c%20d.mp4"),
            ("https://github.com/a/b/blob/main/c.mp4?plain=1#L1", "https://github.com/a/b/raw/main/c.mp4"),
            ("https://gitlab.com/a/sub/b/-/blob/main/c.mp4", "https://gitlab.com/a/sub/b/-/raw/main/c.mp4"),
            ("https://bitbucket.org/a/b/src/main/c.mp4", "https://bitbucket.org/a/b/raw/main/c.mp4"),
            (
                "https://huggingface.co/datasets/a/b/blob/main/c.mp4",
                "https://huggingface.co/datasets/a/b/resolve/main/c.mp4",
            ),
            ("https://huggingface.co/a/b/blob/main/c.mp4", "https://huggingface.co/a/b/resolve/main/c.mp4"),
            ("https://www.dropbox.com/s/abc/c.mp4?dl=0", "https://www.dropbox.com/s/abc/c.mp4?dl=1"),
            (
                "https://www.dropbox.com/scl/fi/abc/c.mp4?rlkey=k&dl=0",
                "https://www.dropbox.com/scl/fi/abc/c.mp4?rlkey=k&dl=1",
            ),
        ] {
            let found = page(url).and_then(|page| page.file);
            assert_eq!(found.as_deref(), Some(file), "{url}");
            assert_eq!(page(file), None, "{file}");
        }
    }

    #[test]
    fn urls_that_serve_a_file_are_no_pages() {
        for url in [
            "https://drive.google.com/uc?export=download&id=1abc",
            "https://drive.usercontent.google.com/download?id=1abc",
            "https://docs.google.com/document/d/1abc/export?format=pdf",
            "https://docs.google.com/spreadsheets/d/e/1abc/pub?output=csv",
            "https://raw.githubusercontent.com/a/b/main/c.mp4",
            "https://github.com/a/b/blob/main/c.mp4?raw=true",
            "https://github.com/a/b/releases/download/v1/c.mp4",
            "https://github.com/user-attachments/assets/abc",
            "https://gist.github.com/a/0b/raw/c.mp4",
            "https://dl.dropboxusercontent.com/s/abc/c.mp4",
            "https://www.dropbox.com/s/abc/c.mp4?raw=1",
            "https://onedrive.live.com/download?cid=1&resid=2",
            "https://acme.sharepoint.com/:v:/s/team/abc?download=1",
            "https://acme.sharepoint.com/_layouts/15/download.aspx?share=abc",
            "https://app.box.com/shared/static/abc.mp4",
            "https://archive.org/download/clip/c.mp4",
            "https://upload.wikimedia.org/wikipedia/commons/a/c.webm",
            "https://commons.wikimedia.org/wiki/Special:FilePath/A.webm",
            "https://player.vimeo.com/progressive_redirect/playback/1/rendition/a.mp4",
            "https://example.com/blob/c.mp4",
            "https://notgithub.com/a/b/blob/main/c.mp4",
        ] {
            assert_eq!(page(url), None, "{url}");
        }
    }
}
