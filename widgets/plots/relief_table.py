"""The numbers of the picture in space: the lattice the sheet is made of, and every racer's way over it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulations.racing.probes.relief import ReliefAnswer
from simulations.racing.record import Race
from widgets.plot import Table


def relief_table(relief: ReliefAnswer, race: Race, names: Sequence[str]) -> Table:
    """A row per lattice point (``what`` is "sheet"), then one per visible racer and step, with its name."""
    rows, columns = relief.heights.shape
    points = relief.ground.box.lattice(columns, rows).reshape(-1, 2)
    shown = [i for i, one in enumerate(race.spec.racers) if one.is_visible]
    count = race.done + 1
    paths = race.points[:, shown].transpose(1, 0, 2).reshape(-1, 2)
    sheet = rows * columns
    return Table({
        "what": np.concatenate([np.full(sheet, "sheet"), np.repeat(np.array([names[i] for i in shown], str), count)]),
        "step": np.concatenate([np.full(sheet, -1), np.tile(np.arange(count), len(shown))]),
        "x": np.concatenate([points[:, 0], paths[:, 0]]),
        "y": np.concatenate([points[:, 1], paths[:, 1]]),
        "f": np.concatenate([
            relief.ground.transform.invert(relief.heights).ravel(),
            race.curves.values[:, shown].T.ravel(),
        ]),
    })  # fmt: skip
