"""A race as a Python script that runs without this program and prints the same numbers, up to rounding.

PyTorch moves the racers whose method it has, unless it is not wanted or rounds a chaotic path into another one; the others are
moved by the very code that moves them here. The surface is written out with its slopes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from simulations.codegen.embedding import Embedding
from simulations.codegen.rounding import magnifies_rounding
from simulations.codegen.torch_methods import in_torch
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.surfaces.base import columns_of
from simulations.surfaces.objective import Batches
from simulations.surfaces.printing import formula_text, python_arguments, python_source

_INSTEAD: Final[Mapping[str, str]] = {
    "aligned": 'def aligned(shape, dtype):\n    """Zeros."""\n    return np.zeros(shape, dtype)',
    "Seen": '''class Seen:
    """An objective asked at another place, ``at(theta)``, or whose gradient is ``changed`` before it is handed on."""

    def __init__(self, objective, *, at=lambda theta: theta, changed=lambda gradient: gradient):
        self._objective, self._at, self._changed = objective, at, changed
        self.seed, self.depth = objective.seed, objective.depth + 1

    def value(self, theta):
        return self._objective.value(self._at(theta))

    def gradient(self, theta):
        return self._changed(self._objective.gradient(self._at(theta)))

    def hessian(self, theta):
        return self._objective.hessian(self._at(theta))''',
}
_NUMBERS_A_LINE: Final = 5
_LONGEST_LINE: Final = 110


def race_script(spec: RaceSpec, names: Sequence[str], *, uses_torch: bool = True) -> str:
    """The source of a script that prints where every racer of ``spec`` ends; ``names`` are what they are called.

    Raises :class:`GradLabError` where this installation does not hold the sources of its methods.
    """
    return _Script(spec, names, uses_torch).text()


class _Script:
    def __init__(self, spec: RaceSpec, names: Sequence[str], uses_torch: bool) -> None:
        self._spec, self._names = spec, names
        self._embedding = Embedding(_INSTEAD)
        self._torch = [in_torch(one) if uses_torch else None for one in spec.racers]
        self._chaotic: list[str] = []
        if any(self._torch):
            for i, is_chaotic in enumerate(magnifies_rounding(spec)):
                if is_chaotic and self._torch[i] is not None:
                    self._torch[i] = None
                    self._chaotic.append(names[i])
        self._arguments = python_arguments(spec.surface)
        self._columns = [one for name, one in self._arguments.items() if name in columns_of(spec.surface)]
        self._is_moving = "t" in self._arguments
        self._has_batches = any(0 < one.batch_size < spec.surface.samples for one in spec.racers)
        self._has_schedules = any(one.schedule.kind != "constant" for one in spec.racers)
        self._has_plateaus = any(one.schedule.kind == "reduce_on_plateau" for one in spec.racers)

    def text(self) -> str:
        racers = [self._racer(i, one) for i, one in enumerate(self._spec.racers)]
        if self._has_batches:
            self._embedding.add(Batches)
        parts = [self._head(), self._surface(), self._objective()]
        parts += [self._embedding.text()] if self._embedding.definitions else []
        parts += [self._numpy_run()] if None in self._torch else []
        parts += [self._torch_run()] if any(self._torch) else []
        parts += ["\n".join(["RACERS = {", *racers, "}"]), self._main()]
        return "\n\n\n".join(parts) + "\n"

    def _racer(self, index: int, racer: RacerSpec) -> str:
        torch = self._torch[index]
        start = "START"
        if racer.has_own_start:
            start = f"({racer.start_x!r}, {racer.start_y!r})"
        said = [f"lambda p: {torch.optimizer}" if torch is not None else self._embedding.built(racer.optimizer), start]
        if torch is None and racer.wrappers:
            said.append(f"wrappers=[{', '.join(map(self._embedding.built, racer.wrappers))}]")
        if torch is not None and torch.clips:
            said.append(f"clips=[{', '.join(torch.clips)}]")
        if torch is not None and torch.answer:
            said.append(f"answer={torch.answer!r}")
        if racer.schedule.kind != "constant":
            said.append(f"schedule={self._embedding.built(racer.schedule)}")
        if 0 < racer.batch_size < self._spec.surface.samples:
            said.append(f"batch_size={racer.batch_size}")
        if racer.seed and (racer.wrappers or racer.batch_size):
            said.append(f"seed={racer.seed}")
        name = json.dumps(self._names[index], ensure_ascii=False)
        line = f"    {name}: in_{'torch' if torch else 'numpy'}({', '.join(said)}),"
        if len(line) <= _LONGEST_LINE:
            return line
        return "\n".join([line[: line.index("(", len(name))] + "(", *(f"        {one}," for one in said), "    ),"])

    def _head(self) -> str:
        imports = {"import numpy as np", "import sys", "import unicodedata", *self._embedding.imports}
        imports |= {"import torch"} if any(self._torch) else set()
        foreign = {"import numpy as np", "import torch"} & imports
        name = " ".join(self._spec.name.replace('"', "'").replace("\\", "/").split())
        title = f"{name or 'Race'}: {len(self._spec.racers)} racers, {self._spec.steps} steps"
        chaotic = ", ".join(one.replace('"', "'").replace("\\", "/") for one in self._chaotic)
        why = f"\n\nRounding decides where these end, so not PyTorch moves them but the lines GradLab uses: {chaotic}."
        needs = "NumPy and PyTorch" if any(self._torch) else "NumPy"
        text = f'''"""{title}. Made by GradLab.

Needs {needs}. It prints where every racer ends and the value there; a number behind the script's name,
such as 50, makes it print every 50th step as well. The numbers are GradLab's up to rounding: another order of
the same sums may change the last digits.{why if chaotic else ""}
"""'''
        own = sorted(imports - foreign, key=lambda one: (one.startswith("from"), one))
        return "\n\n".join([text, "\n".join(own), "\n".join(sorted(foreign)), self._constants()])

    def _constants(self) -> str:
        spec = self._spec
        lines = [f"STEPS = {spec.steps}", f"START = ({spec.start_x!r}, {spec.start_y!r})"]
        if any(self._torch):
            lines.append("torch.set_default_dtype(torch.float64)")
        if self._columns:
            columns = columns_of(spec.surface)
            rows = [f"    {_array(columns[name].tolist())},  # {name}" for name in columns]
            lines += ["SAMPLES = (", *rows, ")"]
        return "\n".join(lines)

    def _surface(self) -> str:
        surface = self._spec.surface
        questions = {need for one in self._spec.racers for need in one.optimizer.needs} & {"gradient", "hessian"}
        sources = [python_source(surface, "value")]
        sources += [python_source(surface, "gradient")] if "gradient" in questions else []
        sources += [python_source(surface, "hessian")] if "hessian" in questions else []
        formula = " ".join(formula_text(surface).split())
        comment = "" if "…" in formula or len(formula) > 110 else f"# {formula}\n"
        return comment + "\n\n".join(f"{one.strip()}\n" for one in sources).rstrip()

    def _objective(self) -> str:
        rest = "".join(self._rest())
        look = ["        self.t = t"] if self._is_moving else []
        if self._has_batches:
            look.append("        self.batch = self.batches.at(t) if self.batches else slice(None)")
        lines = ["class Objective:", '    """The surface as a method sees it in one step."""', "", "    depth = 0", ""]
        lines += ["    def __init__(self, batch_size, seed):", "        self.seed = seed"]
        if self._has_batches:
            size = len(columns_of(self._spec.surface)[next(iter(self._arguments))])
            lines.append(f"        self.batches = Batches({size}, batch_size, seed) if batch_size else None")
        if look:
            lines += ["", "    def look(self, t):", *look]
        lines += ["", "    def value(self, theta):", f"        return np.float64(value(*theta{rest}))"]
        lines += ["", "    def gradient(self, theta):", f"        return np.array(gradient(*theta{rest}), np.float64)"]
        if any("hessian" in one.optimizer.needs for one in self._spec.racers):
            lines += ["", "    def hessian(self, theta):", f"        xx, xy, yy = hessian(*theta{rest})"]
            lines += ["        return np.array([[xx, xy], [xy, yy]], np.float64)"]
        return "\n".join(lines)

    def _rest(self) -> list[str]:
        """The arguments after x and y, as the objective hands them on."""
        found = []
        if self._columns:
            found.append(", *(one[self.batch] for one in SAMPLES)" if self._has_batches else ", *SAMPLES")
        return found + ([", self.t"] if self._is_moving else [])

    def _whole(self, t: str) -> str:
        """The arguments after x and y for the whole surface at step ``t``; 0 stands for all of them."""
        t = "0" if self._spec.surface.is_judged_whole else t
        return (", *SAMPLES" if self._columns else "") + (f", {t}" if self._is_moving else "")

    def _run(self, name: str, first: str, extra: str, begin: list[str], place: str, move: list[str]) -> str:
        """A function that yields the points to judge after 0, 1, … steps."""
        schedule = ", schedule=None" if self._has_schedules else ""
        lines = [f"def {name}({first}, start, {extra}{schedule}, batch_size=0, seed=0):".replace(", ,", ",")]
        lines += ['    """The points to judge after 0, 1, … STEPS steps."""', *begin]
        lines += ["    objective = Objective(batch_size, seed)"]
        lines += ["    losses = []"] if self._has_schedules else []
        lines += ["    for t in range(STEPS + 1):", "        if t:"]
        lines += ["            objective.look(t)"] if self._is_moving or self._has_batches else []
        if self._has_plateaus:
            lines += ["            if t % 10 == 1:"]
            lines += [f"                losses.append(float(value(*{place}{self._whole('0')})))"]
        lines += [f"            {line}" for line in move]
        return "\n".join(lines)

    def _numpy_run(self) -> str:
        begin = [
            "    theta = np.array(start)",
            "    state, states = method.start(theta), [one.start(theta) for one in wrappers]",
        ]
        move = ["inside, scheduled = objective, method"]
        if self._has_schedules:
            move += ["if schedule:"]
            move += ["    scheduled = method.at_rate(method.learning_rate * schedule.factor(t - 1, losses))"]
        move += ["for one, its in zip(wrappers, states):", "    inside = one.around(inside, its, t)"]
        move += ["scheduled.step(theta, inside, state, t)"]
        move += ["for one, its in zip(wrappers[::-1], states[::-1]):", "    one.after(theta, its, t)"]
        text = self._run("in_numpy", "method", "wrappers=()", begin, "theta", move)
        after = ["        answer = method.answer(theta, state)"]
        after += [
            "        for one, its in zip(wrappers[::-1], states[::-1]):",
            "            answer = one.answer(answer, its)",
        ]
        return "\n".join([text, *after, "        yield answer.copy()"])

    def _torch_run(self) -> str:
        begin = ["    p = torch.tensor(start, requires_grad=True)", "    optimizer = build([p])"]
        begin += ['    rate = optimizer.param_groups[0]["lr"]'] if self._has_schedules else []
        move = []
        if self._has_schedules:
            move += ["if schedule:", '    optimizer.param_groups[0]["lr"] = rate * schedule.factor(t - 1, losses)']
        move += ["p.grad = torch.from_numpy(objective.gradient(p.detach().numpy()))"]
        move += ["for clip in clips:", "    clip([p])", "optimizer.step()"]
        text = self._run("in_torch", "build", "clips=(), answer=None", begin, "p.detach().numpy()", move)
        found = "optimizer.state[p][answer] if answer and t else p.detach()"
        return "\n".join([text, f"        yield ({found}).numpy().copy()"])

    def _main(self) -> str:
        return f"""def columns(text):
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def main():
    every = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    width = max(map(columns, ["racer", *RACERS]))
    print("racer" + " " * (width - 5) + f"  {{'step':>6}}  {{'x':>24}}  {{'y':>24}}  {{'f(x, y)':>24}}")
    with np.errstate(all="ignore"):
        for name, path in RACERS.items():
            for t, (x, y) in enumerate(path):
                if t == STEPS or (every and t % every == 0):
                    found = float(value(x, y{self._whole("t")}))
                    padded = name + " " * (width - columns(name))
                    print(f"{{padded}}  {{t:>6}}  {{float(x)!r:>24}}  {{float(y)!r:>24}}  {{found!r:>24}}")


if __name__ == "__main__":
    main()"""


def _array(values: Sequence[float]) -> str:
    rows = [values[i : i + _NUMBERS_A_LINE] for i in range(0, len(values), _NUMBERS_A_LINE)]
    if len(rows) == 1:
        return f"np.array({list(values)!r})"
    lines = [f"            {', '.join(map(repr, row))}," for row in rows]
    return "\n".join(["np.array(", "        [", *lines, "        ]", "    )"])
