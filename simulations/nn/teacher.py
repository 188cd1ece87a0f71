"""A trained network that was kept to teach another: frozen, part of the experiment, and stored with it.

It is a value like the rest of an experiment, so that equal experiments stay bit-identical and one file holds all that
a distillation needs. Its numbers travel as text: float32, packed.
"""

from __future__ import annotations

import base64
import binascii
import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from simulations.core.arrays import FloatArray, Shape
from simulations.core.errors import GradLabError, ShapeError, SpecError
from simulations.core.interrupt import Interrupt
from simulations.core.params import Json, from_json, to_json
from simulations.core.text import N_
from simulations.data.scaler import Scaler
from simulations.nn.description import describe
from simulations.nn.layers.base import LAYERS, Layer
from simulations.nn.network import Network
from simulations.nn.tape import Tape

MOST_NUMBERS = 1_000_000  # parameters and running statistics: 4 MB, some 5 as text
_TAPES_KEPT = 6


@dataclass(frozen=True)
class Teacher:
    """A network as it stood when it was kept. ``name`` and ``step`` say where it comes from.

    ``mean`` and ``scale`` are how its inputs were prepared; ``numbers`` are θ and the running statistics, packed.
    """

    name: str
    step: int
    layers: tuple[Layer, ...]
    input_shape: Shape
    output_shape: Shape
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    numbers: str = field(repr=False)

    @staticmethod
    def of(network: Network, theta: FloatArray, scaler: Scaler, *, name: str, step: int) -> Teacher:
        """``network`` with the parameters ``theta``. Raises :class:`ShapeError` when it is too large to be kept."""
        numbers = np.concatenate((theta, network.state)).astype("<f4")
        if len(numbers) > MOST_NUMBERS:
            raise ShapeError(
                N_("A teacher of {received} numbers is too large to be kept with an experiment: at most {expected}."),
                received=len(numbers),
                expected=MOST_NUMBERS,
            )
        packed = base64.b64encode(zlib.compress(numbers.tobytes(), 6)).decode()
        mean, scale = (tuple(np.asarray(one, float).tolist()) for one in (scaler.mean, scaler.scale))
        return Teacher(name, step, network.layers, network.input_shape, network.output_shape, mean, scale, packed)

    def network(self, dtype: DTypeLike = np.float32, interrupt: Interrupt | None = None) -> Network:
        """The network itself."""
        made = Network(self.layers, self.input_shape, dtype=dtype, interrupt=interrupt)
        numbers = _unpacked(self.numbers, len(made.theta) + len(made.state))
        made.theta[...] = numbers[: len(made.theta)]
        made.state[...] = numbers[len(made.theta) :]
        return made

    def at_work(
        self, dtype: DTypeLike, scaler: Scaler | None, interrupt: Interrupt | None
    ) -> Callable[[FloatArray], FloatArray]:
        """A function from inputs that ``scaler`` prepared to the teacher's outputs, a buffer that the next call reuses."""
        network = self.network(dtype, interrupt)
        tapes: dict[int, Tape] = {}
        mean, scale = np.array(self.mean), np.array(self.scale)
        factor, shift = (1 / scale, -mean / scale)
        if scaler is not None:
            factor, shift = scaler.scale / scale, (scaler.mean - mean) / scale
        is_same = bool((factor == 1).all() and (shift == 0).all())

        def ask(x: FloatArray) -> FloatArray:
            n = len(x)
            if n not in tapes:
                if len(tapes) >= _TAPES_KEPT:
                    tapes.pop(next(iter(tapes)))
                tapes[n] = network.tape(n, training=False)
            seen = x if is_same else np.ascontiguousarray(x * factor + shift, network.dtype)
            return network.forward(seen, tapes[n])

        return ask

    def to_json(self) -> Json:
        return {
            "name": self.name,
            "step": self.step,
            "input_shape": list(self.input_shape),
            "layers": [to_json(layer) for layer in self.layers],
            "mean": list(self.mean),
            "scale": list(self.scale),
            "numbers": self.numbers,
        }

    @staticmethod
    def from_json(data: object, path: str = "teacher") -> Teacher:
        """Rebuild a teacher; every fault raises :class:`SpecError` with the path of the wrong value."""
        names = ("name", "step", "input_shape", "layers", "mean", "scale", "numbers")
        if not isinstance(data, Mapping) or set(data) != set(names):
            raise _unexpected(
                path, ", ".join(names), data if not isinstance(data, Mapping) else ", ".join(map(str, data))
            )
        name, step, shape, layers, mean, scale, numbers = (data[one] for one in names)
        for where, text in (("name", name), ("numbers", numbers)):
            if not isinstance(text, str):
                raise _unexpected(f"{path}.{where}", '"…"', text)
        if not _is_whole(step) or step < 0:
            raise _unexpected(f"{path}.step", "0…", step)
        if (
            not isinstance(shape, list)
            or not 1 <= len(shape) <= 3
            or not all(_is_whole(one) and one > 0 for one in shape)
        ):
            raise _unexpected(f"{path}.input_shape", "[1…, …]", shape)
        if not isinstance(layers, list):
            raise SpecError(N_("{path}: expected a list of layers"), path=f"{path}.layers")
        built = tuple(from_json(LAYERS, layer, f"{path}.layers[{i}]") for i, layer in enumerate(layers))
        outputs = _checked_outputs(built, tuple(shape), f"{path}.layers")
        for where, values in (("mean", mean), ("scale", scale)):
            if not isinstance(values, list) or len(values) != shape[-1] or not all(map(_is_finite, values)):
                raise _unexpected(f"{path}.{where}", f"[…], {shape[-1]}", values)
        if not all(scale):
            raise _unexpected(f"{path}.scale", "≠ 0", scale)
        made = Teacher(name, step, built, tuple(shape), outputs, _floats(mean), _floats(scale), numbers)
        try:
            made.network()
        except ValueError as error:
            raise _unexpected(f"{path}.numbers", str(error), "…") from error
        return made


def _checked_outputs(layers: tuple[Layer, ...], input_shape: Shape, path: str) -> Shape:
    """What the layers end in; refused where they cannot be built or are too many numbers."""
    description = describe(layers, input_shape)
    if description.problem is not None or not layers:
        reason: GradLabError | str = "" if description.problem is None else description.problem.error
        raise SpecError(N_("{path}: {reason}"), path=path, reason=reason)
    if description.parameter_count > MOST_NUMBERS:
        raise _unexpected(path, f"0…{MOST_NUMBERS}", description.parameter_count)
    return description.layers[-1].output_shape


def _unpacked(text: str, count: int) -> FloatArray:
    """``count`` finite numbers; raises ValueError saying what was expected instead of what is there."""
    try:
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(base64.b64decode(text, validate=True), 4 * count + 1)
    except (binascii.Error, zlib.error) as error:
        raise ValueError("packed numbers") from error
    if len(raw) != 4 * count:
        raise ValueError(f"{count} packed numbers")
    numbers = np.frombuffer(raw, "<f4")
    if not np.isfinite(numbers).all():
        raise ValueError("finite numbers")
    return numbers


def _unexpected(path: str, expected: str, received: object) -> SpecError:
    return SpecError(N_("{path}: expected {expected}, got {received}"), path=path, expected=expected, received=received)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _floats(values: list[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
