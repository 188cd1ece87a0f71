"""A loss at work: on one network, with what it has found out about the data and what it learns itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import numpy as np

from simulations.core.arrays import Array, FloatArray, IntArray
from simulations.core.interrupt import Interrupt
from simulations.core.targets import Targets

if TYPE_CHECKING:
    from simulations.data.scaler import Scaler
    from simulations.nn.losses.base import Loss, PlainLoss
    from simulations.nn.network import Network
    from simulations.nn.tape import Tape
    from simulations.nn.teacher import Teacher


@dataclass(frozen=True)
class Setting:
    """Where a loss is put to work. ``counts`` ``(k,)`` are the training samples of each class (None for values),
    ``scaler`` is what the inputs were prepared with (None: as they are)."""

    network: Network
    wanted: Targets
    counts: IntArray | None = None
    scaler: Scaler | None = None
    teacher: Teacher | None = None
    interrupt: Interrupt | None = None


class Criterion(ABC):
    """Judges the outputs of one network. All methods take the tape that the outputs were computed on.

    ``state`` holds what the loss learns beside the network, by name; it belongs to checkpoints as θ does.
    """

    def __init__(self, loss: Loss) -> None:
        self.loss = loss
        self.state: dict[str, Array] = {}

    @abstractmethod
    def value_and_gradient(self, outputs: FloatArray, targets: Array, tape: Tape) -> float:
        """The mean loss; ∂loss/∂outputs is written into ``tape.d_outputs``. Learns nothing."""

    @abstractmethod
    def value(self, outputs: FloatArray, targets: Array, tape: Tape) -> float:
        """The mean loss over the batch."""

    def judge(self, outputs: FloatArray, targets: Array, tape: Tape) -> float:
        """:meth:`value_and_gradient` of a training step; what is learnt from it waits for :meth:`settle`."""
        return self.value_and_gradient(outputs, targets, tape)

    def settle(self) -> None:
        """Take over what the last judged step taught, once that step is done."""
        return

    def mass(self, targets: Array) -> float:
        """What a batch counts in a mean over batches."""
        return len(targets)

    def restore(self, state: Mapping[str, Array]) -> None:
        """Go on from a ``state`` that was saved; what does not fit starts afresh."""
        for name, kept in state.items():
            if name in self.state and self.state[name].shape == kept.shape:
                self.state[name][...] = kept


@final
class PlainCriterion(Criterion):
    """A loss of outputs and targets alone: nothing to learn, nothing else to look at."""

    def __init__(self, loss: PlainLoss) -> None:
        super().__init__(loss)
        self._value, self._value_and_gradient, self._mass = loss.value, loss.value_and_gradient, loss.mass

    def value_and_gradient(self, outputs: FloatArray, targets: Array, tape: Tape) -> float:
        return self._value_and_gradient(outputs, targets, tape.d_outputs)

    judge = value_and_gradient

    def value(self, outputs: FloatArray, targets: Array, tape: Tape) -> float:
        return self._value(outputs, targets)

    def mass(self, targets: Array) -> float:
        return self._mass(targets)


def class_counts(targets: Array, wanted: Targets) -> IntArray | None:
    """How many positions of ``targets`` are of each class, ``(k,)``; None for values."""
    if wanted.kind == "values":
        return None
    counts: Any = np.bincount(targets.ravel(), minlength=len(wanted.names))
    return counts  # type: ignore[no-any-return]
