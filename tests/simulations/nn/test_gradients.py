"""Every registered layer and loss is the derivative of itself: a new one is checked before its author writes a test."""

import dataclasses
import itertools

import pytest

from simulations import families
from simulations.core.params import hyperparameters
from simulations.nn.gradient_check import (
    INPUT_SHAPES,
    TOLERANCE,
    accepted_shapes,
    layer_error,
    loss_error,
    network_error,
)
from simulations.nn.layers.average_pool2d import AveragePool2D
from simulations.nn.layers.base import LAYERS
from simulations.nn.layers.batch_norm import BatchNorm
from simulations.nn.layers.conv2d import Conv2D
from simulations.nn.layers.conv_transpose2d import ConvTranspose2D
from simulations.nn.layers.dense import Dense
from simulations.nn.layers.dropout import Dropout
from simulations.nn.layers.embedding import Embedding
from simulations.nn.layers.flatten import Flatten
from simulations.nn.layers.gelu import GELU
from simulations.nn.layers.global_average_pool import GlobalAveragePool
from simulations.nn.layers.group_norm import GroupNorm
from simulations.nn.layers.gru import GRU
from simulations.nn.layers.layer_norm import LayerNorm
from simulations.nn.layers.leaky_relu import LeakyReLU
from simulations.nn.layers.locally_connected2d import LocallyConnected2D
from simulations.nn.layers.lstm import LSTM
from simulations.nn.layers.max_pool2d import MaxPool2D
from simulations.nn.layers.maxout import Maxout
from simulations.nn.layers.parallel import Parallel
from simulations.nn.layers.prelu import PReLU
from simulations.nn.layers.reshape import Reshape
from simulations.nn.layers.residual import Residual
from simulations.nn.layers.sigmoid import Sigmoid
from simulations.nn.layers.silu import SiLU
from simulations.nn.layers.simple_rnn import SimpleRNN
from simulations.nn.layers.spatial_dropout import SpatialDropout
from simulations.nn.layers.tanh import Tanh
from simulations.nn.losses.base import LOSSES
from simulations.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy
from simulations.nn.losses.squared_error import SquaredError
from tests.oracles.networks.cases import NETWORKS as COMPOSED

families.load()


@pytest.mark.parametrize("kind", LAYERS.kinds())
@pytest.mark.parametrize("training", [True, False])
def test_every_layer_equals_its_finite_difference(kind, training):
    layer = LAYERS[kind]()
    shapes = accepted_shapes(layer)
    assert shapes, "no shape of INPUT_SHAPES suits this layer: add one"
    for shape, n in itertools.product(shapes, (1, 3)):
        assert layer_error(layer, shape, n=n, training=training) <= TOLERANCE


@pytest.mark.parametrize("kind", LAYERS.kinds())
def test_every_choice_of_every_layer_equals_its_finite_difference(kind):
    layer = LAYERS[kind]()
    for one in hyperparameters(layer):
        for choice in one.choices:
            changed = dataclasses.replace(layer, **{one.name: choice})
            for shape in accepted_shapes(changed)[:1]:  # an identity shortcut suits none; NETWORKS has one
                assert layer_error(changed, shape) <= TOLERANCE


@pytest.mark.parametrize("kernel", [1, 2, 3])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same", 1, 4])
@pytest.mark.parametrize("dilation", [1, 2])
def test_convolution_geometry(kernel, stride, padding, dilation):
    layer = Conv2D(channels=2, kernel=kernel, stride=stride, padding=padding, dilation=dilation)
    assert layer_error(layer, (7, 5, 2), n=2) <= TOLERANCE


@pytest.mark.parametrize("groups", [2, 4])
@pytest.mark.parametrize("stride", [1, 2])
def test_grouped_and_depthwise_convolution(groups, stride):
    layer = Conv2D(channels=8, stride=stride, groups=groups)
    assert layer_error(layer, (5, 4, 4), n=2) <= TOLERANCE


@pytest.mark.parametrize("cls", [MaxPool2D, AveragePool2D])
@pytest.mark.parametrize("kernel", [1, 2, 3])
@pytest.mark.parametrize("stride", [1, 2, 4])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_pooling_geometry(cls, kernel, stride, padding):
    assert layer_error(cls(kernel=kernel, stride=stride, padding=padding), (7, 5, 2), n=2) <= TOLERANCE


@pytest.mark.parametrize("kind", LOSSES.kinds())
@pytest.mark.parametrize("n", [1, 5])
def test_every_loss_equals_its_finite_difference(kind, n):
    assert loss_error(LOSSES[kind](), n=n) <= TOLERANCE


BLOCK = (Conv2D(4), GroupNorm(), SiLU(), Conv2D(4))
NETWORKS = [
    ((5,), [Dense(7), Tanh(), BatchNorm(), Dense(6), LeakyReLU(), Dropout(0.3), Dense(3)]),
    ((6, 6, 2), [Flatten(), Dense(5), Sigmoid(), Dense(3)]),
    ((6, 6, 2), [Conv2D(3), BatchNorm(), Sigmoid(), MaxPool2D(), Conv2D(4, padding="valid"), Flatten(), Dense(3)]),
    ((7, 7, 1), [Dropout(0.2), Conv2D(3, stride=2), Conv2D(2, dilation=2), AveragePool2D(3, 1), Flatten(), Dense(3)]),
    ((6, 6, 1), [Tanh(), MaxPool2D(3, 1, "same"), Conv2D(2), Tanh(), Dropout(0.2), Flatten(), Dense(3)]),
    ((6, 6, 2), [Conv2D(4), Residual(BLOCK, "identity"), Residual(BLOCK, activation="before"), Flatten(), Dense(3)]),
    ((6, 6, 2), [Residual((Conv2D(3, stride=2), BatchNorm())), Parallel(2, BLOCK, ()), GlobalAveragePool(), Dense(3)]),
    ((6, 4), [LSTM(4, "all"), Residual((GRU(4, "all"), LayerNorm()), "identity"), SimpleRNN(3), Dense(3)]),
    ((4, 4, 2), [ConvTranspose2D(3), GELU(), Maxout(3), LocallyConnected2D(2, stride=2), Reshape(rows=3), GRU(3)]),
    ((5,), [Embedding(4, 3), Parallel(2, (LSTM(3),), (Flatten(), Dense(2))), PReLU(), Dense(3)]),
    ((4, 4, 2), [Residual((SpatialDropout(), Residual((Conv2D(2), Dropout(0.3)))), "identity"), Flatten(), Dense(3)]),
]


@pytest.mark.parametrize(("shape", "layers"), NETWORKS)
@pytest.mark.parametrize("loss", [SoftmaxCrossEntropy(), SquaredError()])
@pytest.mark.parametrize("n", [2, 5])
def test_whole_networks_equal_their_finite_difference(shape, layers, loss, n):
    assert network_error(layers, shape, loss, n=n) <= TOLERANCE


@pytest.mark.parametrize("name", COMPOSED)
def test_networks_as_people_build_them_equal_their_finite_difference(name):
    shape, layers = COMPOSED[name]
    assert network_error(layers, shape, SoftmaxCrossEntropy(), n=3) <= TOLERANCE


def test_the_check_notices_a_wrong_gradient():
    @dataclasses.dataclass(frozen=True)
    class Wrong(Tanh.__mro__[1]):  # a tanh whose backward forgets the square
        def forward(self, x, weights, memo):
            return Tanh().forward(x, weights, memo)

        def backward(self, dy, weights, gradients, memo):
            return dy * (1 - memo.y)

    Wrong.kind = "wrong"
    assert layer_error(Wrong(), INPUT_SHAPES[0]) > TOLERANCE
