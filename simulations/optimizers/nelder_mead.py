"""A simplex that tumbles downhill: values only, no gradient at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, Need, Objective, Optimizer, RateFamily, State, operand
from simulations.optimizers.line_search import value_at
from simulations.optimizers.worksheet import Worksheet

_REFLECT, _EXPAND, _CONTRACT, _SHRINK = 1.0, 2.0, 0.5, 0.5  # the paper's


@final
@OPTIMIZERS.register(
    "nelder_mead",
    label=N_("Nelder–Mead"),
    summary=N_(
        "Tumbles a triangle downhill by reflecting its worst corner; it asks for values only, never a gradient."
    ),
    source="Nelder & Mead 1965, in the form of Lagarias et al. 1998",
)
@dataclass(frozen=True)
class NelderMead(Optimizer):
    """The worst corner is reflected at the middle of the others, stretched, pulled in, or all shrink to the best.

    θ is the best corner. The first simplex has the corners θ and θ + η·eᵢ.
    """

    needs: ClassVar[tuple[Need, ...]] = ("value",)
    most_parameters: ClassVar[int | None] = 1000
    rate_family: ClassVar[RateFamily] = "length"

    learning_rate: float = param(
        0.5,
        low=1e-6,
        high=10.0,
        scale="log",
        live=True,
        label=N_("First size"),
        help=N_("Length of the first simplex's edges."),
    )

    def start(self, theta: FloatArray) -> State:
        n = theta.shape[-1]
        lead = theta.shape[:-1]
        return {"corners": np.zeros((*lead, n + 1, n), theta.dtype), "values": np.zeros((*lead, n + 1, 1), theta.dtype)}

    def step(self, theta: FloatArray, objective: Objective, state: State, t: int) -> None:
        corners, values = state["corners"], state["values"]
        if t == 1:
            self._begin(theta, objective, corners, values)
        worst, highest = corners[..., -1, :].copy(), values[..., -1, :].copy()
        lowest, second = values[..., 0, :], values[..., -2, :]
        middle = corners[..., :-1, :].mean(axis=-2)
        mirrored = middle + _REFLECT * (middle - worst)
        found = value_at(objective, mirrored)
        # the second trial: further out, between, or within; where none is wanted the mirrored corner itself
        is_best, is_bad = found < lowest, ~(found < second)
        is_outside = is_bad & (found < highest)
        reach = np.where(is_best, _EXPAND, np.where(is_outside, _CONTRACT, np.where(is_bad, -_CONTRACT, _REFLECT)))
        other = (middle + reach * (middle - worst)).astype(theta.dtype)
        again = value_at(objective, other) if (is_best | is_bad).any() else found
        takes_other = np.where(is_best, again < found, np.where(is_outside, again <= found, is_bad & (again < highest)))
        corners[..., -1, :] = np.where(takes_other, other, mirrored)
        values[..., -1, :] = np.where(takes_other, again, found)
        shrinks = is_bad & ~takes_other
        if shrinks.any():
            np.copyto(corners[..., -1, :], worst, where=shrinks)
            _shrink(objective, corners, values, shrinks, other)
        _sort(corners, values)
        np.copyto(theta, corners[..., 0, :])

    def explain(self, sheet: Worksheet) -> None:
        state = sheet.memory()
        corners, values = state["corners"], state["values"]
        if sheet.t == 1:
            self._begin(sheet["θ"], sheet.objective, corners, values)
        for letter, corner, says in zip(
            "abc", corners, (say.CORNERS, say.SECOND_CORNER, say.WORST_CORNER), strict=True
        ):
            sheet.give(f"{letter} ← x{'₁₂₃'['abc'.index(letter)]}", corner, says, beside=tuple(corners))
        sheet.simplex(corners, "a, b, c")
        sheet.line("x̄ ← (a + b)/2", say.MIDDLE)
        sheet.line("r ← x̄ + (x̄ − c)", say.MIRRORED)
        sheet.spot("trial", "r")
        sheet.line("F ← f(r)", say.VALUE_THERE)
        self._write_corner(sheet, corners, values)
        sheet.simplex(corners, "x₁, x₂, x₃")

    def _write_corner(self, sheet: Worksheet, corners: FloatArray, values: FloatArray) -> None:
        """The second trial and what becomes of the worst corner; ``corners`` and ``values`` are moved on."""
        found, takes_other, reach = float(sheet["F"]), False, _REFLECT
        is_best, is_bad = found < values[0, 0], not found < values[1, 0]
        is_outside = is_bad and found < values[2, 0]
        if is_best or is_bad:
            reach = _EXPAND if is_best else _CONTRACT if is_outside else -_CONTRACT
            says = say.STRETCHED if is_best else say.PULLED_OUT if is_outside else say.PULLED_IN
            sheet.line(f"e ← x̄ {'−' if reach < 0 else '+'} {abs(reach):g}·(x̄ − c)", says)
            sheet.spot("trial", "e")
            sheet.line("E ← f(e)", say.VALUE_THERE)
            again = float(sheet["E"])
            takes_other = again < found if is_best else again <= found if is_outside else again < values[2, 0]
        if is_bad and not takes_other:
            _shrink(sheet.objective, corners, values, np.array([True]), corners[2])
            sheet.give("c ← a + 0.5·(c − a)", corners[2], say.SHRUNK)
        else:
            sheet.line("c ← e" if takes_other else "c ← r", say.CORNER_TAKEN)
            corners[2], values[2] = sheet["c"], sheet["E" if takes_other else "F"]
        _sort(corners, values)
        sheet.give("θ ← x₁", corners[0], say.BEST_CORNER, "step", beside=tuple(corners))

    def _begin(self, theta: FloatArray, objective: Objective, corners: FloatArray, values: FloatArray) -> None:
        corners[...] = theta[..., np.newaxis, :]
        edges = np.broadcast_to(operand(self.learning_rate, theta), theta.shape)
        for i in range(theta.shape[-1]):
            corners[..., i + 1, i] += edges[..., i]
        for i in range(corners.shape[-2]):
            values[..., i, :] = value_at(objective, corners[..., i, :].copy())
        _sort(corners, values)


def _shrink(objective: Objective, corners: FloatArray, values: FloatArray, where: Array, last: FloatArray) -> None:
    """Move all corners towards the best; where nothing shrinks, ask again at ``last``, as was just done."""
    best = corners[..., 0, :]
    for i in range(1, corners.shape[-2]):
        place = np.where(where, best + _SHRINK * (corners[..., i, :] - best), last)
        np.copyto(values[..., i, :], value_at(objective, place), where=where)
        np.copyto(corners[..., i, :], place, where=where)


def _sort(corners: FloatArray, values: FloatArray) -> None:
    """The best corner first; a value that is NaN counts as the worst."""
    order = np.argsort(values, axis=-2, kind="stable")
    corners[...] = np.take_along_axis(corners, order, axis=-2)
    values[...] = np.take_along_axis(values, order, axis=-2)
