"""Beginning a process beside the window's: by a fresh interpreter, which every system can, and with one line between them."""

from __future__ import annotations

import atexit
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from simulations.core.lanes import processors

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


def has_spare_processor() -> bool:
    """Whether a second process would run beside the first rather than instead of it."""
    return processors() > 1


def spawn(
    target: Callable[..., None], *values: Any, name: str, is_parent: bool = False
) -> tuple[Any, Connection[Any, Any]]:
    """Begin ``target(line, *values)`` in a process of its own; returns it and the near end of the line.

    Only one that ``is_parent`` may begin others; it has to leave by itself when its line closes. Whoever is still there when
    this process ends, is ended then. It never hears of Ctrl+C in the terminal, which is the window's business. Raises
    :class:`OSError`.
    """
    from multiprocessing import get_context  # not before the first paint

    context = get_context("spawn")
    near, far = context.Pipe()
    process = context.Process(target=target, args=(far, *values), name=name, daemon=not is_parent)
    with far, _unheard():
        process.start()
    if is_parent:
        atexit.register(process.terminate)  # as Python does with the others: nobody waits for it at the end
    return process, near


def limit_waiting(line: Connection[Any, Any], seconds: float) -> None:
    """Let ``line`` raise :class:`OSError` when nobody has read what is sent, or gone on with what arrives, for so long.

    Only where a line is a socket.
    """
    if sys.platform == "win32":
        return
    import socket
    import struct

    whole = int(seconds)
    with socket.socket(fileno=os.dup(line.fileno())) as same:
        limit = struct.pack("ll", whole, int((seconds - whole) * 1_000_000))
        for way in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
            same.setsockopt(socket.SOL_SOCKET, way, limit)


@contextmanager
def _unheard() -> Iterator[None]:
    """What begins in here is begun with its ears closed, even before it could close them itself."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
