"""Letters that tell owners and editors of a wave."""
