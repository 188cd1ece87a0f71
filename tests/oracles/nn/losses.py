"""The losses on both sides of the comparison."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulations.core.rng import stream
from simulations.nn.losses.base import Loss


def loss_inputs(scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Outputs ``(7, 4)`` and targets; a large ``scale`` would overflow an unstable softmax."""
    rng = stream(0, "loss oracle")
    return scale * rng.standard_normal((7, 4)), rng.integers(4, size=7)


def own_loss(loss: Loss, outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    gradient = np.zeros_like(outputs)
    return loss.value_and_gradient(outputs, targets, gradient), gradient


def torch_loss(torch: Any, kind: str, outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    z = torch.tensor(outputs, requires_grad=True)
    if kind == "squared_error":
        value = torch.nn.MSELoss()(z, torch.nn.functional.one_hot(torch.tensor(targets), outputs.shape[1]).double())
    else:
        value = torch.nn.CrossEntropyLoss()(z, torch.tensor(targets))
    value.backward()
    return float(value.detach()), z.grad.numpy()
