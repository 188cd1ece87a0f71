"""Writes ``golden/networks.json`` from PyTorch: ``python -m tests.oracles.networks.make_golden``.

Of every array it stores the shape and the sum of its values, each times its own random number, as for single layers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from simulations.core.rng import stream
from tests.oracles.networks.cases import NETWORKS, theirs

GOLDEN = Path(__file__).parents[1] / "golden" / "networks.json"


def main() -> None:
    import torch

    golden: dict[str, Any] = {
        name: {
            what: [list(value.shape), float(stream(1, what).standard_normal(value.size) @ value.ravel())]
            for what, value in theirs(torch, name).items()
        }
        for name in NETWORKS
    }
    GOLDEN.write_text(json.dumps(golden, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
