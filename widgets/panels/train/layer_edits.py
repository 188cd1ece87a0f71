"""Edits of a stack of layers that need a little thought: where a new one goes, and what stays when one becomes another."""

from __future__ import annotations

import dataclasses
from contextlib import suppress
from typing import Any

from simulations.core.errors import SpecError
from simulations.core.params import hyperparameters, validate
from simulations.nn.layers.base import LAYERS, Layer


def changed_into(layer: Layer, kind: str) -> Layer:
    """A layer of ``kind`` with those settings of ``layer`` that it has too and that it allows."""
    changed = LAYERS[kind]()
    declared = {one.name: one for one in hyperparameters(layer)}
    for one in hyperparameters(changed):
        if one.name in declared and one.kind == declared[one.name].kind:
            wanted: dict[str, Any] = {one.name: getattr(layer, one.name)}
            candidate = dataclasses.replace(changed, **wanted)
            with suppress(SpecError):
                validate(candidate, "")
                changed = candidate
    return changed


def place_for_new(layers: tuple[Layer, ...], selected: int) -> int:
    """Where a new layer goes: after the selected one, but before the dense layer that makes the outputs."""
    end = len(layers)
    if layers and "units" in {one.name for one in hyperparameters(layers[-1])}:
        end -= 1
    return end if selected < 0 else min(selected + 1, end)
