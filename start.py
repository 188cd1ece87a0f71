#!/usr/bin/env python3
"""One command on a fresh machine: makes a virtual environment, installs GradLab into it, and opens the window.

    python3 start.py                     the window
    python3 start.py train digits-cnn …  any verb of the command line
    python3 start.py test                all checks: ruff, mypy, import-linter, pytest (--oracle: also against PyTorch)

It needs nothing but Python's standard library. What it installed is noted in ``.venv``, so later starts are immediate
and a changed ``pyproject.toml`` installs again.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
OLDEST = (3, 11)


class StartError(Exception):
    """Ends the program with one plain line."""


def main(arguments):
    """Install what is missing and run; the exit code is the program's own."""
    if sys.version_info < OLDEST:
        raise StartError(
            "GradLab needs Python {}.{} or newer; this is {}.{}. Run start.py with a newer one, e.g. python3.12 start.py".format(
                *OLDEST, *sys.version_info[:2]
            )
        )
    if arguments[:1] == ["test"]:
        return run_checks(arguments[1:])
    install(())
    return run_program(arguments)


def python():
    """The interpreter of the virtual environment."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(extras):
    """Make the environment and install the project with ``extras``, unless that is done already."""
    wanted = fingerprint()
    stamp = ENVIRONMENT / "gradlab-installed"
    done = stamp.read_text(encoding="utf-8").split() if stamp.exists() else []
    known = set(done[1:]) if done[:1] == [wanted] else set()
    if done[:1] == [wanted] and set(extras) <= known and python().exists():
        return
    if not python().exists():
        make_environment()
    everything = sorted(known | set(extras))
    target = ".[{}]".format(",".join(everything)) if everything else "."
    say("Installing GradLab and what it needs (once; a few minutes on a slow line) …")
    command = [str(python()), "-m", "pip", "install", "--disable-pip-version-check", "-e", target]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise StartError(
            "Installing failed; the reason stands above. Without a network connection this step cannot work."
        )
    stamp.write_text(" ".join([wanted, *everything]), encoding="utf-8")


def fingerprint():
    """Changes whenever the project's requirements or its place change."""
    content = (ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()
    return hashlib.sha256(content).hexdigest()[:16]


def make_environment():
    """A fresh virtual environment, or one line on how to make it possible."""
    say("Making a virtual environment in .venv …")
    try:
        import ensurepip  # noqa: F401  # Debian and Ubuntu ship venv without it
        import venv
    except ImportError:
        raise StartError(
            "Python's venv module is missing. Install it with: sudo apt install python{}.{}-venv".format(
                *sys.version_info[:2]
            )
        ) from None
    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=ENVIRONMENT.exists())
    except (OSError, subprocess.CalledProcessError) as error:
        raise StartError(f"The virtual environment {ENVIRONMENT} cannot be made: {error}") from error


def run_program(arguments):
    """Run GradLab in the environment."""
    command = [str(python()), "-m", "app", *arguments]
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    if os.name != "nt":  # Windows would return to the prompt at once
        os.execve(command[0], command, environment)
    return subprocess.run(command, env=environment, check=False).returncode


ALONE = ("tests/journeys", "tests/bench")  # tests that need the screen, or the machine, for themselves


def run_checks(arguments):
    """Every check of the project; stops at none, fails if one fails. Other arguments go to pytest."""
    wants_oracle = "--oracle" in arguments
    rest = [one for one in arguments if one != "--oracle"]
    install(("test", "oracle") if wants_oracle else ("test",))
    run = [str(python()), "-m"]
    checks = [
        ("ruff check", [*run, "ruff", "check", "."]),
        ("ruff format", [*run, "ruff", "format", "--check", "."]),
        ("mypy", [*run, "mypy"]),
        ("import-linter", [str(python().with_name("lint-imports" + python().suffix))]),
    ]
    if rest:
        checks.append(("pytest", [*run, "pytest", *rest]))
    else:
        together = ["-n", str(min(os.cpu_count() or 1, 4)), *(f"--ignore={one}" for one in ALONE)]
        checks.append(("pytest: journeys through a window, and what is timed", [*run, "pytest", *ALONE]))
        checks.append(("pytest: everything else", [*run, "pytest", *together]))
    failed = []
    for name, command in checks:
        say(f"── {name} ──")
        environment = environment_of_tests(without_screen="-n" in command)
        if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
            failed.append(name)
    say("All checks passed." if not failed else "Failed: {}".format(", ".join(failed)))
    return 1 if failed else 0


def environment_of_tests(without_screen=False):
    """Windows of the tests go to the screen there is, or to none; those side by side would take each other's focus."""
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    environment.setdefault("OPENBLAS_NUM_THREADS", "1")
    if without_screen and os.name != "nt" and sys.platform != "darwin":
        environment["QT_QPA_PLATFORM"] = "offscreen"
    has_screen = os.name == "nt" or sys.platform == "darwin" or os.environ.get("DISPLAY")
    if not has_screen and not shutil.which("Xvfb"):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment


def say(text):
    """A line of progress."""
    print(text, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except StartError as stop:
        print(stop, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
