"""Definitions of this program as source text that stands alone: a method with everything it calls, and nothing else.

What is printed is what runs here, comments included; left out are the annotations and the declarations of ranges, labels and
help, which only a window needs. So a script computes with the very lines that computed the picture.
"""

from __future__ import annotations

import ast
import builtins
import dataclasses
import inspect
import re
import string
import sys
import types
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from simulations.core.errors import GradLabError
from simulations.core.text import N_

_OWN: Final = "simulations."
_PLAIN: Final = ("float", "int", "bool", "str")
_LEFT_OUT: Final = ("check",)  # asked by a window before anything runs
_EXPLAINING: Final = "Worksheet"  # methods that take one write a step out for a person
_BASES_LEFT_OUT: Final = ("ABC", "Protocol")
_LINTERS: Final = re.compile(r"  # (noqa|type: ignore).*")


class Change(NamedTuple):
    """Bytes of a source that are replaced by ``text``."""

    start: int
    end: int
    text: str


class Source:
    """The text of one definition, its tree, and where in the text each node stands."""

    def __init__(self, text: str) -> None:
        self.content = text.encode()
        self.tree = ast.parse(text)
        self._lines = [0]
        for line in self.content.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def start(self, node: ast.AST) -> int:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        return self._lines[line - 1] + int(column)

    def end(self, node: ast.AST) -> int:
        line, column = getattr(node, "end_lineno", 1), getattr(node, "end_col_offset", 0)
        return self._lines[line - 1] + int(column)

    def line_of(self, node: ast.stmt) -> int:
        """Where the first line of ``node`` begins, decorators included."""
        first = min(int(one.lineno) for one in [node, *getattr(node, "decorator_list", [])])
        return self._lines[first - 1]

    def text(self, start: int, end: int, changes: list[Change]) -> str:
        """The bytes from ``start`` to ``end`` with those of ``changes`` that lie there carried out."""
        content = self.content
        parts, at = [], start
        for one in sorted(set(changes)):
            if start <= one.start and one.end <= end:
                parts += [content[at : one.start].decode(), one.text]
                at = one.end
        parts.append(content[at:end].decode())
        return "\n".join(_LINTERS.sub("", line).rstrip() for line in "".join(parts).split("\n"))


class Embedding:
    """Gathers definitions in an order in which each comes after those it uses, and the imports they need.

    ``instead`` gives simpler definitions for names of this program.
    """

    def __init__(self, instead: Mapping[str, str] | None = None) -> None:
        self.imports: set[str] = set()
        self.definitions: list[str] = []
        self._instead = instead or {}
        self._names: dict[tuple[str, str], str] = {}  # (module, name there) → name here
        self._taken: set[str] = set(dir(builtins))

    def add(self, value: type | types.FunctionType) -> str:
        """Make a class or function of this program available; the name it has here."""
        return self._available(value.__module__, value.__name__)

    def built(self, config: Any) -> str:
        """A call that builds the dataclass ``config``: what it does not say is the default."""
        said = [
            f"{one.name}={self._value(getattr(config, one.name))}"
            for one in dataclasses.fields(config)
            if one.name == "learning_rate" or getattr(config, one.name) != one.default
        ]
        return f"{self.add(type(config))}({', '.join(said)})"

    def _value(self, value: Any) -> str:
        return self.built(value) if dataclasses.is_dataclass(value) else repr(value)

    def text(self) -> str:
        """The definitions, as far apart as people write them: constants in a row, anything else two lines apart."""
        parts: list[str] = []
        for one in self.definitions:
            is_constant = one[0] == "_" or one[0].isupper()
            follows = bool(parts) and is_constant and parts[-1][0] in "_" + string.ascii_uppercase
            parts[-1:] = [f"{parts[-1]}\n{one}"] if follows else [*parts[-1:], one]
        return "\n\n\n".join(parts)

    def _available(self, module: str, name: str) -> str:
        key = (module, name)
        if key not in self._names:
            text = name
            while text in self._taken:  # another module's private name
                text = f"{text}_"
            self._names[key] = text
            self._taken.add(text)
            self.definitions.append(self._definition(module, name))
        return self._names[key]

    def _definition(self, module: str, name: str) -> str:
        if name in self._instead:
            return self._instead[name]
        value = getattr(sys.modules[module], name)
        if isinstance(value, type):
            return self._class(value)
        source = Source(_source_of(value) if callable(value) else _assignment(module, name))
        return source.text(0, len(source.content), self._changes(source, source.tree, module)).strip("\n")

    def _class(self, cls: type) -> str:
        source = Source(_source_of(cls))
        node = source.tree.body[0]
        assert isinstance(node, ast.ClassDef)
        changes = self._changes(source, node, cls.__module__, skip=_declared(node))
        bases = [ast.unparse(one) for one in node.bases if ast.unparse(one) not in _BASES_LEFT_OUT]
        known = [one if one == "NamedTuple" else self._name(one, cls.__module__) for one in bases]
        if "NamedTuple" in bases:
            self.imports.add("from typing import NamedTuple")
        name = self._names[cls.__module__, cls.__name__]
        lines = [f"class {name}({', '.join(known)}):" if known else f"class {name}:"]
        if dataclasses.is_dataclass(cls):
            self.imports.add("from dataclasses import dataclass")
            lines.insert(0, "@dataclass(frozen=True)")
        parts = [_documented(source, node), "\n".join(self._fields(cls, node))]
        parts += [source.text(source.line_of(one), source.end(one), changes) for one in _methods(node)]
        return "\n".join([*lines, "\n\n".join(part for part in parts if part)])

    def _fields(self, cls: type, node: ast.ClassDef) -> Iterator[str]:
        """The fields declared here, each with its plain default."""
        is_dataclass = dataclasses.is_dataclass(cls)
        defaults = {one.name: one.default for one in dataclasses.fields(cls)} if is_dataclass else {}
        for one in node.body:
            if not isinstance(one, ast.AnnAssign) or not isinstance(one.target, ast.Name):
                continue
            name, annotation = one.target.id, ast.unparse(one.annotation)
            if "ClassVar" in annotation:
                continue
            kind = annotation if annotation in _PLAIN else "np.ndarray" if "Array" in annotation else "object"
            default = defaults.get(name, dataclasses.MISSING)
            yield f"    {name}: {kind}" + ("" if default is dataclasses.MISSING else f" = {self._value(default)}")

    def _changes(
        self, source: Source, node: ast.AST, module: str, skip: frozenset[ast.AST] = frozenset()
    ) -> list[Change]:
        """Annotations left out, names of this program replaced by those they have here."""
        found: list[Change] = []
        ignored: set[ast.AST] = set()
        for one in _walk(node, skip):
            for annotation, change in _annotations(source, one):
                found.append(change)
                ignored.update(ast.walk(annotation))
        own = _stored(node)
        for one in _walk(node, skip):
            if isinstance(one, ast.Name) and one not in ignored and one.id not in own:
                name = self._name(one.id, module)
                if name != one.id:
                    found.append(Change(source.start(one), source.end(one), name))
        return found

    def _name(self, name: str, module: str) -> str:
        """What ``name``, as ``module`` understands it, is called here."""
        place = sys.modules[module]
        if name == "final" or not hasattr(place, name):
            return name
        value = getattr(place, name)
        if isinstance(value, types.ModuleType):
            path = value.__name__
            self.imports.add(f"import {path}" if path == name else f"import {path} as {name}")
            return name
        home = getattr(value, "__module__", None) if callable(value) else _home(module, name)
        if home is None:
            return name
        if home.startswith(_OWN):
            return self._available(home, name)
        self.imports.add(f"from {home} import {name}")
        return name


def _source_of(value: Any) -> str:
    try:
        return inspect.getsource(value)
    except (OSError, TypeError) as error:
        raise GradLabError(
            N_("A script cannot be written: the source of {name} is not part of this installation."),
            name=value.__name__,
        ) from error


def _home(module: str, name: str) -> str | None:
    """The module of this program that assigns the constant ``name``, which ``module`` may have imported."""
    for node in _module_tree(module).tree.body:
        if isinstance(node, ast.ImportFrom) and any((one.asname or one.name) == name for one in node.names):
            return node.module if (node.module or "").startswith(_OWN) else None
        if name in _targets(node):
            return module
    return None


@lru_cache(maxsize=64)
def _module_tree(module: str) -> Source:
    return Source(_source_of(sys.modules[module]))


def _assignment(module: str, name: str) -> str:
    """The statement that assigns the constant ``name``, with the comment beside it."""
    source = _module_tree(module)
    node = next(one for one in source.tree.body if name in _targets(one))
    end = source.content.find(b"\n", source.end(node))
    return source.content[source.start(node) : end].decode()


def _targets(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    return set()


def _walk(node: ast.AST, skip: frozenset[ast.AST]) -> Iterator[ast.AST]:
    if node in skip:
        return
    yield node
    for one in ast.iter_child_nodes(node):
        yield from _walk(one, skip)


def _annotations(source: Source, node: ast.AST) -> Iterator[tuple[ast.expr, Change]]:
    """The annotations that belong to ``node`` itself, and what leaves each out."""
    if isinstance(node, ast.arguments):
        plain = [*node.posonlyargs, *node.args]
        defaults = dict(zip(plain[len(plain) - len(node.defaults) :], node.defaults, strict=True))
        defaults |= {one: found for one, found in zip(node.kwonlyargs, node.kw_defaults, strict=True) if found}
        for one in filter(None, (*plain, *node.kwonlyargs, node.vararg, node.kwarg)):
            if one.annotation is not None:
                start = source.start(one) + len(one.arg.encode())
                default = defaults.get(one)
                end, text = (source.end(one), "") if default is None else (source.start(default), "=")
                yield one.annotation, Change(start, end, text)
    elif isinstance(node, ast.FunctionDef) and node.returns is not None:
        start = source.content.rindex(b" ->", 0, source.start(node.returns))
        yield node.returns, Change(start, source.end(node.returns), "")
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield node.annotation, Change(source.end(node.target), source.end(node.annotation), "")


def _stored(node: ast.AST) -> set[str]:
    """Names that functions of ``node`` give to values of their own."""
    found = {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
    functions = [one for one in ast.walk(node) if isinstance(one, ast.FunctionDef)]
    names = (one for function in functions for one in ast.walk(function) if isinstance(one, ast.Name))
    return found | {one.id for one in names if isinstance(one.ctx, ast.Store)}


def _declared(node: ast.ClassDef) -> frozenset[ast.AST]:
    """The parts of a class that are not copied: its decorators, bases, fields and what only a window asks."""
    kept = set(_methods(node))
    decorators = (one for method in kept for one in method.decorator_list if ast.unparse(one) == "final")
    return frozenset([*node.decorator_list, *node.bases, *(one for one in node.body if one not in kept), *decorators])


def _methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name not in _LEFT_OUT]
    return [one for one in methods if not _is_idle(one)]


def _is_idle(method: ast.FunctionDef) -> bool:
    """Whether nothing that runs a race calls ``method``."""
    marks = [ast.unparse(one) for one in method.decorator_list]
    taken = [ast.unparse(one.annotation) for one in method.args.args if one.annotation is not None]
    return "abstractmethod" in marks or _EXPLAINING in taken


def _documented(source: Source, node: ast.ClassDef) -> str:
    first = node.body[0]
    has_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return source.text(source.line_of(first), source.end(first), []) if has_text else ""
