"""Matrix methods on a problem of their own: learn eight associations, some seen often, some hardly ever, with an 8×8 matrix.

A point on the plane has no singular values, so a method that makes every direction of a matrix move equally far has nothing
to show there. Here it has: gradient methods learn an association as fast as it is frequent, Muon learns all of them at once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.interrupt import Interrupt, Interrupted
from simulations.core.params import param
from simulations.core.rng import stream
from simulations.core.text import N_
from simulations.optimizers.adam import Adam
from simulations.optimizers.base import Matrix, Need, Optimizer
from simulations.optimizers.momentum import Momentum
from simulations.optimizers.muon import Muon
from simulations.optimizers.sgd import SGD

SIZE: Final = 8
_LOOKED_AT_EVERY: Final = 16


def _rate(default: float, label: str) -> Any:
    return param(
        default,
        low=1e-4,
        high=10.0,
        scale="log",
        live=True,
        label=label,
        help=N_("The learning rate of this method; it keeps its other numbers, and nobody has weight decay here."),
    )


@dataclass(frozen=True)
class MatrixProblem:
    """Eight pairs of orthonormal keys kᵢ and values vᵢ with frequencies pᵢ from 1 down to 1/κ, and a rate for each method."""

    condition: float = param(
        1000.0,
        low=1.0,
        high=1e4,
        scale="log",
        live=True,
        label=N_("Condition number κ"),
        help=N_("How much more often the most frequent association is seen than the rarest."),
    )
    steps: int = param(
        200,
        low=10,
        high=2000,
        scale="log",
        live=True,
        unit=N_("steps"),
        label=N_("Length"),
        help=N_("Steps each method takes."),
    )
    schedule: str = param(
        "linear",
        choices=("constant", "linear"),
        labels=(N_("Constant"), N_("Falling to 0")),
        live=True,
        label=N_("Schedule"),
        help=N_("How the rates of all methods go on from what they begin with."),
    )
    seed: int = param(
        0, low=0, high=2**31 - 1, live=True, label=N_("Seed"), help=N_("Decides the keys and the values.")
    )
    sgd_rate: float = _rate(1.0, N_("Rate of SGD"))
    momentum_rate: float = _rate(1.0, N_("Rate of Momentum"))
    adam_rate: float = _rate(0.1, N_("Rate of Adam"))
    muon_rate: float = _rate(0.02, N_("Rate of Muon"))

    def methods(self) -> tuple[Optimizer, ...]:
        """What runs side by side, in the order of their columns."""
        return (
            SGD(learning_rate=self.sgd_rate),
            Momentum(learning_rate=self.momentum_rate),
            Adam(learning_rate=self.adam_rate),
            Muon(learning_rate=self.muon_rate, weight_decay=0.0),
        )

    def factor(self, t: int) -> float:
        """What the rates are multiplied by in step ``t``, the first being 1."""
        return 1.0 if self.schedule == "constant" else 1 - (t - 1) / self.steps


class Associations:
    """½·Σ pᵢ·‖Wᵀkᵢ − vᵢ‖² as a function of W, ``(…, 64)`` row by row.

    Its gradient K·diag(p)·(KᵀW − V) has the singular values pᵢ at W = 0: descent learns the i-th pair at the rate η·pᵢ.
    """

    offers: ClassVar[tuple[Need, ...]] = ("value", "gradient", "matrices")
    matrices: ClassVar[tuple[Matrix, ...]] = (Matrix(0, SIZE, SIZE),)

    def __init__(self, problem: MatrixProblem) -> None:
        self.frequencies: FloatArray = np.geomspace(1, 1 / problem.condition, SIZE)
        self.keys = _orthonormal(problem.seed, "associations, keys")
        self.values = _orthonormal(problem.seed, "associations, values")

    def value(self, theta: FloatArray) -> FloatArray:
        found: FloatArray = (self._missing(theta) ** 2).sum(axis=-1) @ self.frequencies / 2
        return found

    def gradient(self, theta: FloatArray) -> FloatArray:
        weighted = self.frequencies[:, np.newaxis] * self._missing(theta)
        found: FloatArray = (self.keys @ weighted).reshape(theta.shape)
        return found

    def hessian(self, theta: FloatArray) -> FloatArray:
        raise NotImplementedError  # not among what is offered

    def strengths(self, theta: FloatArray) -> FloatArray:
        """How far each association is learnt ``(…, 8)``: vᵢᵀWᵀkᵢ, 1 when it is."""
        recalled = self.keys.T @ theta.reshape(*theta.shape[:-1], SIZE, SIZE)
        found: FloatArray = (recalled * self.values).sum(axis=-1)
        return found

    def _missing(self, theta: FloatArray) -> FloatArray:
        """What recalling each key lacks, ``(…, 8, 8)``, a row a pair."""
        found: FloatArray = self.keys.T @ theta.reshape(*theta.shape[:-1], SIZE, SIZE) - self.values
        return found


def _orthonormal(seed: int, purpose: str) -> FloatArray:
    """A random orthogonal 8×8 matrix, uniformly drawn (Mezzadri 2007): Q of a Gaussian matrix with the signs of R."""
    q, r = np.linalg.qr(stream(seed, purpose).standard_normal((SIZE, SIZE)))
    found: FloatArray = q * np.sign(np.diagonal(r))
    return found


@dataclass(frozen=True, eq=False)
class MatrixRun:
    """One method's run from W = 0.

    ``losses`` ``(steps + 1,)``; ``singular`` ``(steps + 1, 8)`` the singular values of W, the largest first; ``updates``
    ``(steps, 8)`` those of each step's ΔW; ``strengths`` ``(steps + 1, 8)`` how far each association is learnt, the most
    frequent first.
    """

    method: Optimizer
    losses: FloatArray
    singular: FloatArray
    updates: FloatArray
    strengths: FloatArray


def runs(problem: MatrixProblem, interrupt: Interrupt | None = None) -> Iterator[MatrixRun]:
    """Every method's run, one after the other. Raises :class:`Interrupted` when asked to leave."""
    for method in problem.methods():
        yield run(problem, method, interrupt)


def run(problem: MatrixProblem, method: Optimizer, interrupt: Interrupt | None = None) -> MatrixRun:
    """The run of ``method``, which may be any that needs gradients and matrices only."""
    objective = Associations(problem)
    method.check(objective.offers, SIZE * SIZE)
    theta = np.zeros(SIZE * SIZE)
    path = np.empty((problem.steps + 1, SIZE * SIZE))
    path[0] = theta
    state = method.start(theta)
    with np.errstate(all="ignore"):
        for t in range(1, problem.steps + 1):
            if interrupt is not None and t % _LOOKED_AT_EVERY == 0 and interrupt.is_set:
                raise Interrupted
            method.at_rate(method.learning_rate * problem.factor(t)).step(theta, objective, state, t)
            path[t] = theta
        return MatrixRun(
            dataclasses.replace(method),
            objective.value(path),
            singular_values(path),
            singular_values(np.diff(path, axis=0)),
            objective.strengths(path),
        )


def singular_values(matrices: FloatArray) -> FloatArray:
    """Of ``(n, 64)`` matrices, ``(n, 8)``, the largest first; NaN where a number is not finite."""
    found = np.full((len(matrices), SIZE), np.nan)
    finite = np.isfinite(matrices).all(axis=-1)
    found[finite] = np.linalg.svd(matrices[finite].reshape(-1, SIZE, SIZE), compute_uv=False)
    return found
