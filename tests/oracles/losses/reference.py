"""Every loss through PyTorch: value and gradients by its own functions where it has them, else by the paper's formula and
PyTorch's differentiation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simulations.core.rng import stream
from simulations.core.targets import Targets
from simulations.nn.gradient_check import made_up_targets
from simulations.nn.losses.absolute_error import AbsoluteError
from simulations.nn.losses.base import Loss, PlainLoss
from simulations.nn.losses.binary_cross_entropy import BinaryCrossEntropy
from simulations.nn.losses.center import Center, CenterCriterion
from simulations.nn.losses.class_weights import Balanced, Listed
from simulations.nn.losses.criterion import Setting
from simulations.nn.losses.distillation import Distillation
from simulations.nn.losses.focal import Focal
from simulations.nn.losses.hinge import Hinge
from simulations.nn.losses.huber import Huber
from simulations.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy
from simulations.nn.losses.squared_error import SquaredError

WEIGHTS = Listed((0.5, 2.0, 3.5))
LOSSES: tuple[Loss, ...] = (
    SoftmaxCrossEntropy(),
    SoftmaxCrossEntropy(label_smoothing=0.15),
    SoftmaxCrossEntropy(class_weights=WEIGHTS),
    SoftmaxCrossEntropy(label_smoothing=0.3, class_weights=WEIGHTS),
    SoftmaxCrossEntropy(class_weights=Balanced()),
    BinaryCrossEntropy(),
    SquaredError(),
    AbsoluteError(),
    Huber(),
    Huber(delta=0.3),
    Hinge(),
    Hinge(p=2, margin=0.6),
    Hinge(rivals="worst"),
    Hinge(rivals="worst", p=2),
    Focal(),
    Focal(gamma=0.7, alpha=WEIGHTS),
    Center(weight=0.4),
    Distillation(),
    Distillation(temperature=1.5, hard_weight=0.6),
)


def name(loss: Loss) -> str:
    settings = (f"{key}={getattr(value, 'kind', value)}" for key, value in vars(loss).items())
    return " ".join([loss.kind, *settings])


@dataclass
class Case:
    """Outputs ``(m, k)``, targets, and what a loss looks at besides: features and centres, or a teacher's outputs."""

    outputs: np.ndarray
    targets: np.ndarray
    features: np.ndarray
    centres: np.ndarray
    said: np.ndarray
    counts: np.ndarray


def case(m: int, k: int, kind: str, scale: float = 1.0, seed: int = 0) -> Case:
    rng = stream(seed, "loss oracle", m, k)
    wanted = Targets.values(tuple("x" * k)) if kind == "values" else Targets.classes(tuple("x" * k))
    draw = rng.standard_normal
    return Case(
        scale * draw((m, k)), made_up_targets(wanted, m, rng), draw((m, 5)), draw((k, 5)), scale * draw((m, k)),
        rng.integers(1, 9, size=k),
    )  # fmt: skip


def own(loss: Loss, one: Case) -> dict[str, np.ndarray]:
    """The value and every gradient, by this engine."""
    out = np.empty_like(one.outputs, order="F")
    match loss:
        case Center():
            tape, criterion = _Tape(one), object.__new__(CenterCriterion)
            criterion._center, criterion._plain = loss, SoftmaxCrossEntropy()
            criterion._layer, criterion._centres = 1, one.centres
            value = criterion.value_and_gradient(one.outputs, one.targets, tape)
            return {"value": np.array(value), "outputs": tape.d_outputs, "features": tape.inside}
        case Distillation():
            value = loss.compare(one.outputs, one.targets, one.said, out)
        case PlainLoss():
            value = loss.resolved(Setting(None, None, one.counts)).value_and_gradient(one.outputs, one.targets, out)
    return {"value": np.array(value), "outputs": out}


class _Tape:
    """As much of a tape as the center loss looks at."""

    def __init__(self, one: Case) -> None:
        self.outputs = [one.features, one.outputs]
        self.d_outputs = np.empty_like(one.outputs, order="F")
        self.inside = np.empty_like(one.features, order="F")

    def added_gradient(self, layer: int) -> np.ndarray:
        return self.inside


def theirs(torch: Any, loss: Loss, one: Case) -> dict[str, np.ndarray]:
    """The same by PyTorch, float64."""
    z, features = (torch.tensor(array, requires_grad=True) for array in (one.outputs, one.features))
    value = _value(torch, loss, one, z, features)
    value.backward()
    found = {"value": value.detach().numpy(), "outputs": z.grad.numpy()}
    return found if features.grad is None else found | {"features": features.grad.numpy()}


def _value(torch: Any, loss: Loss, one: Case, z: Any, features: Any) -> Any:
    functional = torch.nn.functional
    y, k = torch.tensor(one.targets), z.shape[1]
    if y.dtype == torch.float64:
        wanted = y
    elif k == 1:
        wanted = y[:, None].double()
    else:
        wanted = functional.one_hot(y, k).double()
    match loss:
        case SoftmaxCrossEntropy(label_smoothing=smoothing, class_weights=weights):
            given = weights.resolved(one.counts).of(k, np.float64)
            weight = None if given is None else torch.tensor(given)
            return functional.cross_entropy(z, y, weight, label_smoothing=smoothing)
        case BinaryCrossEntropy():
            return functional.binary_cross_entropy_with_logits(z, wanted)
        case SquaredError():
            return functional.mse_loss(z, wanted)
        case AbsoluteError():
            return functional.l1_loss(z, wanted)
        case Huber(delta=delta):
            return functional.huber_loss(z, wanted, delta=delta)
        case Hinge(rivals="all", p=p, margin=margin):
            return functional.multi_margin_loss(z, y, p, margin)
        case Hinge(p=p, margin=margin):
            rivals = z.masked_fill(wanted.bool(), -torch.inf).max(1).values
            return (margin - z.gather(1, y[:, None])[:, 0] + rivals).clamp(min=0).pow(p).mean()
        case Focal(gamma=gamma, alpha=alpha):
            log_p = functional.log_softmax(z, 1).gather(1, y[:, None])[:, 0]
            given = alpha.of(k, np.float64)
            each = torch.ones_like(log_p) if given is None else torch.tensor(given)[y]
            return (-each * (1 - log_p.exp()) ** gamma * log_p).mean()
        case Center(weight=weight):
            distances = ((features - torch.tensor(one.centres)[y]) ** 2).sum(1)
            return functional.cross_entropy(z, y) + weight / 2 * distances.mean()
        case Distillation(temperature=T, hard_weight=hard):
            q = functional.softmax(torch.tensor(one.said) / T, 1)
            soft = functional.kl_div(functional.log_softmax(z / T, 1), q, reduction="batchmean")
            return hard * functional.cross_entropy(z, y) + (1 - hard) * T**2 * soft
    raise NotImplementedError(loss.kind)
