"""Methods moved on plain floats take the very path NumPy takes with them, bit for bit, also where that ends in ∞ and NaN."""

import numpy as np
import pytest

from app.benchmarks.racing import different_methods
from simulations.core.params import hyperparameters
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.families import load, load_races
from simulations.optimizers.base import OPTIMIZERS, FirstOrder
from simulations.racing.rules import rule_of
from simulations.racing.session import RaceSession
from simulations.racing.tracing import Column, Script, Symbol, UntraceableError
from simulations.surfaces.base import SURFACES

load()
load_races()

STEPS = 120


def settings_of(cls):
    """The method as it comes, with every switch turned and every number that may be 0 at 0, one at a time."""
    yield "as it comes", cls()
    for one in hyperparameters(cls):
        if one.kind == "bool":
            yield f"{one.name} turned", cls(**{one.name: not one.default})
        elif one.kind == "choice":
            yield from ((f"{one.name} {choice}", cls(**{one.name: choice})) for choice in one.choices[1:])
        elif one.kind == "float" and one.low == 0:
            yield f"{one.name} 0", cls(**{one.name: 0.0})
            if one.default == 0:
                yield f"{one.name} not 0", cls(**{one.name: min(0.3, one.high or 0.3)})


METHODS = [
    pytest.param(method, id=f"{entry.kind}: {title}")
    for entry in OPTIMIZERS
    if issubclass(entry.cls, FirstOrder)
    for title, method in settings_of(entry.cls)
]
PLACES = [("himmelblau", 0.3, -0.2), ("absolute", 0.5, 0.0), ("saddle", 0.0, 0.0), ("rosenbrock", -1.2, 1.0)]


def raced(methods, surface, x, y, batch=0):
    racers = tuple(RacerSpec(one, batch_size=batch, seed=i) for i, one in enumerate(methods))
    session = RaceSession(RaceSpec("", racers, SURFACES[surface](), x, y, STEPS))
    session.advance(STEPS)
    return session


def found(session):
    memories = [session.memories(i) for i in range(len(session.spec.racers))]
    return [session.points, session.answers, *(array for one in memories for array in one.values())]


def assert_same(straight, by_numpy):
    for one, other in zip(found(straight), found(by_numpy), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.fixture
def left_to_numpy(monkeypatch):
    def race(*arguments, **options):
        with monkeypatch.context() as patch:
            patch.setattr("simulations.racing.groups.rule_of", lambda method: None)
            return raced(*arguments, **options)

    return race


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place[0])
@pytest.mark.parametrize("method", METHODS)
def test_plain_floats_go_where_numpy_goes(method, place, left_to_numpy):
    for one in (method, method.at_rate(30 * method.learning_rate)):  # the second often leaves for infinity
        assert_same(raced([one], *place), left_to_numpy([one], *place))


def test_so_they_do_side_by_side_and_on_batches(left_to_numpy):
    methods = [entry.cls() for entry in OPTIMIZERS if issubclass(entry.cls, FirstOrder)]
    methods.insert(3, OPTIMIZERS["adam"](learning_rate=0.3))  # two of a kind share an array
    methods.insert(5, OPTIMIZERS["nelder_mead"]())
    for surface, batch in (("himmelblau", 0), ("linear_regression", 4)):
        assert_same(raced(methods, surface, 0.5, 0.5, batch), left_to_numpy(methods, surface, 0.5, 0.5, batch))


def test_a_division_by_zero_is_left_to_numpy_for_that_step(left_to_numpy):
    method = OPTIMIZERS["adagrad"](epsilon=0.0, learning_rate=0.1)  # 0/0 at a saddle's middle
    straight = raced([method, OPTIMIZERS["sgd"]()], "saddle", 0.0, 0.0)
    assert np.isnan(straight.points[-1, 0]).all()
    np.testing.assert_array_equal(straight.points[-1, 1], [0, 0])
    assert_same(straight, left_to_numpy([method, OPTIMIZERS["sgd"]()], "saddle", 0.0, 0.0))


def test_the_methods_that_are_timed_are_moved_on_plain_floats():
    assert all(rule_of(one.optimizer) is not None for one in different_methods().racers)


def test_one_rule_serves_all_rates():
    slow, quick = (OPTIMIZERS["adam"](learning_rate=rate) for rate in (0.01, 0.5))
    assert rule_of(slow) is rule_of(quick)


@pytest.mark.parametrize(
    "act",
    [
        lambda theta, other, t: np.copyto(theta, 1, where=True),
        lambda theta, other, t: np.add.reduce(theta),
        lambda theta, other, t: np.exp(theta, out=other),
        lambda theta, other, t: np.where(theta > 0, theta, other),
        lambda theta, other, t: float(t),
        lambda theta, other, t: t == 1,
        lambda theta, other, t: bool(t),
        lambda theta, other, t: theta * np.nan,
        lambda theta, other, t: theta * Column(theta._script, None),
        lambda theta, other, t: np.add(theta, other, out=np.zeros((1, 2))),
    ],
)
def test_what_is_not_known_to_be_the_same_is_refused(act):
    script = Script()
    theta, other = (Column(script, Symbol(script, name, is_of_point=True)) for name in "pq")
    with pytest.raises(UntraceableError):
        act(theta, other, Symbol(script, "t", is_of_point=False))
