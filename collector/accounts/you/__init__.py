"""A member's own account: name, zone, password, second step, sessions, teams."""
