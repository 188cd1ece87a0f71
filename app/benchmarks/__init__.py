"""Measurements behind ``gradlab bench``, a section a file: each can be told to run and returns rows of numbers."""
