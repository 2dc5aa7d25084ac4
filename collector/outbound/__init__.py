"""Calls to addresses that a team gives: the one way out over HTTP, and nowhere inside."""
