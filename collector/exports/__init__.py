"""What the team gets out: responses with their follow-ups, page by page or as a file."""
