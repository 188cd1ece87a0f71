"""Watching costs at most a tenth of the training speed: measured as a ratio within one run, in alternating rounds."""

from __future__ import annotations

import threading
from statistics import median
from time import perf_counter

import pytest

from simulations.data.base import DATA_SOURCES
from simulations.documents.experiment import DataSpec, ExperimentSpec
from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.optimizers.base import OPTIMIZERS
from simulations.probes.base import PROBES
from simulations.probes.layers import RUNNING_SAMPLES, LayersProbe
from simulations.runtime.messages import Play, Watch
from simulations.runtime.worker import Worker

FRAME_S = 1 / 60
ROUND_S = 0.4
ROUNDS = 9
ALLOWED = 0.10
NOISE = 0.03  # what a shared machine moves the median of nine rounds; a real regression is far larger


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


def steps_per_second(worker: Worker) -> float:
    """Train for one round while a window takes 60 snapshots a second."""
    frame = threading.Event()
    started, first = perf_counter(), worker._session.step
    while perf_counter() - started < ROUND_S:
        worker.snapshots.take()
        frame.wait(FRAME_S)
    return (worker._session.step - first) / (perf_counter() - started)


def test_watching_every_panel_costs_at_most_a_tenth_of_the_speed(r4):
    worker = Worker(r4)
    worker.start()
    asked = {"layers": LayersProbe(samples=RUNNING_SAMPLES)}  # what the panel asks for while training runs
    probes = tuple(asked.get(entry.kind) or entry.cls() for entry in PROBES)
    ratios = []
    try:
        worker.commands.put(Play())
        first = threading.Event()
        while worker.snapshots.is_free:
            first.wait(FRAME_S)
        steps_per_second(worker)
        for _ in range(ROUNDS):
            worker.commands.put(Watch(()))
            alone = steps_per_second(worker)
            worker.commands.put(Watch(probes))
            ratios.append(steps_per_second(worker) / alone)
    finally:
        assert worker.stop(10.0)
    assert median(ratios) >= 1 - ALLOWED - NOISE, ratios
