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
}
TORCH = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {}),
    "nesterov": ("SGD", {"nesterov": True}),
    "rmsprop": ("RMSprop", {}),
    "adam": ("Adam", {}),
}
NAMES = {"learning_rate": "lr", "decay": "alpha", "epsilon": "eps", "centred": "centered"}


def gradients() -> np.ndarray:
    """100 shared gradients of 6 numbers, of sizes from 1e-4 to 10, some of them zero."""
    steps, sizes = np.arange(1, 101)[:, None], 10.0 ** np.arange(-4, 2)
    waves = np.cos(0.7 * steps * np.arange(1, 7)) + 0.5 * np.cos(0.13 * steps)
    waves[20:24] = 0.0
    return waves * sizes


def start() -> np.ndarray:
    return np.array([0.5, -1.0, 2.0, 0.0, 1e-3, -30.0])


def torch_path(kind: str, settings: dict) -> np.ndarray:
    """Positions (100, 6) after each step of PyTorch's optimizer."""
    import torch

    name, fixed = TORCH[kind]
    wanted = {NAMES.get(key, key): value for key, value in settings.items() if not key.startswith("beta")}
    if kind == "adam":
        wanted["betas"] = (settings.get("beta1", 0.9), settings.get("beta2", 0.999))
    theta = torch.tensor(start(), requires_grad=True)
    optimizer = getattr(torch.optim, name)([theta], **fixed, **wanted)
    path = []
    for gradient in gradients():
        theta.grad = torch.tensor(gradient)
        optimizer.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path)


def main() -> None:
    import torch

    golden = {
        case: {str(step): torch_path(kind, settings)[step - 1].tolist() for step in STEPS}
        for case, (kind, settings) in CASES.items()
    }
    content = {"torch": torch.__version__, "positions": golden}
    (HERE / "golden.json").write_text(json.dumps(content, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
