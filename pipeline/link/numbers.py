"""Counts against counts: which differ, which cannot both hold, which one is the exacter."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pipeline.link.matter import Count
from pipeline.link.threads import is_one_unit


def differing_counts(later: Sequence[Count], earlier: Sequence[Count]) -> tuple[Count, Count] | None:
    """The first two counts of one unit that differ, where no count of that unit agrees."""
    for old in earlier:
        same = [
            new
            for new in later
            if is_one_unit(old, new) and (new.measure == old.measure or None in (old.measure, new.measure))
        ]
        if same and all((new.low, new.high) != (old.low, old.high) for new in same):
            return same[0], old
    return None


def bounds(count: Count) -> tuple[float, float]:
    """Least and most that a count can mean; about a number is within a tenth of it."""
    low = -math.inf if count.low is None else count.low * (0.9 if count.is_approximate else 1.0)
    high = math.inf if count.high is None else count.high * (1.1 if count.is_approximate else 1.0)
    return low, high


def is_incompatible(one: Count, other: Count) -> bool:
    """No number fits both."""
    a, b = bounds(one), bounds(other)
    return a[1] < b[0] or b[1] < a[0]


def is_within(one: Count, other: Count) -> bool:
    """Every number that fits the one fits the other: an exact number for a vague one, not a greater one for "at least"."""
    a, b = bounds(one), bounds(other)
    if math.isinf(b[1]):
        return a[0] == b[0] and not math.isinf(a[1])
    return b[0] <= a[0] and a[1] <= b[1]
