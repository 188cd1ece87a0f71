"""The program's source files, read and parsed once for all architecture tests."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("simulations", "widgets", "app", "assets")


@cache
def modules() -> tuple[str, ...]:
    """Every Python file of the program, relative to the root."""
    return tuple(
        sorted(file.relative_to(ROOT).as_posix() for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    )


@cache
def python_files() -> tuple[str, ...]:
    """The program, its tests and its tools."""
    more = (file for folder in ("tests", "tools") for file in (ROOT / folder).rglob("*.py"))
    return (*modules(), *sorted(file.relative_to(ROOT).as_posix() for file in more))


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(text(name), name)
