"""The Hessian in its own axes, where Newton's method and its safer variants differ by one function of the eigenvalues."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.optimizers import sentences as say
from simulations.optimizers.worksheet import Worksheet


class Spectrum(NamedTuple):
    """Eigenvalues ``(…, n)``, ascending; their axes ``(…, n, n)`` in columns; and the gradient along them ``(…, n)``."""

    values: FloatArray
    axes: FloatArray
    gradient: FloatArray

    def back(self, along_axes: FloatArray) -> FloatArray:
        """A vector given along the axes, in θ's own coordinates."""
        turned: FloatArray = np.einsum("...ij,...j->...i", self.axes, along_axes)
        return turned


def spectrum(hessian: FloatArray, gradient: FloatArray) -> Spectrum:
    """The symmetric eigenproblem; a point whose Hessian is not finite gets a gradient of NaN, so that it shows."""
    finite = np.asarray(np.isfinite(hessian).all(axis=(-2, -1)))
    safe = np.where(finite[..., np.newaxis, np.newaxis], hessian, np.eye(gradient.shape[-1], dtype=gradient.dtype))
    values, axes = np.linalg.eigh(safe.astype(gradient.dtype))
    along = np.einsum("...ji,...j->...i", axes, gradient)
    return Spectrum(values, axes, np.where(finite[..., np.newaxis], along, np.nan))


def write_axes(sheet: Worksheet) -> None:
    """λ, V and the gradient a along the axes."""
    sheet.line("H ← ∇²f(θ)", say.HESSIAN)
    found = spectrum(sheet["H"], sheet["g"])
    sheet.give("λ ← eig(H)", found.values, say.EIGENVALUES)
    sheet.give("V ← axes(H)", found.axes, say.EIGENVECTORS)
    sheet.give("a ← Vᵀ·g", found.gradient, say.ALONG_AXES)
