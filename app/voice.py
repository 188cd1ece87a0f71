"""What one workspace says in the window's banner, which all share: while another is in front, it waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from widgets.banner import Banner, Notice

if TYPE_CHECKING:
    from app.desk import Desk


class Voice(QObject):
    """That of ``desk``; nothing it says is lost by going elsewhere, and nothing of it is said there."""

    def __init__(self, desk: Desk, banner: Banner, *, is_in_front: bool) -> None:
        super().__init__(desk)
        self._banner, self._is_in_front = banner, is_in_front
        self._waiting: Notice | None = None
        desk.announced.connect(self._say)
        desk.withdrawn.connect(self._take_back)
        desk.controller.documentOpened.connect(self._begin_anew)

    def step_back(self) -> None:
        """Another workspace comes to the front: take along what still asks for something."""
        notice = self._banner.notice
        self._waiting = None if notice is None or notice.tone == "good" else notice
        self._is_in_front = False
        self._banner.dismiss()

    def step_forward(self) -> None:
        """Say what has waited."""
        notice, self._waiting = self._waiting, None
        self._is_in_front = True
        if notice is not None:
            self._banner.announce(notice)

    def _say(self, notice: Notice) -> None:
        if self._is_in_front:
            self._banner.announce(notice)
        else:
            self._waiting = notice

    def _take_back(self, notice: Notice) -> None:
        """What no longer holds, unless the banner has moved on to something else."""
        if self._waiting is notice:
            self._waiting = None
        if self._banner.notice is notice:
            self._banner.dismiss()

    def _begin_anew(self) -> None:
        self._waiting = None
        if self._is_in_front:
            self._banner.dismiss()
