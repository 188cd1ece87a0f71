"""Ladders: the numbers a slider may stand at, whatever range is declared."""

from __future__ import annotations

import math

import pytest

from simulations.core.params import hyperparameters
from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.optimizers.base import OPTIMIZERS
from widgets.forms.ladder import ladder, ladder_of

load()

DECLARED = [
    (f"{entry.kind}.{one.name}", one)
    for registry in (LAYERS, OPTIMIZERS)
    for entry in registry
    for one in hyperparameters(entry.cls)
    if ladder_of(one) is not None
]


@pytest.mark.parametrize("declared", [one for _, one in DECLARED], ids=[name for name, _ in DECLARED])
def test_every_declared_range_has_a_ladder_that_round_trips(declared):
    rungs = ladder_of(declared)
    assert (rungs.rungs[0], rungs.rungs[-1]) == (declared.low, declared.high)
    assert list(rungs.rungs) == sorted(set(rungs.rungs))
    assert [rungs.position(value) for value in rungs.rungs] == list(range(len(rungs)))


def test_a_log_ladder_from_zero_has_zero_leftmost_and_then_small_numbers():
    rungs = ladder(0.0, 1.0, log=True, integer=False).rungs
    assert rungs[0] == 0.0
    assert rungs[1] == pytest.approx(1e-6)


def test_a_log_ladder_is_logarithmic_to_within_a_twentieth_of_a_decade():
    rungs = ladder(1.0, 10.0, log=True, integer=False)
    for value in (2.0, 3.0, 5.0, 7.0):
        assert rungs.position(value) / (len(rungs) - 1) == pytest.approx(math.log10(value), abs=0.05)


def test_from_between_two_rungs_a_step_reaches_the_nearer_one_on_that_side():
    rungs = ladder(1, 100, log=True, integer=True)
    assert rungs.next_rung(13, 1) == 16
    assert rungs.next_rung(13, -1) == 12
    assert rungs.next_rung(100, 1) == 100
