"""From a request to its response in an open file.

Standard library only.
"""

import re

import data
from figures import MEDIAN, P99, Gate, Row
from session import Session

# Where something is asked for: behind a match.
PLACES = {"completion": re.compile(r'[{,:]"?'), "hover": re.compile(r'"[A-Za-z]')}
# What is typed before it is asked: a quote where a key begins, and a letter in a text.
TYPED = {"completion": (re.compile(r'\{(?=")'), '"', 1), "hover": (re.compile(r'"text":"'), "x", -len('text":"'))}
GATE = [Gate(P99, 3, 1)]


def parameters(session, row, offset):
    """Those of a request about a place."""
    return {"textDocument": {"uri": session.document.uri}, "position": session.document.position(row, offset)}


def filled(result):
    """Whether there is anything in a response."""
    return bool(result.get("items", True) if isinstance(result, dict) else result)


def at_random_places(session, kind, count):
    """The milliseconds to responses at random places."""
    times, answered = [], 0
    for _ in range(count):
        seconds, result, error = session.server.request(
            "textDocument/" + kind, parameters(session, *session.document.find(session.rng, PLACES[kind])))
        times.append(seconds * 1000)
        session.expect(error is None)
        answered += filled(result)
    # Some places have nothing to say, most have.
    session.expect(answered > count / 2)
    return times


def behind_a_key(session, kind, count):
    """The milliseconds to responses when the request is written together with a key."""
    times, answered = [], 0
    pattern, key, beside = TYPED[kind]
    for _ in range(count):
        row, offset = session.place(pattern)
        change = session.encode_key(row, offset, offset, key)
        wanted, request = session.server.encode_request(
            "textDocument/" + kind, parameters(session, row, offset + beside))
        start = session.server.write(change + request)
        seconds, result, error = session.server.response(wanted, start)
        times.append(seconds * 1000)
        session.expect(error is None)
        answered += filled(result)
        session.key(row, offset, offset + len(key), "", False)
    session.expect(answered > count / 2)
    return times


def symbols(session, count):
    """The milliseconds to all symbols of the document."""
    times = []
    for _ in range(count):
        seconds, result, error = session.server.request(
            "textDocument/documentSymbol", {"textDocument": {"uri": session.document.uri}})
        times.append(seconds * 1000)
        session.expect(error is None and filled(result))
    return times


def requests(plan):
    """Completions, hovers and symbols."""
    count, rows = plan.times(300, 30), []
    with Session(plan.server, data.path("50mb")) as session, \
            Session(plan.floor, data.path("50mb"), checked=False) as idle:
        for measure, shown in ((at_random_places, ""), (behind_a_key, " right behind a typed key")):
            for kind in PLACES:
                before = session.wrong
                times, floor = measure(session, kind, count), measure(idle, kind, count)
                rows.append(Row("%s%s, 50 MB" % (kind, shown), "ms", times, floor, GATE, session.wrong - before))
        before = session.wrong
        offered = session.server.capabilities.get("documentSymbolProvider") not in (None, False)
        times = symbols(session, plan.times(plan.runs, 3)) if offered else []
        gates, note = [Gate(MEDIAN, 100)], None if offered else "not offered"
        rows.append(Row("symbols of 50,000 lines", "ms", times, [], gates, session.wrong - before, note))
    return rows
