"""A race's file keeps the results of fair races that belong to the race, exactly, and no others."""

import dataclasses
import json

import numpy as np
import pytest

from simulations.core.errors import SpecError
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.documents.race_presets import load_race
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing import saved
from simulations.racing.fairness import FairRace, FairSettings
from simulations.racing.probes.fair import FairAnswer
from simulations.racing.saved import SavedRace, fits, load_saved, text_of
from simulations.surfaces.base import SURFACES

SPEC = RaceSpec(
    "mine",
    (
        RacerSpec(OPTIMIZERS["momentum"](learning_rate=0.01)),
        RacerSpec(OPTIMIZERS["newton"](), color=2),
        RacerSpec(OPTIMIZERS["momentum"](learning_rate=1), color=3),
    ),
    SURFACES["himmelblau"](),
    1,
    2.0,
    30,
)


def answer_of(spec, **settings):
    race = FairRace(spec.surface, spec.racers, FairSettings(**{"budget": 30, "side": 2, **settings}))
    for _share in race.slices():
        pass
    return FairAnswer(race.surface, race.racers, race.settings, tuple(race.results), 1.0)


@pytest.fixture(scope="module")
def answer():
    return answer_of(SPEC)


def written(folder, race, program="1.0"):
    file = folder / "a.json"
    file.write_text(text_of(race, program), encoding="utf-8")
    return file


def test_what_is_saved_is_read_back_number_by_number(tmp_path, answer):
    file = written(tmp_path, SavedRace(SPEC, (answer,)))
    race = load_saved(file, "1.0")
    assert race.spec == SPEC == load_race(file)
    (found,) = race.results
    assert fits(found, race.spec)
    assert (found.racers, found.settings, found.progress) == (answer.racers, answer.settings, 1)
    for one, other in zip(answer.results, found.results, strict=True):
        assert one.racer == other.racer
        assert one.tuning.best == other.tuning.best
        for name in ("rates", "successes", "medians"):
            np.testing.assert_array_equal(getattr(one.tuning, name), getattr(other.tuning, name))
        np.testing.assert_array_equal(one.costs, other.costs)
        np.testing.assert_array_equal(one.gaps, other.gaps)
    assert np.isinf(np.concatenate([one.costs for one in found.results])).any(), "∞ is among what was kept"


@pytest.mark.parametrize(
    ("change", "stays"),
    [
        (lambda spec: dataclasses.replace(spec, name="other", steps=77, start_x=-1.0), True),
        (lambda spec: dataclasses.replace(spec, racers=spec.racers[:2]), True),
        (lambda spec: dataclasses.replace(spec, racers=spec.racers[1:2]), False),
        (lambda spec: dataclasses.replace(spec, surface=SURFACES["beale"]()), False),
    ],
)
def test_a_result_is_shown_again_only_if_it_fits(tmp_path, answer, change, stays):
    file = written(tmp_path, SavedRace(SPEC, (answer,)))
    assert fits(answer, change(SPEC)) == stays
    data = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**change(SPEC).to_json(), "fair": data["fair"]}), encoding="utf-8")
    assert len(load_saved(file, "1.0").results) == stays


def test_the_numbers_of_another_version_are_not_taken_for_those_of_this_one(tmp_path, answer):
    assert load_saved(written(tmp_path, SavedRace(SPEC, (answer,)), "1.0"), "1.1").results == ()


def test_settings_that_were_changed_by_hand_do_not_keep_their_result(tmp_path, answer):
    file = written(tmp_path, SavedRace(SPEC, (answer,)))
    file.write_text(file.read_text(encoding="utf-8").replace('"budget": 30', '"budget": 31'), encoding="utf-8")
    assert load_saved(file, "1.0").results == ()


def test_half_a_result_does_not_fit(answer):
    assert not fits(dataclasses.replace(answer, progress=0.5), SPEC)


@pytest.mark.parametrize(
    ("path", "spoil"),
    [
        ("fair[0].methods[1].costs", lambda one: one["methods"][1]["costs"].pop()),
        ("fair[0].methods[0].gaps", lambda one: one["methods"][0]["gaps"].__setitem__(0, "1")),
        ("fair[0].methods[0].medians", lambda one: one["methods"][0]["medians"].__setitem__(0, -1.0)),
        ("fair[0].methods[0].best", lambda one: one["methods"][0].update(best=1e9)),
        ("fair[0].methods", lambda one: one["methods"].pop()),
    ],
)
def test_a_wrong_value_is_named_by_its_path(tmp_path, answer, path, spoil):
    data = json.loads(text_of(SavedRace(SPEC, (answer,)), "1.0"))
    spoil(data["fair"][0])
    (tmp_path / "a.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        load_saved(tmp_path / "a.json", "1.0")
    assert caught.value.path == path
    assert "a.json" in str(caught.value)


def test_the_newest_results_are_kept_where_there_is_no_room_for_all(tmp_path, answer, monkeypatch):
    numbers = sum(2 * len(one.tuning.rates) + 2 * len(one.costs) for one in answer.results)
    newer = answer_of(SPEC, seed=1)
    monkeypatch.setattr(saved, "MOST_NUMBERS", numbers)
    (found,) = load_saved(written(tmp_path, SavedRace(SPEC, (answer, newer))), "1.0").results
    assert found.settings.seed == 1


def test_a_race_without_results_is_the_file_it_always_was(tmp_path):
    assert json.loads(text_of(SavedRace(SPEC), "1.0")) == SPEC.to_json()
