"""Who is in a team, with which role, and who is invited."""
