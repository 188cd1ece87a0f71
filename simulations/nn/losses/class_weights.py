"""How much each class counts in a loss: so that a rare class is not drowned by a common one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import DTypeLike

from simulations.core.arrays import FloatArray, IntArray
from simulations.core.errors import ShapeError
from simulations.core.params import param
from simulations.core.registry import Registry
from simulations.core.targets import Targets
from simulations.core.text import N_


@dataclass(frozen=True)
class ClassWeights(ABC):
    """A rule that gives every class a weight."""

    kind: ClassVar[str]

    def check(self, targets: Targets) -> None:
        """Raise :class:`ShapeError` in words when the rule does not suit the classes."""
        return

    def resolved(self, counts: IntArray | None) -> ClassWeights:
        """The rule with its numbers found out from the training samples of each class ``(k,)``."""
        return self

    @abstractmethod
    def of(self, classes: int, dtype: DTypeLike) -> FloatArray | None:
        """The weights ``(k,)``; None where all are 1."""


CLASS_WEIGHTS: Registry[ClassWeights] = Registry(N_("class weights"))


@final
@CLASS_WEIGHTS.register(
    "equal", label=N_("Equal"), summary=N_("Every sample counts the same, whatever its class."), source="weight=None"
)
@dataclass(frozen=True)
class Equal(ClassWeights):
    """wⱼ = 1."""

    def of(self, classes: int, dtype: DTypeLike) -> FloatArray | None:
        return None


@final
@CLASS_WEIGHTS.register(
    "balanced",
    label=N_("Balanced"),
    summary=N_(
        "A class counts the more the rarer it is among the training samples, so that all classes count the same."
    ),
    source="sklearn.utils.class_weight.compute_class_weight('balanced')",
)
@dataclass(frozen=True)
class Balanced(ClassWeights):
    """wⱼ = n / (k·nⱼ) over the training part (a class without samples: as if it had one)."""

    def resolved(self, counts: IntArray | None) -> ClassWeights:
        if counts is None:
            return self
        weights = counts.sum() / (len(counts) * np.maximum(counts, 1))
        return Listed(tuple(weights.tolist()))

    def of(self, classes: int, dtype: DTypeLike) -> FloatArray | None:
        raise ValueError("balanced weights follow from the class counts: resolve them first")


@final
@CLASS_WEIGHTS.register(
    "listed",
    label=N_("Listed"),
    summary=N_("A number for each class, in the order of the classes."),
    source="weight=… of torch.nn.CrossEntropyLoss",
)
@dataclass(frozen=True)
class Listed(ClassWeights):
    """wⱼ as given; classes without a number weigh 1."""

    weights: tuple[float, ...] = param(
        (),
        low=1e-3,
        high=1e3,
        live=True,
        label=N_("Weights"),
        help=N_("A number for each class, in order; the classes that are left out weigh 1."),
    )

    def check(self, targets: Targets) -> None:
        if len(self.weights) > len(targets.names):
            raise ShapeError(
                N_("There are {received} class weights, but only {expected} classes."),
                received=len(self.weights),
                expected=len(targets.names),
            )

    def of(self, classes: int, dtype: DTypeLike) -> FloatArray | None:
        weights = np.ones(classes, dtype)
        weights[: len(self.weights)] = self.weights
        return weights
