"""What an optimizer is: a rule that moves θ, with all its memory in named arrays shaped like θ.

One implementation serves a network's θ ``(P,)``, a point on a surface ``(2,)`` and 65 536 points at once ``(65536, 2)``;
hyperparameters broadcast. Because the state is visible arrays it can be drawn, saved and rewound.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeAlias

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.registry import Registry
from simulations.core.text import N_

State: TypeAlias = dict[str, FloatArray]


class Objective(Protocol):
    """What is being minimised. It counts its own evaluations."""

    def value(self, theta: FloatArray) -> FloatArray: ...

    def gradient(self, theta: FloatArray) -> FloatArray: ...

    def hessian(self, theta: FloatArray) -> FloatArray: ...


@dataclass(frozen=True)
class Optimizer(ABC):
    """A rule for one step. Instances are configuration only."""

    kind: ClassVar[str]

    learning_rate: float = param(
        0.01,
        low=1e-6,
        high=10.0,
        scale="log",
        live=True,
        label=N_("Learning rate"),
        help=N_("How far one step moves against the gradient."),
    )

    @abstractmethod
    def start(self, theta: FloatArray) -> State:
        """Fresh state for ``theta``; scratch buffers live there too, under names that begin with ``_``."""

    @abstractmethod
    def step(self, theta: FloatArray, objective: Objective, state: State, t: int) -> None:
        """Move ``theta`` in place. ``t`` counts from 1."""


@dataclass(frozen=True)
class FirstOrder(Optimizer):
    """An optimizer that needs one gradient a step and nothing else."""

    def step(self, theta: FloatArray, objective: Objective, state: State, t: int) -> None:
        self.update(theta, objective.gradient(theta), state, t)

    @abstractmethod
    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        """Move ``theta`` in place along ``gradient``, which may be overwritten."""


def operand(value: float | FloatArray, theta: FloatArray) -> FloatArray:
    """A hyperparameter as an array of θ's own dtype, which a vector operation takes twice as fast as a Python number."""
    return np.asarray(value, theta.dtype)


OPTIMIZERS: Registry[Optimizer] = Registry("optimizer")
