"""Marks of minima and saddles: all of a few, of many those with room around them, the lowest first, and how many there are."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from simulations.families import load
from simulations.surfaces.base import SURFACES
from widgets.plots.revealed import Revealed, revealed


def shown(surface: str, pixels_a_unit: float = 30.0, scale: float = 1.0) -> tuple[Revealed, np.ndarray, np.ndarray]:
    load()
    one = SURFACES[surface]()
    ground = SimpleNamespace(minima=one.minima, saddles=one.saddles)
    low, between = (
        np.array([(at.x, at.y) for at in some]).reshape(-1, 2) * pixels_a_unit for some in (one.minima, one.saddles)
    )
    found = revealed(ground, low, between, np.ones(len(low) + len(between), bool), scale)  # type: ignore[arg-type]
    return found, low, between


def test_a_carpet_of_minima_is_thinned_and_counted() -> None:
    found, low, between = shown("levy")
    assert (found.minima_there, found.saddles_there) == (len(low), len(between))
    assert 0 < len(found.minima) <= 40 < len(low)
    assert found.minima[0] == 0, "the lowest is always there"
    places = np.concatenate([low[found.minima], between[found.saddles]])
    away = np.hypot(*(places[:, np.newaxis] - places).T) + 1e9 * np.eye(len(places))
    assert away.min() >= 30
    assert found.words().startswith(f"{len(found.minima)} of {len(low)} minima")


@pytest.mark.parametrize("surface", ["himmelblau", "sphere", "frequency_fit"])
def test_a_few_are_all_shown_without_a_word(surface: str) -> None:
    found, low, between = shown(surface, 0.01)
    assert (len(found.minima), len(found.saddles)) == (len(low), len(between))
    assert found.words() == ""
