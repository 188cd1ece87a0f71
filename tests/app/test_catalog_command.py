"""``gradlab catalog`` lists what the registries hold, for people and for programs."""

import argparse
import json
import subprocess
import sys

import pytest

from app.cli import catalog
from simulations.core.errors import SpecError
from simulations.core.params import hyperparameters
from simulations.documents.presets import preset_names
from simulations.documents.race_presets import race_preset_names
from simulations.families import load, registries


def listed(capsys, what=None, *, as_json=True, language="en") -> str:
    assert catalog.run(argparse.Namespace(what=what, json=as_json, lang=language)) == 0
    return capsys.readouterr().out


def test_json_lists_every_member_with_every_hyperparameter(capsys):
    load()
    found = json.loads(listed(capsys))
    for registry in registries():
        assert [one["kind"] for one in found[registry.family]] == list(registry.kinds())
        for entry, one in zip(registry, found[registry.family], strict=True):
            names = [declared.name for declared in hyperparameters(entry.cls)]
            assert [declared["name"] for declared in one["hyperparameters"]] == names
            assert (one["label"], one["summary"], one["source"]) == (entry.label, entry.summary, entry.source)
    assert {"validation_fraction", "standardise", "batch_size", "l1", "l2", "decoupled_decay", "seed"} == {
        one["kind"] for one in found["setting"]
    }
    assert [one["kind"] for one in found["preset"]] == list(preset_names())
    assert [one["kind"] for one in found["race"]] == list(race_preset_names())


def test_optimizers_say_where_they_can_be_used(capsys):
    used = {one["kind"]: one["used_in"] for one in json.loads(listed(capsys, "optimizer"))["optimizer"]}
    assert used["adam"] == ["train", "race"]
    assert used["newton"] == ["race"]
    assert used["muon"] == ["train"]
    assert "for races only" in listed(capsys, "newton", as_json=False)


def is_chinese(text):
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def test_json_describes_everything_in_both_languages_and_names_the_source(capsys):
    for family, members in json.loads(listed(capsys)).items():
        for one in members:
            assert one["summary"].isascii() or not is_chinese(one["summary"])
            assert is_chinese(one["translations"]["zh_CN"]["summary"]), one["kind"]
            assert one["source"] or family in ("probe", "race probe", "preset", "race"), one["kind"]
            for declared in one["hyperparameters"]:
                said = declared["translations"]["zh_CN"]
                assert is_chinese(said["help"]) == bool(declared["help"]), (one["kind"], declared["name"])
                assert len(said["labels"]) == len(declared["labels"])


def test_every_hyperparameter_says_what_it_may_be(capsys):
    for members in json.loads(listed(capsys)).values():
        for one in members:
            for declared in one["hyperparameters"]:
                assert declared["type"] in ("bool", "record") or declared["range"] or declared["choices"], one["kind"]


def test_the_table_speaks_chinese_and_keeps_to_the_screen(capsys):
    table = listed(capsys, as_json=False, language="zh_CN")
    assert "保留正值，负值置零。" in table
    assert all(len(line) <= catalog.WIDTH for line in table.splitlines())


def test_the_table_refers_to_a_family_instead_of_repeating_it(capsys):
    table = listed(capsys, "residual", as_json=False)
    assert "conv2d relu conv2d  any layers" in table
    assert "any initialiser" in listed(capsys, "dense", as_json=False)


def test_json_says_range_scale_and_liveness(capsys):
    ((member,),) = json.loads(listed(capsys, "adam")).values()
    rate = member["hyperparameters"][0]
    assert rate["name"] == "learning_rate"
    assert (rate["default"], rate["low"], rate["high"], rate["scale"], rate["live"]) == (0.001, 1e-12, 10, "log", True)


def test_a_nested_choice_lists_the_kinds_to_choose_from(capsys):
    ((member,),) = json.loads(listed(capsys, "dense")).values()
    initializer = next(one for one in member["hyperparameters"] if one["name"] == "initializer")
    assert initializer["default"] == "he_normal"
    assert "xavier_uniform" in initializer["choices"]


@pytest.mark.parametrize("what", ["optimizer", "optimizers", "Optimizer"])
def test_a_family_can_be_asked_for(capsys, what):
    assert list(json.loads(listed(capsys, what))) == ["optimizer"]


@pytest.mark.parametrize("what", ["data-source", "data_sources", "data source"])
def test_a_family_of_two_words_needs_no_quotes(capsys, what):
    assert list(json.loads(listed(capsys, what))) == ["data source"]


def test_the_table_names_members_and_ranges_within_the_screen(capsys):
    table = listed(capsys, as_json=False)
    assert "adam  (Adam)" in table
    assert "1e-06…10" in table
    assert "live" in table
    assert all(len(line) <= catalog.WIDTH for line in table.splitlines())


def test_what_is_not_there_is_refused_with_the_families():
    with pytest.raises(SpecError, match="nothing is called 'cats'; families are data source, layer, "):
        catalog.run(argparse.Namespace(what="cats", json=False, lang="en"))


def test_a_reader_that_has_seen_enough_gets_no_traceback():
    program = [sys.executable, "-m", "app", "catalog"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (0, b"")
