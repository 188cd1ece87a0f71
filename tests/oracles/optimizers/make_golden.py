"""Makes golden.json: where PyTorch's optimizers take one point under 100 shared gradients, in float64.

Run by hand where torch is installed: ``python tests/oracles/optimizers/make_golden.py``.
"""

import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
STEPS = (1, 2, 10, 100)
CASES = {
    "sgd": ("sgd", {"learning_rate": 0.05}),
    "momentum": ("momentum", {"learning_rate": 0.05, "momentum": 0.9}),
    "nesterov": ("nesterov", {"learning_rate": 0.05, "momentum": 0.8}),
    "rmsprop": ("rmsprop", {"learning_rate": 0.01}),
    "rmsprop eps": ("rmsprop", {"learning_rate": 0.02, "decay": 0.9, "epsilon": 0.1}),
    "rmsprop centred": ("rmsprop", {"learning_rate": 0.01, "decay": 0.95, "centred": True}),
    "rmsprop momentum": ("rmsprop", {"learning_rate": 0.01, "momentum": 0.7}),
    "rmsprop both": ("rmsprop", {"learning_rate": 0.01, "decay": 0.9, "momentum": 0.7, "centred": True}),
    "adam": ("adam", {"learning_rate": 0.001}),
    "adam eps": ("adam", {"learning_rate": 0.05, "beta1": 0.7, "beta2": 0.95, "epsilon": 0.1}),
    "adam no memory": ("adam", {"learning_rate": 0.01, "beta1": 0.0, "beta2": 0.9}),
    "asgd": ("asgd", {"learning_rate": 0.01}),
    "asgd averaging": ("asgd", {"learning_rate": 0.1, "lambd": 0.01, "alpha": 0.5, "averaging_start": 10.0}),
    "adagrad": ("adagrad", {"learning_rate": 0.01}),
    "adagrad decay": ("adagrad", {"learning_rate": 0.1, "rate_decay": 0.05, "epsilon": 1e-3}),
    "adadelta": ("adadelta", {"learning_rate": 1.0}),
    "adadelta eps": ("adadelta", {"learning_rate": 0.5, "decay": 0.8, "epsilon": 1e-3}),
    "adamw": ("adamw", {"learning_rate": 0.001}),
    "adamw decay": ("adamw", {"learning_rate": 0.05, "weight_decay": 0.3, "beta1": 0.8, "epsilon": 1e-3}),
    "amsgrad": ("amsgrad", {"learning_rate": 0.01}),
    "amsgrad short": ("amsgrad", {"learning_rate": 0.01, "beta2": 0.9, "epsilon": 1e-3}),
    "adamax": ("adamax", {"learning_rate": 0.002}),
    "adamax short": ("adamax", {"learning_rate": 0.01, "beta1": 0.8, "beta2": 0.9}),
    "nadam": ("nadam", {"learning_rate": 0.002}),
    "nadam decay": ("nadam", {"learning_rate": 0.01, "momentum_decay": 0.1, "beta2": 0.95}),
    "radam": ("radam", {"learning_rate": 0.001}),
    "radam short": ("radam", {"learning_rate": 0.01, "beta2": 0.9}),
    "rprop": ("rprop", {"learning_rate": 0.01}),
    "rprop bounds": ("rprop", {"learning_rate": 0.05, "shrink": 0.6, "grow": 1.5, "shortest": 1e-3, "longest": 0.2}),
}
TORCH = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {}),
    "nesterov": ("SGD", {"nesterov": True}),
    "rmsprop": ("RMSprop", {}),
    "adam": ("Adam", {}),
    "asgd": ("ASGD", {}),
    "adagrad": ("Adagrad", {}),
    "adadelta": ("Adadelta", {}),
    "adamw": ("AdamW", {}),
    "amsgrad": ("Adam", {"amsgrad": True}),
    "adamax": ("Adamax", {}),
    "nadam": ("NAdam", {}),
    "radam": ("RAdam", {}),
    "rprop": ("Rprop", {}),
}
NAMES = {
    "learning_rate": "lr",
    "decay": "alpha",
    "epsilon": "eps",
    "centred": "centered",
    "rate_decay": "lr_decay",
    "averaging_start": "t0",
}
PAIRS = {"betas": ("beta1", "beta2"), "etas": ("shrink", "grow"), "step_sizes": ("shortest", "longest")}


def gradients() -> np.ndarray:
    """100 shared gradients of 6 numbers, of sizes from 1e-4 to 10, some of them zero."""
    steps, sizes = np.arange(1, 101)[:, None], 10.0 ** np.arange(-4, 2)
    waves = np.cos(0.7 * steps * np.arange(1, 7)) + 0.5 * np.cos(0.13 * steps)
    waves[20:24] = 0.0
    return waves * sizes


def start() -> np.ndarray:
    return np.array([0.5, -1.0, 2.0, 0.0, 1e-3, -30.0])


def torch_settings(kind: str, settings: dict, defaults: dict) -> dict:
    """GradLab's ``settings`` in PyTorch's names; what is not given of a pair comes from PyTorch's ``defaults``."""
    names = {**NAMES, "decay": "rho"} if kind == "adadelta" else NAMES
    paired = {name for pair in PAIRS.values() for name in pair}
    wanted = {names.get(key, key): value for key, value in settings.items() if key not in paired}
    for name, pair in PAIRS.items():
        if name in defaults:
            wanted[name] = tuple(settings.get(one, usual) for one, usual in zip(pair, defaults[name], strict=True))
    return wanted


def torch_path(kind: str, settings: dict) -> np.ndarray:
    """Positions (100, 6) after each step of PyTorch's optimizer, with its own scalars (ηₜ of ASGD, μ of NAdam) in float64."""
    import torch

    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        return _torch_path(torch, kind, settings)
    finally:
        torch.set_default_dtype(usual)


def _torch_path(torch, kind: str, settings: dict) -> np.ndarray:
    name, fixed = TORCH[kind]
    theta = torch.tensor(start(), requires_grad=True)
    cls = getattr(torch.optim, name)
    optimizer = cls([theta], **fixed, **torch_settings(kind, settings, cls([theta], lr=0.1).defaults))
    path = []
    for gradient in gradients():
        theta.grad = torch.tensor(gradient)
        optimizer.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path)


def main() -> None:
    import torch

    paths = {case: torch_path(kind, settings) for case, (kind, settings) in CASES.items()}
    golden = {case: {str(step): path[step - 1].tolist() for step in STEPS} for case, path in paths.items()}
    content = {"torch": torch.__version__, "positions": golden}
    (HERE / "golden.json").write_text(json.dumps(content, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
