"""Shifting and scaling features to zero mean and unit variance, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from simulations.core.arrays import FloatArray

_LARGE = 64 << 20  # bytes of inputs beyond which statistics are gathered in pieces
_PIECE = 1 << 20  # numbers of one piece
_FAINT = 1e-150  # the squares of smaller departures from the mean lose digits, and vanish from 1e-162 on


@dataclass(frozen=True)
class Scaler:
    """(x − mean) / scale. Both are arrays over the last axis: one number per feature of a point, per channel of an image.

    An image's pixels share their statistics: scaled one by one, a corner that is nearly always blank would turn the
    one stroke that reaches it into a value of 40.
    """

    mean: FloatArray
    scale: FloatArray

    @staticmethod
    def fit(inputs: FloatArray) -> Scaler:
        """Mean and standard deviation of ``inputs`` over every axis but the last; what never varies has scale 1."""
        axes = tuple(range(inputs.ndim - 1))
        mean, scale = _moments(inputs, axes)
        varies = inputs.max(axis=axes) != inputs.min(axis=axes)
        faint = varies & (scale < _FAINT)
        if faint.any():
            scale[faint] = _faint_spread(inputs[..., faint] - mean[faint], axes)
        scale[~varies | (scale == 0.0)] = 1.0
        return Scaler(mean, scale)

    @staticmethod
    def identity(inputs: FloatArray) -> Scaler:
        """The scaler that changes nothing."""
        features = inputs.shape[-1]
        return Scaler(np.zeros(features), np.ones(features))

    def apply(self, inputs: FloatArray, dtype: DTypeLike = np.float32) -> FloatArray:
        """``inputs`` in data units → what the network sees: the same shape, C-contiguous, of ``dtype``."""
        result = np.empty(inputs.shape, dtype)
        for part in _pieces(inputs):
            result[part] = (inputs[part] - self.mean) / self.scale
        return result

    def undo(self, scaled: FloatArray) -> FloatArray:
        """What the network says → data units."""
        return scaled * self.scale + self.mean


def _moments(inputs: FloatArray, axes: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation in float64, without a second copy of inputs that are large."""
    if inputs.nbytes <= _LARGE:
        return inputs.mean(axis=axes, dtype=np.float64), inputs.std(axis=axes, dtype=np.float64)
    count = inputs.size // inputs.shape[-1]
    mean = sum(inputs[part].sum(axis=axes, dtype=np.float64) for part in _pieces(inputs)) / count
    spread = sum(np.square(inputs[part] - mean).sum(axis=axes) for part in _pieces(inputs)) / count
    return mean, np.sqrt(spread)


def _faint_spread(departures: FloatArray, axes: tuple[int, ...]) -> FloatArray:
    """The root of the mean square, by shares of the largest, whose squares do not vanish; 0 below the smallest number."""
    largest: FloatArray = np.abs(departures).max(axis=axes)
    shares = np.divide(departures, largest, out=np.zeros_like(departures), where=largest > 0.0)
    spread: FloatArray = largest * np.sqrt(np.square(shares).mean(axis=axes))
    return spread


def _pieces(inputs: FloatArray) -> Iterator[slice]:
    """All of ``inputs``, a few samples at a time, so that temporaries stay small."""
    some = max(1, _PIECE // max(1, inputs[:1].size))
    return (slice(start, start + some) for start in range(0, len(inputs), some))
