"""What NumPy lacks: special functions, in its own vector operations and any precision, and an end for tiny numbers."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulations.core.arrays import FloatArray

# Cephes Math Library, ndtr.c (Moshier 1989): erf below 1, exp(x²)·erfc from 1 to 8; highest power first
_NEAR_P: Final = (
    9.60497373987051638749,
    90.0260197203842689217,
    2232.00534594684319226,
    7003.32514112805075473,
    55592.3013010394962768,
)
_NEAR_Q: Final = (
    1.0,
    33.5617141647503099647,
    521.357949780152679795,
    4594.32382970980127987,
    22629.0000613890934246,
    49267.3942608635921086,
)
_FAR_P: Final = (
    2.46196981473530512524e-10,
    0.564189564831068821977,
    7.46321056442269912687,
    48.6371970985681366614,
    196.520832956077098242,
    526.445194995477358631,
    934.528527171957607540,
    1027.55188689515710272,
    557.535335369399327526,
)
_FAR_Q: Final = (
    1.0,
    13.2281951154744992508,
    86.7072140885989742329,
    354.937778887819891062,
    975.708501743205489753,
    1823.90916687909736289,
    2246.33760818710981792,
    1656.66309194161350182,
    557.535340817727675546,
)
_GRAINS: Final = {kind: np.asarray(np.ldexp(np.finfo(kind).tiny, 24 + np.finfo(kind).nmant)) for kind in "fd"}
_LARGEST_POWERS: Final = {"f": 87.0, "d": 708.0}  # of e, with a number of the same size below 1
_LARGEST: Final = 8.0  # from 6 on, erf is 1 in float64


class Erf:
    """The error function of arrays of one shape and precision, in buffers of its own, so that calls allocate nothing.

    At most 3 units in the last place from the true value (Cephes, ndtr.c); equals ``math.erf`` and ``torch.erf``.
    """

    def __init__(self, like: FloatArray) -> None:
        self._size, self._square, self._p, self._q = (np.zeros_like(like) for _ in range(4))
        self._near = np.zeros_like(like, bool)

    def __call__(self, x: FloatArray, out: FloatArray) -> FloatArray:
        """erf(x), written into ``out``; both of the shape given at first."""
        size, square = self._size, self._square
        np.abs(x, out=size)
        np.minimum(size, _LARGEST, out=size)
        np.multiply(size, size, out=square)
        self._ratio(_FAR_P, _FAR_Q, size)
        np.negative(square, out=out)
        np.exp(out, out=out)
        out *= self._p
        np.subtract(1, out, out=out)
        np.minimum(square, 1, out=square)
        self._ratio(_NEAR_P, _NEAR_Q, square)
        self._p *= size
        np.less(size, 1, out=self._near)
        np.copyto(out, self._p, where=self._near)
        np.copysign(out, x, out=out)
        return out

    def _ratio(self, p: tuple[float, ...], q: tuple[float, ...], x: FloatArray) -> None:
        """The quotient of two polynomials, into ``self._p``."""
        _horner(p, x, self._p)
        _horner(q, x, self._q)
        self._p /= self._q


def _horner(coefficients: tuple[float, ...], x: FloatArray, out: FloatArray) -> None:
    out.fill(coefficients[0])
    for coefficient in coefficients[1:]:
        out *= x
        out += coefficient


def sigmoid(x: FloatArray, out: FloatArray) -> FloatArray:
    """1/(1 + e⁻ˣ), written into ``out``, to 3 units in the last place; it ends above the smallest normal number."""
    np.negative(x, out=out)
    np.minimum(out, _LARGEST_POWERS[out.dtype.char], out=out)
    np.exp(out, out=out)
    out += 1
    return np.reciprocal(out, out=out)


def gate(x: FloatArray, out: FloatArray) -> FloatArray:
    """:func:`sigmoid` as ½ + ½·tanh(x/2), in little more than half its time: of what is nearly 0 only the size is right."""
    np.multiply(x, 0.5, out=out)
    np.tanh(out, out=out)
    out *= 0.5
    out += 0.5
    return out


def flush_subnormals(values: FloatArray) -> None:
    """Make what is too small for full precision (below 1.2e-38 in float32) zero, in place; NaN and ±∞ stay.

    Most processors leave the fast path for such subnormal numbers, so that a layer of them trains several times more
    slowly, and a decaying one never reaches zero by itself: nine tenths of four units of the last place round to four.
    (Equals ``torch.set_flush_denormal``, at the moment of the call.)
    """
    values *= np.abs(values) >= np.finfo(values.dtype).tiny


def round_off(values: FloatArray) -> None:
    """Round to multiples of 2e-31 (float32; 4e-301 in float64), in place, so that what is far below any other is zero.

    A softmax of certain answers is full of such numbers, and their products would be subnormal
    (:func:`flush_subnormals`). What is over 6e-17 (3e-269) stays to the last bit.
    """
    grain = _GRAINS[values.dtype.char]
    values += grain
    values -= grain
