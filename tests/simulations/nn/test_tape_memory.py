"""A tape holds at most three times the activations it must, besides a little working memory that all layers share."""

import tracemalloc

import numpy as np
import pytest

from simulations.nn.layers.recurrence import Recurrence
from simulations.nn.network import Network
from simulations.nn.references import REFERENCES

BATCH = 256
WORKING_MEMORY = 4_000_000  # bytes, whatever the network: what convolutions unfold to, chunk by chunk, on two threads


def activations(network):
    """Bytes of every layer's outputs, and of what a recurrent layer has to remember of all its steps."""
    numbers, shape = 0, network.input_shape
    for layer in network.layers:
        if isinstance(layer, Recurrence):
            (t, d), u = shape, layer.units
            numbers += t * (d + u + len(layer.gate_names) * u + 2 * u)  # input, state, gates, memory and its tanh
        shape = layer.output_shape(shape)
        numbers += int(np.prod(shape))
    return numbers * BATCH * network.dtype.itemsize


@pytest.mark.parametrize("reference", REFERENCES[:7], ids=lambda one: one.name)
def test_a_tape_holds_at_most_three_times_the_activations(reference):
    network = Network(reference.layers, reference.input_shape)
    x = np.zeros((BATCH, *reference.input_shape), np.float32)
    tracemalloc.start()
    try:
        tape = network.tape(BATCH, training=True)
        network.forward(x, tape)
        network.backward(tape.d_outputs, tape)
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert held <= 3 * activations(network) + WORKING_MEMORY
