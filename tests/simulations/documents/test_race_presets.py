"""Every race that comes with the program is complete, runs, and is stored as the program would write it."""

from __future__ import annotations

import json

import numpy as np
import pytest

import assets
from simulations.core.errors import FileError, SpecError
from simulations.documents.race_presets import DEFAULT, load_race, load_race_preset, race_preset_names
from simulations.racing.session import RaceSession


def test_every_file_is_a_preset_and_every_preset_has_a_file():
    assert {file.stem for file in assets.path("presets/races").glob("*.json")} == set(race_preset_names())
    assert DEFAULT in race_preset_names()


@pytest.mark.parametrize("name", race_preset_names())
def test_a_race_fits_together(name):
    preset = load_race_preset(name)
    preset.spec.validate()
    assert preset.spec.name == preset.name == name
    assert preset.title
    assert preset.sentence.endswith(".")
    session = RaceSession(preset.spec)
    session.advance(20)
    assert np.isfinite(session.points[:20]).any()


@pytest.mark.parametrize("name", race_preset_names())
def test_a_file_is_what_the_program_writes(name):
    written = json.dumps(load_race_preset(name).spec.to_json(), ensure_ascii=False, indent=2) + "\n"
    assert assets.path(f"presets/races/{name}.json").read_text(encoding="utf-8") == written


def test_an_unknown_race_names_the_known_ones():
    with pytest.raises(SpecError, match="no race is called 'cats'"):
        load_race_preset("cats")


def test_what_is_no_race_is_refused_by_its_path(tmp_path):
    file = tmp_path / "a.json"
    file.write_text('{"format": "gradlab-experiment"}')
    with pytest.raises(SpecError, match="not a GradLab race"):
        load_race(file)
    with pytest.raises(FileError, match="does not exist"):
        load_race(tmp_path / "b.json")
