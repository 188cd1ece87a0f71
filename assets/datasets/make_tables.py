"""Makes tables.npz, the three small tables that come with the program, from scikit-learn's copies.

Run by hand when the file has to be made again: ``python assets/datasets/make_tables.py``. The program itself never needs
scikit-learn. Sources and licences of the tables: ``README.md`` beside this file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np


def main() -> None:
    """Write ``<name>_features`` (n, d) float64 and ``<name>_labels`` (n,) uint8 of each table next to this file."""
    from sklearn.datasets import load_breast_cancer, load_iris, load_wine

    arrays = {}
    for name, load in (("iris", load_iris), ("wine", load_wine), ("breast_cancer", load_breast_cancer)):
        table = load()
        arrays[f"{name}_features"] = table.data
        arrays[f"{name}_labels"] = table.target.astype(np.uint8)
    np.savez_compressed(Path(__file__).with_name("tables.npz"), **arrays)


if __name__ == "__main__":
    main()
