"""How fast races are: whole races, what a drag needs before it can draw, maps, sweeps, formulas, and the way to the window."""

from __future__ import annotations

import dataclasses
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from simulations.documents.race import RacerSpec, RaceSpec
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing.maps import basins, sweep
from simulations.racing.record import Recorder
from simulations.racing.session import RaceSession
from simulations.runtime.messages import Watch
from simulations.runtime.race_messages import RunRace
from simulations.runtime.race_worker import RaceWorker
from simulations.surfaces.base import SURFACES, Surface

_TWELVE: Final = (
    "sgd", "momentum", "nesterov", "rmsprop", "adam", "amsgrad",
    "adagrad", "adadelta", "adamax", "nadam", "lion", "adabelief",
)  # fmt: skip
_STEPS: Final = 1000
_DRAGGED: Final = 150  # steps that are drawn in every frame of a drag
_PATIENCE_S: Final = 5.0
_FORMULA: Final = "(1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + 0.3 sin(3 pi x) exp(-(x^2 + y^2) / {width})"

Task = Callable[[], object]


def measure_races(rounds: int) -> list[dict[str, Any]]:
    """A row per promise of the design: median milliseconds, what is allowed, and whether it is kept."""
    return [*(_row(what, _times(task, rounds), budget) for what, task, budget in _tasks()), _publishing(rounds)]


def _row(what: str, times_ms: list[float], budget_ms: float | None) -> dict[str, Any]:
    median = statistics.median(times_ms)
    return {
        "what": what,
        "ms": round(median, 2),
        "best_ms": round(min(times_ms), 2),
        "budget_ms": budget_ms,
        "kept": None if budget_ms is None else median <= budget_ms,
    }


def _times(task: Task, rounds: int) -> list[float]:
    task()
    return [_time(task) for _ in range(rounds)]


def _time(task: Task) -> float:
    start = time.perf_counter()
    task()
    return 1000 * (time.perf_counter() - start)


def _tasks() -> Iterator[tuple[str, Task, float | None]]:
    twelve, rates = different_methods(), rates_of_one_method(12)
    surface, adam = SURFACES["himmelblau"](), OPTIMIZERS["adam"](learning_rate=0.05)
    settings = {"learning_rate": np.geomspace(1e-4, 1.0, 256)}
    yield "12 different optimizers × 1000 steps, recorded", lambda: run(twelve), 80.0
    yield "12 rates of one method × 1000 steps, recorded", lambda: run(rates), 15.0
    yield "all 12 paths to 150 steps, recorded (a drag)", lambda: run(twelve, _DRAGGED), 16.0
    yield "basin map 128² × 200 steps of Adam", lambda: basins(surface, adam, columns=128, rows=128, steps=200), 40.0
    yield "sweep of 256 rates × 500 steps of Adam", lambda: sweep(surface, adam, surface.start, settings, 500), 20.0
    widths = iter(range(1, 10**9))
    yield "a typed formula read, its slopes worked out", lambda: _read(next(widths)), None


def different_methods(steps: int = _STEPS) -> RaceSpec:
    """Twelve methods on one surface."""
    return _race([RacerSpec(OPTIMIZERS[kind](learning_rate=0.01)) for kind in _TWELVE], steps)


def rates_of_one_method(count: int, steps: int = _STEPS) -> RaceSpec:
    """Adam at ``count`` rates."""
    rates = np.geomspace(1e-3, 1e-1, count).tolist()
    return _race([RacerSpec(OPTIMIZERS["adam"](learning_rate=rate)) for rate in rates], steps)


def _race(racers: list[RacerSpec], steps: int) -> RaceSpec:
    surface = SURFACES["himmelblau"]()
    return RaceSpec("bench", tuple(racers), surface, *surface.start, steps)


def run(spec: RaceSpec, until: int | None = None) -> object:
    """Race, and make the record that a window draws."""
    session = RaceSession(spec)
    session.advance(spec.steps if until is None else until)
    return Recorder(session).record()


def _read(width: int) -> object:
    """A formula that was never read before, asked for everything once."""
    formula: Any = SURFACES["formula"]
    surface: Surface = formula(text=_FORMULA.format(width=width))
    surface.check()
    points = np.zeros((1, 2))
    return surface.value(points), surface.gradient(points), surface.hessian(points)


def _publishing(rounds: int) -> dict[str, Any]:
    """From an edit of a long race to the snapshot that holds its first steps, through the thread that runs races."""
    spec = different_methods()
    worker = RaceWorker(spec)
    worker.start()
    try:
        worker.send(Watch(()))
        _wait_for(worker, spec)
        times = []
        for i in range(max(rounds, 5)):
            moved = dataclasses.replace(spec, start_x=spec.start_x + 0.01 * (i + 1))
            start = time.perf_counter()
            worker.send(RunRace(moved, continues=True))
            _wait_for(worker, moved)
            times.append(1000 * (time.perf_counter() - start))
    finally:
        worker.stop()
    return _row("an edit → its paths are there for the window", times, 50.0)


def _wait_for(worker: RaceWorker, spec: RaceSpec) -> None:
    """Take snapshots as a window does until one is of ``spec``."""
    end = time.perf_counter() + _PATIENCE_S
    while time.perf_counter() < end:
        snapshot = worker.snapshots.take()
        if snapshot is not None:
            worker.snapshots.finish()
            if snapshot.race.spec == spec:
                return
        time.sleep(0.0002)
    raise TimeoutError("the race did not begin")
