"""Races of optimizers over surfaces: every path a pure function of the race's spec."""
