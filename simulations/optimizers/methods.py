"""How a layer's parameters are moved: with the network's optimizer at a share of its rate, or with one of their own.

It is stored with the layer, so that it stays with it however layers are moved, copied and removed; layers that say the
same form one parameter group.
"""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from typing import ClassVar, final

from simulations.core.params import param
from simulations.core.registry import Registry
from simulations.core.text import N_
from simulations.optimizers.base import OPTIMIZERS, Optimizer
from simulations.optimizers.sgd import SGD


@dataclass(frozen=True)
class Method(ABC):
    """Instances are configuration only. A schedule multiplies the rates of both kinds alike."""

    kind: ClassVar[str]


METHODS: Registry[Method] = Registry(N_("method"))


@final
@METHODS.register(
    "shared",
    label=N_("As the network"),
    summary=N_("Moves the layer with the network's optimizer, at a multiple of its learning rate."),
    source="torch.optim, per-parameter options",
)
@dataclass(frozen=True)
class Shared(Method):
    """The network's optimizer, with learning rate ``rate_factor``·η."""

    rate_factor: float = param(
        1.0,
        low=1e-4,
        high=1e4,
        scale="log",
        live=True,
        label=N_("Rate factor"),
        help=N_("What the network's learning rate is multiplied by for this layer."),
    )


@final
@METHODS.register(
    "own",
    label=N_("Own optimizer"),
    summary=N_("Moves the layer with an optimizer and a learning rate of its own."),
    source="torch.optim, one optimizer for each group",
)
@dataclass(frozen=True)
class Own(Method):
    """Another optimizer than the network's, which never sees these parameters then."""

    optimizer: Optimizer = param(
        SGD(),
        registry=OPTIMIZERS,
        live=True,
        label=N_("Optimizer"),
        help=N_("What moves this layer, with a learning rate of its own."),
    )
