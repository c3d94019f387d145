"""Checks recorded sessions: each message of the server has the type that the protocol gives it, each request has exactly one
answer, and nothing is used that the client has not declared.

usage: python messages.py SESSION.out...     next to each, SESSION.in has what the client sent

The types are those of `lsprotocol`, which are generated from the protocol's meta model. Unlike that package's converters,
this is strict: a member that the protocol doesn't have is an error.
"""

import collections
import enum
import json
import pathlib
import re
import sys
import types
import typing

import attrs
from lsprotocol import types as lsp

NULL = type(None)


def camel(name):
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(part.title() for part in rest)


def errors(value, kind, path):
    """What is wrong with a value of a type, as a list of texts."""
    if isinstance(kind, (str, typing.ForwardRef)):
        kind = eval(getattr(kind, "__forward_arg__", kind), vars(lsp))
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is typing.Any or kind is object:
        return []
    if origin in (typing.Union, types.UnionType):
        tried = [errors(value, argument, path) for argument in arguments]
        # Of what does not match, the most similar says the most.
        return min(tried, key=lambda found: (len(found), -max(map(len, found), default=0)))
    if origin is typing.Literal:
        return [] if any(value == one and type(value) is type(one) for one in arguments) else [f"{path}: {value!r} is none of {arguments}"]
    if origin is tuple:
        if not isinstance(value, list) or len(value) != len(arguments):
            return [f"{path}: not a list of {len(arguments)}"]
        return [error for i, pair in enumerate(zip(value, arguments)) for error in errors(*pair, f"{path}/{i}")]
    if origin is not None and issubclass(origin, collections.abc.Mapping):
        if not isinstance(value, dict):
            return [f"{path}: not an object"]
        return [error for key, item in value.items() for error in errors(item, arguments[1], f"{path}/{key}")]
    if origin is not None and issubclass(origin, collections.abc.Sequence):
        if not isinstance(value, list):
            return [f"{path}: not a list"]
        return [error for i, item in enumerate(value) for error in errors(item, arguments[0], f"{path}/{i}")]
    if attrs.has(kind):
        return object_errors(value, kind, path)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        known = any(value == item.value and type(value) is type(item.value) for item in kind)
        return [] if known else [f"{path}: {value!r} is no {kind.__name__}"]
    if kind is None:
        kind = NULL
    if kind is float:
        kind = (int, float)
    right = isinstance(value, kind) and (isinstance(value, bool) == (kind is bool))
    return [] if right else [f"{path}: {value!r} is no {kind}"]


def object_errors(value, kind, path):
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no {kind.__name__}"]
    fields = {camel(field.name): field for field in attrs.fields(kind)}
    found = [f"{path}: {kind.__name__} has no `{name}`" for name in value if name not in fields]
    for name, field in fields.items():
        if name not in value:
            # Constants such as `method` have a default, but are required. So is `result`, which may be null.
            if field.default is attrs.NOTHING or name in ("jsonrpc", "method", "kind") and isinstance(field.default, str):
                found.append(f"{path}: {kind.__name__} lacks `{name}`")
        elif value[name] is None and NULL in typing.get_args(field.type):
            # Absent is something else than null, which only some members may be.
            if not lsp.is_special_property(kind, field.name) and name != "result":
                found.append(f"{path}/{name}: null")
        else:
            inner = errors(value[name], field.type, f"{path}/{name}")
            if not inner and field.validator and isinstance(value[name], (int, str)):
                try:
                    field.validator(None, field, value[name])
                except (TypeError, ValueError) as error:
                    inner = [f"{path}/{name}: {error}"]
            found += inner
    return found


def messages(path):
    """The messages of a stream. The last one may be cut off when the editor ends."""
    data, at = path.read_bytes(), 0
    # An editor that ends may cut off the last message.
    cut_off = re.compile(rb"(?:Content-[^\r\n]*(?:\r(?:\n(?:\r)?)?)?|C[a-z-]*)?", re.S)
    while head := re.compile(rb"(?:[^\r\n]+\r\n)+\r\n").match(data, at):
        length = int(re.search(rb"(?i)content-length: *(\d+)", head[0])[1])
        body = data[head.end() : head.end() + length]
        if len(body) < length:
            if b"Content-Length" in body:
                yield "a wrong Content-Length"
            return
        at = head.end() + length
        yield json.loads(body)
    if not cut_off.fullmatch(data, at):
        yield f"what is no message: {data[at:at + 80]!r}"


def at(value, path):
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


# What a client must have declared before the server sends a request.
NEEDED = {
    "workspace/configuration": "workspace.configuration",
    "workspace/applyEdit": "workspace.applyEdit",
    "workspace/workspaceFolders": "workspace.workspaceFolders",
    "workspace/codeLens/refresh": "workspace.codeLens.refreshSupport",
    "workspace/inlayHint/refresh": "workspace.inlayHint.refreshSupport",
    "workspace/semanticTokens/refresh": "workspace.semanticTokens.refreshSupport",
    "workspace/foldingRange/refresh": "workspace.foldingRange.refreshSupport",
    "workspace/diagnostic/refresh": "workspace.diagnostics.refreshSupport",
    "workspace/textDocumentContent/refresh": "workspace.textDocumentContent",
    "window/workDoneProgress/create": "window.workDoneProgress",
    "window/showDocument": "window.showDocument.support",
    "window/showMessageRequest": "window.showMessage",
}


def walk(value, path=""):
    yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        yield from walk(item, f"{path}/{name}")


def undeclared(method, result, capabilities):
    """What an answer, or a notification, uses although the client has not declared it."""

    def has(path):
        return bool(at(capabilities, path))

    # What a client's program sends back is not the protocol's.
    inside = [(path, value) for path, value in walk(result) if not re.search(r"/(data|arguments)(/|$)", path)]
    for path, value in inside:
        if not isinstance(value, dict):
            continue
        if "documentChanges" in value and not has("workspace.workspaceEdit.documentChanges"):
            yield f"{path}: documentChanges"
        if "annotationId" in value and not has("workspace.workspaceEdit.changeAnnotationSupport"):
            yield f"{path}: a change annotation"
        if value.get("kind") == "markdown" and "value" in value:
            formats = {
                "textDocument/hover": "textDocument.hover.contentFormat",
                "textDocument/completion": "textDocument.completion.completionItem.documentationFormat",
                "completionItem/resolve": "textDocument.completion.completionItem.documentationFormat",
            }.get(method)
            if formats and "markdown" not in (at(capabilities, formats) or []):
                yield f"{path}: Markdown"
    item = "textDocument.completion.completionItem"
    if method in ("textDocument/completion", "completionItem/resolve"):
        for path, value in inside:
            if not isinstance(value, dict) or "label" not in value:
                continue
            if value.get("insertTextFormat") == 2 and not has(f"{item}.snippetSupport"):
                yield f"{path}: a snippet"
            if "insert" in (value.get("textEdit") or {}) and not has(f"{item}.insertReplaceSupport"):
                yield f"{path}: an edit that inserts or replaces"
            if "labelDetails" in value and not has(f"{item}.labelDetailsSupport"):
                yield f"{path}: labelDetails"
            if "commitCharacters" in value and not has(f"{item}.commitCharactersSupport"):
                yield f"{path}: commitCharacters"
            if "tags" in value and not has(f"{item}.tagSupport"):
                yield f"{path}: tags"
        if isinstance(result, dict) and "itemDefaults" in result:
            known = at(capabilities, "textDocument.completion.completionList.itemDefaults") or []
            yield from (f"itemDefaults.{name}" for name in result["itemDefaults"] if name not in known)
    if method in ("textDocument/publishDiagnostics", "textDocument/diagnostic", "workspace/diagnostic"):
        pulls = method != "textDocument/publishDiagnostics"
        of = "textDocument.diagnostic" if pulls else "textDocument.publishDiagnostics"
        for path, value in inside:
            if isinstance(value, dict) and "message" in value and "range" in value:
                for name, needed in [
                    ("relatedInformation", "relatedInformation"),
                    ("codeDescription", "codeDescriptionSupport"),
                    ("data", "dataSupport"),
                    ("tags", "tagSupport"),
                ]:
                    if name in value and not has(f"{of}.{needed}") and not has(f"textDocument.publishDiagnostics.{needed}"):
                        yield f"{path}: {name}"
    for method_of, needed, is_used in [
        ("textDocument/codeAction", "textDocument.codeAction.codeActionLiteralSupport", lambda one: "edit" in one),
        ("textDocument/codeAction", "textDocument.codeAction.disabledSupport", lambda one: "disabled" in one),
        ("textDocument/codeAction", "textDocument.codeAction.isPreferredSupport", lambda one: "isPreferred" in one),
        ("textDocument/codeAction", "textDocument.codeAction.dataSupport", lambda one: "data" in one),
        ("textDocument/documentSymbol", "textDocument.documentSymbol.hierarchicalDocumentSymbolSupport", lambda one: "range" in one),
        ("textDocument/definition", "textDocument.definition.linkSupport", lambda one: "targetUri" in one),
        ("textDocument/foldingRange", "textDocument.foldingRange.foldingRange.collapsedText", lambda one: "collapsedText" in one),
        ("textDocument/documentLink", "textDocument.documentLink.tooltipSupport", lambda one: "tooltip" in one),
    ]:
        if method == method_of and isinstance(result, list) and not has(needed):
            yield from (f"/{i}: {needed}" for i, one in enumerate(result) if is_used(one))


class Session:
    def __init__(self, path):
        self.found = []
        self.checked = collections.Counter()
        asked = [message for message in messages(path.with_suffix(".in")) if isinstance(message, dict)]
        sent = list(messages(path))
        self.found += [message for message in sent if isinstance(message, str)]
        sent = [message for message in sent if isinstance(message, dict)]
        self.requests = {str(m["id"]) + type(m["id"]).__name__: m for m in asked if "id" in m and "method" in m}
        first = next((m for m in asked if m.get("method") == "initialize"), None)
        self.capabilities = first["params"].get("capabilities", {}) if first else {}
        self.client = at(first or {}, "params.clientInfo") or {}
        self.answers = collections.Counter()
        for message in sent:
            self.check(message)
        for key, count in self.answers.items():
            if count > 1:
                self.found.append(f"{self.requests[key]['method']} has {count} answers")
        # A session that is shut down has all answers.
        if any(m.get("method") == "shutdown" for m in asked) and any(m.get("method") == "exit" for m in asked):
            for key, request in self.requests.items():
                if self.answers[key] == 0:
                    self.found.append(f"{request['method']} has no answer")

    def check(self, message):
        if "method" in message:
            method = message["method"]
            kinds = lsp.METHOD_TO_TYPES.get(method)
            self.checked[method] += 1
            if kinds is None:
                if not method.startswith("tuning-ls/"):
                    self.found.append(f"{method} is not of the protocol")
                return
            wrong = errors(message, kinds[0], method)
            needed = NEEDED.get(method)
            if needed and at(self.capabilities, needed) in (None, False):
                wrong.append(f"{method}: {needed} is not declared")
            if method == "$/progress" and isinstance(at(message, "params.value.kind"), str):
                kinds = (lsp.WorkDoneProgressBegin, lsp.WorkDoneProgressReport, lsp.WorkDoneProgressEnd)
                wrong += errors(message["params"]["value"], typing.Union[kinds], method)
            if method == "client/registerCapability":
                wrong += self.registrations(message["params"]["registrations"])
            wrong += [f"{method}{use} is not declared" for use in undeclared(method, message.get("params"), self.capabilities)]
        else:
            key = str(message.get("id")) + type(message.get("id")).__name__
            request = self.requests.get(key)
            if request is None:
                wrong = [f"an answer to {message.get('id')!r}, which is no request"]
            else:
                self.answers[key] += 1
                wrong = self.answer(request["method"], message)
        self.found += wrong

    def answer(self, method, message):
        path = f"answer to {method}"
        if "error" in message:
            self.checked[f"{path} (error)"] += 1
            return errors(message, lsp.ResponseErrorMessage, path) + ([f"{path}: result"] if "result" in message else [])
        self.checked[path] += 1
        if "result" not in message:
            return [f"{path}: no result"]
        kinds = lsp.METHOD_TO_TYPES.get(method)
        if kinds is None:
            return []
        used = list(undeclared(method, message["result"], self.capabilities))
        encoding = at(message, "result.capabilities.positionEncoding") if method == "initialize" else None
        if encoding and encoding not in (at(self.capabilities, "general.positionEncodings") or ["utf-16"]):
            used.append(f" positionEncoding {encoding}")
        return errors(message, kinds[1], path) + [f"{path}{use} is not declared" for use in used]

    def registrations(self, registrations):
        for registration in registrations:
            kinds = lsp.METHOD_TO_TYPES.get(registration["method"])
            if kinds is None:
                yield f"a registration of {registration['method']}"
                continue
            room, name = registration["method"].split("/", 1)
            if not at(self.capabilities, f"{room}.{name.split('/')[0]}.dynamicRegistration"):
                yield f"{registration['method']} is registered, but dynamicRegistration is not declared"
            if kinds[3] is not None and "registerOptions" in registration:
                yield from errors(registration["registerOptions"], kinds[3], f"options of {registration['method']}")


def is_strict():
    """Whether wrong messages are rejected, each for its reason."""
    place = {"line": 0, "character": 1}
    place = {"start": place, "end": place}
    good = {"jsonrpc": "2.0", "id": 1, "result": {"contents": {"kind": "plaintext", "value": "a"}, "range": place}}

    def wrong(path, value):
        message = json.loads(json.dumps(good))
        inner = message
        *outer, last = path.split(".")
        for name in outer:
            inner = inner[name]
        if value is None:
            del inner[last]
        else:
            inner[last] = value
        return errors(message, lsp.HoverResponse, "")

    return (
        errors(good, lsp.HoverResponse, "") == []
        and wrong("result.range.start.line", -1)
        and wrong("result.range.start.line", "0")
        and wrong("result.range.start.line", True)
        and wrong("result.range.end", None)
        and wrong("result.contents.kind", "html")
        and wrong("result.more", 1)
        and wrong("jsonrpc", None)
        and list(undeclared("textDocument/hover", {"contents": {"kind": "markdown", "value": "a"}}, {}))
    )


def main(paths):
    if not is_strict():
        return "this script accepts wrong messages"
    sessions = [Session(path) for path in paths]
    checked = sum((session.checked for session in sessions), collections.Counter())
    found = collections.Counter(
        re.sub(r"/\d+", "/…", error)[:400] for session in sessions for error in session.found
    )
    clients = sorted({" ".join(s.client.values()) or "a client without a name" for s in sessions})
    for kind, count in sorted(checked.items()):
        print(f"{count:7} {kind}")
    for error, count in found.most_common():
        print(f"WRONG ({count} times): {error}")
    print(f"{len(sessions)} sessions of {', '.join(clients)}: {checked.total()} messages, {found.total()} errors")
    return 1 if found or not checked else 0


sys.exit(main([pathlib.Path(path) for path in sys.argv[1:]]))
