"""Numbers to predict from one or two others: functions whose whole graph fits into a picture, with the network's beside it.

Inputs are uniform over [−1, 1], values lie about there too, and Gaussian noise is added to the values alone.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.params import param
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.data.base import DATA_SOURCES, Dataset, DataSource
from simulations.data.declarations import noise, samples


def _noise(default: float) -> Any:
    return noise(default, N_("Standard deviation of the Gaussian noise added to every value to predict."))


@dataclass(frozen=True)
class Function(DataSource):
    """Inputs ``(n, d)`` uniform over [−1, 1]ᵈ and values ``(n, 1)`` = f(inputs) + noise."""

    variables: ClassVar[int]

    samples: int = samples()
    noise: float = _noise(0.05)

    @property
    def input_shape(self) -> Shape:
        return (self.variables,)

    @property
    def targets(self) -> Targets:
        return Targets.values(("y",))

    @abstractmethod
    def value(self, inputs: FloatArray) -> FloatArray:
        """f at ``inputs`` ``(n, d)``, as ``(n,)``."""

    def generate(self, rng: np.random.Generator) -> Dataset:
        inputs = rng.uniform(-1, 1, (self.samples, self.variables))
        exact = self.value(inputs)[:, np.newaxis]
        return Dataset(inputs, exact + self.noise * rng.standard_normal(exact.shape), self.targets.names)


def _sine(phase: FloatArray) -> FloatArray:
    height: FloatArray = np.sin(2 * np.pi * phase)
    return height


def _triangle(phase: FloatArray) -> FloatArray:
    height: FloatArray = 1 - 4 * np.abs((phase + 0.25) % 1 - 0.5)
    return height


def _square(phase: FloatArray) -> FloatArray:
    return np.where(phase % 1 < 0.5, 1.0, -1.0)


def _sawtooth(phase: FloatArray) -> FloatArray:
    return 2 * (phase % 1) - 1


_WAVES: Final[dict[str, Callable[[FloatArray], FloatArray]]] = {
    "sine": _sine,
    "triangle": _triangle,
    "square": _square,
    "sawtooth": _sawtooth,
}


@final
@DATA_SOURCES.register(
    "wave",
    label=N_("Wave y(x)"),
    summary=N_("A curve to fit: a sine, or waves with corners and jumps that smooth activations must round off."),
    source="Hornik, Stinchcombe & White 1989, “Multilayer feedforward networks are universal approximators”",
)
@dataclass(frozen=True)
class Wave(Function):
    """f(x) = wave(waves·(x + 1)/2), with a period of 1: sine sin 2πφ, and the triangle, square and sawtooth of its sign."""

    variables: ClassVar[int] = 1

    samples: int = samples(300)
    shape: str = param(
        "sine",
        choices=tuple(_WAVES),
        labels=(N_("sine"), N_("triangle wave"), N_("square wave"), N_("sawtooth")),
        label=N_("Shape"),
        help=N_("The sine is smooth, the triangle has corners, the square and the sawtooth jump."),
    )
    waves: float = param(2.0, low=0.25, high=8.0, label=N_("Waves"), help=N_("How many waves lie between −1 and 1."))

    @property
    def feature_names(self) -> tuple[str, ...]:
        return ("x",)

    def value(self, inputs: FloatArray) -> FloatArray:
        return _WAVES[self.shape](self.waves * (inputs[:, 0] + 1) / 2)


def _plane(x: FloatArray, y: FloatArray) -> FloatArray:
    return (x + y) / 2


def _bump(x: FloatArray, y: FloatArray) -> FloatArray:
    height: FloatArray = np.exp(-(x**2 + y**2) / (2 * 0.35**2))
    return height


def _bumps(x: FloatArray, y: FloatArray) -> FloatArray:
    """Two hills and two hollows of width 0.3 at (±½, ±½)."""
    total = np.zeros_like(x)
    for a, b, sign in ((0.5, 0.5, 1), (-0.5, -0.5, 1), (0.5, -0.5, -1), (-0.5, 0.5, -1)):
        total += sign * np.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * 0.3**2))
    return total


def _saddle(x: FloatArray, y: FloatArray) -> FloatArray:
    return x**2 - y**2


def _ripple(x: FloatArray, y: FloatArray) -> FloatArray:
    height: FloatArray = np.cos(3 * np.pi * np.hypot(x, y))
    return height


_RELIEFS: Final[dict[str, Callable[[FloatArray, FloatArray], FloatArray]]] = {
    "plane": _plane,
    "bump": _bump,
    "bumps": _bumps,
    "saddle": _saddle,
    "ripple": _ripple,
}


@final
@DATA_SOURCES.register(
    "relief",
    label=N_("Relief y(x₁, x₂)"),
    summary=N_("A height over the plane to fit: one layer tilts a plane, hills and ripples need hidden units."),
    source="plane and bumps after TensorFlow Playground's two regression sets",
)
@dataclass(frozen=True)
class Relief(Function):
    """f of two variables: plane (x₁ + x₂)/2, bump exp(−r²/2·0.35²), four bumps, saddle x₁² − x₂², ripple cos 3πr."""

    variables: ClassVar[int] = 2

    shape: str = param(
        "bumps",
        choices=tuple(_RELIEFS),
        labels=(N_("plane"), N_("bump"), N_("four bumps"), N_("saddle"), N_("ripple")),
        label=N_("Shape"),
        help=N_("What the height looks like over the square from −1 to 1."),
    )

    def value(self, inputs: FloatArray) -> FloatArray:
        return _RELIEFS[self.shape](inputs[:, 0], inputs[:, 1])
