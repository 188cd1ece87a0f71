"""What the window shows first, and how little has been loaded by then: what is not loaded cannot be waited for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.workspaces import DEFINITIONS, RACE
from widgets import panels
from widgets.panel import PANELS

_SHOW = """
import json, sys
from pathlib import Path
from app.application import Laboratory, make_application
from app.settings import Settings

application = make_application()
settings = Settings(Path(sys.argv[1]) / "settings.ini")
settings.language, settings.workspace = "en", sys.argv[2]
laboratory = Laboratory(application, None, settings, kept_in=Path(sys.argv[1]), is_apart=True)
window = laboratory.window
window.firstPainted.disconnect()
window.firstPainted.connect(application.quit)
laboratory.show()
application.exec()
has_desk, places = window.has_desk, [dock.windowTitle() for dock in laboratory.frame.workspace.docks.values()]
print(json.dumps({"modules": sorted(sys.modules), "has_desk": has_desk, "titles": places}))
"""


def first_picture(folder: Path, workspace: str) -> dict[str, Any]:
    """What a program of its own, left in ``workspace``, says as soon as its window is painted."""
    result = subprocess.run(
        [sys.executable, "-c", _SHOW, str(folder), workspace],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    said: dict[str, Any] = json.loads(result.stdout)
    return said


def test_the_first_picture_is_a_whole_frame_made_of_next_to_nothing(tmp_path: Path) -> None:
    said = first_picture(tmp_path, "train")
    assert said["titles"] == ["Build", "Data", "Hyperparameters", "Layers", "Output", "Curves"]
    assert not said["has_desk"]
    loaded = set(said["modules"])
    assert not loaded & {"numpy", "pyqtgraph", "PIL", "multiprocessing", "app.desk", "app.bridge"}
    assert {one for one in loaded if one.startswith("simulations.") and one.count(".") > 1} == {
        "simulations.core.errors",
        "simulations.core.registry",
        "simulations.core.text",
        "simulations.documents.reading",
        "simulations.runtime.messages",
    }
    assert {one for one in loaded if one.startswith("widgets.panels.train.")} == {"widgets.panels.train.transport"}
    assert len([one for one in loaded if one.partition(".")[0] in ("app", "simulations", "widgets")]) < 60


def test_a_race_begins_with_its_places_and_nothing_of_what_it_shows(tmp_path: Path) -> None:
    said = first_picture(tmp_path, "race")
    assert said["titles"] == list(RACE.labels.values())
    assert not said["has_desk"]
    loaded = set(said["modules"])
    assert not loaded & {"numpy", "pyqtgraph", "PIL", "multiprocessing", "app.desk", "app.bridge"}
    assert not [one for one in loaded if one.startswith("widgets.panels.race.")]


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda one: str(one.name))
def test_a_place_is_titled_as_the_panel_that_fills_it(definition: Any) -> None:
    panels.load()
    assert definition.labels == {kind: PANELS.entry(kind).label for kind in definition.kinds()}
