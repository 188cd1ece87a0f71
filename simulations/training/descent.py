"""The way down of one run: the optimizer, its wrappers and the parameter groups at work, and what they remember.

Frozen numbers take no part: wrappers and methods see a θ without them, so that norms, averages and noise are those of
what trains, and nothing can move the rest by a bit. Without groups and wrappers it is one call of one method.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.numerics import flush_subnormals
from simulations.documents.experiment import ExperimentSpec
from simulations.nn.groups import Group, parameter_groups
from simulations.nn.network import Network
from simulations.optimizers.base import NETWORK, Objective, State
from simulations.optimizers.parts import Part, Places, common, joined, within, without
from simulations.optimizers.wrappers.base import Chain
from simulations.training.memory import Memory

UPDATES_BETWEEN_FLUSHES: Final = 64  # rare enough to cost nothing


def check(spec: ExperimentSpec) -> None:
    """Raise :class:`GradLabError` when a method or wrapper of ``spec`` cannot work on its network."""
    groups = spec.groups
    for one in groups:
        one.optimizer.check(NETWORK, one.size)
    for wrapper in spec.wrappers if groups else ():
        wrapper.check([one.optimizer for one in groups])


def flush_memory(theta: FloatArray, state: State) -> None:
    """Let the weights of dead units, and what is remembered of them, end their decay: it would slow every step."""
    flush_subnormals(theta)
    for name, values in state.items():
        if not name.startswith("_"):
            flush_subnormals(values)


@final
class _Mover:
    """One method at work on one part of θ; ``part`` is None where that is all of it."""

    def __init__(self, group: Group, places: Places, theta: FloatArray, part: Part | None, decaying: Places) -> None:
        self.optimizer, self.places, self.part, self._theta = group.optimizer, places, part, theta
        self.state, self.updates = group.optimizer.start(theta), 0
        self._full_rate = group.optimizer.learning_rate * group.rate_factor
        self._decaying = [theta[place] for place in decaying]
        self._kept = 1.0

    def follow(self, factor: float, decay: float) -> None:
        """Take steps at ``factor`` times the group's rate from now on."""
        rate = self._full_rate * factor
        is_own = rate == self.optimizer.learning_rate
        self._step = (self.optimizer if is_own else self.optimizer.at_rate(rate)).step
        self._kept = 1 - rate * decay

    def move(self, objective: Objective, t: int = 0) -> None:
        """One update; it counts its own, so ``t`` is there only to be a whole step where nothing else is at work."""
        self.updates += 1
        if self._kept != 1:
            for weights in self._decaying:
                np.multiply(weights, self._kept, out=weights)
        self._step(self._theta, objective, self.state, self.updates)
        if self.updates % UPDATES_BETWEEN_FLUSHES == 0:
            flush_memory(self._theta, self.state)

    def memory(self) -> Memory:
        return Memory(self.optimizer.kind, self.places, self.updates, self.state)


@final
class Descent:
    """Moves ``network.theta`` as a spec says; :meth:`use` takes another spec and keeps what still has a meaning.

    A method keeps its memory of a number as long as its class stays, also while the number is frozen: for what rests,
    time stands still (as for PyTorch's parameters without a gradient). Another class starts afresh where it begins to
    work and nowhere else, and a method that looks at all its numbers together does when their circle changes.

    ``step(objective, t)`` moves θ once; ``t`` counts the run's steps from 1.
    """

    step: Callable[[Objective, int], None]

    def __init__(self, network: Network, spec: ExperimentSpec) -> None:
        self._network = network
        self._factor = 1.0
        self._begin(spec, ())

    def use(self, spec: ExperimentSpec) -> None:
        """Go on with ``spec``."""
        self._begin(spec, self._memories())

    def save(self) -> tuple[Memory, ...]:
        """A copy of what is remembered, without scratch."""
        return tuple(one.copy() for one in self._memories())

    def restore(self, memories: Sequence[Memory]) -> None:
        """Go on from what was saved, after θ was put back too."""
        self._begin(self._spec, memories)

    def follow(self, factor: float) -> None:
        """Take steps at ``factor`` times every learning rate from now on."""
        self._factor = factor
        for one in self._movers:
            one.follow(factor, self._spec.decoupled_decay)

    def _step(self, objective: Objective, t: int) -> None:
        if self._free is None:
            self._chain.step(self._theta, objective, self._states, t, self._move)
        elif self._movers:
            self._free.open(objective)
            self._chain.step(self._theta, self._free, self._states, t, self._move)
            self._free.close()

    def answer(self) -> FloatArray:
        """The parameters to judge, ``(P,)``: ``network.theta`` itself, or an average of its path where one is kept."""
        whole, theta = self._network.theta, self._theta
        if self._free is not None:
            self._free.load()
        found = self._chain.answer(self._inner_answer(), self._states)
        if found is theta or self._free is None:
            return whole if found is theta else found
        answer = whole.copy()
        self._free.put(found, answer)
        return answer

    def _inner_answer(self) -> FloatArray:
        theta = self._theta
        if len(self._movers) == 1:
            return self._movers[0].optimizer.answer(theta, self._movers[0].state)
        found = theta
        for one in self._movers:
            assert one.part is not None
            one.part.load()
            answer = one.optimizer.answer(one.part.theta, one.state)
            if answer is not one.part.theta:
                found = theta.copy() if found is theta else found
                one.part.put(answer, found)
        return found

    def _move(self, theta: FloatArray, objective: Objective) -> None:
        if len(self._movers) == 1:
            self._movers[0].move(objective)
            return
        gradient = objective.gradient(theta)
        parts = [one.part for one in self._movers if one.part is not None]
        for part in parts:
            part.open(objective, gradient)
        for one, part in zip(self._movers, parts, strict=True):
            one.move(part)
        for part in parts:
            part.close()

    # ---- building ----------------------------------------------------------------------------------------------------

    def _begin(self, spec: ExperimentSpec, memories: Sequence[Memory]) -> None:
        network, groups = self._network, spec.groups
        self._spec = spec
        self._places = joined(*(one.places for one in groups))
        covers_all = self._places == (slice(0, len(network.theta)),)
        self._free = None if covers_all else Part(network.theta, self._places)
        self._theta = network.theta if self._free is None else self._free.theta
        pieces = [(one, *piece) for one in groups for piece in _pieces(one, memories)]
        self._movers = [self._mover(*one, is_only=len(pieces) == 1) for one in pieces]
        self._chain = Chain(spec.wrappers)
        self._states = self._chain.start(self._theta)
        for name, state in zip(self._wrapper_names(), self._states, strict=True):
            for one in memories:
                if one.owner == name:
                    one.hand_over(state, self._places)
        self._resting = tuple(self._rests_of(memories))
        is_plain = self._free is None and len(self._movers) == 1 and not spec.wrappers
        self.step = self._movers[0].move if is_plain else self._step
        self.follow(self._factor)

    def _rests_of(self, memories: Sequence[Memory]) -> Iterator[Memory]:
        """What of ``memories`` is about frozen numbers and would be gone on from if they were free again."""
        spec = self._spec
        for group in parameter_groups(spec.layers, self._network.input_shape, spec.optimizer, frozen=True):
            for places, known in _pieces(group, memories):
                yield from (one.only(common(places, one.places)) for one in known)
        names = self._wrapper_names()
        for one in memories:
            rest = without(one.places, self._places)
            if one.owner in names and rest:
                yield one.only(rest)

    def _mover(self, group: Group, places: Places, memories: Sequence[Memory], *, is_only: bool) -> _Mover:
        part = None if is_only else Part(self._theta, within(places, self._places))
        theta = self._theta if part is None else part.theta
        mover = _Mover(group, places, theta, part, within(self._network.decay, places))
        for one in memories:
            mover.updates = one.updates
            one.hand_over(mover.state, places)
        return mover

    def _memories(self) -> tuple[Memory, ...]:
        methods = [one.memory() for one in self._movers]
        named = zip(self._wrapper_names(), self._states, strict=True)
        return (*methods, *self._resting, *(Memory(name, self._places, 0, state) for name, state in named))

    def _wrapper_names(self) -> list[str]:
        """Each wrapper's kind, and a number where it comes again."""
        kinds = [one.kind for one in self._chain.wrappers]
        return [f"wrapper {kind} {kinds[:index].count(kind)}" for index, kind in enumerate(kinds)]


def _pieces(group: Group, memories: Sequence[Memory]) -> list[tuple[Places, tuple[Memory, ...]]]:
    """``group`` cut into what has as many updates behind it, with what is remembered of each piece.

    A method that looks at all numbers together is never cut, and starts afresh instead.
    """
    same = [one for one in memories if one.owner == group.optimizer.kind]
    if not group.optimizer.is_separable:
        return [(group.places, tuple(one for one in same if one.places == group.places))]
    pieces: list[tuple[list[Places], list[Memory]]] = []
    rest = group.places
    for one in same:
        known = common(rest, one.places)
        rest = without(rest, known)
        piece = next((piece for piece in pieces if piece[1][0].is_in_step_with(one)), None)
        if known and piece is None:
            pieces.append(([known], [one]))
        elif known and piece is not None:
            piece[0].append(known)
            piece[1].append(one)
    found = [(joined(*places), tuple(known)) for places, known in pieces]
    return [*found, *([(rest, ())] if rest else [])]
