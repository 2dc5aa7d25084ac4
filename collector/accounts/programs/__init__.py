"""The pages for API keys."""
