"""The form that a link leads to."""
