//! Repairs messages of clients that deviate from the protocol.
//!
//! For one wrong field, the typed handlers reject a whole request with an error, and drop a whole notification silently.
//! That must not happen to the start and end of a session or to text.

use crate::lsp::transport::request_of;
use lsp_types::InitializeParams;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tower_lsp::jsonrpc::Request;
use tracing::warn;

/// Repairs a message so that the typed handlers accept it.
pub fn repair(request: Request) -> Request {
    let repair: fn(Option<Value>) -> Option<Value> = match request.method() {
        "initialize" => |params| Some(initialize(params.unwrap_or_default())),
        "initialized" => |params| Some(params.filter(|params| !params.is_null()).unwrap_or(json!({}))),
        // Eglot sends `{}`, others `null`, `[]` or `[null]`.
        "shutdown" | "tuning-ls/rules" => |_| None,
        "textDocument/didOpen" | "textDocument/didChange" => |mut params| {
            if let Some(params) = &mut params {
                text(params);
            }
            params
        },
        _ => return request,
    };
    let (method, id, params) = request.into_parts();
    request_of(method.into_owned(), id, repair(params))
}

/// The parameters of `initialize` without the parts that violate the protocol. One invalid capability only loses itself.
fn initialize(mut params: Value) -> Value {
    // Helix has another name for `workspace.diagnostics`.
    if let Some(workspace) = params.pointer_mut("/capabilities/workspace").and_then(Value::as_object_mut)
        && let Some(diagnostics) = workspace.remove("diagnostic")
    {
        workspace.entry("diagnostics").or_insert(diagnostics);
    }
    if fits(&params) {
        return params;
    }
    let mut kept = json!({ "capabilities": {} });
    if let Value::Object(members) = params {
        keep(&mut kept, "", members);
    }
    kept
}

fn fits(params: &Value) -> bool {
    InitializeParams::deserialize(params).is_ok()
}

/// Adds the valid parts of `members` to the object at `path` in `kept`.
fn keep(kept: &mut Value, path: &str, members: Map<String, Value>) {
    for (name, value) in members {
        let place = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
        let mut put = |value| {
            let before = kept.pointer_mut(path)?.as_object_mut()?.insert(name.clone(), value);
            if fits(kept) {
                return Some(());
            }
            let object = kept.pointer_mut(path)?.as_object_mut()?;
            match before {
                Some(before) => object.insert(name.clone(), before),
                None => object.remove(&name),
            };
            None
        };
        if put(value.clone()).is_some() {
            continue;
        }
        match value {
            Value::Object(members) if put(json!({})).is_some() => keep(kept, &place, members),
            _ => warn!("initialize: ignoring {place}, which violates the protocol"),
        }
    }
}

/// Repairs missing versions and invalid numbers. Rejecting the message would lose text, and a change with an invalid range
/// would be mistaken for the whole text.
fn text(params: &mut Value) {
    if let Some(document) = params.get_mut("textDocument").and_then(Value::as_object_mut) {
        let version = document.entry("version").or_insert(Value::Null);
        if version.as_i64().is_none_or(|version| i32::try_from(version).is_err()) {
            *version = json!(version.as_i64().map_or(0, |_| i32::MAX));
        }
        let uri = document.get("uri").and_then(Value::as_str).unwrap_or_default();
        if let Err(error) = url::Url::parse(uri) {
            warn!("ignoring a document with the invalid URI {uri:?}: {error}");
        }
        document.entry("languageId").or_insert_with(|| json!(""));
    }
    let changes = params.get_mut("contentChanges").and_then(Value::as_array_mut);
    for change in changes.into_iter().flatten().filter_map(Value::as_object_mut) {
        change.remove("rangeLength");
        for end in ["start", "end"] {
            let place = change.get_mut("range").and_then(|range| range.get_mut(end));
            for number in place.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
                clamp(number);
            }
        }
    }
}

/// Clamps a line or column. Some clients send the largest number that they know.
fn clamp(number: &mut Value) {
    if number.as_u64().is_none_or(|number| number > u64::from(u32::MAX)) {
        // The cast saturates.
        *number = json!(number.as_f64().unwrap_or(0.0) as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(method: &str, params: Value) -> Value {
        let request = repair(request_of(method.to_owned(), None, Some(params)));
        request.params().cloned().unwrap_or_default()
    }

    #[test]
    fn one_invalid_capability_only_loses_itself() {
        let odd = json!({
            "processId": 5_000_000_000_u64, "rootUri": "", "trace": "messages", "rootPath": 5,
            "workspaceFolders": null, "initializationOptions": {"maxDiagnostics": 7},
            "capabilities": {
                "workspace": {"applyEdit": true, "configuration": "yes"},
                "textDocument": {
                    "publishDiagnostics": {"tagSupport": true, "relatedInformation": true},
                    "hover": null,
                    "completion": {"completionItem": {"snippetSupport": true, "resolveSupport": {}}}
                },
                "general": {"positionEncodings": ["utf-8"]},
                "experimental": {"a/b": [1]}
            }
        });
        assert!(!fits(&odd));
        let kept = repaired("initialize", odd);
        assert!(fits(&kept));
        assert_eq!(kept.pointer("/capabilities/workspace"), Some(&json!({"applyEdit": true})));
        let text_document = kept.pointer("/capabilities/textDocument").unwrap();
        assert_eq!(text_document["publishDiagnostics"], json!({"relatedInformation": true}));
        assert_eq!(text_document["completion"]["completionItem"]["snippetSupport"], json!(true));
        assert_eq!(kept["initializationOptions"], json!({"maxDiagnostics": 7}));
        assert!(kept.get("processId").is_none() && kept.get("rootUri").is_none());
    }

    #[test]
    fn initialize_without_valid_parameters_still_starts_a_session() {
        for params in [Value::Null, json!([]), json!({}), json!({"capabilities": 5})] {
            assert!(fits(&repaired("initialize", params)));
        }
    }

    #[test]
    fn a_change_with_an_invalid_range_stays_a_partial_change() {
        let change = json!({"textDocument": {"uri": "file:///a", "version": null}, "contentChanges": [
            {"range": {"start": {"line": 0, "character": -1},
                       "end": {"line": 1.0, "character": 9_007_199_254_740_991_u64}},
             "rangeLength": -5, "text": "x"},
            {"range": null, "text": "y"}
        ]});
        let params = repaired("textDocument/didChange", change);
        let typed = lsp_types::DidChangeTextDocumentParams::deserialize(&params).unwrap();
        use lsp_types::TextDocumentContentChangeEvent as Event;
        assert!(matches!(
            &typed.content_changes[..],
            [Event::TextDocumentContentChangePartial(a), Event::TextDocumentContentChangeWholeDocument(_)]
                if a.range.end.character == u32::MAX && a.range.start.character == 0
        ));
    }

    #[test]
    fn shutdown_is_accepted_with_any_parameters() {
        for params in [Value::Null, json!([]), json!({})] {
            assert_eq!(repaired("shutdown", params), Value::Null);
        }
    }
}
