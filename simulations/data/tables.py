"""Tables that come with the program: a few measurements of a flower, a wine or a tumour, and what it is.

They are small, real and famous. With all measurements they show why features are standardised; with the two that tell
most they can be drawn whole, and the boundary with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Final, final

import numpy as np

import assets
from simulations.core.arrays import FloatArray, IntArray, Shape
from simulations.core.params import param
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.data.base import DATA_SOURCES, Dataset, DataSource
from simulations.data.declarations import samples

_FEWEST: Final = 20


def _features() -> Any:
    return param(
        "all",
        choices=("all", "pair"),
        labels=(N_("all"), N_("the two that tell most")),
        label=N_("Features"),
        help=N_("All measurements, or the two with the largest ratio of variance between classes to variance within."),
    )


@dataclass(frozen=True)
class Table(DataSource):
    """Rows ``(n, d)`` of stored measurements. ``pair`` holds the columns of the largest F (one-way analysis of variance)."""

    columns: ClassVar[tuple[str, ...]]
    classes: ClassVar[tuple[str, ...]]
    pair: ClassVar[tuple[int, int]]

    samples: int
    features: str

    @property
    def input_shape(self) -> Shape:
        return (len(self.feature_names),)

    @property
    def feature_names(self) -> tuple[str, ...]:
        return self.columns if self.features == "all" else tuple(self.columns[i] for i in self.pair)

    @property
    def targets(self) -> Targets:
        return Targets.classes(self.classes)

    def generate(self, rng: np.random.Generator) -> Dataset:
        rows, labels = _stored(self.kind)
        chosen = rng.permutation(len(rows))[: self.samples]
        kept = rows[chosen] if self.features == "all" else rows[chosen][:, self.pair]
        return Dataset(kept, labels[chosen], self.classes)


@cache
def _stored(name: str) -> tuple[FloatArray, IntArray]:
    with np.load(assets.path("datasets/tables.npz"), allow_pickle=False) as stored:
        rows, labels = stored[f"{name}_features"], stored[f"{name}_labels"].astype(np.intp)
    rows.flags.writeable = labels.flags.writeable = False
    return rows, labels


@final
@DATA_SOURCES.register(
    "iris",
    label=N_("Iris"),
    summary=N_("150 flowers of three species, told apart by four lengths: one species at once, the other two nearly."),
    source="Fisher 1936, UCI Machine Learning Repository, doi:10.24432/C56C76",
)
@dataclass(frozen=True)
class Iris(Table):
    """Four lengths in cm; 50 flowers of each species."""

    columns: ClassVar[tuple[str, ...]] = (
        N_("sepal length [cm]"),
        N_("sepal width [cm]"),
        N_("petal length [cm]"),
        N_("petal width [cm]"),
    )
    classes: ClassVar[tuple[str, ...]] = (N_("setosa"), N_("versicolor"), N_("virginica"))
    pair: ClassVar[tuple[int, int]] = (2, 3)

    samples: int = samples(150, low=_FEWEST, high=150)
    features: str = _features()


@final
@DATA_SOURCES.register(
    "wine",
    label=N_("Wine"),
    summary=N_(
        "178 wines of three cultivars in thirteen chemical measurements of very different size: standardise them."
    ),
    source="Aeberhard & Forina 1992, UCI Machine Learning Repository, doi:10.24432/C5PC7J",
)
@dataclass(frozen=True)
class Wine(Table):
    """Thirteen measurements, from 0.1 to 1700; 59, 71 and 48 wines of the cultivars."""

    columns: ClassVar[tuple[str, ...]] = (
        N_("alcohol"),
        N_("malic acid"),
        N_("ash"),
        N_("alcalinity of ash"),
        N_("magnesium"),
        N_("total phenols"),
        N_("flavanoids"),
        N_("nonflavanoid phenols"),
        N_("proanthocyanins"),
        N_("colour intensity"),
        N_("hue"),
        N_("OD280/OD315 of diluted wine"),
        N_("proline"),
    )
    classes: ClassVar[tuple[str, ...]] = (N_("cultivar 1"), N_("cultivar 2"), N_("cultivar 3"))
    pair: ClassVar[tuple[int, int]] = (6, 12)

    samples: int = samples(178, low=_FEWEST, high=178)
    features: str = _features()


@final
@DATA_SOURCES.register(
    "breast_cancer",
    label=N_("Breast cancer"),
    summary=N_("569 tumours, malignant or benign, in thirty numbers about their cell nuclei: a medical test to judge."),
    source="Wolberg, Mangasarian, Street & Street 1993, UCI Machine Learning Repository, doi:10.24432/C5DW2B",
)
@dataclass(frozen=True)
class BreastCancer(Table):
    """Ten features of the nuclei, each as mean, standard error and mean of the three worst; 212 malignant, 357 benign."""

    columns: ClassVar[tuple[str, ...]] = (
        N_("mean radius"),
        N_("mean texture"),
        N_("mean perimeter"),
        N_("mean area"),
        N_("mean smoothness"),
        N_("mean compactness"),
        N_("mean concavity"),
        N_("mean concave points"),
        N_("mean symmetry"),
        N_("mean fractal dimension"),
        N_("radius error"),
        N_("texture error"),
        N_("perimeter error"),
        N_("area error"),
        N_("smoothness error"),
        N_("compactness error"),
        N_("concavity error"),
        N_("concave points error"),
        N_("symmetry error"),
        N_("fractal dimension error"),
        N_("worst radius"),
        N_("worst texture"),
        N_("worst perimeter"),
        N_("worst area"),
        N_("worst smoothness"),
        N_("worst compactness"),
        N_("worst concavity"),
        N_("worst concave points"),
        N_("worst symmetry"),
        N_("worst fractal dimension"),
    )
    classes: ClassVar[tuple[str, ...]] = (N_("malignant"), N_("benign"))
    pair: ClassVar[tuple[int, int]] = (27, 22)

    samples: int = samples(569, low=_FEWEST, high=569)
    features: str = _features()
