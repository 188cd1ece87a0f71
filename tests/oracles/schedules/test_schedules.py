"""Every schedule gives PyTorch's learning rates over 100 steps, or the formula it is named after."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from simulations.families import load
from simulations.optimizers.schedules.base import SCHEDULES

HERE = Path(__file__).parent
_found = importlib.util.spec_from_file_location("make_schedule_golden", HERE / "make_golden.py")
golden = importlib.util.module_from_spec(_found)
_found.loader.exec_module(golden)

load()
STORED = json.loads((HERE / "golden.json").read_text("utf-8"))
BY_FORMULA = {"constant", "inverse_square_root", "warm_up_stable_decay", "range_test"}


def factors(kind, settings, steps=golden.STEPS):
    schedule = SCHEDULES[kind](**settings)
    return [schedule.factor(step) for step in range(steps)]


def ours():
    found = {case: factors(kind, settings) for case, (kind, settings, _, _) in golden.CASES.items()}
    then = SCHEDULES["cosine"](steps=90)
    found["warm-up"] = factors("warm_up", {"steps": 10, "begin": 0.1, "then": then})
    plateau, losses = SCHEDULES["reduce_on_plateau"](**golden.PLATEAU), golden.losses()
    found["plateau"] = [plateau.factor(0, losses[: count + 1]) for count in range(len(losses))]
    return found


def same(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("case", STORED)
def test_the_rates_are_the_stored_ones_of_torch(case):
    same(ours()[case], STORED[case])


@pytest.mark.oracle
def test_the_stored_rates_are_torchs():
    pytest.importorskip("torch")
    found = golden.torch_all()
    assert found.keys() == STORED.keys()
    for case, rates in found.items():
        same(rates, STORED[case])


def test_every_registered_schedule_is_proven():
    compared = {kind for kind, *_ in golden.CASES.values()} | {"warm_up", "reduce_on_plateau"}
    assert compared | BY_FORMULA == set(SCHEDULES.kinds())


def test_constant_stays():
    same(factors("constant", {}), np.ones(100))


def test_inverse_square_root_rises_to_one_and_falls_with_the_root():
    steps = np.arange(1, 101)
    same(factors("inverse_square_root", {"warm_up": 10}), np.minimum(steps / 10, np.sqrt(10 / steps)))


def test_warm_up_stable_decay_is_a_trapezium():
    settings = {"warm_up": 10, "stable": 50, "decay": 20, "end": 0.1}
    wanted = np.interp(np.arange(100), [0, 9, 60, 80], [0.1, 1.0, 1.0, 0.1])
    same(factors("warm_up_stable_decay", settings), wanted)


def test_a_range_test_is_a_straight_line_on_a_log_axis():
    same(factors("range_test", {"steps": 80, "begin": 1e-4}), 10 ** np.interp(np.arange(100), [0, 80], [-4.0, 0.0]))


@pytest.mark.parametrize("kind", SCHEDULES.kinds())
def test_a_schedule_remembers_nothing_and_stays_finite_for_ever(kind):
    schedule = SCHEDULES[kind]()
    once = [schedule.factor(step, (1.0, 0.5)) for step in (0, 1, 99, 5000, 10**6)]
    again = [schedule.factor(step, (1.0, 0.5)) for step in (10**6, 5000, 99, 1, 0)]
    assert once == again[::-1]
    assert all(0 <= one <= 1 for one in once)


@pytest.mark.parametrize("steps", [4, 5, 20])
@pytest.mark.parametrize("rise", [0.05, 0.25, 0.95])
def test_one_cycle_is_defined_however_short(steps, rise):
    assert all(0 < one <= 1 for one in factors("one_cycle", {"steps": steps, "rise": rise}, 30))


def test_an_improvement_on_a_plateau_is_measured_relative_to_the_best_loss():
    schedule = SCHEDULES["reduce_on_plateau"](gamma=0.5, patience=0, threshold=0.01, end=0.0)
    assert schedule.factor(0, (100.0, 99.5)) == 0.5
    assert schedule.factor(0, (100.0, 98.9)) == 1.0
    assert schedule.factor(0, (0.1, 0.095)) == 1.0
