"""Hyperparameters, declared once as dataclass fields.

From one declaration follow the default, the form in the window, the JSON, the validation message, the command line's
catalogue row and the strategy of the property tests.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from simulations.core.errors import SpecError
from simulations.core.registry import Registry
from simulations.core.text import N_

Kind = Literal["float", "int", "bool", "choice", "choice_or_int", "variant"]
Json = dict[str, Any]
T = TypeVar("T")

_KEY = "hyperparameter"


@dataclass(frozen=True)
class Hyperparameter:
    """The declaration of one field: how it is drawn, checked, stored and tested.

    ``low`` and ``high`` are inclusive; ``live`` says a change takes effect without rebuilding the network; ``registry``
    is the family a ``variant`` is chosen from; ``labels`` are the translatable names of ``choices``.
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

    def check(self, value: Any, path: str) -> None:
        """Raise :class:`SpecError` unless ``value`` is of the declared kind and inside the declared range."""
        if self.kind == "variant":
            if not isinstance(value, tuple(entry.cls for entry in self.registry or ())):
                raise _unexpected(path, self.registry.family if self.registry else "", value)
            validate(value, path)
        elif self.kind == "bool":
            if not isinstance(value, bool):
                raise _unexpected(path, "true/false", value)
        elif self.kind == "choice" or (self.kind == "choice_or_int" and isinstance(value, str)):
            if value not in self.choices:
                raise _unexpected(path, " | ".join(self.choices), value)
        else:
            self._check_number(value, path)

    def _check_number(self, value: Any, path: str) -> None:
        wanted = (int, float) if self.kind == "float" else (int,)
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
) -> Any:
    """Declare a dataclass field as a hyperparameter. The kind follows from the default and what is given with it."""
    kind: Kind
    if registry is not None:
        kind = "variant"
    elif choices:
        kind = "choice" if low is None else "choice_or_int"
    elif isinstance(default, bool):
        kind = "bool"
    else:
        kind = "int" if isinstance(default, int) else "float"
    declared = Hyperparameter(
        "", kind, default, low, high, scale, unit, choices, labels or choices, registry, live, label, help
    )
    return dataclasses.field(default=default, metadata={_KEY: declared})


def hyperparameters(config: object) -> tuple[Hyperparameter, ...]:
    """The declarations of a configuration class or instance, in field order."""
    return tuple(
        dataclasses.replace(field.metadata[_KEY], name=field.name, label=field.metadata[_KEY].label or field.name)
        for field in dataclasses.fields(config)  # type: ignore[arg-type]
        if _KEY in field.metadata
    )


def validate(config: object, path: str = "") -> None:
    """Check every hyperparameter of ``config`` (nested ones too); raise :class:`SpecError` naming the first bad one."""
    for declared in hyperparameters(config):
        declared.check(getattr(config, declared.name), f"{path}.{declared.name}" if path else declared.name)


def to_json(config: Any) -> Json:
    """``config`` as plain JSON values: its kind and every hyperparameter."""
    result: Json = {"kind": config.kind}
    for declared in hyperparameters(config):
        value = getattr(config, declared.name)
        result[declared.name] = to_json(value) if declared.kind == "variant" else value
    return result


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
        nested = declared[name].registry
        values[name] = value if nested is None else from_json(nested, value, where)
        if nested is None:
            declared[name].check(value, where)
            values[name] = widened(declared[name], value)
    config = cls(**values)
    validate(config, path)
    return config


def widened(declared: Hyperparameter, value: Any) -> Any:
    """A checked ``value`` as the field wants it: JSON writes 1.0 as 1, a float field stores 1.0 again."""
    return float(value) if declared.kind == "float" else value
