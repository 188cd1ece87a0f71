"""The panels of the Race workspace; loaded when it is first shown."""
