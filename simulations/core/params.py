"""Hyperparameters, declared once as dataclass fields.

From one declaration follow the default, the form in the window, the JSON, the validation message, the command line's
catalogue row and the strategy of the property tests.
"""

from __future__ import annotations

import dataclasses
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeVar

from simulations.core.errors import SpecError
from simulations.core.registry import Registry
from simulations.core.text import N_

Kind = Literal[
    "float", "int", "bool", "choice", "choice_or_int", "numbers", "text", "texts", "record", "variant", "stack"
]
Json = dict[str, Any]
T = TypeVar("T")

_KEY = "hyperparameter"
MOST_TEXTS = 4096
DEEPEST_STACK = 4  # of stacks within stacks: more is no experiment any more, and a document could nest without end
LONGEST_STACK = 32
LONGEST_TEXT = 1000
MOST_NUMBERS = 1000


class Record(ABC):
    """A value that is found out rather than chosen, such as what a file holds; it travels with the choices."""

    @abstractmethod
    def to_json(self) -> Json:
        """As plain JSON values."""

    @classmethod
    @abstractmethod
    def from_json(cls, data: object, path: str) -> Record:
        """The inverse of :meth:`to_json`; every fault is a :class:`SpecError` with its path."""


@dataclass(frozen=True)
class Hyperparameter:
    """The declaration of one field: how it is drawn, checked, stored and tested.

    ``low`` and ``high`` are inclusive; ``live`` says a change takes effect without rebuilding the network; ``registry``
    is the family a ``variant`` is chosen from; ``labels`` are the translatable names of ``choices``. A ``stack`` is a
    tuple of members of its ``registry``, in order, which may hold stacks themselves. ``numbers`` are a tuple of floats.
    A ``text`` has at most ``high`` characters, ``texts`` are a tuple of such. A ``record`` is a value of class ``record``
    that is found, not chosen. ``usual`` is the part of the range that sliders span and sweeps look at; the rest is for
    those who type. ``hidden`` says that no form shows the field unless it asks for it by name;
    ``only_if`` names another field and its values with which this one does something, and is shown.
    """

    name: str
    kind: Kind
    default: Any
    low: float | None
    high: float | None
    scale: Literal["linear", "log"]
    unit: str
    choices: tuple[str, ...]
    labels: tuple[str, ...]
    registry: Registry[Any] | None
    live: bool
    label: str
    help: str
    record: type[Record] | None = None
    hidden: bool = False
    only_if: tuple[str, tuple[Any, ...]] | None = None
    usual: tuple[float, float] | None = None

    @property
    def span(self) -> tuple[float | None, float | None]:
        """The ends of the usual part of the range: the whole one where nothing else is said."""
        return self.usual or (self.low, self.high)

    def applies(self, config: object) -> bool:
        """Whether this field does anything in ``config``, which another of its fields decides."""
        return self.only_if is None or getattr(config, self.only_if[0]) in self.only_if[1]

    def check(self, value: Any, path: str) -> None:
        """Raise :class:`SpecError` unless ``value`` is of the declared kind and inside the declared range."""
        if self.kind == "variant":
            self._check_member(value, path)
        elif self.kind == "stack":
            self._check_stack(value, path)
        elif self.kind == "numbers":
            self._check_numbers(value, path)
        elif self.kind in ("text", "texts", "record"):
            self._check_words(value, path)
        elif self.kind == "bool":
            if not isinstance(value, bool):
                raise _unexpected(path, "true/false", value)
        elif self.kind == "choice" or (self.kind == "choice_or_int" and isinstance(value, str)):
            if value not in self.choices:
                raise _unexpected(path, " | ".join(self.choices), value)
        else:
            self._check_number(value, path)

    def _check_member(self, value: Any, path: str) -> None:
        if not isinstance(value, tuple(entry.cls for entry in self.registry or ())):
            raise _unexpected(path, self.registry.family if self.registry else "", value)
        validate(value, path)

    def _check_stack(self, value: Any, path: str) -> None:
        if not isinstance(value, tuple) or len(value) > LONGEST_STACK:
            raise _unexpected(path, f"[…], 0…{LONGEST_STACK}", value)
        _refuse_depth(path)
        for index, member in enumerate(value):
            self._check_member(member, f"{path}[{index}]")

    def _check_words(self, value: Any, path: str) -> None:
        if self.kind == "record":
            if not isinstance(value, self.record or ()):
                raise _unexpected(path, "{…}", value)
            return
        expected, texts = f"“…”, 0…{self.high}", (value,)
        if self.kind == "texts":
            expected, texts = f"[“…”], 0…{MOST_TEXTS}", value if isinstance(value, tuple) else (None,)
        if len(texts) > MOST_TEXTS or not all(isinstance(one, str) and len(one) <= (self.high or 0) for one in texts):
            received = value if not isinstance(value, str) else f"{value[:40]}…"
            raise _unexpected(path, expected, received)

    def _check_numbers(self, value: Any, path: str) -> None:
        if not isinstance(value, tuple) or len(value) > MOST_NUMBERS:
            raise _unexpected(path, f"[…], 0…{MOST_NUMBERS}", value)
        for index, number in enumerate(value):
            self._check_number(number, f"{path}[{index}]")

    def _check_number(self, value: Any, path: str) -> None:
        wanted = (int, float) if self.kind in ("float", "numbers") else (int,)
        if isinstance(value, bool) or not isinstance(value, wanted):
            raise _unexpected(path, self.range_text(), value)
        if isinstance(value, float) and not math.isfinite(value):  # an int may be too large to be asked
            raise _unexpected(path, self.range_text(), value)
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            raise _unexpected(path, self.range_text(), value)

    def range_text(self) -> str:
        """The allowed values in short, e.g. ``1…11`` or ``0.0001…10``."""
        low = "−∞" if self.low is None else _short(self.low)
        high = "∞" if self.high is None else _short(self.high)
        return f"{low}…{high}"


def _refuse_depth(path: str) -> None:
    if path.count("[") > DEEPEST_STACK + 1:  # one bracket for the layer itself
        raise SpecError(N_("{path}: layers are nested more than {expected} deep"), path=path, expected=DEEPEST_STACK)


def _short(bound: float) -> str:
    return str(bound) if isinstance(bound, int) else f"{bound:g}"


def _unexpected(path: str, expected: str, received: object) -> SpecError:
    return SpecError(N_("{path}: expected {expected}, got {received}"), path=path, expected=expected, received=received)


def param(
    default: Any,
    *,
    low: float | None = None,
    high: float | None = None,
    scale: Literal["linear", "log"] = "linear",
    unit: str = "",
    choices: tuple[str, ...] = (),
    labels: tuple[str, ...] = (),
    registry: Registry[Any] | None = None,
    live: bool = False,
    label: str = "",
    help: str = "",
    hidden: bool = False,
    only_if: tuple[str, tuple[Any, ...]] | None = None,
    usual: tuple[float, float] | None = None,
) -> Any:
    """Declare a dataclass field as a hyperparameter. The kind follows from the default and what is given with it."""
    kind = _kind_of(default, low, choices, registry)
    record = type(default) if kind == "record" else None
    if kind in ("text", "texts"):
        low, high = 0, high or LONGEST_TEXT
    told = (low, high, scale, unit, choices, labels or choices, registry, live, label, help)
    declared = Hyperparameter("", kind, default, *told, record, hidden, only_if, usual)
    return dataclasses.field(default=default, metadata={_KEY: declared})


def _kind_of(default: Any, low: float | None, choices: tuple[str, ...], registry: Registry[Any] | None) -> Kind:
    if registry is not None:
        return "stack" if isinstance(default, tuple) else "variant"
    if choices:
        return "choice" if low is None else "choice_or_int"
    if isinstance(default, tuple) and low is not None:
        return "numbers"
    kinds: tuple[tuple[type, Kind], ...] = (
        (bool, "bool"), (str, "text"), (tuple, "texts"), (Record, "record"), (int, "int"),
    )  # fmt: skip
    return next((kind for cls, kind in kinds if isinstance(default, cls)), "float")


def hyperparameters(config: object) -> tuple[Hyperparameter, ...]:
    """The declarations of a configuration class or instance, in the order of its arguments: named ones last."""
    return _declared(config if isinstance(config, type) else type(config))


@lru_cache(maxsize=512)
def _declared(cls: type) -> tuple[Hyperparameter, ...]:
    return tuple(
        dataclasses.replace(field.metadata[_KEY], name=field.name, label=field.metadata[_KEY].label or field.name)
        for field in sorted(dataclasses.fields(cls), key=_is_named)
        if _KEY in field.metadata
    )


def _is_named(field: dataclasses.Field[Any]) -> bool:
    return bool(field.kw_only)


def validate(config: object, path: str = "") -> None:
    """Check every hyperparameter of ``config`` (nested ones too); raise :class:`SpecError` naming the first bad one."""
    for declared in hyperparameters(config):
        declared.check(getattr(config, declared.name), f"{path}.{declared.name}" if path else declared.name)


def to_json(config: Any) -> Json:
    """``config`` as plain JSON values: its kind and every hyperparameter."""
    result: Json = {"kind": config.kind}
    for declared in hyperparameters(config):
        value = getattr(config, declared.name)
        result[declared.name] = value_to_json(declared, value)
    return result


def value_to_json(declared: Hyperparameter, value: Any) -> Any:
    """One hyperparameter's ``value`` as plain JSON values."""
    if declared.kind == "variant":
        return to_json(value)
    if declared.kind == "record":
        return value.to_json()
    if declared.kind in ("texts", "numbers"):
        return list(value)
    return [to_json(member) for member in value] if declared.kind == "stack" else value


def value_from_json(declared: Hyperparameter, value: Any, path: str) -> Any:
    """The inverse of :func:`value_to_json`, checked; every fault is a :class:`SpecError` with its path."""
    if declared.registry is None:
        if declared.record is not None:
            return declared.record.from_json(value, path)
        value = tuple(value) if declared.kind in ("texts", "numbers") and isinstance(value, list) else value
        declared.check(value, path)
        return widened(declared, value)
    if declared.kind == "variant":
        return from_json(declared.registry, value, path)
    if not isinstance(value, list) or len(value) > LONGEST_STACK:
        raise _unexpected(path, f"[…], 0…{LONGEST_STACK}", value)
    _refuse_depth(path)
    return tuple(from_json(declared.registry, member, f"{path}[{index}]") for index, member in enumerate(value))


def from_json(registry: Registry[T], data: object, path: str = "") -> T:
    """Build a member of ``registry`` from :func:`to_json`'s form; every fault is a :class:`SpecError` with its path."""
    if not isinstance(data, Mapping) or not isinstance(data.get("kind"), str):
        raise _unexpected(path or registry.family, '{"kind": …}', data)
    cls = registry.entry(data["kind"], path).cls
    declared = {one.name: one for one in hyperparameters(cls)}
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name == "kind":
            continue
        where = f"{path}.{name}" if path else str(name)
        if name not in declared:
            raise SpecError(
                N_("{path}: unknown; {kind} has {known}"),
                path=where,
                kind=data["kind"],
                known=", ".join(declared) or "–",
            )
        values[name] = value_from_json(declared[name], value, where)
    config = cls(**values)
    validate(config, path)
    return config


def widened(declared: Hyperparameter, value: Any) -> Any:
    """A checked ``value`` as the field wants it: JSON writes 1.0 as 1, a float field stores 1.0 again."""
    if declared.kind == "numbers":
        return tuple(float(number) for number in value)
    return float(value) if declared.kind == "float" else value
