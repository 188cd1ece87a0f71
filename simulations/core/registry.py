"""Families of things that can be added: layers, optimizers, data sources, probes, panels.

A class joins its family with one decorator; forms, JSON, the command line and the contract tests all read the family
from here, so adding a thing touches one place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from simulations.core.errors import SpecError
from simulations.core.text import N_

T = TypeVar("T")
C = TypeVar("C", bound=type)


@dataclass(frozen=True)
class Entry(Generic[T]):
    """One member of a family: its stable ``kind``, its class, and the texts that introduce it (marked with ``N_``)."""

    kind: str
    cls: type[T]
    label: str
    summary: str
    source: str


class Registry(Generic[T]):
    """A family of classes by stable name, in order of registration."""

    def __init__(self, family: str) -> None:
        self.family = family
        self._entries: dict[str, Entry[T]] = {}

    def register(self, kind: str, *, label: str, summary: str, source: str = "") -> Callable[[C], C]:
        """Add the decorated class. ``label`` is its short name, ``summary`` one plain sentence, ``source`` a citation."""

        def add(cls: C) -> C:
            if kind in self._entries:
                raise ValueError(f"{self.family} {kind!r} is registered twice")
            cls.kind = kind  # type: ignore[attr-defined]
            self._entries[kind] = Entry(kind, cls, label, summary, source)
            return cls

        return add

    def entry(self, kind: str, path: str = "") -> Entry[T]:
        """The member called ``kind``; raises :class:`SpecError` naming the known ones."""
        try:
            return self._entries[kind]
        except (KeyError, TypeError):
            raise SpecError(
                N_("{path}: no {family} is called {received!r}; known are {known}"),
                path=path or self.family,
                family=self.family,
                received=kind,
                known=", ".join(self._entries),
            ) from None

    def __getitem__(self, kind: str) -> type[T]:
        return self.entry(kind).cls

    def __contains__(self, kind: object) -> bool:
        return kind in self._entries

    def __iter__(self) -> Iterator[Entry[T]]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def kinds(self) -> tuple[str, ...]:
        return tuple(self._entries)
