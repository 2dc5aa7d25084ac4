"""Waves: far more responses of one kind than a site is used to, found by the worker and judged by the team."""
