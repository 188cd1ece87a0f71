"""``gradlab catalog``: everything that is registered, with its hyperparameters, as a table or as JSON.

The JSON says every text in every language: English where it stands, the others under ``translations``.
"""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from simulations.core.errors import SpecError
from simulations.core.text import N_

if TYPE_CHECKING:
    from simulations.core.params import Hyperparameter
    from simulations.core.registry import Entry, Registry
    from simulations.optimizers.base import Optimizer

NAME = "catalog"
HELP = N_(
    "list layers, losses, optimizers, surfaces, data sources, settings, presets and races with their hyperparameters"
)
WIDTH = 100
_DEFAULT_WIDTH = 24
_OTHERS = ("zh_CN",)  # the languages beside English
_ONLY = {"train": N_("for networks only"), "race": N_("for races only")}
_FILLS_A_CELL = 2  # a Chinese letter is as wide as two Latin ones


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", metavar="KIND", help=N_("one family (optimizer) or one member (adam)"))
    parser.add_argument(
        "--json", action="store_true", help=N_("print JSON, with the texts in every language, not a table")
    )
    parser.add_argument("--lang", choices=("en", *_OTHERS), default="en", help=N_("language of the table"))


def run(arguments: argparse.Namespace) -> int:
    """Print the catalogue, or the part that is asked for. Raises :class:`SpecError` when there is no such part."""
    chosen = _chosen(_everything(), arguments.what)
    print(json.dumps(chosen, ensure_ascii=False, indent=2) if arguments.json else _table(chosen, arguments.lang))
    return 0


def _say(language: str) -> Callable[[str], str]:
    """How a text is said in ``language``."""
    import gettext

    import assets
    from widgets.text import DOMAIN

    found = gettext.translation(DOMAIN, str(assets.path("locale")), languages=[language])
    return lambda text: found.gettext(text) if text else ""


def _translated(**texts: str | list[str]) -> dict[str, dict[str, Any]]:
    """``texts`` in every language but English."""
    return {
        language: {
            name: [say(one) for one in text] if isinstance(text, list) else say(text) for name, text in texts.items()
        }
        for language in _OTHERS
        for say in [_say(language)]
    }


def _everything() -> dict[str, list[dict[str, Any]]]:
    from simulations.documents.presets import load_preset, preset_names
    from simulations.documents.race_presets import load_race_preset, race_preset_names
    from simulations.families import load, registries

    load()
    found = {registry.family: [_member(entry) for entry in registry] for registry in registries()}
    found[N_("setting")] = [_setting(one) for one in settings()]
    found["preset"] = [
        _introduced(one.name, one.title, one.sentence, "", []) for one in map(load_preset, preset_names())
    ]
    found["race"] = [
        _introduced(one.name, one.title, one.sentence, "", []) for one in map(load_race_preset, race_preset_names())
    ]
    return found


def settings() -> list[Hyperparameter]:
    """What an experiment says besides its choices from the families: how the data are prepared, penalties, batches."""
    from simulations.core.params import hyperparameters
    from simulations.documents.experiment import DataSpec, ExperimentSpec

    return [one for spec in (DataSpec, ExperimentSpec) for one in hyperparameters(spec) if one.registry is None]


def _setting(one: Hyperparameter) -> dict[str, Any]:
    from simulations.documents.experiment import SOURCES

    return _introduced(one.name, one.label, one.help, SOURCES[one.name], [_hyperparameter(one)])


def _member(entry: Entry[Any]) -> dict[str, Any]:
    from simulations.core.params import hyperparameters
    from simulations.optimizers.base import Optimizer

    declared = [_hyperparameter(one) for one in hyperparameters(entry.cls)]
    found = _introduced(entry.kind, entry.label, entry.summary, entry.source, declared)
    return found | {"used_in": _workspaces(entry.cls())} if issubclass(entry.cls, Optimizer) else found


def _workspaces(optimizer: Optimizer) -> list[str]:
    """Where a method can be chosen: it may ask for something a network, or a surface, does not offer."""
    from simulations.optimizers.base import NETWORK, SURFACE

    offers = {"train": NETWORK, "race": SURFACE}
    return [name for name, offered in offers.items() if set(optimizer.needs) <= set(offered)]


def _introduced(kind: str, label: str, summary: str, source: str, declared: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "kind": kind,
        "label": label,
        "summary": summary,
        "source": source,
        "translations": _translated(label=label, summary=summary),
        "hyperparameters": declared,
    }


def _hyperparameter(one: Hyperparameter) -> dict[str, Any]:
    labels = [] if one.registry is not None else list(one.labels)
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
        "labels": labels,
        "family": one.registry.family if one.registry is not None else "",
        "live": one.live,
        "only_if": {one.only_if[0]: list(one.only_if[1])} if one.only_if is not None else {},
        "label": one.label,
        "help": one.help,
        "translations": _translated(label=one.label, help=one.help, unit=one.unit, labels=labels),
    }


def _default(one: Hyperparameter) -> Any:
    if one.kind == "stack":
        return [member.kind for member in one.default]
    if one.kind == "record":
        return one.default.to_json()
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


def _table(chosen: dict[str, list[dict[str, Any]]], language: str) -> str:
    lines = (line for family, members in chosen.items() for line in _family(family, members, language))
    return "\n".join(lines).rstrip()


def _family(family: str, members: Iterable[dict[str, Any]], language: str) -> Iterable[str]:
    yield (_say(language)(family) if language in _OTHERS else family).upper()
    for member in members:
        texts = member["translations"].get(language, member)
        yield f"  {member['kind']}  ({texts['label']})"
        yield from _wrapped(texts["summary"], "    ")
        if member["source"]:
            yield from _wrapped(f"→ {member['source']}", "    ", "      ")
        only = member.get("used_in", ())
        if len(only) == 1:
            yield f"    {_say(language)(_ONLY[only[0]]) if language in _OTHERS else _ONLY[only[0]]}"
        rows = [_row(one) for one in member["hyperparameters"]]
        widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
        for name, default, allowed, live in rows:
            cells = f"{name:<{widths[0]}}  {default:<{widths[1]}}  {allowed:<{widths[2]}}  {live}"
            yield f"      {cells.rstrip()}"
    yield ""


def _wrapped(text: str, first: str, later: str = "") -> list[str]:
    """``text`` in lines of at most :data:`WIDTH` cells; Chinese has no spaces and breaks after any letter."""
    width = WIDTH if text.isascii() or len(text.encode()) < 2 * len(text) else WIDTH // _FILLS_A_CELL
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=later or first)


def _row(one: dict[str, Any]) -> tuple[str, str, str, str]:
    allowed = " | ".join(part for part in (*one["choices"], one["range"]) if part)
    default = str(one["default"]).lower() if isinstance(one["default"], bool) else str(one["default"])
    default = textwrap.shorten(default, _DEFAULT_WIDTH, placeholder="…")
    if one["type"] == "bool":
        allowed = "true | false"
    elif one["type"] == "stack":
        default, allowed = " ".join(one["default"]) or "–", f"any {one['family']}s"
    elif one["type"] == "variant":
        allowed = f"any {one['family']}"
    return one["name"], default, f"{allowed} {one['unit']}".rstrip(), "live" if one["live"] else ""
