"""From the box around a surface to the screen and back: a parallel projection, turned about the vertical and tilted.

The box is centred on the origin, x and y at most 1 from it. Parallel, because then a length along an axis is the same
wherever it lies, so the ticks on the edges of the box are true for everything inside.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from simulations.core.arrays import Array, FloatArray

LOWEST: Final = math.radians(8)  # seen from below, a sheet shows nothing but its underside
HIGHEST: Final = math.radians(90)
HALF_HEIGHT: Final = 0.5  # of the box, whose longer side is 2
_ZOOMS: Final = (0.4, 12.0)


class Room(NamedTuple):
    """A rectangle of the screen, in pixels."""

    left: float
    top: float
    width: float
    height: float


class Sides(NamedTuple):
    """How far the box reaches from its middle along x and y."""

    x: float
    y: float


@dataclass(frozen=True)
class Projection:
    """A camera at work: ``scale`` pixels a unit, the box's middle at the pixel ``(x, y)``."""

    azimuth: float
    elevation: float
    scale: float
    x: float
    y: float

    def project(self, points: Array) -> FloatArray:
        """``(…, 3)`` in the box to ``(…, 3)``: pixel column, pixel row (downwards), depth (greater is farther away)."""
        across, away = self.turned(points[..., 0], points[..., 1])
        up = points[..., 2]
        sine, cosine = math.sin(self.elevation), math.cos(self.elevation)
        found = np.empty(points.shape)
        found[..., 0] = self.x + self.scale * across
        found[..., 1] = self.y - self.scale * (away * sine + up * cosine)
        found[..., 2] = away * cosine - up * sine
        return found

    def lift(self, seen: Array) -> FloatArray:
        """The points ``(…, 3)`` of the box that :meth:`project` maps to ``seen``."""
        sine, cosine = math.sin(self.elevation), math.cos(self.elevation)
        across, raised = (seen[..., 0] - self.x) / self.scale, (self.y - seen[..., 1]) / self.scale
        away, up = raised * sine + seen[..., 2] * cosine, raised * cosine - seen[..., 2] * sine
        sine, cosine = math.sin(self.azimuth), math.cos(self.azimuth)
        return np.stack([across * cosine - away * sine, across * sine + away * cosine, up], axis=-1)

    def turned(self, x: Array, y: Array) -> tuple[Array, Array]:
        """How far to the right, and how far away along the floor."""
        sine, cosine = math.sin(self.azimuth), math.cos(self.azimuth)
        return x * cosine + y * sine, y * cosine - x * sine


@dataclass(frozen=True)
class Camera:
    """Where one looks from. Angles in radians; ``right`` and ``up`` shift the picture by shares of its room."""

    azimuth: float = math.radians(32)
    elevation: float = math.radians(46)
    zoom: float = 1.0
    right: float = 0.0
    up: float = 0.0

    def turned(self, azimuth: float, elevation: float) -> Camera:
        """Turned by so many radians; the tilt stops straight above and just over the floor."""
        tilt = min(max(self.elevation + elevation, LOWEST), HIGHEST)
        return replace(self, azimuth=math.remainder(self.azimuth + azimuth, math.tau), elevation=tilt)

    def zoomed(self, factor: float) -> Camera:
        return replace(self, zoom=min(max(self.zoom * factor, _ZOOMS[0]), _ZOOMS[1]))

    def shifted(self, right: float, up: float) -> Camera:
        return replace(self, right=self.right + right, up=self.up + up)

    def from_above(self) -> Camera:
        """Straight down, x to the right and y upwards as in the plane."""
        return Camera(0.0, HIGHEST)

    def placed(self, room: Room, sides: Sides) -> Projection:
        """The projection that fills ``room`` with the box, whatever it is turned to."""
        radius = math.hypot(*sides) if self.elevation < HIGHEST else max(sides)
        tall = radius * math.sin(self.elevation) + HALF_HEIGHT * math.cos(self.elevation)
        scale = self.zoom * min(room.width / radius, room.height / tall) / 2
        middle = room.left + room.width * (0.5 + self.right), room.top + room.height * (0.5 - self.up)
        return Projection(self.azimuth, self.elevation, max(scale, 1.0), *middle)
