"""Simulation threads that are stopped whatever a test makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from simulations.documents.experiment import ExperimentSpec
from simulations.runtime.worker import Worker
from tests.simulations.runtime.window import PATIENCE_S, Window


@pytest.fixture
def open_window() -> Iterator[Callable[[ExperimentSpec], Window]]:
    opened: list[Worker] = []

    def open_one(spec: ExperimentSpec) -> Window:
        worker = Worker(spec)
        opened.append(worker)
        worker.start()
        return Window(worker)

    yield open_one
    for worker in opened:
        assert worker.stop(PATIENCE_S)


@pytest.fixture
def window(open_window, experiment) -> Window:
    return open_window(experiment)
