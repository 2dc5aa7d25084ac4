"""What people said: a score, its segment, a category, a comment, the page and the time."""
