"""What became of letters with a link, for those who asked for them. Whoever sends them stands above."""
