"""A product in pieces is the product; how it is cut depends on nothing but shapes and the kind of processor."""

import numpy as np
import pytest

from simulations.core import products
from simulations.core.lanes import WORTH_SHARING
from simulations.core.products import by_columns, by_rows, by_rows_each, has_small_kernels, pieces, product


@pytest.fixture
def small_kernels(monkeypatch):
    monkeypatch.setattr(products, "has_small_kernels", lambda: True)


def random(*shape):
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize("count", [1, 2, 4, 8])
def test_pieces_of_the_columns_make_up_the_product(count):
    left, right = random(16, 30), random(3, 30, 64)
    out = np.full((3, 16, 64), np.nan, np.float32)
    by_columns(left, right, out, count)
    np.testing.assert_allclose(out, left @ right, rtol=1e-4, atol=1e-5)


def test_pieces_may_overlap_in_memory_as_the_windows_of_a_convolution_do():
    memory = random(10, 64)
    windows = np.lib.stride_tricks.as_strided(memory, (4, 6, 64), (256, 256, 4))
    out = np.full((4, 5, 64), np.nan, np.float32)
    by_columns(random(5, 6), windows, out, 4)
    np.testing.assert_allclose(out, random(5, 6) @ windows, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("turn", [lambda one: one, np.asfortranarray])
def test_pieces_of_the_rows_make_up_the_product(count, turn):
    left, right = turn(random(16, 30)), random(30, 12)
    out = np.full((16, 20), np.nan, np.float32)
    by_rows(left, right, out[:, 3:15], count)
    np.testing.assert_allclose(out[:, 3:15], left @ right, rtol=1e-4, atol=1e-5)
    assert np.isnan(out[:, :3]).all()
    assert np.isnan(out[:, 15:]).all()


@pytest.mark.parametrize("count", [1, 2, 4])
def test_pieces_of_the_rows_of_many_make_up_the_products(count):
    left, right = random(3, 16, 30), random(3, 12, 30).swapaxes(1, 2)
    out = np.full((3, 16, 12), np.nan, np.float32)
    by_rows_each(left, right, out, count)
    np.testing.assert_allclose(out, left @ right, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
@pytest.mark.parametrize("work", [WORTH_SHARING - 1, WORTH_SHARING])
def test_a_product_is_left_times_right_however_it_is_shared(count, work):
    left, right = random(42, 30), random(30, 12)
    out = np.full((42, 12), np.nan, np.float32)
    product(work, count)(left, right, out)
    np.testing.assert_allclose(out, left @ right, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("across", "others", "expected"),
    [
        (64, 1000, 1),  # small already
        (64, 784 * 128, 8),
        (784, 64 * 128, 7),
        (896, 16 * 145, 7),  # 128 columns: twice what is taken at once; 4 pieces of 224 would do
        (448, 16 * 288, 7),
        (785, 64 * 128, 1),  # 5 pieces are too large still, 157 too small
        (61, 784 * 128, 1),  # a prime number
        (16, 10**6, 1),  # pieces of one row
    ],
)
@pytest.mark.usefixtures("small_kernels")
def test_pieces_are_small_even_of_a_good_width_and_few(across, others, expected):
    assert pieces(across, others, np.float32) == expected


@pytest.mark.parametrize(
    ("across", "others", "expected"),
    [
        (144, 896 * 16, 9),  # of 16 rows; 8 pieces of 18 would do
        (147, 896 * 16, 7),
        (155, 640 * 16, 5),  # of 31, as 31 pieces are too many
        (576, 196 * 64, 9),  # of 64, as 24 pieces of 24 are too wide, too
        (149, 640 * 16, 1),  # a prime number
        (18, 896 * 64, 2),
        (144, 16 * 16, 1),  # small already
    ],
)
@pytest.mark.usefixtures("small_kernels")
def test_pieces_are_no_wider_than_asked_if_that_can_be(across, others, expected):
    assert pieces(across, others, np.float32, widest=21) == expected


@pytest.mark.usefixtures("small_kernels")
def test_proofs_in_double_precision_are_not_cut():
    assert pieces(64, 784 * 128, np.float64) == 1


def test_a_kernel_chosen_by_hand_counts_and_others_are_not_cut_for(monkeypatch):
    known = {"SIMD Extensions": {"found": ["X86_V4"]}, "Build Dependencies": {"blas": {"name": "scipy-openblas"}}}
    monkeypatch.setattr(np, "show_config", lambda mode: known)
    for chosen, expected in (("", True), ("SkylakeX", True), ("Haswell", False)):
        monkeypatch.setenv("OPENBLAS_CORETYPE", chosen)
        assert has_small_kernels.__wrapped__() is expected
    monkeypatch.setattr(np, "show_config", lambda mode: {**known, "SIMD Extensions": {"found": ["AVX2"]}})
    monkeypatch.setenv("OPENBLAS_CORETYPE", "")
    assert not has_small_kernels.__wrapped__()
    monkeypatch.setattr(products, "has_small_kernels", has_small_kernels.__wrapped__)
    assert pieces(64, 784 * 128, np.float32) == 1
