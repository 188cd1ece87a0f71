"""What a loss is: the mean over the batch of how wrong the outputs are, and its gradient."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from simulations.core.arrays import Array, FloatArray, Shape, shape_text
from simulations.core.errors import ShapeError
from simulations.core.registry import Registry
from simulations.core.text import N_


@dataclass(frozen=True)
class Loss(ABC):
    """Compares outputs ``(n, k)`` with targets: class indices ``(n,)`` integers."""

    kind: ClassVar[str]

    @abstractmethod
    def check(self, output_shape: Shape, classes: int) -> None:
        """Raise :class:`ShapeError` in words when outputs of ``output_shape`` cannot be compared with the targets."""

    @abstractmethod
    def value(self, outputs: FloatArray, targets: Array) -> float:
        """The mean loss of the batch."""

    @abstractmethod
    def value_and_gradient(self, outputs: FloatArray, targets: Array, out: FloatArray) -> float:
        """The mean loss; ∂loss/∂outputs (already divided by the batch size) is written into ``out``."""

    @abstractmethod
    def probabilities(self, outputs: FloatArray) -> FloatArray:
        """What the outputs say about each class, ``(n, k)``, rows summing to 1: for pictures and predictions."""


LOSSES: Registry[Loss] = Registry("loss")


def check_class_scores(output_shape: Shape, classes: int) -> None:
    """Raise :class:`ShapeError` unless there is one output per class."""
    if len(output_shape) != 1:
        raise ShapeError(
            N_("The loss needs one number per class, got {received}: end with a flatten and a dense layer."),
            received=shape_text(output_shape),
        )
    if output_shape[0] != classes:
        raise ShapeError(
            N_("The data has {expected} classes, so the last layer needs {expected} outputs, not {received}."),
            expected=classes,
            received=output_shape[0],
        )
