"""What methods and wrappers remember of a run, by the numbers of θ it is about, so that it survives an edit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulations.optimizers.base import State
from simulations.optimizers.parts import Places, common, indices, within


@dataclass(frozen=True)
class Memory:
    """The ``state`` of ``owner``, a method or wrapper by name, for the numbers at ``places``, after ``updates``."""

    owner: str
    places: Places
    updates: int
    state: State

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(one.nbytes for one in self.state.values())

    def copy(self) -> Memory:
        """The same without the buffers that are only worked in."""
        return self.only(self.places)

    def only(self, places: Places) -> Memory:
        """A copy of what is about the numbers at ``places``, which are all among its own, without scratch."""
        here, count = indices(within(places, self.places)), len(indices(self.places))
        kept = {
            name: one[..., here] if one.shape[-1] == count else one.copy()
            for name, one in self.state.items()
            if not name.startswith("_")
        }
        return Memory(self.owner, places, self.updates, kept)

    def is_in_step_with(self, other: Memory) -> bool:
        """Whether both have seen as many updates and agree in what their numbers share, ``(…, 1)``."""
        shared = [name for name, one in self.state.items() if one.shape[-1] == 1]
        return self.updates == other.updates and all(
            np.array_equal(self.state[name], other.state[name]) for name in shared
        )

    def hand_over(self, state: State, places: Places) -> None:
        """Put what is remembered into the fresh ``state`` of the numbers at ``places``, number by number.

        Arrays ``(…, p)`` go along with their numbers; ``(…, 1)``, which all of them share, as they are.
        """
        shared = common(places, self.places)
        if not shared:
            return
        there, here = indices(within(shared, places)), indices(within(shared, self.places))
        for name in state.keys() & self.state.keys():
            fresh, kept = state[name], self.state[name]
            if name.startswith("_"):
                continue
            if fresh.shape == kept.shape and (places == self.places or fresh.shape[-1] == 1):
                fresh[...] = kept
            elif fresh.shape[:-1] == kept.shape[:-1]:
                fresh[..., there] = kept[..., here]
