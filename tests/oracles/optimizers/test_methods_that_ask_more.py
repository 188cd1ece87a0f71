"""Methods that ask for values, Hessians or matrices: against PyTorch, SciPy, or the equation each is defined by."""

import numpy as np
import pytest

from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, Matrix
from simulations.optimizers.line_search import backtrack, dot, strong_wolfe
from simulations.optimizers.muon import orthogonalised

load()
PROVEN = {"newton", "saddle_free_newton", "damped_newton", "line_search_descent", "conjugate_gradient", "bfgs", "lbfgs"}
PROVEN |= {"nelder_mead", "sophia", "muon"}


class Surface:
    """A function of two numbers with its derivatives, counting what it is asked."""

    def __init__(self, value, gradient, hessian):
        self._value, self._gradient, self._hessian = value, gradient, hessian
        self.asked = {"value": 0, "gradient": 0, "hessian": 0}

    def value(self, theta):
        self.asked["value"] += 1
        return np.asarray(self._value(theta[..., 0], theta[..., 1]))

    def gradient(self, theta):
        self.asked["gradient"] += 1
        return np.stack(self._gradient(theta[..., 0], theta[..., 1]), axis=-1)

    def hessian(self, theta):
        self.asked["hessian"] += 1
        xx, xy, yy = np.broadcast_arrays(*self._hessian(theta[..., 0], theta[..., 1]))
        return np.stack((xx, xy, xy, yy), axis=-1).reshape(*theta.shape, 2)


def rosenbrock():
    return Surface(
        lambda x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
        lambda x, y: (-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
        lambda x, y: (2 - 400 * (y - 3 * x * x), -400 * x, 200.0),
    )


def bounded_saddle():
    """x² − y² + y⁴/4: a saddle in the origin, minima at (0, ±√2)."""
    return Surface(
        lambda x, y: x * x - y * y + y**4 / 4,
        lambda x, y: (2 * x, -2 * y + y**3),
        lambda x, y: (2.0 + 0 * x, 0.0, -2 + 3 * y * y),
    )


def walk(kind, start, surface, steps, **settings):
    optimizer, theta = OPTIMIZERS[kind](**settings), np.array(start, np.float64)
    state = optimizer.start(theta)
    for t in range(1, steps + 1):
        optimizer.step(theta, surface, state, t)
    return theta, state


def test_every_method_that_asks_more_is_proven_here():
    assert {one.kind for one in OPTIMIZERS if not issubclass(one.cls, FirstOrder)} == PROVEN


@pytest.mark.parametrize(
    ("kind", "steps"), [("newton", 7), ("damped_newton", 80), ("saddle_free_newton", 40), ("bfgs", 60), ("lbfgs", 60)]
)
def test_rosenbrock_is_finished(kind, steps):
    theta, _ = walk(kind, [-1.5, 2.0], rosenbrock(), steps)
    np.testing.assert_allclose(theta, [1, 1], atol=1e-6)


@pytest.mark.parametrize("formula", ["polak_ribiere", "fletcher_reeves", "hestenes_stiefel"])
def test_conjugate_gradients_finish_rosenbrock(formula):
    theta, _ = walk("conjugate_gradient", [-1.5, 2.0], rosenbrock(), 250, formula=formula, restart=20)
    np.testing.assert_allclose(theta, [1, 1], atol=1e-5)


def test_newton_solves_its_linear_system():
    surface, start = rosenbrock(), np.array([0.3, -0.7])
    theta, _ = walk("newton", start, surface, 1, learning_rate=0.5)
    wanted = start - 0.5 * np.linalg.solve(surface.hessian(start), surface.gradient(start))
    np.testing.assert_allclose(theta, wanted, rtol=1e-12)


def test_newton_goes_to_the_saddle_and_its_saddle_free_form_to_a_minimum():
    np.testing.assert_allclose(walk("newton", [0.3, 0.4], bounded_saddle(), 30)[0], [0, 0], atol=1e-8)
    reached, _ = walk("saddle_free_newton", [0.3, 0.4], bounded_saddle(), 30)
    np.testing.assert_allclose(reached, [0, np.sqrt(2)], atol=1e-8)


def test_a_damped_step_solves_its_system_and_a_failure_is_taken_back():
    surface, start = rosenbrock(), np.array([0.3, -0.7])
    theta, state = walk("damped_newton", start, surface, 1, damping=2.0)
    wanted = start - np.linalg.solve(surface.hessian(start) + 2 * np.eye(2), surface.gradient(start))
    np.testing.assert_allclose(theta, wanted, rtol=1e-12)
    np.testing.assert_allclose(state["damping"], [0.1])
    stuck, state = walk("damped_newton", [0.3, 0.4], bounded_saddle(), 1, damping=1e-3)
    np.testing.assert_array_equal(stuck, [0.3, 0.4])
    np.testing.assert_allclose(state["damping"], [10.0])


def test_wolfe_steps_satisfy_both_conditions():
    surface = rosenbrock()
    points = np.random.default_rng(2).uniform(-2, 2, (50, 2))
    g = surface.gradient(points)
    slope = dot(g, -g)
    alpha = strong_wolfe(surface, points, -g, slope, np.ones((50, 1)), sufficient=1e-4, curvature=0.5)
    reached = points - alpha * g
    assert (surface.value(reached) <= surface.value(points) + 1e-4 * (alpha * slope)[:, 0]).all()
    assert (np.abs(dot(surface.gradient(reached), -g)) <= 0.5 * np.abs(slope)).all()
    assert (alpha > 0).all()


def test_back_tracking_takes_the_first_trial_that_is_good_enough():
    surface = rosenbrock()
    points = np.random.default_rng(2).uniform(-2, 2, (50, 2))
    g = surface.gradient(points)
    slope = dot(g, -g)
    alpha = backtrack(surface, points, -g, slope, np.ones((50, 1)), sufficient=0.1, shrink=0.5)

    def enough(length):
        return surface.value(points - length * g) <= surface.value(points) + 0.1 * (length * slope)[:, 0]

    assert enough(alpha).all()
    assert not enough(2 * alpha)[alpha[:, 0] < 1].any()


def test_the_learnt_inverse_satisfies_the_secant_equation():
    surface = rosenbrock()
    optimizer, theta = OPTIMIZERS["bfgs"](), np.array([-1.5, 2.0])
    state = optimizer.start(theta)
    last = np.ones(2), np.ones(2)
    for t in range(1, 12):
        before, slope_before = theta.copy(), surface.gradient(theta)
        inverse = state["inverse_hessian"].copy()
        optimizer.step(theta, surface, state, t)
        if t > 2:
            s, y = last
            rho, eye = 1 / (s @ y), np.eye(2)
            wanted = (eye - rho * np.outer(s, y)) @ inverse @ (eye - rho * np.outer(y, s)) + rho * np.outer(s, s)
            np.testing.assert_allclose(state["inverse_hessian"], wanted, rtol=1e-9)
            np.testing.assert_allclose(state["inverse_hessian"] @ y, s, rtol=1e-9)
        last = theta - before, surface.gradient(theta) - slope_before


def test_the_first_learnt_inverse_is_scaled_to_the_curvature_that_was_met():
    """Where neither the step nor the change of the gradient points, it is s·y/y·y (Nocedal & Wright, eq. 6.20)."""
    curvatures, start = np.array([1.0, 10.0, 40.0]), np.array([1.0, -2.0, 0.5])

    class Bowl:
        offers = ("value", "gradient")

        def value(self, theta):
            return 0.5 * (curvatures * theta**2).sum(axis=-1)

        def gradient(self, theta):
            return curvatures * theta

    optimizer, theta = OPTIMIZERS["bfgs"](), start.copy()
    state = optimizer.start(theta)
    optimizer.step(theta, Bowl(), state, 1)
    s, y = theta - start, curvatures * (theta - start)
    optimizer.step(theta, Bowl(), state, 2)
    aside = np.cross(s, y)
    np.testing.assert_allclose(state["inverse_hessian"] @ aside, (s @ y) / (y @ y) * aside, rtol=1e-10)


@pytest.mark.parametrize(
    ("formula", "beta"), [("polak_ribiere", 0.0), ("fletcher_reeves", 0.25), ("hestenes_stiefel", -0.5)]
)
def test_polak_ribiere_forgets_where_the_gradient_only_shrinks(formula, beta):
    """g = g′/2 along an old direction: PR's β is −¼, which PR⁺ cuts off at 0 (Nocedal & Wright, eq. 5.45)."""
    one = OPTIMIZERS["conjugate_gradient"](formula=formula)
    g, before, direction = np.array([1.0, 0.0]), np.array([2.0, 0.0]), np.array([-2.0, 0.0])
    assert float(one._beta(g, before, direction)[0]) == beta


def test_conjugate_gradients_start_again_every_so_many_steps():
    optimizer, surface, theta = (
        OPTIMIZERS["conjugate_gradient"](restart=3, formula="fletcher_reeves"),
        rosenbrock(),
        np.array([-1.5, 2.0]),
    )
    state, along = optimizer.start(theta), []
    for t in range(1, 8):
        steepest = -surface.gradient(theta)
        optimizer.step(theta, surface, state, t)
        along.append(bool(np.allclose(state["direction"], steepest)))
    assert along == [True, False, False, True, False, False, True]


@pytest.mark.oracle
@pytest.mark.parametrize("memory", [3, 10])
def test_l_bfgs_without_a_line_search_is_torchs(memory):
    torch = pytest.importorskip("torch")
    curvature = np.linspace(0.5, 4.0, 6)
    start = np.arange(6.0)
    point = torch.tensor(start, requires_grad=True)
    theirs = torch.optim.LBFGS([point], lr=0.05, max_iter=1, history_size=memory)
    ours, theta = OPTIMIZERS["lbfgs"](learning_rate=0.05, memory=memory, line_search="none"), start.copy()
    state = ours.start(theta)
    for t in range(1, 101):
        here = point.detach().numpy().copy()
        gradient = curvature * here + 0.1 * here**3

        def closure(gradient=gradient):
            point.grad = torch.tensor(gradient)
            return torch.tensor(0.0)

        theirs.step(closure)
        ours.step(theta, Surface(None, lambda *_, g=gradient: g, None), state, t)
        np.testing.assert_allclose(theta, point.detach().numpy(), rtol=1e-12, atol=1e-12)


def test_nelder_mead_is_scipys():
    optimize = pytest.importorskip("scipy.optimize")
    surface, start = rosenbrock(), np.array([-1.5, 2.0])
    simplex = start + 0.5 * np.array([[0, 0], [1, 0], [0, 1.0]])
    for steps in (1, 2, 5, 20, 60, 90):
        options = {"initial_simplex": simplex, "maxiter": steps + 1, "xatol": 0, "fatol": 0}
        wanted = optimize.minimize(surface.value, start, method="Nelder-Mead", options=options).x
        np.testing.assert_allclose(walk("nelder_mead", start, surface, steps)[0], wanted, rtol=1e-12)


def test_nelder_mead_never_asks_for_a_gradient():
    surface = rosenbrock()
    walk("nelder_mead", [-1.5, 2.0], surface, 50)
    assert (surface.asked["gradient"], surface.asked["hessian"]) == (0, 0)


def test_sophia_is_the_papers_formula_with_the_exact_diagonal():
    surface = rosenbrock()
    theta, _ = walk("sophia", [-1.5, 2.0], surface, 60, learning_rate=0.01, weight_decay=0.1)
    point, m, h = np.array([-1.5, 2.0]), np.zeros(2), np.zeros(2)
    for t in range(1, 61):
        m = 0.965 * m + 0.035 * surface.gradient(point)
        if t % 10 == 1:
            h = 0.99 * h + 0.01 * np.diag(surface.hessian(point))
        point = point - 0.01 * 0.1 * point
        point = point - 0.01 * np.clip(m / np.maximum(0.01 * h, 1e-12), -1, 1)
    np.testing.assert_allclose(theta, point, rtol=1e-12)


def test_sophia_estimates_the_diagonal_where_there_is_no_hessian():
    surface = Surface(None, lambda x, y: (3.0 * x, 7.0 * y), None)
    surface.offers = ("gradient",)
    _, state = walk("sophia", [1.0, 1.0], surface, 1)
    np.testing.assert_allclose(state["curvature"], [0.03, 0.07], rtol=1e-8)


@pytest.mark.parametrize("shape", [(4, 6), (6, 4), (5, 5)])
def test_newton_schulz_maps_singular_values_and_keeps_their_axes(shape):
    x = np.random.default_rng(4).standard_normal(shape)
    u, values, vt = np.linalg.svd(x, full_matrices=False)
    values = values / np.linalg.norm(values)
    for _ in range(5):
        values = 3.4445 * values - 4.7750 * values**3 + 2.0315 * values**5
    np.testing.assert_allclose(orthogonalised(x, 5), u * values @ vt, rtol=1e-5, atol=1e-5)


def test_muon_moves_matrices_by_their_orthogonal_factor_and_the_rest_by_adamw():
    g = np.random.default_rng(5).standard_normal(2 * 3 + 3)
    surface = Surface(None, None, None)
    surface.gradient, surface.matrices = (lambda theta: g), (Matrix(0, 2, 3),)
    theta, _ = walk("muon", np.ones(9), surface, 1, learning_rate=0.01)
    update = np.sqrt(3 / 2) * orthogonalised(g[:6].reshape(2, 3), 5)
    np.testing.assert_allclose(theta[:6], 1 - 0.01 * 0.1 - 0.01 * update.ravel(), rtol=1e-6)
    np.testing.assert_allclose(theta[6:], 1 - 0.01 * 0.1 - 0.01 * np.sign(g[6:]), rtol=1e-6)


@pytest.mark.oracle
def test_muon_is_torchs_but_for_its_short_numbers():
    """PyTorch makes matrices orthogonal in bfloat16, which has three digits."""
    torch = pytest.importorskip("torch")
    start = np.random.default_rng(6).standard_normal((4, 3))  # PyTorch's outputs × inputs
    weight = torch.tensor(start, requires_grad=True)
    theirs = torch.optim.Muon([weight], lr=0.02, adjust_lr_fn="original")
    optimizer, theta = OPTIMIZERS["muon"](learning_rate=0.02), start.T.ravel().copy()
    state, surface = optimizer.start(theta), Surface(None, None, None)
    surface.matrices = (Matrix(0, 3, 4),)
    for t in range(1, 21):
        gradient = np.cos(t + np.arange(12.0)).reshape(4, 3) + 0.1 * start
        weight.grad = torch.tensor(gradient)
        theirs.step()
        surface.gradient = lambda theta, g=gradient: g.T.ravel()
        optimizer.step(theta, surface, state, t)
    moved = np.abs(theta.reshape(3, 4).T - start).max()
    assert np.abs(theta.reshape(3, 4).T - weight.detach().numpy()).max() < 0.03 * moved
