"""``gradlab race`` races without a screen, leaves whole files behind, and answers bad input with one line."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.__main__ import main
from simulations.documents.race import RaceSpec
from simulations.documents.race_presets import load_race_preset, race_preset_names
from widgets.racer_names import racer_labels

FILES = {
    "paths.csv",
    "states.csv",
    "race.json",
    "race.py",
    "race.svg",
    "race.png",
    "race.gif",
    "space.svg",
    "space.png",
    "curves.svg",
    "curves.png",
}


@pytest.fixture(scope="module")
def raced(tmp_path_factory, run_verb) -> Path:
    """What a short race leaves behind."""
    folder = tmp_path_factory.mktemp("raced") / "new" / "folder"
    asked = ["zig-zag", "--steps", "40", "--format", "svg,png", "--gif", "--seconds", "1", "--script", "numpy"]
    printed, said = run_verb("race", *asked, "--size", "480x360", "--out", str(folder))
    assert "zig-zag" in said  # the progress bar
    assert printed == json.loads((folder / "race.json").read_text("utf-8"))
    return folder


def test_every_file_is_there_and_nothing_else(raced):
    assert {file.name for file in raced.iterdir()} == FILES


def test_pictures_are_pictures(raced):
    for name in ("race", "curves"):
        assert (raced / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        written = (raced / f"{name}.svg").read_text("utf-8")
        assert "SGD 0.0975" in written
        assert "Ravine" in written, "the caption lets somebody make it again"
    assert (raced / "race.gif").read_bytes().startswith(b"GIF89a")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> Path:
    """Every view of a short race, as text and numbers."""
    folder = tmp_path_factory.mktemp("drawn")
    asked = ["race", "zig-zag", "--steps", "40", "--format", "svg,csv", "--views", "all", "--racer", "2", "--quiet"]
    assert main([*asked, "--size", "480x420", "--out", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("view", ["race", "space", "curves", "anatomy", "maps", "fair", "matrix"])
def test_every_view_is_drawn_with_its_numbers(drawn, view):
    assert "</svg>" in (drawn / f"{view}.svg").read_text("utf-8")
    with (drawn / f"{view}.csv").open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.reader(line for line in stream if not line.startswith("#")))
    assert len(rows) > 2
    assert len({len(row) for row in rows}) == 1


def test_the_views_of_one_racer_are_of_the_one_that_is_asked_for(drawn):
    second = load_race_preset("zig-zag").spec.racers[1]
    name = racer_labels(load_race_preset("zig-zag").spec)[1]
    assert f"Anatomy of a step: {name}" in (drawn / "anatomy.svg").read_text("utf-8")
    assert f"{second.optimizer.learning_rate:g}" in (drawn / "maps.csv").read_text("utf-8").splitlines()[0]


def test_the_fair_race_is_whole(drawn):
    lines = (drawn / "fair.csv").read_text("utf-8").splitlines()
    methods = {one.split(",")[0] for one in lines[2:]}
    assert len(methods) == len({one.optimizer.kind for one in load_race_preset("zig-zag").spec.racers})


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--views", "plan"], "--views"),
        (["--racer", "4"], "--racer"),
        (["--racer", "0"], "1…3"),
        (["--format", "bmp"], "csv"),
    ],
)
def test_a_view_a_racer_or_a_format_there_is_not_is_told_with_those_there_are(asked, said, tmp_path, capsys):
    assert main(["race", "zig-zag", *asked, "--quiet", "--out", str(tmp_path)]) == 2
    assert said in capsys.readouterr().err


def test_the_script_prints_what_the_tables_hold(raced):
    done = subprocess.run(
        [sys.executable, "-I", str(raced / "race.py")], capture_output=True, text=True, encoding="utf-8", check=True
    )
    printed = [line.split()[-3:] for line in done.stdout.splitlines()[1:]]
    with (raced / "paths.csv").open(newline="", encoding="utf-8") as stream:
        last = [row for row in csv.DictReader(stream) if row["step"] == "40"]
    assert [[float(one) for one in row] for row in printed] == [
        [float(row[key]) for key in ("x", "y", "value")] for row in last
    ]


def test_the_result_can_be_raced_again(raced):
    values = json.loads((raced / "race.json").read_text("utf-8"))
    assert values["steps"] == 40
    spec = RaceSpec.from_json(values["spec"])
    assert spec.racers == load_race_preset("zig-zag").spec.racers
    assert [one["verdict"] for one in values["racers"]] == ["moving"] * 3


def test_a_formula_stands_in_the_caption(tmp_path):
    asked = ["race", "sharp-and-flat", "--steps", "5", "--size", "300x240", "--quiet", "--out", str(tmp_path)]
    assert main(asked) == 0
    written = (tmp_path / "race.svg").read_text("utf-8")
    assert "0.9 exp(-((x + 1)^2 + y^2) / 0.02)" in written


def test_equal_races_leave_equal_numbers(tmp_path):
    for name in "ab":
        assert (
            main(["race", "saddle-escape", "--steps", "30", "--format", "", "--out", str(tmp_path / name), "--quiet"])
            == 0
        )
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_without_a_folder_the_ends_are_printed(capsys):
    assert main(["race", "zig-zag", "--quiet"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "SGD 0.0975" in printed.out
    assert "200 steps on ravine" in printed.out


def test_without_a_name_the_first_race_is_run(capsys):
    assert main(["race", "--steps", "3", "--quiet"]) == 0
    assert "3 steps" in capsys.readouterr().out


def test_names_can_be_chinese(tmp_path):
    asked = ["race", "zig-zag", "--steps", "3", "--lang", "zh_CN", "--format", "", "--quiet", "--out", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "app", *asked], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert "动量" in (tmp_path / "paths.csv").read_text("utf-8")


# ---- what cannot be used ---------------------------------------------------------------------------------------------


def refused(capsys, *arguments: str) -> str:
    """The one line on standard error of a refusal."""
    assert main(["race", *arguments]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_an_unknown_race_is_refused_with_the_known_ones(capsys, tmp_path):
    line = refused(capsys, "no-such-race", "--out", str(tmp_path / "out"))
    assert "no-such-race" in line
    assert all(name in line for name in race_preset_names())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": "gradlab-race", "version": 99}', '{"format": "gradlab-experiment"}']
)
def test_a_bad_file_is_refused(capsys, tmp_path, content):
    file = tmp_path / "bad.json"
    file.write_text(content)
    refused(capsys, str(file), "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--steps", "0"),
        ("--steps", "-3"),
        ("--format", "bmp"),
        ("--size", "huge"),
        ("--seconds", "0"),
        ("--seconds", "nan"),
    ],
)
def test_a_wrong_option_is_refused_by_its_name(capsys, arguments):
    line = refused(capsys, "zig-zag", *arguments)
    assert arguments[0].removeprefix("--") in line
    assert arguments[1] in line


def test_an_out_that_is_a_file_is_refused_before_the_race(capsys, tmp_path):
    file = tmp_path / "taken"
    file.write_text("mine")
    assert "taken" in refused(capsys, "zig-zag", "--out", str(file))
    assert file.read_text() == "mine"


def test_without_qt_everything_but_the_pictures_is_written(tmp_path):
    code = (
        "import sys; sys.modules['PySide6'] = None; from app.__main__ import main; "
        f"sys.exit(main(['race', 'zig-zag', '--steps', '5', '--quiet', '--out', {str(tmp_path)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Qt" in done.stderr
    assert {file.name for file in tmp_path.iterdir()} == {"paths.csv", "states.csv", "race.json", "race.py"}
