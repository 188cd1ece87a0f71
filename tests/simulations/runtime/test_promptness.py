"""Whoever presses a button waits for nothing."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import numpy as np

from simulations.runtime.messages import Apply, Pause, Play, TakeSteps, Watch
from tests.simulations.runtime.window import PATIENCE_S, Weights, with_rate

PROMPT_S = 0.1


def shortest(tries: int, attempt: Callable[[], float]) -> float:
    """The best of several: a busy machine may delay one, a slow program delays all."""
    return min(attempt() for _ in range(tries))


def test_pausing_is_prompt(window):
    window.send(Watch((Weights(),)))

    def attempt() -> float:
        window.send(Play())
        window.wait(lambda shown: shown.status == "running")
        started = monotonic()
        window.send(Pause())
        window.wait(lambda shown: shown.status == "paused")
        return monotonic() - started

    assert shortest(5, attempt) < PROMPT_S


def test_a_step_is_prompt(window):
    window.wait(lambda shown: True)

    def attempt() -> float:
        step = window.snapshot.step
        started = monotonic()
        window.send(TakeSteps(1))
        window.wait(lambda shown: shown.status == "paused" and shown.step == step + 1)
        return monotonic() - started

    assert shortest(5, attempt) < PROMPT_S


def test_a_live_change_is_prompt(window, experiment):
    window.send(Play())
    rates = iter(np.linspace(0.001, 0.01, 5).tolist())

    def attempt() -> float:
        rate = next(rates)
        started = monotonic()
        window.send(Apply(with_rate(experiment, rate)))
        window.wait(lambda shown: shown.spec.optimizer.learning_rate == rate)
        return monotonic() - started

    assert shortest(5, attempt) < 0.05


def test_quitting_is_prompt(open_window, experiment):
    def attempt() -> float:
        window = open_window(experiment)
        window.send(Play())
        window.wait(lambda shown: shown.status == "running")
        started = monotonic()
        assert window.worker.stop(PATIENCE_S)
        return monotonic() - started

    assert shortest(3, attempt) < PROMPT_S
