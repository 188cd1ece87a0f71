"""The values behind a cell of the Layers panel: one quantity of one layer, taken from a probe pass or from the weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from simulations.core.arrays import Array
from simulations.probes.answers import Quantity
from simulations.probes.ranges import odd_stride

if TYPE_CHECKING:
    from simulations.nn.network import Network
    from simulations.nn.tape import Tape
    from simulations.training.view import NetworkView

GradientOf: TypeAlias = Literal["outputs", "weights"]
Cell: TypeAlias = tuple[str, Quantity]
_SHIFTS = frozenset({"bias", "beta", "recurrent_bias"})  # an inner layer's are called "0.bias"


def cell_values(network: Network, tape: Tape, index: int, gradient_of: GradientOf) -> dict[Quantity, Array]:
    """The arrays of layer ``index``; quantities the layer does not have are missing. Biases are left out of the weights.

    Gradients of outputs are of each sample's own loss (the batch's mean loss has them n times smaller), so that they do
    not depend on how many samples are looked at; gradients of weights are of the mean loss.
    """
    found: dict[Quantity, Array] = {"activations": tape.outputs[index]}
    weights = _weights(network.views[index])
    if gradient_of == "outputs":
        found["gradients"] = tape.output_gradients[index]
    elif weights is not None:
        gradient = _weights(tape.gradient_views[index])
        if gradient is not None:
            found["gradients"] = gradient
    if weights is not None:
        found["weights"] = weights
    return found


def _weights(views: Mapping[str, Array]) -> Array | None:
    kept = [view for name, view in views.items() if name.rpartition(".")[2] not in _SHIFTS]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else np.concatenate([view.reshape(-1) for view in kept])


def some_of(values: Array, most: int) -> Array:
    """At most about ``most`` of ``values``, evenly spaced and always the same ones, flat."""
    flat = (values.T if values.flags.f_contiguous else values).reshape(-1)  # in memory order: no copy
    return flat[:: odd_stride(flat.size, most)]


def gradient_factor(quantity: Quantity, gradient_of: GradientOf, samples: int) -> float:
    """What a tape's value is multiplied with to be the value shown."""
    return float(samples) if quantity == "gradients" and gradient_of == "outputs" else 1.0


def initial_values(view: NetworkView, gradient_of: GradientOf, most: int) -> dict[Cell, tuple[Array, int]]:
    """Each cell's values at step 0 and how many there were, whenever it is asked: first weights follow from the seed."""
    from simulations.nn.network import Network  # probes are described without an engine

    inputs, targets = view.probe_batch()
    old = view.network
    network = Network(old.layers, old.input_shape, seed=view.spec.seed, dtype=old.dtype, interrupt=old.interrupt)
    tape = network.tape(len(inputs), training=False)
    outputs = network.forward(inputs, tape)
    view.criterion.value_and_gradient(outputs, targets, tape)
    network.backward(tape.d_outputs, tape)
    kept: dict[Cell, tuple[Array, int]] = {}
    for index, info in enumerate(network.infos):
        for quantity, values in cell_values(network, tape, index, gradient_of).items():
            factor = gradient_factor(quantity, gradient_of, len(inputs))
            kept[info.name, quantity] = (some_of(values, most) * values.dtype.type(factor), values.size)
    return kept
