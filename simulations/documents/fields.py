"""Reading the declared fields of a document's parts from JSON: what is unknown, missing or wrong is named by its path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulations.core.errors import SpecError
from simulations.core.params import hyperparameters, value_from_json
from simulations.core.text import N_


def refuse_unknown(data: Mapping[Any, Any], known: set[str], path: str) -> None:
    for name in data:
        if name not in known:
            raise SpecError(
                N_("{path}: unknown; known are {known}"), path=f"{path}{name}", known=", ".join(sorted(known))
            )


def values_from_json(cls: type, data: object, path: str) -> dict[str, Any]:
    """The declared fields of ``cls`` found in ``data``, variants built, integers widened where a float is declared."""
    prefix = f"{path}." if path else ""
    if not isinstance(data, Mapping):
        raise SpecError(N_("{path}: expected {expected}, got {received}"), path=path, expected="{…}", received=data)
    if path:
        refuse_unknown(data, {one.name for one in hyperparameters(cls)}, prefix)
    values: dict[str, Any] = {}
    for one in hyperparameters(cls):
        if one.name not in data:
            if one.registry is not None and one.default is None:
                raise SpecError(N_("{path}: missing"), path=prefix + one.name)
            continue
        values[one.name] = value_from_json(one, data[one.name], prefix + one.name)
    return values
