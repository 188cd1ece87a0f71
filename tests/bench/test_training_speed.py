"""The bench compares like with like and reports what it promises; the ratios themselves are measured by ``gradlab bench``."""

import argparse
import dataclasses
import json

import numpy as np
import pytest

from app.benchmarks.contenders import own_step, torch_steps
from app.benchmarks.training import alternate
from app.cli import bench
from simulations.core.errors import SpecError
from simulations.nn.network import Network
from simulations.nn.references import REFERENCES

SHORT = [dataclasses.replace(one, batch=300 if one.batch > 300 else one.batch) for one in REFERENCES[6:]]


def arguments(*words):
    parser = argparse.ArgumentParser()
    bench.add_arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize("reference", [*REFERENCES[:6], *SHORT], ids=lambda one: one.name)
def test_reference_networks_can_take_a_step(reference):
    own_step(reference)()


@pytest.mark.oracle
@pytest.mark.parametrize("reference", [*REFERENCES[:4], *SHORT], ids=lambda one: one.name)
def test_pytorch_runs_the_same_network(reference):
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    try:
        for step in torch_steps(reference).values():
            step()
    finally:
        torch.set_num_threads(before)


def test_the_parameter_counts_are_those_of_the_papers_networks():
    counts = {one.name: len(Network(one.layers, one.input_shape).theta) for one in REFERENCES}
    assert counts["R1"] == 2 * 8 + 8 + 8 * 8 + 8 + 8 * 2 + 2
    assert counts["R3"] == 784 * 128 + 128 + 128 * 10 + 10
    assert counts["R5"] == 61_706  # LeCun et al. 1998 with full connections between the convolutions


def test_contenders_take_turns():
    calls = []
    alternate({"a": lambda: calls.append("a"), "b": lambda: np.add(1, calls.append("b") or 1)}, rounds=2)
    turns = [name for i, name in enumerate(calls) if i == 0 or calls[i - 1] != name]
    assert turns == ["a", "b", "a", "b", "a", "b"]


def test_json_has_a_row_per_network(capsys):
    assert bench.run(arguments("R1", "--rounds", "1", "--json")) == 0
    (row,) = json.loads(capsys.readouterr().out)["training"]
    assert row["name"] == "R1"
    assert row["gradlab_us"] > 0


def test_unknown_networks_are_refused_in_words():
    with pytest.raises(SpecError, match="R9"):
        bench.run(arguments("R9"))


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["R1", "R4"])
def test_small_networks_train_clearly_faster_than_pytorch(name):
    """Far below what is promised, so that a busy machine is no reason to fail; a lost optimisation is."""
    torch = pytest.importorskip("torch")
    reference = next(one for one in REFERENCES if one.name == name)
    before = torch.get_num_threads()
    try:
        medians = alternate({"gradlab": own_step(reference)} | torch_steps(reference), rounds=5)
    finally:
        torch.set_num_threads(before)
    own = medians.pop("gradlab")
    assert reference.promised is not None
    assert min(medians.values()) / own > min(1.2, reference.promised / 2)
