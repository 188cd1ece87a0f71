"""Fixed cases, whose PyTorch numbers are stored, and the shapes hypothesis draws from."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from simulations import families
from simulations.nn.layers.base import LAYERS, Layer
from tests.oracles.layers import activations, normalization

FAMILIES = (activations, normalization)  # importing them fills REFERENCES
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
    made("layer_norm"),
    made("layer_norm", over="sample"),
    made("group_norm"),
    made("group_norm", groups=4, learns=False),
    made("instance_norm", epsilon=0.01),
)

CASES: list[tuple[Layer, tuple[int, ...]]] = [
    *((layer, shape) for layer in _ANY for shape in (_FLAT, _IMAGE, _SEQUENCE)),
    *((layer, shape) for layer in _NORMALIZING for shape in (_IMAGE, _SEQUENCE)),
    *((made(kind), _FLAT) for kind in ("layer_norm", "group_norm")),
]


def name(case: tuple[Layer, tuple[int, ...]]) -> str:
    layer, shape = case
    settings = (f"{key}={getattr(value, 'kind', value)}" for key, value in vars(layer).items())
    return f"{layer.kind}({', '.join(settings)}) {shape}"


sizes = st.integers(1, 7)
flat = st.tuples(sizes)
sequences = st.tuples(sizes, sizes)
images = st.tuples(sizes, sizes, sizes)
anything = flat | sequences | images


def built(kind: str, **settings: st.SearchStrategy[Any]) -> st.SearchStrategy[Layer]:
    return st.builds(LAYERS[kind], **settings)


_LEARNS = st.booleans()

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
    "instance_norm": (built("instance_norm", learns=_LEARNS), sequences | images),
}
