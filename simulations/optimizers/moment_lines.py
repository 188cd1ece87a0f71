"""The lines that Adam's relatives have in common: two running means, made up for their beginning, and the divided step."""

from __future__ import annotations

from simulations.optimizers import sentences as say
from simulations.optimizers.worksheet import Worksheet


def write_mean(sheet: Worksheet) -> None:
    """m follows the gradient."""
    sheet.line("m ← β₁·m + (1 − β₁)·g", say.MEAN)
    sheet.arrow("momentum", "−η·m")


def write_means(sheet: Worksheet) -> None:
    """m and v follow the gradient and its square."""
    write_mean(sheet)
    sheet.line("v ← β₂·v + (1 − β₂)·g²", say.SQUARE)


def write_corrections(sheet: Worksheet, square: str = "v") -> None:
    """m̂ and v̂, or the same of another letter."""
    sheet.line("m̂ ← m/(1 − β₁ᵗ)", say.DEBIASED_MEAN)
    sheet.line(f"{square}\u0302 ← {square}/(1 − β₂ᵗ)", say.DEBIASED_SQUARE)


def write_divided_step(sheet: Worksheet, root: str = "√v̂ + ε", *, correction: str = "(1 − β₁ᵗ)·") -> None:
    """θ moves by m̂ over ``root``; a mean gradient of the same length in any direction would end on the ellipse."""
    sheet.stable("2·(1 + β₁)/(1 − β₁)", f"{correction}({root})")
    sheet.line(f"θ ← θ − η·m̂/({root})", say.SCALED_STEP, "step")
    sheet.around("ellipse", f"η·‖m̂‖/({root})")
