"""Handing over what the team writes to a person."""
