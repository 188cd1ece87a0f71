"""A curve of any length in at most 2 000 points, kept up to date as measurements arrive.

Drawing a million points costs more than training. Min/max decimation shows what the full curve would show: each block of
consecutive measurements is represented by its smallest and its largest, at the places where they happened. When the blocks
run out, neighbours merge and the block length doubles, so adding costs O(1) amortised and reading costs the same after
ten steps and after ten million.
"""

from __future__ import annotations

import numpy as np

from simulations.core.arrays import FloatArray

POINTS = 2000
_BLOCKS = POINTS // 2 - 2  # two points a block; the unfinished block at the end needs up to three


class MinMaxCurve:
    """One curve as rows ``(3, m)`` of (step, seconds, value), decimated; exact while there are fewer than 1 996 points."""

    def __init__(self) -> None:
        self._points = np.empty((3, 2 * _BLOCKS))
        self._blocks = 0
        self._length = 2  # measurements a block; a block of two keeps both, so nothing is lost at first
        self._tail: FloatArray = np.empty((3, 0))
        self._last: FloatArray = np.empty((3, 0))
        self.count = 0

    @property
    def block_length(self) -> int:
        """How many measurements one pair of points stands for."""
        return self._length

    def extend(self, rows: FloatArray) -> None:
        """Add measurements: ``rows`` is ``(3, m)``, in order of step, values finite."""
        if not rows.shape[1]:
            return
        self.count += rows.shape[1]
        self._last = rows[:, -1:].copy()
        tail: FloatArray = np.concatenate((self._tail, rows), axis=1)
        while tail.shape[1] >= self._length:
            if self._blocks == _BLOCKS:
                self._merge_neighbours()
                continue
            taken = min(_BLOCKS - self._blocks, tail.shape[1] // self._length)
            blocks = tail[:, : taken * self._length].reshape(3, taken, self._length)
            self._points[:, 2 * self._blocks : 2 * (self._blocks + taken)] = _extremes(blocks)
            self._blocks += taken
            tail = tail[:, taken * self._length :]
        self._tail = tail.copy()

    def keep_blocks(self, count: int) -> int:
        """Forget what comes after the whole blocks among the first ``count`` measurements; return how many stay.

        The caller adds the measurements between that number and ``count`` again; there is at least one unless ``count`` is 0.
        """
        self._blocks = min(self._blocks, max(count - 1, 0) // self._length)
        self._tail = self._last = np.empty((3, 0))
        self.count = self._blocks * self._length
        return self.count

    def points(self) -> FloatArray:
        """The decimated curve, a new ``(3, m)`` array; the newest measurement is always its last point."""
        parts = [self._points[:, : 2 * self._blocks], self._tail]
        if self._tail.shape[1] > 2:
            parts[1] = _extremes(self._tail[:, None, :])
        curve = np.concatenate(parts, axis=1)
        if curve.shape[1] and curve[0, -1] != self._last[0, 0]:
            curve = np.concatenate((curve, self._last), axis=1)
        return curve

    def _merge_neighbours(self) -> None:
        merged = _extremes(self._points.reshape(3, _BLOCKS // 2, 4))
        self._blocks = _BLOCKS // 2
        self._points[:, : 2 * self._blocks] = merged
        self._length *= 2


def _extremes(blocks: FloatArray) -> FloatArray:
    """The two columns of each block with the first smallest and the last largest value: ``(3, b, m)`` to ``(3, 2·b)``."""
    values = blocks[2]
    low = values.argmin(axis=1)
    high = values.shape[1] - 1 - values[:, ::-1].argmax(axis=1)
    places = np.sort(np.stack((low, high), axis=1), axis=1)
    chosen: FloatArray = np.take_along_axis(blocks, places[None], axis=2).reshape(3, -1)
    return chosen
