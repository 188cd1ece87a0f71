"""Watching costs at most a tenth of the training speed: measured as a ratio within one run, in alternating rounds."""

from __future__ import annotations

import threading
from statistics import median
from time import process_time

import pytest

from simulations.data.base import DATA_SOURCES
from simulations.documents.experiment import DataSpec, ExperimentSpec
from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.optimizers.base import OPTIMIZERS
from simulations.probes.base import PROBES, Probe
from simulations.probes.layers import RUNNING_SAMPLES, LayersProbe
from simulations.runtime.messages import Play, Watch
from simulations.runtime.worker import Worker

FRAME_S = 1 / 60
ROUND_S = 0.25
ROUNDS = 5
ATTEMPTS = 4
ALLOWED = 0.10


@pytest.fixture
def r4():
    """The reference network R4 of the design: a small CNN on the 8×8 digits."""
    load()
    conv, relu, pool = LAYERS["conv2d"], LAYERS["relu"], LAYERS["max_pool2d"]
    layers = (
        conv(channels=8, kernel=3, padding="same"),
        relu(),
        pool(),
        conv(channels=16, kernel=3, padding="same"),
        relu(),
        pool(),
        LAYERS["flatten"](),
        LAYERS["dense"](units=10),
    )
    return ExperimentSpec(
        name="R4",
        data=DataSpec(DATA_SOURCES["digits"]()),
        layers=layers,
        loss=LOSSES["softmax_cross_entropy"](),
        optimizer=OPTIMIZERS["adam"](learning_rate=1e-3),
        batch_size=64,
    )


def steps_per_second(worker: Worker, *watch: Watch) -> float:
    """Train for one round while a window takes 60 snapshots a second; per second of this process, not of the machine."""
    if watch:
        worker.commands.put(watch[0])
        steps_per_second(worker)  # the first look of every panel is not what watching costs from then on
    frame = threading.Event()
    started, first = process_time(), worker._session.step
    while process_time() - started < ROUND_S:
        worker.snapshots.take()
        frame.wait(FRAME_S)
    return (worker._session.step - first) / (process_time() - started)


def median_ratio(worker: Worker, probes: tuple[Probe, ...]) -> float:
    """Speed while watched over speed alone, the median of alternating rounds."""
    ratios = []
    for _ in range(ROUNDS):
        alone = steps_per_second(worker, Watch(()))
        ratios.append(steps_per_second(worker, Watch(probes)) / alone)
    return median(ratios)


def test_watching_every_panel_costs_at_most_a_tenth_of_the_speed(r4):
    """The best of a few attempts: a busy machine may spoil one, a costly probe spoils all."""
    asked = {"layers": LayersProbe(samples=RUNNING_SAMPLES)}  # what the panel asks for while training runs
    probes = tuple(asked.get(entry.kind) or entry.cls() for entry in PROBES)
    worker = Worker(r4)
    worker.start()
    best = 0.0
    try:
        worker.commands.put(Play())
        while worker.snapshots.is_free:
            threading.Event().wait(FRAME_S)
        steps_per_second(worker)
        for _ in range(ATTEMPTS):
            best = max(best, median_ratio(worker, probes))
            if best >= 1 - ALLOWED:
                break
    finally:
        assert worker.stop(10.0)
    assert best >= 1 - ALLOWED
