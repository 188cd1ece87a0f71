"""Running means, the building block of the adaptive methods, worked out in place."""

from __future__ import annotations

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.optimizers.base import acts, operand


def follow(mean: FloatArray, value: FloatArray, beta: float, scratch: FloatArray) -> None:
    """mean ← β·mean + (1−β)·value."""
    np.subtract(value, mean, out=scratch)
    scratch *= operand(1 - beta, mean)
    mean += scratch


def follow_square(mean: FloatArray, value: FloatArray, beta: float, scratch: FloatArray) -> None:
    """mean ← β·mean + (1−β)·value²."""
    np.multiply(value, value, out=scratch)
    scratch -= mean
    scratch *= operand(1 - beta, mean)
    mean += scratch


def shrink(theta: FloatArray, rate: float, decay: float) -> None:
    """θ ← θ − η·λ·θ: decoupled decay (Loshchilov & Hutter 2019)."""
    if acts(decay):
        theta *= operand(1 - rate * decay, theta)


def per_point(theta: FloatArray, value: float) -> FloatArray:
    """One number for each point, ``(…, 1)``: state that every coordinate of a point shares."""
    return np.full((*theta.shape[:-1], 1), value, theta.dtype)


def length(vector: FloatArray) -> FloatArray:
    """‖v‖ of each point, ``(…, 1)``."""
    found: FloatArray = np.sqrt(np.einsum("...i,...i->...", vector, vector))[..., np.newaxis]
    return found
