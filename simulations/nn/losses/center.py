"""Center loss: softmax cross-entropy that also draws the features of a class together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.errors import ShapeError
from simulations.core.params import param
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.nn.losses.base import LOSSES, Loss
from simulations.nn.losses.criterion import Criterion, Setting
from simulations.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy

if TYPE_CHECKING:
    from simulations.nn.tape import Tape


@LOSSES.register(
    "center",
    label=N_("Center loss"),
    summary=N_(
        "Softmax cross-entropy that also pulls the features of each class towards a centre, which follows them."
    ),
    source="Wen et al. 2016, “A discriminative feature learning approach for deep face recognition”, equations 2–5",
)
@final
@dataclass(frozen=True)
class Center(Loss):
    """L = cross-entropy + λ·½·mean‖f − c_true‖², with f the features: what the last layer with parameters takes in.

    The centres c ``(k, D)`` start at 0 and are no parameters: after each step, c ← c + α·Σ(f − c)/(1 + count) over the
    samples of their class in the batch (equation 4, so that a class without samples stays where it is).
    """

    weight: float = param(
        0.01,
        low=1e-6,
        high=10.0,
        scale="log",
        live=True,
        label=N_("Pull λ"),
        help=N_("How much the distance to the centres counts beside the cross-entropy."),
    )
    centre_rate: float = param(
        0.5,
        low=0.0,
        high=1.0,
        live=True,
        label=N_("Centre rate α"),
        help=N_("How far the centres move towards the features of a batch; 0 leaves them where they are."),
    )

    def check_targets(self, targets: Targets) -> None:
        super().check_targets(targets)
        if targets.steps:
            raise ShapeError(N_("Center loss needs one class per sample, but these data have one at every time step."))

    def at_work(self, setting: Setting) -> Criterion:
        return CenterCriterion(self, setting)


@final
class CenterCriterion(Criterion):
    """Center loss on one network, with its centres."""

    def __init__(self, loss: Center, setting: Setting) -> None:
        super().__init__(loss)
        network = setting.network
        self._center, self._plain = loss, SoftmaxCrossEntropy()
        counts = [info.parameter_count for info in network.infos]
        self._layer = max((index for index, count in enumerate(counts) if count), default=0)
        shape = network.infos[self._layer - 1].output_shape if self._layer else network.input_shape
        self._centres = np.zeros((len(setting.wanted.names), math.prod(shape)), network.dtype)
        self.state["centres"] = self._centres
        self._learnt: FloatArray | None = None

    def value(self, outputs: FloatArray, targets: Array, tape: Tape) -> float:
        distances = self._features(tape) - self._centres[targets]
        return self._plain.value(outputs, targets) + self._distance(distances)

    def value_and_gradient(self, outputs: FloatArray, targets: Array, tape: Tape) -> float:
        return self._compare(outputs, targets, tape)[0]

    def judge(self, outputs: FloatArray, targets: Array, tape: Tape) -> float:
        value, distances = self._compare(outputs, targets, tape)
        belongs = (np.arange(len(self._centres))[:, None] == targets).astype(distances.dtype)
        rates = self._center.centre_rate / (1 + belongs.sum(axis=1))
        self._learnt = self._centres + rates[:, None] * (belongs @ distances)
        return value

    def settle(self) -> None:
        if self._learnt is not None:
            self._centres[...] = self._learnt
            self._learnt = None

    def _compare(self, outputs: FloatArray, targets: Array, tape: Tape) -> tuple[float, FloatArray]:
        """The loss, and how far the features are from their centres ``(n, D)``."""
        value = self._plain.value_and_gradient(outputs, targets, tape.d_outputs)
        distances = self._features(tape) - self._centres[targets]
        inside = tape.added_gradient(self._layer)
        if inside is not None:
            flat = inside.reshape(distances.shape, order="F")
            np.multiply(distances, self._center.weight / max(len(targets), 1), out=flat)
        return value + self._distance(distances), distances

    def _distance(self, distances: FloatArray) -> float:
        if not len(distances):
            return 0.0
        return 0.5 * self._center.weight * float((distances * distances).sum()) / len(distances)

    def _features(self, tape: Tape) -> FloatArray:
        """What the last layer with parameters takes in, ``(n, D)``."""
        features: Any = tape.outputs[self._layer - 1] if self._layer else tape.x
        flat: FloatArray = features.reshape((len(features), self._centres.shape[1]), order="F")
        return flat
