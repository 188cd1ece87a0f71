"""BFGS that keeps the last few pairs instead of a matrix, so that it fits a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, Need, Objective, Optimizer, RateFamily, State, operand
from simulations.optimizers.declarations import step_rate
from simulations.optimizers.line_search import dot, strong_wolfe, write_search
from simulations.optimizers.moments import per_point
from simulations.optimizers.worksheet import Worksheet

_MOST = 20  # pairs that have room
_LEAST = 1e-10  # of s·y, as in PyTorch


@final
@OPTIMIZERS.register(
    "lbfgs",
    label=N_("L-BFGS"),
    summary=N_("Newton-like steps from the last few changes of the gradient; unsafe without a line search."),
    source="Nocedal 1980; Nocedal & Wright 2006, algorithm 7.4; torch.optim.LBFGS(max_iter=1)",
)
@dataclass(frozen=True)
class LBFGS(Optimizer):
    """d = −B·g by the two-loop recursion over the last m pairs (s, y); B₀ = s·y/y·y of the newest.

    Without a line search it equals ``torch.optim.LBFGS(max_iter=1)``: α = η, at the first step min(1, 1/‖g‖₁)·η. With
    one, these are the first trials. Pairs are formed between two steps, so it is meant for gradients of the whole set.
    """

    needs: ClassVar[tuple[Need, ...]] = ("value", "gradient")
    rate_family: ClassVar[RateFamily] = "whole"

    learning_rate: float = step_rate(1.0)
    memory: int = param(
        10,
        low=1,
        high=_MOST,
        live=True,
        label=N_("Memory"),
        help=N_("Pairs of step and gradient change that are used."),
    )
    line_search: str = param(
        "wolfe",
        choices=("wolfe", "none"),
        labels=(N_("Strong Wolfe"), N_("None")),
        live=True,
        label=N_("Line search"),
        help=N_("Without one every step has the learning rate's length, and may diverge."),
    )

    def start(self, theta: FloatArray) -> State:
        lead, n = theta.shape[:-1], theta.shape[-1]
        pairs = {name: np.zeros((*lead, _MOST, n), theta.dtype) for name in ("steps", "changes")}
        weights = {"inverse_products": np.zeros((*lead, _MOST, 1), theta.dtype), "scale": per_point(theta, 1.0)}
        return {**pairs, **weights, "previous_gradient": np.zeros_like(theta), "previous_point": np.zeros_like(theta)}

    def step(self, theta: FloatArray, objective: Objective, state: State, t: int) -> None:
        g = objective.gradient(theta).copy()
        if t > 1:
            _remember(state, theta - state["previous_point"], g - state["previous_gradient"])
        direction = self._direction(g, state)
        alpha = np.broadcast_to(operand(self.learning_rate, theta), (*theta.shape[:-1], 1))
        if t == 1:
            alpha = alpha * np.minimum(1, 1 / np.maximum(np.abs(g).sum(axis=-1, keepdims=True), 1e-30))
        if self.line_search == "wolfe":
            alpha = strong_wolfe(objective, theta, direction, dot(g, direction), alpha)
        np.copyto(state["previous_gradient"], g)
        np.copyto(state["previous_point"], theta)
        theta += (alpha * direction).astype(theta.dtype)

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("x previous_point", "g′ previous_gradient")
        state = sheet.memory()
        if sheet.t > 1:
            sheet.line("s ← θ − x", say.MOVED)
            sheet.line("y ← g − g′", say.CHANGE)
            _remember(state, sheet["s"], sheet["y"])
        sheet.let("B", np.stack([-self._direction(one, state) for one in np.eye(2)], axis=-1))
        sheet.give("d ← −B·g", self._direction(sheet["g"], state), say.KEPT_PAIRS)
        first = "η·min(1, 1/max(⟨|g|, 1⟩, 1e-30))" if sheet.t == 1 else "η"
        if self.line_search == "wolfe":
            write_search(sheet, first)
        else:
            sheet.line(f"α ← {first}", say.FULL_RATE)
            sheet.line("θ ← θ + α·d", say.DIRECTION_STEP, "step")
        sheet.around("ellipse", "α·‖g‖·B")

    def _direction(self, g: FloatArray, state: State) -> FloatArray:
        """−B·g; a pair that is not there has weight 0 and changes nothing."""
        s, y, weight = state["steps"], state["changes"], state["inverse_products"]
        d = -g
        shares = []
        for i in range(self.memory):
            shares.append(weight[..., i, :] * dot(s[..., i, :], d))
            d -= shares[i] * y[..., i, :]
        d *= state["scale"]
        for i in reversed(range(self.memory)):
            d += (shares[i] - weight[..., i, :] * dot(y[..., i, :], d)) * s[..., i, :]
        return d


def _remember(state: State, s: FloatArray, y: FloatArray) -> None:
    """Put the pair in front where it shows positive curvature."""
    product, size = dot(s, y), dot(y, y)
    sound = product > _LEAST
    safe = np.where(sound, product, 1)
    for name, newest in (("steps", s), ("changes", y), ("inverse_products", 1 / safe)):
        kept = state[name]
        moved = np.concatenate((newest[..., np.newaxis, :], kept[..., :-1, :]), axis=-2)
        np.copyto(kept, moved, where=sound[..., np.newaxis])
    np.copyto(state["scale"], safe / np.where(sound, size, 1), where=sound)
