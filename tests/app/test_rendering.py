"""Rendering without a screen: what cannot be built is refused at once, in words."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

from simulations.documents.presets import load_preset


def test_an_experiment_that_cannot_be_built_is_refused_in_one_line(tmp_path: Path) -> None:
    spec = load_preset("digits-cnn").spec
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(dataclasses.replace(spec, layers=spec.layers[:-1]).to_json()), encoding="utf-8")
    command = [sys.executable, "-m", "app", "render", "train", "--preset", str(broken), "--after-steps", "3"]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "shot.png")], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "shot.png").exists()
