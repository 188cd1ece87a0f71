"""What a layer is: configuration plus a forward and a backward that mirror each other.

A layer keeps nothing between calls. Its numbers live in the network's flat θ, its memory of one pass on a tape, so
drawing a network can never disturb its training.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from simulations.core.arrays import LINE, Array, FloatArray, Shape, aligned
from simulations.core.interrupt import Interrupt, Interrupted
from simulations.core.registry import Registry
from simulations.core.rng import stream
from simulations.core.text import N_
from simulations.nn.initializers.base import Initializer
from simulations.optimizers.base import Optimizer


@dataclass(frozen=True)
class Parameter:
    """A trainable array of a layer. ``decays`` says whether L2 applies (weights yes; biases, γ and β no).

    How it is trained is what its layers say of it: frozen, at a multiple of the learning rate, by ``optimizer`` (None:
    the network's).
    """

    name: str
    shape: Shape
    initializer: Initializer
    fan_in: int = 1
    fan_out: int = 1
    decays: bool = True
    is_frozen: bool = False
    rate_factor: float = 1.0
    optimizer: Optimizer | None = None

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))


@dataclass(frozen=True)
class Buffer:
    """An array a layer updates itself while training and that no gradient reaches, such as a running mean."""

    name: str
    shape: Shape
    value: float


class Position:
    """Where training stands: the address of every random draw of a pass. Shared by all memos of one tape.

    ``interrupt`` is the network's own: a layer whose pass may take long looks at it between two parts. ``scratch`` and
    ``workspace`` are memory that every layer may use during its own pass (see :meth:`Memo.scratch` and
    :meth:`Memo.workspace`); ``wanted`` is how many bytes the most demanding layer asked for.
    """

    __slots__ = ("interrupt", "scratch", "seed", "step", "wanted", "workspace")

    def __init__(self, seed: int = 0, step: int = 0) -> None:
        self.seed = seed
        self.step = step
        self.interrupt = Interrupt()
        self.scratch: dict[str, Array] = {}
        self.workspace: Array = aligned((0,), np.uint8)
        self.wanted = 0


class Memo:
    """One layer's memory of one pass: its settings of the call and its preallocated buffers, as plain attributes.

    ``layer`` is its place in the network; ``training`` switches dropout and batch statistics; ``wants_dx`` is False where
    nobody reads the input gradient, as in the first layer; ``state`` holds the layer's :class:`Buffer` arrays (views,
    updated in place when training). Everything else (``memo.y``, ``memo.dx`` …) is put there by :meth:`Layer.allocate`.

    Buffers are Fortran-ordered: of shape ``(n, h, w, c)``, but with the samples next to each other in memory, so that
    every operation works on long runs whatever the number of channels. ``output`` is the whole memory of the output as
    a matrix with a last row of ones, from which a dense layer above takes weights and bias in one product; ``below`` is
    the memo of the layer below (None for the first).
    """

    layer: int
    training: bool
    wants_dx: bool
    state: Mapping[str, FloatArray]
    position: Position
    below: Memo | None
    output: FloatArray | None
    _used: int

    def __init__(
        self,
        layer: int = 0,
        *,
        training: bool = True,
        wants_dx: bool = True,
        state: Mapping[str, FloatArray] | None = None,
        position: Position | None = None,
        below: Memo | None = None,
    ) -> None:
        self.layer = layer
        self.training = training
        self.wants_dx = wants_dx
        self.state = {} if state is None else state
        self.position = Position() if position is None else position
        self.below = below
        self.output = None
        self._used = 0

    def output_buffer(self, n: int, shape: Shape, dtype: np.dtype[Any]) -> FloatArray:
        """A Fortran-ordered ``(n, *shape)`` for the layer's output; its memory is kept as :attr:`output`."""
        self.output = aligned((math.prod(shape) + 1, n), dtype)
        self.output[-1] = 1
        return self.output[:-1].reshape(*reversed(shape), n).T

    def scratch(self, purpose: str, shape: Shape, dtype: np.dtype[Any]) -> Array:
        """An array for use within one pass of one layer: layers of one tape that give the same ``purpose`` share memory.

        It begins as zeros, and stays so if everybody who shares it only reads.
        """
        kept, size = self.position.scratch.get(purpose), math.prod(shape)
        if kept is None or kept.size < size or kept.dtype != dtype:
            kept = self.position.scratch[purpose] = aligned((size,), dtype)
        return kept[:size].reshape(shape)

    def workspace(self, shape: Shape, dtype: np.dtype[Any]) -> Array:
        """An array for use within one pass of this layer, to be asked for in :meth:`Layer.allocate`. All layers of a tape
        share that memory, whose size is what the most demanding of them asks for: when a pass begins it holds anything.
        """
        size, start = math.prod(shape) * dtype.itemsize, self._used
        self._used += size + -size % LINE
        self.position.wanted = max(self.position.wanted, self._used)
        if self._used > len(self.position.workspace):
            return aligned(shape, dtype)  # a tape that learns how much is wanted asks all layers again
        return self.position.workspace[start : start + size].view(dtype).reshape(shape)

    def reuse_workspace(self) -> None:
        """Say that what was asked for so far and what is asked for from now on are never needed at the same time."""
        self._used = 0

    def pass_through(self) -> None:
        """Say that the output is the input, in the same memory order."""
        self.output = None if self.below is None else self.below.output

    def leave_if_interrupted(self) -> None:
        """Raise :class:`Interrupted` when somebody waits; for layers whose one pass may take long."""
        if self.position.interrupt.is_set:
            raise Interrupted

    def stream(self, purpose: str) -> np.random.Generator:
        """This layer's own numbers for this step. Made on demand, so that only layers that draw pay for it."""
        return stream(self.position.seed, purpose, self.layer, self.position.step)

    if TYPE_CHECKING:  # what allocate() puts here differs by layer

        def __getattr__(self, name: str) -> Any: ...

        def __setattr__(self, name: str, value: Any) -> None: ...


@dataclass(frozen=True)
class Layer(ABC):
    """One operation of the network. Shapes are without the batch axis: ``(d,)``, ``(h, w, c)``, ``(t, d)``."""

    kind: ClassVar[str]

    @property
    def reads_tokens(self) -> bool:
        """Whether it, or a layer inside, takes its inputs for whole numbers that name things."""
        return False

    @abstractmethod
    def output_shape(self, input_shape: Shape) -> Shape:
        """The shape of one output sample; raises :class:`ShapeError` in words when the input does not fit."""

    def parameters(self, input_shape: Shape) -> tuple[Parameter, ...]:
        """The trainable arrays, in the order they take in θ."""
        return ()

    def buffers(self, input_shape: Shape) -> tuple[Buffer, ...]:
        """The arrays this layer updates itself."""
        return ()

    def multiply_adds(self, input_shape: Shape) -> int:
        """Multiply–accumulate operations of one sample's forward pass (0 for element-wise layers)."""
        return 0

    @abstractmethod
    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        """Put every buffer a pass over ``n`` samples needs on ``memo``, so that passes allocate nothing."""

    @abstractmethod
    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        """The output for ``x`` of shape ``(n, *input_shape)``, in a buffer of ``memo``."""

    @abstractmethod
    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        """Fill ``gradients`` (overwrite, not add) and return ∂loss/∂x; undefined when ``memo.wants_dx`` is False."""

    def gate_values(self, memo: Memo) -> dict[str, FloatArray]:
        """The gates of the last pass by name, ``(t, units, n)``, views of the memo; empty where there are none.

        Those of a layer inside another one stand under its number, ``2.forget``.
        """
        return {}


LAYERS: Registry[Layer] = Registry(N_("layer"))


def label_of(layer: Layer) -> str:
    """The name a person knows ``layer`` by, to be translated where it is shown."""
    return LAYERS.entry(layer.kind).label if layer.kind in LAYERS else layer.kind


def joined(weight: FloatArray, *others: FloatArray) -> FloatArray:
    """``weight`` ``(…, k)`` as a matrix, with its neighbours in θ, such as a bias ``(k,)``, as more rows; a view of all."""
    k, end = weight.shape[-1], weight.ctypes.data + weight.nbytes
    for other in others:
        if other.ctypes.data != end or other.shape[-1] != k or not weight.flags.c_contiguous:
            raise ValueError("what is joined must follow its weights in memory, as it does in a network's θ")
        end += other.nbytes
    rows = sum(one.size // k for one in (weight, *others))
    return np.lib.stride_tricks.as_strided(weight, (rows, k), (k * weight.itemsize, weight.itemsize))
