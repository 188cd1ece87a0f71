"""The door: ``gradlab`` opens the window, ``gradlab VERB …`` runs one verb of the command line.

This module stays light. It sets the thread count of the linear algebra before NumPy is imported and imports only the
verb that was asked for.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Callable, Sequence
from functools import partial
from types import ModuleType
from typing import Any, NoReturn, cast

from simulations.core.text import N_

_BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_MOST_BLAS_THREADS = 4  # small matrices gain nothing beyond; measured


def limit_blas_threads() -> None:
    """Leave one core to the window, unless the environment says otherwise. Only works before NumPy is imported."""
    count = max(1, min(_MOST_BLAS_THREADS, (os.cpu_count() or 2) - 1))
    for name in _BLAS_THREADS:
        os.environ.setdefault(name, str(count))


def verb_names() -> tuple[str, ...]:
    """The modules of ``app.cli`` that may hold a verb, found without importing one."""
    import app.cli

    return tuple(found.name for found in pkgutil.iter_modules(app.cli.__path__))


class _Parser(argparse.ArgumentParser):
    """Answers wrong words with one line and exit code 2; the usage is a ``--help`` away, said through ``words``."""

    def __init__(self, *args: Any, words: Callable[[str], str] = str, **kept: Any) -> None:
        self._words = words
        super().__init__(*args, **kept)

    def add_argument(self, *names: Any, **kept: Any) -> argparse.Action:
        if "help" in kept:
            kept["help"] = self._words(kept["help"])
        return super().add_argument(*names, **kept)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} ({self.prog} --help)\n")


def _verb(name: str) -> ModuleType | None:
    module = importlib.import_module(f"app.cli.{name}")
    return module if hasattr(module, "run") else None


def _parser(wanted: str | None) -> argparse.ArgumentParser:
    """The whole parser, or for a known verb only its part: the others stay unimported."""
    words, formatter = _speech()
    about = N_("A desktop laboratory for deep learning. Without a verb the window opens.")
    parser = _Parser(prog="gradlab", description=words(about), words=words, formatter_class=formatter)
    parser.add_argument("--version", action="store_true", help=N_("print the version and leave"))
    made = cast("type[_Parser]", partial(_Parser, words=words, formatter_class=formatter))
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", parser_class=made)
    for name in [wanted] if wanted else verb_names():
        module = _verb(name)
        if module is not None:
            part = verbs.add_parser(module.NAME, help=words(module.HELP), description=words(module.HELP))
            module.add_arguments(part)
            part.set_defaults(run=module.run)
    return parser


def _speech() -> tuple[Callable[[str], str], type[argparse.HelpFormatter]]:
    """What translates help, and what lays it out. English needs neither, and what does it is loaded only then."""
    if any(os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")):
        from app.command_help import Wrapped, words

        if (found := words()) is not str:
            return found, Wrapped
    return str, argparse.HelpFormatter


def version() -> str:
    """The installed version."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("gradlab")
    except PackageNotFoundError:
        return "0.1.0 (not installed)"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code: 0 well, 1 failed, 2 bad input."""
    limit_blas_threads()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments:
        arguments = ["window"]
    if arguments[0] == "--version":
        print(version())
        return 0
    wanted = arguments[0] if arguments[0] in verb_names() else None
    parsed = _parser(wanted).parse_args(arguments)
    return _run(parsed)


def _run(parsed: argparse.Namespace) -> int:
    from simulations.core.errors import GradLabError

    try:
        code = int(parsed.run(parsed))
        if sys.stdout is not None:  # a windowed program has none
            sys.stdout.flush()
        return code
    except GradLabError as error:
        from app.terminal import complaint

        print(complaint(error, getattr(parsed, "lang", None)), file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as head, has seen enough; nothing may be flushed to it at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
