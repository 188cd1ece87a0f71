"""Proof that backward is the derivative of forward: every analytic gradient against a finite difference, in float64.

The difference uses five points (Abramowitz & Stegun 25.3.6), whose error is far below the 1e-6 that is demanded, so
what is left over is a fault in the layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from simulations.core.arrays import Array, FloatArray, Shape
from simulations.core.errors import ShapeError
from simulations.core.rng import stream
from simulations.core.targets import Targets
from simulations.data.scaler import Scaler
from simulations.nn.layers.base import LAYERS, Layer, Memo
from simulations.nn.losses.base import Loss
from simulations.nn.losses.criterion import Criterion, Setting
from simulations.nn.network import Network
from simulations.nn.teacher import Teacher

TOLERANCE = 1e-6
INPUT_SHAPES: tuple[Shape, ...] = ((5,), (12,), (4, 3), (6, 6, 2), (7, 5, 3))
_H = 1e-5
_ROUNDING = 1e-3  # gradients that are zero throughout are compared with this instead


def accepted_shapes(layer: Layer) -> tuple[Shape, ...]:
    """Those of :data:`INPUT_SHAPES` that ``layer`` can take."""
    return tuple(shape for shape in INPUT_SHAPES if _accepts(layer, shape))


def _accepts(layer: Layer, shape: Shape) -> bool:
    try:
        layer.output_shape(shape)
    except ShapeError:
        return False
    return True


def layer_error(layer: Layer, input_shape: Shape, *, n: int = 3, training: bool = True, seed: int = 0) -> float:
    """The largest relative error of ∂Σ(r·y)/∂x and ∂Σ(r·y)/∂θ for random r, over ``n`` samples."""
    rng = stream(seed, "gradient check")
    network = Network([layer], input_shape, seed=seed, dtype=np.float64)
    network.theta += 0.1 * rng.standard_normal(len(network.theta))
    memo = Memo(training=training, state=network.state_views[0])
    memo.position.step = 1
    layer.allocate(memo, n, input_shape, network.dtype)
    x = distinct((n, *input_shape), rng)
    r = rng.standard_normal((n, *network.output_shape))

    def value() -> float:
        return float(np.sum(r * layer.forward(x, network.views[0], memo)))

    value()
    dx = layer.backward(np.asfortranarray(r), network.views[0], network.gradient_views[0], memo).copy()
    return max(
        relative_error(dx, numeric_gradient(value, x)),
        relative_error(network.gradient.copy(), numeric_gradient(value, network.theta)),
    )


def loss_error(loss: Loss, *, n: int = 5, outputs: int = 4, steps: Shape = (), seed: int = 0) -> float:
    """The largest relative error of ∂loss/∂θ of a small network, over the kinds of targets that ``loss`` takes, at every
    one of ``steps``; and of the value that comes with it."""
    names = tuple("ABCDEFGH"[:outputs])
    recurrent: Any = LAYERS["simple_rnn"]
    dense: Any = LAYERS["dense"]
    layers = [dense(units=3), LAYERS["tanh"](), dense(units=outputs)]
    shape: Shape = (2,)
    if steps:
        layers, shape = [recurrent(units=outputs, outputs="all")], (*steps, 2)
    asked = [
        Targets.classes(names, steps) if kind == "classes" else Targets.values(names, steps) for kind in loss.kinds
    ]
    return max(network_error(layers, shape, loss, wanted=wanted, n=n, seed=seed) for wanted in asked)


def network_error(
    layers: Sequence[Layer],
    input_shape: Shape,
    loss: Loss,
    *,
    wanted: Targets | None = None,
    n: int = 4,
    seed: int = 0,
) -> float:
    """The largest relative error of ∂loss/∂θ through a whole network in training, over ``n`` samples, and of the value
    that comes with it. A teacher is a network of the same layers; what a loss learns is drawn at random."""
    rng = stream(seed, "gradient check")
    network = Network(layers, input_shape, seed=seed, dtype=np.float64)
    if wanted is None:
        wanted = Targets.classes(tuple(map(str, range(network.output_shape[-1]))), network.output_shape[:-1])
    criterion = _at_work(loss, network, wanted, rng)
    tape = network.tape(n, training=True)
    tape.draw_from(seed, 1)
    x, targets = distinct((n, *input_shape), rng), made_up_targets(wanted, n, rng)

    def value() -> float:
        return criterion.value(network.forward(x, tape), targets, tape)

    found = criterion.value_and_gradient(network.forward(x, tape), targets, tape)
    network.backward(tape.d_outputs, tape)
    analytic = network.gradient.copy()
    of_value = abs(found - value()) / max(abs(found), _ROUNDING)
    return max(relative_error(analytic, numeric_gradient(value, network.theta)), of_value)


def _at_work(loss: Loss, network: Network, wanted: Targets, rng: np.random.Generator) -> Criterion:
    other = Network(network.layers, network.input_shape, seed=1, dtype=np.float64)
    scaler = Scaler(np.zeros(network.input_shape[-1]), np.full(network.input_shape[-1], 0.5))
    teacher = Teacher.of(other, other.theta, scaler, name="", step=0)
    criterion = loss.at_work(Setting(network, wanted, np.arange(1, len(wanted.names) + 1), teacher=teacher))
    criterion.restore({name: rng.standard_normal(one.shape) for name, one in criterion.state.items()})
    return criterion


def made_up_targets(wanted: Targets, n: int, rng: np.random.Generator) -> Array:
    """Random targets ``(n, *shape)`` of the kind that is wanted."""
    if wanted.kind == "values":
        return rng.standard_normal((n, *wanted.shape))
    return rng.integers(len(wanted.names), size=(n, *wanted.shape))


def distinct(shape: Shape, rng: np.random.Generator) -> FloatArray:
    """Numbers in −1…1, none closer to another or to 0 than the step of the difference, so that no kink is crossed."""
    size = int(np.prod(shape))
    return rng.permutation((np.arange(size) + 0.5) / size * 2 - 1 + 0.25 / size).reshape(shape)


def numeric_gradient(value: Callable[[], float], at: FloatArray) -> FloatArray:
    """∂value/∂at by five-point differences; ``at`` is moved in place and put back."""
    result = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        middle = at[index]
        values: list[Any] = []
        for offset in (-2, -1, 1, 2):
            at[index] = middle + offset * _H
            values.append(value())
        at[index] = middle
        result[index] = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * _H)
    return result


def relative_error(a: FloatArray, b: FloatArray) -> float:
    """The largest difference, relative to the largest value (0 for empty arrays)."""
    if a.size == 0:
        return 0.0
    return float(np.abs(a - b).max()) / max(float(np.abs(a).max()), float(np.abs(b).max()), _ROUNDING)
