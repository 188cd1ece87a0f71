"""Layers that are frozen, slower or faster than the rest, or moved by a method of their own."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from simulations.core.errors import GradLabError
from simulations.documents.changes import changes, effect_of
from simulations.documents.experiment import ExperimentSpec
from simulations.families import load
from simulations.nn.groups import frozen_layers, lowest_trainable, parameter_groups
from simulations.nn.layers.base import LAYERS
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.methods import METHODS
from simulations.optimizers.schedules.base import SCHEDULES
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.training.session import Session

load()
DENSE, RELU = LAYERS["dense"], LAYERS["relu"]
SHARED, OWN = METHODS["shared"], METHODS["own"]
REFUSED = {"newton", "damped_newton", "saddle_free_newton"}
EVERY_WRAPPER = tuple(entry.cls() for entry in WRAPPERS)


def mlp(first=None, second=None, third=None):
    """2-8-8-2 with what is said about the training of each dense layer."""
    return (
        DENSE(units=8, **(first or {})),
        RELU(),
        DENSE(units=8, **(second or {})),
        RELU(),
        DENSE(units=2, **(third or {})),
    )


FROZEN = {"frozen": True}
SLOW = {"method": SHARED(rate_factor=0.1)}
FAST_SGD = {"method": OWN(OPTIMIZERS["sgd"](learning_rate=0.2))}


def train(session: Session, steps: int) -> Session:
    for _ in range(steps):
        session.take_step()
    return session


def sgd(rate=0.1):
    return OPTIMIZERS["sgd"](learning_rate=rate)


@pytest.mark.parametrize("kind", sorted(set(OPTIMIZERS.kinds()) - REFUSED))
def test_frozen_numbers_do_not_change_by_a_bit_and_the_rest_trains(make_experiment, kind):
    gradients_only = [one for one in EVERY_WRAPPER if kind != "nelder_mead" or not one.changes_gradients]
    session = Session(
        make_experiment(
            layers=mlp(None, FROZEN, None),
            optimizer=OPTIMIZERS[kind](),
            wrappers=tuple(gradients_only),
            l2=0.01,
            l1=0.01,
            decoupled_decay=0.1,
        )
    )
    before = session.network.theta.copy()
    train(session, 12)
    first, _, kept, _, last = session.network.slices
    theta, answer = session.network.theta, session._descent.answer()
    np.testing.assert_array_equal(theta[kept], before[kept])
    np.testing.assert_array_equal(answer[kept], before[kept])
    assert not np.array_equal(theta[first], before[first])
    assert not np.array_equal(theta[last], before[last])


def test_the_pass_back_ends_at_the_lowest_layer_that_trains(make_experiment):
    session = train(Session(make_experiment(layers=mlp(FROZEN, FROZEN))), 3)
    (tape,) = session._tapes.values()
    assert [one is None for one in tape.output_gradients] == [True, True, True, True, False]
    assert not session.network.gradient[: session.network.slices[4].start].any()


def test_the_gradient_of_what_trains_is_that_of_the_free_network(make_experiment):
    free, frozen = (Session(make_experiment(layers=mlp(one), optimizer=sgd())) for one in (None, FROZEN))
    first = free.network.theta.copy()
    train(free, 1)
    train(frozen, 1)
    rest = slice(free.network.slices[2].start, None)
    np.testing.assert_array_equal(free.network.theta[rest], frozen.network.theta[rest])
    assert not np.array_equal(free.network.theta, frozen.network.theta)
    np.testing.assert_array_equal(frozen.network.theta[free.network.slices[0]], first[free.network.slices[0]])


def test_a_network_that_is_frozen_whole_stays_and_its_steps_count(make_experiment):
    session = Session(make_experiment(layers=mlp(FROZEN, FROZEN, FROZEN), wrappers=(WRAPPERS["ema"](),)))
    before = session.network.theta.copy()
    train(session, 7)
    assert (session.step, session.diverged) == (7, None)
    np.testing.assert_array_equal(session.network.theta, before)


def test_a_layer_moves_at_its_own_multiple_of_the_rate(make_experiment):
    plain, slow = (Session(make_experiment(layers=mlp(None, one), optimizer=sgd())) for one in (None, SLOW))
    before = plain.network.theta.copy()
    for session in (plain, slow):
        train(session, 1)
    moved, ours = plain.network.theta - before, slow.network.theta - before
    factors = np.ones_like(before)
    factors[plain.network.slices[2]] = 0.1
    np.testing.assert_allclose(ours, factors * moved, rtol=1e-3, atol=1e-7)


def test_a_schedule_multiplies_every_rate(make_experiment):
    spec = make_experiment(layers=mlp(SLOW, FAST_SGD), optimizer=sgd(), schedule=SCHEDULES["exponential"]())
    rates = [one._full_rate for one in Session(spec)._descent._movers]
    assert sorted(rates) == pytest.approx([0.01, 0.1, 0.2])
    session = Session(spec)
    session._descent.follow(0.5)
    halved = [one._step.__self__.learning_rate for one in session._descent._movers]
    assert sorted(halved) == pytest.approx([0.005, 0.05, 0.1])


def test_decoupled_decay_goes_with_the_rate_of_the_group(make_experiment):
    settings = {"layers": mlp(None, SLOW), "optimizer": sgd()}
    plain, decayed = (Session(make_experiment(**settings, decoupled_decay=one)) for one in (0.0, 0.5))
    before = plain.network.theta.copy()
    for session in (plain, decayed):
        train(session, 1)
    pulled = decayed.network.theta - plain.network.theta
    for index, rate in ((0, 0.1), (2, 0.01), (4, 0.1)):
        weight = plain.network.decay[0] if index == 0 else None
        place = next(one for one in plain.network.decay if one.start == plain.network.slices[index].start)
        assert weight is None or weight == place
        np.testing.assert_allclose(pulled[place], -rate * 0.5 * before[place], atol=1e-6)


def test_clipping_measures_what_trains(make_experiment):
    clip = (WRAPPERS["clip_norm"](limit=1e-3),)
    session = Session(make_experiment(layers=mlp(FROZEN), optimizer=sgd(1.0), wrappers=clip))
    before = session.network.theta.copy()
    train(session, 1)
    assert np.linalg.norm(session.network.theta - before) == pytest.approx(1e-3, rel=1e-2)


# ---- groups ----------------------------------------------------------------------------------------------------------


def test_layers_that_say_the_same_form_one_group(make_experiment):
    spec = make_experiment(layers=mlp(SLOW, FAST_SGD, SLOW))
    one, other = spec.groups
    assert (one.optimizer, one.rate_factor, len(one.places)) == (spec.optimizer, 0.1, 2)
    assert (other.optimizer, other.rate_factor, other.size) == (sgd(0.2), 1.0, 8 * 8 + 8)
    assert Session(spec).network.lowest_trainable == 0


def test_frozen_layers_are_in_no_group_and_known(make_experiment):
    layers = mlp(FROZEN, None, FROZEN)
    (group,) = parameter_groups(layers, (2,), OPTIMIZERS["adam"]())
    assert group.places == (slice(24, 96),)
    assert frozen_layers(layers, (2,)) == (True, False, False, False, True)
    assert lowest_trainable(layers, (2,)) == 2
    assert lowest_trainable(mlp(FROZEN, FROZEN, FROZEN), (2,)) == 5


def test_inner_layers_have_a_say_and_the_outer_one_holds_for_all():
    inner = (
        DENSE(units=2, frozen=True),
        DENSE(units=2, method=SHARED(rate_factor=0.5)),
        DENSE(units=2, method=FAST_SGD["method"]),
    )
    block = LAYERS["residual"](stack=inner, shortcut="identity", method=SHARED(rate_factor=0.1))
    groups = parameter_groups((block,), (2,), OPTIMIZERS["adam"]())
    assert [(one.optimizer.kind, one.rate_factor, one.places) for one in groups] == [
        ("adam", 0.05, (slice(6, 12),)),
        ("sgd", 0.1, (slice(12, 18),)),
    ]
    assert parameter_groups((dataclasses.replace(block, frozen=True),), (2,), OPTIMIZERS["adam"]()) == ()


def test_what_a_layer_says_survives_json_and_stands_last(make_experiment):
    spec = make_experiment(layers=mlp(FROZEN, SLOW, FAST_SGD))
    assert ExperimentSpec.from_json(spec.to_json()) == spec
    assert list(spec.to_json()["layers"][0]) == ["kind", "units", "initializer", "frozen", "method"]
    assert "frozen" not in spec.to_json()["layers"][1], "a layer without parameters has nothing to say"


def test_an_own_method_a_network_cannot_feed_is_refused(make_experiment):
    session = Session(make_experiment())
    with pytest.raises(GradLabError, match="Newton needs the Hessian"):
        session.apply(make_experiment(layers=mlp({"method": OWN(OPTIMIZERS["newton"]())})))
    assert session.spec == make_experiment()
    fits = make_experiment(layers=mlp({"method": OWN(OPTIMIZERS["bfgs"]())}))
    assert train(Session(fits), 5).step == 5


# ---- live ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "path"),
    [
        (FROZEN, "layers[2].frozen"),
        (SLOW, "layers[2].method.rate_factor"),
        (FAST_SGD, "layers[2].method"),
    ],
)
def test_it_is_live_and_leaves_a_marker(make_experiment, said, path):
    spec, changed = make_experiment(layers=mlp()), make_experiment(layers=mlp(None, said))
    assert effect_of(changes(spec, changed)) == "live"
    session = train(Session(spec), 9)
    session.apply(changed)
    train(session, 9)
    assert (session.run, session.step) == (1, 18)
    assert [(one.step, one.path) for one in session.history.markers] == [(9, path)]


def test_what_a_method_remembers_of_a_layer_stands_still_while_that_is_frozen(make_experiment):
    session = train(Session(make_experiment(layers=mlp())), 30)
    (before,) = session._descent.save()
    session.apply(make_experiment(layers=mlp(FROZEN)))
    train(session, 10)
    active, resting = session._descent.save()
    session.apply(make_experiment(layers=mlp()))
    going_on, freed = session._descent.save()
    assert (going_on.updates, going_on.places, freed.updates, freed.places) == (40, active.places, 30, (slice(0, 24),))
    for name, array in before.state.items():
        np.testing.assert_array_equal(going_on.state[name], active.state[name])
        np.testing.assert_array_equal(resting.state[name], array[:24])
        np.testing.assert_array_equal(freed.state[name], array[:24])


@pytest.mark.parametrize("kind", sorted(set(OPTIMIZERS.kinds()) - REFUSED))
def test_frozen_and_freed_between_two_steps_nothing_has_happened(make_experiment, kind):
    """To the last bit, whatever the wrappers, for methods that can be cut; the others start afresh."""
    optimizer = OPTIMIZERS[kind]()
    wrappers = tuple(one for one in EVERY_WRAPPER if kind != "nelder_mead" or not one.changes_gradients)
    plain, session = (
        train(Session(make_experiment(layers=mlp(), optimizer=optimizer, wrappers=wrappers)), 7) for _ in range(2)
    )
    for said in (mlp(FROZEN), mlp(FROZEN, FROZEN), mlp(None, FROZEN, FROZEN), mlp(FROZEN, FROZEN, FROZEN), mlp()):
        session.apply(make_experiment(layers=said, optimizer=optimizer, wrappers=wrappers))
    if optimizer.is_separable:
        train(plain, 7)
        train(session, 7)
        np.testing.assert_array_equal(session.network.theta, plain.network.theta)
        np.testing.assert_array_equal(session._descent.answer(), plain._descent.answer())
        assert len(session._descent._movers) == 1, "what is in step goes on together, as fast as before"
    else:
        assert session._descent.save()[0].updates == 0


@pytest.mark.parametrize("way", ["frozen", "own"])
def test_another_method_of_a_layer_starts_afresh_there_and_nowhere_else(make_experiment, way):
    """While it is frozen, too: what Adam remembers of a layer that is SGD's meanwhile is of no use to a later Adam."""
    adam = {"method": OWN(OPTIMIZERS["adam"]())}
    session = train(Session(make_experiment(layers=mlp(adam))), 20)
    others = session._descent.save()[1]
    session.apply(make_experiment(layers=mlp({**FAST_SGD, "frozen": way == "frozen"})))
    session.apply(make_experiment(layers=mlp(adam)))
    saved = {one.places[0].start: one for one in session._descent.save()}
    assert (saved[0].updates, saved[24].updates) == (0, 20)
    assert not any(array.any() for array in saved[0].state.values())
    for name, array in others.state.items():
        np.testing.assert_array_equal(saved[24].state[name], array)


def test_a_wrapper_that_is_new_knows_nothing_of_what_was_frozen_under_an_old_one(make_experiment):
    ema = (WRAPPERS["ema"](),)
    session = train(Session(make_experiment(layers=mlp(), wrappers=ema)), 20)
    for wrappers in (ema, (), ema):
        session.apply(make_experiment(layers=mlp(FROZEN), wrappers=wrappers))
    session.apply(make_experiment(layers=mlp(), wrappers=ema))
    np.testing.assert_array_equal(session._descent.answer(), session.network.theta)


def test_going_back_goes_back_to_what_was_remembered_of_frozen_layers(make_experiment):
    whole, session = (train(Session(make_experiment(layers=mlp())), 60) for _ in range(2))
    for one in (whole, session):
        one.apply(make_experiment(layers=mlp(FROZEN)))
        train(one, 63)
    session.network.theta[-1] = np.nan
    session.take_step()
    assert session.recover()
    assert 60 < session.step < 123
    train(session, 123 - session.step)
    for one in (whole, session):
        one.apply(make_experiment(layers=mlp()))
        train(one, 10)
    np.testing.assert_array_equal(session.network.theta, whole.network.theta)


def test_freezing_one_layer_keeps_the_memory_of_the_others_and_of_the_wrappers(make_experiment):
    wrappers = (WRAPPERS["ema"](),)
    session = train(Session(make_experiment(layers=mlp(), wrappers=wrappers)), 30)
    method, average = session._descent.save()
    session.apply(make_experiment(layers=mlp(None, FROZEN), wrappers=wrappers))
    less, *_, left = session._descent.save()
    assert less.updates == 30
    kept = np.r_[0:24, 96:114]
    np.testing.assert_array_equal(less.state["first_moment"], method.state["first_moment"][kept])
    np.testing.assert_array_equal(left.state["average"], average.state["average"][kept])
    np.testing.assert_array_equal(left.state["weight"], average.state["weight"])


def test_a_method_that_looks_at_all_numbers_together_starts_afresh_when_their_circle_changes(make_experiment):
    lbfgs = OPTIMIZERS["lbfgs"]()
    session = train(Session(make_experiment(layers=mlp(), optimizer=lbfgs)), 10)
    session.apply(make_experiment(layers=mlp(), optimizer=lbfgs, l2=0.1))
    assert [one.updates for one in session._descent.save()] == [10]
    session.apply(make_experiment(layers=mlp(FROZEN), optimizer=lbfgs, l2=0.1))
    assert [one.updates for one in session._descent.save()] == [0]
    assert not any(array.any() for name, array in session._descent.save()[0].state.items() if name != "scale")


def test_freezing_while_training_reaches_the_training_buffers(make_experiment):
    """Frozen and freed at once, nothing has happened; freed later, the layer trains again."""
    session = train(Session(make_experiment(layers=mlp(), optimizer=sgd())), 4)
    plain = train(Session(make_experiment(layers=mlp(), optimizer=sgd())), 4)
    session.apply(make_experiment(layers=mlp(FROZEN, FROZEN), optimizer=sgd()))
    session.apply(make_experiment(layers=mlp(), optimizer=sgd()))
    train(session, 4)
    train(plain, 4)
    np.testing.assert_array_equal(session.network.theta, plain.network.theta)
    session.apply(make_experiment(layers=mlp(FROZEN, FROZEN), optimizer=sgd()))
    train(session, 4)
    before = session.network.theta.copy()
    session.apply(make_experiment(layers=mlp(), optimizer=sgd()))
    train(session, 4)
    assert not np.array_equal(session.network.theta[:24], before[:24])


@pytest.mark.parametrize("wrappers", [(), EVERY_WRAPPER])
def test_reset_and_recover_repeat_the_run(make_experiment, wrappers):
    spec = make_experiment(layers=mlp(FROZEN, SLOW, FAST_SGD), wrappers=wrappers)
    whole = train(Session(spec), 133)
    session = train(Session(spec), 60)
    session.reset()
    train(session, 133)
    np.testing.assert_array_equal(session.network.theta, whole.network.theta)
    session.network.theta[-1] = np.nan
    session.take_step()
    assert session.recover()
    train(session, 133 - session.step)
    np.testing.assert_array_equal(session.network.theta, whole.network.theta)
    np.testing.assert_array_equal(session._descent.answer(), whole._descent.answer())
