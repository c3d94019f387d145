"""The time from opening a file to complete diagnostics, the memory that it takes, and repeated opening and closing.

Standard library only.
"""

import time

import data
from client import Server
from figures import MEDIAN, RATIO, Gate, Row
from session import QUIET, TIMEOUT, Session, findings, findings_of_check, opening

MIB = 2**20
MAX_GROWTH = 2  # MiB over 900 cycles, to allow for the allocator


def start(plan):
    """Start the server."""
    times = ([], [])
    for _ in range(plan.times(max(20, plan.runs), 5)):
        for command, into in zip(plan.both, times):
            server = Server(command, {}, TIMEOUT)
            try:
                into.append(server.initialize(data.FOLDER, False, None) * 1000)
            finally:
                server.stop()
    return [Row("start to initialize response", "ms", *times, [Gate(MEDIAN, 5, 2.5)])]


class Opened:
    """The measurements of opening a file in fresh servers, and each time in a fresh floor."""

    kept = {}

    def __init__(self, plan, path):
        self.seconds, self.resident, self.peak, self.wrong = ([], []), ([], []), ([], []), 0
        for _ in range(plan.times(plan.runs, 3)):
            for at, command in enumerate(plan.both):
                with Session(command, path, checked=command is plan.server) as session:
                    usage = session.server.usage()
                    session.expect(session.baseline == findings_of_check(plan.binary, path))
                    self.wrong += session.wrong
                    self.seconds[at].append(session.opened)
                    self.resident[at].append(usage["rss"])
                    self.peak[at].append(usage["peak"])

    @classmethod
    def of(cls, plan, name):
        """The measurements for a file. They are taken once, for time and memory."""
        if name not in cls.kept:
            cls.kept[name] = cls(plan, data.path(name))
        return cls.kept[name]


def open_file(plan):
    """Open files of three sizes."""
    rows = []
    for name, shown, gates in (
            ("1mb", "1 MB", [Gate(MEDIAN, 10, 5)]), ("5mb", "5 MB", [Gate(MEDIAN, 45, 25)]),
            ("50mb", "50 MB", [Gate(MEDIAN, 400), Gate(RATIO, 1.9, 1.1)])):
        opened = Opened.of(plan, name)
        times = [[seconds * 1000 for seconds in side] for side in opened.seconds]
        rows.append(Row("open %s to complete diagnostics" % shown, "ms", *times, gates, opened.wrong))
    return rows


def memory(plan):
    """Measure the memory of an open file."""
    opened, size = Opened.of(plan, "50mb"), data.path("50mb").stat().st_size
    in_mib = lambda sides: [[value / MIB for value in side] for side in sides]
    per_byte = lambda sides: [[value / size for value in side] for side in sides]
    resident = Gate(MEDIAN, 1.3 * size / MIB + 10, 1.2 * size / MIB)
    return [
        Row("resident memory, 50 MB open", "MiB", *in_mib(opened.resident), [resident]),
        Row("the same, per MB of the file", "MB", *per_byte(opened.resident)),
        Row("peak memory while opening 50 MB", "MiB", *in_mib(opened.peak)),
        Row("the same, per MB of the file", "MB", *per_byte(opened.peak), [Gate(MEDIAN, 3.2, 2.2)]),
    ]


def cycles(plan):
    """Open and close one file repeatedly in one server."""
    path = data.path("1mb")
    count, early = plan.times(1000, 100), plan.times(100, 20)
    message = opening(path)
    with Session(plan.server, path) as session:
        server, uri, resident = session.server, session.document.uri, {}
        closing = Server.encode({"method": "textDocument/didClose", "params": {"textDocument": {"uri": uri}}})
        # Each opening has its own version, to recognize its diagnostics.
        head, separator, rest = message.partition(b'"version":1,')
        _, _, head = head.partition(b"\r\n\r\n")
        server.write(closing)
        times = []
        for cycle in range(1, count + 1):
            body = head + separator.replace(b"1", b"%d" % (cycle + 1)) + rest
            started = server.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            while True:
                stamp, params = server.published(uri, started + TIMEOUT)
                if params.get("version") == cycle + 1 and findings(params["diagnostics"]) == session.baseline:
                    break
            server.write(closing)
            times.append((stamp - started) * 1000)
            if cycle in (early, count):
                time.sleep(QUIET)  # until the server has closed the document, too
                resident[cycle] = server.usage()["rss"] / MIB
    growth = resident[count] - resident[early]
    return [
        Row("open and close 1 MB, %d times, each" % count, "ms", times),
        Row("resident memory after %d cycles" % early, "MiB", [resident[early]]),
        Row("resident memory after %d cycles" % count, "MiB", [resident[count]],
            gates=[Gate(MEDIAN, resident[early] + MAX_GROWTH, resident[early])], note="%+.1f MiB" % growth),
    ]
