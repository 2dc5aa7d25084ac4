"""What speaks with a provider."""
