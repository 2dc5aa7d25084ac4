"""Moves an installation from one database to another: every table, row by row, compared at the end."""


class CannotMove(Exception):
    """Why the copy does not begin or go on, in a sentence that says what to do."""
