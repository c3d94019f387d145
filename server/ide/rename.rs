//! New names for labels, media locations and functions.
//!
//! A new name applies to every mention in the files of a dataset, because these files must agree: a model that learns one
//! label or function must not be validated with another.

use crate::formats::Format;
use crate::formats::service::Locations;
use crate::ide::mentions::{Kind, Mention, Subject};
use crate::json::{Edit, lexer};
use crate::schema::Means;
use crate::schema::scalar::{LocationFault, parse_location, placeholder};

/// Why a subject can't have this name, as a sentence for the user; `None` if it can.
#[must_use]
pub fn problem(subject: &Subject, name: &str, format: &Format, reads: Locations) -> Option<String> {
    match subject.kind {
        Kind::Label if name.trim().is_empty() => Some("A label can't be empty.".to_owned()),
        Kind::Label => None,
        Kind::Function if (format.is_function_name)(name) => None,
        Kind::Function => {
            let doc = format.field(Means::DeclaredName).map_or("", |field| field.doc);
            Some(format!("`{name}` is not a valid function name. {doc}"))
        }
        Kind::Location => {
            let fault = match parse_location(name) {
                Ok(_) => None,
                Err(LocationFault::LocalPath | LocationFault::FileUrl) if reads.paths => None,
                Err(fault) => Some(fault.message()),
            };
            if let Some(fault) = fault {
                return Some(format!("`{name}` is not a valid file location: {fault}."));
            }
            let found = placeholder(name)?;
            Some(format!("`{}` is a placeholder. Enter a real name.", found.text))
        }
    }
}

/// The edit of a mention.
#[must_use]
pub fn edit(mention: &Mention, name: &str) -> Edit {
    let quoted = lexer::quote(name);
    if mention.is_quoted {
        Edit::replace(mention.span, lexer::unquote(&quoted))
    } else {
        Edit::replace(mention.string, quoted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analyst;
    use crate::formats::gemini::GEMINI;
    use crate::ide::mentions;

    #[test]
    fn a_new_name_is_escaped_and_no_other_byte_changes() {
        let renamed = |string: &str, name: &str| {
            let line = format!(r#"{{"contents":[{{"role":"model","parts":[{{"text":{string}}}]}}]}}"#);
            let at = line.find("oal").expect("the label");
            let mention = mentions::at(&line, at, &mut Analyst::default()).expect("a label").mention;
            let edit = edit(&mention, name);
            let mut renamed = line.clone();
            renamed.replace_range(edit.span.range(), &edit.text);
            let start = line.find("oal").map_or(0, |_| line.find(string).unwrap_or(0));
            renamed[start..renamed.len() - (line.len() - start - string.len())].to_owned()
        };
        assert_eq!(renamed(r#""Goal""#, "No"), r#""No""#);
        assert_eq!(renamed(r#"" Goal\n""#, "a\"b\\\n"), r#"" a\"b\\\n\n""#);
        assert_eq!(renamed("'Goal'", "don't"), r#""don't""#);
    }

    #[test]
    fn names_that_cannot_be_are_refused() {
        let reads = |paths| Locations { objects: true, paths, ..Locations::NONE };
        let problem = |kind, name: &str, paths| {
            let subject = Subject { kind, text: String::new() };
            super::problem(&subject, name, &GEMINI, reads(paths)).unwrap_or_default()
        };
        assert_eq!(problem(Kind::Label, "Foul", false), "");
        assert_eq!(problem(Kind::Label, " ", false), "A label can't be empty.");
        assert_eq!(problem(Kind::Function, "get_it", false), "");
        assert!(problem(Kind::Function, "get it", false).starts_with("`get it` is not a valid function name. The"));
        assert_eq!(problem(Kind::Location, "gs://abc/b.mp4", false), "");
        assert_eq!(
            problem(Kind::Location, "b.mp4", false),
            "`b.mp4` is not a valid file location: it is a local path; upload the file."
        );
        assert_eq!(problem(Kind::Location, "b.mp4", true), "");
        assert!(problem(Kind::Location, "gs://abc/<name>", false).contains("placeholder"));
    }
}
