"""The matrix problem: against closed forms, NumPy's decompositions, and PyTorch's optimizers on the same matrix."""

import numpy as np
import pytest

from simulations.core.interrupt import Interrupt, Interrupted
from simulations.families import load
from simulations.optimizers.muon import Muon
from simulations.optimizers.sgd import SGD
from simulations.racing.matrix import SIZE, Associations, MatrixProblem, run, runs, singular_values

load()

PROBLEM = MatrixProblem(condition=30.0, steps=60, seed=4, schedule="constant", momentum_rate=0.1, adam_rate=0.02)
# losses after 1, 10 and 60 steps of torch.optim.SGD, SGD(momentum=0.9), Adam and Muon(weight_decay=0) on PROBLEM in float64
GOLDEN = {
    "sgd": (0.3161666045, 0.02816715319, 0.0003196744563),
    "momentum": (1.118281122, 0.3065916107, 0.001474529573),
    "adam": (1.14081851, 0.3800767623, 0.009216936065),
    "muon": (1.222637952, 0.8210075237, 0.03099092084),
}


def test_keys_and_values_are_orthonormal_and_the_spectrum_is_as_asked():
    one = Associations(PROBLEM)
    np.testing.assert_allclose(one.keys.T @ one.keys, np.eye(SIZE), atol=1e-12)
    np.testing.assert_allclose(one.values @ one.values.T, np.eye(SIZE), atol=1e-12)
    first = one.gradient(np.zeros(SIZE * SIZE)).reshape(SIZE, SIZE)
    np.testing.assert_allclose(np.linalg.svd(first, compute_uv=False), one.frequencies, rtol=1e-10)
    assert one.frequencies[0] / one.frequencies[-1] == pytest.approx(30.0)


def test_the_gradient_is_that_of_the_value():
    one, point = Associations(PROBLEM), np.random.default_rng(0).standard_normal(SIZE * SIZE)
    nudge = 1e-6 * np.eye(SIZE * SIZE)
    difference = (one.value(point + nudge) - one.value(point - nudge)) / 2e-6
    np.testing.assert_allclose(one.gradient(point), difference, atol=1e-8)


def test_descent_learns_each_association_as_fast_as_it_is_frequent():
    """The i-th strength after t steps is 1 − (1 − ηpᵢ)ᵗ, and these are the singular values."""
    found = run(PROBLEM, SGD(learning_rate=0.5))
    t = np.arange(PROBLEM.steps + 1)[:, np.newaxis]
    expected = 1 - (1 - 0.5 * Associations(PROBLEM).frequencies) ** t
    np.testing.assert_allclose(found.strengths, expected, atol=1e-12)
    np.testing.assert_allclose(found.singular, -np.sort(-expected, axis=1), atol=1e-12)


def test_muon_moves_every_direction_nearly_equally_far_and_descent_does_not():
    """Five rounds drive singular values into about 0.7…1.2 (Jordan 2024), times the rate."""
    muon = run(PROBLEM, Muon(learning_rate=0.02, weight_decay=0.0))
    assert (muon.updates[:20] > 0.5 * 0.02).all()
    assert (muon.updates < 1.35 * 0.02).all()
    descent = run(PROBLEM, SGD(learning_rate=0.02))
    assert (descent.updates[:, -1] < 0.05 * descent.updates[:, 0]).any()


def test_muon_learns_the_rarest_first_of_all():
    found = dict(zip(("sgd", "momentum", "adam", "muon"), runs(MatrixProblem()), strict=True))
    rarest = {kind: one.strengths[-1, -1] for kind, one in found.items()}
    assert rarest["muon"] > 0.9
    assert max(rarest["sgd"], rarest["momentum"], rarest["adam"]) < 0.8


def test_muon_s_eight_values_grow_together_and_end_at_1():
    """What the panel shows before anything is set: no dip, no swinging, nobody left behind."""
    *others, muon = runs(MatrixProblem())
    arrived = [(one.strengths > 0.9).argmax(axis=0) for one in (*others, muon)]
    assert arrived[-1].min() > 0
    assert arrived[-1].max() < 2 * arrived[-1].min()
    assert muon.singular.max() < 1.3
    np.testing.assert_allclose(muon.singular[-1], 1, atol=0.05)
    for one in others:
        assert one.strengths[-1, -1] < 0.7, "the rarest is not learnt"


def test_no_rate_lets_the_others_learn_the_rarest_as_well():
    """The rates they have by default are not what holds them back: none will do whose values stay below 2."""
    problem = MatrixProblem()
    for method in problem.methods()[:-1]:
        for rate in np.geomspace(0.01, 3, 9):
            with np.errstate(all="ignore"):
                found = run(problem, method.at_rate(rate))
            assert found.strengths[-1, -1] < 0.9 or found.singular.max() > 1.95, (method.kind, rate)


def test_rates_that_fall_to_0_leave_the_first_step_as_it_is():
    falling, constant = (MatrixProblem(steps=20, schedule=one) for one in ("linear", "constant"))
    one, other = (run(problem, SGD(learning_rate=0.5)) for problem in (falling, constant))
    np.testing.assert_array_equal(one.strengths[1], other.strengths[1])
    lacking = np.cumprod(1 - 0.5 * (1 - np.arange(20) / 20)[:, np.newaxis] * Associations(falling).frequencies, axis=0)
    np.testing.assert_allclose(one.strengths[1:], 1 - lacking, atol=1e-12)


def test_singular_values_are_numpys_and_nan_where_a_number_is_not_finite():
    matrices = np.random.default_rng(1).standard_normal((3, SIZE * SIZE))
    matrices[1, 5] = np.inf
    found = singular_values(matrices)
    expected = np.linalg.svd(matrices[0].reshape(SIZE, SIZE), compute_uv=False)
    np.testing.assert_allclose(found[0], expected, rtol=1e-12)
    assert np.isnan(found[1]).all()


def test_a_rate_that_diverges_is_shown_as_it_is():
    found = run(MatrixProblem(steps=2000), SGD(learning_rate=10.0))
    assert not np.isfinite(found.losses[-1])


def losses_of_torch(kind):
    torch = pytest.importorskip("torch")
    one, method = Associations(PROBLEM), dict(zip(GOLDEN, PROBLEM.methods(), strict=True))[kind]
    weights = torch.nn.Parameter(torch.zeros(SIZE, SIZE, dtype=torch.float64))
    keys, values, shares = (torch.from_numpy(a) for a in (one.keys, one.values, one.frequencies))
    theirs = {
        "sgd": lambda: torch.optim.SGD([weights], lr=method.learning_rate),
        "momentum": lambda: torch.optim.SGD([weights], lr=method.learning_rate, momentum=0.9),
        "adam": lambda: torch.optim.Adam([weights], lr=method.learning_rate),
        "muon": lambda: torch.optim.Muon([weights], lr=method.learning_rate, weight_decay=0.0),
    }[kind]()
    losses = []
    for _ in range(PROBLEM.steps + 1):
        loss = (shares * ((keys.T @ weights - values) ** 2).sum(dim=1)).sum() / 2
        losses.append(loss.item())
        theirs.zero_grad()
        loss.backward()
        theirs.step()
    return np.array(losses)


@pytest.mark.oracle
@pytest.mark.parametrize("kind", GOLDEN)
def test_losses_are_torchs(kind):
    method = dict(zip(GOLDEN, PROBLEM.methods(), strict=True))[kind]
    ours, theirs = run(PROBLEM, method).losses, losses_of_torch(kind)
    tolerance = {"rtol": 0.03, "atol": 2e-3} if kind == "muon" else {"rtol": 1e-9}  # PyTorch's Muon rounds to bfloat16
    np.testing.assert_allclose(ours, theirs, **tolerance)
    np.testing.assert_allclose(theirs[[1, 10, 60]], GOLDEN[kind], rtol=1e-6)


@pytest.mark.parametrize("kind", GOLDEN)
def test_losses_are_those_torch_was_seen_to_have(kind):
    method = dict(zip(GOLDEN, PROBLEM.methods(), strict=True))[kind]
    tolerance = {"rtol": 0.03, "atol": 2e-3} if kind == "muon" else {"rtol": 1e-6}
    np.testing.assert_allclose(run(PROBLEM, method).losses[[1, 10, 60]], GOLDEN[kind], **tolerance)


def test_the_runs_can_be_left():
    interrupt = Interrupt()
    interrupt.request()
    with pytest.raises(Interrupted):
        list(runs(PROBLEM, interrupt))
