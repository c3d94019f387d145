"""What is made of many measured values.

Standard library only.
"""


def percentiles(values):
    """How many, the middle, what 90 and 99 in a hundred stay below, and the most; None of nothing."""
    values = sorted(values)
    if not values:
        return None
    pick = lambda q: values[min(len(values) - 1, int(q * len(values)))]
    return {"n": len(values), "p50": pick(0.5), "p90": pick(0.9), "p99": pick(0.99), "max": values[-1]}
