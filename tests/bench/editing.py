"""The time from an edit to its diagnostics: single keys, bursts of keys, and edits of many lines.

Standard library only.
"""

import time

import data
from figures import MEDIAN, P99, Gate, Row
from session import LISTED_AT_MOST, TIMEOUT, Session, findings

PASTED = 10_000  # lines
BURST = 50  # keys
BETWEEN_KEYS = 0.005  # seconds
TYPED = "x"  # after a brace, it breaks the line
FIRST_ROWS = 1000  # no edits before this line, because findings about the whole file are at the start


def keys(session, pairs, row=None):
    """The milliseconds for single keys: by turns one that breaks a line, and one that repairs it."""
    times = []
    for _ in range(pairs):
        at, offset = session.place(row=row)
        times.append(session.key(at, offset, offset, TYPED, True))
        times.append(session.key(at, offset, offset + len(TYPED), "", False))
    return [seconds * 1000 for seconds in times]


def keystroke(plan):
    """Type and delete a key at random places."""
    pairs = plan.times(150, 20)
    long = [Gate(MEDIAN, 3, 1), Gate(P99, 8, 3)]
    rows = []
    for name, shown, gates in (
            ("1mb", "1 MB", []), ("50mb", "50 MB", [Gate(MEDIAN, 0.5, 0.15), Gate(P99, 2, 0.5)]),
            ("findings", "50 MB, %d findings listed", long),
            ("line-1mb", "in a line of 1 MB", long), ("line-10mb", "in a line of 10 MB", [])):
        path, floor = data.path(name), []
        with Session(plan.server, path, 2 * LISTED_AT_MOST) as session:
            row = session.longest() if name.startswith("line") else None
            times = keys(session, pairs, row)
        if name == "50mb":
            with Session(plan.floor, path, checked=False) as idle:
                floor = keys(idle, pairs)
        shown = shown % len(session.baseline) if "%" in shown else shown
        rows.append(Row("keystroke, " + shown, "ms", times, floor, gates, session.wrong))
    return rows


def burst(plan):
    """Type keys very fast, without waiting for diagnostics."""
    last, published = [], []
    with Session(plan.server, data.path("50mb")) as session:
        server, uri = session.server, session.document.uri
        for _ in range(plan.times(20, 3)):
            row, offset = session.place()
            messages = [session.encode_key(row, offset, offset, TYPED) for _ in range(BURST)]
            began = time.perf_counter()
            for at, message in enumerate(messages):
                time.sleep(max(0, began + at * BETWEEN_KEYS - time.perf_counter()))
                start = server.write(message)
            count, version = 0, None
            while version != session.document.version:
                stamp, params = server.published(uri, start + TIMEOUT)
                count, version = count + 1, params.get("version")
            session.expect_error(params["diagnostics"], row)
            last.append((stamp - start) * 1000)
            published.append(count)
            session.key(row, offset, offset + BURST * len(TYPED), "", False)
    shown = "burst of %d keys, %.0f ms apart" % (BURST, BETWEEN_KEYS * 1000)
    return [Row(shown + ": last to diagnostics", "ms", last, wrong=session.wrong),
            Row(shown + ": publishes", "", published)]


def pasted_into(baseline, row, faults):
    """The findings of a text after lines with ``faults`` were pasted into it."""
    return sorted([(at + PASTED if at >= row else at, code) for at, code in baseline]
                  + [(row + at, code) for at, code in faults])


def paste(plan):
    """Paste many lines and delete them again."""
    lines = data.path("paste").read_text(encoding="utf-8").splitlines(keepends=True)
    faults = [(at, "trailing-comma") for at, line in enumerate(lines) if ',],"generationConfig"' in line]
    assert len(lines) == PASTED and faults

    def measure(command, checked):
        pasted, deleted = [], []
        with Session(command, data.path("50mb"), checked=checked) as session:
            document = session.document
            for _ in range(plan.times(10, 3)):
                row = session.rng.randrange(FIRST_ROWS, len(document.lines) - PASTED)
                seconds, found = session.complete(session.encode(document.replace_lines(row, 0, lines)))
                session.expect(findings(found) == pasted_into(session.baseline, row, faults))
                pasted.append(seconds * 1000)
                seconds, found = session.complete(session.encode(document.replace_lines(row, PASTED, [])))
                session.expect(findings(found) == session.baseline)
                deleted.append(seconds * 1000)
        return pasted, deleted, session.wrong

    pasted, deleted, wrong = measure(plan.server, True)
    floor_pasted, floor_deleted, _ = measure(plan.floor, False)
    gate, shown = [Gate(MEDIAN, 60, 30)], "{:,} lines in 50 MB".format(PASTED)
    return [Row("paste of " + shown, "ms", pasted, floor_pasted, gate, wrong),
            Row("deletion of " + shown, "ms", deleted, floor_deleted, gate)]


def replace(plan):
    """Replace a word in every line and back again: with one change per line, and with a new text."""
    right, other = '"role":"user"', '"role":"usr"'
    times = {}
    with Session(plan.server, data.path("50mb")) as session:
        document = session.document

        def one_by_one(old, new):
            changes = []
            # Editors send the changes from the last line to the first.
            for row in reversed(range(len(document.lines))):
                at = document.lines[row].find(old)
                if at >= 0:
                    changes += document.replace(row, at, at + len(old), new, False)
            return changes

        def whole(old, new):
            document.lines = [line.replace(old, new, 1) for line in document.lines]
            document.version += 1
            return [{"text": document.text}]

        for _ in range(plan.times(min(plan.runs, 5), 1)):
            for make, shown in ((one_by_one, "{:,} changes".format(len(document.lines))), (whole, "a whole text")):
                for old, new, back in ((right, other, ""), (other, right, ", and back")):
                    seconds, found = session.complete(session.encode(make(old, new)))
                    times.setdefault("replace all in 50 MB, %s%s" % (shown, back), []).append(seconds * 1000)
                    # A fault of every line is one finding.
                    roles = [code for _, code in findings(found)].count("unknown-role")
                    session.expect(findings(found) == session.baseline if back else roles == 1)
    rows = [Row(shown, "ms", values) for shown, values in times.items()]
    rows[0].wrong = session.wrong
    return rows
