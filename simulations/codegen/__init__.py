"""Turning documents into source text that runs without this program and prints the same numbers."""
