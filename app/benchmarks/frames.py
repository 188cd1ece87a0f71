"""How smoothly the window draws while R4 trains flat out with the Train workspace full, and how soon it is there."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer

from app.application import STARTED_AT, Laboratory, make_application
from app.bootstrap import GarbageRounds, tune_interpreter
from app.bridge import Bridge
from app.settings import Settings
from simulations import families
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.presets import load_preset
from simulations.nn.references import REFERENCES
from simulations.runtime.messages import Watch

_WARM_MS: Final = 2000
_MEASURED_MS: Final = 6000
_MEDIAN_MS, _P95_MS, _P99_MS = 17.0, 20.0, 33.0  # the budgets of the design
_WATCHING = 0.10
_ROUNDS, _ROUND_MS, _SETTLE_MS = 21, 350, 120
_FIRST_PAINT_S, _TRAINING_S = 0.5, 1.5


def measure_frames() -> list[dict[str, Any]]:
    """Frame intervals in ms and what watching costs training, all panels visible at 1600×1000."""
    families.load()
    tune_interpreter()
    application = make_application()
    with TemporaryDirectory() as folder:
        laboratory = Laboratory(application, _r4(), Settings(Path(folder) / "settings.ini"), is_apart=True)
        laboratory.window.resize(1600, 1000)
        garbage, timer = GarbageRounds(), QTimer(laboratory)
        timer.timeout.connect(garbage.collect)
        laboratory.ready.connect(garbage.begin)
        timer.start(garbage.interval_ms)
        laboratory.show()
        _pass_time(_WARM_MS)
        times = laboratory.bridge.frame_times = []
        _pass_time(_MEASURED_MS)
        snapshot, laboratory.bridge.frame_times = laboratory.bridge.snapshot, None
        cost = _watching_cost(laboratory)
        timer.stop()
        laboratory.close()
        garbage.end()
    intervals = np.diff(times) * 1000
    median, p95, p99 = (float(np.percentile(intervals, share)) for share in (50, 95, 99))
    row = {
        "what": "frame interval while R4 trains [ms]",
        "median": round(median, 2),
        "p95": round(p95, 2),
        "p99": round(p99, 2),
        "frames": len(intervals),
        "steps_per_second": round(snapshot.steps_per_second) if snapshot is not None else 0,
        "kept": median <= _MEDIAN_MS and p95 <= _P95_MS and p99 <= _P99_MS,
    }
    return [row, {"what": "steps/s lost to watching every panel", "share": round(cost, 3), "kept": cost <= _WATCHING}]


def _watching_cost(laboratory: Laboratory) -> float:
    """The share of the steps per second that the panels cost: the median of short rounds with their wishes.

    Each is compared with the rounds without wishes before and after it, since a machine's speed drifts by more than that.
    """
    bridge = laboratory.bridge
    wanted = tuple(
        dict.fromkeys(probe for panel in laboratory.window.workspace.shown_panels() for probe in panel.probes())
    )
    rates = np.array([_rate(bridge, wanted if turn % 2 else ()) for turn in range(2 * _ROUNDS + 1)])
    watched, free = rates[1::2], rates[::2]
    return float(np.median(1 - watched / ((free[:-1] + free[1:]) / 2)))


def _rate(bridge: Bridge, probes: tuple[Any, ...]) -> float:
    """Steps per second while ``probes`` are answered and drawn."""
    bridge.send(Watch(probes))
    _pass_time(_SETTLE_MS)
    started, first = time.perf_counter(), _step(bridge)
    _pass_time(_ROUND_MS)
    return (_step(bridge) - first) / (time.perf_counter() - started)


def _step(bridge: Bridge) -> int:
    return bridge.snapshot.step if bridge.snapshot is not None else 0


def measure_start() -> list[dict[str, Any]]:
    """One row: seconds from the launch of the process to the first paint, to the first training step, to all panels."""
    with TemporaryDirectory() as folder:
        environment = dict(os.environ, XDG_CONFIG_HOME=folder, XDG_DATA_HOME=folder)
        environment[STARTED_AT] = repr(time.time())
        command = [sys.executable, "-m", "app", "window"]
        found: dict[str, float] = {}
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                timing = json.loads(line)
                found[timing["timing"]] = timing["seconds"]
                if {"first_paint", "training", "panels"} <= found.keys():
                    break
            process.terminate()
    if not found:
        return [{"what": "start [s]", "kept": False}]
    kept = found["first_paint"] <= _FIRST_PAINT_S and found["training"] <= _TRAINING_S
    return [{"what": "start [s]", **found, "kept": kept}]


def _r4() -> ExperimentSpec:
    reference = next(one for one in REFERENCES if one.name == "R4")
    spec = load_preset("digits-cnn").spec
    return dataclasses.replace(spec, layers=reference.layers, batch_size=reference.batch)


def _pass_time(duration_ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()
