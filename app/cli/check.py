"""``gradlab check``: the self-test. It proves on this machine that gradients are gradients and methods do what they say."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict

from app.selftest.finding import Finding
from simulations.core.text import N_

NAME = "check"
HELP = N_("self-test: environment, gradients of layers, losses and surfaces, optimizers against their formulas, races")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=N_("print the findings as JSON on standard output"))


def run(arguments: argparse.Namespace) -> int:
    """Check everything; 0 all well, 1 something failed."""
    findings = list(_all())
    failed = sum(not one.passed for one in findings)
    if arguments.json:
        print(
            json.dumps(
                {"passed": failed == 0, "findings": [asdict(one) for one in findings]}, indent=2, ensure_ascii=False
            )
        )
    else:
        _print_report(findings, failed)
    return 1 if failed else 0


def _all() -> Iterator[Finding]:
    from app.selftest.environment import environment
    from app.selftest.gradients import gradients
    from app.selftest.methods import methods
    from app.selftest.races import races, surfaces
    from simulations import families

    families.load()
    sections: tuple[Callable[[], Iterator[Finding]], ...] = (environment, gradients, methods, surfaces, races)
    for section in sections:
        yield from section()


def _print_report(findings: list[Finding], failed: int) -> None:
    width = max(len(one.name) for one in findings)
    section = ""
    for one in findings:
        if one.section != section:
            section = one.section
            print(f"\n{section}" if one is not findings[0] else section)
        print(f"  {'✓' if one.passed else '✕'} {one.name.ljust(width)}  {one.detail}")
    print(f"\n{len(findings)} checks, {failed} failed" if failed else f"\n{len(findings)} checks, all passed")
