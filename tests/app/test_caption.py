"""The caption of a picture and the metrics of a run name the file that was read and what was changed on the way."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.caption import caption
from simulations.core.interrupt import Interrupt
from simulations.data.base import DATA_SOURCES
from simulations.data.drawn import PointSet
from simulations.data.files.guess import source_for
from simulations.documents.importing import with_source
from simulations.documents.presets import load_preset
from simulations.documents.race import RaceSpec
from simulations.documents.race_presets import load_race_preset
from simulations.nn.layers.base import LAYERS
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.racing.fairness import FairRace, FairSettings
from simulations.racing.matrix import MatrixProblem, runs
from simulations.racing.probes.base import RaceLook, RaceProbe
from simulations.racing.probes.basins import Basins
from simulations.racing.probes.fair import FairAnswer
from simulations.racing.probes.matrix import MatrixAnswer
from simulations.racing.probes.phase import Phase
from simulations.racing.probes.rates import Rates, RatesAnswer
from simulations.racing.record import Recorder
from simulations.racing.session import RaceSession
from simulations.runtime.race_messages import RaceSnapshot
from simulations.runtime.snapshots import snapshot_of
from simulations.surfaces.formula import Formula
from simulations.training.records import metrics
from simulations.training.session import Session
from widgets.plots.basins import BasinsView
from widgets.plots.fair import FairView
from widgets.plots.matrix import MatrixView
from widgets.plots.phase import PhaseView
from widgets.plots.rates import RatesView
from widgets.theme import Look


@pytest.fixture
def session(tmp_path: Path) -> Session:
    file = tmp_path / "flowers.csv"
    file.write_text("a,b,label\n" + "\n".join(f"{i},{i * i % 7},{'xy'[i % 2]}" for i in range(60)))
    made = Session(with_source(load_preset("spiral-mlp").spec, source_for(file).imported()))
    made.take_step()
    optimizer = dataclasses.replace(made.spec.optimizer, learning_rate=0.5)
    made.apply(dataclasses.replace(made.spec, optimizer=optimizer))
    return made


def test_the_caption_names_the_file_and_the_changes(session: Session) -> None:
    said = caption(snapshot_of(session, {}))
    assert "Data: flowers.csv" in said
    assert "Changed while training: step 1 Learning rate 0.002 → 0.5" in said


def test_a_generated_set_is_named_and_no_change_is_said_where_there_was_none() -> None:
    said = caption(snapshot_of(Session(load_preset("spiral-mlp").spec), {}))
    assert "Data: Spiral (Samples 1000, Turns 2)" in said
    assert "Changed" not in said


def test_the_layers_are_named_with_what_is_not_as_they_begin() -> None:
    assert (
        "Layers: Conv 2D (Channels 16) → ReLU → Max pool 2D (Window 2) → Conv 2D (Channels 32) → ReLU → "
        "Max pool 2D (Window 2) → Flatten → Dense (Units 10)"
    ) in caption(snapshot_of(Session(load_preset("digits-cnn").spec), {}))


def test_layers_that_stand_several_times_in_a_row_are_named_once() -> None:
    said = caption(snapshot_of(Session(load_preset("deep-sigmoid").spec), {}))
    layers = said.split("Layers: ")[1].split(" · ")[0]
    dense = "Dense (Units {}, Initialiser: Xavier normal (Gain 1, Keep variance of Both))"
    assert layers == f"({dense.format(16)} → Sigmoid) ×10 → {dense.format(2)}"


def test_data_prepared_in_another_way_say_so() -> None:
    snapshot = snapshot_of(Session(load_preset("spiral-mlp").spec), {})
    data = dataclasses.replace(snapshot.spec.data, standardise=False, validation_fraction=0.4)
    said = caption(dataclasses.replace(snapshot, spec=dataclasses.replace(snapshot.spec, data=data)))
    assert ", Validation share 0.4, Standardise no · Layers" in said


def test_points_drawn_by_hand_are_not_written_out() -> None:
    snapshot = snapshot_of(Session(load_preset("spiral-mlp").spec), {})
    drawn = DATA_SOURCES["drawn"](points=PointSet().with_point(0.5, 0.5, 1))
    data = dataclasses.replace(snapshot.spec.data, source=drawn)
    said = caption(dataclasses.replace(snapshot, spec=dataclasses.replace(snapshot.spec, data=data)))
    assert "Data: Drawn by hand (Classes 2) · Layers" in said


def test_layers_within_blocks_are_named_too() -> None:
    spec = load_preset("spiral-mlp").spec
    inner = (LAYERS["dense"](units=8, frozen=True), LAYERS["tanh"]())
    first, *others = spec.layers
    block = LAYERS["residual"](stack=inner)
    snapshot = snapshot_of(Session(load_preset("spiral-mlp").spec), {})
    said = caption(dataclasses.replace(snapshot, spec=dataclasses.replace(spec, layers=(first, block, *others))))
    assert "Residual block (Inner layers: Dense (Units 8, Frozen yes) → Tanh)" in said


def test_numbers_are_written_as_the_forms_write_them() -> None:
    assert "ε 1e−8" in caption(snapshot_of(Session(load_preset("digits-cnn").spec), {}))


@pytest.mark.parametrize(
    ("epoch", "text"), [(0.35, "0.35"), (12.3456, "12.35"), (9999.9, "10000"), (146797.7, "146798")]
)
def test_many_epochs_are_not_said_as_a_power_of_ten(epoch: float, text: str) -> None:
    snapshot = snapshot_of(Session(load_preset("spiral-mlp").spec), {})
    assert f"(epoch {text})" in caption(dataclasses.replace(snapshot, epoch=epoch))


def test_the_metrics_name_them_too(session: Session) -> None:
    values = metrics(session, experiment="mine")
    assert values["data"]["kind"] == "table_file"
    assert values["data"]["file"].endswith("flowers.csv")
    assert values["data"]["training"] + values["data"]["validation"] == 60
    assert values["changes"] == [
        {"step": 1, "what": "optimizer.learning_rate", "before": "0.002", "after": "0.5"},
    ]


def test_a_race_is_captioned_with_the_moment_and_an_animation_with_all_of_them() -> None:
    spec = load_race_preset("zig-zag").spec
    session = RaceSession(spec)
    session.advance(spec.steps)
    snapshot = RaceSnapshot(1, "paused", Recorder(session).record(), 12, 30.0)
    assert f"zig-zag · step 12 of {spec.steps} · " in caption(snapshot)
    assert f"zig-zag · steps 0 to 150 of {spec.steps} · " in caption(snapshot, 150)


def _said_of(spec: RaceSpec) -> str:
    return caption(cast("Any", SimpleNamespace(race=SimpleNamespace(spec=spec), moment=3)))


def test_a_race_is_called_as_its_preset_and_its_start_is_said_once() -> None:
    said = _said_of(load_race_preset("four-in-a-ravine").spec)
    assert said.startswith("four-in-a-ravine · step 3 of 300")
    assert said.count("Start") == 1
    assert "Start (−4, 2)" in said


def test_another_surface_is_not_called_as_the_preset_and_an_empty_table_is_not_mentioned() -> None:
    spec = dataclasses.replace(load_race_preset("four-in-a-ravine").spec, surface=Formula(text="x^2 + y^2"))
    said = _said_of(spec)
    assert "ravine" not in said
    assert "x^2 + y^2" in said
    assert "Table" not in said


def test_what_was_worked_out_beside_the_race_is_captioned_with_its_own_settings(qtbot: Any) -> None:
    """A fair race names budget, tolerance and the rates it found; the matrix problem is no part of the race at all."""
    spec = load_race_preset("zig-zag").spec
    session = RaceSession(spec)
    session.advance(3)
    race = Recorder(session).record()
    snapshot = RaceSnapshot(1, "paused", race, 3, 30.0)
    matrices, fair = MatrixView(Look()), FairView(Look())
    for view in (matrices, fair):
        qtbot.addWidget(view)
        assert caption(snapshot, None, view) == caption(snapshot), "nothing is shown yet"
    problem = MatrixProblem(condition=50.0, steps=20)
    matrices.show_answer(MatrixAnswer(problem, tuple(runs(problem))))
    said = caption(snapshot, None, matrices)
    assert "Condition number κ 50" in said
    assert "Surface" not in said
    settings = FairSettings(budget=60, side=2)
    compared = FairRace(spec.surface, spec.racers[:1], settings)
    list(compared.slices())
    fair.show_answer(FairAnswer(spec.surface, compared.racers, settings, tuple(compared.results), 1.0))
    said = caption(snapshot, None, fair)
    assert all(one in said for one in ("Surface: Ravine", "Budget 60", "Starts a side 2", "Tolerance (f − f*) 0.001"))
    assert f"Learning rate {compared.results[0].rate:.6g}" in said


def _answer(spec: RaceSpec, probe: RaceProbe) -> Any:
    """The coarsest answer of ``probe`` about the race of ``spec``."""
    look = RaceLook(cast("Any", SimpleNamespace(spec=spec)), 0)
    return next(one for one in probe.answers(look, Interrupt()) if not isinstance(one, RatesAnswer) or one.curves)


def test_a_map_is_captioned_with_the_racer_it_is_of(qtbot: Any) -> None:
    """Not with those of the race it was asked beside, and not with the moment, which does not matter to it."""
    spec = dataclasses.replace(load_race_preset("four-in-a-ravine").spec, steps=20)
    momentum = dataclasses.replace(
        spec.racers[1], wrappers=(WRAPPERS["clip_norm"](),), has_own_start=True, start_x=1.5, start_y=0.5
    )
    spec = dataclasses.replace(spec, racers=(spec.racers[0], momentum, *spec.racers[2:]))
    snapshot = cast("Any", SimpleNamespace(race=SimpleNamespace(spec=spec), moment=3))
    for view, probe, has_start in (
        (BasinsView(Look(), False), Basins(1), False),
        (RatesView(Look()), Rates(1), True),
        (PhaseView(Look()), Phase(1), True),
    ):
        qtbot.addWidget(view)
        assert caption(snapshot, None, view) == caption(snapshot), "nothing is shown yet"
        view.show_answer(_answer(spec, probe))
        said = caption(snapshot, None, view)
        assert said.startswith(view.plot_title())
        assert "Surface: Turned ravine" in said
        assert "Length 20" in said
        assert "Momentum (Learning rate" in said
        assert "Clip by norm" in said
        assert ("Start (1.5, 0.5)" in said) == has_start
        assert "Adam" not in said
        assert "step 3" not in said


def test_a_race_s_caption_says_what_is_put_around_a_method_and_where_it_starts_alone() -> None:
    """Without them nobody could make the picture again."""
    spec = load_race_preset("rnn-cliff").spec
    assert "Clip" in _said_of(spec)
    first = dataclasses.replace(spec.racers[0], has_own_start=True, start_x=0.25, start_y=0.5)
    assert "Start (0.25, 0.5)" in _said_of(dataclasses.replace(spec, racers=(first, *spec.racers[1:])))
