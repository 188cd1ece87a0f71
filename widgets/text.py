"""Translation: one catalogue at a time, changed while the program runs.

``_("…")`` is looked up when it is called, so every text is asked for again when the language changes: a view does that
in ``retranslate``. Messages declared in ``simulations`` arrive as English templates and are translated here.
"""

from __future__ import annotations

import gettext
from pathlib import Path

from simulations.core.errors import GradLabError
from simulations.core.text import Verbatim

DOMAIN = "gradlab"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use_language(language: str, locale_dir: Path) -> None:
    """Look texts up in ``language``'s catalogue from now on; ``en`` is the source language and needs none."""
    global _catalogue
    _catalogue = (
        gettext.NullTranslations()
        if language == "en"
        else gettext.translation(DOMAIN, str(locale_dir), languages=[language])
    )


def catalogue() -> object:
    """The present language's, another object for every language: what was worked out of texts holds as long as it stays."""
    return _catalogue


def _(message: str) -> str:
    """``message`` in the current language; a person's own word as it is."""
    if isinstance(message, Verbatim):
        return str(message)
    return _catalogue.gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form for ``count`` in the current language, not yet filled."""
    return _catalogue.ngettext(singular, plural, count)


def sentence(error: GradLabError) -> str:
    """An error as a sentence in the current language; parts that are themselves marked texts are translated too."""
    parts = {name: _said(part) for name, part in error.parts.items()}
    return _(error.template).format(**parts)


def _said(part: object) -> object:
    if isinstance(part, GradLabError):
        return sentence(part)
    return _(part) if isinstance(part, str) else part
