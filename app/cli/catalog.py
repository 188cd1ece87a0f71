"""``gradlab catalog``: everything that is registered, with its hyperparameters, as a table or as JSON."""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from simulations.core.errors import SpecError
from simulations.core.text import N_

if TYPE_CHECKING:
    from simulations.core.params import Hyperparameter
    from simulations.core.registry import Entry, Registry

NAME = "catalog"
HELP = "list layers, losses, optimizers, initialisers, data sources and presets with their hyperparameters"
WIDTH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", metavar="KIND", help="one family (optimizer) or one member (adam)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(arguments: argparse.Namespace) -> int:
    """Print the catalogue, or the part that is asked for. Raises :class:`SpecError` when there is no such part."""
    chosen = _chosen(_everything(), arguments.what)
    print(json.dumps(chosen, ensure_ascii=False, indent=2) if arguments.json else _table(chosen))
    return 0


def _everything() -> dict[str, list[dict[str, Any]]]:
    from simulations.documents.presets import load_preset, preset_names
    from simulations.families import load, registries

    load()
    found = {registry.family: [_member(entry) for entry in registry] for registry in registries()}
    found["preset"] = [
        {"kind": one.name, "label": one.title, "summary": one.sentence, "source": "", "hyperparameters": []}
        for one in map(load_preset, preset_names())
    ]
    return found


def _member(entry: Entry[Any]) -> dict[str, Any]:
    from simulations.core.params import hyperparameters

    return {
        "kind": entry.kind,
        "label": entry.label,
        "summary": entry.summary,
        "source": entry.source,
        "hyperparameters": [_hyperparameter(one) for one in hyperparameters(entry.cls)],
    }


def _hyperparameter(one: Hyperparameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "type": one.kind,
        "default": _default(one),
        "low": one.low,
        "high": one.high,
        "range": "" if one.low is None and one.high is None else one.range_text(),
        "scale": one.scale,
        "unit": one.unit,
        "choices": _choices(one.registry) if one.registry is not None else list(one.choices),
        "live": one.live,
        "label": one.label,
        "help": one.help,
    }


def _default(one: Hyperparameter) -> Any:
    if one.kind == "stack":
        return [member.kind for member in one.default]
    return getattr(one.default, "kind", one.default)


def _choices(registry: Registry[Any]) -> list[str]:
    return list(registry.kinds())


def _chosen(everything: dict[str, list[dict[str, Any]]], what: str | None) -> dict[str, list[dict[str, Any]]]:
    if what is None:
        return everything
    wanted = what.lower().replace("_", " ").replace("-", " ")
    for family, members in everything.items():
        if wanted in (family, f"{family}s"):
            return {family: members}
    found = {
        family: [one for one in members if one["kind"].lower().replace("_", " ").replace("-", " ") == wanted]
        for family, members in everything.items()
    }
    found = {family: members for family, members in found.items() if members}
    if not found:
        raise SpecError(
            N_("{path}: nothing is called {received!r}; families are {known}"),
            path="catalog",
            received=what,
            known=", ".join(everything),
        )
    return found


def _table(chosen: dict[str, list[dict[str, Any]]]) -> str:
    return "\n".join(line for family, members in chosen.items() for line in _family(family, members)).rstrip()


def _family(family: str, members: Iterable[dict[str, Any]]) -> Iterable[str]:
    yield family.upper()
    for member in members:
        yield f"  {member['kind']}  ({member['label']})"
        yield from textwrap.wrap(member["summary"], WIDTH, initial_indent="    ", subsequent_indent="    ")
        if member["source"]:
            yield from textwrap.wrap(member["source"], WIDTH, initial_indent="    → ", subsequent_indent="      ")
        rows = [_row(one) for one in member["hyperparameters"]]
        widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
        for name, default, allowed, live in rows:
            cells = f"{name:<{widths[0]}}  {default:<{widths[1]}}  {allowed:<{widths[2]}}  {live}"
            yield f"      {cells.rstrip()}"
    yield ""


def _row(one: dict[str, Any]) -> tuple[str, str, str, str]:
    allowed = " | ".join(part for part in (*one["choices"], one["range"]) if part)
    if one["type"] == "bool":
        allowed = "true | false"
    default = str(one["default"]).lower() if isinstance(one["default"], bool) else str(one["default"])
    return one["name"], default, f"{allowed} {one['unit']}".rstrip(), "live" if one["live"] else ""
