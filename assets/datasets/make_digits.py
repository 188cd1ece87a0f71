"""Makes digits.npz, the 8×8 handwritten digits that come with the program, from scikit-learn's copy.

Run by hand when the file has to be made again: ``python assets/datasets/make_digits.py``. The program itself never needs
scikit-learn. Source and licence of the digits: ``README.md`` beside this file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np


def main() -> None:
    """Write ``images`` (1797, 8, 8) uint8 in 0…16 and ``labels`` (1797,) uint8 in 0…9 next to this file."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    images, labels = digits.images.astype(np.uint8), digits.target.astype(np.uint8)
    if not np.array_equal(images, digits.images) or not np.array_equal(labels, digits.target):
        raise SystemExit("the digits are not whole numbers below 256; nothing written")
    np.savez_compressed(Path(__file__).with_name("digits.npz"), images=images, labels=labels)


if __name__ == "__main__":
    main()
