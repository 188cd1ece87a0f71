"""Makes wrapper_golden.json: where PyTorch's optimizers go under each wrapper, in float64, and what their averages are.

Averages and clipping are PyTorch's own; SAM and Lookahead, which it does not have, follow the papers' pseudo-code around
its optimizers and its autograd. Run by hand: ``python tests/oracles/optimizers/make_wrapper_golden.py``.
"""

import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
STEPS = (1, 2, 10, 57, 100)
METHODS = {
    "sgd": ("SGD", {"lr": 0.05}, {"learning_rate": 0.05}),
    "nesterov": ("SGD", {"lr": 0.02, "momentum": 0.9, "nesterov": True}, {"learning_rate": 0.02, "momentum": 0.9}),
    "adam": ("Adam", {"lr": 0.03}, {"learning_rate": 0.03}),
}
WRAPPED = {
    "clip_value": ("clip_value", {"limit": 0.7}),
    "clip_norm": ("clip_norm", {"limit": 1.3}),
    "sam": ("sam", {"radius": 0.3}),
    "sam adaptive": ("sam", {"radius": 0.5, "adaptive": True}),
    "lookahead": ("lookahead", {"steps": 5, "share": 0.5}),
    "lookahead long": ("lookahead", {"steps": 7, "share": 0.8}),
    "ema debiased": ("ema", {"decay": 0.9, "beginning": "debiased"}),
    "ema pytorch": ("ema", {"decay": 0.95, "beginning": "pytorch"}),
    "ema warm_up": ("ema", {"decay": 0.95, "beginning": "warm_up"}),
    "swa": ("swa", {"start_step": 40, "every": 6}),
}
CASES = {f"{name}, {method}": (method, *case) for method in METHODS for name, case in WRAPPED.items()}
WEIGHTS = np.array([0.3, 0.5, 1.0, 2.0, 4.0, 8.0])


def start() -> np.ndarray:
    return np.array([3.0, -2.0, 1.5, -1.0, 0.8, -0.5])


def torch_run(method: str, kind: str, settings: dict) -> tuple[np.ndarray, np.ndarray]:
    """θ and the answer after each of 100 steps, both ``(100, 6)``."""
    import torch

    theta = torch.nn.Parameter(torch.tensor(start()))
    name, options, _ = METHODS[method]
    inner = getattr(torch.optim, name)([theta], **options)
    weights = torch.tensor(WEIGHTS)
    loss = lambda: (0.5 * weights * theta**2 + 0.25 * torch.sin(theta)).sum()  # noqa: E731
    step, answer = _STEPPERS[kind](torch, theta, inner, loss, settings)
    path, answers = [], []
    for t in range(1, 101):
        step(t)
        path.append(theta.detach().numpy().copy())
        answers.append(np.array(answer()))
    return np.array(path), np.array(answers)


def _plain(inner, loss):
    inner.zero_grad()
    loss().backward()
    inner.step()


def _clipping(name):
    def make(torch, theta, inner, loss, settings):
        def step(t):
            inner.zero_grad()
            loss().backward()
            getattr(torch.nn.utils, name)([theta], settings["limit"])
            inner.step()

        return step, lambda: theta.detach().numpy()

    return make


def _sam(torch, theta, inner, loss, settings):
    def step(t):
        inner.zero_grad()
        loss().backward()
        with torch.no_grad():
            here, g = theta.clone(), theta.grad.clone()
            scale = here.abs() if settings.get("adaptive") else torch.ones_like(here)
            theta.add_(settings["radius"] * scale**2 * g / (torch.linalg.vector_norm(scale * g) + 1e-12))
        inner.zero_grad()
        loss().backward()
        with torch.no_grad():
            theta.copy_(here)
        inner.step()

    return step, lambda: theta.detach().numpy()


def _lookahead(torch, theta, inner, loss, settings):
    slow = theta.detach().clone()

    def step(t):
        _plain(inner, loss)
        if t % settings["steps"] == 0:
            with torch.no_grad():
                slow.add_(settings["share"] * (theta - slow))
                theta.copy_(slow)

    return step, slow.numpy


def _averaged(torch, theta, average):
    averaged = torch.optim.swa_utils.AveragedModel(_module(torch, theta), **average)
    return averaged, lambda: averaged.module.theta.detach().numpy()


def _ema(torch, theta, inner, loss, settings):
    decay, seen = settings["decay"], [theta.detach().numpy().copy()]
    if settings["beginning"] == "pytorch":
        rule = {"multi_avg_fn": torch.optim.swa_utils.get_ema_multi_avg_fn(decay)}
        averaged, answer = _averaged(torch, theta, rule)

        def step(t):
            _plain(inner, loss)
            averaged.update_parameters(_module(torch, theta))

        return step, answer

    def step(t):
        _plain(inner, loss)
        seen.append(theta.detach().numpy().copy())

    def debiased():
        shares = (1 - decay) * decay ** np.arange(len(seen) - 2, -1, -1.0)
        return shares @ np.array(seen[1:]) / (1 - decay ** (len(seen) - 1))

    def warmed():
        average = seen[0]
        for n, one in enumerate(seen[1:], 1):
            kept = min(decay, (1 + n) / (10 + n))
            average = kept * average + (1 - kept) * one
        return average

    return step, debiased if settings["beginning"] == "debiased" else warmed


def _swa(torch, theta, inner, loss, settings):
    averaged, answer = _averaged(torch, theta, {})

    def step(t):
        _plain(inner, loss)
        if t >= settings["start_step"] and (t - settings["start_step"]) % settings["every"] == 0:
            averaged.update_parameters(_module(torch, theta))

    return step, lambda: answer() if int(averaged.n_averaged) else theta.detach().numpy()


def _module(torch, theta):
    """A module that holds θ, as ``AveragedModel`` wants it."""
    model = torch.nn.Module()
    model.theta = theta
    return model


_STEPPERS = {
    "clip_value": _clipping("clip_grad_value_"),
    "clip_norm": _clipping("clip_grad_norm_"),
    "sam": _sam,
    "lookahead": _lookahead,
    "ema": _ema,
    "swa": _swa,
}


def main() -> None:
    import torch

    found = {}
    for name, case in CASES.items():
        path, answers = torch_run(*case)
        found[name] = {str(step): [path[step - 1].tolist(), answers[step - 1].tolist()] for step in STEPS}
    content = {"torch": torch.__version__, "theta and answer": found}
    (HERE / "wrapper_golden.json").write_text(json.dumps(content, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
