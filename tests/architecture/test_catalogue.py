"""The Chinese catalogue is complete, current and fills the same places as the source."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest

from tests.architecture.sources import ROOT


@pytest.fixture(scope="module")
def catalogue() -> ModuleType:
    """``tools/catalogue.py``, which is a script and no package."""
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "tools" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["catalogue"] = module
    spec.loader.exec_module(module)
    return module


def test_every_text_is_translated_and_none_is_stale(catalogue: ModuleType) -> None:
    assert not list(catalogue.problems(catalogue.load()))


def test_the_compiled_catalogue_is_current(catalogue: ModuleType) -> None:
    assert catalogue.mo_is_current(catalogue.load()), "run: python tools/catalogue.py compile"


def test_every_quotation_has_the_same_marks(catalogue: ModuleType) -> None:
    texts = [
        text for one in catalogue.load() for text in (one.string if isinstance(one.string, tuple) else [one.string])
    ]
    assert not [text for text in texts if any(mark in text for mark in '「」『』"')]


def test_a_missing_a_stale_and_a_misfilled_text_are_found(catalogue: ModuleType) -> None:
    broken = catalogue.load()
    kept = [one.id for one in broken if isinstance(one.id, str) and "{" in one.id]
    broken.delete(kept[0])
    broken.get(kept[1]).string = "{nothing}"
    broken.add("no such text", "没有")
    found = list(catalogue.problems(broken))
    assert [one.split(":")[0] for one in sorted(found)] == ["missing", "other fields", "stale"]
