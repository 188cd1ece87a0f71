"""What a finished race leaves in a folder: tables, numbers, a script that repeats it, and the pictures the window draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.bootstrap import StartError, check_machine
from app.files import write_atomically
from simulations.codegen.race import race_script
from simulations.core.interrupt import Interrupt
from simulations.racing.probes.base import RaceLook
from simulations.racing.record import Race
from simulations.racing.tables import csv_text, paths, states, summary_json
from simulations.runtime.race_messages import RaceSnapshot

if TYPE_CHECKING:
    from widgets.panel import Panel
    from widgets.theme import Look

_PANELS: Final = {"plane": "race", "race_curves": "curves"}  # and what their pictures are called


@dataclass(frozen=True)
class Pictures:
    """What is drawn: in which ``formats``, how large in logical pixels, in which palette, and how many ``seconds`` of it move."""

    formats: tuple[str, ...]
    size: tuple[int, int]
    theme: str
    seconds: float | None = None


def write_numbers(race: Race, names: Sequence[str], values: dict[str, Any], folder: Path, *, uses_torch: bool) -> None:
    """Write every table, each whole or not at all."""
    write_atomically(folder / "paths.csv", csv_text(paths(race, names)).encode())
    write_atomically(folder / "states.csv", csv_text(states(race, names)).encode())
    write_atomically(folder / "race.json", summary_json(values))
    write_atomically(folder / "race.py", race_script(race.spec, names, uses_torch=uses_torch).encode())


def write_pictures(
    race: Race, folder: Path, wanted: Pictures, tell: Callable[[float], None] | None = None
) -> str | None:
    """Draw without a screen; returns why pictures are missing, or None when all are there."""
    if not wanted.formats and wanted.seconds is None:
        return None
    try:
        check_machine(offscreen=True)
        from PySide6.QtWidgets import QApplication
    except (StartError, ImportError) as error:
        return f"the pictures are missing because Qt cannot be loaded: {error}"
    application = QApplication.instance() or QApplication(["gradlab"])
    from app.caption import caption
    from app.exporters import ExportOptions, export_plot
    from app.exporters.base import Animation
    from widgets.theme import DARK, LIGHT, Look

    look = Look(DARK if wanted.theme == "dark" else LIGHT)
    snapshot = RaceSnapshot(0, "paused", race, race.done, 1.0)
    options = ExportOptions(caption=caption(snapshot), light=wanted.theme == "light", theme=look.theme)
    for kind, name in _PANELS.items():
        panel = _panel(kind, look, snapshot, wanted.size)
        for plot in panel.plots()[:1]:
            for ending in wanted.formats:
                export_plot(plot, folder / f"{name}.{ending}", options)
            if kind == "plane" and wanted.seconds is not None:
                words = caption(snapshot, race.done)
                moving = replace(options, caption=words, animation=Animation(seconds=wanted.seconds), scale=1)
                export_plot(plot, folder / f"{name}.gif", moving, tell)
        panel.deleteLater()
    del application  # it had to live until the last picture was drawn
    return None


def _panel(kind: str, look: Look, snapshot: RaceSnapshot, size: tuple[int, int]) -> Panel:
    """The panel ``kind`` with the last moment of a race, all it asks for answered to the end."""
    import importlib

    from widgets.panel import PANELS, RaceDocument

    importlib.import_module(f"widgets.panels.race.{kind}")
    panel = PANELS[kind](look)
    panel.resize(*size)
    panel.show_document(
        RaceDocument(snapshot.race.spec, -1)
    )  # nobody is spoken of: no arrows, no line thicker than others
    panel.render(snapshot)
    panel.grab()  # a widget that was never shown lays out its children when its picture is asked for
    look_at = RaceLook(snapshot.race, snapshot.moment)
    probes = {probe.kind: list(probe.answers(look_at, Interrupt()))[-1] for probe in panel.probes()}
    panel.render(RaceSnapshot(1, "paused", snapshot.race, snapshot.moment, snapshot.speed, probes=probes))
    panel.grab()
    return panel
