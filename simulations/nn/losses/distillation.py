"""Distillation: a small network learns from what a trained one says, not only from the classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

import numpy as np

from simulations.core.arrays import Array, FloatArray, Shape, shape_text
from simulations.core.errors import ShapeError
from simulations.core.params import param
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.nn.losses.base import LOSSES, Loss, positions
from simulations.nn.losses.criterion import Criterion, Setting
from simulations.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy

if TYPE_CHECKING:
    from simulations.nn.tape import Tape
    from simulations.nn.teacher import Teacher


@LOSSES.register(
    "distillation",
    label=N_("Distillation (Kullback–Leibler)"),
    summary=N_(
        "How far the softened answers are from those of a trained network, the teacher, besides the true classes."
    ),
    source="Hinton, Vinyals & Dean 2015, “Distilling the knowledge in a neural network”; torch.nn.KLDivLoss",
)
@final
@dataclass(frozen=True)
class Distillation(Loss):
    """L = α·cross-entropy + (1 − α)·T²·KL(q‖p), with q and p the softmax of the teacher's and our logits over T.

    T² keeps the gradient of the soft part as large as that of the hard one whatever T. The teacher sees the same samples,
    prepared as it was used to, in evaluation mode. Equals ``T**2 * torch.nn.KLDivLoss(reduction="batchmean")`` beside
    ``torch.nn.CrossEntropyLoss()``.
    """

    temperature: float = param(
        4.0,
        low=0.5,
        high=50.0,
        scale="log",
        live=True,
        label=N_("Temperature"),
        help=N_("What the logits of both networks are divided by: the higher, the more the small probabilities say."),
    )
    hard_weight: float = param(
        0.1,
        low=0.0,
        high=1.0,
        live=True,
        label=N_("Weight of the true classes"),
        help=N_("0 learns from the teacher alone, 1 from the true classes alone."),
    )

    def check_teacher(self, teacher: Teacher | None, input_shape: Shape, targets: Targets) -> None:
        if teacher is None:
            raise ShapeError(
                N_(
                    "Distillation needs a teacher: train a network, choose “Keep this network as the teacher” from the "
                    "Run menu, then build a smaller one."
                )
            )
        taken = (teacher.input_shape, teacher.output_shape)
        if taken != (tuple(input_shape), targets.output_shape):
            raise ShapeError(
                N_(
                    "The teacher makes {theirs} out of {their_inputs}, but these data ask for {ours} out of {our_inputs}."
                ),
                theirs=shape_text(teacher.output_shape),
                their_inputs=shape_text(teacher.input_shape),
                ours=shape_text(targets.output_shape),
                our_inputs=shape_text(input_shape),
            )

    def at_work(self, setting: Setting) -> Criterion:
        return DistillationCriterion(self, setting)

    def compare(self, outputs: FloatArray, targets: Array, said: FloatArray, out: FloatArray) -> float:
        """The mean loss of logits ``(m, k)`` against classes ``(m,)`` and the teacher's logits ``said`` ``(m, k)``."""
        if not out.size:
            return 0.0
        m, T, hard = len(out), self.temperature, self.hard_weight
        value = hard * SoftmaxCrossEntropy().value_and_gradient(outputs, targets, out)
        out *= hard
        log_p, log_q = _log_softmax(outputs / T), _log_softmax(said / T)
        q = np.exp(log_q)
        kl = float((q * (log_q - log_p)).sum()) / m
        q -= np.exp(log_p)
        q *= (1 - hard) * T / m
        out -= q
        return value + (1 - hard) * T * T * kl


@final
class DistillationCriterion(Criterion):
    """Distillation of one network from its teacher."""

    def __init__(self, loss: Distillation, setting: Setting) -> None:
        super().__init__(loss)
        assert setting.teacher is not None  # check_teacher has been asked
        self._distillation = loss
        self._ask = setting.teacher.at_work(setting.network.dtype, setting.scaler, setting.interrupt)

    def value(self, outputs: FloatArray, targets: Array, tape: Tape) -> float:
        return self._compare(outputs, targets, tape, np.empty_like(outputs, order="F"))

    def value_and_gradient(self, outputs: FloatArray, targets: Array, tape: Tape) -> float:
        return self._compare(outputs, targets, tape, tape.d_outputs)

    def _compare(self, outputs: FloatArray, targets: Array, tape: Tape, out: FloatArray) -> float:
        assert tape.x is not None
        said = self._ask(tape.x)
        if out.ndim == 2:
            return self._distillation.compare(outputs, targets, said, out)
        return self._distillation.compare(*(positions(one, out) for one in (outputs, targets, said, out)))


def _log_softmax(z: FloatArray) -> FloatArray:
    """log softmax of rows, exact for the smallest probabilities; ``z`` is overwritten."""
    z -= z.max(axis=1)[:, None]
    z -= np.log(np.exp(z).sum(axis=1))[:, None]
    return z
