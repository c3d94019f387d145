"""The time from a request to its response in an open file.

Standard library only.
"""

import re

import data
from figures import MEDIAN, P99, Gate, Row
from session import Session

# Requests are sent for places after a match.
PLACES = {"completion": re.compile(r'[{,:]"?'), "hover": re.compile(r'"[A-Za-z]')}
# What is typed right before the request: a quote where a key begins, or a letter in a text.
TYPED = {"completion": (re.compile(r'\{(?=")'), '"', 1), "hover": (re.compile(r'"text":"'), "x", -len('text":"'))}
GATE = [Gate(P99, 3, 1)]


def parameters(session, row, offset):
    """The parameters of a request for a place."""
    return {"textDocument": {"uri": session.document.uri}, "position": session.document.position(row, offset)}


def filled(result):
    """Whether a result is not empty."""
    return bool(result.get("items", True) if isinstance(result, dict) else result)


def at_random_places(session, kind, count):
    """The response times in milliseconds at random places."""
    times, answered = [], 0
    for _ in range(count):
        seconds, result, error = session.server.request(
            "textDocument/" + kind, parameters(session, *session.document.find(session.rng, PLACES[kind])))
        times.append(seconds * 1000)
        session.expect(error is None)
        answered += filled(result)
    # Not every place has a result, but most do.
    session.expect(answered > count / 2)
    return times


def after_a_key(session, kind, count):
    """The response times in milliseconds of requests that are sent together with a key."""
    times, answered = [], 0
    pattern, key, shift = TYPED[kind]
    for _ in range(count):
        row, offset = session.place(pattern)
        change = session.encode_key(row, offset, offset, key)
        wanted, request = session.server.encode_request(
            "textDocument/" + kind, parameters(session, row, offset + shift))
        start = session.server.write(change + request)
        seconds, result, error = session.server.response(wanted, start)
        times.append(seconds * 1000)
        session.expect(error is None)
        answered += filled(result)
        session.key(row, offset, offset + len(key), "", False)
    session.expect(answered > count / 2)
    return times


def symbols(session, count):
    """The response times in milliseconds for all symbols of the document."""
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
        for measure, shown in ((at_random_places, ""), (after_a_key, " right after a typed key")):
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
