"""How far to go along a direction: back-tracking and the strong Wolfe conditions, for any number of points at once."""

from __future__ import annotations

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.optimizers import sentences as say
from simulations.optimizers.base import Objective
from simulations.optimizers.worksheet import Worksheet

_TRIALS = 40  # halvings; 2⁻⁴⁰ of the first trial is no step any more


def dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """The product of the last axes, kept as ``(…, 1)``."""
    product: FloatArray = np.einsum("...i,...i->...", a, b)[..., np.newaxis]
    return product


def value_at(objective: Objective, theta: FloatArray) -> FloatArray:
    """The objective's value as ``(…, 1)``, in memory of its own: an answer of the objective ends with the next question."""
    return np.array(objective.value(theta), theta.dtype)[..., np.newaxis]


def _stays(place: FloatArray, theta: FloatArray) -> Array:
    """Where a trial is too short to leave ``theta`` at all, ``(…, 1)``: shorter ones need not be tried."""
    found: Array = (place == theta).all(axis=-1, keepdims=True)
    return found


def backtrack(
    objective: Objective,
    theta: FloatArray,
    direction: FloatArray,
    slope: FloatArray,
    first: FloatArray,
    *,
    sufficient: float,
    shrink: float,
) -> FloatArray:
    """The first of ``first``, ``first``·shrink, … that lowers the value by ``sufficient`` of the slope's promise.

    Armijo 1966; Nocedal & Wright, algorithm 3.1. Arrays are ``(…, 1)``; the result is 0 where no trial does.
    """
    before = value_at(objective, theta)
    alpha = np.where(slope < 0, first, 0.0).astype(theta.dtype)
    accepted = alpha <= 0
    for _ in range(_TRIALS):
        place = theta + alpha * direction
        if (accepted | _stays(place, theta)).all():
            break
        accepted |= value_at(objective, place) <= before + sufficient * alpha * slope
        if accepted.all():
            return alpha
        alpha = np.where(accepted, alpha, alpha * shrink).astype(theta.dtype)
    return np.where(accepted, alpha, 0.0).astype(theta.dtype)


def strong_wolfe(
    objective: Objective,
    theta: FloatArray,
    direction: FloatArray,
    slope: FloatArray,
    first: FloatArray,
    *,
    sufficient: float = 1e-4,
    curvature: float = 0.9,
) -> FloatArray:
    """A step length ``(…, 1)`` that satisfies the strong Wolfe conditions, found by doubling and bisection.

    Nocedal & Wright, eq. 3.7. Where none is found the longest trial that was too short is taken, which may be 0. Points that
    need no slope are asked about where they were asked about last, so that who counts for each point need not count them.
    """
    asked = theta
    before = value_at(objective, theta)
    alpha = np.where(slope < 0, first, 0.0).astype(theta.dtype)
    low, high = np.zeros_like(alpha), np.full_like(alpha, np.inf)
    done = alpha <= 0
    for _ in range(_TRIALS):
        place = theta + alpha * direction
        if (done | _stays(place, theta)).all():
            break
        is_long = ~(value_at(objective, place) <= before + sufficient * alpha * slope)
        is_short = np.zeros_like(is_long)
        if not (is_long | done).all():
            asked = np.where(is_long | done, asked, place)
            here = dot(objective.gradient(asked), direction)
            is_long |= here > -curvature * slope
            is_short = ~is_long & (here < curvature * slope)
        high = np.where(~done & is_long, alpha, high)
        low = np.where(~done & is_short, alpha, low)
        done |= ~is_long & ~is_short
        if done.all():
            return alpha
        between = np.where(np.isinf(high), 2 * alpha, (low + high) / 2)
        alpha = np.where(done, alpha, between).astype(theta.dtype)
    return np.where(done, alpha, low).astype(theta.dtype)


def write_search(sheet: Worksheet, first: str, *, curvature: float = 0.9) -> None:
    """α by :func:`strong_wolfe` along d, the first trial being ``first``, and the step."""

    def wolfe(d: FloatArray, trial: FloatArray) -> FloatArray:
        slope = dot(sheet["g"], d)
        return strong_wolfe(sheet.objective, sheet["θ"], d, slope, np.ravel(trial), curvature=curvature)

    sheet.functions["wolfe"] = wolfe
    sheet.line(f"α₀ ← {first}", say.FIRST_TRIAL)
    sheet.line("α ← wolfe(d, α₀)", say.SEARCH)
    sheet.line("θ ← θ + α·d", say.DIRECTION_STEP, "step")
