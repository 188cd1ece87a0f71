"""Writes ``golden/nn.json`` from PyTorch: ``python -m tests.oracles.nn.regenerate``.

Of every array it stores the shape and the sum of its values, each times its own random number: one number that no
wrong array of that shape reproduces.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

from simulations.core.rng import stream
from tests.oracles.nn.cases import CASES
from tests.oracles.nn.losses import loss_inputs, torch_loss
from tests.oracles.nn.torch_side import torch_result

GOLDEN = Path(__file__).parents[1] / "golden" / "nn.json"


def main() -> None:
    golden: dict[str, Any] = {}
    for case in CASES:
        for name, value in torch_result(torch, case).items():
            probe = stream(1, case.name).standard_normal(value.size)
            golden[f"{case.name}/{name}"] = [list(value.shape), float(probe @ value.ravel())]
    for kind in ("softmax_cross_entropy", "squared_error"):
        value, gradient = torch_loss(torch, kind, *loss_inputs(1.0))
        golden[f"{kind}/value"], golden[f"{kind}/gradient"] = value, gradient.tolist()
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(json.dumps(golden, indent=0) + "\n")


if __name__ == "__main__":
    main()
