"""Where training broke: the layer and quantity of the first number that is not finite, or the layer that ran away."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.nn.network import Network
from simulations.nn.tape import Tape

Place: TypeAlias = tuple[str, Literal["activation", "gradient", "weight", "loss", "explosion"]]

EXPLODED = 1000.0  # times the loss of the untrained network: nothing learnt is left, though every number may be finite


def is_finite(flat: FloatArray) -> bool:
    """True when every number of a flat vector is finite.

    One dot product answers for all: squares cannot cancel, so a finite sum of squares has only finite terms. A sum that
    overflows is looked at number by number.
    """
    total = float(flat.dot(flat))
    return total - total == 0.0 or bool(np.isfinite(flat).all())


def find_in_outputs(network: Network, tape: Tape) -> Place:
    """The first layer, bottom to top, whose output is not finite; the loss itself when all are."""
    for info, output in zip(network.infos, tape.outputs, strict=True):
        if not np.isfinite(output).all():
            return info.name, "activation"
    return "loss", "loss"


def find_in_gradients(network: Network, tape: Tape) -> Place:
    """The first layer, top to bottom, whose output gradient or parameter gradient is not finite."""
    for index in reversed(range(len(network.infos))):
        passed = tape.output_gradients[index]
        if passed is not None and not np.isfinite(passed).all():
            return network.infos[index].name, "gradient"
        if not np.isfinite(network.gradient[network.slices[index]]).all():
            return network.infos[index].name, "gradient"
    return "loss", "gradient"


def find_in_weights(network: Network) -> Place:
    """The first layer with a weight that is not finite."""
    for info, place in zip(network.infos, network.slices, strict=True):
        if not np.isfinite(network.theta[place]).all():
            return info.name, "weight"
    return "loss", "weight"


def find_runaway(network: Network, safe: FloatArray) -> Place:
    """The layer whose parameters moved most, relative to their size, since θ was ``safe``."""

    def moved(place: slice) -> float:
        size = float(np.linalg.norm(safe[place]))
        return float(np.linalg.norm(network.theta[place] - safe[place])) / size if size else 0.0

    name, _ = max(zip(network.infos, network.slices, strict=True), key=lambda one: moved(one[1]))
    return name.name, "explosion"
