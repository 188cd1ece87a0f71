"""Hyperparameters that many data sources have: how many samples there are, and how noisy they are."""

from __future__ import annotations

from typing import Any

from simulations.core.params import param
from simulations.core.text import N_


def samples(default: int = 500, *, low: int = 10, high: int = 20_000) -> Any:
    """The number of samples, training and validation together."""
    return param(
        default,
        low=low,
        high=high,
        scale="log",
        unit=N_("samples"),
        label=N_("Samples"),
        help=N_("How many samples there are, training and validation together."),
    )


def noise(default: float, help: str, *, high: float = 1.0) -> Any:
    """The standard deviation of Gaussian noise; ``help`` says what it is added to (marked with ``N_``)."""
    return param(default, low=0.0, high=high, label=N_("Noise"), help=help)
