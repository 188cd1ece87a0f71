"""A running experiment: data, network, optimizer and history, moved one step at a time by whoever owns it.

Only one thread touches a session. Everything random is addressed by (seed, purpose, position), so equal specs give
bit-identical runs, whoever watches, and going back to a checkpoint replays exactly what happened.
"""

from __future__ import annotations

import math
import sys
from contextlib import AbstractContextManager
from time import perf_counter
from typing import Literal

import numpy as np

from simulations.core.arrays import Array, FloatArray, IntArray
from simulations.core.interrupt import Interrupt, Interrupted
from simulations.data.pipeline import Batches, Prepared, prepare
from simulations.documents.changes import Change, changes, effect_of
from simulations.documents.experiment import ExperimentSpec
from simulations.nn.network import Network
from simulations.nn.tape import Tape
from simulations.optimizers.schedules.constant import Constant
from simulations.runtime.messages import Diverged, Milestone
from simulations.training.checkpoints import EVERY, Checkpoint, Checkpoints
from simulations.training.descent import Descent, check
from simulations.training.divergence import (
    EXPLODED,
    Place,
    find_in_gradients,
    find_in_outputs,
    find_in_weights,
    find_runaway,
    is_finite,
)
from simulations.training.evaluation import Evaluator
from simulations.training.history import History
from simulations.training.judging import check_data, criterion_for
from simulations.training.objective import BatchObjective
from simulations.training.scores import scorer_of
from simulations.training.shaping import Shaping
from simulations.training.update import Update, update_of

_MERGE_S = 1.0  # changes of one value that follow each other faster than this share one marker


class Session:
    """The state of one experiment and the ways it changes. Implements :class:`~simulations.training.view.SessionView`.

    Raises :class:`GradLabError` when ``spec`` cannot be built. ``run`` counts rebuilds and resets, the first after ``runs``;
    ``step`` counts updates of this run; ``diverged`` is set when a step met a number that is not finite, and no step is taken
    then. Validation is measured at step 0 and after every epoch, from epoch 200 on once per 1 % of the epochs done.
    """

    def __init__(self, spec: ExperimentSpec, interrupt: Interrupt | None = None, runs: int = 0) -> None:
        self.interrupt = interrupt or Interrupt()
        self.run = runs
        self.previous_history: History | None = None
        self._prepared: Prepared | None = None
        self._build(spec)

    # ---- building ----------------------------------------------------------------------------------------------------

    def _build(self, spec: ExperimentSpec) -> None:
        """Make ``spec`` the experiment, at step 0. Nothing of the old one is touched before the new one stands."""
        spec.validate()
        data = prepare(spec.data, spec.seed, known=self._prepared)
        network = Network(spec.layers, spec.data.source.input_shape, seed=spec.seed, interrupt=self.interrupt)
        check_data(spec, network, data)
        check(spec)
        batches = Batches(data, spec.batch_size, spec.seed, spec.data.augment)
        self.spec, self.network, self.layers = spec, network, network.infos
        self.weights_hash = network.digest()
        self._first_theta, self._first_buffers = network.theta.copy(), network.state.copy()
        self._buffers = network.state.copy()  # as they were before the step under way
        self._use_data(data, batches)
        self._begin_run()

    def _use_data(self, data: Prepared, batches: Batches) -> None:
        self.data = self._prepared = data
        self._batches = batches
        self._evaluator = Evaluator(self.network, data, self.spec.seed)
        self._tapes: dict[int, Tape] = {}

    def _begin_run(self) -> None:
        """Step 0 with the first weights: a new history, a fresh optimizer."""
        self.run += 1
        self.step = self._cursor = self._edits = 0
        self.diverged: Diverged | None = None
        self._wants_update = False
        self._update: Update | None = None
        self.awaited = 0  # the update that leads to this step is measured although nobody has asked for it yet
        self._descent = Descent(self.network, self.spec)
        self.criterion = criterion_for(self.spec, self.network, self.data, self.interrupt)
        wanted, hashes = self.data.wanted, (self.weights_hash, self.batches_hash)
        self.history = History(self.run, self.spec.name, *hashes, wanted.score, wanted.unit)
        self._marked_at = self._changed_at = -math.inf
        self._next_validation = 0
        self._bind()
        self._measure_validation()
        measured = self.history.validations
        self._last_loss = measured[0].loss if measured else math.inf
        self._checkpoints = Checkpoints(self._checkpoint())
        self._exploded = min(EXPLODED * self._last_loss, sys.float_info.max)
        self._next_checkpoint = EVERY

    def _bind(self) -> None:
        """Everything the hot path reads, after the spec, the data or the position changed."""
        spec, network = self.spec, self.network
        self._seed = spec.seed
        self._judge, self._settle = self.criterion.judge, self.criterion.settle
        self._score = scorer_of(self.data, spec.loss).score
        self._shaping = Shaping(network, spec)
        self._objective = BatchObjective(network, self.criterion, self._shaping, self.interrupt, spec.seed)
        self._is_scheduled = not isinstance(spec.schedule, Constant)
        self._epoch_end = (self._cursor // self.steps_per_epoch + 1) * self.steps_per_epoch
        self._follow_schedule()
        self.history.record_pace(self.epoch, self.steps_per_epoch)

    def _follow_schedule(self) -> None:
        """Take the learning rate of the next step; with a constant one, once and for all."""
        factor = self.spec.schedule.factor(self.step, self.history.validation_losses)
        self._descent.follow(factor)
        self.history.record_learning_rate(self.spec.optimizer.learning_rate * factor)

    # ---- what may be asked -------------------------------------------------------------------------------------------

    @property
    def epoch(self) -> float:
        """Epochs done, as a real number."""
        return self._cursor / self._batches.steps_per_epoch

    @property
    def steps_per_epoch(self) -> int:
        return self._batches.steps_per_epoch

    @property
    def samples_per_step(self) -> float:
        """Samples of a batch, on average over an epoch."""
        return len(self.data.train_targets) / self.steps_per_epoch

    @property
    def steps_to_epoch_end(self) -> int:
        return self._epoch_end - self._cursor or self.steps_per_epoch

    @property
    def batches_hash(self) -> str:
        return str(self._batches.hash)

    @property
    def moment(self) -> tuple[int, int, int]:
        """Equal moments show equal pictures: the run, the step, and the edits made to this run."""
        return self.run, self.step, self._edits

    def probe_batch(self) -> tuple[FloatArray, Array]:
        return self._evaluator.probe_inputs, self._evaluator.probe_targets

    def next_batch(self) -> tuple[IntArray, FloatArray, Array]:
        return self._batches.members(self._cursor), *self._batches.at(self._cursor)

    @np.errstate(over="ignore", invalid="ignore")
    def probe_tape(self, samples: int | None = None) -> Tape:
        return self._evaluator.probe_tape(self.criterion, self.moment, samples)

    @np.errstate(over="ignore", invalid="ignore")
    def predict(self, inputs: FloatArray) -> FloatArray:
        with self.judged():
            return self._evaluator.predict(self.spec.loss, inputs)

    def last_update(self) -> Update | None:
        self._wants_update = True
        return self._update

    @np.errstate(over="ignore", invalid="ignore")
    def evaluate(self, part: Literal["train", "validation"] = "validation") -> tuple[float, float]:
        """Mean loss and score over all samples of one part, in evaluation mode."""
        with self.judged():
            return self._evaluator.measure_part(self.criterion, part)

    def judged(self) -> AbstractContextManager[bool]:
        """The network as it is judged and exported, for a while: with an average of the path of θ where one is kept.

        Gives whether it is such an average. Running statistics are then taken anew, under the average.
        """
        return self._evaluator.judged(self._descent.answer(), self.moment)

    # ---- training ----------------------------------------------------------------------------------------------------

    @np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore")
    def take_step(self) -> tuple[Milestone, ...]:
        """One update from the next batch; returns what it reached. Sets :attr:`diverged` instead of applying bad numbers.

        When :attr:`interrupt` is set meanwhile the step is given up as if it had not begun.
        """
        if self.diverged is not None:
            return ()
        if self._cursor < self._epoch_end:
            try:
                self._step()
            except Interrupted:
                self.network.state[...] = self._buffers
                return ()
        if self._cursor < self._epoch_end:
            return ()
        try:
            return self._finish_epoch()
        except Interrupted:
            return ()  # the next call measures what is still missing

    def _step(self) -> None:
        started = perf_counter()
        network, step = self.network, self.step
        if self._buffers.size:
            np.copyto(self._buffers, network.state)
        x, y = self._batches.at(self._cursor)
        n = len(y)
        tape = self._tapes.get(n) or self._new_tape(n)
        tape.draw_from(self._seed, step)
        outputs = network.forward(x, tape)
        loss = self._judge(outputs, y, tape)
        if not loss <= self._exploded:  # a NaN is not either
            self._diverge(self._find_broken(loss, tape))
            return
        score = self._score(outputs, y)
        network.backward(tape.d_outputs, tape)
        theta = network.theta
        self._shaping.shape_gradient()
        if not is_finite(network.gradient):
            self._diverge(find_in_gradients(network, tape))
            return
        before = theta.copy() if self._wants_update or step + 1 == self.awaited else None
        self._objective.use(x, y, tape)
        if self._is_scheduled:
            self._follow_schedule()
        self._descent.step(self._objective, step + 1)
        if not is_finite(theta):
            self._diverge(find_in_weights(network))
            return
        if before is not None:
            self._wants_update, self._update = False, update_of(step + 1, before, theta, network.slices)
        self._settle()
        self._last_loss = loss
        self.step = step = step + 1
        self._cursor += 1
        self.history.record_step(loss, score, perf_counter() - started)
        if step >= self._next_checkpoint:
            self._checkpoints.add(self._checkpoint())
            self._next_checkpoint = step + EVERY

    def _find_broken(self, loss: float, tape: Tape) -> Place:
        """What is wrong with outputs whose loss is too large or not finite."""
        if math.isfinite(loss):
            return find_runaway(self.network, self._checkpoints.safe(self._changed_at).theta)
        return find_in_outputs(self.network, tape)

    def _new_tape(self, n: int) -> Tape:
        tape = self._tapes[n] = self.network.tape(n, training=True)
        return tape

    def _finish_epoch(self) -> tuple[Milestone, ...]:
        reached = Milestone("epoch", self.step)
        is_due = self._cursor // self.steps_per_epoch >= self._next_validation
        is_best = is_due and self._measure_validation()
        self._epoch_end = self._cursor + self.steps_per_epoch
        if not is_best:
            return (reached,)
        self._checkpoints.best = self._checkpoint()
        return reached, Milestone("best", self.step)

    def _measure_validation(self) -> bool:
        """Record loss and score on the validation samples; True when the loss is the lowest so far."""
        done = self._cursor // self.steps_per_epoch
        loss, score = self.evaluate()
        self._next_validation = done + max(1, done // 100)
        return math.isfinite(loss) and self.history.record_validation(loss, score)

    def _diverge(self, place: Place) -> None:
        where, quantity = place
        self._edits += 1
        if self._update is not None and self._update.step != self.step:
            self._update = None  # it belongs to weights that have since run away
        self.diverged = Diverged(self.step + 1, where, quantity, self._checkpoints.safe(self._changed_at).step)

    # ---- changing ----------------------------------------------------------------------------------------------------

    def apply(self, spec: ExperimentSpec, *, anew: bool = False) -> tuple[Change, ...]:
        """Make ``spec`` the experiment and return what differed.

        Live differences take effect at the next step, new data keep the network, anything else starts a new run and
        keeps the old one as the ghost, unless it learnt another data set: such losses cannot be compared. ``anew`` starts
        one whatever differs. Raises :class:`GradLabError` and changes nothing when ``spec`` cannot be built.
        """
        found = changes(self.spec, spec)
        effect = "rebuild" if anew else effect_of(found)
        if effect == "rebuild":
            old, source = self.history, self.spec.data.source
            self._build(spec)
            if spec.data.source.is_same_set(source):
                self._keep_ghost(old)
            else:
                self.previous_history = None
        elif effect is not None:
            self._change(spec, found, new_data=effect == "data")
        else:
            self.spec = spec
            self.history.name = spec.name
        return found

    def _change(self, spec: ExperimentSpec, found: tuple[Change, ...], *, new_data: bool) -> None:
        spec.validate()
        data = prepare(spec.data, spec.seed, known=self.data) if new_data else self.data
        check_data(spec, self.network, data)
        check(spec)
        batches = self._batches
        if new_data or spec.batch_size != self.spec.batch_size:
            batches = Batches(data, spec.batch_size, spec.seed, spec.data.augment)
        judged_by, epoch = (self.spec.loss, self.spec.teacher), self.epoch
        self.spec = spec
        self.history.name = spec.name
        self.network.layers = spec.layers
        if new_data or spec.loss.kind != judged_by[0].kind:  # another kind may look at other places of a tape
            self._use_data(data, batches)
        if new_data or (spec.loss, spec.teacher) != judged_by:
            self.criterion = criterion_for(spec, self.network, self.data, self.interrupt, self.criterion.state)
            self.history.judge_anew()
        self._batches = batches
        self.history.batches_hash = self.batches_hash
        self._descent.use(spec)
        if self.diverged is None and any(not one.path.startswith("layers") for one in found):  # else it is a remedy
            self._changed_at = self.step
        self._edits += 1
        self._mark(found)
        self._place_cursor(epoch)
        self._bind()
        if new_data and self.diverged is None:
            self._measure_validation()

    def _mark(self, found: tuple[Change, ...]) -> None:
        now = perf_counter()
        for change in found:
            follows = len(found) == 1 and now - self._marked_at < _MERGE_S
            self.history.mark(change.path, *change.texts, extend=follows)
        self._marked_at = now

    def _place_cursor(self, epoch: float) -> None:
        """The next batch, as far through its epoch as ``epoch`` says, whatever the batches' size."""
        whole = math.floor(epoch)
        within = min(round((epoch - whole) * self.steps_per_epoch), self.steps_per_epoch - 1)
        self._cursor = whole * self.steps_per_epoch + within

    def reset(self) -> None:
        """Back to step 0 with the same first weights and the same batches; the old run stays as the ghost."""
        old = self.history
        self.network.theta[...] = self._first_theta
        self.network.state[...] = self._first_buffers
        self._begin_run()
        self._keep_ghost(old)

    def _keep_ghost(self, old: History) -> None:
        if old.steps and old.score == self.history.score:
            self.previous_history = old

    def recover(self) -> bool:
        """After a divergence, return to the last safe checkpoint; False (and nothing) when nothing diverged."""
        if self.diverged is None:
            return False
        kept = self._checkpoints.safe(self._changed_at)
        network = self.network
        network.theta[...] = kept.theta
        network.state[...] = kept.buffers
        self._descent.restore(kept.memories)
        self.criterion = criterion_for(self.spec, network, self.data, self.interrupt, kept.learnt)
        self.step, self._last_loss, self._update = kept.step, kept.loss, None
        self._changed_at = kept.step  # with whatever was changed since
        self._checkpoints.forget_after(kept.step)
        self._next_checkpoint = kept.step + EVERY
        self.history.truncate(kept.step)
        self._place_cursor(kept.epoch)
        self._next_validation = 0
        self.diverged = None
        self._edits += 1
        self._bind()
        return True

    def _checkpoint(self) -> Checkpoint:
        network = self.network
        return Checkpoint(
            self.step,
            self.epoch,
            self._last_loss,
            network.theta.copy(),
            network.state.copy(),
            self._descent.save(),
            {name: one.copy() for name, one in self.criterion.state.items()},
        )
