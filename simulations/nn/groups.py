"""Parameter groups: which numbers of θ are moved, by which optimizer, and at which rate.

They follow from the layers, each of which says how it is trained (``torch.optim``'s ``param_groups``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulations.core.arrays import Shape
from simulations.nn.layers.base import Layer, Parameter
from simulations.nn.layers.trainable import trained_parameters
from simulations.optimizers.base import Optimizer
from simulations.optimizers.parts import Places, merged


@dataclass(frozen=True)
class Group:
    """The numbers of θ at ``places``, moved by ``optimizer`` at ``rate_factor`` times its learning rate."""

    places: Places
    optimizer: Optimizer
    rate_factor: float = 1.0

    @property
    def size(self) -> int:
        return sum(one.stop - one.start for one in self.places)


def parameter_groups(
    layers: Sequence[Layer], input_shape: Shape, optimizer: Optimizer, *, frozen: bool = False
) -> tuple[Group, ...]:
    """The groups of a network whose optimizer is ``optimizer``, by their first number in θ.

    Of what trains, where nothing frozen is in any; or, if ``frozen``, of what rests, as it would be moved if it trained.
    """
    found: dict[tuple[Optimizer, float], list[slice]] = {}
    for _, place, one in _placed(layers, input_shape):
        if one.is_frozen == frozen:
            found.setdefault((one.optimizer or optimizer, one.rate_factor), []).append(place)
    return tuple(Group(merged(places), *key) for key, places in found.items())


def lowest_trainable(layers: Sequence[Layer], input_shape: Shape) -> int:
    """The first layer from below with a number that is not frozen; how many layers there are when none has."""
    return next((i for i, _, one in _placed(layers, input_shape) if not one.is_frozen and one.size), len(layers))


def frozen_layers(layers: Sequence[Layer], input_shape: Shape) -> tuple[bool, ...]:
    """Which layers have parameters, all of them frozen."""
    placed = list(_placed(layers, input_shape))
    own = [[one.is_frozen for i, _, one in placed if i == index] for index in range(len(layers))]
    return tuple(bool(one) and all(one) for one in own)


def _placed(layers: Sequence[Layer], input_shape: Shape) -> Iterator[tuple[int, slice, Parameter]]:
    """Every parameter with its layer's index and its range in θ."""
    at, shape = 0, input_shape
    for index, layer in enumerate(layers):
        for one in trained_parameters(layer, shape):
            yield index, slice(at, at + one.size), one
            at += one.size
        shape = layer.output_shape(shape)
