"""Mistakes a person can make, each raised where it is known and carrying its parts.

An error holds an English template and the values that fill it, never a finished sentence: ``str(error)`` is the English
form for logs and the command line, and the window translates ``error.template`` before filling it.
"""

from __future__ import annotations


class GradLabError(Exception):
    """A mistake that has a sentence of its own: what was expected, what came, what to do.

    ``template`` is an English format string marked with ``N_``; ``parts`` fill its named fields.
    """

    def __init__(self, template: str, **parts: object) -> None:
        super().__init__(template, parts)
        self.template = template
        self.parts = parts

    def __str__(self) -> str:
        return self.template.format(**self.parts)

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross between processes as they are, whatever their constructors ask for."""
        return _again, (type(self), self.args), self.__dict__


def _again(cls: type[GradLabError], args: tuple[object, ...]) -> GradLabError:
    return cls.__new__(cls, *args)


class SpecError(GradLabError):
    """A value in a document or form that cannot be used. ``path`` names it, e.g. ``layers[2].kernel``."""

    def __init__(self, template: str, *, path: str, **parts: object) -> None:
        super().__init__(template, path=path, **parts)
        self.path = path


class ShapeError(GradLabError):
    """Layers that do not fit each other. ``layer_index`` is the card to show it on, None for the whole network."""

    def __init__(self, template: str, *, layer_index: int | None = None, **parts: object) -> None:
        super().__init__(template, **parts)
        self.layer_index = layer_index


class DataError(GradLabError):
    """Data that cannot be used: empty, malformed, or too small for what is asked of it."""


class FileError(GradLabError):
    """A file that cannot be read or written."""
