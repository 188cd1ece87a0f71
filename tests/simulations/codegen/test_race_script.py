"""The script of a race, run without this program, prints the numbers of the race."""

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from simulations.codegen.race import race_script
from simulations.codegen.rounding import magnifies_rounding
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.schedules.base import SCHEDULES
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.racing.session import RaceSession
from simulations.surfaces.base import SURFACES

load()
ON_A_PLANE = [entry.cls for entry in OPTIMIZERS if "matrices" not in entry.cls.needs]
TABLE = "u v\n0 1\n1 2.5\n2 4\n3 8.5"


def race(racers, surface="beale", steps=40, **values):
    one = SURFACES[surface](**values)
    return RaceSpec("a race", tuple(racers), one, *one.start, steps)


def named(spec):
    return [f"{i} {one.optimizer.kind}" for i, one in enumerate(spec.racers)]


def printed(folder, script, *arguments):
    """The numbers ``(rows, 4)`` a script prints: step, x, y and value."""
    file = folder / "race.py"
    file.write_text(script, "utf-8")
    command = [sys.executable, "-I", "-X", "utf8", "-W", "error", str(file), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return np.array([[float(one) for one in line.split()[-4:]] for line in done.stdout.splitlines()[1:]])


def computed(spec, every=0):
    session = RaceSession(spec)
    session.advance(spec.steps)
    values, answers = session.curves().values, session.answers
    steps = [t for t in range(spec.steps + 1) if t == spec.steps or (every and t % every == 0)]
    return np.array([[t, *answers[t, i], values[t, i]] for i in range(len(spec.racers)) for t in steps])


@pytest.mark.parametrize(
    ("surface", "values"),
    [
        ("rosenbrock", {}),
        ("absolute", {}),
        ("adam_counterexample", {}),
        ("one_neuron", {}),
        ("formula", {"text": "(x u + y - v)^2 + |x|^1.5 / 9", "table": TABLE}),
    ],
)
def test_every_method_moves_as_it_does_here(tmp_path, surface, values):
    spec = race([RacerSpec(cls()) for cls in ON_A_PLANE], surface, **values)
    found = printed(tmp_path, race_script(spec, named(spec), uses_torch=False), "15")
    np.testing.assert_allclose(found, computed(spec, 15), rtol=1e-12, atol=1e-300)


def test_schedules_wrappers_batches_and_starts_are_those_of_the_race(tmp_path):
    sgd, lion = OPTIMIZERS["sgd"](learning_rate=0.02), OPTIMIZERS["lion"](learning_rate=0.05)
    racers = [RacerSpec(sgd, schedule=entry.cls(), batch_size=8, seed=i) for i, entry in enumerate(SCHEDULES)]
    racers += [RacerSpec(lion, wrappers=(entry.cls(),), batch_size=5, seed=i) for i, entry in enumerate(WRAPPERS)]
    noises = (WRAPPERS["gradient_noise"](), WRAPPERS["sam"](), WRAPPERS["gradient_noise"]())
    racers += [RacerSpec(lion, wrappers=noises, has_own_start=True, start_x=1.0, start_y=-0.5)]
    spec = race(racers, "linear_regression", 60)
    found = printed(tmp_path, race_script(spec, named(spec), uses_torch=False))
    np.testing.assert_allclose(found, computed(spec), rtol=1e-12, atol=1e-300)


def test_names_of_wide_characters_keep_the_columns_straight(tmp_path):
    spec = race([RacerSpec(OPTIMIZERS["sgd"]()), RacerSpec(OPTIMIZERS["adam"]())], "sphere", 3)
    file = tmp_path / "race.py"
    file.write_text(race_script(spec, ["梯度下降", "Adam"], uses_torch=False), "utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", file], capture_output=True, text=True, encoding="utf-8", check=True
    )
    widths = {sum(1 + (one > "\u2e80") for one in line) for line in done.stdout.splitlines()}
    assert len(widths) == 1


@pytest.mark.oracle
def test_pytorch_moves_its_own_methods_to_the_same_places(tmp_path):
    pytest.importorskip("torch")
    clips = (WRAPPERS["clip_norm"](limit=2.0), WRAPPERS["clip_value"](limit=0.5))
    racers = [RacerSpec(cls()) for cls in ON_A_PLANE]
    racers += [
        RacerSpec(cls(), wrappers=clips, batch_size=8, schedule=SCHEDULES["cosine"](steps=50))
        for cls in ON_A_PLANE[:9]
        if "gradient" in cls.needs
    ]
    racers += [RacerSpec(OPTIMIZERS["asgd"](averaging_start=10.0))]
    spec = race(racers, "linear_regression", 60)
    script = race_script(spec, named(spec))
    assert script.count("in_torch(") > 20
    np.testing.assert_allclose(printed(tmp_path, script), computed(spec), rtol=1e-9, atol=1e-12)


def test_a_chaotic_path_is_not_left_to_another_rounding():
    rms, sgd = OPTIMIZERS["rmsprop"](learning_rate=0.01), OPTIMIZERS["sgd"](learning_rate=0.001)
    spec = race([RacerSpec(rms), RacerSpec(sgd)], "rosenbrock", 1000)
    assert magnifies_rounding(spec) == (True, False)
    script = race_script(spec, ["jumpy", "calm"])
    assert '"jumpy": in_numpy(' in script
    assert '"calm": in_torch(' in script
    assert "Rounding decides where these end" in script
    assert "jumpy" in script.partition("import")[0]


def test_a_script_says_what_it_computes_and_nothing_it_does_not():
    spec = race([RacerSpec(OPTIMIZERS["lion"]())], "sphere")
    script = race_script(spec, ['Lion "fast"\\'])
    compile(script, "race.py", "exec")
    assert "# x² + y²\n" in script
    assert "torch" not in script
    assert "def hessian" not in script
    assert "param(" not in script
    assert "FloatArray" not in script
    assert max(map(len, script.splitlines())) <= 130


def test_the_script_of_a_race_without_racers_says_so_by_an_empty_table(tmp_path):
    assert printed(tmp_path, race_script(race([]), [])).size == 0


def test_names_of_a_race_cannot_break_out_of_the_script():
    spec = race([RacerSpec(OPTIMIZERS["sgd"]())], "sphere")
    nasty = RaceSpec('"""\nimport os\n"""\\', spec.racers, spec.surface, 0.0, 0.0, 3)
    script = race_script(nasty, ['"""+str(1)+"""\n'])
    compile(script, "race.py", "exec")
    assert "\nimport os" not in script


def test_two_modules_private_names_do_not_meet():
    """Clip by norm and SAM each have a _TINY of their own."""
    wrappers = (WRAPPERS["clip_norm"](), WRAPPERS["sam"]())
    spec = race([RacerSpec(OPTIMIZERS["lion"](), wrappers=wrappers)], "sphere")
    script = race_script(spec, ["one"])
    assert "_TINY = 1e-06" in script or "_TINY = 1e-6" in script
    assert "_TINY_ = 1e-12" in script
    assert importlib.util.find_spec("simulations") is not None


def test_a_race_without_racers_is_a_script_that_prints_its_header_alone(tmp_path):
    script = race_script(race([]), [])
    assert "up to rounding" in script
    assert printed(tmp_path, script).size == 0
