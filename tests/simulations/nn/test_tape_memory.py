"""A tape holds at most three times the activations it must, working memory included, whatever the size of the network."""

import tracemalloc

import numpy as np
import pytest

from simulations.nn.layers.conv2d import Conv2D
from simulations.nn.layers.dense import Dense
from simulations.nn.layers.flatten import Flatten
from simulations.nn.layers.recurrence import Recurrence
from simulations.nn.network import Network
from simulations.nn.references import REFERENCES


def activations(network, batch):
    """Bytes of every layer's outputs, and of what a recurrent layer has to remember of all its steps."""
    numbers, shape = 0, network.input_shape
    for layer in network.layers:
        if isinstance(layer, Recurrence):
            (t, d), u = shape, layer.units
            numbers += t * (d + u + len(layer.gate_names) * u + 2 * u)  # input, state, gates, memory and its tanh
        shape = layer.output_shape(shape)
        numbers += int(np.prod(shape))
    return numbers * batch * network.dtype.itemsize


def held_in_arrays(network, batch):
    """Bytes of all arrays that a training tape keeps after a pass both ways; Python's own objects are not among them."""
    x = np.zeros((batch, *network.input_shape), np.float32)
    tracemalloc.start()
    try:
        tape = network.tape(batch, training=True)
        network.forward(x, tape)
        network.backward(tape.d_outputs, tape)
        kept = tracemalloc.take_snapshot()
    finally:
        tracemalloc.stop()
    arrays = kept.filter_traces([tracemalloc.DomainFilter(inclusive=True, domain=np.lib.tracemalloc_domain)])
    return sum(trace.size for trace in arrays.traces)


@pytest.mark.parametrize("batch", ["its own", 256])
@pytest.mark.parametrize("reference", REFERENCES[:7], ids=lambda one: one.name)
def test_a_tape_holds_at_most_three_times_the_activations(reference, batch):
    network = Network(reference.layers, reference.input_shape)
    batch = reference.batch if batch == "its own" else batch
    assert held_in_arrays(network, batch) <= 3 * activations(network, batch)


def test_layers_work_in_the_same_memory():
    one, three = (
        Network([Conv2D(channels=4), *[Conv2D(channels=4)] * more, Flatten(), Dense(3)], (8, 8, 4)) for more in (0, 2)
    )
    sizes = [len(network.tape(16, training=True).position.workspace) for network in (one, three)]
    assert 0 < sizes[1] <= 2 * sizes[0]  # one more, as the lowest layer goes no way back to its input
