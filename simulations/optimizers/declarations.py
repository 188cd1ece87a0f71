"""Hyperparameters that many methods share, declared once: the same letter has the same meaning, range and help."""

from __future__ import annotations

from typing import Any

from simulations.core.params import param
from simulations.core.text import N_


def learning_rate(default: float, help: str) -> Any:
    """η; ``help`` says what it is to the method."""
    return param(
        default,
        low=1e-12,
        high=10.0,
        usual=(1e-6, 10.0),
        scale="log",
        live=True,
        label=N_("Learning rate"),
        help=help,
    )


def rate(default: float) -> Any:
    """η of a method whose steps are about as long as η, whatever the size of the gradient."""
    return learning_rate(default, N_("About how far each parameter moves in one step."))


def step_rate(default: float) -> Any:
    """η of a method whose steps are as long as η times a direction the method works out itself."""
    return learning_rate(
        default, N_("The share of the proposed step that is taken, or tried first; 1 is the whole step.")
    )


def first_beta(default: float) -> Any:
    return param(
        default,
        low=0.0,
        high=0.9999,
        live=True,
        label=N_("β₁"),
        help=N_("Share of the mean gradient that is kept from one step to the next."),
    )


def second_beta(default: float) -> Any:
    return param(
        default,
        low=0.0,
        high=0.99999,
        live=True,
        label=N_("β₂"),
        help=N_("Share of the mean squared gradient that is kept from one step to the next."),
    )


def denominator_epsilon(default: float) -> Any:
    return param(
        default,
        low=1e-20,
        high=1.0,
        scale="log",
        live=True,
        label=N_("ε"),
        help=N_("Added to the denominator, so that tiny gradients do not become huge steps."),
    )


def decoupled_decay(default: float) -> Any:
    return param(
        default,
        low=0.0,
        high=1.0,
        scale="log",
        live=True,
        label=N_("Weight decay"),
        help=N_("Share of each parameter, times the learning rate, that every step takes away: a pull to the origin."),
    )


def momentum_share(default: float) -> Any:
    return param(
        default,
        low=0.0,
        high=0.9999,
        live=True,
        label=N_("Momentum"),
        help=N_("Share of the velocity that is kept from one step to the next."),
    )


def gradient_limit(help: str) -> Any:
    """What gradients are cut off at; ``help`` says what of them."""
    return param(1.0, low=1e-4, high=1e3, scale="log", live=True, label=N_("Limit"), help=help)
