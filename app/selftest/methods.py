"""Every registered optimizer: against its textbook formula where one is written here, and down a bowl in any case."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import ClassVar

import numpy as np

from app.selftest.finding import Finding
from simulations.core.arrays import FloatArray
from simulations.core.rng import stream
from simulations.optimizers.adam import Adam
from simulations.optimizers.base import OPTIMIZERS, SURFACE, FirstOrder, Matrix, Need, Optimizer
from simulations.optimizers.momentum import Momentum
from simulations.optimizers.nesterov import Nesterov
from simulations.optimizers.rmsprop import RMSProp
from simulations.optimizers.sgd import SGD

_SECTION = "optimizers"
_TOLERANCE = 1e-12
_STEPS = 100


def methods() -> Iterator[Finding]:
    """100 steps on random gradients in float64, one number at a time by the formula; then 100 steps on ½θ²."""
    gradients = stream(0, "self-test").standard_normal((_STEPS, 3))
    for entry in OPTIMIZERS:
        optimizer = entry.cls()
        if isinstance(optimizer, FirstOrder) and entry.kind in _FORMULAS:
            error = _deviation(optimizer, gradients)
            yield Finding.compared(_SECTION, f"{entry.kind}, formula", error, _TOLERANCE)
        yield _descent(entry.kind, optimizer)


def _deviation(optimizer: FirstOrder, gradients: np.ndarray) -> float:
    theta = np.array([0.5, -1.0, 2.0])
    expected = [_FORMULAS[optimizer.kind](optimizer, float(x), gradients[:, i].tolist()) for i, x in enumerate(theta)]
    state = optimizer.start(theta)
    for t, gradient in enumerate(gradients, start=1):
        optimizer.update(theta, gradient.copy(), state, t)
    return float(np.max(np.abs(theta - expected) / np.abs(expected)))


class _Bowl:
    """½θ², with everything a method may ask for; its two numbers count as a matrix of two inputs and one output."""

    offers: ClassVar[tuple[Need, ...]] = (*SURFACE, "matrices")
    matrices: ClassVar[tuple[Matrix, ...]] = (Matrix(0, 2, 1),)

    def value(self, theta: FloatArray) -> FloatArray:
        return np.asarray(theta @ theta / 2)

    def gradient(self, theta: FloatArray) -> FloatArray:
        return theta.copy()

    def hessian(self, theta: FloatArray) -> FloatArray:
        return np.eye(len(theta))


def _descent(kind: str, optimizer: Optimizer) -> Finding:
    theta, bowl = np.array([1.0, -2.0]), _Bowl()
    state = optimizer.start(theta)
    before = float(bowl.value(theta))
    for t in range(1, _STEPS + 1):
        optimizer.step(theta, bowl, state, t)
    after = float(bowl.value(theta))
    return Finding(_SECTION, f"{kind}, bowl", after < before, f"½θ² from {before:.3g} to {after:.3g}")


def _sgd(method: Optimizer, theta: float, gradients: list[float]) -> float:
    assert isinstance(method, SGD)
    return theta - sum(method.learning_rate * g for g in gradients)


def _momentum(method: Optimizer, theta: float, gradients: list[float]) -> float:
    assert isinstance(method, Momentum)
    b = 0.0
    for g in gradients:
        b = method.momentum * b + g
        theta -= method.learning_rate * b
    return theta


def _nesterov(method: Optimizer, theta: float, gradients: list[float]) -> float:
    assert isinstance(method, Nesterov)
    b = 0.0
    for g in gradients:
        b = method.momentum * b + g
        theta -= method.learning_rate * (g + method.momentum * b)
    return theta


def _rmsprop(method: Optimizer, theta: float, gradients: list[float]) -> float:
    assert isinstance(method, RMSProp)
    v = b = 0.0
    for g in gradients:
        v = method.decay * v + (1 - method.decay) * g * g
        b = method.momentum * b + g / (math.sqrt(v) + method.epsilon)
        theta -= method.learning_rate * b
    return theta


def _adam(method: Optimizer, theta: float, gradients: list[float]) -> float:
    assert isinstance(method, Adam)
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m = method.beta1 * m + (1 - method.beta1) * g
        v = method.beta2 * v + (1 - method.beta2) * g * g
        m_hat, v_hat = m / (1 - method.beta1**t), v / (1 - method.beta2**t)
        theta -= method.learning_rate * m_hat / (math.sqrt(v_hat) + method.epsilon)
    return theta


_FORMULAS: dict[str, Callable[[Optimizer, float, list[float]], float]] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "rmsprop": _rmsprop,
    "adam": _adam,
}
