"""What is said on a machine that cannot show a window, before any window exists."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import assets
from app.bootstrap import GarbageRounds, missing_libraries, platform_name
from app.cli.render import parse_size
from simulations.core.errors import GradLabError


def run(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.pop("QT_QPA_PLATFORM", None)
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        env=environment | changed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_missing_library_is_named_in_one_line_with_its_package() -> None:
    missing = missing_libraries("xcb", loads=lambda name: name not in ("libxcb-cursor.so.0", "libEGL.so.1"))
    assert missing is not None
    assert missing.packages == ("libegl1", "libxcb-cursor0")
    assert missing.sentence().endswith("sudo apt install libegl1 libxcb-cursor0")
    assert "\n" not in missing.sentence()


def test_offscreen_pictures_need_no_x11_library() -> None:
    assert missing_libraries("offscreen", loads=lambda name: "xcb" not in name) is None


@pytest.mark.parametrize(
    ("environment", "platform"),
    [
        ({}, ""),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"QT_QPA_PLATFORM": "offscreen"}, "offscreen"),
    ],
)
def test_the_platform_follows_the_environment(environment: dict[str, str], platform: str) -> None:
    assert platform_name(environment) == platform


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_without_a_display_one_line_says_what_to_run_instead() -> None:
    result = run()
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "gradlab train digits-cnn" in result.stderr


def test_what_is_wrong_with_a_file_is_said_before_what_is_wrong_with_the_display(tmp_path: os.PathLike[str]) -> None:
    result = run("open", os.path.join(tmp_path, "gone.json"))
    assert result.returncode == 2
    assert "gone.json does not exist" in result.stderr


def test_the_door_is_light() -> None:
    code = "import sys, app.__main__; print([m for m in ('numpy', 'PySide6', 'pyqtgraph') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_an_experiment_is_opened_without_the_races() -> None:
    code = (
        "import sys, app.train_desk; from simulations.documents.presets import load_preset; load_preset('digits-cnn');"
        "print([m for m in sys.modules if m.startswith(('simulations.surfaces', 'simulations.racing', 'widgets.panels.race'))])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_garbage_is_collected_by_hand_and_given_back() -> None:
    import gc

    rounds = GarbageRounds()
    rounds.begin()
    assert not gc.isenabled()
    rounds.collect()
    rounds.end()
    assert gc.isenabled()
    gc.disable()


@pytest.mark.parametrize("text", ["1600", "1600x", "x", "0x0", "99999x10", "-5x9"])
def test_a_wrong_size_is_refused_in_words(text: str) -> None:
    with pytest.raises(GradLabError, match="--size"):
        parse_size(text)


def test_a_picture_of_one_panel_is_drawn_without_a_screen(tmp_path: os.PathLike[str]) -> None:
    out = os.path.join(tmp_path, "curves.png")
    result = run("render", "curves", "--preset", "spiral-mlp", "--after-steps", "5", "--size", "400x300", "--out", out)
    assert result.returncode == 0, result.stderr
    with open(out, "rb") as file:
        assert file.read(8) == b"\x89PNG\r\n\x1a\n"


def test_a_moment_of_a_race_is_drawn_without_a_screen(tmp_path: os.PathLike[str]) -> None:
    out = os.path.join(tmp_path, "race.png")
    result = run("render", "race", "--after-steps", "40", "--size", "960x600", "--lang", "zh_CN", "--out", out)
    assert result.returncode == 0, result.stderr
    with open(out, "rb") as file:
        assert file.read(8) == b"\x89PNG\r\n\x1a\n"


def test_a_workspace_refuses_a_document_it_is_not_for(tmp_path: os.PathLike[str]) -> None:
    file = assets.path("presets/races/four-in-a-ravine.json")
    result = run("render", "layers", "--preset", str(file), "--out", os.path.join(tmp_path, "a.png"))
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1


def test_an_unknown_panel_is_refused_with_the_known_ones(tmp_path: os.PathLike[str]) -> None:
    result = run("render", "nothing", "--out", os.path.join(tmp_path, "a.png"))
    assert result.returncode == 2
    assert "layers" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_display_that_does_not_answer_is_named_in_one_line() -> None:
    found = run(DISPLAY=":6789")
    assert found.returncode == 2
    assert len(found.stderr.splitlines()) == 1
    assert ":6789" in found.stderr
