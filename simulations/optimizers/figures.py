"""An update rule as it is read: its numbers in as few digits as tell what the line does, and letters replaced by them.

Near a minimum θ changes in its seventh digit. Then four digits would say that nothing happens: so every number of a line gets
as many as it takes to look different from what it differs from. What only happens to be nearly equal, as θ and ∇f at the end of
a valley, gets no more than can be read.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np

from simulations.optimizers.notation import Formula, Names, Token, Value

Digits: TypeAlias = Sequence[int]  # of the entries of a value, in their order

FEWEST: Final = 4
MOST: Final = 8  # of a line; what changes less is read from the change itself
_ROUNDED: Final = 15  # a change of fewer places is one of rounding
_ALL: Final = 18  # tell any two numbers apart
_POWERS: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def figure(value: float, digits: int = FEWEST) -> str:
    """A number as it stands in a formula: ``−0.0325``, ``1.2e−5``, ``∞``."""
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    if float(value).is_integer() and abs(value) < 1e6:
        return f"{value:.0f}".replace("-", "−")
    text = f"{value:.{digits}g}"
    if "e" in text or abs(value) < 1e-3:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        text = f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    return text.replace("-", "−")


def value_text(value: Value, digits: Digits = ()) -> str:
    """A number, a vector ``(a, b)``, or a matrix ``[a, b; c, d]``; four ``digits`` unless said otherwise."""
    entries = np.ravel(value).tolist()
    texts = [figure(one, many) for one, many in zip(entries, digits or [FEWEST] * len(entries), strict=True)]
    if np.ndim(value) == 0:
        return texts[0]
    if np.ndim(value) == 1:
        return f"({', '.join(texts)})"
    wide = np.shape(value)[-1]
    return "[" + "; ".join(", ".join(texts[i : i + wide]) for i in range(0, len(texts), wide)) + "]"


def telling_digits(
    values: Mapping[str, Value], result: Value | None = None, differences: Collection[frozenset[str]] = ()
) -> dict[str, Digits]:
    """How many digits every entry of ``values`` needs to look different from that of any other value of its shape.

    The digits of ``result`` go by "". Beyond :data:`MOST` it takes too many, so that nearly equal ones look equal: all but the
    pairs of ``differences``, whose difference is what the line is about.
    """
    entries = {name: (np.shape(value), np.ravel(value).tolist()) for name, value in values.items()}
    if result is not None:
        entries[""] = np.shape(result), np.ravel(result).tolist()
    found: dict[str, Digits] = {}
    for name, (shape, own) in entries.items():
        others = [(other, its) for other, (its_shape, its) in entries.items() if its_shape == shape and other != name]
        most = {other: _ALL if frozenset((name, other)) in differences else MOST for other, _its in others}
        found[name] = tuple(
            max([FEWEST, *(_apart(one, its[i], most[other]) for other, its in others)]) for i, one in enumerate(own)
        )
    return found


def change_digits(old: Value, new: Value) -> int:
    """How many digits it takes to see what became of ``old``; few where no more than rounding did."""
    pairs = zip(np.ravel(old).tolist(), np.ravel(new).tolist(), strict=True)
    return max(_apart(one, other, _ROUNDED) for one, other in pairs)


def _apart(a: float, b: float, most: int) -> int:
    """The digits of ``a`` whose last place is at most half of what parts it from ``b``; the fewest beyond ``most``."""
    gap = abs(a - b)
    if a == 0 or gap == 0 or not math.isfinite(gap):
        return FEWEST
    needed = math.floor(math.log10(abs(a))) + 1 - math.floor(math.log10(gap) - math.log10(2))
    return needed if needed <= most else FEWEST


def change_text(old: Value, new: Value, digits: Digits) -> str:
    """``new`` as what was added to ``old``: ``(1.94, 0.15) + (2e−13, 0)``."""
    change = np.subtract(new, old)
    if np.ndim(change) == 0 and change < 0:
        return f"{value_text(old, digits)} − {value_text(-change)}"
    return f"{value_text(old, digits)} + {value_text(change)}"


def fill(formula: Formula, names: Names, fixed: Mapping[str, str], digits: Mapping[str, Digits] | None = None) -> str:
    """The formula with every name's value in its place; ``fixed`` are texts of names that are not to be rounded."""
    digits = digits or {}
    tokens = formula.tokens
    pieces = []
    for i, (kind, text) in enumerate(tokens):
        before, after = tokens[i - 1].text if i else "", tokens[i + 1].text if i + 1 < len(tokens) else ""
        if kind == "name" and after != "(":
            written = fixed.get(text) or value_text(names[text], digits.get(text, ()))
            pieces.append(_enclosed(written, names[text], before, after))
        elif text == "ᵗ":
            pieces.append(str(int(names["t"])).translate(_POWERS))
        elif text in ("+", "−") and _ends_a_value(tokens, i):
            pieces.append(f" {text} ")
        else:
            pieces.append(", " if text == "," else text.replace("-", "−"))
    return "".join(pieces)


def _ends_a_value(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether a value ends before token ``i``, so that a sign there stands between two."""
    before = tokens[i - 1].text if i else "("
    if before in ("|", "‖"):  # the second of a pair closes it
        return sum(one.text == before for one in tokens[:i]) % 2 == 0
    return before not in ("(", "·", "/", ",", "⟨", "√")


def _enclosed(text: str, value: Value, before: str, after: str) -> str:
    """``text`` in the brackets it needs there."""
    if np.ndim(value) == 1:
        is_enclosed = (before, after) in {("(", ")"), ("|", "|"), ("‖", "‖")}
        return text[1:-1] if is_enclosed else text
    is_safe = before in ("", "(", ",", "|", "‖") and after not in ("²", "ᵗ", "^")
    return f"({text})" if text.startswith("−") and not is_safe else text
