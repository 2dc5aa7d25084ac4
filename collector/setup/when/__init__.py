"""When the form comes up by itself, and why it did or did not."""
