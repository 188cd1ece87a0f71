"""What must be right before and around a Qt application: the crash log, the libraries, the display, and who collects
garbage.

Every failure here is one plain line that says what to do, because the person who reads it has not seen a window yet.
"""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from simulations.core.errors import GradLabError

HEADLESS_HINT: Final = (
    "Without a screen use the command line: gradlab train digits-cnn --epochs 10 --out results, "
    "or gradlab render train --out shot.png"
)
_SWITCH_INTERVAL_S: Final = (
    0.0005  # a Python-heavy worker then delays a repaint by half a millisecond at most; measured
)
_YOUNG_MS: Final = 250
_FULL_EVERY: Final = 40  # young collections, so about ten seconds

# shared library: Debian/Ubuntu package, in the order Qt's xcb platform plugin asks for them
_QT_LIBRARIES: Final = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_XCB_LIBRARIES: Final = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


class StartError(GradLabError):
    """The window cannot open on this machine as it is; the sentence says what to install or run instead."""


@dataclass(frozen=True)
class Missing:
    """System libraries that are absent, and the packages that bring them."""

    libraries: tuple[str, ...]
    packages: tuple[str, ...]

    def sentence(self) -> str:
        return "Qt needs system libraries that are missing here ({libraries}). Install them with: {command}".format(
            libraries=", ".join(self.libraries), command=f"sudo apt install {' '.join(self.packages)}"
        )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_libraries(platform: str, loads: Callable[[str], bool] = _loads) -> Missing | None:
    """What Qt's ``platform`` plugin would not find on this Linux machine; None when nothing is missing."""
    wanted = _QT_LIBRARIES | (_XCB_LIBRARIES if platform == "xcb" else {})
    absent = {library: package for library, package in wanted.items() if not loads(library)}
    return Missing(tuple(absent), tuple(absent.values())) if absent else None


def platform_name(environment: dict[str, str]) -> str:
    """The Qt platform plugin that will be used on Linux, or ``""`` when there is no display."""
    chosen = environment.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if chosen:
        return chosen
    if environment.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if environment.get("DISPLAY") else ""


def answers(display: str) -> bool:
    """Whether a local X display can be reached; one on another machine is given the benefit of the doubt."""
    host, _, number = display.partition(":")
    if host not in ("", "unix"):
        return True
    address = f"/tmp/.X11-unix/X{number.split('.')[0]}"
    for path in (address, "\0" + address):  # the file system's name, and Linux's abstract one
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(path)
            except OSError:
                continue
            return True
    return False


def check_machine(*, offscreen: bool = False) -> None:
    """Raise :class:`StartError` when no window (or, ``offscreen``, no picture) can be made here. Imports no Qt."""
    if offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if not sys.platform.startswith("linux"):
        return
    platform = platform_name(dict(os.environ))
    if not platform:
        raise StartError("There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set). " + HEADLESS_HINT)
    missing = missing_libraries(platform)
    if missing is not None:
        raise StartError(missing.sentence())
    display = os.environ.get("DISPLAY", "")
    if platform == "xcb" and not answers(display):
        raise StartError(f"No display answers at DISPLAY={display}. " + HEADLESS_HINT)


def check_pyside() -> None:
    """Refuse a PySide6 that loses references of None on this Python: it would abort within a minute.

    6.12.0 was built for interpreters where None is immortal (PEP 683) and runs on older ones, too, until None dies.
    """
    if sys.version_info >= (3, 12):
        return
    import PySide6
    from PySide6.QtCore import QObject

    if tuple(PySide6.__version_info__[:2]) < (6, 12):
        return
    probe = QObject()
    before = sys.getrefcount(None)
    for _round in range(100):
        probe.setObjectName("")
    if sys.getrefcount(None) < before - 50:
        raise StartError(
            'PySide6 {found} aborts on Python {python}. Install an older one: pip install "PySide6-Essentials<6.12"',
            found=PySide6.__version__,
            python=f"{sys.version_info.major}.{sys.version_info.minor}",
        )


def enable_crash_log() -> None:
    """Print a Python traceback even when the interpreter dies. A Windows program without a console has no stderr."""
    if sys.stderr is not None and not faulthandler.is_enabled():
        faulthandler.enable()


def tune_interpreter() -> None:
    """Let the window interrupt the simulation thread quickly."""
    sys.setswitchinterval(_SWITCH_INTERVAL_S)


def leave_politely(wish: Callable[[], None]) -> None:
    """Call ``wish`` at Ctrl+C in the terminal and at a polite kill; a second signal ends the program at once.

    ``wish`` runs between any two lines of Python, inside a paint event too, so it may only ask for something later.
    """

    def on_signal(_number: int, _frame: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        wish()

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # such as under nohup
            signal.signal(number, on_signal)


class GarbageRounds:
    """Cyclic garbage is collected here and nowhere else: :meth:`collect` is called by a timer of the window's thread.

    Python otherwise collects in whichever thread crosses a threshold, and a cycle that holds a Qt object then destroys it
    in the simulation thread, which segfaults.
    """

    interval_ms = _YOUNG_MS

    def __init__(self) -> None:
        self._rounds = 0

    def begin(self) -> None:
        """Stop automatic collection and spare everything that start-up made."""
        gc.disable()
        gc.collect()
        gc.freeze()

    def collect(self) -> None:
        """One round: the young generations; all of them about every ten seconds."""
        self._rounds += 1
        gc.collect(2 if self._rounds % _FULL_EVERY == 0 else 1)

    def end(self) -> None:
        """Back to automatic collection, for a program that goes on without a window."""
        gc.unfreeze()
        gc.enable()
