"""Newton's step with an inverse Hessian learnt from how the gradient changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import BoolArray, FloatArray
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, Need, Objective, Optimizer, RateFamily, State, operand
from simulations.optimizers.declarations import step_rate
from simulations.optimizers.line_search import dot, strong_wolfe, write_search
from simulations.optimizers.worksheet import Worksheet

_LEAST = 1e-10  # of s·y; below it a pair tells nothing about the curvature


@final
@OPTIMIZERS.register(
    "bfgs",
    label=N_("BFGS"),
    summary=N_(
        "Learns the inverse Hessian from successive gradients; nearly Newton's speed without second derivatives."
    ),
    source="Broyden, Fletcher, Goldfarb, Shanno 1970; Nocedal & Wright 2006, algorithm 6.1",
)
@dataclass(frozen=True)
class BFGS(Optimizer):
    """d = −B·g with a strong Wolfe step from η; B ← (I − ρ·s·yᵀ)·B·(I − ρ·y·sᵀ) + ρ·s·sᵀ, ρ = 1/(s·y).

    B starts as I, scaled by s·y/y·y before its first update (eq. 6.20). It is meant for gradients of the whole set.
    """

    needs: ClassVar[tuple[Need, ...]] = ("value", "gradient")
    most_parameters: ClassVar[int | None] = 1000
    rate_family: ClassVar[RateFamily] = "whole"

    learning_rate: float = step_rate(1.0)

    def start(self, theta: FloatArray) -> State:
        n = theta.shape[-1]
        inverse = np.broadcast_to(np.eye(n, dtype=theta.dtype), (*theta.shape, n)).copy()
        state = {name: np.zeros_like(theta) for name in ("previous_gradient", "previous_point")}
        return {**state, "inverse_hessian": inverse}

    def step(self, theta: FloatArray, objective: Objective, state: State, t: int) -> None:
        inverse, previous, point = state["inverse_hessian"], state["previous_gradient"], state["previous_point"]
        g = objective.gradient(theta).copy()
        if t > 1:
            _learn(inverse, theta - point, g - previous, is_first=t == 2)
        direction = -np.einsum("...ij,...j->...i", inverse, g)
        first = np.broadcast_to(operand(self.learning_rate, theta), (*theta.shape[:-1], 1))
        if t == 1:
            first = first / np.maximum(np.sqrt(dot(g, g)), 1)
        alpha = strong_wolfe(objective, theta, direction, dot(g, direction), first)
        np.copyto(previous, g)
        np.copyto(point, theta)
        theta += alpha * direction

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("B inverse_hessian", "x previous_point", "g′ previous_gradient")
        if sheet.t == 1:
            sheet.line("B ← B", say.INVERSE_HESSIAN_START)
        else:
            sheet.line("s ← θ − x", say.MOVED)
            sheet.line("y ← g − g′", say.CHANGE)
            self._write_learning(sheet)
        sheet.line("d ← −B·g", say.QUASI_NEWTON)
        write_search(sheet, "η/max(‖g‖, 1)" if sheet.t == 1 else "η")
        sheet.around("ellipse", "α·‖g‖·B")

    def _write_learning(self, sheet: Worksheet) -> None:
        """B from the pair (s, y); the values are this method's own, since s·y may be too small for the formula."""
        learnt = sheet["B"].copy()
        _learn(learnt, sheet["s"], sheet["y"], is_first=sheet.t == 2)
        s, y = _scaled(sheet["s"], sheet["y"])
        if not _is_sound(s, y).all():
            sheet.line("B ← B", say.PAIR_REFUSED)
            return
        if sheet.t == 2:
            sheet.give("B ← ⟨s, y⟩/⟨y, y⟩·B", dot(s, y) / dot(y, y) * sheet["B"], say.INVERSE_HESSIAN_SCALED)
        sheet.let("I", np.eye(2))
        sheet.line("ρ ← 1/⟨s, y⟩", say.CURVATURE_SEEN)
        sheet.give("W ← I − ρ·s·yᵀ", sheet["I"] - np.outer(s, y) / dot(s, y), say.WITHOUT_LAST)
        sheet.give("B ← W·B·Wᵀ + ρ·s·sᵀ", learnt, say.INVERSE_HESSIAN)


def _learn(inverse: FloatArray, s: FloatArray, y: FloatArray, *, is_first: bool) -> None:
    """Update ``inverse`` ``(…, n, n)`` in place where the pair (s, y) shows positive curvature."""
    s, y = _scaled(s, y)
    product, sound = dot(s, y), _is_sound(s, y)
    sy, rows = np.where(sound, product, 1)[..., np.newaxis], sound[..., np.newaxis]
    old = inverse * (sy / np.where(rows, dot(y, y)[..., np.newaxis], 1)) if is_first else inverse
    by = np.einsum("...ij,...j->...i", old, y)
    outer = np.einsum("...i,...j->...ij", s, by)
    factor = (1 + dot(y, by)[..., np.newaxis] / sy) / sy
    new = old - (outer + np.swapaxes(outer, -1, -2)) / sy + factor * np.einsum("...i,...j->...ij", s, s)
    np.copyto(inverse, new, where=rows)


def _scaled(s: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The pair in the unit of s: it tells the same, and nothing underflows."""
    unit = np.abs(s).max(axis=-1, keepdims=True)
    unit = np.where(unit > 0, unit, 1)
    return s / unit, y / unit


def _is_sound(s: FloatArray, y: FloatArray) -> BoolArray:
    """Whether the pair shows positive curvature, ``(…, 1)``."""
    found: BoolArray = dot(s, y) > _LEAST * dot(y, y)
    return found
