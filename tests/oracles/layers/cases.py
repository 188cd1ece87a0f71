"""Fixed cases, whose PyTorch numbers are stored, and the shapes hypothesis draws from."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from simulations import families
from simulations.nn.layers.base import LAYERS, Layer
from tests.oracles.layers import activations, blocks, normalization, recurrent, shaping

FAMILIES = (activations, blocks, normalization, recurrent, shaping)  # importing them fills REFERENCES
families.load()


def made(kind: str, **settings: Any) -> Layer:
    return LAYERS[kind](**settings)


_FLAT, _IMAGE, _SEQUENCE = (6,), (4, 6, 4), (5, 4)
_ANY = (
    *(made(kind) for kind in ("identity", "relu", "sigmoid", "tanh", "hard_sigmoid", "relu6", "selu", "silu", "mish")),
    *(made(kind) for kind in ("softsign", "softmax", "softplus", "prelu", "elu", "gelu", "leaky_relu", "maxout")),
    made("softplus", beta=3.0),
    made("prelu", sharing="layer"),
    made("elu", alpha=0.3),
    made("gelu", approximation="tanh"),
)

_NORMALIZING = (
    made("batch_norm"),
    made("layer_norm"),
    made("layer_norm", over="sample"),
    made("group_norm"),
    made("group_norm", groups=4, learns=False),
    made("instance_norm", epsilon=0.01),
)

_IMAGES = (
    made("global_average_pool"),
    made("flatten"),
    *(made(kind, padding=padding) for kind in ("max_pool2d", "average_pool2d") for padding in ("valid", "same")),
    *(made("upsample2d", factor=factor, mode=mode) for factor in (1, 2, 3) for mode in ("nearest", "bilinear")),
    made("reshape", rows=4),
    made("reshape", form="row"),
    made("channel_shuffle", groups=2),
    *(made("conv_transpose2d", channels=3, padding=padding) for padding in ("valid", "same", 1)),
    made("conv_transpose2d", channels=2, kernel=2, stride=3, padding="same"),
    made("conv_transpose2d", channels=2, kernel=3, stride=1, padding=2, dilation=2),
    made("locally_connected2d", channels=2),
    made("locally_connected2d", channels=3, kernel=2, stride=2),
)

_RECURRENT = (
    *(made(kind, units=3, outputs=outputs) for kind in ("simple_rnn", "lstm", "gru") for outputs in ("last", "all")),
    made("simple_rnn", units=2, outputs="all", activation="relu"),
)

_CONVOLVING = (
    made("conv2d", channels=8, groups=4),
    made("conv2d", channels=6, groups=2, stride=2, padding=1, dilation=2),
    made("conv2d", channels=3),
    made("conv2d", channels=2, kernel=2, stride=2, padding=1, dilation=2),
)
_SAME = (made("conv2d", channels=4), made("group_norm"), made("silu"))
_BLOCKS = (
    *(
        made("residual", stack=_SAME, shortcut=shortcut, activation=activation)
        for shortcut in ("identity", "projection")
        for activation in ("after", "before", "none")
    ),
    made("residual", stack=(made("conv2d", channels=3, stride=2), made("tanh"))),
    made("residual", stack=(), shortcut="identity"),
    made("residual", stack=(made("residual", stack=_SAME), made("parallel")), activation="before"),
    made("parallel"),
    made("parallel", branches=4, third=_SAME, fourth=(made("residual", stack=_SAME, shortcut="identity"),)),
)

CASES: list[tuple[Layer, tuple[int, ...]]] = [
    *((layer, shape) for layer in _ANY for shape in (_FLAT, _IMAGE, _SEQUENCE)),
    *((layer, shape) for layer in _NORMALIZING for shape in (_IMAGE, _SEQUENCE)),
    *((made(kind), _FLAT) for kind in ("layer_norm", "group_norm")),
    *((layer, _IMAGE) for layer in _IMAGES),
    *((layer, _IMAGE) for layer in (*_CONVOLVING, *_BLOCKS)),
    *((layer, _SEQUENCE) for layer in _RECURRENT),
    (made("dense", units=3), _FLAT),
    (made("dense", units=3), _SEQUENCE),
    (made("residual", stack=(made("gru", units=3, outputs="all"), made("layer_norm"))), _SEQUENCE),
    (made("residual", stack=(made("dense", units=6), made("tanh")), shortcut="identity"), _FLAT),
    (made("parallel", first=(made("lstm", units=2),), second=(made("simple_rnn", units=3),)), _SEQUENCE),
    (made("parallel", branches=3, first=(), second=(made("dense", units=2),), third=(made("prelu"),)), _FLAT),
    (made("global_average_pool"), _SEQUENCE),
    (made("reshape", rows=2, columns=3, form="image"), _FLAT),
    (made("reshape", rows=3), _FLAT),
    (made("channel_shuffle"), _SEQUENCE),
    (made("embedding", vocabulary=3, size=2), _FLAT),
]


# how a layer is trained changes nothing of what it computes
_TRAINING = re.compile(r"frozen=False, method=(Shared\(rate_factor=1\.0\)|shared)(, )?")


def name(case: tuple[Layer, tuple[int, ...]]) -> str:
    layer, shape = case
    settings = (f"{key}={getattr(value, 'kind', value)}" for key, value in vars(layer).items())
    return _TRAINING.sub("", f"{layer.kind}({', '.join(settings)}) {shape}")


sizes = st.integers(1, 7)
flat = st.tuples(sizes)
sequences = st.tuples(sizes, sizes)
images = st.tuples(sizes, sizes, sizes)
anything = flat | sequences | images


def built(kind: str, **settings: st.SearchStrategy[Any]) -> st.SearchStrategy[Layer]:
    return st.builds(LAYERS[kind], **settings)


_LEARNS = st.booleans()
_outputs = st.sampled_from(("last", "all"))
_small = st.integers(1, 3)
_padding = st.sampled_from(("valid", "same", 0, 1, 2))
_stacks = st.lists(
    st.sampled_from([made(kind) for kind in ("relu", "tanh", "layer_norm", "softplus", "softmax", "prelu")])
    | built("conv2d", channels=_small, kernel=_small),
    max_size=3,
).map(tuple)

DRAWN: dict[str, tuple[st.SearchStrategy[Layer], st.SearchStrategy[tuple[int, ...]]]] = {
    **{layer.kind: (st.just(layer), anything) for layer in _ANY},
    "leaky_relu": (built("leaky_relu", slope=st.floats(0, 0.9)), anything),
    "softplus": (built("softplus", beta=st.floats(0.1, 10)), anything),
    "elu": (built("elu", alpha=st.floats(0.1, 10)), anything),
    "prelu": (built("prelu", sharing=st.sampled_from(("channel", "layer"))), anything),
    "gelu": (built("gelu", approximation=st.sampled_from(("exact", "tanh"))), anything),
    "maxout": (built("maxout", pieces=st.integers(2, 4)), anything),
    "layer_norm": (built("layer_norm", over=st.sampled_from(("features", "sample")), learns=_LEARNS), anything),
    "group_norm": (built("group_norm", groups=st.integers(1, 4), learns=_LEARNS), anything),
    "global_average_pool": (built("global_average_pool"), sequences | images),
    "flatten": (built("flatten"), anything),
    "batch_norm": (built("batch_norm", epsilon=st.floats(1e-5, 0.1)), anything),
    **{
        kind: (built(kind, kernel=_small, stride=_small, padding=st.sampled_from(("valid", "same"))), images)
        for kind in ("max_pool2d", "average_pool2d")
    },
    "upsample2d": (built("upsample2d", factor=_small, mode=st.sampled_from(("nearest", "bilinear"))), images),
    "reshape": (
        built("reshape", form=st.sampled_from(("image", "sequence", "row")), rows=_small, columns=_small),
        anything,
    ),
    "channel_shuffle": (built("channel_shuffle", groups=_small), anything),
    "conv_transpose2d": (
        built("conv_transpose2d", channels=_small, kernel=_small, stride=_small, padding=_padding, dilation=_small),
        images,
    ),
    "locally_connected2d": (built("locally_connected2d", channels=_small, kernel=_small, stride=_small), images),
    **{kind: (built(kind, units=sizes, outputs=_outputs), sequences) for kind in ("lstm", "gru")},
    "simple_rnn": (
        built("simple_rnn", units=sizes, outputs=_outputs, activation=st.sampled_from(("tanh", "relu"))),
        sequences,
    ),
    "conv2d": (
        built(
            "conv2d",
            groups=_small,
            channels=st.integers(1, 6),
            kernel=_small,
            stride=_small,
            padding=_padding,
            dilation=_small,
        ),
        images,
    ),
    "dense": (built("dense", units=sizes), flat | sequences),
    "residual": (built("residual", stack=_stacks, activation=st.sampled_from(("after", "before", "none"))), images),
    "parallel": (
        built("parallel", branches=st.integers(2, 4), first=_stacks, second=_stacks, third=_stacks, fourth=_stacks),
        images,
    ),
    "embedding": (built("embedding", vocabulary=st.integers(1, 5), size=_small), flat),
    "instance_norm": (built("instance_norm", learns=_LEARNS), sequences | images),
}
