"""The edits of a document as a line of frozen specs: undo and redo are steps along it, and nothing is ever lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

_LONGEST = 500

S = TypeVar("S")


@dataclass(frozen=True)
class _State(Generic[S]):
    """A spec, and the text of the edit that led to it."""

    spec: S
    text: str
    merge: str


class EditHistory(Generic[S]):
    """Edits that follow each other with the same ``merge`` key become one step, so a slider drag is undone at once."""

    def __init__(self, spec: S) -> None:
        self._states = [_State(spec, "", "")]
        self._at = 0
        self._saved: S | None = spec

    @property
    def spec(self) -> S:
        return self._states[self._at].spec

    @property
    def past(self) -> list[S]:
        """The spec and what it was before, newest first."""
        return [one.spec for one in reversed(self._states[: self._at + 1])]

    @property
    def is_modified(self) -> bool:
        return self.spec != self._saved

    @property
    def undo_text(self) -> str | None:
        """What undo would take back (English, to be translated); None when there is nothing."""
        return self._states[self._at].text if self._at else None

    @property
    def redo_text(self) -> str | None:
        return self._states[self._at + 1].text if self._at + 1 < len(self._states) else None

    def push(self, spec: S, text: str, merge: str = "") -> bool:
        """Add an edit; what was undone before is forgotten. True when it became part of the one before it."""
        del self._states[self._at + 1 :]
        if merge and self._at and self._states[self._at].merge == merge:
            self._states[self._at] = _State(spec, text, merge)
            return True
        self._states.append(_State(spec, text, merge))
        del self._states[: max(0, len(self._states) - _LONGEST)]
        self._at = len(self._states) - 1
        return False

    def undo(self) -> None:
        self._at = max(0, self._at - 1)
        self._close_merge()

    def redo(self) -> None:
        self._at = min(len(self._states) - 1, self._at + 1)
        self._close_merge()

    def mark_saved(self) -> None:
        """What is shown now is on the disk."""
        self._saved = self.spec
        self._close_merge()

    def _close_merge(self) -> None:
        """An edit after an undo or a save starts a step of its own."""
        state = self._states[self._at]
        self._states[self._at] = _State(state.spec, state.text, "")
