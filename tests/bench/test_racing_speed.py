"""What the promises of races rest on, as ratios: absolute times are for ``gradlab bench --races``."""

import argparse
import json
import time

from app.benchmarks import racing
from app.benchmarks.racing import different_methods, rates_of_one_method, run
from app.cli import bench
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing.maps import basins
from simulations.racing.session import RaceSession
from simulations.surfaces.base import SURFACES

load()


def quickest(*tasks, rounds=7):
    """The shortest time of each task, taking turns: what disturbs a measurement only ever makes it longer."""
    times = {task: [] for task in tasks}
    for _ in range(rounds):
        for task in tasks:
            start = time.perf_counter()
            task()
            times[task].append(time.perf_counter() - start)
    return [min(times[task]) for task in tasks]


def test_twelve_rates_of_one_method_cost_little_more_than_one():
    one, twelve = rates_of_one_method(1, 300), rates_of_one_method(12, 300)
    alone, together = quickest(lambda: run(one), lambda: run(twelve))
    assert together < 3 * alone


def test_twelve_methods_cost_less_than_twelve_races():
    spec = different_methods(300)
    singles = [racing._race([racer], 300) for racer in spec.racers]
    together, apart = quickest(lambda: run(spec), lambda: [run(one) for one in singles])
    assert together < 0.8 * apart


def test_the_first_steps_of_a_long_race_cost_what_those_of_a_short_one_cost():
    short, long = different_methods(150), different_methods(5000)
    once, first = quickest(lambda: run(short), lambda: run(long, 150))
    assert first < 2 * once


def test_a_map_costs_far_less_than_its_paths():
    surface, adam = SURFACES["himmelblau"](), OPTIMIZERS["adam"](learning_rate=0.05)
    path = rates_of_one_method(1, 100)

    def one():
        RaceSession(path).advance(100)

    def lattice():
        basins(surface, adam, columns=64, rows=64, steps=100)

    single, whole = quickest(one, lattice, rounds=5)
    assert whole < 0.05 * 64 * 64 * single


def test_json_has_a_row_for_every_promise(capsys):
    parser = argparse.ArgumentParser()
    bench.add_arguments(parser)
    assert bench.run(parser.parse_args(["--races", "--rounds", "1", "--json"])) in (0, 1)
    rows = json.loads(capsys.readouterr().out)["races"]
    assert len(rows) == 7
    assert all(row["ms"] > 0 for row in rows)
    assert [row["budget_ms"] for row in rows][:2] == [80.0, 15.0]
