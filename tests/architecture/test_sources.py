"""Rules a reader can rely on in every file: size, names, imports, docstrings, what never stands in code."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT, modules, python_files, text, tree

# Where nothing may escape: the top of every thread, and of the program.
CATCH_ALL_ALLOWED = {
    "simulations/core/lanes.py",
    "simulations/runtime/elsewhere.py",
    "simulations/runtime/observer.py",
    "simulations/runtime/race_worker.py",
    "simulations/runtime/worker.py",
    "app/errors.py",
    "app/jobs.py",
}
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|coming so" r"on|not implemented ye" r"t)\b", re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.])/(home|root|work|Users|tmp)/\w|[A-Z]:\\\\\w")


def test_imports_go_one_way() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_modules_import_each_other_in_a_circle() -> None:
    import grimp

    graph = grimp.build_graph(
        "simulations", "widgets", "app", "assets", cache_dir=None, exclude_type_checking_imports=True
    )
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for target in sorted(imports[name]):
                walk(target, (*trail, name))
            done.add(name)

    for name in sorted(imports):
        walk(name, ())


@pytest.mark.parametrize("name", python_files())
def test_a_file_holds_one_idea(name: str) -> None:
    assert len(text(name).splitlines()) <= 400


@pytest.mark.parametrize("name", python_files())
def test_a_function_fits_on_a_screen(name: str) -> None:
    long = [
        f"{one.name} ({one.end_lineno - one.lineno + 1} lines)"
        for one in ast.walk(tree(name))
        if isinstance(one, ast.FunctionDef) and one.end_lineno and one.end_lineno - one.lineno + 1 > 40
    ]
    assert not long


@pytest.mark.parametrize("name", python_files())
def test_a_file_opens_by_saying_what_it_is_for(name: str) -> None:
    if text(name).strip():
        assert ast.get_docstring(tree(name))


def test_no_file_has_a_name_that_says_nothing() -> None:
    empty = re.compile(r"(^|/)(utils?|helpers?|managers?|common|misc)(\.py$|/)")
    assert not [name for name in python_files() if empty.search(name)]


@pytest.mark.parametrize("name", [name for name in modules() if name.startswith("simulations/")])
def test_simulations_run_without_a_window(name: str) -> None:
    roots = {
        alias.name.split(".")[0] for one in ast.walk(tree(name)) if isinstance(one, ast.Import) for alias in one.names
    }
    roots |= {(one.module or "").split(".")[0] for one in ast.walk(tree(name)) if isinstance(one, ast.ImportFrom)}
    assert not roots & {"PySide6", "pyqtgraph", "widgets", "app"}


@pytest.mark.parametrize("name", modules())
def test_errors_are_caught_by_name(name: str) -> None:
    if name in CATCH_ALL_ALLOWED:
        return
    handlers = (one for one in ast.walk(tree(name)) if isinstance(one, ast.ExceptHandler))
    broad = [
        one.lineno
        for one in handlers
        if (one.type is None or ast.unparse(one.type) in ("Exception", "BaseException"))
        and not (isinstance(one.body[-1], ast.Raise) and one.body[-1].exc is None)  # tidied up and passed on
    ]
    assert not broad


@pytest.mark.parametrize("name", python_files())
def test_nothing_is_left_for_later(name: str) -> None:
    assert not UNFINISHED.findall(text(name))


@pytest.mark.parametrize("name", python_files())
def test_no_path_of_anybodys_machine(name: str) -> None:
    strings = (
        one.value for one in ast.walk(tree(name)) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    )
    assert not [one for one in strings if MACHINE_PATH.search(one)]


@pytest.mark.parametrize("name", modules())
def test_nothing_runs_what_it_reads(name: str) -> None:
    calls = {ast.unparse(one.func) for one in ast.walk(tree(name)) if isinstance(one, ast.Call)}
    assert not calls & {"eval", "exec", "pickle.load", "pickle.loads", "os.system"}


@pytest.mark.parametrize("name", [name for name in modules() if not name.startswith("simulations/")])
def test_the_event_loop_is_never_entered_by_the_back_door(name: str) -> None:
    calls = {
        one.func.attr
        for one in ast.walk(tree(name))
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)
    }
    assert not calls & {"processEvents", "blockSignals"}
    assert not [
        one
        for one in ast.walk(tree(name))
        if isinstance(one, ast.ClassDef) and "QThread" in map(ast.unparse, one.bases)
    ]


PAINTED = [name for name in modules() if not name.startswith("simulations/") and name != "widgets/theme.py"]


@pytest.mark.parametrize("name", PAINTED)
def test_no_stroke_has_a_width_that_a_projector_does_not_change(name: str) -> None:
    """A pen is a copy of one of the theme's, or its width is told how wide strokes are."""
    for one in calls_of(tree(name)):
        called = ast.unparse(one.func).rpartition(".")[2]
        assert called not in {"mkPen", "setWidthF"}
        if called == "QPen":
            given = [*one.args, *(keyword.value for keyword in one.keywords)]
            assert re.search("pen\\(" if len(given) == 1 else "weight|stroke_width", ", ".join(map(ast.unparse, given)))


@pytest.mark.parametrize("name", PAINTED)
def test_a_colour_is_a_pen_for_texts_only(name: str) -> None:
    """``setPen`` with a colour is one pixel wide, on a projector, too."""
    for function in ast.walk(tree(name)):
        pen = ""
        for one in calls_of(function) if isinstance(function, ast.FunctionDef) else ():
            called = ast.unparse(one.func)
            if called.endswith(".setPen"):
                pen = ast.unparse(one.args[0])
            is_stroke = re.search(r"painter\.draw(Line|Poly|Rect|Rounded|Ellipse|Path|Arc|Point)", called)
            assert not (is_stroke and re.match(r"[\w.]*color\(", pen)), f"{called} in line {one.lineno} with {pen}"


def calls_of(node: ast.AST) -> list[ast.Call]:
    """In the order they are written."""
    return sorted((one for one in ast.walk(node) if isinstance(one, ast.Call)), key=lambda one: one.lineno)


@pytest.mark.parametrize("name", modules())
def test_a_text_is_marked_whole_before_it_is_filled(name: str) -> None:
    marked = [
        one.args[0]
        for one in ast.walk(tree(name))
        if isinstance(one, ast.Call)
        and isinstance(one.func, ast.Name)
        and one.func.id in ("_", "N_", "ngettext")
        and one.args
    ]
    assert not [ast.unparse(one) for one in marked if isinstance(one, ast.JoinedStr | ast.BinOp)]
