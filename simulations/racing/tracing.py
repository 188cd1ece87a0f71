"""What an optimizer does to one coordinate, found by letting it move symbols instead of numbers.

NumPy takes as long to multiply two numbers as two hundred, and the two of a point on a plane are moved ten thousand times a
second. So a method's own ``update`` is run once on symbols; what it asked for is then known operation by operation, and
can be repeated on plain floats, which gives the same bits: both are IEEE 754 double precision. There is no second
implementation of any method, and one that does something unknown here is simply left to NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeAlias, final

import numpy as np

Plain: TypeAlias = float | int


class UntraceableError(Exception):
    """The method does something that is not known to be the same for plain floats."""


@dataclass(frozen=True)
class Operation:
    """One line: ``name`` becomes ``pattern`` filled with the names in ``arguments``; ``is_of_point``: once a coordinate."""

    name: str
    pattern: str
    arguments: tuple[str, ...]
    is_of_point: bool


class Script:
    """The lines in the order in which they came up, each once."""

    def __init__(self) -> None:
        self.lines: list[Operation] = []
        self._known: dict[tuple[str, tuple[str, ...]], Symbol] = {}

    def add(self, pattern: str, *arguments: object) -> Symbol:
        """The result of ``pattern`` for ``arguments``, symbols or plain numbers."""
        symbols = [one if isinstance(one, Symbol) else self._constant(one) for one in arguments]
        names = tuple(one.name for one in symbols)
        found = self._known.get((pattern, names))
        if found is None:
            is_of_point = any(one.is_of_point for one in symbols)
            found = self._known[pattern, names] = Symbol(self, f"v{len(self.lines)}", is_of_point)
            self.lines.append(Operation(found.name, pattern, names, is_of_point))
        return found

    def _constant(self, value: object) -> Symbol:
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, bool) or not isinstance(value, float | int) or not np.isfinite(value):
            raise UntraceableError
        return Symbol(self, repr(value), is_of_point=False)


def _refuse(*_: object) -> Any:
    raise UntraceableError


class _Arithmetic:
    """The operators; a subclass says what :meth:`_with` makes of a pattern."""

    __hash__ = None  # type: ignore[assignment]

    def _with(self, pattern: str, *arguments: object) -> Any:
        raise NotImplementedError

    def __add__(self, other: object) -> Any:
        return self._with("{} + {}", self, other)

    def __radd__(self, other: object) -> Any:
        return self._with("{} + {}", other, self)

    def __sub__(self, other: object) -> Any:
        return self._with("{} - {}", self, other)

    def __rsub__(self, other: object) -> Any:
        return self._with("{} - {}", other, self)

    def __mul__(self, other: object) -> Any:
        return self._with("{} * {}", self, other)

    def __rmul__(self, other: object) -> Any:
        return self._with("{} * {}", other, self)

    def __truediv__(self, other: object) -> Any:
        return self._with("{} / {}", self, other)

    def __rtruediv__(self, other: object) -> Any:
        return self._with("{} / {}", other, self)

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __abs__ = __neg__ = __float__ = __int__ = __index__ = __iter__ = __len__ = __getitem__ = _refuse


@final
class Symbol(_Arithmetic):
    """A number that is not known yet: a hyperparameter, the step, or what became of them."""

    def __init__(self, script: Script, name: str, is_of_point: bool, is_certain: bool = False) -> None:
        self._script, self.name, self.is_of_point, self._is_certain = script, name, is_of_point, is_certain

    def _with(self, pattern: str, *arguments: object) -> Any:
        found = [_bare(one) for one in arguments]
        return NotImplemented if any(isinstance(one, Column) for one in found) else self._script.add(pattern, *found)

    def __pow__(self, other: object) -> Symbol:
        return self._script.add("{} ** {}", self, _bare(other))

    def __rpow__(self, other: object) -> Symbol:
        return self._script.add("{} ** {}", _bare(other), self)

    def __bool__(self) -> bool:
        """Whether it is anything but 0, which is certain of a hyperparameter that is not."""
        if not self._is_certain:
            raise UntraceableError
        return True


_PATTERNS: Final[Mapping[Callable[..., Any], str]] = {
    np.add: "{} + {}",
    np.subtract: "{} - {}",
    np.multiply: "{} * {}",
    np.divide: "{} / {}",
    np.sqrt: "sqrt({})",
    np.absolute: "abs({})",
    np.square: "{0} * {0}",
    # of two equal numbers either, and NaN wherever there is one, as NumPy has it
    np.maximum: "({0} if {0} >= {1} or {0} != {0} else {1})",
    np.minimum: "({0} if {0} <= {1} or {0} != {0} else {1})",
    np.sign: "(1.0 if {0} > 0 else -1.0 if {0} < 0 else 0.0 if {0} == 0 else {0})",
}


@final
class Column(_Arithmetic):
    """One coordinate of an array ``(…, n)``, or the one number of ``(…, 1)``: its ``value`` changes as the array would."""

    dtype: ClassVar[np.dtype[Any]] = np.dtype(object)  # so that operand() hands symbols through

    def __init__(self, script: Script, value: Symbol | None) -> None:
        self._script, self._value = script, value
        self._is_shared = value is not None and not value.is_of_point

    @property
    def value(self) -> Symbol:
        if self._value is None:
            raise UntraceableError  # scratch that nobody has written to
        return self._value

    def put(self, found: object) -> Column:
        """Be ``found`` from now on; what is one number for all coordinates stays so."""
        value = found.value if isinstance(found, Column) else found
        value = value if isinstance(value, Symbol) else self._script.add("{}", value)
        if self._is_shared and value.is_of_point:
            raise UntraceableError
        self._value = value
        return self

    def _with(self, pattern: str, *arguments: object) -> Column:
        found = [one.value if isinstance(one, Column) else one for one in map(_bare, arguments)]
        return Column(self._script, self._script.add(pattern, *found))

    def __iadd__(self, other: object) -> Column:
        return self.put(self + other)

    def __isub__(self, other: object) -> Column:
        return self.put(self - other)

    def __imul__(self, other: object) -> Column:
        return self.put(self * other)

    def __itruediv__(self, other: object) -> Column:
        return self.put(self / other)

    __bool__ = _refuse

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: object, **options: Any) -> Column:
        (out,) = options.pop("out", (None,))
        if method != "__call__" or options or ufunc not in _PATTERNS or not isinstance(out, Column | None):
            raise UntraceableError
        found = self._with(_PATTERNS[ufunc], *inputs)
        return found if out is None else out.put(found)

    def __array_function__(self, function: object, types: object, arguments: Any, options: Any) -> None:
        if function is not np.copyto or options or len(arguments) != 2 or not isinstance(arguments[0], Column):
            raise UntraceableError
        arguments[0].put(arguments[1] if isinstance(arguments[1], Column) else _bare(arguments[1]))


def _bare(value: object) -> object:
    """A number or symbol out of the array without axes that :func:`operand` wrapped it in."""
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def needed(lines: Iterable[Operation], results: Iterable[Symbol]) -> list[Operation]:
    """Those of ``lines`` that lead to ``results``."""
    wanted = {one.name for one in results}
    found = []
    for line in reversed(list(lines)):
        if line.name in wanted:
            wanted.update(line.arguments)
            found.append(line)
    return found[::-1]
