"""What every racer's method remembered after every step, in one array, so that keeping it costs one copy a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.racing.groups import Group


class MemoryHistory:
    """Moves the memories of ``groups`` into one buffer, in place, and keeps a copy of it for each of ``steps`` steps."""

    def __init__(self, groups: Sequence[Group], steps: int) -> None:
        found = [(i, name, *place) for i, group in enumerate(groups) for name, place in group.memories().items()]
        self._now = np.zeros(sum(state[key].size for _, _, state, key in found))
        self._places: list[dict[str, tuple[slice, Shape]]] = [{} for _ in groups]
        at = 0
        for i, name, state, key in found:
            values = state[key]
            place = slice(at, at + values.size)
            at = place.stop
            self._now[place] = values.reshape(-1)
            state[key] = self._now[place].reshape(values.shape)
            self._places[i][name] = (place, values.shape)
        self._kept = np.zeros((steps + 1, len(self._now)))
        self._kept[0] = self._now

    def shared_by(self, groups: range) -> tuple[FloatArray, list[int]]:
        """The memory of neighbouring ``groups`` as it is now, a view, and where that of each begins in it."""
        sizes = [sum(place.stop - place.start for place, _ in self._places[i].values()) for i in groups]
        before = sum(place.stop - place.start for named in self._places[: groups.start] for place, _ in named.values())
        starts = [sum(sizes[:k]) for k in range(len(sizes))]
        return self._now[before : before + sum(sizes)], starts

    def keep(self, step: int) -> None:
        self._kept[step] = self._now

    def at(self, group: int, row: int, step: int) -> Mapping[str, FloatArray]:
        """The arrays of one row of a group after ``step``, by name."""
        kept = self._kept[step]
        return {name: kept[place].reshape(shape)[row].copy() for name, (place, shape) in self._places[group].items()}

    def over(self, group: int, row: int, steps: int) -> Mapping[str, FloatArray]:
        """The arrays of one row of a group after 0, 1, … ``steps``, by name: ``(steps + 1, …)`` each."""
        kept = self._kept[: steps + 1]
        return {
            name: kept[:, place].reshape(len(kept), *shape)[:, row]
            for name, (place, shape) in self._places[group].items()
        }
