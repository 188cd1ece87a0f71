"""Reading documents: one JSON file of a sane size, whose format says whether it is an experiment or a race."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from simulations.core.errors import FileError
from simulations.core.text import N_

RACE_FORMAT: Final = "gradlab-race"
LARGEST_FILE_BYTES: Final = 8_000_000  # a hundred layers are 30 kB, the largest teacher 5 MB; more is no document


def read_json(path: Path) -> object:
    """What the JSON file ``path`` holds. Raises :class:`FileError` in words when it cannot be read or is not JSON."""
    try:
        return json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise FileError(  # what Python says of it is English only
            N_("{file} is not JSON from line {line}, character {column} on"),
            file=str(path),
            line=error.lineno,
            column=error.colno,
        ) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; brackets nested without end
        raise FileError(N_("{file} is not a document of GradLab"), file=str(path)) from error


def format_of(data: object) -> str:
    """What a document says it is; "" when it says nothing."""
    found = data.get("format") if isinstance(data, Mapping) else None
    return found if isinstance(found, str) else ""


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        raise FileError(N_("{file} does not exist"), file=str(path)) from None
    except OSError as error:
        raise FileError(N_("{file} cannot be read: {reason}"), file=str(path), reason=error.strerror) from error
    if len(content) > LARGEST_FILE_BYTES:
        raise FileError(N_("{file} is too large for a document of GradLab"), file=str(path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(N_("{file} is not a text file"), file=str(path)) from error
