"""Leaving a long computation between two of its parts, because somebody waits for its thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Interrupted(Exception):  # noqa: N818  # not an error: the computation was left on purpose
    """The computation was left before its end; what it would have written is undefined."""


class Interrupt:
    """A flag that one thread raises and another looks at between two parts of its work.

    Looking is reading :attr:`is_set`, so it may stand in the hottest loop; whoever finds it set raises
    :class:`Interrupted`. Inside :meth:`held` only a final interrupt gets through.
    """

    __slots__ = ("_is_final", "_is_held", "is_set")

    def __init__(self) -> None:
        self.is_set = False
        self._is_held = False
        self._is_final = False

    def request(self, *, final: bool = False) -> None:
        """Ask the computation under way to leave; ``final`` says that its result will never be wanted."""
        self._is_final |= final
        self.is_set = self._is_final or not self._is_held

    def clear(self) -> None:
        """Forget the request, unless it was final: it was answered."""
        self.is_set = self._is_final

    @contextmanager
    def held(self) -> Iterator[None]:
        """What happens in here must happen whole."""
        self._is_held = True
        self.clear()
        try:
            yield
        finally:
            self._is_held = False
