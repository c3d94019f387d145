"""Summarizes measured values: percentiles, rows with their gates, and the printed table.

Standard library only.
"""

import statistics
from dataclasses import dataclass, field
from typing import Optional

# The figures of a row that can have a gate (a limit) and a stretch goal.
MEDIAN, P99, RATIO = "median", "p99", "ratio"
SHOWN_AS = {MEDIAN: "", P99: "p99 ", RATIO: "ratio "}


def percentiles(values):
    """The count, median, 90th and 99th percentile and maximum; None if there are no values."""
    values = sorted(values)
    if not values:
        return None
    pick = lambda q: values[min(len(values) - 1, int(q * len(values)))]
    return {"n": len(values), "p50": statistics.median(values), "p90": pick(0.9), "p99": pick(0.99), "max": values[-1]}


@dataclass
class Gate:
    """The limit of a figure, and its stretch goal."""

    figure: str
    most: float
    stretch: Optional[float] = None


@dataclass
class Row:
    """The measured values of one thing, in one unit."""

    what: str
    unit: str
    values: list  # one per repetition
    floor: list = field(default_factory=list)  # the values of the program to compare with
    gates: list = field(default_factory=list)
    wrong: int = 0  # answers that disagree with the text
    note: Optional[str] = None

    def figure(self, name):
        """A figure of this row; None if it has no such figure."""
        if name == RATIO:
            return self.values and self.floor and self.figure(MEDIAN) / percentiles(self.floor)["p50"] or None
        return self.values and percentiles(self.values)["p50" if name == MEDIAN else "p99"] or None

    @property
    def verdict(self):
        """``missed``, ``met`` or ``stretch``; empty if the row has no gate."""
        known = [(gate, self.figure(gate.figure)) for gate in self.gates if self.figure(gate.figure) is not None]
        if not known:
            return ""
        if any(value > gate.most for gate, value in known):
            return "missed"
        return "stretch" if all(value <= (gate.stretch or gate.most) for gate, value in known) else "met"

    def limits(self, name):
        """The gates or stretch goals as text. The limit of a median has no label."""
        limits = [(gate.figure, getattr(gate, name)) for gate in self.gates]
        return ", ".join("%s%.3g" % (SHOWN_AS[figure], limit) for figure, limit in limits if limit is not None)

    def cells(self):
        """The cells of this row in the table."""
        floor = percentiles(self.floor)
        figures = self.figure(MEDIAN), self.figure(P99) if len(self.values) > 1 else None, floor and floor["p50"], self.figure(RATIO)
        limits = self.limits("most"), self.limits("stretch")
        title = "%s, %s" % (self.what, self.unit) if self.unit else self.what
        return [title, *map(number, figures), *limits, ", ".join(filter(None, [self.verdict, self.note]))]

    def as_json(self):
        """This row as JSON."""
        return {
            "what": self.what, "unit": self.unit, "values": percentiles(self.values), "floor": percentiles(self.floor),
            "ratio": self.figure(RATIO), "gates": [vars(gate) for gate in self.gates], "verdict": self.verdict,
            "wrong": self.wrong, "note": self.note}


def number(value):
    """A figure with three significant digits."""
    if value is None:
        return ""
    for limit, places in ((1, 3), (10, 2), (100, 1)):
        if abs(value) < limit and not isinstance(value, int):
            return "%.*f" % (places, value)
    return "{:,.0f}".format(value)


HEAD = ["what", "median", "p99", "floor", "ratio", "gate", "stretch", "verdict"]


def table(rows):
    """The rows as a text table with right-aligned figures."""
    lines = [HEAD] + [row.cells() for row in rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEAD))]
    left = (0, len(HEAD) - 1)
    adjust = lambda at, text: text.ljust(widths[at]) if at in left else text.rjust(widths[at])
    shown = ["  ".join(adjust(at, text) for at, text in enumerate(line)).rstrip() for line in lines]
    return "\n".join([shown[0], "  ".join("-" * width for width in widths)] + shown[1:])
