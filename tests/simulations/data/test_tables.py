"""The bundled tables: scikit-learn's numbers, and the pair of features that tells most."""

import numpy as np
import pytest

from simulations.core.rng import stream
from simulations.data.tables import BreastCancer, Iris, Wine

TABLES = [(Iris, "load_iris"), (Wine, "load_wine"), (BreastCancer, "load_breast_cancer")]


def made(table, **settings):
    return table(**settings).generate(stream(0, "data"))


def sorted_rows(inputs, labels):
    rows = np.column_stack([inputs, labels])
    return rows[np.lexsort(rows.T)]


@pytest.mark.parametrize(("table", "counts"), [(Iris, [50, 50, 50]), (Wine, [59, 71, 48]), (BreastCancer, [212, 357])])
def test_all_rows_are_there(table, counts):
    assert np.bincount(made(table).targets).tolist() == counts


@pytest.mark.parametrize("table", [table for table, _load in TABLES])
def test_a_smaller_table_is_a_part_of_the_whole(table):
    whole, part = made(table), made(table, samples=40)
    np.testing.assert_array_equal(part.inputs, whole.inputs[:40])


@pytest.mark.parametrize("table", [table for table, _load in TABLES])
def test_two_features_are_columns_of_all_and_can_be_drawn_in_the_plane(table):
    pair, whole = table(features="pair"), made(table)
    assert pair.picture == "points"
    assert pair.feature_names == tuple(table.columns[i] for i in table.pair)
    np.testing.assert_array_equal(made(table, features="pair").inputs, whole.inputs[:, table.pair])


@pytest.mark.parametrize("table", [table for table, _load in TABLES])
def test_the_pair_has_the_largest_ratio_of_variance_between_classes_to_variance_within(table):
    data = made(table)
    groups = [data.inputs[data.targets == k] for k in range(len(data.names))]
    mean = data.inputs.mean(axis=0)
    between = sum(len(group) * (group.mean(axis=0) - mean) ** 2 for group in groups)
    within = sum(((group - group.mean(axis=0)) ** 2).sum(axis=0) for group in groups)
    assert set(np.argsort(between / within)[-2:]) == set(table.pair)


@pytest.mark.oracle
@pytest.mark.parametrize(("table", "load"), TABLES)
def test_a_table_is_scikit_learns(table, load):
    theirs = getattr(pytest.importorskip("sklearn.datasets"), load)()
    ours = made(table)
    assert len(table.columns) == theirs.data.shape[1]
    np.testing.assert_array_equal(sorted_rows(ours.inputs, ours.targets), sorted_rows(theirs.data, theirs.target))
