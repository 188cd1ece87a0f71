"""How big one step is beside what it changes, layer by layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from simulations.core.arrays import FloatArray


class Update(NamedTuple):
    """The update that led to ``step``: of each layer log10(‖update‖ / ‖parameters‖), nan where there is none."""

    step: int
    ratios: tuple[float, ...]


def update_of(step: int, before: FloatArray, theta: FloatArray, parts: Sequence[slice]) -> Update:
    """The update from ``before`` to ``theta``, flat, with the ``parts`` that belong to each layer."""
    return Update(step, tuple(_ratio(theta[part] - before[part], theta[part]) for part in parts))


def _ratio(moved: FloatArray, size: FloatArray) -> float:
    norm = math.sqrt(float(size @ size)) if size.size else 0.0
    ratio = math.sqrt(float(moved @ moved)) / norm if norm else math.nan
    return math.log10(ratio) if ratio > 0 else math.nan
