"""File names for exports, from a pattern that a person can change: ``{experiment}-{plot}-step{step}``."""

from __future__ import annotations

import re

from simulations.runtime.messages import Snapshot
from widgets.plot import Plot

PATTERN = "{experiment}-{plot}-step{step}"
FIELDS = ("{experiment}", "{plot}", "{step}", "{seed}")
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\s]+')
_LONGEST = 120


def file_name(pattern: str, plot: Plot, snapshot: Snapshot | None, kind: str) -> str:
    """The name for ``plot``, safe on every system; what is not known at this moment is left out."""
    values = {"{plot}": plot.plot_id, "{experiment}": "gradlab", "{step}": "", "{seed}": ""}
    if snapshot is not None:
        values["{experiment}"] = snapshot.spec.name or "gradlab"
        values["{step}"] = str(snapshot.step)
        values["{seed}"] = str(snapshot.spec.seed)
    name = pattern
    for field, value in values.items():
        name = name.replace(field, value)
    safe = _UNSAFE.sub("-", name).strip("-. ")[:_LONGEST]
    return f"{safe or plot.plot_id}.{kind}"
