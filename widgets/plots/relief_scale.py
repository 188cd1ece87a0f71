"""The upright axis of the box: which height stands for which value, and where it has ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.racing.probes.ground import GroundAnswer
from simulations.surfaces.base import ColorTransform
from widgets.plots.ticks import linear_ticks, power_text, tick_texts, value_text

_SMALL: Final = 1e-9  # an offset below this share of the range is none


@dataclass(frozen=True)
class HeightScale:
    """Heights as shares 0…1 of the box. ``is_plain``: in proportion to the values, whatever the colours do."""

    transform: ColorTransform
    low: float
    high: float
    is_plain: bool = False

    @staticmethod
    def of(ground: GroundAnswer, *, is_plain: bool) -> HeightScale:
        return HeightScale(ground.transform, ground.low, ground.high, is_plain or ground.transform.scale == "linear")

    def colors(self, heights: FloatArray) -> FloatArray:
        """The shares of the colours of ``heights``, values of the transform, cut off at both ends."""
        found: FloatArray = np.clip((heights - self.low) / (self.high - self.low), 0, 1)
        return found

    def shares(self, heights: FloatArray) -> FloatArray:
        """How high in the box they stand."""
        if not self.is_plain:
            return self.colors(heights)
        low, high = self._ends()
        with np.errstate(all="ignore"):
            found: FloatArray = np.clip((self.transform.invert(heights) - low) / (high - low), 0, 1)
        return found

    def values(self, shares: FloatArray) -> FloatArray:
        """The values of the surface that stand at ``shares`` of the box."""
        if not self.is_plain:
            return self.transform.invert(self.low + shares * (self.high - self.low))
        low, high = self._ends()
        return low + shares * (high - low)

    @property
    def is_above(self) -> bool:
        """Whether the ticks count from f*, as a logarithm does where f* is not 0."""
        low, high = self._ends()
        return not self.is_plain and abs(self.transform.offset) > _SMALL * (high - low)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """At most ``most`` ticks: the share of the box, and the number in words."""
        low, high = self._ends()
        if self.is_plain:
            ticks = linear_ticks(low, high, most)
            shares = [(one - low) / (high - low) for one in ticks]
            return list(zip(shares, tick_texts(ticks), strict=True))
        below = self.transform.offset
        found: list[tuple[float, str]] = []
        has_signs = self.transform.scale == "asinh"
        for value in sorted(_powers(low - below, high - below, self.transform.softening)):
            if value < 0 and not has_signs:
                continue
            at = float(self.transform.apply(np.array([value + below]))[0])
            share = (at - self.low) / (self.high - self.low)
            if -1e-6 <= share <= 1 + 1e-6:
                found.append((share, "0" if value == 0 else _short(value)))
        return _thinned(found, most)

    def _ends(self) -> tuple[float, float]:
        low, high = self.transform.invert(np.array([self.low, self.high])).tolist()
        return low, high


def _powers(low: float, high: float, softening: float) -> list[float]:
    """0, and powers of ten of both signs between ``low`` and ``high`` from the softening on, below which all is nearly 0."""
    reach = max(abs(low), abs(high), softening)
    exponents = range(math.ceil(math.log10(softening) - 1e-9), math.floor(math.log10(reach) + 1e-9) + 1)
    powers = [10.0**exponent for exponent in exponents]
    return [one for one in (0.0, *powers, *(-one for one in powers)) if low - softening <= one <= high * (1 + 1e-9)]


def _short(value: float) -> str:
    return value_text(value) if 1e-2 <= abs(value) <= 1e4 else power_text(value)


def _thinned(ticks: list[tuple[float, str]], most: int) -> list[tuple[float, str]]:
    """Those that stand far enough from the one below."""
    kept: list[tuple[float, str]] = []
    for one in ticks:
        if not kept or one[0] - kept[-1][0] >= 1 / max(most, 1):
            kept.append(one)
    return kept
