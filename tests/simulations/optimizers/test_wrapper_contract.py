"""What every wrapper promises around any method: shapes, rows, repeatability, and the order of a list."""

import dataclasses

import numpy as np
import pytest

from simulations.core.errors import GradLabError
from simulations.core.params import hyperparameters
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.wrappers.base import WRAPPERS, Chain, Seen

load()
METHODS = ("sgd", "adam", "lbfgs", "schedule_free_sgd", "nelder_mead")
SETTINGS = {"swa": {"start_step": 5, "every": 3}, "lookahead": {"steps": 4}, "ema": {"decay": 0.9}}
KINDS = WRAPPERS.kinds()
AROUND = [pytest.param(kind, method, id=f"{kind} {method}") for kind in KINDS for method in METHODS]


class Valley:
    """f(θ) = ½·(θ₁² + 10·θ₂²), counting its gradients."""

    seed = 3

    def __init__(self):
        self.gradients = 0

    def value(self, theta):
        return 0.5 * (theta[..., 0] ** 2 + 10 * theta[..., 1] ** 2)

    def gradient(self, theta):
        self.gradients += 1
        return theta * np.array([1.0, 10.0], theta.dtype)

    def hessian(self, theta):
        return np.broadcast_to(np.diag([1.0, 10.0]), (*theta.shape, 2)).astype(theta.dtype)


def wrapper(kind, **changed):
    return WRAPPERS[kind](**{**SETTINGS.get(kind, {}), **changed})


def run(wrappers, method, theta, steps, objective=None, first=1, memory=None):
    """θ moved in place; the answer, and what is needed to go on."""
    optimizer, chain, objective = OPTIMIZERS[method](learning_rate=0.05), Chain(wrappers), objective or Valley()
    state, states = memory or (optimizer.start(theta), chain.start(theta))
    for t in range(first, first + steps):
        chain.step(theta, objective, states, t, lambda at, seen, t=t: optimizer.step(at, seen, state, t))
    return chain.answer(optimizer.answer(theta, state), states), (state, states)


@pytest.mark.parametrize(("kind", "method"), AROUND)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_repeats_itself_in_the_precision_of_theta(kind, method, dtype):
    first, second = np.array([1.5, -1.0], dtype), np.array([1.5, -1.0], dtype)
    answers = [run([wrapper(kind)], method, theta, 30)[0] for theta in (first, second)]
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(*answers)
    assert answers[0].dtype == first.dtype == dtype


@pytest.mark.parametrize(("kind", "method"), AROUND)
def test_a_batch_of_points_moves_as_each_point_alone(kind, method):
    points = np.random.default_rng(0).standard_normal((6, 2))
    together = points.copy()
    answers, _ = run([wrapper(kind)], method, together, 25)
    for index, point in enumerate(points):
        answer, _ = run([wrapper(kind)], method, point, 25)
        np.testing.assert_allclose(together[index], point, rtol=1e-12)
        np.testing.assert_allclose(answers[index], answer, rtol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_may_differ_from_row_to_row(kind):
    for one in (one for one in hyperparameters(WRAPPERS[kind]) if one.kind in ("float", "int")):
        usual = getattr(wrapper(kind), one.name)
        values = [usual, type(usual)(usual * 2) if usual * 2 <= one.high else usual / 2, one.high]
        together = np.tile([1.5, -1.0], (3, 1))
        column = np.array(values)[:, None]
        answers, _ = run([wrapper(kind, **{one.name: column})], "sgd", together, 20)
        for value, row, answer in zip(values, together, answers, strict=True):
            alone = np.array([1.5, -1.0])
            expected, _ = run([wrapper(kind, **{one.name: value})], "sgd", alone, 20)
            np.testing.assert_allclose(row, alone, rtol=1e-12, err_msg=one.name)
            np.testing.assert_allclose(answer, expected, rtol=1e-12, err_msg=one.name)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(2,), (7, 2), (3, 4, 2)])
def test_its_state_begins_with_the_axes_of_the_points(kind, shape):
    theta = np.ones(shape, np.float32)
    _, (_, (state,)) = run([wrapper(kind)], "sgd", theta, 7)
    assert all(array.shape in (shape, (*shape[:-1], 1)) for array in state.values())
    assert all(array.dtype == np.float32 for array in state.values())


@pytest.mark.parametrize("kind", KINDS)
def test_what_it_remembers_is_all_there_is(kind):
    """Stopped, copied without scratch and gone on with, it takes the same path."""
    whole, halved = np.array([1.5, -1.0]), np.array([1.5, -1.0])
    expected, _ = run([wrapper(kind)], "adam", whole, 40)
    _, (method, states) = run([wrapper(kind)], "adam", halved, 17)
    fresh = Chain([wrapper(kind)]).start(halved)
    for state, old in zip(fresh, states, strict=True):
        state.update({name: array.copy() for name, array in old.items() if not name.startswith("_")})
    answer, _ = run([wrapper(kind)], "adam", halved, 23, first=18, memory=(method, fresh))
    np.testing.assert_array_equal(halved, whole)
    np.testing.assert_array_equal(answer, expected)


@pytest.mark.parametrize("kind", KINDS)
def test_every_hyperparameter_is_live_and_its_own_answer_is_safe(kind):
    assert all(one.live for one in hyperparameters(WRAPPERS[kind]))
    theta = np.array([1.5, -1.0])
    before, _ = run([wrapper(kind)], "sgd", theta, 0)
    np.testing.assert_array_equal(before, theta)


@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_of_the_objective_is_not_overwritten(kind):
    class Steady(Valley):
        answer = np.array([3.0, 4.0])

        def gradient(self, theta):
            return self.answer

    run([wrapper(kind)], "sgd", np.array([1.0, 1.0]), 3, Steady())
    np.testing.assert_array_equal(Steady.answer, [3.0, 4.0])


@pytest.mark.parametrize("kind", [entry.kind for entry in WRAPPERS if entry.cls.changes_gradients])
def test_a_wrapper_of_gradients_is_refused_where_none_is_asked_for(kind):
    reason = f"{WRAPPERS.entry(kind).label} changes gradients, and Nelder–Mead does not ask for any"
    with pytest.raises(GradLabError, match=reason):
        wrapper(kind).check([OPTIMIZERS["nelder_mead"]()])
    wrapper(kind).check([OPTIMIZERS["adam"]()])


# ---- the order -------------------------------------------------------------------------------------------------------


class Constant(Valley):
    """A gradient of (3, 4) everywhere."""

    def gradient(self, theta):
        return np.array([3.0, 4.0])


def first_step(*wrappers):
    theta = np.zeros(2)
    run(wrappers, "sgd", theta, 1, Constant())
    return -theta / 0.05


def test_the_gradient_passes_down_the_list():
    by_value, by_norm = wrapper("clip_value", limit=3.0), wrapper("clip_norm", limit=1.0)
    np.testing.assert_allclose(first_step(by_value, by_norm), np.array([3.0, 3.0]) / 18**0.5, rtol=1e-5)
    np.testing.assert_allclose(first_step(by_norm, by_value), [0.6, 0.8], rtol=1e-5)


def test_noise_before_clipping_is_clipped_and_after_it_is_not():
    noise, clip = wrapper("gradient_noise", variance=100.0), wrapper("clip_norm", limit=1.0)
    assert np.linalg.norm(first_step(noise, clip)) <= 1
    assert np.linalg.norm(first_step(clip, noise)) > 2


def test_after_a_step_the_list_is_walked_back_up():
    """An average outside Lookahead takes in where θ has jumped back to; inside it, where the fast weights were."""
    ahead, average = wrapper("lookahead", steps=1, share=0.5), wrapper("ema", decay=0.0)
    for wrappers, expected in (((average, ahead), 0.5), ((ahead, average), 1.0)):
        theta = np.zeros(2)
        _, (_, states) = run(wrappers, "sgd", theta, 1, Constant())
        seen = states[wrappers.index(average)]["average"]
        np.testing.assert_allclose(seen, expected * -0.05 * np.array([3.0, 4.0]))


def test_the_outermost_answer_is_given():
    ema, swa = wrapper("ema"), wrapper("swa")
    for wrappers in ((ema, swa), (swa, ema)):
        answer, (_, states) = run(wrappers, "sgd", np.array([1.0, 1.0]), 20)
        np.testing.assert_array_equal(answer, states[0]["average"])


def test_two_noises_are_independent():
    quiet = {"variance": 1.0, "fading": 0.0}
    once = first_step(wrapper("gradient_noise", **quiet)) - [3.0, 4.0]
    twice = first_step(wrapper("gradient_noise", **quiet), wrapper("gradient_noise", **quiet)) - [3.0, 4.0]
    assert not np.allclose(twice, 2 * once)


def test_what_a_wrapper_hands_on_says_what_the_objective_offers():
    objective = Valley()
    objective.offers, objective.matrices = ("gradient", "matrices"), ("one",)
    seen = Seen(Seen(objective))
    assert (seen.offers, seen.matrices, seen.seed, seen.depth) == (("gradient", "matrices"), ("one",), 3, 2)


# ---- what each one does ----------------------------------------------------------------------------------------------


def test_noise_has_the_variance_it_says_and_fades():
    theta = np.zeros(20_000)
    noise = wrapper("gradient_noise", variance=0.25, fading=2.0)

    class Flat(Valley):
        def gradient(self, theta):
            return np.zeros_like(theta)

    state = noise.start(theta)
    first, tenth = (noise.around(Flat(), state, t).gradient(theta).copy() for t in (1, 10))
    assert first.std() == pytest.approx(0.5, rel=0.03)
    assert tenth.std() == pytest.approx(0.05, rel=0.03)
    assert abs(np.corrcoef(first, tenth)[0, 1]) < 0.03


def test_sam_asks_two_gradients_a_step_and_its_value_is_that_uphill():
    valley, sam = Valley(), wrapper("sam", radius=0.5)
    theta = np.array([1.0, 1.0])
    run([sam], "sgd", theta, 10, valley)
    assert valley.gradients == 20
    here = np.array([3.0, 0.0])
    seen = sam.around(valley, sam.start(here), 1)
    assert seen.value(here) == pytest.approx(0.5 * 3.5**2)


@pytest.mark.parametrize(("kind", "off"), [("sam", {"radius": 0.0}), ("gradient_noise", {"variance": 0.0})])
def test_one_that_is_switched_off_changes_nothing(kind, off):
    plain, wrapped = np.array([1.5, -1.0]), np.array([1.5, -1.0])
    run([], "adam", plain, 30)
    run([wrapper(kind, **off)], "adam", wrapped, 30)
    np.testing.assert_array_equal(plain, wrapped)


@pytest.mark.parametrize("kind", ["ema", "swa"])
def test_an_average_leaves_the_path_alone(kind):
    plain, wrapped = np.array([1.5, -1.0]), np.array([1.5, -1.0])
    run([], "adam", plain, 30)
    answer, _ = run([wrapper(kind)], "adam", wrapped, 30)
    np.testing.assert_array_equal(plain, wrapped)
    assert not np.array_equal(answer, plain)


def test_before_its_start_swa_answers_with_theta():
    theta = np.array([1.5, -1.0])
    answer, memory = run([wrapper("swa")], "sgd", theta, 4)
    assert answer is theta
    answer, _ = run([wrapper("swa")], "sgd", theta, 1, first=5, memory=memory)
    np.testing.assert_array_equal(answer, theta)


def test_the_beginnings_of_the_moving_average_differ_only_at_first():
    def average(beginning, steps):
        theta = np.array([1.5, -1.0])
        return run([wrapper("ema", decay=0.9, beginning=beginning)], "sgd", theta, steps)[0]

    names = ("debiased", "pytorch", "warm_up")
    early, late = ([average(name, steps) for name in names] for steps in (3, 300))
    assert len({tuple(one) for one in early}) == 3
    np.testing.assert_allclose(late[0], late[1], atol=1e-6)
    np.testing.assert_allclose(late[0], late[2], atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_setting_keeps_the_state_usable(kind):
    theta = np.array([1.5, -1.0])
    one = wrapper(kind)
    _, memory = run([one], "sgd", theta, 10)
    for declared in (declared for declared in hyperparameters(one) if declared.kind == "choice"):
        for choice in declared.choices:
            run([dataclasses.replace(one, **{declared.name: choice})], "sgd", theta, 5, first=11, memory=memory)
    assert np.isfinite(theta).all()
