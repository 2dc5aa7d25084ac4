"""How the person behind a response is reached later: whether, when, by which channel, and what became of it."""
