"""The list of a team's cases, and what is done to many at once."""
