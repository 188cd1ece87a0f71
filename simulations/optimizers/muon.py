"""Momentum whose matrices are made orthogonal: every direction of a layer moves equally far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers.adamw import AdamW
from simulations.optimizers.base import OPTIMIZERS, Matrix, Need, Objective, Optimizer, RateFamily, State, operand
from simulations.optimizers.declarations import decoupled_decay, momentum_share, rate
from simulations.optimizers.moments import follow, shrink

_A, _B, _C = 3.4445, -4.7750, 2.0315  # Jordan 2024: steep at 0, so that small singular values grow fast
_TINY = 1e-7


@final
@OPTIMIZERS.register(
    "muon",
    label=N_("Muon"),
    summary=N_("Makes the momentum of each weight matrix nearly orthogonal; biases are left to AdamW."),
    source="Jordan et al. 2024; torch.optim.Muon(adjust_lr_fn='original')",
)
@dataclass(frozen=True)
class Muon(Optimizer):
    """M ← μ·M + (1−μ)·G; O = NS(lerp(G, M, μ)); W ← W − η·λ·W − η·√max(1, outputs/inputs)·O.

    NS is five rounds of X ← a·X + (b·X·Xᵀ + c·(X·Xᵀ)²)·X. It works in θ's own precision (PyTorch: bfloat16). What is no
    matrix is moved by AdamW at the same rate and decay.
    """

    needs: ClassVar[tuple[Need, ...]] = ("gradient", "matrices")
    rate_family: ClassVar[RateFamily] = "length"
    is_separable: ClassVar[bool] = True

    learning_rate: float = rate(1e-3)
    momentum: float = momentum_share(0.95)
    weight_decay: float = decoupled_decay(0.1)
    nesterov: bool = param(
        True,
        live=True,
        label=N_("Nesterov"),
        help=N_("Add the newest gradient once more before it is made orthogonal."),
    )
    rounds: int = param(
        5, low=1, high=12, live=True, label=N_("Rounds"), help=N_("Newton–Schulz rounds that make a matrix orthogonal.")
    )

    def start(self, theta: FloatArray) -> State:
        return {name: np.zeros_like(theta) for name in ("first_moment", "second_moment", "_step")}

    def step(self, theta: FloatArray, objective: Objective, state: State, t: int) -> None:
        gradient, matrices = objective.gradient(theta), _matrices(objective)
        for one in matrices:
            self._move_matrix(theta, gradient, state, one)
        rest = AdamW(learning_rate=self.learning_rate, weight_decay=self.weight_decay)
        for place in _between(matrices, theta.shape[-1]):
            part = {name: array[..., place] for name, array in state.items()}
            rest.update(theta[..., place], gradient[..., place], part, t)

    def _move_matrix(self, theta: FloatArray, gradient: FloatArray, state: State, one: Matrix) -> None:
        place = slice(one.start, one.start + one.rows * one.columns)
        w, g, m, step = (a[..., place] for a in (theta, gradient, state["first_moment"], state["_step"]))
        follow(m, g, self.momentum, step)
        direction = m.copy()
        if self.nesterov:
            direction *= operand(self.momentum, theta)
            direction += operand(1 - self.momentum, theta) * g
        shape = (*theta.shape[:-1], one.rows, one.columns)
        moved = orthogonalised(direction.reshape(shape), self.rounds).reshape(w.shape)
        shrink(w, self.learning_rate, self.weight_decay)
        moved *= operand(self.learning_rate * max(1.0, one.columns / one.rows) ** 0.5, theta)
        np.subtract(w, moved, out=w)


def orthogonalised(x: FloatArray, rounds: int) -> FloatArray:
    """``(…, r, c)`` with its singular values driven to about 1 by Newton–Schulz rounds of degree five."""
    x = x / (np.sqrt(np.einsum("...ij,...ij->...", x, x))[..., np.newaxis, np.newaxis] + operand(_TINY, x))
    is_tall = x.shape[-2] > x.shape[-1]
    x = np.swapaxes(x, -1, -2) if is_tall else x
    for _ in range(rounds):
        square = x @ np.swapaxes(x, -1, -2)
        x = operand(_A, x) * x + (operand(_B, x) * square + operand(_C, x) * (square @ square)) @ x
    return np.swapaxes(x, -1, -2) if is_tall else x


def _matrices(objective: Objective) -> Sequence[Matrix]:
    found: Sequence[Matrix] = getattr(objective, "matrices", ())
    return found


def _between(matrices: Sequence[Matrix], count: int) -> Iterator[slice]:
    """What lies beside the matrices, which are in the order of θ."""
    at = 0
    for one in matrices:
        if one.start > at:
            yield slice(at, one.start)
        at = one.start + one.rows * one.columns
    if at < count:
        yield slice(at, count)
