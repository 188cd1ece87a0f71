"""Families keep their members apart and know their names."""

import pytest

from simulations.core.errors import SpecError
from simulations.core.registry import Registry
from simulations.families import load, registries


def make() -> Registry:
    family = Registry("fruit")
    for kind in ("pear", "apple"):
        family.register(kind, label=kind.title(), summary="Grows.", source="tree")(type(kind, (), {}))
    return family


def test_a_class_learns_its_kind_and_is_found_by_it():
    family = make()
    assert family["apple"].kind == "apple"
    assert family.entry("apple").label == "Apple"


def test_members_come_in_the_order_of_registration():
    assert make().kinds() == ("pear", "apple")
    assert [entry.kind for entry in make()] == ["pear", "apple"]
    assert len(make()) == 2


def test_a_kind_cannot_be_taken_twice():
    with pytest.raises(ValueError, match="'pear' is registered twice"):
        make().register("pear", label="", summary="")(type("pear", (), {}))


@pytest.mark.parametrize("unknown", ["plum", ["pear"], None])
def test_an_unknown_kind_is_refused_with_the_known_ones(unknown):
    with pytest.raises(SpecError, match=r"basket\[1\]: no fruit is called .*; known are pear, apple") as refused:
        make().entry(unknown, "basket[1]")
    assert refused.value.path == "basket[1]"


def test_membership_is_by_kind():
    assert "pear" in make()
    assert "plum" not in make()


def test_loading_fills_every_family_and_may_be_repeated():
    load()
    counts = [len(registry) for registry in registries()]
    load()
    assert counts == [len(registry) for registry in registries()]
    assert all(counts)
