"""Methods that PyTorch has with the same numbers, as the call that builds them there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from simulations.documents.race import RacerSpec
from simulations.optimizers.base import Optimizer
from simulations.optimizers.wrappers.base import Wrapper


class Counterpart(NamedTuple):
    """``names`` are PyTorch's, by ours; a pair of ours may be one of theirs. ``answer`` is where a mean is kept, if any."""

    name: str
    names: Mapping[str | tuple[str, str], str] = {}
    fixed: str = ""
    answer: str = ""


_MEANS: Final[dict[str | tuple[str, str], str]] = {("beta1", "beta2"): "betas", "epsilon": "eps"}
_COUNTERPARTS: Final[dict[str, Counterpart]] = {
    "sgd": Counterpart("SGD"),
    "momentum": Counterpart("SGD", {"momentum": "momentum"}),
    "nesterov": Counterpart("SGD", {"momentum": "momentum"}, "nesterov=True"),
    "rmsprop": Counterpart(
        "RMSprop", {"decay": "alpha", "epsilon": "eps", "momentum": "momentum", "centred": "centered"}
    ),
    "adam": Counterpart("Adam", _MEANS),
    "amsgrad": Counterpart("Adam", _MEANS, "amsgrad=True"),
    "adamw": Counterpart("AdamW", {**_MEANS, "weight_decay": "weight_decay"}),
    "adamax": Counterpart("Adamax", _MEANS),
    "nadam": Counterpart("NAdam", {**_MEANS, "momentum_decay": "momentum_decay"}),
    "radam": Counterpart("RAdam", _MEANS),
    "adagrad": Counterpart("Adagrad", {"rate_decay": "lr_decay", "epsilon": "eps"}),
    "adadelta": Counterpart("Adadelta", {"decay": "rho", "epsilon": "eps"}),
    "asgd": Counterpart("ASGD", {"lambd": "lambd", "alpha": "alpha", "averaging_start": "t0"}, answer="ax"),
    "rprop": Counterpart("Rprop", {("shrink", "grow"): "etas", ("shortest", "longest"): "step_sizes"}),
}
_KEEP_THEIR_RATE: Final = ("asgd", "rprop")  # PyTorch takes another one up late, or not at all
_CLIPS: Final = {"clip_norm": "clip_grad_norm_", "clip_value": "clip_grad_value_"}


class TorchRacer(NamedTuple):
    """The call that builds the optimizer for ``p``, the functions that clip its gradient, and where its answer is kept."""

    optimizer: str
    clips: tuple[str, ...]
    answer: str


def in_torch(racer: RacerSpec) -> TorchRacer | None:
    """``racer`` in PyTorch, where it has the method and everything around it; None otherwise."""
    config = racer.optimizer
    counterpart = _COUNTERPARTS.get(config.kind)
    if counterpart is None or not _is_allowed(config) or any(one.kind not in _CLIPS for one in racer.wrappers):
        return None
    if racer.schedule.kind != "constant" and config.kind in _KEEP_THEIR_RATE:
        return None
    settings = [f"lr={config.learning_rate!r}"]
    for ours, theirs in counterpart.names.items():
        values = tuple(getattr(config, one) for one in ours) if isinstance(ours, tuple) else getattr(config, ours)
        settings.append(f"{theirs}={values!r}")
    settings += [counterpart.fixed] if counterpart.fixed else []
    call = f"torch.optim.{counterpart.name}(p, {', '.join(settings)})"
    return TorchRacer(call, tuple(_clips(racer.wrappers)), counterpart.answer)


def _is_allowed(config: Optimizer) -> bool:
    """Whether PyTorch takes these numbers."""
    values: Any = config
    if config.kind == "nesterov":
        return bool(values.momentum > 0)
    if config.kind == "rprop":
        return bool(values.shrink < 1 < values.grow)
    return config.kind != "adam" or bool(values.bias_correction)


def _clips(wrappers: Sequence[Wrapper]) -> list[str]:
    found = []
    for one in wrappers:
        limit: Any = one
        found.append(f"lambda p: torch.nn.utils.{_CLIPS[one.kind]}(p, {limit.limit!r})")
    return found
