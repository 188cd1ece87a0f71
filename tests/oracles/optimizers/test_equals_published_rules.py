"""Methods PyTorch does not have: the path optax takes on Rosenbrock, or the paper's formula written out a number at a time."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS, FirstOrder

load()
STORED = json.loads((Path(__file__).parent / "optax_rosenbrock.json").read_text("utf-8"))
CASES = {
    "sgd": ("sgd", {"learning_rate": 1e-3}),
    "momentum": ("momentum", {"learning_rate": 1e-4}),
    "nesterov": ("nesterov", {"learning_rate": 1e-4}),
    "adam": ("adam", {"learning_rate": 0.05}),
    "adamw": ("adamw", {"learning_rate": 0.05, "weight_decay": 0.01}),
    "lion": ("lion", {"learning_rate": 0.01}),
    "adadelta": ("adadelta", {"learning_rate": 1.0}),
    "rmsprop_torchform": ("rmsprop", {"learning_rate": 0.01}),
    "adamax": ("adamax", {"learning_rate": 0.05}),
    "radam": ("radam", {"learning_rate": 1e-4}),
    "yogi": ("yogi", {"learning_rate": 0.05}),
    "adabelief": ("adabelief", {"learning_rate": 0.05}),
    "adan": ("adan", {"learning_rate": 0.02, "form": "optax"}),
}


def rosenbrock_gradient(point):
    x, y = point
    return np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])


TORCHS = {"sgd", "momentum", "nesterov", "rmsprop", "adam", "asgd", "adagrad", "adadelta", "adamw", "amsgrad", "adamax"}
TORCHS |= {"nadam", "radam", "rprop"}  # compared over 100 steps in test_equals_torch_optim
FORMULAS = {"signsgd", "adan", "schedule_free_sgd", "schedule_free_adamw"}


def test_every_first_order_method_is_compared_with_something():
    methods = {entry.kind for entry in OPTIMIZERS if issubclass(entry.cls, FirstOrder)}
    assert methods == TORCHS | {kind for kind, _ in CASES.values()} | FORMULAS


@pytest.mark.parametrize("name", CASES)
def test_the_path_on_rosenbrock_is_the_one_optax_takes(name):
    kind, settings = CASES[name]
    optimizer, theta = OPTIMIZERS[kind](**settings), np.array(STORED["x0"])
    state = optimizer.start(theta)
    for t in range(1, 61):
        optimizer.update(theta, rosenbrock_gradient(theta), state, t)
        if str(t) in STORED["positions"][name]:
            # RAdam and optax place ε differently, 1e-8 of the denominator; Rosenbrock lets that grow
            np.testing.assert_allclose(
                theta, STORED["positions"][name][str(t)], rtol=1e-11 if name == "radam" else 1e-12
            )


def signsgd(theta, gradients, lr, beta):
    m = 0.0
    for g in gradients:
        m = beta * m + (1 - beta) * g
        theta -= lr * math.copysign(1, m) if m else 0.0
    return theta


def adan(theta, gradients, lr, decay):
    """Xie et al. 2022, algorithm 1, with the authors' betas."""
    b1, b2, b3, eps = 0.98, 0.92, 0.99, 1e-8
    m = d = n = 0.0
    for t, g in enumerate(gradients, 1):
        change = g - gradients[t - 2] if t > 1 else 0.0
        m = b1 * m + (1 - b1) * g
        d = b2 * d + (1 - b2) * change
        n = b3 * n + (1 - b3) * (g + b2 * change) ** 2
        update = m / (1 - b1**t) + b2 * d / (1 - b2**t)
        theta = (theta - lr * update / (math.sqrt(n / (1 - b3**t)) + eps)) / (1 + lr * decay)
    return theta


def adabelief(theta, gradients, lr, eps):
    """Zhuang et al. 2020, algorithm 2: ε goes into the spread itself in every step, and beside its root."""
    m = s = 0.0
    for t, g in enumerate(gradients, 1):
        m = 0.9 * m + 0.1 * g
        s = 0.999 * s + 0.001 * (g - m) ** 2 + eps
        theta -= lr * m / (1 - 0.9**t) / (math.sqrt(s / (1 - 0.999**t)) + eps)
    return theta


def schedule_free_sgd(theta, gradients, lr, beta):
    """Defazio et al. 2024, equations 3 to 5, with c = 1/t."""
    x = y = z = theta
    for t, g in enumerate(gradients, 1):
        z = z - lr * g
        x = (1 - 1 / t) * x + z / t
        y = (1 - beta) * z + beta * x
    return y


def schedule_free_adamw(theta, gradients, lr, beta, decay):
    """Defazio et al. 2024, algorithm 1."""
    x = y = z = theta
    v = 0.0
    for t, g in enumerate(gradients, 1):
        v = 0.999 * v + 0.001 * g * g
        z = z - lr * g / (math.sqrt(v / (1 - 0.999**t)) + 1e-8) - lr * decay * y
        x = (1 - 1 / t) * x + z / t
        y = (1 - beta) * z + beta * x
    return y


def adam_uncorrected(theta, gradients, lr):
    m = v = 0.0
    for g in gradients:
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        theta -= lr * m / (math.sqrt(v) + 1e-8)
    return theta


@pytest.mark.parametrize(
    ("kind", "settings", "formula", "arguments"),
    [
        ("signsgd", {"learning_rate": 0.01}, signsgd, (0.01, 0.0)),
        ("signsgd", {"learning_rate": 0.01, "momentum": 0.9}, signsgd, (0.01, 0.9)),
        ("adan", {"learning_rate": 0.01, "weight_decay": 0.1}, adan, (0.01, 0.1)),
        ("adabelief", {"learning_rate": 0.01, "epsilon": 1e-3}, adabelief, (0.01, 1e-3)),
        ("schedule_free_sgd", {"learning_rate": 0.1}, schedule_free_sgd, (0.1, 0.9)),
        ("schedule_free_adamw", {"learning_rate": 0.05, "weight_decay": 0.2}, schedule_free_adamw, (0.05, 0.9, 0.2)),
        ("adam", {"learning_rate": 0.01, "bias_correction": False}, adam_uncorrected, (0.01,)),
    ],
)
def test_the_path_is_the_papers_formula(kind, settings, formula, arguments):
    gradients = np.random.default_rng(1).standard_normal((100, 3)) * [1e-3, 1.0, 10.0]
    begin = np.array([0.5, -1.0, 2.0])
    optimizer, theta = OPTIMIZERS[kind](**settings), begin.copy()
    state = optimizer.start(theta)
    for t, gradient in enumerate(gradients, 1):
        optimizer.update(theta, gradient.copy(), state, t)
    expected = [formula(float(x), gradients[:, i].tolist(), *arguments) for i, x in enumerate(begin)]
    np.testing.assert_allclose(theta, expected, rtol=1e-12)


def test_schedule_free_answers_with_the_average():
    optimizer, theta = OPTIMIZERS["schedule_free_sgd"](learning_rate=0.1), np.array([1.0])
    state = optimizer.start(theta)
    fast = []
    for t in range(1, 21):
        optimizer.update(theta, np.array([0.3]), state, t)
        fast.append(1.0 - 0.03 * t)
    np.testing.assert_allclose(optimizer.answer(theta, state), [np.mean(fast)], rtol=1e-12)


@pytest.mark.parametrize("rates", [[0.02] * 5 + [0.1] * 10, [0.1] * 5 + [0.02] * 10, np.linspace(0.01, 0.1, 15)])
def test_schedule_free_weighs_its_average_by_the_square_of_the_largest_rate_so_far(rates):
    """As ``schedule_free`` does with ``weight_lr_power=2``, which is what a warm-up needs."""
    optimizer, theta = OPTIMIZERS["schedule_free_sgd"](learning_rate=0.1), np.array([1.0])
    state = optimizer.start(theta)
    x, z, total = 1.0, 1.0, 0.0
    for t, rate in enumerate(rates, 1):
        gradient = math.sin(t)
        optimizer.at_rate(float(rate)).update(theta, np.array([gradient]), state, t)
        z -= rate * gradient
        total += max(rates[:t]) ** 2
        x += max(rates[:t]) ** 2 / total * (z - x)
    np.testing.assert_allclose(optimizer.answer(theta, state), [x], rtol=1e-12)
    np.testing.assert_allclose(theta, [0.9 * x + 0.1 * z], rtol=1e-12)
