"""Writes ``golden/losses.json`` from PyTorch: ``python -m tests.oracles.losses.make_golden``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

from tests.oracles.losses.reference import LOSSES, case, name, theirs

GOLDEN = Path(__file__).parents[1] / "golden" / "losses.json"


def main() -> None:
    golden: dict[str, Any] = {}
    for loss in LOSSES:
        for kind in loss.kinds:
            found = theirs(torch, loss, case(5, 4, kind))
            golden[f"{name(loss)} {kind}"] = {what: value.tolist() for what, value in found.items()}
    GOLDEN.write_text(json.dumps(golden, indent=0) + "\n")


if __name__ == "__main__":
    main()
