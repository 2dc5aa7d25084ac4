"""The whole story of one response, on a page of its own."""
