"""What a finished training run leaves in a folder: tables, numbers, weights, and the plots as the window draws them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from app.files import write_atomically
from simulations.probes.base import PROBES, Probe
from simulations.runtime.messages import Snapshot
from simulations.runtime.snapshots import snapshot_of
from simulations.training.records import curves_csv, histograms_csv, metrics_json, weights_npz
from simulations.training.session import Session

_PANELS = {"curves": (1000, 720), "layers": (1100, 900)}  # which panels are drawn, and how large in logical pixels
_WANTED = ("layers", "curves")


class Observer:
    """Looks at a session at step 0 and whenever told, so that its last answers know where the run came from."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._probes: tuple[Probe, ...] = tuple(PROBES[kind]() for kind in _WANTED)
        self._memories: dict[str, dict[str, Any]] = {kind: {} for kind in _WANTED}
        self.answers: dict[str, Any] = {}
        self._looked_at: object = None
        self.look()

    def look(self) -> None:
        """Measure everything at this moment, once."""
        if self._looked_at != self._session.moment:
            self._looked_at = self._session.moment
            self.answers = {one.kind: one.measure(self._session, self._memories[one.kind]) for one in self._probes}

    def snapshot(self) -> Snapshot:
        return snapshot_of(self._session, self.answers)


def write_all(session: Session, observer: Observer, values: dict[str, Any], folder: Path) -> str | None:
    """Write every file, each whole or not at all; returns why the plots are missing, or None when all is there."""
    write_atomically(folder / "curves.csv", curves_csv(session.history))
    write_atomically(folder / "histograms.csv", histograms_csv(observer.answers["layers"]))
    write_atomically(folder / "weights.npz", weights_npz(session))
    write_atomically(folder / "metrics.json", metrics_json(values))
    try:
        _write_plots(observer.snapshot(), folder)
    except ImportError as error:
        return f"the plots are missing because Qt cannot be loaded: {error}"
    return None


def _write_plots(snapshot: Snapshot, folder: Path) -> None:
    """Draw the panels without a screen and write each plot as PNG and SVG."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(["gradlab"])
    from app.caption import caption
    from app.exporters import ExportOptions, export_plot
    from widgets import panels
    from widgets.panel import PANELS, Document
    from widgets.theme import LIGHT, Look

    panels.load()
    look = Look(LIGHT)
    spec = snapshot.spec
    document = Document(spec, spec.description())
    options = ExportOptions(caption=caption(snapshot))
    for kind, (width, height) in _PANELS.items():
        panel = PANELS[kind](look)
        panel.resize(width, height)
        panel.show_document(document)
        panel.render(snapshot)
        panel.grab()  # a widget that was never shown lays out its children when its picture is asked for
        for plot in panel.plots():
            for ending in (".png", ".svg"):
                export_plot(plot, folder / f"{plot.plot_id}{ending}", options)
        panel.deleteLater()
    del application  # it had to live until the last picture was drawn
