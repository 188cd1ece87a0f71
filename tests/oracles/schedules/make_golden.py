"""Makes golden.json: what PyTorch's schedulers make of a learning rate of 1 over 100 steps, in float64.

Run by hand where torch is installed: ``python tests/oracles/schedules/make_golden.py``.
"""

import json
import sys
import warnings
from pathlib import Path

HERE = Path(__file__).parent
STEPS = 100
CASES = {
    "step": ("step", {"every": 7, "gamma": 0.6}, "StepLR", {"step_size": 7, "gamma": 0.6}),
    "exponential": ("exponential", {"gamma": 0.97}, "ExponentialLR", {"gamma": 0.97}),
    "cosine": ("cosine", {"steps": 100, "end": 0.05}, "CosineAnnealingLR", {"T_max": 100, "eta_min": 0.05}),
    "restarts": (
        "warm_restarts",
        {"steps": 9, "growth": 2, "end": 0.01},
        "CosineAnnealingWarmRestarts",
        {"T_0": 9, "T_mult": 2, "eta_min": 0.01},
    ),
    "even restarts": ("warm_restarts", {"steps": 9, "growth": 1}, "CosineAnnealingWarmRestarts", {"T_0": 9}),
    "linear": (
        "linear",
        {"steps": 60, "begin": 0.25, "end": 0.75},
        "LinearLR",
        {"start_factor": 0.25, "end_factor": 0.75, "total_iters": 60},
    ),
    "polynomial": ("polynomial", {"steps": 80, "power": 1.7}, "PolynomialLR", {"total_iters": 80, "power": 1.7}),
    "one cycle": (
        "one_cycle",
        {"steps": 100, "rise": 0.3, "divider": 20.0, "final_divider": 100.0},
        "OneCycleLR",
        {"max_lr": 1.0, "total_steps": 100, "div_factor": 20.0, "final_div_factor": 100.0, "cycle_momentum": False},
    ),
}
PLATEAU = {"gamma": 0.5, "patience": 3, "threshold": 0.01, "end": 0.1}


def losses() -> list[float]:
    """A loss that falls, stays, falls again and stays for good."""
    return [max(1.0 - 0.1 * i, 0.6) if i < 20 else max(0.6 - 0.05 * (i - 20), 0.4) for i in range(60)]


def _optimizer():
    import torch

    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)


def torch_factors(name: str, settings: dict) -> list[float]:
    """The learning rate of each of 100 steps under one scheduler."""
    import torch

    optimizer = _optimizer()
    scheduler = getattr(torch.optim.lr_scheduler, name)(optimizer, **settings)
    return _rates(optimizer, scheduler)


def torch_warm_up() -> list[float]:
    """Ten steps of LinearLR, then a cosine from its own step 0."""
    from torch.optim import lr_scheduler

    optimizer = _optimizer()
    rise = lr_scheduler.LinearLR(optimizer, start_factor=0.1, total_iters=10)
    fall = lr_scheduler.CosineAnnealingLR(optimizer, T_max=90)
    return _rates(optimizer, lr_scheduler.SequentialLR(optimizer, [rise, fall], milestones=[10]))


def _rates(optimizer, scheduler) -> list[float]:
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SequentialLR warns about its own way of stepping
        for _ in range(STEPS):
            found.append(float(optimizer.param_groups[0]["lr"]))
            optimizer.step()
            if len(found) < STEPS:
                scheduler.step()
    return found


def torch_plateau() -> list[float]:
    """The learning rate after each of the measured :func:`losses`."""
    import torch

    optimizer = _optimizer()
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, factor=PLATEAU["gamma"], patience=PLATEAU["patience"], threshold=PLATEAU["threshold"],
        min_lr=PLATEAU["end"],
    )  # fmt: skip
    found = []
    for loss in losses():
        scheduler.step(loss)
        found.append(float(optimizer.param_groups[0]["lr"]))
    return found


def torch_all() -> dict[str, list[float]]:
    found = {case: torch_factors(name, settings) for case, (_, _, name, settings) in CASES.items()}
    return {**found, "warm-up": torch_warm_up(), "plateau": torch_plateau()}


def main() -> None:
    (HERE / "golden.json").write_text(json.dumps(torch_all(), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
