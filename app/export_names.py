"""File names for exports, from a pattern that a person can change: ``{experiment}-{plot}-step{step}``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.caption import moment_of
from simulations.runtime.messages import Snapshot
from widgets.plot import Plot

if TYPE_CHECKING:
    from simulations.runtime.race_messages import RaceSnapshot

PATTERN = "{experiment}-{plot}-step{step}"
FIELDS = ("{experiment}", "{plot}", "{step}", "{seed}")
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\s]+')
_LONGEST = 120


def file_name(
    pattern: str,
    plot: Plot,
    snapshot: Snapshot | RaceSnapshot | None,
    kind: str,
    last: int | None = None,
    file: str = "",
) -> str:
    """The name for ``plot``, safe on every system; what is not known at this moment is left out. ``last`` is the last step of an
    animation, which begins with step 0; ``file`` is what the document's own file is called, if it has one."""
    values = {"{plot}": plot.plot_id, "{experiment}": "gradlab", "{step}": "", "{seed}": ""}
    if snapshot is not None:
        name, step, seed = moment_of(snapshot)
        values["{experiment}"] = file or name or "gradlab"
        values["{step}"] = str(step) if last is None else f"0-{last}"
        values["{seed}"] = "" if seed is None else str(seed)
    name = pattern
    for field, value in values.items():
        name = name.replace(field, value)
    safe = _UNSAFE.sub("-", name).strip("-. ")[:_LONGEST]
    return f"{safe or plot.plot_id}.{kind}"
