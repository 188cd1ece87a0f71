"""Sequences that ask for memory: what was said some steps ago decides what is right now.

Inputs are ``(n, t, d)``. Every task can be solved exactly (up to its noise), needs a memory of known length, and is
hopeless without one, so that recurrent layers can be told apart by how long they remember.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import Shape
from simulations.core.params import param
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.data.base import DATA_SOURCES, Dataset, DataSource
from simulations.data.declarations import noise, samples
from simulations.data.toy import letters


def _samples(default: int) -> Any:
    return samples(default, low=20, high=10_000)


def _length(default: int) -> Any:
    return param(
        default, low=4, high=100, unit=N_("steps"), label=N_("Length"), help=N_("How many steps a sequence has.")
    )


def _lag(default: int, low: int, high: int) -> Any:
    return param(
        default,
        low=low,
        high=high,
        unit=N_("steps"),
        label=N_("Lag"),
        help=N_("How many steps something must be remembered before it is asked for."),
    )


@final
@DATA_SOURCES.register(
    "adding",
    label=N_("Adding problem"),
    summary=N_("Two numbers of a long sequence are marked; their sum is asked for at the end. The test of memory."),
    source="Hochreiter & Schmidhuber 1997, “Long short-term memory”, experiment 4",
)
@dataclass(frozen=True)
class Adding(DataSource):
    """Features: a number from U(0, 1), and 1 on one step of each half of the sequence, else 0. Value: the marked numbers' sum.

    Who always says 1 has an error of √(1/6) ≈ 0.41.
    """

    samples: int = _samples(2000)
    length: int = _length(20)

    @property
    def input_shape(self) -> Shape:
        return (self.length, 2)

    @property
    def feature_names(self) -> tuple[str, ...]:
        return N_("number"), N_("marked")

    @property
    def targets(self) -> Targets:
        return Targets.values((N_("sum"),))

    def generate(self, rng: np.random.Generator) -> Dataset:
        n, half = self.samples, self.length // 2
        numbers, marks = rng.random((n, self.length)), np.zeros((n, self.length))
        rows = np.arange(n)
        marks[rows, rng.integers(0, half, n)] = 1
        marks[rows, rng.integers(half, self.length, n)] = 1
        sums = (numbers * marks).sum(axis=1, keepdims=True)
        return Dataset(np.stack([numbers, marks], axis=2), sums, self.targets.names)


@final
@DATA_SOURCES.register(
    "copy",
    label=N_("Copy with lag"),
    summary=N_("Some symbols, a silence, a signal: then the symbols are to be said again in the same order."),
    source="after Hochreiter & Schmidhuber 1997; Arjovsky, Shah & Bengio 2016, “Unitary evolution recurrent networks”",
)
@dataclass(frozen=True)
class Copy(DataSource):
    """t = 2·length + lag steps. Features: one per symbol (1 on the step it is said), and the signal, 1 on the first step
    of the answer. Classes of every step: silence, or the symbol said length + lag steps before."""

    samples: int = _samples(1000)
    symbols: int = param(4, low=2, high=8, label=N_("Symbols"), help=N_("How many different symbols there are."))
    length: int = param(
        3, low=1, high=10, label=N_("Symbols to copy"), help=N_("How many symbols are said and copied.")
    )
    lag: int = _lag(5, 0, 50)

    @property
    def input_shape(self) -> Shape:
        return (2 * self.length + self.lag, self.symbols + 1)

    @property
    def feature_names(self) -> tuple[str, ...]:
        return (*letters(self.symbols), N_("signal"))

    @property
    def targets(self) -> Targets:
        return Targets.classes((N_("silence"), *letters(self.symbols)), self.input_shape[:1])

    def generate(self, rng: np.random.Generator) -> Dataset:
        n, length, start = self.samples, self.length, self.length + self.lag
        said = rng.integers(0, self.symbols, (n, length))
        inputs = np.zeros((n, *self.input_shape))
        inputs[np.arange(n)[:, None], np.arange(length), said] = 1
        inputs[:, start, -1] = 1
        targets = np.zeros((n, start + length), np.intp)
        targets[:, start:] = said + 1
        return Dataset(inputs, targets, self.targets.names)


@final
@DATA_SOURCES.register(
    "next_value",
    label=N_("Sine, next value"),
    summary=N_("Sines of different frequency and phase: after a few values the next one can be told."),
    source="prediction of what comes next: Elman 1990, “Finding structure in time”",
)
@dataclass(frozen=True)
class NextValue(DataSource):
    """Feature x_t = sin(2π(f·t/length + φ)) + noise, with f from U(0.5, fastest) and φ from U(0, 1). Value of every step:
    x_{t+1}, its noise included, so that no network's error can be below the noise."""

    samples: int = _samples(500)
    length: int = _length(25)
    fastest: float = param(
        2.0, low=0.6, high=8.0, label=N_("Fastest"), help=N_("Waves of the fastest sines along a sequence.")
    )
    noise: float = noise(0.05, N_("Standard deviation of the Gaussian noise added to every value."))

    @property
    def input_shape(self) -> Shape:
        return (self.length, 1)

    @property
    def feature_names(self) -> tuple[str, ...]:
        return (N_("value"),)

    @property
    def targets(self) -> Targets:
        return Targets.values((N_("next value"),), self.input_shape[:1])

    def generate(self, rng: np.random.Generator) -> Dataset:
        frequency, phase = rng.uniform(0.5, self.fastest, (self.samples, 1)), rng.random((self.samples, 1))
        exact = np.sin(2 * np.pi * (frequency * np.arange(self.length + 1) / self.length + phase))
        series = (exact + self.noise * rng.standard_normal(exact.shape))[..., np.newaxis]
        return Dataset(series[:, :-1], series[:, 1:], self.targets.names)


@final
@DATA_SOURCES.register(
    "echo",
    label=N_("Echo"),
    summary=N_("Every number is to be repeated a few steps after it was said, while new ones keep coming."),
    source="Jaeger 2001, “Short term memory in echo state networks”",
)
@dataclass(frozen=True)
class Echo(DataSource):
    """Feature x_t from U(−1, 1). Value of every step: x_{t − lag}, and 0 before there is any."""

    samples: int = _samples(1000)
    length: int = _length(20)
    lag: int = _lag(3, 1, 20)

    @property
    def input_shape(self) -> Shape:
        return (self.length, 1)

    @property
    def feature_names(self) -> tuple[str, ...]:
        return (N_("number"),)

    @property
    def targets(self) -> Targets:
        return Targets.values((N_("echo"),), self.input_shape[:1])

    def generate(self, rng: np.random.Generator) -> Dataset:
        said = rng.uniform(-1, 1, (self.samples, self.length, 1))
        echo = np.zeros_like(said)
        echo[:, self.lag :] = said[:, : -self.lag]
        return Dataset(said, echo, self.targets.names)
