"""Optimizers: one method a file, with its update rule and its source in the docstring."""
