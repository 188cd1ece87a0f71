"""Schedules: how the learning rate changes over a run, a rule a file."""
