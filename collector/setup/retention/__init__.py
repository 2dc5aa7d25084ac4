"""How long responses are kept, and their end by age."""
