"""How fast a training step is, and how that compares with PyTorch: alternating rounds in one process, medians.

Only ratios of rounds that ran side by side mean anything on a machine that does other things too.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Mapping
from typing import Any

from app.benchmarks.contenders import Step, own_step, torch_steps
from simulations.nn.references import REFERENCES, Reference

_ROUND_S = 0.02  # short, so that the same disturbance meets every contender
_REST_S = 0.02  # PyTorch's threads spin on for a while after their last step and would slow down whoever is next
_WARM_UP = 2  # the contender before has filled the caches


def measure(names: list[str], *, against_torch: bool, rounds: int) -> list[dict[str, Any]]:
    """A row per reference network: microseconds a step, and with PyTorch its best variant and the ratio."""
    wanted = [one for one in REFERENCES if not names or one.name in names]
    return [_row(one, against_torch, rounds) for one in wanted]


def _row(reference: Reference, against_torch: bool, rounds: int) -> dict[str, Any]:
    contenders = {"gradlab": own_step(reference)} | (torch_steps(reference) if against_torch else {})
    medians = alternate(contenders, rounds)
    own = medians.pop("gradlab")
    row: dict[str, Any] = {
        "name": reference.name,
        "network": reference.title,
        "batch": reference.batch,
        "gradlab_us": round(own, 1),
        "samples_per_s": round(reference.batch / own * 1e6),
    }
    if medians:
        best = min(medians, key=lambda name: medians[name])
        row |= {
            "torch_us": {name: round(value, 1) for name, value in medians.items()},
            "torch_best": best,
            "ratio": round(medians[best] / own, 2),
            "promised": reference.promised,
            "kept": None if reference.promised is None else medians[best] / own >= reference.promised,
        }
    return row


def alternate(contenders: Mapping[str, Step], rounds: int) -> dict[str, float]:
    """Median microseconds a call of each contender, over rounds in which each runs once, in turn."""
    counts = {name: _calls_per_round(step) for name, step in contenders.items()}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, step in contenders.items():
                times[name].append(_seconds(step, counts[name]) / counts[name] * 1e6)
    finally:
        if was_enabled:
            gc.enable()
    return {name: statistics.median(values) for name, values in times.items()}


def _calls_per_round(step: Step) -> int:
    _seconds(step, 3)
    once = _seconds(step, 5) / 5
    return max(2, int(_ROUND_S / once))


def _seconds(step: Step, calls: int) -> float:
    time.sleep(_REST_S)
    for _ in range(_WARM_UP):
        step()
    start = time.perf_counter()
    for _ in range(calls):
        step()
    return time.perf_counter() - start
