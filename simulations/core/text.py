"""Marking text for translation without translating it.

``simulations`` knows no language: it declares its labels and messages in English through ``N_`` so that the extractor
finds them, and the window translates them when it shows them.
"""

from __future__ import annotations


def N_(message: str) -> str:
    """Return ``message`` unchanged; the call only makes it visible to the catalogue extractor."""
    return message
