"""The values a slider can stand on: a ladder of round numbers, evenly spaced to the eye.

A slider that stops only at numbers a person would type (0.01, 0.0105, 0.011 …) reads well on a log scale and on a
linear one, and turns position ↔ value into one table look-up that round-trips exactly.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

from simulations.core.params import Hyperparameter

# Mantissas of one decade: 20 steps from 1 to 2, 30 from 2 to 5, 20 from 5 to 10 – close to logarithmic (2 stands at
# 0.286 instead of 0.301) and every one a short decimal.
_MANTISSAS = (
    *(100 + 5 * i for i in range(20)),
    *(200 + 10 * i for i in range(30)),
    *(500 + 25 * i for i in range(20)),
)
_DECADES_ABOVE_ZERO = 6  # a log scale that includes 0 reaches this many decades below its top
_LONGEST_PLAIN = 400  # an integer range up to this long has a rung for every number


@dataclass(frozen=True)
class Ladder:
    """Ascending ``rungs``; a slider's position is an index into them."""

    rungs: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.rungs)

    def position(self, value: float) -> int:
        """The rung nearest to ``value``, in the ladder's own spacing."""
        above = bisect_left(self.rungs, value)
        if above == 0:
            return 0
        if above == len(self.rungs):
            return above - 1
        low, high = self.rungs[above - 1], self.rungs[above]
        return above if value - low >= high - value else above - 1

    def next_rung(self, value: float, steps: int) -> float:
        """``value`` moved ``steps`` rungs up (or down); from between two rungs the first step reaches the nearer one."""
        above = bisect_left(self.rungs, value)
        on_rung = above < len(self.rungs) and self.rungs[above] == value
        index = above + steps if on_rung or steps < 0 else above + steps - 1
        return self.rungs[max(0, min(len(self.rungs) - 1, index))]


def ladder(low: float, high: float, *, log: bool, integer: bool) -> Ladder:
    """Rungs from ``low`` to ``high``, both included. A log ladder with ``low`` 0 has 0 as its leftmost rung."""
    if integer:
        inside = _powers(int(low), int(high)) if log else _even(low, high, integer=True)
        return Ladder(tuple(sorted({int(low), int(high), *(int(one) for one in inside)})))
    if log:
        floor = low if low > 0 else high * 10.0**-_DECADES_ABOVE_ZERO
        inside = [one for one in _decades(floor, high) if floor <= one < high]
        return Ladder(tuple(sorted({float(low), *inside, float(high)})))
    return Ladder(tuple(sorted({float(low), *_even(low, high, integer=False), float(high)})))


def ladder_of(declared: Hyperparameter) -> Ladder | None:
    """The ladder of a declared hyperparameter, or None when its range is open."""
    return _ladder(declared, declared.low, declared.high)


def usual_ladder_of(declared: Hyperparameter) -> Ladder | None:
    """The ladder of the usual part of its range, for a slider."""
    return _ladder(declared, *declared.span)


def _ladder(declared: Hyperparameter, low: float | None, high: float | None) -> Ladder | None:
    if low is None or high is None:
        return None
    integer = declared.kind in ("int", "choice_or_int")
    return ladder(low, high, log=declared.scale == "log", integer=integer)


def _decades(low: float, high: float) -> list[float]:
    first, last = math.floor(math.log10(low) - 1e-9), math.ceil(math.log10(high) + 1e-9)
    return [float(f"{mantissa}e{decade - 2}") for decade in range(first, last + 1) for mantissa in _MANTISSAS]


def _powers(low: int, high: int) -> list[int]:
    """Powers of two and the values halfway between, where batch sizes and unit counts are at home."""
    found: list[int] = []
    power = 1
    while power <= high:
        found += [power, power * 3 // 2]
        power *= 2
    return [one for one in found if low <= one <= high]


def _even(low: float, high: float, *, integer: bool) -> list[float]:
    span = high - low
    if integer and span <= _LONGEST_PLAIN:
        return [low + i for i in range(int(span) + 1)]
    rough = span / 200
    decade = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    step = next(decade * one for one in (1, 2, 5, 10) if decade * one >= rough * 0.999)
    if integer:
        step = max(1.0, step)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [one for i in range(first, last + 1) if low <= (one := round(i * step, 12)) <= high]
