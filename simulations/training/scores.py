"""How a run is judged in words a person understands: accuracy for classes, the root mean squared error for values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.data.pipeline import Prepared
from simulations.nn.losses.base import Loss


class Scorer(ABC):
    """Scores outputs against prepared targets. Batches are averaged by what :meth:`raw` says, then read off."""

    @abstractmethod
    def raw(self, outputs: FloatArray, targets: Array) -> float:
        """A mean over the batch, so that the mean over batches of any sizes is weighted by their samples."""

    @abstractmethod
    def read(self, raw: float) -> float:
        """The score that a mean of :meth:`raw` stands for."""

    def score(self, outputs: FloatArray, targets: Array) -> float:
        """The score of one batch."""
        return self.read(self.raw(outputs, targets))


@final
@dataclass(frozen=True)
class Accuracy(Scorer):
    """The share of positions whose class is named."""

    loss: Loss

    def raw(self, outputs: FloatArray, targets: Array) -> float:
        return np.count_nonzero(self.loss.decisions(outputs) == targets) / targets.size

    def read(self, raw: float) -> float:
        return raw

    score = raw


@final
@dataclass(frozen=True)
class RootMeanSquare(Scorer):
    """√mean((z − y)²) over all values, in data units: ``scale`` ``(k,)`` is what the preparation divided them by."""

    scale: FloatArray

    def raw(self, outputs: FloatArray, targets: Array) -> float:
        errors = (outputs - targets) * self.scale
        return float(np.mean(errors * errors))

    def read(self, raw: float) -> float:
        return float(np.sqrt(raw))


def scorer_of(data: Prepared, loss: Loss) -> Scorer:
    """The score that suits the targets of ``data``."""
    return Accuracy(loss) if data.target_scaler is None else RootMeanSquare(data.target_scaler.scale)
