"""The rule that is shown is the rule that ran: for every method and wrapper its lines end where the race went."""

import gc
import re

import numpy as np
import pytest

from simulations.documents.race import RacerSpec, RaceSpec
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.figures import MOST, change_text, figure, fill, telling_digits
from simulations.optimizers.notation import PLAIN, read, read_line
from simulations.optimizers.schedules.base import SCHEDULES
from simulations.optimizers.worksheet import Worksheet
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.racing.anatomy import anatomy, written
from simulations.racing.record import Recorder
from simulations.racing.session import RaceSession
from simulations.surfaces.base import SURFACES
from simulations.surfaces.objective import SurfaceObjective

load()
ON_A_PLANE = [entry.cls for entry in OPTIMIZERS if "matrices" not in entry.cls.needs]
STEPS = (0, 1, 4, 49)  # of t = 1, 2, 5, 50
OPTIONS = [
    ("adam", {"bias_correction": False}),
    ("rmsprop", {"momentum": 0.9}),
    ("rmsprop", {"centred": True, "decay": 0.9}),
    ("adan", {"form": "optax", "weight_decay": 0.1}),
    ("signsgd", {"momentum": 0.9}),
    ("sophia", {"every": 1, "gamma": 0.5}),
    ("adagrad", {"rate_decay": 0.1}),
    ("asgd", {"averaging_start": 3.0, "lambd": 0.01}),
    ("schedule_free_adamw", {"weight_decay": 0.1}),
    ("line_search_descent", {"line_search": "wolfe"}),
    ("lbfgs", {"line_search": "none", "learning_rate": 0.05}),
    ("conjugate_gradient", {"formula": "fletcher_reeves", "restart": 3}),
    ("conjugate_gradient", {"formula": "hestenes_stiefel"}),
]


def run(*racers, surface="beale", steps=50):
    one = SURFACES[surface]() if isinstance(surface, str) else surface
    session = RaceSession(RaceSpec("a race", racers, one, *one.start, steps))
    session.advance(steps)
    return Recorder(session).record()


def racer(kind, surface, **more):
    cls = OPTIMIZERS[kind]
    options = more.pop("options", {})
    rate = options.get("learning_rate", 0.3 * SURFACES[surface]().suggested_rate(cls.rate_family))
    return RacerSpec(cls(**{**options, "learning_rate": rate}), **more)


def assert_lands(race, index, step):
    found = anatomy(race, index, step)
    assert found.next_point is not None
    size = max(1.0, float(np.abs(found.next_point).max()))
    assert found.error <= 1e-12 * size, (race.spec.racers[index].optimizer.kind, step, found.error)
    assert found.parts
    return found


def assert_remembers(race, index, step):
    """What the lines say is remembered is what the method remembers after the step."""
    rate = float(race.curves.rates[step + 1, index])
    sheet = written(race, index, step + 1, rate, SurfaceObjective(race.spec.surface))
    after = race.memory(index, step + 1)
    assigned = {part.symbol for part in sheet.parts}
    checked = 0
    for letter, name in sheet.kept.items():
        if letter in assigned:
            stored = after[name] if name in after else after[f"{race.spec.racers[index].wrappers[0].kind} {name}"]
            np.testing.assert_allclose(np.ravel(sheet[letter]), np.ravel(stored), rtol=1e-9, atol=1e-15)
            checked += 1
    return checked


@pytest.mark.parametrize("surface", ["beale", "rotated_quadratic", "rosenbrock"])
@pytest.mark.parametrize("cls", ON_A_PLANE, ids=lambda cls: cls.kind)
def test_a_methods_lines_end_where_it_went(cls, surface):
    race = run(
        racer(cls.kind, surface),
        racer(cls.kind, surface, schedule=SCHEDULES["cosine"](), has_own_start=True, start_x=0.7, start_y=-0.4),
        surface=surface,
    )
    for index in range(2):
        for step in STEPS:
            assert_lands(race, index, step)
            assert_remembers(race, index, step)


@pytest.mark.parametrize(
    "surface", ["ackley", "rastrigin", "saddle", "linear_regression", "adam_counterexample", "formula"]
)
def test_all_methods_beside_one_another_are_written_as_they_went(surface):
    """Those that share an array do not notice, whatever they run on."""
    schedules = [SCHEDULES[kind]() for kind in ("constant", "one_cycle", "inverse_square_root")]
    twice = [(cls, schedule) for cls in ON_A_PLANE for schedule in schedules[:2]] + [(ON_A_PLANE[0], schedules[2])]
    race = run(*(racer(cls.kind, surface, schedule=one, seed=i) for i, (cls, one) in enumerate(twice)), surface=surface)
    for index in range(len(twice)):
        for step in STEPS:
            assert_lands(race, index, step)


@pytest.mark.parametrize(("kind", "options"), OPTIONS, ids=lambda one: "-".join(map(str, one)))
def test_options_change_the_lines_as_they_change_the_step(kind, options):
    race = run(racer(kind, "beale", options=options), surface="beale")
    for step in STEPS:
        assert_lands(race, 0, step)
        assert_remembers(race, 0, step)


WRAPPED = [
    ("clip_norm", {"limit": 0.5}),
    ("clip_value", {"limit": 0.3}),
    ("gradient_noise", {}),
    ("sam", {"radius": 0.1}),
    ("sam", {"radius": 0.5, "adaptive": True}),
    ("lookahead", {"steps": 5}),
    ("ema", {"decay": 0.9}),
    ("ema", {"decay": 0.9, "beginning": "pytorch"}),
    ("ema", {"decay": 0.9, "beginning": "warm_up"}),
    ("swa", {"start_step": 2, "every": 3}),
]


@pytest.mark.parametrize(("kind", "options"), WRAPPED, ids=lambda one: "-".join(map(str, one)))
@pytest.mark.parametrize("method", ["sgd", "adam", "newton", "bfgs"])
def test_a_wrapper_adds_its_lines(method, kind, options):
    race = run(racer(method, "linear_regression", wrappers=(WRAPPERS[kind](**options),)), surface="linear_regression")
    for step in STEPS:
        found = assert_lands(race, 0, step)
        assert kind in {part.owner for part in found.parts} or (kind == "swa" and step in (0, 49))
        if kind in ("lookahead", "ema", "swa"):
            assert assert_remembers(race, 0, step) or kind == "swa"


def test_every_wrapper_is_among_them():
    assert {kind for kind, _options in WRAPPED} == set(WRAPPERS.kinds())


def test_wrappers_around_one_another_are_written_in_their_order():
    both = (
        WRAPPERS["sam"](radius=0.1), WRAPPERS["clip_norm"](limit=0.2), WRAPPERS["gradient_noise"](),
        WRAPPERS["lookahead"](steps=2), WRAPPERS["lookahead"](steps=3, share=0.8), WRAPPERS["ema"](),
    )  # fmt: skip
    race = run(
        racer("momentum", "two_layers", wrappers=both, batch_size=4, seed=3),
        racer("adam", "two_layers", wrappers=both[2::-1], batch_size=5, seed=9),
        surface="two_layers",
    )
    for index in range(2):
        for step in STEPS:
            assert_lands(race, index, step)
    owners = [part.owner for part in anatomy(race, 0, 6).parts]
    assert owners.index("sam") < owners.index("clip_norm") < owners.index("gradient_noise") < owners.index("lookahead")


@pytest.mark.parametrize("kind", ["sgd", "adam", "lbfgs", "newton", "nelder_mead"])
def test_batches_and_moving_surfaces_are_seen_as_the_step_saw_them(kind):
    race = run(racer(kind, "logistic_regression", batch_size=4, seed=5), surface="logistic_regression")
    moving = run(racer(kind, "moving_minimum"), surface="moving_minimum")
    for step in STEPS:
        assert_lands(race, 0, step)
        assert_lands(moving, 0, step)


def test_a_plateau_schedule_writes_the_rate_that_was_used():
    schedule = SCHEDULES["reduce_on_plateau"](patience=1)
    race = run(racer("sgd", "himmelblau", schedule=schedule), surface="himmelblau")
    for step in STEPS:
        assert_lands(race, 0, step)


def test_the_end_of_a_race_says_what_the_next_step_would_be():
    shorter, longer = (run(racer("adam", "beale"), surface="beale", steps=steps) for steps in (20, 30))
    found = anatomy(shorter, 0, 20)
    assert found.next_point is None
    np.testing.assert_allclose(found.landing, longer.points[21, 0], rtol=1e-13)


def test_a_racer_that_left_the_numbers_is_still_written():
    race = run(RacerSpec(OPTIMIZERS["sgd"](learning_rate=5.0)), RacerSpec(OPTIMIZERS["newton"](learning_rate=9.0)))
    for index in range(2):
        found = anatomy(race, index, 49)
        assert found.parts
        assert found.curvature.nature in ("undefined", "bowl", "saddle", "dome", "flat")


@pytest.mark.parametrize(
    ("kind", "options", "times"),
    [
        ("sgd", {}, 1),
        ("momentum", {"momentum": 0.7}, 1),
        ("nesterov", {"momentum": 0.7}, 1),
        ("asgd", {"lambd": 0.0}, 1),
    ],
)
def test_the_gauge_separates_what_stays_from_what_leaves(kind, options, times):
    """On a parabola, where the theory is exact: just below the limit a racer comes nearer, just above it goes."""
    surface = SURFACES["rotated_quadratic"]()
    probe = run(RacerSpec(OPTIMIZERS[kind](learning_rate=1e-3, **options)), surface=surface, steps=1)
    gauge = anatomy(probe, 0, 0).gauge
    edge = 1e-3 / gauge.reading
    below, above = (
        run(RacerSpec(OPTIMIZERS[kind](learning_rate=edge * share, **options)), surface=surface, steps=800)
        for share in (0.98, 1.02)
    )
    assert anatomy(below, 0, 0).gauge.reading == pytest.approx(0.98)
    assert below.curves.values[-1, 0] < 0.1 * below.curves.values[0, 0]
    assert above.curves.values[-1, 0] > 10 * above.curves.values[0, 0]


def test_a_preconditioner_is_part_of_the_gauge():
    """RMSProp whose mean square stands still is gradient descent in a stretched plane, with that plane's limit."""
    surface = SURFACES["ravine"]()
    race = run(RacerSpec(OPTIMIZERS["rmsprop"](learning_rate=0.01)), surface=surface, steps=5)
    found = anatomy(race, 0, 3)
    root = np.sqrt(race.memory(0, 4)["square_average"]) + 1e-8
    expected = np.linalg.eigvals(found.curvature.hessian / root[:, np.newaxis]).max()
    assert found.gauge.is_scaled
    assert found.gauge.sharpness == pytest.approx(expected)
    assert found.gauge.reading == pytest.approx(0.01 * expected / 2)


def test_the_parabolas_bottom_is_the_bottom_of_a_parabola():
    race = run(racer("sgd", "rotated_quadratic"), surface="rotated_quadratic")
    found = anatomy(race, 0, 7)
    assert found.curvature.nature == "bowl"
    (goal,) = race.spec.surface.minima
    np.testing.assert_allclose(found.curvature.center, [goal.x, goal.y], atol=1e-9)
    saddle = run(racer("newton", "saddle"), surface="saddle")
    assert anatomy(saddle, 0, 49).curvature.nature == "saddle"


def test_a_step_ends_on_the_ellipse_of_what_it_could_have_been():
    race = run(racer("rmsprop", "beale"), surface="beale")
    found = anatomy(race, 0, 9)
    (ellipse,) = (shape for part in found.parts for shape in part.shapes)
    on_circle = np.linalg.solve(ellipse.matrix, found.landing - ellipse.center)
    assert np.hypot(*on_circle) == pytest.approx(1)


def test_a_search_shows_every_place_it_tried():
    race = run(racer("line_search_descent", "rosenbrock", options={"learning_rate": 1.0}), surface="rosenbrock")
    found = anatomy(race, 0, 0)
    (search,) = (part for part in found.parts if part.symbol == "α")
    values = [one for one in search.trials if one.kind == "value"]
    np.testing.assert_allclose(values[-1].place, found.landing)
    assert len(values) == race.curves.evaluations[1, 0, 0]
    assert values[-1].value == pytest.approx(float(race.spec.surface.value(found.landing)))


@pytest.mark.parametrize("kind", ["sgd", "momentum", "adam", "newton", "bfgs"])
def test_a_line_that_moves_theta_shows_that_it_does(kind):
    """Down to rounding: the step is never hidden by digits that are left out."""
    rate = {"newton": 0.5, "bfgs": 0.5, "adam": 0.1}.get(kind, 0.02)
    race = run(racer(kind, "booth", options={"learning_rate": rate}), surface="booth", steps=300)
    for step in range(0, 300, 7):
        found = anatomy(race, 0, step)
        last = found.parts[-1]
        assert last.symbol == "θ"
        if np.abs(found.landing - found.point).max() > 1e-14:
            assert not last.numbers.startswith(last.result), last
    assert np.abs(race.points[-1, 0] - (1, 3)).max() < 0.01, "near enough for four digits to be too few"


def test_what_is_subtracted_is_told_apart():
    values = {"θ": np.array([1.94, 1e-3]), "x": np.array([1.94 + 3e-7, 1e-3]), "g": np.array([5.0, 4.0])}
    digits = telling_digits(values, None, read("θ − x").differences())
    assert fill(read("θ − x"), values, {}, digits) == "(1.94, 0.001) − (1.9400003, 0.001)"
    assert digits["g"] == (4, 4)
    assert change_text(values["θ"], values["x"], digits["θ"]) == "(1.94, 0.001) + (3e−7, 0)"


def test_what_is_subtracted_is_told_apart_to_its_last_digit():
    values = {"θ": np.array([1.94, 1.0]), "x": np.array([1.94 + 4e-15, 1.0])}
    assert read("c·(θ − x)").differences() == {frozenset("θx")}
    digits = telling_digits(values, None, read("c·(θ − x)").differences())
    shown = fill(read("θ − x"), values, {}, digits)
    assert shown.partition(" − ")[0] != shown.partition(" − ")[2]


def test_what_happens_to_be_nearly_equal_stays_readable():
    """On the floor of a valley whose curvature is 1 the gradient becomes θ, digit after digit."""
    ravine = SURFACES["rotated_quadratic"](condition=20.0, angle=20.0)
    race = run(racer("sgd", "rotated_quadratic", options={"learning_rate": 0.02}), surface=ravine, steps=300)
    found = [part for step in range(300) for part in anatomy(race, 0, step).parts]
    near = [part for part in found if part.symbol == "g" and np.abs(part.value).max() > 1e-6]
    assert len(near) > 100
    assert max(len(number) for part in found for number in re.findall(r"[\d.]+", part.numbers)) <= MOST + len("0.0000")


@pytest.mark.parametrize("kind", ["bfgs", "newton", "saddle_free_newton", "lbfgs"])
def test_matrices_stand_in_the_lines_and_give_what_they_say(kind):
    race = run(racer(kind, "beale", options={"learning_rate": 1.0}), surface="beale")
    for step in (1, 4, 9):
        sheet = written(race, 0, step + 1, 1.0, SurfaceObjective(race.spec.surface))
        values = {"θ": race.points[step, 0], "η": np.float64(1)}
        matrices = [part for part in sheet.parts if "[" in part.numbers]
        assert matrices, "the numbers of the matrix are nowhere"
        for part in sheet.parts:
            formula = read_line(part.symbols).formula
            if part in matrices and all(one in values for one in formula.names()) and "(" not in part.symbols:
                found = formula.work_out({**sheet.values, **values}, PLAIN)
                np.testing.assert_allclose(found, part.value, rtol=1e-6, atol=1e-9)
            values[part.symbol] = part.value


def test_a_pair_without_curvature_is_not_learnt_and_says_so():
    race = run(racer("bfgs", "sphere", options={"learning_rate": 1.0}), surface="sphere", steps=6)
    assert race.points[-1, 0] == pytest.approx(0), "it arrived"
    lines = [part.symbols for part in anatomy(race, 0, 5).parts]
    assert "B ← B" in lines
    assert not any(one.startswith("W") for one in lines)


def test_numbers_stand_where_the_letters_stood():
    names = {"m": np.array([0.5, -2.0]), "β₁": np.float64(0.9), "g": np.array([1.0, 3e-5]), "t": np.float64(12)}
    line = read_line("m ← β₁·m + (1 − β₁ᵗ)·g²")
    assert fill(line.formula, names, {}) == "0.9·(0.5, −2) + (1 − 0.9¹²)·(1, 3e−5)²"
    np.testing.assert_allclose(line.formula.work_out(names, {}), [0.45 + 1 - 0.9**12, -1.8 + 9e-10 * (1 - 0.9**12)])
    assert (
        fill(read("−x·√y/‖m‖"), {"x": np.float64(-2), "y": np.float64(3), "m": names["m"]}, {}) == "−(−2)·√3/‖0.5, −2‖"
    )


@pytest.mark.parametrize("text", ["", "a +", "a b", "(a", "a ** b", "__import__(a)", "⟨a⟩", "1..2", "f("])
def test_what_is_no_notation_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011
        read(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-1.5, "−1.5"), (1.23456, "1.235"), (12345.6, "1.235e4"), (1e-5, "1e−5"), (np.nan, "NaN"), (-np.inf, "−∞"),
     (100.0, "100"), (20000.0, "20000"), (9999.96, "1e4")],
)  # fmt: skip
def test_figures_are_short_and_exact_where_they_can_be(value, text):
    assert figure(value) == text


def test_a_step_taken_apart_is_forgotten_without_collecting_garbage():
    race = run(racer("adam", "beale"))
    kept = anatomy(race, 0, 7)
    gc.collect()
    gc.disable()
    try:
        for step in range(5):
            anatomy(race, 0, step)
        left = [one for one in gc.get_objects() if type(one) is Worksheet]  # asking for a class wakes lazy objects
    finally:
        gc.enable()
    assert kept.parts
    assert not left
