"""Makes golden.json: value, gradient and Hessian of every surface at a few points, to 17 digits, worked out with 60.

Run by hand where mpmath is installed, from the root: ``python -m tests.oracles.surfaces.make_golden``.
"""

import json
from pathlib import Path

import mpmath
import numpy as np

from simulations.families import load
from simulations.surfaces.base import SURFACES
from tests.oracles.surfaces.formulas import FORMULAS, OTHERS

PARTS = ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2))
POINTS = 5


def rows(kind, settings, rng):
    """Points in the domain with f, ∂x, ∂y, ∂xx, ∂xy, ∂yy; the first close to the start, the second close to a minimum."""
    surface = SURFACES[kind](**settings)
    box = surface.domain
    points = rng.random((POINTS, 2)) * [box.width, box.height] + [box.x_low, box.y_low]
    points[0] = np.array(surface.start) + 1 / 64
    points[1] = np.array([surface.minima[0].x, surface.minima[0].y]) + 1 / 1024 * np.array([1, -1])
    named = {("m_" if name == "m" else name): value for name, value in settings.items()}

    def formula(x, y):
        return FORMULAS[kind](mpmath, x, y, **named)

    for x, y in points.tolist():
        at = (mpmath.mpf(x), mpmath.mpf(y))
        yield [x, y, *(float(mpmath.diff(formula, at, part) if sum(part) else formula(*at)) for part in PARTS)]


def main():
    load()
    mpmath.mp.dps = 60
    rng = np.random.default_rng(7)
    cases = [(kind, settings) for kind in FORMULAS for settings in ({}, OTHERS.get(kind)) if settings is not None]
    stored = [{"kind": kind, "settings": settings, "rows": list(rows(kind, settings, rng))} for kind, settings in cases]
    lines = ",\n".join(json.dumps(one) for one in stored)
    (Path(__file__).parent / "golden.json").write_text(f"[\n{lines}\n]\n", "utf-8")


if __name__ == "__main__":
    main()
