"""Marking text for translation without translating it.

``simulations`` knows no language: it declares its labels and messages in English through ``N_`` so that the extractor
finds them, and the window translates them when it shows them.
"""

from __future__ import annotations

from collections.abc import Iterable


def N_(message: str) -> str:
    """Return ``message`` unchanged; the call only makes it visible to the catalogue extractor."""
    return message


class Verbatim(str):
    """A person's own word, a class or a column of their file: it is shown as it stands in every language."""

    __slots__ = ()


def verbatim(words: Iterable[str]) -> tuple[str, ...]:
    """``words`` as a person's own."""
    return tuple(Verbatim(word) for word in words)
