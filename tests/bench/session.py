"""A document that is open in a server: its first diagnostics, and edits whose diagnostics are verified.

After every edit, the diagnostics of that version are compared with the known faults of the text. Wrong answers are
counted in ``wrong``. Standard library only.
"""

import functools
import json
import random
import re
import subprocess
import time

from client import Server
from document import Document

TIMEOUT = 120  # seconds to wait for one answer
QUIET = 0.5  # after this many seconds without diagnostics, those of an opened document are complete
QUIET_AFTER_EDIT = 0.3  # the same after an edit
LISTED_AT_MOST = 900  # the maximum number of diagnostics of a file
BEFORE_A_KEY = re.compile(r'\{(?=")')


class Plan:
    """The programs to measure and compare, and the number of repetitions."""

    def __init__(self, server, floor, typed, quick, runs):
        self.binary, self.typed, self.quick, self.runs = server, typed, quick, runs
        self.server, self.floor = [server, "serve"], [floor]
        self.both = (self.server, self.floor)

    def times(self, many, few):
        """The number of repetitions: ``few`` in a quick run."""
        return few if self.quick else many


def findings(diagnostics):
    """The lines and codes of diagnostics."""
    return sorted((d["range"]["start"]["line"], d.get("code", "")) for d in diagnostics)


@functools.lru_cache(maxsize=None)
def findings_of_check(binary, path):
    """The lines and codes of the findings of ``tuning-ls check``."""
    command = [binary, "check", "--quiet", "--exit-zero", "--no-config", "--output-format", "json-lines", str(path)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    found = [json.loads(line) for line in output.splitlines()]
    return sorted((finding["start"]["line"] - 1, finding["code"]) for finding in found)


@functools.lru_cache(maxsize=2)
def opening(path):
    """The message that opens a file. It is cached, because encoding a large one takes long."""
    document = Document(path)
    return Server.encode({"method": "textDocument/didOpen", "params": {"textDocument": {
        "uri": document.uri, "languageId": "jsonl", "version": 1, "text": document.text}}})


class Session:
    """A server with one open document. ``opened`` is the time in seconds until its diagnostics were complete."""

    def __init__(self, command, path, listed_at_most=LISTED_AT_MOST, checked=True):
        self.rng = random.Random(1)
        self.checked = checked  # False for the floor, which never finds anything
        self.wrong = 0
        self.document = Document(path)
        data = opening(path)
        self.server = Server(command, {}, TIMEOUT)
        try:
            self.server.initialize(path.parent, False, {"maxDiagnostics": listed_at_most})
            time.sleep(0.1)  # work of the server after the handshake must not count as opening
            start = self.server.write(data)
            seen = self.server.published_until_quiet(self.document.uri, start, QUIET, 1)
        except BaseException:
            self.server.stop()
            raise
        self.opened = seen[-1][0] - start
        self.diagnostics = seen[-1][1]["diagnostics"]
        self.baseline = findings(self.diagnostics)
        self.faulty = {row for row, _ in self.baseline}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop()

    def expect(self, right):
        """Count an answer as wrong unless it is right."""
        self.wrong += self.checked and not right

    # -- changes

    def encode(self, changes):
        """Encode changes that were made in the document."""
        return Server.encode({"method": "textDocument/didChange", "params": {
            "textDocument": {"uri": self.document.uri, "version": self.document.version}, "contentChanges": changes}})

    def encode_key(self, row, start, end, text):
        """Make an edit within a line; return its message."""
        return self.encode(self.document.replace(row, start, end, text, False))

    def fresh(self, start):
        """Wait for the diagnostics of the current version: (seconds, diagnostics)."""
        while True:
            stamp, params = self.server.published(self.document.uri, start + TIMEOUT)
            if params.get("version") == self.document.version:
                return stamp - start, params["diagnostics"]

    def complete(self, data):
        """Send a large change; return its last diagnostics: (seconds, diagnostics)."""
        start = self.server.write(data)
        stamp, params = self.server.published_until_quiet(
            self.document.uri, start, QUIET_AFTER_EDIT, self.document.version)[-1]
        return stamp - start, params["diagnostics"]

    def key(self, row, start, end, text, breaks):
        """Type one key; return the seconds until its diagnostics. They must have an error in the row only if it breaks."""
        data = self.encode_key(row, start, end, text)
        seconds, diagnostics = self.fresh(self.server.write(data))
        self.expect_error(diagnostics, row if breaks else None)
        return seconds

    def expect_error(self, diagnostics, row):
        """Verify that the findings are those of the opened text, except for an error in ``row``."""
        found = findings(diagnostics)
        if row is None:
            return self.expect(found == self.baseline)
        others = lambda pairs: [pair for pair in pairs if pair[0] != row]
        error = any(d.get("severity") == 1 and d["range"]["start"]["line"] == row for d in diagnostics)
        self.expect(error and others(found) == others(self.baseline))

    # -- places

    def place(self, pattern=BEFORE_A_KEY, row=None):
        """A random place after a match of a pattern: in a line without findings, or in ``row``."""
        if row is None:
            return self.document.find(self.rng, pattern, self.faulty)
        return row, self.rng.choice([match.end() for match in pattern.finditer(self.document.lines[row])])

    def longest(self):
        """The number of the longest line."""
        lines = self.document.lines
        return max(range(len(lines)), key=lambda row: len(lines[row]))
