"""What is left of a deleted site goes, a little at a time."""
