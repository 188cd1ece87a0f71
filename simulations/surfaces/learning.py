"""Losses of the smallest models there are: two weights, a handful of samples, and real noise from real batches."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import pi
from typing import Any, ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.rng import stream
from simulations.core.text import N_
from simulations.surfaces.base import SURFACES, Box, Point, Surface, Symbols
from simulations.surfaces.expression import Expression, mean, relu, sin, softplus, tanh


def _noise(default: float) -> Any:
    return param(
        default,
        low=0.0,
        high=2.0,
        live=True,
        label=N_("Noise"),
        help=N_("Standard deviation of what is added to every target."),
    )


@dataclass(frozen=True)
class Fit(Surface):
    """A model with the weights x and y, fitted to samples: f is the mean of every sample's loss."""

    samples_drawn: int = param(
        24,
        low=2,
        high=256,
        scale="log",
        unit=N_("samples"),
        live=True,
        label=N_("Samples"),
        help=N_("How many there are."),
    )
    seed: int = param(
        0, low=0, high=2**31 - 1, live=True, label=N_("Seed"), help=N_("Decides which samples are drawn.")
    )

    @abstractmethod
    def draw(self, count: int, rng: np.random.Generator) -> Mapping[str, FloatArray]:
        """``count`` samples, in columns."""

    def data(self) -> Mapping[str, FloatArray]:
        return self.draw(self.samples_drawn, stream(self.seed, "surface samples"))


@final
@SURFACES.register(
    "linear_regression",
    label=N_("Linear regression"),
    summary=N_("Inputs far from zero make a long narrow valley: this is why inputs are standardised."),
    source="LeCun, Bottou, Orr & Müller 1998, “Efficient backprop”, section 5.1",
)
@dataclass(frozen=True)
class LinearRegression(Fit):
    """Mean of (x·u + y − v)² over inputs u around ``centre`` and targets v = 1.5u − 1 + noise."""

    box: ClassVar[Box] = Box(-1.5, 4.5, -10, 8)
    origin: ClassVar[Point] = (-0.5, 5.0)

    centre: float = param(
        2.0,
        low=0.0,
        high=10.0,
        live=True,
        label=N_("Mean of the inputs"),
        help=N_("0 is what standardising would give."),
    )
    noise: float = _noise(0.5)

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return mean((x * p.sample("u") + y - p.sample("v")) ** 2)

    def draw(self, count: int, rng: np.random.Generator) -> Mapping[str, FloatArray]:
        u = self.centre + rng.standard_normal(count)
        return {"u": u, "v": 1.5 * u - 1 + self.noise * rng.standard_normal(count)}

    def bottoms(self) -> Iterable[Point]:
        data = self.data()
        slope, constant = np.linalg.lstsq(
            np.stack([data["u"], np.ones(len(data["u"]))], axis=1), data["v"], rcond=None
        )[0]
        return [(float(slope), float(constant))]


@final
@SURFACES.register(
    "logistic_regression",
    label=N_("Logistic regression"),
    summary=N_("If a threshold parts the classes the minimum is at infinity: the weight grows as long as one trains."),
    source="Soudry et al. 2018, “The implicit bias of gradient descent on separable data”",
)
@dataclass(frozen=True)
class LogisticRegression(Fit):
    """Mean of log(1 + exp(−s·(x·u + y))) over inputs u of the class s = ±1, ``gap`` or more on their side of zero."""

    box: ClassVar[Box] = Box(-4, 12, -8, 8)
    origin: ClassVar[Point] = (-3.0, 5.0)
    softening: ClassVar[float] = 1e-3

    gap: float = param(
        0.25,
        low=-2.0,
        high=2.0,
        live=True,
        label=N_("Gap"),
        help=N_("Half the distance between the classes; below 0 they overlap."),
    )

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return mean(softplus(-p.sample("s") * (x * p.sample("u") + y)))

    def draw(self, count: int, rng: np.random.Generator) -> Mapping[str, FloatArray]:
        s = np.where(np.arange(count) % 2 == 0, 1.0, -1.0)
        return {"u": s * (self.gap + rng.exponential(1.0, count)), "s": s}


@final
@SURFACES.register(
    "one_neuron",
    label=N_("One neuron"),
    summary=N_("A ReLU that is off for every sample has no gradient: from there no method gets anywhere."),
    source="Goodfellow, Bengio & Courville 2016, section 6.3.1",
)
@dataclass(frozen=True)
class OneNeuron(Fit):
    """Mean of (a(x·u + y) − v)² with the activation a and targets of a neuron with the weights (1.5, 0.5)."""

    box: ClassVar[Box] = Box.square(4)
    origin: ClassVar[Point] = (-2.0, 2.0)

    activation: str = param(
        "relu",
        choices=("relu", "tanh"),
        labels=(N_("ReLU"), N_("Tanh")),
        live=True,
        label=N_("Activation"),
        help=N_("What the neuron does with the weighted sum."),
    )
    noise: float = _noise(0.1)

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        weighted = x * p.sample("u") + y
        return mean(((relu if self.activation == "relu" else tanh)(weighted) - p.sample("v")) ** 2)

    def draw(self, count: int, rng: np.random.Generator) -> Mapping[str, FloatArray]:
        u = rng.uniform(-2, 2, count)
        weighted = 1.5 * u + 0.5
        target = np.maximum(weighted, 0) if self.activation == "relu" else np.tanh(weighted)
        return {"u": u, "v": target + self.noise * rng.standard_normal(count)}


@final
@SURFACES.register(
    "two_layers",
    label=N_("Two layers"),
    summary=N_("Two minima that are the same network with its signs flipped, and a saddle where all weights are zero."),
    source="Goodfellow, Bengio & Courville 2016, section 8.2.2, weight space symmetry",
)
@dataclass(frozen=True)
class TwoLayers(Fit):
    """Mean of (tanh(y·tanh(x·u)) − v)², targets of the network with the weights (1.5, 1.2)."""

    box: ClassVar[Box] = Box.square(4)
    origin: ClassVar[Point] = (-0.4, 0.2)

    noise: float = _noise(0.05)

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return mean((tanh(y * tanh(x * p.sample("u"))) - p.sample("v")) ** 2)

    def draw(self, count: int, rng: np.random.Generator) -> Mapping[str, FloatArray]:
        u = rng.uniform(-2, 2, count)
        return {"u": u, "v": np.tanh(1.2 * np.tanh(1.5 * u)) + self.noise * rng.standard_normal(count)}


@final
@SURFACES.register(
    "frequency_fit",
    label=N_("Fitting a frequency"),
    summary=N_(
        "A wave fits its samples at many wrong frequencies a little: descent finds the nearest, not the right one."
    ),
    source="Rife & Boorstyn 1974, single-tone parameter estimation",
)
@dataclass(frozen=True)
class FrequencyFit(Fit):
    """Mean of (sin(x·u + y) − v)², targets of the wave with ``frequency`` and phase 0.5."""

    box: ClassVar[Box] = Box(0.5, 12, -pi, pi)
    origin: ClassVar[Point] = (9.0, 1.0)

    frequency: float = param(
        5.0, low=1.0, high=10.0, live=True, label=N_("True frequency"), help=N_("The frequency the samples come from.")
    )
    noise: float = _noise(0.1)

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return mean((sin(x * p.sample("u") + y) - p.sample("v")) ** 2)

    def draw(self, count: int, rng: np.random.Generator) -> Mapping[str, FloatArray]:
        u = rng.uniform(-2, 2, count)
        return {"u": u, "v": np.sin(self.frequency * u + 0.5) + self.noise * rng.standard_normal(count)}
