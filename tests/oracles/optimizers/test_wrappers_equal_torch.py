"""Every wrapper takes PyTorch's path around three of its optimizers, in float64, and answers with its averages."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from simulations.core.rng import stream
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.wrappers.base import WRAPPERS, Chain

HERE = Path(__file__).parent
_found = importlib.util.spec_from_file_location("make_wrapper_golden", HERE / "make_wrapper_golden.py")
golden = importlib.util.module_from_spec(_found)
_found.loader.exec_module(golden)

load()


class Waves:
    """f(θ) = Σ ½·wᵢ·θᵢ² + ¼·sin θᵢ."""

    seed = 7

    def value(self, theta):
        return (0.5 * golden.WEIGHTS * theta**2 + 0.25 * np.sin(theta)).sum(axis=-1)

    def gradient(self, theta):
        return golden.WEIGHTS * theta + 0.25 * np.cos(theta)


def run(method, kind, settings):
    optimizer, chain = OPTIMIZERS[method](**golden.METHODS[method][2]), Chain([WRAPPERS[kind](**settings)])
    theta = golden.start()
    state, states = optimizer.start(theta), chain.start(theta)
    path, answers = [], []
    for t in range(1, 101):
        chain.step(theta, Waves(), states, t, lambda at, seen, t=t: optimizer.step(at, seen, state, t))
        path.append(theta.copy())
        answers.append(chain.answer(theta, states).copy())
    return np.array(path), np.array(answers)


@pytest.mark.oracle
@pytest.mark.parametrize("name", golden.CASES)
def test_every_step_and_answer_equals_torch(name):
    pytest.importorskip("torch")
    for ours, theirs in zip(run(*golden.CASES[name]), golden.torch_run(*golden.CASES[name]), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", golden.CASES)
def test_stored_numbers_of_torch_are_reached_without_it(name):
    stored = json.loads((HERE / "wrapper_golden.json").read_text("utf-8"))["theta and answer"][name]
    path, answers = run(*golden.CASES[name])
    for step, (theta, answer) in stored.items():
        np.testing.assert_allclose(path[int(step) - 1], theta, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(answers[int(step) - 1], answer, rtol=1e-12, atol=1e-12)


def test_noise_is_that_of_the_paper_with_the_projects_own_draws():
    """σ² = η/(1 + s)^γ after s steps (Neelakantan et al. 2015, eq. 1)."""
    path, _ = run("sgd", "gradient_noise", {"variance": 0.3, "fading": 0.55})
    theta = golden.start()
    for s in range(100):
        noise = (0.3 / (1 + s) ** 0.55) ** 0.5 * stream(7, "gradient noise", s + 1, 0).standard_normal(6)
        theta -= 0.05 * (Waves().gradient(theta) + noise)
        np.testing.assert_allclose(path[s], theta, rtol=1e-12, atol=1e-12)
