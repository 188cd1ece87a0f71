"""Judging a batch needs no more memory the thousandth time than the first, and never more than a few copies of the outputs."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from tests.simulations.nn.test_losses import PLAIN, named, resolved, targets_for

BATCH, CLASSES = 512, 16
COPIES = 8  # of the outputs: what a value and a gradient may need beside them
GROWTH = 8_000  # caches settle; one copy kept would be 32 kB


@pytest.mark.parametrize("loss", PLAIN, ids=named)
def test_a_loss_keeps_nothing_and_copies_little(loss) -> None:
    rng, loss = np.random.default_rng(0), resolved(loss, CLASSES)
    outputs = rng.standard_normal((BATCH, CLASSES)).astype(np.float32)
    targets = targets_for(loss, BATCH, CLASSES, rng)
    gradient = np.empty_like(outputs)
    for _ in range(5):
        loss.value_and_gradient(outputs, targets, gradient)
    tracemalloc.start()
    try:
        loss.value_and_gradient(outputs, targets, gradient)
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        for _ in range(200):
            loss.value_and_gradient(outputs, targets, gradient)
        now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert now - before < GROWTH
    assert peak - before < COPIES * outputs.nbytes
