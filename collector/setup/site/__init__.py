"""The team's sites: the list, a new one, its settings, its end."""
