"""What a finished race leaves in a folder: tables, numbers, a script that repeats it, and the pictures the window draws."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from app.bootstrap import StartError, check_machine
from app.files import write_atomically
from simulations.codegen.race import race_script
from simulations.core.interrupt import Interrupt
from simulations.racing.probes.base import RaceLook
from simulations.racing.probes.fair import Fair, FairAnswer
from simulations.racing.record import Race
from simulations.racing.saved import question_of
from simulations.racing.tables import csv_text, paths, states, summary_json
from simulations.runtime.race_messages import RaceSnapshot

if TYPE_CHECKING:
    from widgets.panel import Panel
    from widgets.theme import Look

VIEWS: Final = {
    "race": "plane",
    "space": "space",
    "curves": "race_curves",
    "anatomy": "anatomy",
    "maps": "maps",
    "fair": "fair",
    "matrix": "matrix",
}  # what a picture is called, and the panel that draws it
USUAL: Final = ("race", "space", "curves")
_SPEAKS_OF_ONE: Final = ("anatomy", "maps")

Tell: TypeAlias = Callable[[float], None]
"""Is told the share that is done."""


@dataclass(frozen=True)
class Pictures:
    """What is drawn: which ``views``, in which ``formats``, how large in logical pixels, in which palette, how many ``seconds``
    of it move, and of which racer those tell that can tell of one only."""

    formats: tuple[str, ...]
    size: tuple[int, int]
    theme: str
    seconds: float | None = None
    views: tuple[str, ...] = USUAL
    racer: int = 0
    bars: Callable[[str], Tell | None] = field(default=lambda _title: None)


def write_numbers(race: Race, names: Sequence[str], values: dict[str, Any], folder: Path, *, uses_torch: bool) -> None:
    """Write every table, each whole or not at all."""
    write_atomically(folder / "paths.csv", csv_text(paths(race, names)).encode())
    write_atomically(folder / "states.csv", csv_text(states(race, names)).encode())
    write_atomically(folder / "race.json", summary_json(values))
    write_atomically(folder / "race.py", race_script(race.spec, names, uses_torch=uses_torch).encode())


def write_pictures(race: Race, folder: Path, wanted: Pictures) -> str | None:
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
    for name in VIEWS:  # in this order, whatever the order they were asked for in
        is_moving = name == "race" and wanted.seconds is not None
        if name not in wanted.views and not is_moving:
            continue
        panel = _panel(name, look, snapshot, wanted)
        for plot in panel.plots()[:1]:
            for ending in wanted.formats if name in wanted.views else ():
                export_plot(plot, folder / f"{name}.{ending}", replace(options, caption=caption(snapshot, plot=plot)))
            if is_moving:
                words = caption(snapshot, race.done)
                moving = replace(options, caption=words, animation=Animation(seconds=wanted.seconds or 0.0), scale=1)
                export_plot(plot, folder / f"{name}.gif", moving, wanted.bars("animation"))
        panel.deleteLater()
    del application  # it had to live until the last picture was drawn
    return None


def _panel(name: str, look: Look, snapshot: RaceSnapshot, wanted: Pictures) -> Panel:
    """The panel of the view ``name`` with the last moment of a race, all it asks for answered to the end."""
    import importlib

    from widgets.panel import PANELS, RaceDocument

    spec = snapshot.race.spec
    importlib.import_module(f"widgets.panels.race.{VIEWS[name]}")
    panel = PANELS[VIEWS[name]](look)
    panel.resize(*wanted.size)
    selected = (
        min(wanted.racer, len(spec.racers) - 1) if name in _SPEAKS_OF_ONE else -1
    )  # elsewhere none is drawn thicker
    results = _fair_results(snapshot, wanted.bars("fair race")) if name == "fair" and spec.racers else {}
    panel.show_document(RaceDocument(spec, selected, results=results))
    panel.render(snapshot)
    panel.grab()  # a widget that was never shown lays out its children when its picture is asked for
    look_at = RaceLook(snapshot.race, snapshot.moment)
    probes = {probe.kind: list(probe.answers(look_at, Interrupt()))[-1] for probe in panel.probes()}
    panel.render(RaceSnapshot(1, "paused", snapshot.race, snapshot.moment, snapshot.speed, probes=probes))
    panel.grab()
    return panel


def _fair_results(snapshot: RaceSnapshot, tell: Tell | None) -> Mapping[Hashable, FairAnswer]:
    """The fair race of the race's methods with the usual settings, whole."""
    *_, answer = _told(Fair().answers(RaceLook(snapshot.race, snapshot.moment), Interrupt()), tell)
    return {question_of(answer.surface, answer.racers, answer.settings): answer}


def _told(answers: Iterable[FairAnswer], tell: Tell | None) -> Iterable[FairAnswer]:
    for one in answers:
        if tell is not None:
            tell(one.progress)
        yield one
