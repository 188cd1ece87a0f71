"""What the contract tests over panels need: trained experiments and races, and their snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Protocol

import pytest

import assets
from simulations import families
from simulations.core.interrupt import Interrupt
from simulations.data.base import DATA_SOURCES
from simulations.documents.experiment import DataSpec, ExperimentSpec
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.nn.description import describe
from simulations.nn.fitting import fitted, fitted_loss
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing.probes.base import RaceLook
from simulations.racing.record import Race, Recorder
from simulations.racing.session import RaceSession
from simulations.runtime.race_messages import RaceSnapshot
from simulations.runtime.race_watching import RaceWatching
from simulations.runtime.snapshots import snapshot_of
from simulations.runtime.watching import Watching
from simulations.surfaces.base import SURFACES
from simulations.training.session import Session
from widgets.panel import Document, Panel, RaceDocument
from widgets.text import use_language

_ROUNDS: Final = 4  # a panel may ask for other probes once it has seen the first answers
_LOOKS: Final = 12  # answers of slow probes: as many as make a picture, not the finest
STAGES: Final = {
    "train": ("spiral", "digits", "relief", "copy"),
    "race": ("logistic_regression", "moving_minimum"),
}


class Stage(Protocol):
    """Something to be shown on a panel the way the window does."""

    def open_document(self, panel: Panel) -> None:
        """Show what is being edited."""

    def fill(self, panel: Panel) -> None:
        """Show the document and its snapshot, until the panel asks for nothing new."""


class TrainStage:
    """A small experiment, a few epochs into its training."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def open_document(self, panel: Panel) -> None:
        spec = self.session.spec
        source = spec.data.source
        panel.show_document(Document(spec, describe(spec.layers, source.input_shape, spec.loss, source.targets)))

    def fill(self, panel: Panel) -> None:
        self.open_document(panel)
        for _ in range(_ROUNDS):
            watching = Watching()
            watching.want(panel.probes())
            watching.measure_all(self.session)
            panel.render(snapshot_of(self.session, watching.answers()))


class RaceStage:
    """A race run to its end, the timeline in the middle of it, with a ghost; the second racer is selected."""

    moment = 60

    def __init__(self, race: Race, ghost: Race) -> None:
        self.race, self.ghost = race, ghost

    def open_document(self, panel: Panel) -> None:
        panel.show_document(RaceDocument(self.race.spec, 1))

    def fill(self, panel: Panel) -> None:
        self.open_document(panel)
        watching, look = RaceWatching(Interrupt()), RaceLook(self.race, self.moment)
        for sequence in range(_ROUNDS):
            watching.want(panel.probes())
            watching.answer_quick(look)
            for _ in range(_LOOKS):
                if not watching.answer_some(look):
                    break
            answers = dict(watching.answers)
            panel.render(RaceSnapshot(sequence, "paused", self.race, self.moment, 100.0, self.ghost, None, answers))


@lru_cache
def _train_stage(source_kind: str) -> TrainStage:
    families.load()
    source = DATA_SOURCES[source_kind](samples=400)
    layers = (LAYERS["dense"](), LAYERS["relu"](), LAYERS["dense"]())
    if source.picture == "images":
        layers = (LAYERS["conv2d"](), LAYERS["relu"](), *layers)
    spec = ExperimentSpec(
        name=source_kind,
        data=DataSpec(source),
        layers=fitted(layers, source.input_shape, source.targets),
        loss=fitted_loss(LOSSES["softmax_cross_entropy"](), source.targets),
        optimizer=OPTIMIZERS["adam"](),
    )
    trained = Session(spec)
    for _ in range(2 * trained.steps_per_epoch):
        trained.take_step()
    return TrainStage(trained)


@lru_cache
def _race_stage(surface_kind: str) -> RaceStage:
    families.load()
    surface = SURFACES[surface_kind]()
    methods = (("sgd", 0.01), ("momentum", 0.005), ("adam", 0.1), ("asgd", 0.01), ("lbfgs", 1.0), ("sgd", 5.0))
    racers = tuple(
        RacerSpec(OPTIMIZERS[kind](learning_rate=rate), color=i, dash=i % 4, batch_size=4 * (i % 2))
        for i, (kind, rate) in enumerate(methods)
    )
    spec = RaceSpec(surface_kind, racers, surface, *surface.start, 160)
    return RaceStage(_run(spec), _run(RaceSpec(surface_kind, racers, surface, 0.5, -0.5, 160)))


def _run(spec: RaceSpec) -> Race:
    session = RaceSession(spec)
    session.advance(spec.steps)
    return Recorder(session).record()


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Stage:
    """The experiment or race called as the parameter says."""
    return _train_stage(request.param) if request.param in STAGES["train"] else _race_stage(request.param)


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each language, back to English afterwards."""
    use_language(request.param, assets.path("locale"))
    yield request.param
    use_language("en", assets.path("locale"))


@pytest.fixture
def chinese() -> Iterator[None]:
    use_language("zh_CN", assets.path("locale"))
    yield
    use_language("en", assets.path("locale"))
