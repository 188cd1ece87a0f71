"""Every registered configuration, tested from its own declarations."""

import dataclasses
import json
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulations.core.errors import SpecError
from simulations.core.params import from_json, hyperparameters, to_json, validate
from simulations.families import load, registries
from tests.simulations.drawn import configurations, wrong_values

load()
CONFIGURABLE = [registry for registry in registries() if registry.family not in ("probe", "race probe")]
MEMBERS = [pytest.param(registry, entry.cls, id=entry.kind) for registry in CONFIGURABLE for entry in registry]
DECLARED = [
    pytest.param(registry, entry.cls, one, id=f"{entry.kind}.{one.name}")
    for registry in CONFIGURABLE
    for entry in registry
    for one in hyperparameters(entry.cls)
]
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(("registry", "cls"), MEMBERS)
@quick
@given(data=st.data())
def test_any_value_in_range_validates_and_survives_json(registry, cls, data):
    config = data.draw(configurations(cls))
    validate(config)
    assert from_json(registry, json.loads(json.dumps(to_json(config)))) == config


@pytest.mark.parametrize(("registry", "cls", "one"), DECLARED)
@quick
@given(data=st.data())
def test_any_value_out_of_range_is_refused_with_its_path(registry, cls, one, data):
    wrong = data.draw(wrong_values(one))
    with pytest.raises(SpecError) as direct:
        validate(dataclasses.replace(cls(), **{one.name: wrong}), "here")
    with pytest.raises(SpecError) as read:
        from_json(registry, to_json(cls()) | {one.name: wrong}, "here")
    assert direct.value.path.startswith(f"here.{one.name}")
    assert read.value.path.startswith(f"here.{one.name}")
    if one.kind not in ("stack", "numbers"):  # of those, the member that is wrong
        assert direct.value.path == read.value.path == f"here.{one.name}"
    assert str(read.value).startswith(f"here.{one.name}")


@pytest.mark.parametrize(("registry", "cls", "one"), DECLARED)
def test_every_hyperparameter_introduces_itself(registry, cls, one):
    assert one.label != one.name, "give it a label a person can read"
    assert one.help.endswith(".") or one.kind == "variant"
    one.check(one.default, one.name)
    if one.only_if is not None:
        name, values = one.only_if
        (decisive,) = (other for other in hyperparameters(cls) if other.name == name)
        assert all(decisive.check(value, name) is None for value in values)
    if one.scale == "log":
        assert one.low is not None
        assert one.low >= 0  # zero is a logarithmic slider's leftmost place
    assert len(one.labels) == len(one.choices)


@pytest.mark.parametrize(("registry", "cls", "one"), [p for p in DECLARED if p.values[2].kind == "float"])
def test_a_float_written_as_a_whole_number_is_a_float_again(registry, cls, one):
    whole = math.ceil(one.low)
    if whole > one.high:
        pytest.skip("no whole number in range")
    read = from_json(registry, to_json(cls()) | {one.name: whole})
    assert isinstance(getattr(read, one.name), float)


@pytest.mark.parametrize(("registry", "cls"), MEMBERS)
def test_every_member_introduces_itself_in_one_sentence(registry, cls):
    entry = registry.entry(cls.kind)
    assert entry.label
    assert entry.summary.endswith(".")
    assert entry.source
    assert dataclasses.is_dataclass(cls)
    assert hash(cls()) == hash(cls()), "configurations are frozen values"


@pytest.mark.parametrize(("registry", "cls"), MEMBERS)
def test_unknown_names_are_refused_with_the_known_ones(registry, cls):
    with pytest.raises(SpecError, match=r"x\.no_such: unknown"):
        from_json(registry, {"kind": cls.kind, "no_such": 1}, "x")


@pytest.mark.parametrize("registry", CONFIGURABLE, ids=lambda one: one.family)
@pytest.mark.parametrize("wrong", [None, 3, [], "adam", {}, {"kind": 3}, {"kind": ["a"]}])
def test_what_is_no_configuration_at_all_is_refused(registry, wrong):
    with pytest.raises(SpecError, match="here"):
        from_json(registry, wrong, "here")


@pytest.mark.parametrize("registry", CONFIGURABLE, ids=lambda one: one.family)
def test_an_unknown_kind_names_the_known_ones(registry):
    with pytest.raises(SpecError, match=registry.kinds()[-1]):
        from_json(registry, {"kind": "no such"})
