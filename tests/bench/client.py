"""A language server's process, and a client for it that measures.

Accuracy: a received message is timestamped after its last byte is read and before it is parsed. A message to send is
encoded before the clock starts. Linux only, because memory and CPU time come from /proc. Standard library only.
"""

import json
import os
import queue
import re
import signal
import subprocess
import threading
import time
import uuid
from pathlib import Path

CLOCK_TICK = os.sysconf("SC_CLK_TCK")
MARKER = "LSP_LATENCY_RUN"  # the environment variable that identifies the server's processes


class Timeout(Exception):
    """A response did not arrive in time."""


class ServerDied(Exception):
    """The server closed its output."""


class Server:
    """A server process with its JSON-RPC connection."""

    def __init__(self, command, settings, timeout, stderr=None):
        self.marker = uuid.uuid4().hex
        self.settings = settings
        self.timeout = timeout
        self.next_id = 0
        self.responses = {}  # id -> (stamp, message)
        self.inbox = queue.Queue()  # (stamp, message or None at the end)
        self.pids_seen = set()
        self.reads = threading.Event()  # unless set, nothing is read
        self.reads.set()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr or subprocess.DEVNULL,
            bufsize=0, env=dict(os.environ, **{MARKER: self.marker}), start_new_session=True)
        self.started = time.perf_counter()
        self.capabilities = {}
        threading.Thread(target=self._read, daemon=True).start()

    # -- reading

    def _read(self):
        stream = os.fdopen(os.dup(self.process.stdout.fileno()), "rb", buffering=1 << 16)
        try:
            while True:
                length = None
                self.reads.wait()
                while True:
                    header = stream.readline()
                    if not header:
                        return
                    if header in (b"\r\n", b"\n"):
                        break
                    name, _, value = header.partition(b":")
                    if name.strip().lower() == b"content-length":
                        length = int(value)
                body = stream.read(length)
                self.inbox.put((time.perf_counter(), json.loads(body)))
        except (OSError, ValueError, TypeError):
            pass
        finally:
            self.inbox.put((time.perf_counter(), None))

    def receive(self, deadline):
        """Wait for the next notification or response. Respond to requests of the server on the way."""
        while True:
            wait = deadline - time.perf_counter()
            if wait <= 0:
                raise Timeout()
            try:
                stamp, message = self.inbox.get(timeout=wait)
            except queue.Empty:
                raise Timeout() from None
            if message is None:
                self.inbox.put((stamp, None))
                raise ServerDied("the server closed its output (exit status %s)" % self.process.poll())
            if "method" in message and "id" in message:
                self.send({"id": message["id"], "result": self._answer(message)})
                continue
            return stamp, message

    def _answer(self, message):
        """The client's response to a request from the server."""
        if message["method"] == "workspace/configuration":
            return [self._section(item.get("section")) for item in message["params"]["items"]]
        return None  # registerCapability, workDoneProgress/create, diagnostic/refresh, ...

    def _section(self, name):
        value = self.settings
        for key in (name or "").split(".") if name else ():
            value = value.get(key) if isinstance(value, dict) else None
        return value

    # -- writing

    @staticmethod
    def encode(message):
        body = json.dumps(dict(jsonrpc="2.0", **message), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        return b"Content-Length: %d\r\n\r\n" % len(body) + body

    def write(self, data):
        """Write an encoded message; return the time before the first byte."""
        start = time.perf_counter()
        view = memoryview(data)
        try:
            while view:
                view = view[self.process.stdin.write(view):]
        except BrokenPipeError:
            raise ServerDied("the server closed its input") from None
        return start

    def send(self, message):
        return self.write(self.encode(message))

    def notify(self, method, params):
        return self.send({"method": method, "params": params})

    def encode_request(self, method, params):
        """Encode a new request; return its id and message."""
        self.next_id += 1
        return self.next_id, self.encode({"id": self.next_id, "method": method, "params": params})

    def response(self, wanted, start):
        """Wait for the response to a request; return (seconds, result, error). The result is None if there is an error."""
        while True:
            stamp, message = self.receive(start + self.timeout)
            if message.get("id") == wanted and "method" not in message:
                return stamp - start, message.get("result"), message.get("error")

    def request(self, method, params):
        """Send a request; return what ``response`` does."""
        wanted, data = self.encode_request(method, params)
        return self.response(wanted, self.write(data))

    # -- diagnostics

    def published(self, uri, deadline):
        """Wait for the next diagnostics of a document: (timestamp, parameters of publishDiagnostics)."""
        while True:
            stamp, message = self.receive(deadline)
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                return stamp, message["params"]

    def published_until_quiet(self, uri, start, quiet, version=None):
        """All diagnostics of a document (of one version, if given) until none arrive for ``quiet`` seconds."""
        seen = []
        end = deadline = start + self.timeout
        while True:
            try:
                stamp, params = self.published(uri, deadline)
            except Timeout:
                if not seen:
                    raise
                return seen
            if version is None or params.get("version") == version:
                seen.append((stamp, params))
                deadline = min(end, stamp + quiet)

    # -- the session

    def initialize(self, root, pull, init_options):
        capabilities = {
            "workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}, "workspaceFolders": True},
            "textDocument": {
                "synchronization": {"didSave": True},
                "publishDiagnostics": {"versionSupport": True, "relatedInformation": True},
                "completion": {"completionItem": {"snippetSupport": True}},
                "hover": {"contentFormat": ["markdown", "plaintext"]},
            },
            "general": {"positionEncodings": ["utf-16"]},
        }
        if pull:
            capabilities["textDocument"]["diagnostic"] = {"dynamicRegistration": True}
        _, result, error = self.request("initialize", {
            "processId": os.getpid(), "rootUri": root.as_uri(), "capabilities": capabilities,
            "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
            "initializationOptions": init_options})
        elapsed = time.perf_counter() - self.started
        if error:
            raise SystemExit("initialize failed: %s" % error)
        self.capabilities = result.get("capabilities", {})
        self.notify("initialized", {})
        if self.settings:
            self.notify("workspace/didChangeConfiguration", {"settings": self.settings})
        return elapsed

    @property
    def full_sync(self):
        sync = self.capabilities.get("textDocumentSync", 0)
        kind = sync.get("change", 0) if isinstance(sync, dict) else sync
        return kind != 2

    def pids(self):
        """All live processes of this server, including detached ones (found by their environment)."""
        needle = ("%s=%s" % (MARKER, self.marker)).encode()
        found = []
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    with open("/proc/%s/environ" % entry, "rb") as stream:
                        if needle in stream.read():
                            found.append(int(entry))
                except OSError:
                    pass
        self.pids_seen.update(found)
        return found

    def usage(self):
        """Resident and peak memory in bytes and CPU seconds, over all processes."""
        rss = peak = cpu = 0
        for pid in self.pids():
            try:
                status = Path("/proc/%d/status" % pid).read_text()
                fields = Path("/proc/%d/stat" % pid).read_text().rpartition(")")[2].split()
            except OSError:
                continue
            rss += kib(status, "VmRSS")
            peak += kib(status, "VmHWM")
            cpu += (int(fields[11]) + int(fields[12])) / CLOCK_TICK
        return {"rss": rss * 1024, "peak": peak * 1024, "cpu_s": cpu}

    def stop(self):
        try:
            if self.process.poll() is None:
                self.timeout = min(self.timeout, 5)
                self.request("shutdown", None)
                self.notify("exit", None)
                self.process.wait(5)
        except (Timeout, ServerDied, OSError, subprocess.TimeoutExpired):
            pass
        for pid in self.pids():  # only processes started by this run carry its marker
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        self.process.wait()


def kib(status, key):
    match = re.search(r"^%s:\s+(\d+) kB" % key, status, re.M)
    return int(match.group(1)) if match else 0
