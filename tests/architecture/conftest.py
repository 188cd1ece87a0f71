"""What the contract tests over panels need: two trained experiments and their snapshots."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

import assets
from simulations import families
from simulations.data.base import DATA_SOURCES
from simulations.documents.experiment import DataSpec, ExperimentSpec
from simulations.nn.fitting import fitted, fitted_loss
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.optimizers.base import OPTIMIZERS
from simulations.probes.base import Probe
from simulations.runtime.messages import Snapshot
from simulations.runtime.snapshots import snapshot_of
from simulations.runtime.watching import Watching
from simulations.training.session import Session
from widgets.text import use_language

Ask = Callable[[tuple[Probe, ...]], Snapshot]


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


@pytest.fixture(scope="session", params=["spiral", "digits", "relief", "copy"])
def session(request: pytest.FixtureRequest) -> Session:
    """Small experiments on points, images, values and sequences, a few epochs into their training."""
    families.load()
    source = DATA_SOURCES[request.param](samples=400)
    layers = (LAYERS["dense"](), LAYERS["relu"](), LAYERS["dense"]())
    if source.picture == "images":
        layers = (LAYERS["conv2d"](), LAYERS["relu"](), *layers)
    spec = ExperimentSpec(
        name=request.param,
        data=DataSpec(source),
        layers=fitted(layers, source.input_shape, source.targets),
        loss=fitted_loss(LOSSES["softmax_cross_entropy"](), source.targets),
        optimizer=OPTIMIZERS["adam"](),
    )
    trained = Session(spec)
    for _ in range(2 * trained.steps_per_epoch):
        trained.take_step()
    return trained


@pytest.fixture
def ask(session: Session) -> Ask:
    """Answer probes for this moment of ``session``."""

    def answer(probes: tuple[Probe, ...]) -> Snapshot:
        watching = Watching()
        watching.want(probes)
        watching.measure_all(session)
        return snapshot_of(session, watching.answers())

    return answer
