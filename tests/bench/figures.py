"""What is made of many measured values: percentiles, rows held to their gates, and the table of them.

Standard library only.
"""

import statistics
from dataclasses import dataclass, field
from typing import Optional

# A limit that has to be met, and one that would be better still, of a row's median, p99 or ratio.
MEDIAN, P99, RATIO = "median", "p99", "ratio"
SHOWN_AS = {MEDIAN: "", P99: "p99 ", RATIO: "ratio "}


def percentiles(values):
    """How many, the middle, what 90 and 99 in a hundred stay below, and the most; None of nothing."""
    values = sorted(values)
    if not values:
        return None
    pick = lambda q: values[min(len(values) - 1, int(q * len(values)))]
    return {"n": len(values), "p50": statistics.median(values), "p90": pick(0.9), "p99": pick(0.99), "max": values[-1]}


@dataclass
class Gate:
    """The most that a figure of a row may be, and the most that it should be."""

    figure: str
    most: float
    stretch: Optional[float] = None


@dataclass
class Row:
    """One thing that was measured, in one unit."""

    what: str
    unit: str
    values: list  # of every repetition
    floor: list = field(default_factory=list)  # the same of what it is compared with
    gates: list = field(default_factory=list)
    wrong: int = 0  # answers that did not agree with the text
    note: Optional[str] = None

    def figure(self, name):
        """A figure of this row, None if there is none."""
        if name == RATIO:
            return self.values and self.floor and self.figure(MEDIAN) / percentiles(self.floor)["p50"] or None
        return self.values and percentiles(self.values)["p50" if name == MEDIAN else "p99"] or None

    @property
    def verdict(self):
        """``missed``, ``met`` or ``stretch``; empty without a gate."""
        known = [(gate, self.figure(gate.figure)) for gate in self.gates if self.figure(gate.figure) is not None]
        if not known:
            return ""
        if any(value > gate.most for gate, value in known):
            return "missed"
        return "stretch" if all(value <= (gate.stretch or gate.most) for gate, value in known) else "met"

    def limits(self, name):
        """The gates, or the stretch, as text: the limit of a median stands alone."""
        limits = [(gate.figure, getattr(gate, name)) for gate in self.gates]
        return ", ".join("%s%.3g" % (SHOWN_AS[figure], limit) for figure, limit in limits if limit is not None)

    def cells(self):
        """This row of the table."""
        floor = percentiles(self.floor)
        figures = self.figure(MEDIAN), self.figure(P99) if len(self.values) > 1 else None, floor and floor["p50"], self.figure(RATIO)
        limits = self.limits("most"), self.limits("stretch")
        title = "%s, %s" % (self.what, self.unit) if self.unit else self.what
        return [title, *map(number, figures), *limits, ", ".join(filter(None, [self.verdict, self.note]))]

    def as_json(self):
        """This row for a program."""
        return {
            "what": self.what, "unit": self.unit, "values": percentiles(self.values), "floor": percentiles(self.floor),
            "ratio": self.figure(RATIO), "gates": [vars(gate) for gate in self.gates], "verdict": self.verdict,
            "wrong": self.wrong, "note": self.note}


def number(value):
    """A figure to three places that count."""
    if value is None:
        return ""
    for limit, places in ((1, 3), (10, 2), (100, 1)):
        if abs(value) < limit and not isinstance(value, int):
            return "%.*f" % (places, value)
    return "{:,.0f}".format(value)


HEAD = ["what", "median", "p99", "floor", "ratio", "gate", "stretch", "verdict"]


def table(rows):
    """The rows as text, with the figures to the right of their columns."""
    lines = [HEAD] + [row.cells() for row in rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEAD))]
    left = (0, len(HEAD) - 1)
    adjust = lambda at, text: text.ljust(widths[at]) if at in left else text.rjust(widths[at])
    shown = ["  ".join(adjust(at, text) for at, text in enumerate(line)).rstrip() for line in lines]
    return "\n".join([shown[0], "  ".join("-" * width for width in widths)] + shown[1:])
