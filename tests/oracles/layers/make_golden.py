"""Writes ``golden/layers.json`` from PyTorch: ``python -m tests.oracles.layers.make_golden``.

Of every array it stores the shape and the sum of its values, each times its own random number: one number that no wrong
array of that shape reproduces.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from simulations.core.rng import stream
from tests.oracles.layers.cases import CASES, name
from tests.oracles.layers.reference import theirs

GOLDEN = Path(__file__).parents[1] / "golden" / "layers.json"


def main() -> None:
    import torch

    golden: dict[str, Any] = {}
    for case in CASES:
        golden[name(case)] = {
            what: [list(value.shape), float(stream(1, what).standard_normal(value.size) @ value.ravel())]
            for what, value in theirs(torch, *case, n=3).items()
        }
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(json.dumps(golden, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
