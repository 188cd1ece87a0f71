"""Squared error: how far the outputs are from 1 for the true class and 0 for the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import Array, FloatArray, Shape
from simulations.core.text import N_
from simulations.nn.losses.base import LOSSES, Loss, check_class_scores


@LOSSES.register(
    "squared_error",
    label=N_("Squared error"),
    summary=N_("The mean squared distance of the outputs from 1 for the true class and 0 for the others."),
    source="torch.nn.MSELoss on one-hot targets",
)
@final
@dataclass(frozen=True)
class SquaredError(Loss):
    """L = mean over all n·k outputs of (z − onehot)²; gradient 2(z − onehot)/(n·k).

    The mean is over samples *and* classes. Equals ``torch.nn.MSELoss()`` on one-hot targets.
    """

    def check(self, output_shape: Shape, classes: int) -> None:
        check_class_scores(output_shape, classes)

    def value(self, outputs: FloatArray, targets: Array) -> float:
        return self.value_and_gradient(outputs, targets, np.empty_like(outputs))

    def value_and_gradient(self, outputs: FloatArray, targets: Array, out: FloatArray) -> float:
        np.copyto(out, outputs)
        out[np.arange(len(out)), targets] -= 1
        value = float(np.vdot(out.T, out.T)) / out.size
        out *= 2 / out.size
        return value

    def probabilities(self, outputs: FloatArray) -> FloatArray:
        """The outputs cut to [0, 1] and scaled to sum to 1; all classes alike where nothing is left."""
        p: FloatArray = np.clip(outputs, 0, 1)
        sums = p.sum(axis=1, keepdims=True)
        nothing = sums == 0
        return np.where(nothing, p.dtype.type(1 / p.shape[1]), p / np.where(nothing, p.dtype.type(1), sums))
