"""The checks behind ``gradlab check``, a section a file: each yields findings."""
