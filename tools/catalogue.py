"""The translation catalogue from the command line: extract, update, import, compile, check.

A stand-alone script of the standard library and Babel, so that it runs wherever the tests run::

    python tools/catalogue.py check                 what is missing, stale, fuzzy or badly filled; exit 1 if anything is
    python tools/catalogue.py update                take new texts into the catalogue, drop those no longer used
    python tools/catalogue.py import FILE.json …    fill in translations: {"text": "译文", "one|many": "译文"}
    python tools/catalogue.py compile               write the .mo that the program reads
"""

from __future__ import annotations

import argparse
import io
import json
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("simulations", "widgets", "app")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
LOCALE = "zh_CN"
PO = ROOT / "assets" / "locale" / LOCALE / "LC_MESSAGES" / "gradlab.po"


def extract() -> Catalog:
    """Every marked text of the program, with the files it stands in."""
    found = Catalog(locale=LOCALE)
    for package in PACKAGES:
        rows = extract_from_dir(
            ROOT / package, [("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",)
        )
        for name, _line, text, comments, context in rows:
            found.add(text, locations=[(f"{package}/{name}", 0)], auto_comments=comments, context=context)
    return found


def load(po: Path = PO) -> Catalog:
    """The catalogue as it stands; empty when there is none yet."""
    if not po.exists():
        return Catalog(locale=LOCALE, domain="gradlab")
    with po.open("rb") as stream:
        return read_po(stream, locale=LOCALE, domain="gradlab")


def updated(catalogue: Catalog) -> Catalog:
    """``catalogue`` with exactly the texts of the program, keeping the translations that still apply."""
    fresh = Catalog(
        locale=LOCALE, domain="gradlab", project="GradLab", header_comment="# GradLab, 简体中文", fuzzy=False
    )
    for message in sorted(extract(), key=lambda one: (one.locations, str(one.id))):
        if not message.id:
            continue
        known = catalogue.get(message.id)
        text = known.string if known is not None and not known.fuzzy else None
        places = sorted({(name, 0) for name, _ in message.locations})
        fresh.add(message.id, text, locations=places, auto_comments=message.auto_comments)
    return fresh


def write(catalogue: Catalog, po: Path = PO) -> None:
    """Store ``catalogue`` in a form whose differences are readable: no line numbers, no dates."""
    stream = io.BytesIO()
    write_po(stream, catalogue, width=120, include_lineno=False, ignore_obsolete=True)
    lines = stream.getvalue().decode().splitlines(keepends=True)
    idle = (
        "POT-Creation",
        "PO-Revision",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
        "Report-Msgid",
        "Project-Id",
    )
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_text("".join(line for line in lines if not line.startswith(tuple(f'"{one}' for one in idle))), "utf-8")


def compiled(catalogue: Catalog) -> bytes:
    """The bytes of the ``.mo``."""
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def fill(catalogue: Catalog, translations: dict[str, str]) -> list[str]:
    """Put ``translations`` in; returns the texts the program does not have (any more)."""
    plurals = {"|".join(one.id): one for one in catalogue if isinstance(one.id, tuple)}
    unknown = []
    for text, translation in translations.items():
        if text in plurals:
            plurals[text].string = (translation,)
        elif catalogue.get(text) is not None:
            catalogue.get(text).string = translation
        else:
            unknown.append(text)
    return unknown


def problems(catalogue: Catalog) -> Iterator[str]:
    """What keeps ``catalogue`` from being complete, a line each."""
    wanted = {message.id: message for message in extract() if message.id}
    present = {message.id: message for message in catalogue if message.id}
    yield from (f"missing: {text!r}" for text in wanted.keys() - present.keys())
    yield from (f"stale: {text!r}" for text in present.keys() - wanted.keys())
    for text, message in present.items():
        if message.fuzzy:
            yield f"fuzzy: {text!r}"
        elif not _forms(message.string) or not all(_forms(message.string)):
            yield f"not translated: {text!r}"
        elif not _same_fields(message):
            yield f"other fields: {text!r} and {message.string!r}"


def mo_is_current(catalogue: Catalog, po: Path = PO) -> bool:
    """Whether the ``.mo`` beside ``po`` says what ``catalogue`` says."""
    mo = po.with_suffix(".mo")
    if not mo.exists():
        return False
    with mo.open("rb") as stream:
        return _content(read_mo(stream)) == _content(catalogue)


def _content(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {_forms(one.id): _forms(one.string) for one in catalogue if one.id and all(_forms(one.string))}


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str) or text is None else tuple(text)


def fields(text: str) -> list[str]:
    """The named places to fill in ``text``, with their formats, sorted."""
    return sorted(f"{name}!{conversion}:{spec}" for _, name, spec, conversion in string.Formatter().parse(text) if name)


def _same_fields(message: Message) -> bool:
    """Each translated form fills what the (last, for plurals) source form fills."""
    source = fields(_forms(message.id)[-1])
    return all(fields(form) == source for form in _forms(message.string))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["check", "update", "import", "compile"])
    parser.add_argument("files", nargs="*", type=Path, help="JSON files for import")
    options = parser.parse_args(arguments)
    catalogue = load()
    if options.action == "check":
        found = sorted(problems(catalogue))
        if not mo_is_current(catalogue):
            found.append("the .mo is older than the .po: run compile")
        print("\n".join(found) or f"{len(catalogue)} texts, complete")
        return bool(found)
    if options.action == "compile":
        PO.with_suffix(".mo").write_bytes(compiled(catalogue))
        return 0
    catalogue = updated(catalogue)
    for file in options.files:
        for text in fill(catalogue, json.loads(file.read_text("utf-8"))):
            print(f"{file.name}: not in the program: {text!r}", file=sys.stderr)
    write(catalogue)
    return 0


if __name__ == "__main__":
    sys.exit(main())
