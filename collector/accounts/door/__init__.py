"""Coming in: signing in, the second step, links from an invitation or for a new password."""
