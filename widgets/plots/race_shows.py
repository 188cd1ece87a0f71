"""What a plane shows besides the paths, as a person switched it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Shows:
    """``whole``: the paths are drawn to their end, faint after the moment. ``even``: both axes have one scale, as far as the
    surface allows. ``legend``: the racers' names stand inside the picture."""

    heat: bool = True
    contours: bool = True
    basins: bool = False
    flow: Literal["", "arrows", "lines"] = ""
    revealed: bool = False
    whole: bool = True
    ghost: bool = True
    anatomy: bool = True
    even: bool = True
    legend: bool = False
